"""Officials who read lists, the worker that makes them, and people who are on them."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import psycopg

from kelmu.core import clock
from kelmu.lists.kinds import list_definitions
from kelmu.lists.schedule import ListPeriod, published_periods
from kelmu.policy.vocabulary import ListKind
from tests.databases import Database
from tests.world import Body, Somebody, World, make_personal_id, pseudonym_of

CHILD_CARE, VETERANS, LONG_UNEMPLOYED = "child_care_invoice", "front_veterans", "lms_300_days"
MANDATES = ("child_care_material", "front_veterans_material", "labour_market_subsidy_material")


def latest(kind: str, back: int = 0) -> ListPeriod:
    """The latest period of a kind whose list is seen today, or one before it."""
    return published_periods(list_definitions()[ListKind(kind)], clock.today(), back + 1)[back]


def run(database: Database, kind: str, first_day: date) -> tuple[int, int, int]:
    """The worker makes the lists of a kind and period: made, superseding, rows."""
    with database.connect("kelmu_worker") as worker:
        row = worker.execute("SELECT * FROM door.run_list(%s, %s)", [kind, first_day]).fetchone()
    assert row is not None
    return row


def paid_child_care(world: World, somebody: Somebody, period: ListPeriod, **columns: Any) -> None:
    """A month's child home care allowance, paid in the midst of a period unless told otherwise."""
    row = {
        "benefit_code": "FAM-KHT-R", "paid_on": period.first_day + timedelta(days=14), "gross": 377,
        "net": 377,
        "period_from": period.first_day, "period_to": period.last_day,
    }  # fmt: skip
    world.payment(somebody, **{**row, **columns})


@dataclass
class ListDesk:
    """One official acting for a body."""

    connection: psycopg.Connection
    secret: str
    body: Body

    def call(self, query: str, *values: Any) -> Any:
        row = self.connection.execute(query.encode(), values).fetchone()
        return row[0] if row else None

    def periods(self, kind: str) -> list[dict[str, Any]] | None:
        periods: list[dict[str, Any]] | None = self.call(
            "SELECT door.list_periods(%s, %s)", self.secret, kind
        )
        return periods

    def open(
        self, kind: str, first_day: date, *, municipality: str | None = None, action: str = "names",
        restricted: bool = False,
    ) -> str | None:  # fmt: skip
        ticket: str | None = self.call(
            "SELECT door.open_list(%s, %s, %s, %s, %s, %s)", self.secret, kind, first_day, municipality,
            action,
            restricted,
        )  # fmt: skip
        return ticket

    def read(self, ticket: str | None, **asked: Any) -> dict[str, Any] | None:
        values = {
            "change": None, "search": None, "sort": None, "descending": False, "skip": 0, "rows": 200, **asked
        }  # fmt: skip
        text = self.call(
            "SELECT door.read_list(%s, %s, %s, %s, %s, %s, %s, %s)", self.secret, ticket, *values.values()
        )
        return None if text is None else json.loads(text)

    def list(
        self, kind: str, first_day: date, *, municipality: str | None = None, action: str = "names",
        restricted: bool = False, **asked: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """A list, opened and read."""
        ticket = self.open(kind, first_day, municipality=municipality, action=action, restricted=restricted)
        told = self.read(ticket, **asked)
        assert told is not None
        return told

    def codes(self, kind: str, first_day: date, **asked: Any) -> set[str]:
        """The identity codes on a list."""
        return {row["person"]["personal_id"] for row in self.list(kind, first_day, **asked)["rows"]}


@dataclass
class ListDesks:
    """Makes desks, and closes their connections."""

    world: World
    opened: list[ListDesk] = field(default_factory=list)

    def __call__(
        self, body: Body, *, mandates: tuple[str, ...] = MANDATES, protected_right: bool = False
    ) -> ListDesk:
        code = make_personal_id(date(1970, 1, 1))
        if protected_right:
            self.world.allow_protected(body, pseudonym_of(code))
        secret = self.world.begin(body, mandates=mandates, pseudonym=pseudonym_of(code))
        return self._desk(secret, body)

    def representing(self, body: Body, mandates: tuple[str, ...]) -> ListDesk:
        """Somebody of another body who acts for this one under representation mandates."""
        code = make_personal_id(date(1970, 1, 1))
        with self.world.database.connect() as web:
            row = web.execute(
                "SELECT secret FROM door.begin_acting(%s, %s, %s, %s, '{}', %s, %s, %s, 'web')",
                [code, pseudonym_of(code), body.organisation_id, body.agreement_id, list(mandates),
                 uuid.uuid4(),
                 hashlib.sha256(b"roles").digest()],
            ).fetchone()  # fmt: skip
        assert row is not None
        return self._desk(str(row[0]), body)

    def _desk(self, secret: str, body: Body) -> ListDesk:
        self.opened.append(ListDesk(self.world.database.connect(), secret, body))
        return self.opened[-1]

    def close(self) -> None:
        while self.opened:
            self.opened.pop().connection.close()
