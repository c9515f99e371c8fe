"""A state machine: officials of four bodies work on notices at will, and a plain model follows them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.notices.desks import Desks
from tests.notices.sending import KINDS, Sender
from tests.world import World

SERVED = {"837": 0, "536": 0, "853": 1, "091": 2, "170": 3, "205": None}
"""Who serves a municipality; nobody of the four serves the last."""
BODIES: tuple[dict[str, Any], ...] = (
    {"county": "08"}, {"county": "05"},
    {"organisation_type": "helsinki", "municipality": "091"},
    {"organisation_type": "aland_municipality", "municipality": "170"},
)  # fmt: skip
MOST = 5
OUTCOMES = ("contacted", "no_need", "wrong_person")


@dataclass(frozen=True)
class Values:
    """What an undo brings back."""

    municipality: str
    state: str = "new"
    assignee: str | None = None
    outcome: str | None = None
    moves: int = 0


@dataclass
class Modelled:
    """A notice as it must be. ``log``: what, by whom, the values before; by version."""

    values: Values
    version: int = 1
    log: list[tuple[str, int, Values, int]] = field(default_factory=list)
    senders: dict[int, int] = field(default_factory=dict)
    """Version of each transfer that was not undone, with the body that made it."""


class FourBodies(RuleBasedStateMachine):
    """Two officials for each of four bodies."""

    world: World
    """Set by who runs it."""
    steps = 0

    @initialize()
    def open_desks(self) -> None:
        world = self.world
        # Only these four serve anybody: what an earlier run made serves nobody any more.
        world.database.run("UPDATE organisations.area SET valid_to = valid_from WHERE valid_to IS NULL")
        # What an earlier run sent lies where nobody serves.
        world.database.run("UPDATE notices.notice SET municipality_code = '205'")
        self.sender, self.desks = Sender(world), Desks(world)
        bodies = [world.body(**columns) for columns in BODIES]
        officials = [self.world.person(lives_in="091") for _ in range(8)]
        self.officials = [self.desks(bodies[each // 2], officials[each]) for each in range(8)]
        self.notices: dict[UUID, Modelled] = {}

    def teardown(self) -> None:
        """Close what was opened."""
        if hasattr(self, "desks"):
            self.desks.close()

    @precondition(lambda self: len(self.notices) < MOST)
    @rule(kind=st.sampled_from(KINDS), home=st.sampled_from(list(SERVED)))
    def send(self, kind: str, home: str) -> None:
        sent = self.sender.send(self.world.person(lives_in=home), kind, decided_on="2026-01-02")
        assert sent is not None
        self.notices[sent] = Modelled(Values(home))

    @precondition(lambda self: self.notices)
    @rule(
        data=st.data(), who=st.integers(0, 7), stale=st.sampled_from([False, False, False, True]),
        what=st.sampled_from(
            ["taken", "taken", "assigned", "released", "noted", "marked_read", "marked_unread", "handled",
             "handled", "reopened"]
        ),
    )  # fmt: skip
    def change(self, data: st.DataObject, who: int, what: str, *, stale: bool) -> None:
        notice_id, known = self._drawn(data)
        value = {
            "assigned": self.officials[data.draw(st.integers(0, 7))].pseudonym,
            "noted": "a note", "handled": data.draw(st.sampled_from(OUTCOMES)),
        }.get(what)  # fmt: skip
        version = known.version - stale
        answer = self.officials[who].change(notice_id, version, what, value)
        expected = self._expected_of_change(known, who, version, what, value)
        self._compare(answer, expected)
        if expected == "done":
            after = self._changed(known.values, who, what, value)
            self._write(known, what, who, after)

    @precondition(lambda self: self.notices)
    @rule(
        data=st.data(), who=st.integers(0, 7), to=st.sampled_from(list(SERVED)),
        stale=st.sampled_from([False, False, False, True]),
    )  # fmt: skip
    def transfer(self, data: st.DataObject, who: int, to: str, *, stale: bool) -> None:
        notice_id, known = self._drawn(data)
        version = known.version - stale
        answer = self.officials[who].transfer(notice_id, version, to)
        place = self._place(known, who)
        if place != "inbox":
            expected = None if place is None else "not_possible"
        elif stale:
            expected = "changed"
        elif known.values.state == "handled" or known.values.municipality == to:
            expected = "not_possible"
        else:
            expected = "done"
        self._compare(answer, expected)
        if expected == "done":
            after = Values(to, moves=known.values.moves + 1)
            self._write(known, "transferred", who, after)
            known.senders[known.version] = who // 2

    @precondition(lambda self: self.notices)
    @rule(data=st.data(), who=st.integers(0, 7), stale=st.sampled_from([False, False, False, True]))
    def undo(self, data: st.DataObject, who: int, *, stale: bool) -> None:
        notice_id, known = self._drawn(data)
        answer = self.officials[who].undo(notice_id, known.version - stale)
        latest = next((each for each in reversed(known.log) if each[0] != "noted"), None)
        if self._place(known, who) is None:
            expected = None
        elif stale:
            expected = "changed"
        elif latest is None or latest[0] in {"opened", "undone"} or latest[1] != who:
            expected = "not_possible"
        else:
            expected = "done"
        self._compare(answer, expected)
        if expected == "done":
            assert latest is not None
            known.senders.pop(latest[3], None)
            self._write(known, "undone", who, latest[2])

    @precondition(lambda self: self.notices)
    @rule(data=st.data(), who=st.integers(0, 7))
    def read(self, data: st.DataObject, who: int) -> None:
        notice_id, known = self._drawn(data)
        place = self._place(known, who)
        told = self.officials[who].read(notice_id)
        assert (told is None) is (place is None)
        if told is not None:
            assert told["read_only"] is (place == "moved")
        if place == "inbox" and known.values.state == "new":
            self._write(known, "opened", who, replace(known.values, state="read"))

    @invariant()
    def every_notice_is_in_exactly_one_inbox_as_it_must_be(self) -> None:
        type(self).steps += 1
        if not getattr(self, "notices", None):
            return
        states = ["new", "read", "in_progress", "handled"]
        inboxes = [
            {UUID(row["notice_id"]): row for row in self.officials[2 * body].page(states=states)["rows"]}
            for body in range(4)
        ]
        for notice_id, known in self.notices.items():
            holder = SERVED[known.values.municipality]
            assert [body for body in range(4) if notice_id in inboxes[body]] == (
                [] if holder is None else [holder]
            )
            if holder is not None:
                row = inboxes[holder][notice_id]
                assert (
                    Values(row["municipality"], row["state"], row["assignee"], row["outcome"], row["moves"])
                    == known.values
                )
                assert row["version"] == known.version
        assert sum(map(len, inboxes)) == sum(
            SERVED[known.values.municipality] is not None for known in self.notices.values()
        )

    def _drawn(self, data: st.DataObject) -> tuple[UUID, Modelled]:
        place = data.draw(st.integers(0, len(self.notices) - 1))
        return list(self.notices.items())[place]

    def _place(self, known: Modelled, who: int) -> str | None:
        if SERVED[known.values.municipality] == who // 2:
            return "inbox"
        return "moved" if who // 2 in known.senders.values() else None

    def _expected_of_change(
        self, known: Modelled, who: int, version: int, what: str, value: str | None
    ) -> str | None:
        place, values = self._place(known, who), known.values
        if place != "inbox":
            return None if place is None else "not_possible"
        if what == "noted":
            return "done"
        if version != known.version:
            return "changed"
        colleagues = [self.officials[who // 2 * 2].pseudonym, self.officials[who // 2 * 2 + 1].pseudonym]
        possible = {
            "taken": values.state != "handled",
            "assigned": values.state != "handled" and value in colleagues,
            "released": values.state != "handled" and values.assignee is not None,
            "marked_read": values.state == "new",
            "marked_unread": values.state == "read",
            "handled": values.state != "handled",
            "reopened": values.state == "handled",
        }
        return "done" if possible[what] else "not_possible"

    def _changed(self, values: Values, who: int, what: str, value: str | None) -> Values:
        me = self.officials[who].pseudonym
        match what:
            case "taken" | "reopened":
                return replace(values, state="in_progress", assignee=me, outcome=None)
            case "assigned":
                return replace(values, state="in_progress", assignee=value)
            case "released" | "marked_read":
                return replace(values, state="read", assignee=None)
            case "marked_unread":
                return replace(values, state="new")
            case "handled":
                return replace(values, state="handled", assignee=values.assignee or me, outcome=value)
            case _:
                return values

    @staticmethod
    def _write(known: Modelled, what: str, who: int, after: Values) -> None:
        known.version += 1
        known.log.append((what, who, known.values, known.version))
        known.values = after

    @staticmethod
    def _compare(answer: dict[str, Any] | None, expected: str | None) -> None:
        assert (None if answer is None else answer["result"]) == expected, answer
