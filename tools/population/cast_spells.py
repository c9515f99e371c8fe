"""The benefits that the cast's facts tell of, months counted back from the present one."""

from __future__ import annotations

from datetime import date

import numpy as np

from tools.cast import AssistanceFact, SpellFact
from tools.population.assistance import Assistance
from tools.population.chunks import Run
from tools.population.commitments import mask_of
from tools.population.days import OPEN, first_of, last_of, month_of, number
from tools.population.people import People
from tools.population.spells import PAYEE_KINDS, SpellBook

ASSISTANCE = "SOC-PER"
_REFORM = number(date(2026, 5, 1))
_REPLACED = ("UNE-PPR", "UNE-TMT")


def months_ago(run: Run, count: int) -> int:
    """The month so many months before the present one."""
    return int(month_of(np.array([run.as_of], dtype=np.int64))[0]) - count


def first_day(run: Run, count: int) -> int:
    """The first day of that month."""
    return int(first_of(np.array([months_ago(run, count)], dtype=np.int64))[0])


def last_day(run: Run, count: int) -> int:
    """The last day of that month."""
    return int(last_of(np.array([months_ago(run, count)], dtype=np.int64))[0])


class CastSpells:
    """Collects the spells that the cast's facts tell of."""

    def __init__(self, run: Run, place: dict[str, int], people: People) -> None:
        self.book = SpellBook()
        self._run = run
        self._place = place
        self._people = people
        self._assistance: list[tuple[int, ...]] = []

    def assistance(self) -> Assistance:
        """The spells of basic social assistance."""
        return Assistance(*np.array(self._assistance, dtype=np.int64).reshape(-1, 9).T)

    def add(self, at: int, fact: SpellFact, assistance: AssistanceFact) -> None:
        """Add what a fact says of the person at a place, and what belongs to her assistance."""
        run, cents = self._run, int((fact.amount or 0) * 100)
        if fact.benefit == ASSISTANCE:
            last = int(OPEN) if fact.to_months_ago is None else months_ago(run, fact.to_months_ago)
            known = assistance.lowered_percent, int(assistance.split), int(assistance.passed_on)
            months = months_ago(run, fact.from_months_ago), last
            rest = mask_of(assistance.commitments), int(assistance.job_seeker)
            self._assistance.append((at, *months, cents, *known, *rest))
            return
        start = first_day(run, fact.from_months_ago)
        end = int(OPEN) if fact.to_months_ago is None else last_day(run, fact.to_months_ago)
        if fact.benefit.startswith(("MED-", "REH-PSY")):
            # Reimbursements come one by one: every other month.
            days = np.arange(start + 11, min(end, run.as_of - 6), 61, dtype=np.int64)
            self.book.add(fact.benefit, np.full(days.size, at), days, days, cents=cents)
            return
        self._one(at, fact, fact.benefit, start, end)
        if fact.benefit in _REPLACED and end >= _REFORM:
            self._one(at, fact, "UNE-YT", max(start, _REFORM), end)

    def _one(self, at: int, fact: SpellFact, code: str, start: int, end: int) -> None:
        self.book.add(
            code,
            np.array([at]),
            np.array([start]),
            np.array([end]),
            cents=int((fact.amount or 0) * 100),
            payee=PAYEE_KINDS.index(fact.payee),
            payee_person=self._place[fact.payee_person] if fact.payee_person else -1,
            child=self._child_of(at) if code == "FAM-ET" else -1,
            recovery=int(fact.recovery * 100),
            enforcement=int(fact.enforcement * 100),
        )

    def _child_of(self, parent: int) -> int:
        """The first child of somebody; -1 if none."""
        children = np.flatnonzero((self._people.mother == parent) | (self._people.father == parent))
        return int(children[0]) if children.size else -1
