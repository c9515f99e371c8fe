"""Runs of the pick rules as the worker makes them, and people they find."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, LiteralString

from kelmu.core import clock
from kelmu.core.period import Period
from kelmu.notices.pick_rules import Decision, Payment, Person
from kelmu.notices.picking import Progress, pick_notices
from tests.databases import Database
from tests.notices.pick_facts import write_months, write_persons
from tests.notices.pick_households import assisted_month, months_before

TODAY = clock.today()
_numbers = itertools.count(800_000_000)
_places = itertools.count()


def assisted(ago: Iterable[int], kind: str = "main") -> tuple[list[Decision], list[Payment]]:
    """Decisions and payments of months counted back from the present one."""
    each = [assisted_month(months_before(TODAY, count), next(_places), kind, TODAY) for count in ago]
    return [made for decided, _ in each for made in decided], [paid for _, paying in each for paid in paying]


def job_seeker(ago: Iterable[int], *, age: int = 22, **facts: Any) -> Person:
    """A job seeker with assistance as her main income in those months, counted back from the present one."""
    decisions, payments = assisted(ago)
    person = Person(
        person_id=next(_numbers), birth_date=date(TODAY.year - age, 1, 1), death_date=None, has_home=True,
        residence_ground=None, first_residence_date=None, payments=payments, decisions=decisions,
        job_seeking=[Period(months_before(TODAY, 40))],
    )  # fmt: skip
    return replace(person, **facts)


def refugee(ago: Iterable[int], **facts: Any) -> Person:
    """A refugee who came a year ago and is no job seeker."""
    came = months_before(TODAY, 12)
    return job_seeker(ago, residence_ground="refugee", first_residence_date=came, job_seeking=[], **facts)


@dataclass(frozen=True)
class Runs:
    """The worker, the feed, and what there is after their work."""

    database: Database

    def know(self, *persons: Person) -> None:
        """The feed brings persons."""
        with self.database.connect("kelmu_feed") as feeder:
            write_persons(feeder, persons)

    def learn(self, person: Person, ago: Iterable[int]) -> None:
        """The feed brings further months of somebody known."""
        decisions, payments = assisted(ago)
        with self.database.connect("kelmu_feed") as feeder:
            write_months(feeder, [replace(person, decisions=decisions, payments=payments)])

    def annul(self, person: Person, ago: int) -> None:
        """Every payment of a month turns out not to have been made."""
        self._feed(
            "UPDATE register.payment SET superseded_at = now() WHERE person_id = %s AND period_from = %s",
            person.person_id, months_before(TODAY, ago),
        )  # fmt: skip

    def move(self, person: Person, municipality: str) -> None:
        """Somebody lives elsewhere from today on."""
        self._feed(
            "INSERT INTO register.residence (person_id, municipality_code, valid_from) VALUES (%s, %s, %s)",
            person.person_id, municipality, TODAY,
        )  # fmt: skip

    def die(self, person: Person) -> None:
        """Somebody has died today."""
        self._feed("UPDATE register.person SET death_date = %s WHERE person_id = %s", TODAY, person.person_id)

    def protect(self, person: Person) -> None:
        """Somebody has a non-disclosure order."""
        self._feed(
            "INSERT INTO register.non_disclosure_order (person_id, valid_from) VALUES (%s, %s)",
            person.person_id, TODAY,
        )  # fmt: skip

    def _feed(self, query: LiteralString, *values: object) -> None:
        self.database.run(query, *values, role="kelmu_feed")

    def run(self, on: date = TODAY) -> Progress:
        """A whole run."""
        with self.database.connect("kelmu_worker") as worker:
            return pick_notices(worker, on)

    def begin(self, steps: int, on: date = TODAY) -> list[str]:
        """A run that is killed after some steps; the states it went through."""
        with self.database.connect("kelmu_worker") as worker:
            query = "SELECT state FROM door.pick_notices(%s)"
            return [str(worker.execute(query, [on]).fetchall()[0][0]) for _ in range(steps)]

    def notices(self, person: Person) -> list[dict[str, Any]]:
        """What was sent about somebody, oldest first: workflow and content."""
        rows: list[tuple[Any, ...]] = self.database.run(
            "SELECT to_jsonb(n) || to_jsonb(c) FROM notices.notice n JOIN notices.notice_content c"
            " USING (notice_id) WHERE c.person_id = %s ORDER BY n.number",
            person.person_id,
        )
        return [dict(row) for (row,) in rows]

    def kinds(self, person: Person) -> list[str]:
        """Their kinds."""
        return [str(notice["kind"]) for notice in self.notices(person)]
