"""Whatever officials of four bodies do, no notice is lost, doubled or seen by an outsider.

A short run by default; ``make notice-steps`` makes 10,000 steps.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.notices.four_bodies import FourBodies
from tests.world import World

STEPS = int(os.environ.get("KELMU_NOTICE_STEPS", "120"))
IN_A_ROW = 40


def test_no_notice_is_lost_doubled_or_seen_by_an_outsider(world: World) -> None:
    FourBodies.world, FourBodies.steps = world, 0
    run_state_machine_as_test(
        FourBodies,
        settings=settings(
            max_examples=max(1, STEPS // IN_A_ROW),
            stateful_step_count=IN_A_ROW,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{FourBodies.steps} steps")  # noqa: T201 - of the long run
