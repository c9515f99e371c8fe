"""What the cast consists of: frozen values, each as ``cast.toml`` writes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

Level = Literal["loatest2", "loatest3", "weak", "eidas"]
"""How an official signs in: a Finnish level, one that is too weak, or eIDAS without a code."""
RelationKind = Literal["child", "parent", "sibling", "spouse", "former_spouse", "co_parent"]

_STRICT = ConfigDict(extra="forbid")


class CastError(ValueError):
    """``cast.toml`` says something that cannot be; the message names the entry."""


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Area:
    """What an organisation serves: a whole county (two digits) or one municipality (three digits)."""

    county: str | None = None
    municipality: str | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Agreement:
    """An organisation's agreement with Kela. Days are inclusive."""

    number: str
    organisation_type: str
    data_groups: tuple[str, ...]
    channels: tuple[str, ...]
    legal_basis: str
    protected_persons: bool
    machine_mandates: tuple[str, ...]
    contact_email: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Organisation:
    """An authority, named by its (invented) business id."""

    key: str
    business_id: str
    name_fi: str
    name_sv: str
    name_en: str
    areas: tuple[Area, ...]
    agreements: tuple[Agreement, ...]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Right:
    """The mandates an official holds for one organisation, as the mandate register answers.

    ``kind`` tells acting for one's own organisation from representing another; ``complete`` false
    means that the register says its answer is incomplete.
    """

    organisation: str
    mandates: tuple[str, ...]
    kind: Literal["own", "representation"] = "own"
    complete: bool = True


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class SpellFact:
    """A benefit received from one month to another, both counted back from the present month.

    ``to_months_ago`` absent: still running. ``amount`` is euros in the benefit's own unit (month, day
    or one reimbursement); absent: the usual amount of each year. Deductions are euros a payment.
    """

    benefit: str
    from_months_ago: int
    to_months_ago: int | None = None
    amount: Decimal | None = None
    payee: str = "client"
    payee_person: str | None = None
    recovery: Decimal = Decimal(0)
    enforcement: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class PendingFact:
    """A matter not decided yet."""

    benefit: str
    matter_type: str
    received_days_ago: int
    state: str
    urgent: bool = False
    missing: tuple[str, ...] = ()
    attachments_due_in_days: int | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class AssistanceFact:
    """What belongs to a client's basic social assistance: all her decisions of it.

    ``split``: paid in four parts a month. ``passed_on``: a part of her first application was passed on
    to the county. ``commitments``: kinds given with the decisions now and then. ``job_seeker``: looks for
    work meanwhile, whatever unemployment benefit there is.
    """

    lowered_percent: Literal[0, 20, 40] = 0
    split: bool = False
    passed_on: bool = False
    commitments: tuple[Literal["pharmacy", "grocery", "electricity", "other"], ...] = ()
    job_seeker: bool = False


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class AnnulmentFact:
    """Before the last decision of a benefit so many were made and annulled, one after another."""

    benefit: str
    times: int = 1


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class EventFact:
    """The payment of a benefit that many months ago has another state than ``paid``."""

    benefit: str
    months_ago: int
    state: str


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class RelationFact:
    """``person`` (a key of the cast) is the client's ``relation``; the other way round follows."""

    person: str
    relation: RelationKind


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Official:
    """Somebody who signs in. ``personal_id`` is None for eIDAS; ``person_id`` None: not in the register."""

    key: str
    family_name: str
    given_names: str
    language: str
    level: Level
    in_register: bool
    rights: tuple[Right, ...]
    story_fi: str
    story_en: str
    personal_id: str | None = None
    person_id: int | None = None
    municipality: str | None = None
    protected_persons: tuple[str, ...] = ()
    spells: tuple[SpellFact, ...] = ()


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Client:
    """Somebody Kela's register tells about, with the facts her history is made from."""

    key: str
    person_id: int
    personal_id: str
    family_name: str
    given_names: str
    language: str
    municipality: str
    situation_fi: str
    situation_en: str
    former_personal_id: str | None = None
    died_days_ago: int | None = None
    protected: bool = False
    protection_known: bool = True
    guardianship: bool = False
    moved_from: str | None = None
    moved_months_ago: int | None = None
    residence_ground: str | None = None
    first_residence_months_ago: int | None = None
    relations: tuple[RelationFact, ...] = ()
    spells: tuple[SpellFact, ...] = ()
    pending: tuple[PendingFact, ...] = ()
    events: tuple[EventFact, ...] = ()
    assistance: AssistanceFact = AssistanceFact()
    annulled: tuple[AnnulmentFact, ...] = ()


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ApiClient:
    """A system of an organisation that asks over the machine interface; its key is made by who runs it."""

    client_id: str
    agreement: str
    name: str
    valid_from: date


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Cast:
    """Everybody, in the order of the file."""

    organisations: tuple[Organisation, ...]
    officials: tuple[Official, ...]
    clients: tuple[Client, ...]
    api_clients: tuple[ApiClient, ...] = ()

    @property
    def people(self) -> tuple[Official | Client, ...]:
        """Officials and clients."""
        return (*self.officials, *self.clients)

    def organisation(self, key: str) -> Organisation:
        """The organisation of that key; CastError if there is none."""
        for organisation in self.organisations:
            if organisation.key == key:
                return organisation
        raise CastError(f"the cast has no organisation {key!r}")

    def official(self, key: str) -> Official:
        """The official of that key; CastError if there is none."""
        for official in self.officials:
            if official.key == key:
                return official
        raise CastError(f"the cast has no official {key!r}")

    def client(self, key: str) -> Client:
        """The client of that key; CastError if there is none."""
        for client in self.clients:
            if client.key == key:
                return client
        raise CastError(f"the cast has no client {key!r}")
