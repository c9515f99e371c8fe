"""The agreements file: organisations, what they serve, their agreements, and officials' rights.

TOML, one ``[[organisations]]`` for each organisation with its ``areas`` and ``agreements``, then
``[[official_rights]]`` and ``[[api_clients]]``, each with its public ``keys``. Officials are named by their
pseudonym; an identity code never stands here.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from kelmu.core.business_id import BusinessId
from kelmu.organisations.api_keys import public_key

_STRICT = ConfigDict(extra="forbid")
Filled = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


def _business_id(text: str) -> str:
    return BusinessId(text).value


class AgreementFileError(ValueError):
    """The agreements file cannot be loaded; the message is ``file: entry: what is wrong``."""


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class AreaEntry:
    """A county or a municipality served. Days inclusive; ``valid_from`` absent: since the first agreement."""

    county: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")] | None = None
    municipality: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")] | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class AgreementEntry:
    """One agreement; ``number`` is its identity. Days inclusive."""

    number: Filled
    organisation_type: Filled
    data_groups: tuple[Filled, ...]
    channels: tuple[Filled, ...]
    legal_basis: Filled
    protected_persons: bool
    machine_mandates: tuple[Filled, ...]
    contact_email: Filled
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class OrganisationEntry:
    """One organisation; ``business_id`` is its identity."""

    business_id: Annotated[str, AfterValidator(_business_id)]
    name_fi: Filled
    name_sv: Filled
    name_en: Filled
    areas: tuple[AreaEntry, ...] = ()
    agreements: tuple[AgreementEntry, ...] = ()


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class OfficialRightEntry:
    """A right of one official under one agreement of the same file. Days inclusive."""

    agreement: Filled
    official_pseudonym: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    official_right: Literal["protected_persons"]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ApiKeyEntry:
    """A client's public key (JWK, RFC 7517: EC P-256 or RSA); ``kid`` is its identity. Days inclusive."""

    jwk: Annotated[Mapping[str, str], AfterValidator(public_key)]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ApiClientEntry:
    """A system that may ask over the machine interface, under an agreement of the file. Days inclusive."""

    client_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,62}$")]
    agreement: Filled
    name: Filled
    valid_from: date
    valid_to: date | None = None
    keys: tuple[ApiKeyEntry, ...]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class AgreementFile:
    """A whole file, checked."""

    organisations: tuple[OrganisationEntry, ...]
    official_rights: tuple[OfficialRightEntry, ...] = ()
    api_clients: tuple[ApiClientEntry, ...] = ()


def read_agreement_file(path: Path) -> AgreementFile:
    """Read an agreements file.

    Raises:
        AgreementFileError: unreadable, not TOML, or an entry is not as it should be.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AgreementFileError(f"{path.name}: {error}") from None
    try:
        content = TypeAdapter(AgreementFile).validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise AgreementFileError(f"{path.name}: {_place(first['loc'])}: {first['msg']}") from None
    for fault in _faults(content):
        raise AgreementFileError(f"{path.name}: {fault}")
    return content


def _place(steps: tuple[int | str, ...]) -> str:
    """Where an entry stands, counted from one: ``organisations 3, agreements 1, channels``."""
    words: list[str] = []
    for step in steps:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(str(step))
    return ", ".join(words) or "the file"


def _faults(content: AgreementFile) -> Iterator[str]:
    ids = Counter(organisation.business_id for organisation in content.organisations)
    yield from (f"organisation {business_id} stands twice" for business_id, count in ids.items() if count > 1)
    numbers = Counter(
        agreement.number for organisation in content.organisations for agreement in organisation.agreements
    )
    yield from (f"agreement {number} stands twice" for number, count in numbers.items() if count > 1)
    for organisation in content.organisations:
        yield from _organisation_faults(organisation)
    for place, right in enumerate(content.official_rights, start=1):
        if right.agreement not in numbers:
            yield f"official_rights {place}: the file has no agreement {right.agreement}"
    yield from _client_faults(content, numbers)


def _client_faults(content: AgreementFile, numbers: Container[str]) -> Iterator[str]:
    clients = Counter(client.client_id for client in content.api_clients)
    yield from (f"API client {client_id} stands twice" for client_id, count in clients.items() if count > 1)
    for client in content.api_clients:
        if client.agreement not in numbers:
            yield f"API client {client.client_id}: the file has no agreement {client.agreement}"
        keys = Counter(key.jwk["kid"] for key in client.keys)
        yield from (
            f"API client {client.client_id}: key {kid} stands twice"
            for kid, count in keys.items()
            if count > 1
        )


def _organisation_faults(organisation: OrganisationEntry) -> Iterator[str]:
    for place, area in enumerate(organisation.areas, start=1):
        entry = f"organisation {organisation.business_id}, areas {place}"
        if (area.county is None) == (area.municipality is None):
            yield f"{entry}: names either a county or a municipality"
        if area.valid_from is None and not organisation.agreements:
            yield f"{entry}: valid_from is missing and there is no agreement to take it from"
