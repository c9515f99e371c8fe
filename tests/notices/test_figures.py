"""Figures about a body's notices: what they count, and that no small number can be read or worked out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from kelmu.core import clock
from tests.notices.desks import Desks, NoticeDesk
from tests.notices.sending import Sender
from tests.world import TAMPERE, TURKU, World

NOKIA = "536"


def figures(desk: NoticeDesk, days: int = 0) -> dict[str, Any]:
    first = clock.today() - timedelta(days=days)
    answer: dict[str, Any] = desk.call(
        "SELECT door.notice_figures(%s, %s, %s)", desk.secret, first, clock.today()
    )
    return answer


def test_counts_of_one_to_four_are_left_out_with_every_sum_they_are_part_of(
    world: World, sender: Sender, desk: NoticeDesk
) -> None:
    for kind, count in (("immigrant", 6), ("unemployed_25_plus", 4)):
        sent = [sender.send(world.person(), kind) for _ in range(count)]
    for kind, count in (("immigrant", 5), ("unemployed_under_25", 5)):
        sent += [
            sender.send(world.person(lives_in=NOKIA), kind, sent_at=clock.now() - timedelta(days=30))
            for _ in range(count)
        ]
    # A protected client is in no figure.
    sender.send(world.protect(world.person()), "immigrant")
    told = figures(desk, 40)
    today, before = str(clock.today()), str(clock.today() - timedelta(days=30))
    assert told["volumes"] == [
        {"day": before, "kind": "immigrant", "count": 5},
        {"day": before, "kind": "unemployed_under_25", "count": 5},
        {"day": today, "kind": "immigrant", "count": 6},
        {"day": today, "kind": "unemployed_25_plus", "count": None},
    ]
    assert told["days"] == [{"day": before, "count": 10}, {"day": today, "count": None}]
    assert told["kinds"] == [
        {"kind": "immigrant", "count": 11}, {"kind": "unemployed_25_plus", "count": None},
        {"kind": "unemployed_under_25", "count": 5},
    ]  # fmt: skip
    assert told["municipalities"] == [
        {"municipality": NOKIA, "count": 10, "overdue": 10, "taken_up": 0, "median_hours": None},
        {"municipality": TAMPERE, "count": 10, "overdue": 0, "taken_up": 0, "median_hours": None},
    ]
    for each in sent[-5:]:
        desk.change(each, 1, "handled", "contacted")
    [nokia, _] = figures(desk, 40)["municipalities"]
    assert (nokia["overdue"], nokia["taken_up"]) == (5, 5)
    assert 719 < nokia["median_hours"] < 722


def test_transfers_are_counted_on_both_sides(world: World, sender: Sender, desks: Desks) -> None:
    here, there = desks(world.body(county="14")), desks(world.body(county="05"))
    for _ in range(5):
        here.transfer(sender.send(world.person(lives_in="167")), 1, TURKU)
    last = sender.send(world.person(lives_in="167"))
    here.transfer(last, 1, TURKU)
    assert (figures(here)["moved_out"], figures(there)["moved_in"]) == (6, 6)
    here.undo(last, 2)
    assert (figures(here)["moved_out"], figures(here)["moved_in"]) == (5, 0)


def test_a_period_has_its_order_and_a_year_at_most(desk: NoticeDesk, desks: Desks) -> None:
    for days in (-1, 367):
        with pytest.raises(psycopg.Error) as raised:
            figures(desk, days)
        assert raised.value.sqlstate == "KL010"
    assert figures(desk, 366) is not None
    assert figures(desks(desk.body, mandates=("oversight_review",))) is None
