"""Persons as the pick rules see them: written to the register, read from it, and judged there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from kelmu.core.period import Period
from kelmu.notices.pick_rules import Decision, Payment, Person, Reckoning
from tests.world import LONG_AGO, TAMPERE, make_personal_id

Found = tuple[int, str, int, date, date, dict[str, Any]]
"""Person, kind, version, first and last month, content."""
_BORN = date(1800, 1, 1).toordinal()


def write_persons(feeder: psycopg.Connection, persons: Sequence[Person]) -> None:
    """Put persons into the register, as the feed; identity codes follow from their numbers."""
    copy = _Copy(feeder)
    copy("person", map(_person, persons))
    copy("residence", ((p.person_id, TAMPERE, LONG_AGO, None if p.has_home else LONG_AGO) for p in persons))
    # Told by either of the two tables that tell of it.
    copy("job_seeking", ((p.person_id, s.start, s.end) for p in persons for s in p.job_seeking[::2]))
    copy("third_party_info", _statements(persons))
    write_months(feeder, persons)


def write_months(feeder: psycopg.Connection, persons: Sequence[Person]) -> None:
    """Put decisions and payments of known persons into the register."""
    copy = _Copy(feeder)
    copy("decision", (_decision(p.person_id, d) for p in persons for d in p.decisions))
    copy("decision_calculation", _reckonings(persons))
    copy("payment", (_payment(p.person_id, y) for p in persons for y in p.payments))


_COLUMNS = {
    "person": "person_id personal_id family_name given_names birth_date death_date language residence_ground"
    " first_residence_date",
    "residence": "person_id municipality_code valid_from valid_to",
    "job_seeking": "person_id valid_from valid_to",
    "third_party_info": "person_id info_number sender_kind info_kind valid_from valid_to received_on",
    "decision": "person_id decision_number benefit_code decided_on outcome annulled_on",
    "decision_calculation": "person_id decision_number adults children basic_part other_basic_expenses income"
    " assets",
    "payment": "person_id paid_on payment_number decision_number benefit_code period_from period_to gross net"
    " payee_kind state",
}


class _Copy:
    def __init__(self, feeder: psycopg.Connection) -> None:
        self._cursor = feeder.cursor()

    def __call__(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, _COLUMNS[table].split()))
        target = sql.SQL("COPY register.{} ({}) FROM STDIN").format(sql.Identifier(table), columns)
        with self._cursor.copy(target) as copy:
            for row in rows:
                copy.write_row(row)


def _person(person: Person) -> tuple[Any, ...]:
    place, number = divmod(person.person_id % 5_000_000, 100)
    code = make_personal_id(date.fromordinal(_BORN + place), 900 + number)
    return (
        person.person_id, code, "Koeponnistus", "Tuuli", person.birth_date, person.death_date, "fi",
        person.residence_ground, person.first_residence_date,
    )  # fmt: skip


def _statements(persons: Iterable[Person]) -> Iterator[tuple[Any, ...]]:
    for person in persons:
        for place, period in enumerate(person.job_seeking[1::2]):
            kind = ("employment_authority", "employment_statement")
            yield (person.person_id, f"I{place}", *kind, period.start, period.end, period.start)


def _decision(person_id: int, decision: Decision) -> tuple[Any, ...]:
    return person_id, decision.number, "SOC-PER", decision.decided_on, "granted", decision.annulled_on


def _reckonings(persons: Iterable[Person]) -> Iterator[tuple[Any, ...]]:
    for person in persons:
        for decision in person.decisions:
            known = decision.reckoning
            if known is not None:
                amounts = known.basic_part, known.other_basic_expenses, known.income, known.assets
                yield (person.person_id, decision.number, 1, 0, *amounts)


def _payment(person_id: int, payment: Payment) -> tuple[Any, ...]:
    return (
        person_id, payment.paid_on, payment.number, payment.decision, payment.benefit, payment.period_from,
        payment.period_to, payment.gross, payment.gross, "client", payment.state,
    )  # fmt: skip


def read_persons(admin: psycopg.Connection, on: date) -> list[Person]:
    """Everybody of the register."""
    cursor = admin.cursor(row_factory=dict_row)
    payments, decisions, seeking = _payments(cursor), _decisions(cursor), _seeking(cursor, on)
    rows = cursor.execute(
        "SELECT p.*, EXISTS (SELECT FROM register.residence r WHERE r.person_id = p.person_id"
        " AND r.superseded_at IS NULL AND r.valid_from <= %s AND (r.valid_to IS NULL OR r.valid_to >= %s))"
        " AS has_home FROM register.person p",
        [on, on],
    ).fetchall()
    return [
        Person(
            person_id=row["person_id"], birth_date=row["birth_date"], death_date=row["death_date"],
            has_home=row["has_home"], residence_ground=row["residence_ground"],
            first_residence_date=row["first_residence_date"], payments=payments[row["person_id"]],
            decisions=decisions[row["person_id"]], job_seeking=seeking[row["person_id"]],
        )
        for row in rows
    ]  # fmt: skip


def _payments(cursor: psycopg.Cursor[Any]) -> dict[int, list[Payment]]:
    found = defaultdict(list)
    for row in cursor.execute("SELECT * FROM register.payment WHERE superseded_at IS NULL"):
        found[row["person_id"]].append(
            Payment(
                number=row["payment_number"],
                benefit=row["benefit_code"],
                state=row["state"],
                paid_on=row["paid_on"],
                period_from=row["period_from"],
                period_to=row["period_to"],
                gross=row["gross"],
                decision=row["decision_number"],
            )
        )
    return found


def _decisions(cursor: psycopg.Cursor[Any]) -> dict[int, list[Decision]]:
    found = defaultdict(list)
    for row in cursor.execute(
        "SELECT d.*, c.income, c.assets, c.basic_part, c.other_basic_expenses FROM register.decision d"
        " LEFT JOIN register.decision_calculation c ON c.person_id = d.person_id"
        " AND c.decision_number = d.decision_number AND c.superseded_at IS NULL"
        " WHERE d.superseded_at IS NULL AND d.benefit_code = 'SOC-PER'"
    ):
        reckoning = None
        if row["income"] is not None:
            reckoning = Reckoning(
                row["income"], row["assets"], row["basic_part"], row["other_basic_expenses"]
            )
        found[row["person_id"]].append(
            Decision(row["decision_number"], row["decided_on"], row["annulled_on"], reckoning)
        )
    return found


def _seeking(cursor: psycopg.Cursor[Any], on: date) -> dict[int, list[Period]]:
    found = defaultdict(list)
    for row in cursor.execute(
        "SELECT person_id, valid_from, valid_to FROM register.job_seeking WHERE superseded_at IS NULL"
        " UNION ALL SELECT person_id, valid_from, valid_to FROM register.third_party_info"
        " WHERE superseded_at IS NULL AND info_kind = 'employment_statement' AND received_on <= %s",
        [on],
    ):
        found[row["person_id"]].append(Period(row["valid_from"], row["valid_to"]))
    return found


def picked_in_sql(admin: psycopg.Connection, on: date, after: int, up_to: int) -> list[Found]:
    """Whom the set-wise function picks among persons with numbers over one and up to another."""
    query = "SELECT * FROM door_private.due_picks(%s, %s, %s) ORDER BY person_id, kind"
    return admin.execute(query, [on, after, up_to]).fetchall()
