"""Views of the inbox an official saves: her own, for one organisation, of known filters, twenty at most."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.notices.desks import Desks, NoticeDesk
from tests.world import Body, World, pseudonym_of

SAVE = "SELECT door.save_notice_view(%s, %s, %s, %s)"
FILTER: dict[str, Any] = {
    "states": ["new", "read"], "kinds": ["immigrant"], "municipalities": ["837"], "urgent": True,
    "overdue": False, "restricted": True, "flagged": True, "assignee": "nobody", "arrived_from": "2026-11-02",
    "arrived_to": "2026-11-30", "due_from": "2026-11-02", "due_to": "2026-12-01",
}  # fmt: skip


def save(desk: NoticeDesk, name: str, sort: str = "-due", /, **filter_: Any) -> str | None:
    answer: str | None = desk.call(SAVE, desk.secret, name, Jsonb(filter_), sort)
    return answer


def views(desk: NoticeDesk) -> Any:
    return desk.call("SELECT door.notice_views(%s)", desk.secret)


def first(desk: NoticeDesk, place: int | None) -> Any:
    return desk.call("SELECT door.default_notice_view(%s, %s)", desk.secret, place)


def remove(desk: NoticeDesk, place: int) -> Any:
    return desk.call("SELECT door.remove_notice_view(%s, %s)", desk.secret, place)


def test_a_view_is_kept_as_it_was_saved_until_it_is_removed(desk: NoticeDesk) -> None:
    assert save(desk, "Omat kiireelliset", "arrived", **FILTER) == "saved"
    assert save(desk, "Kaikki", "-due") == "saved"
    assert save(desk, "Kaikki", "due", states=["new"]) == "name_taken"
    assert views(desk) == [
        {"place": 2, "name": "Kaikki", "filter": {}, "sort": "-due", "shown_first": False},
        {"place": 1, "name": "Omat kiireelliset", "filter": FILTER, "sort": "arrived", "shown_first": False},
    ]
    assert remove(desk, 1) is True
    assert remove(desk, 1) is False
    assert save(desk, "Uusi", "due") == "saved"
    assert [(each["place"], each["name"]) for each in views(desk)] == [(2, "Kaikki"), (1, "Uusi")]


def test_one_view_at_most_is_shown_first(desk: NoticeDesk) -> None:
    for name in ("A", "B"):
        save(desk, name)
    for place, shown in ((1, [True, False]), (2, [False, True]), (2, [False, True]), (None, [False, False])):
        assert first(desk, place) is True
        assert [each["shown_first"] for each in views(desk)] == shown
    first(desk, 1)
    assert first(desk, 7) is False


def test_a_view_is_nobody_elses_and_of_no_other_organisation(
    world: World, body: Body, desks: Desks, desk: NoticeDesk
) -> None:
    official = world.person(lives_in="091")
    mine, elsewhere = desks(body, official), desks(world.body(protected_persons=True), official)
    assert mine.pseudonym == elsewhere.pseudonym == pseudonym_of(official.personal_id)
    save(mine, "Omat")
    first(mine, 1)
    for other in (desk, elsewhere):
        assert views(other) == []
        assert remove(other, 1) is False
        assert first(other, 1) is False
        assert first(other, None) is True
    assert views(mine)[0]["shown_first"] is True


def test_twenty_is_the_most_even_when_two_windows_save_at_once(
    body: Body, world: World, desks: Desks
) -> None:
    official = world.person(lives_in="091")
    windows = [desks(body, official), desks(body, official)]
    for number in range(19):
        assert save(windows[0], f"N{number}") == "saved"
    answers = []
    second = threading.Thread(target=lambda: answers.append(save(windows[1], "Z")))
    with windows[0].connection.transaction():
        answers.append(save(windows[0], "Y"))
        second.start()
        while not world.database.run("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"):
            assert second.is_alive()
    second.join()
    assert sorted(map(str, answers)) == ["full", "saved"]
    assert len(views(windows[0])) == 20
    with pytest.raises(psycopg.errors.CheckViolation):
        world.database.run("UPDATE notices.saved_view SET place = place + 20 WHERE place = 20")


WRONG: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("", "due", {}), (" A", "due", {}), ("A" * 61, "due", {}), ("A\nB", "due", {}),
    ("A", "name", {}), ("A", "--due", {}), ("A", "due", {"number": 7}), ("A", "due", {"name": "Tuuli"}),
    ("A", "due", {"states": ["transferred"]}), ("A", "due", {"states": []}),
    ("A", "due", {"states": "new"}), ("A", "due", {"kinds": ["immigrant", 7]}),
    ("A", "due", {"municipalities": ["Tampere"]}), ("A", "due", {"urgent": "yes"}),
    ("A", "due", {"assignee": "Tuuli Koeponnistus"}), ("A", "due", {"due_from": "31.11.2026"}),
    ("A", "due", {"due_to": "2026-11-31"}),
)  # fmt: skip


def test_a_view_of_another_form_is_refused(desk: NoticeDesk) -> None:
    for name, sort, filter_ in WRONG:
        with pytest.raises(psycopg.Error) as raised:
            save(desk, name, sort, **filter_)
        assert raised.value.sqlstate == "KL010", (name, sort, filter_)
    assert views(desk) == []


def test_who_has_no_right_to_notices_has_no_views(body: Body, world: World, desks: Desks) -> None:
    official = world.person(lives_in="091")
    with_right = desks(body, official)
    save(with_right, "Omat")
    without = desks(body, official, mandates=("benefit_view_and_claims",))
    assert views(without) is None
    assert save(without, "Toinen") is None
    assert remove(without, 1) is False
    assert first(without, 1) is False
    assert len(views(with_right)) == 1
