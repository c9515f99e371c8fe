"""The answer of ``organizationRoles``, read strictly and turned into mandates of this service.

Entries of ``roles`` that begin with ``http`` are mandate themes; all others are roles of the trade
register, which alone open nothing here: public bodies have none, and only a named mandate counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from kelmu.core.business_id import BusinessId, BusinessIdError
from kelmu.identity.mandates.errors import MandateError, MandateFault
from kelmu.identity.mandates.themes import MandateKind, ThemeMap


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, hide_input_in_errors=True)

    identifier: str
    name: str = ""
    complete: bool = False  # left out means not known to be whole: fail closed
    roles: list[str] = []


_ANSWER = TypeAdapter(list[_Entry])


@dataclass(frozen=True)
class OrganisationMandates:
    """What the official holds in one organisation.

    ``complete`` False: a source register could not be read, so nothing in it counts.
    """

    business_id: str
    name: str
    complete: bool
    own: frozenset[str] = field(default_factory=frozenset)
    representation: frozenset[str] = field(default_factory=frozenset)
    mistaken: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class MandatesRead:
    """One reading: the organisations, the request id that joins our log to theirs, the answer's SHA-256."""

    organisations: tuple[OrganisationMandates, ...]
    request_id: UUID
    digest: bytes

    def of(self, business_id: str) -> OrganisationMandates | None:
        """The entry of one organisation, if it is in the answer."""
        return next((o for o in self.organisations if o.business_id == business_id), None)


def read_roles(content: bytes, request_id: UUID, themes: ThemeMap) -> MandatesRead:
    """Read the body of an ``organizationRoles`` answer.

    Raises:
        MandateError: ``DOWN`` when it is not what the interface promises.
    """
    try:
        entries = _ANSWER.validate_json(content)
        organisations = tuple(_organisation(entry, themes) for entry in entries)
    except (ValidationError, BusinessIdError):
        raise MandateError(MandateFault.DOWN, "the answer about roles is malformed") from None
    return MandatesRead(_merged(organisations), request_id, hashlib.sha256(content).digest())


def _organisation(entry: _Entry, themes: ThemeMap) -> OrganisationMandates:
    business_id = BusinessId.parse(entry.identifier).value
    if not entry.complete:
        return OrganisationMandates(business_id, entry.name, complete=False)
    held = [themes.mandates[role] for role in entry.roles if role in themes.mandates]
    return OrganisationMandates(
        business_id,
        entry.name,
        complete=True,
        own=frozenset(code for code, kind in held if kind is MandateKind.OWN),
        representation=frozenset(code for code, kind in held if kind is MandateKind.REPRESENTATION),
        mistaken=frozenset(themes.mistaken[role] for role in entry.roles if role in themes.mistaken),
    )


def _merged(organisations: Iterable[OrganisationMandates]) -> tuple[OrganisationMandates, ...]:
    """One entry per organisation, in the answer's order; one incomplete entry makes all of it incomplete."""
    by_id: dict[str, OrganisationMandates] = {}
    for one in organisations:
        earlier = by_id.get(one.business_id)
        if earlier is None:
            by_id[one.business_id] = one
        elif not (earlier.complete and one.complete):
            by_id[one.business_id] = OrganisationMandates(one.business_id, one.name, complete=False)
        else:
            by_id[one.business_id] = OrganisationMandates(
                one.business_id,
                earlier.name or one.name,
                complete=True,
                own=earlier.own | one.own,
                representation=earlier.representation | one.representation,
                mistaken=earlier.mistaken | one.mistaken,
            )
    return tuple(by_id.values())
