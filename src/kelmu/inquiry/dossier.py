"""The dossier: what one look disclosed of one client, as typed values.

The door's document is the only source; what it lacks is not here. Field names are those of the
document (shared data groups, section 3). Amounts are euros as Decimal, days are dates, inclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

GROUPS = (
    "pending", "decisions", "payments", "coverage", "recovery", "maintenance_collection", "medicine_cap",
    "third_party_info",
)  # fmt: skip
"""The data groups a dossier can hold besides the person; each is a field of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    """Where the client lived, by the code of that time; ``valid_to`` None: still."""

    municipality: str = field(repr=False)
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Who acts for the client: a ``custodian`` of a minor or a ``guardian``, a person or an office."""

    kind: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The client. ``municipality``, ``residences`` (newest first), ``guardians`` and ``phone`` are None for a
    client under a non-disclosure order; of a dead one the phone is None and guardianship is over.

    ``guardians`` are told of minors and of adults under guardianship, but for who is protected.
    """

    personal_id: str = field(repr=False)
    family_name: str = field(repr=False)
    given_names: str = field(repr=False)
    birth_date: date = field(repr=False)
    age: int
    language: str
    municipality: str | None = field(repr=False)
    residences: tuple[Residence, ...] | None = field(repr=False)
    protected: bool
    death_date: date | None
    under_guardianship: bool
    guardians: tuple[Guardian, ...] | None = field(repr=False, default=())
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
class Calculation:
    """The reckoning of a decision of basic social assistance, in euros a month.

    ``balance`` is what is left over, or lacking where it is negative. ``split_days`` are the days of the
    month on which the assistance is paid in parts; empty: in one sum. ``passed_on``: a part of the
    application was passed on to the county. The basic part is lowered by ``lowered_percent`` from and to
    those days, inclusive.
    """

    adults: int
    children: int
    basic_part: Decimal
    lowered_percent: int | None
    lowered_from: date | None
    lowered_to: date | None
    other_basic_expenses: Decimal
    income: Decimal
    assets: Decimal
    balance: Decimal
    split_days: tuple[int, ...]
    passed_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A promise to pay a supplier for what the client needs, up to ``amount`` euros, within its days."""

    number: str
    kind: str
    amount: Decimal
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person a decision is about besides the client, in limited form. Who is protected is not there."""

    role: str
    given_names: str = field(repr=False)
    birth_year: int = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision; ``amount`` per ``unit``.

    Its reason is None where the benefit tells of illness. ``calculation`` is there for basic social
    assistance.
    """

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
    calculation: Calculation | None = None
    commitments: tuple[Commitment, ...] = ()
    members: tuple[Member, ...] = ()


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
class Gone:
    """What the register held when the organisation last looked and holds no longer.

    ``number`` as in ``Change.rows``. ``benefit`` is None where the group has none; ``day`` is that of the
    payment or the decision, when a matter or information came in, or coverage began; a medicine cap has none.
    """

    number: str
    benefit: str | None
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Of one group: when the organisation was last told it (None: never), and what has changed since.

    ``rows`` are new or changed. They are named by their number, coverage by its kind and first day, a
    medicine cap by its year. ``gone`` are no longer in the register, newest first.
    """

    group: str
    since: datetime | None
    rows: tuple[str, ...]
    gone: tuple[Gone, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One look. A group that is None was not granted, or its source is ``unreadable``.

    ``changes`` are there only where they were asked for.
    """

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
    changes: tuple[Change, ...] | None = None

    @property
    def unreadable(self) -> frozenset[str]:
        """Granted groups whose source could not be read, or has never been."""
        granted = {scope.group for scope in self.scope}
        down = {name for name, source in self.sources.items() if not source.available}
        return frozenset(
            group for group in granted if group in down or (group in GROUPS and getattr(self, group) is None)
        )
