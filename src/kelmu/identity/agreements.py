"""Which organisations of the mandate service are known here, and their agreements in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from kelmu.core import clock


@dataclass(frozen=True)
class AgreementChoice:
    """One agreement of one organisation that is in force today for the web channel."""

    organisation_id: int
    business_id: str
    name_fi: str
    name_sv: str
    name_en: str
    agreement_id: int
    number: str
    organisation_type: str
    data_groups: frozenset[str]


@dataclass(frozen=True)
class KnownOrganisation:
    """An organisation of ours and what it may be acted for under; ``agreements`` may be empty."""

    business_id: str
    name_fi: str
    name_sv: str
    name_en: str
    contact_email: str | None
    agreements: tuple[AgreementChoice, ...]


_QUERY = """
    SELECT o.organisation_id, o.business_id, o.name_fi, o.name_sv, o.name_en,
           a.agreement_id, a.number, a.organisation_type, a.data_groups, a.contact_email,
           'web' = ANY (a.channels) AND a.valid_from <= %(today)s
               AND (a.valid_to IS NULL OR %(today)s <= a.valid_to)
    FROM organisations.organisation o
    LEFT JOIN organisations.agreement a USING (organisation_id)
    WHERE o.business_id = ANY (%(business_ids)s)
    ORDER BY o.business_id, a.valid_from DESC NULLS LAST, a.number
"""


def known_organisations(
    business_ids: Iterable[str], today: date | None = None
) -> dict[str, KnownOrganisation]:
    """The organisations with these business ids, by business id; unknown ones are left out.

    ``contact_email`` is that of the agreement in force or, without one, of the latest that was.
    """
    parameters: dict[str, Any] = {"business_ids": list(business_ids), "today": today or clock.today()}
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, parameters)
        rows = cursor.fetchall()
    found: dict[str, KnownOrganisation] = {}
    for *organisation, agreement, contact, in_force in (_grouped(row) for row in rows):
        _identifier, business_id, fi, sv, en = organisation
        earlier = found.get(business_id)
        agreements = earlier.agreements if earlier else ()
        if in_force:
            agreements = (*agreements, AgreementChoice(*organisation, *agreement))
        email = contact if in_force or earlier is None else earlier.contact_email
        found[business_id] = KnownOrganisation(business_id, fi, sv, en, email, agreements)
    return found


def _grouped(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The columns of the query with those of the agreement as one."""
    *organisation, agreement_id, number, kind, groups, contact, in_force = row
    return *organisation, (agreement_id, number, kind, frozenset(groups or ())), contact, in_force
