"""Reading organisations and agreements, as the web process may (role ``kelmu_web``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from kelmu.core.names import Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Named):
    """An organisation as Kelmu knows it."""

    organisation_id: int
    business_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement with Kela: the ceiling of all access under it. Days are inclusive."""

    agreement_id: int
    organisation_id: int
    number: str
    organisation_type: str
    data_groups: frozenset[str]
    channels: frozenset[str]
    legal_basis: str
    protected_persons: bool
    machine_mandates: frozenset[str]
    contact_email: str
    valid_from: date
    valid_to: date | None

    def in_force(self, day: date) -> bool:
        """Whether ``day`` falls within the agreement, first and last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def organisation_by_business_id(business_id: str) -> Organisation | None:
    """The organisation of a business id in its written form, or None where Kelmu knows none."""
    return next(iter(organisations_by_business_ids([business_id])), None)


def organisations_by_business_ids(business_ids: Iterable[str]) -> tuple[Organisation, ...]:
    """The organisations among these business ids that Kelmu knows, by Finnish name."""
    rows = _rows(
        "SELECT organisation_id, business_id, name_fi, name_sv, name_en FROM organisations.organisation"
        " WHERE business_id = ANY (%s) ORDER BY name_fi, organisation_id",
        [list(business_ids)],
    )
    return tuple(
        Organisation(organisation_id=key, business_id=business_id, name_fi=fi, name_sv=sv, name_en=en)
        for key, business_id, fi, sv, en in rows
    )


def organisation_names(organisation_ids: Iterable[int]) -> Mapping[int, Named]:
    """The names of organisations by their id; an unknown id is not among them."""
    rows = _rows(
        "SELECT organisation_id, name_fi, name_sv, name_en FROM organisations.organisation"
        " WHERE organisation_id = ANY (%s)",
        [sorted(set(organisation_ids))],
    )
    return {key: Named(name_fi=fi, name_sv=sv, name_en=en) for key, fi, sv, en in rows}


def agreements_of(organisation_id: int) -> tuple[Agreement, ...]:
    """Every agreement of an organisation, past and coming ones too, newest start first."""
    rows = _rows(
        "SELECT agreement_id, organisation_id, number, organisation_type, data_groups, channels, legal_basis,"
        " protected_persons, machine_mandates, contact_email, valid_from, valid_to"
        " FROM organisations.agreement WHERE organisation_id = %s ORDER BY valid_from DESC, number",
        [organisation_id],
    )
    return tuple(_agreement(row) for row in rows)


def agreements_in_force(organisation_id: int, *, day: date, channel: str) -> tuple[Agreement, ...]:
    """The organisation's agreements that hold on a day and open a channel (``web`` or ``api``)."""
    return tuple(
        agreement
        for agreement in agreements_of(organisation_id)
        if agreement.in_force(day) and channel in agreement.channels
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality(Named):
    """A municipality, present or former, with its wellbeing services county."""

    code: str
    county: Named


def municipalities(codes: Iterable[str]) -> Mapping[str, Municipality]:
    """The municipalities of these codes by code; an unknown code is not among them."""
    rows = _rows(
        "SELECT m.code, m.name_fi, m.name_sv, c.name_fi, c.name_sv, c.name_en"
        " FROM organisations.municipality m JOIN organisations.county c ON c.code = m.county_code"
        " WHERE m.code = ANY (%s)",
        [sorted(set(codes))],
    )
    return {
        code: Municipality(
            code=code, name_fi=fi, name_sv=sv, name_en=fi,
            county=Named(name_fi=county_fi, name_sv=county_sv, name_en=county_en),
        )
        for code, fi, sv, county_fi, county_sv, county_en in rows
    }  # fmt: skip


def served_municipalities(organisation_id: int, day: date) -> tuple[Municipality, ...]:
    """The present municipalities an organisation serves on a day, alone or by county, by Finnish name."""
    rows = _rows(
        "SELECT DISTINCT m.code FROM organisations.area a"
        " LEFT JOIN organisations.municipality served ON served.code = a.municipality_code"
        " JOIN organisations.municipality m ON m.code = served.present_code OR m.county_code = a.county_code"
        " WHERE a.organisation_id = %s AND m.present_code = m.code"
        " AND a.valid_from <= %s AND (a.valid_to IS NULL OR a.valid_to >= %s)",
        [organisation_id, day, day],
    )
    found = municipalities(code for (code,) in rows).values()
    return tuple(sorted(found, key=lambda each: each.name_fi))


def _agreement(row: Sequence[Any]) -> Agreement:
    return Agreement(
        agreement_id=row[0],
        organisation_id=row[1],
        number=row[2],
        organisation_type=row[3],
        data_groups=frozenset(row[4]),
        channels=frozenset(row[5]),
        legal_basis=row[6],
        protected_persons=row[7],
        machine_mandates=frozenset(row[8]),
        contact_email=row[9],
        valid_from=row[10],
        valid_to=row[11],
    )


def _rows(query: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
