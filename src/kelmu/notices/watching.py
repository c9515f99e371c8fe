"""What is told to whoever watches the worker: figures and stuck deliveries, nobody's data."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import psycopg

from kelmu.core import clock
from kelmu.notices.delivery import retry_answers, stuck_answers, worker_figures

LATE_AFTER_S = 3600
"""An answer that is ready for longer says that nobody delivers."""
_METRICS = (
    ("kelmu_answers_waiting", "waiting", "Answers to Kela that are ready and not delivered."),
    ("kelmu_answers_stuck", "stuck", "Answers to Kela whose delivery needs a person."),
    ("kelmu_answers_oldest_seconds", "oldest_seconds", "For how long the first waiting answer is ready."),
)


def tell_health(connection: psycopg.Connection[Any]) -> int:
    """Print the figures as Prometheus text; 1 where somebody has to look after the worker."""
    figures = dict(worker_figures(connection))
    picked_on = figures["picked_on"]
    age = (clock.today() - date.fromisoformat(picked_on)).days if picked_on else -1
    for name, key, meaning in _METRICS:
        _print(f"# HELP {name} {meaning}\n# TYPE {name} gauge\n{name} {figures[key]}")
    name = "kelmu_notices_picked_days_ago"
    _print(f"# HELP {name} Days since the day of the last run of the pick rules; -1: none yet.")
    _print(f"# TYPE {name} gauge\n{name} {age}")
    return 0 if healthy(figures, age) else 1


def healthy(figures: Mapping[str, Any], picked_days_ago: int) -> bool:
    """Whether the worker does its work: nothing stuck or late, and a run yesterday or today."""
    return figures["stuck"] == 0 and figures["oldest_seconds"] < LATE_AFTER_S and picked_days_ago in {0, 1}


def tell_deliveries(connection: psycopg.Connection[Any], *, retry: bool) -> int:
    """Print the deliveries that need a person, one a line; 1 where there are any."""
    stuck = stuck_answers(connection)
    for each in stuck:
        why = each["fault"] or "late"
        _print(
            f"notice {each['number']}: {each['what']}, ready {each['ready_at']}, "
            f"{each['attempts']} attempts, {why}"
        )
    if retry:
        _print(f"{retry_answers(connection)} answers are tried again")
    return 1 if stuck else 0


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
