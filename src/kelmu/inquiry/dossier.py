"""The dossier: what one look disclosed of one client, as typed values.

The door's document is the only source; what it lacks is not here. Field names are those of the
document (shared data groups, section 3). Amounts are euros as Decimal, days are dates, inclusive.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, TypeVar, get_type_hints

Row = TypeVar("Row")
GROUPS = (
    "pending", "decisions", "payments", "coverage", "recovery", "maintenance_collection", "medicine_cap",
    "third_party_info",
)  # fmt: skip
"""The data groups a dossier can hold besides the person; each is a field of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The client. ``municipality`` and ``phone`` are None for a client under a non-disclosure order."""

    personal_id: str = field(repr=False)
    family_name: str = field(repr=False)
    given_names: str = field(repr=False)
    birth_date: date = field(repr=False)
    age: int
    language: str
    municipality: str | None = field(repr=False)
    protected: bool
    death_date: date | None
    under_guardianship: bool
    phone: str | None = field(repr=False)
    former_code: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A pending matter."""

    number: str
    benefit: str
    matter_type: str
    received_on: date
    applied_from: date | None
    applied_to: date | None
    received_by: str
    state: str
    missing_attachments: tuple[str, ...]
    attachments_due_on: date | None
    urgent: bool
    due_on: date | None
    handling_office: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision; ``amount`` per ``unit``."""

    number: str
    benefit: str
    decided_on: date
    outcome: str
    valid_from: date | None
    valid_to: date | None
    amount: Decimal | None
    unit: str | None
    gross: Decimal | None
    reason_code: str | None
    reason_text: str | None
    legal_ground: str | None
    payee_kind: str | None
    review_on: date | None
    appeal_until: date | None
    replaces: str | None
    annulled_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment: gross less tax, recovery, paid to others and enforcement is net."""

    number: str
    benefit: str
    paid_on: date
    period_from: date | None
    period_to: date | None
    gross: Decimal
    tax: Decimal
    recovery: Decimal
    paid_to_others: Decimal
    enforcement: Decimal
    net: Decimal
    payee_kind: str
    payee_name: str | None = field(repr=False)
    account_masked: str | None = field(repr=False)
    state: str
    decision: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Belonging to Finnish social security or sickness insurance, or a document about it. The period is
    inclusive; ``valid_to`` None: still.
    """

    kind: str
    ground: str | None
    country: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """An overpaid benefit recovered from the client (takaisinperintä). ``instalment`` is per month."""

    number: str
    benefit: str
    overpaid_from: date
    overpaid_to: date
    decided_on: date
    total: Decimal
    balance: Decimal
    instalment: Decimal | None
    set_off: bool
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceCollection:
    """Maintenance that the client owes and Kela collects (elatusavun perintä). ``monthly`` is per month.

    ``child_given_names`` is None where the child or the client is under a non-disclosure order.
    """

    number: str
    benefit: str
    child_given_names: str | None = field(repr=False)
    decided_on: date
    arrears: Decimal
    monthly: Decimal
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineCap:
    """A calendar year's own shares towards the medicine cap; ``remaining`` is never below zero."""

    year: int
    accrued: Decimal
    cap: Decimal
    remaining: Decimal
    initial_deductible_met: bool
    reached_on: date | None
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyInfo:
    """What another party has told Kela. ``amount`` per ``unit``; the period is inclusive."""

    number: str
    sender_kind: str
    info_kind: str
    valid_from: date
    valid_to: date | None
    amount: Decimal | None
    unit: str | None
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whether a source behind the dossier could be read, and as of when it tells."""

    available: bool
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A data group the grant opens, and the first day it reaches back to (None: no limit)."""

    group: str
    since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One look. A group that is None was not granted, or its source is ``unreadable``."""

    person: Person
    pending: tuple[Matter, ...] | None
    decisions: tuple[Decision, ...] | None
    payments: tuple[Payment, ...] | None
    sources: Mapping[str, Source]
    scope: tuple[Scope, ...]
    coverage: tuple[Coverage, ...] | None = None
    recovery: tuple[Recovery, ...] | None = None
    maintenance_collection: tuple[MaintenanceCollection, ...] | None = None
    medicine_cap: tuple[MedicineCap, ...] | None = None
    third_party_info: tuple[ThirdPartyInfo, ...] | None = None

    @property
    def unreadable(self) -> frozenset[str]:
        """Granted groups whose source could not be read, or has never been."""
        granted = {scope.group for scope in self.scope}
        down = {name for name, source in self.sources.items() if not source.available}
        return frozenset(
            group for group in granted if group in down or (group in GROUPS and getattr(self, group) is None)
        )


def parse(document: str) -> Dossier:
    """Read the door's document.

    Raises:
        KeyError, TypeError, ValueError: the document is not what the door writes; nothing is guessed.
    """
    data = json.loads(document)
    return Dossier(
        person=_row(Person, data["person"]),
        pending=_rows(Matter, data.get("pending")),
        decisions=_rows(Decision, data.get("decisions")),
        payments=_rows(Payment, data.get("payments")),
        sources={name: _row(Source, source) for name, source in data["sources"].items()},
        scope=tuple(_row(Scope, scope) for scope in data["scope"] or ()),
        coverage=_rows(Coverage, data.get("coverage")),
        recovery=_rows(Recovery, data.get("recovery")),
        maintenance_collection=_rows(MaintenanceCollection, data.get("maintenance_collection")),
        medicine_cap=_rows(MedicineCap, data.get("medicine_cap")),
        third_party_info=_rows(ThirdPartyInfo, data.get("third_party_info")),
    )


def _rows(kind: type[Row], rows: list[Mapping[str, Any]] | None) -> tuple[Row, ...] | None:
    return None if rows is None else tuple(_row(kind, row) for row in rows)


def _row(kind: type[Row], row: Mapping[str, Any]) -> Row:
    readers = _readers(kind)
    return kind(**{name: _value(reader, row[name]) for name, reader in readers.items()})


def _value(reader: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else reader(value)


_READERS: dict[type, Callable[[Any], Any]] = {
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Decimal: Decimal,
}
_known: dict[type, dict[str, Callable[[Any], Any]]] = {}


def _readers(kind: type) -> dict[str, Callable[[Any], Any]]:
    if kind not in _known:
        hints = get_type_hints(kind)
        _known[kind] = {each.name: _reader(hints[each.name]) for each in fields(kind)}
    return _known[kind]


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, UnionType):
        hint = next(part for part in hint.__args__ if part is not type(None))
    return _READERS.get(hint, tuple if hint == tuple[str, ...] else _as_it_is)


def _as_it_is(value: Any) -> Any:
    return value
