"""Makes the persons, organisations and acting sessions a test needs, as the real roles, each time anew."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from kelmu.core import clock
from tests.databases import Database

ALL_GROUPS = (
    "pending", "decisions", "payments", "coverage", "recovery", "maintenance_collection", "medicine_cap",
    "third_party_info", "claims",
)  # fmt: skip
LONG_AGO = date(2015, 1, 1)
TAMPERE, TURKU, PIRKANMAA = "837", "853", "08"
NO_LIMITS: LiteralString = (
    "UPDATE inquiry.limits SET persons_per_official = 1000000, persons_per_organisation = 1000000, "
    "misses_in_a_row = 1000000, misses_per_official = 1000000, misses_per_organisation = 1000000"
)
_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# Apart from other processes on the same cluster and from runs before: databases are per process.
# Hypothesis seeds the module-level generator; unique keys need one of their own.
_random = random.SystemRandom()
# Far from the person ids of a synthetic population, which some modules load.
_numbers = itertools.count(500_000_000)


def make_personal_id(born: date, number: int | None = None) -> str:
    """An artificial identity code (individual number 900 to 999) of somebody born that day."""
    individual = number if number is not None else _random.randrange(900, 1000)
    digits = f"{born:%d%m%y}{individual:03d}"
    sign = _random.choice("-YXWVU" if born.year < 2000 else "ABCDEF")
    return f"{digits[:6]}{sign}{digits[6:]}{_CHECK[int(digits) % 31]}"


def make_business_id() -> str:
    """A business id with a valid check digit."""
    while True:
        body = f"{_random.randrange(1_000_000, 9_999_999):07d}"
        rest = (
            sum(int(digit) * weight for digit, weight in zip(body, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        )
        if rest != 1:
            return f"{body}-{0 if rest == 0 else 11 - rest}"


@dataclass(frozen=True)
class Somebody:
    """A person in the register."""

    person_id: int
    personal_id: str


@dataclass(frozen=True)
class Body:
    """An organisation with one agreement."""

    organisation_id: int
    agreement_id: int
    business_id: str


class World:
    """Everything made here is committed; nothing is removed (see ``tests/databases.py``)."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def _run(self, role: str, query: Any, values: Any) -> list[tuple[Any, ...]]:
        with self.database.connect(role) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def insert(self, table: str, **columns: Any) -> None:
        """Insert one row of the register as its owner: the feed chooses no time of recording."""
        names = psycopg.sql.SQL(", ").join(psycopg.sql.Identifier(name) for name in columns)
        places = psycopg.sql.SQL(", ").join(psycopg.sql.Placeholder() for _ in columns)
        query = psycopg.sql.SQL("INSERT INTO register.{} ({}) VALUES ({})").format(
            psycopg.sql.Identifier(table), names, places
        )
        self._run("kelmu_owner", query, list(columns.values()))

    def person(
        self, *, born: date = date(1985, 3, 14), lives_in: str | None = TAMPERE, **columns: Any
    ) -> Somebody:
        """A person, living in a municipality since long ago."""
        for _ in range(500):
            somebody = Somebody(next(_numbers), columns.pop("personal_id", None) or make_personal_id(born))
            try:
                self.insert(
                    "person", person_id=somebody.person_id, personal_id=somebody.personal_id, birth_date=born,
                    **{"family_name": "Koeponnistus", "given_names": "Tuuli", "language": "fi", **columns},
                )  # fmt: skip
            except psycopg.errors.UniqueViolation:
                born = born + timedelta(days=1)
                continue
            if lives_in:
                self.insert(
                    "residence", person_id=somebody.person_id, municipality_code=lives_in, valid_from=LONG_AGO
                )
            return somebody
        raise AssertionError("no free identity code found")

    def protect(self, somebody: Somebody) -> Somebody:
        """Give a person a non-disclosure order in force."""
        self.insert("non_disclosure_order", person_id=somebody.person_id, valid_from=LONG_AGO)
        return somebody

    def relate(
        self, one: Somebody, other: Somebody, relation: str, back: str, *, ended: date | None = None
    ) -> None:
        """``other`` is ``one``'s child, parent, sibling, spouse or co-parent."""
        for person, relative, kind in ((one, other, relation), (other, one, back)):
            self.insert(
                "family_link", person_id=person.person_id, relative_id=relative.person_id, relation=kind,
                valid_from=LONG_AGO, valid_to=ended,
            )  # fmt: skip

    def payment(self, somebody: Somebody, **columns: Any) -> None:
        """A payment of basic social assistance paid a week ago, unless told otherwise."""
        row = {
            "person_id": somebody.person_id, "paid_on": clock.today() - timedelta(days=7),
            "payment_number": next(_numbers), "benefit_code": "SOC-PER", "gross": 612, "net": 612,
            "payee_kind": "client", "state": "paid",
        }  # fmt: skip
        self.insert("payment", **{**row, **columns})

    def body(
        self, organisation_type: str = "wellbeing_county", *, county: str | None = PIRKANMAA,
        municipality: str | None = None, groups: tuple[str, ...] = ALL_GROUPS,
        channels: tuple[str, ...] = ("web",),
        protected_persons: bool = False, valid_from: date = LONG_AGO, valid_to: date | None = None,
    ) -> Body:  # fmt: skip
        """An organisation with its area and one agreement."""
        business_id = make_business_id()
        [(organisation_id,)] = self._run(
            "kelmu_owner",
            "INSERT INTO organisations.organisation (business_id, name_fi, name_sv, name_en) "
            "VALUES (%s, 'Koe', 'Prov', 'Trial') RETURNING organisation_id",
            [business_id],
        )
        self._run(
            "kelmu_owner",
            "INSERT INTO organisations.area (organisation_id, county_code, municipality_code, valid_from) "
            "VALUES (%s, %s, %s, %s)",
            [organisation_id, None if municipality else county, municipality, LONG_AGO],
        )
        [(agreement_id,)] = self._run(
            "kelmu_owner",
            "INSERT INTO organisations.agreement (organisation_id, number, organisation_type, data_groups, "
            "channels, legal_basis, protected_persons, contact_email, valid_from, valid_to) "
            "VALUES (%s, %s, %s, %s, %s, 'koe', %s, 'koe@koe.example', %s, %s) RETURNING agreement_id",
            [organisation_id, f"T-{uuid.uuid4().hex[:12]}", organisation_type, list(groups), list(channels),
             protected_persons, valid_from, valid_to],
        )  # fmt: skip
        return Body(organisation_id, agreement_id, business_id)

    def change_agreement(self, body: Body, **columns: Any) -> None:
        """Change one column of an agreement, as administration would."""
        for name, value in columns.items():
            query = psycopg.sql.SQL(
                "UPDATE organisations.agreement SET {} = %s WHERE agreement_id = %s"
            ).format(psycopg.sql.Identifier(name))
            self._run("kelmu_owner", query, [value, body.agreement_id])

    def allow_protected(self, body: Body, pseudonym: str) -> None:
        """Give an official the right to see protected persons under an agreement."""
        self._run(
            "kelmu_owner",
            "INSERT INTO organisations.official_right (agreement_id, official_pseudonym, official_right, "
            "valid_from) VALUES (%s, %s, 'protected_persons', %s)",
            [body.agreement_id, pseudonym, LONG_AGO],
        )

    def begin(
        self, body: Body, official: Somebody | None = None, *,
        mandates: tuple[str, ...] = ("benefit_view_and_claims",), channel: str = "web",
        pseudonym: str | None = None,
    ) -> str:  # fmt: skip
        """Begin to act, through the door; returns the secret."""
        code = official.personal_id if official else make_personal_id(date(1970, 1, 1))
        [(_, secret)] = self._run(
            "kelmu_web",
            "SELECT * FROM door.begin_acting(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [code, pseudonym or pseudonym_of(code), body.organisation_id, body.agreement_id, list(mandates),
             [], uuid.uuid4(), hashlib.sha256(b"roles").digest(), channel],
        )  # fmt: skip
        return str(secret)

    def set_source(self, source: str, *, available: bool) -> None:
        """Say whether a source of the register can be read."""
        self._run(
            "kelmu_feed", "UPDATE register.source SET available = %s WHERE source = %s", [available, source]
        )

    def lift_limits(self) -> None:
        """Raise the limits against guessing out of reach; the door counts all the same."""
        self.database.run(NO_LIMITS)

    def set_limits(self) -> None:
        """Put the web's limits back to what the migration gives."""
        self.database.run(
            "UPDATE inquiry.limits SET persons_per_official = 30, persons_per_organisation = 600, "
            "misses_in_a_row = 5, misses_per_official = 20, misses_per_organisation = 1000 "
            "WHERE channel = 'web'"
        )
        self.database.run(
            "UPDATE inquiry.limits SET persons_per_official = NULL, persons_per_organisation = NULL, "
            "misses_in_a_row = NULL, misses_per_official = NULL, misses_per_organisation = 1000 "
            "WHERE channel = 'api'"
        )

    def entries(self, **wanted: Any) -> list[dict[str, Any]]:
        """Entries of the log, as the auditor reads them, oldest first."""
        conditions: list[psycopg.sql.Composable] = [psycopg.sql.SQL("true")]
        conditions += [psycopg.sql.SQL("{} = %s").format(psycopg.sql.Identifier(name)) for name in wanted]
        query = psycopg.sql.SQL("SELECT to_jsonb(e) FROM audit.entry e WHERE {} ORDER BY entry_id").format(
            psycopg.sql.SQL(" AND ").join(conditions)
        )
        values = [Jsonb(value) if isinstance(value, dict) else value for value in wanted.values()]
        return [row[0] for row in self._run("kelmu_auditor", query, values)]


def pseudonym_of(personal_id: str) -> str:
    """The pseudonym the test environment's key gives."""
    import hmac  # noqa: PLC0415 - one use

    key = bytes.fromhex(os.environ["KELMU_PSEUDONYM_KEY"])
    return hmac.new(key, personal_id.encode(), hashlib.sha256).hexdigest()
