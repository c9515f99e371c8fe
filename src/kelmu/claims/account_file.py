"""The accounts file: where each organisation wants its claims paid, and whether it wants four eyes.

TOML, one ``[[organisations]]`` for each, with its ``accounts``.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import psycopg
from pydantic import AfterValidator, ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from kelmu.claims.iban import IbanError, parse_iban

_STRICT = ConfigDict(extra="forbid")
Filled = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class AccountFileError(ValueError):
    """The accounts file cannot be loaded; the message is ``file: entry: what is wrong``."""


def _iban(text: str) -> str:
    try:
        return parse_iban(text)
    except IbanError:
        raise ValueError("no account number") from None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class AccountEntry:
    """One account; number and first day are its identity. Days inclusive."""

    name: Filled
    iban: Annotated[str, AfterValidator(_iban)]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class OrganisationEntry:
    """One organisation. ``four_eyes``: whoever made a claim does not approve it."""

    business_id: Filled
    four_eyes: bool
    accounts: tuple[AccountEntry, ...]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class AccountFile:
    """A whole file, checked."""

    organisations: tuple[OrganisationEntry, ...]


def read_account_file(path: Path) -> AccountFile:
    """Read an accounts file.

    Raises:
        AccountFileError: unreadable, not TOML, or an entry is not as it should be.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        content = TypeAdapter(AccountFile).validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step + 1 if isinstance(step, int) else step) for step in first["loc"])
        raise AccountFileError(f"{path.name}: {place}: {first['msg']}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AccountFileError(f"{path.name}: {error}") from None
    for fault in _faults(content):
        raise AccountFileError(f"{path.name}: {fault}")
    return content


def _faults(content: AccountFile) -> Iterator[str]:
    ids = Counter(organisation.business_id for organisation in content.organisations)
    yield from (f"organisation {business_id} stands twice" for business_id, count in ids.items() if count > 1)
    for organisation in content.organisations:
        for place, account in enumerate(organisation.accounts, start=1):
            if account.valid_to is not None and account.valid_to < account.valid_from:
                yield f"organisation {organisation.business_id}, accounts {place}: ends before it starts"


def load_accounts(connection: psycopg.Connection, path: Path) -> tuple[int, int]:
    """Bring a file's accounts, and who wants four eyes, into the database, all or nothing.

    An account that the file no longer names stays as it is, since claims rest on it: it is ended by its
    ``valid_to``.

    Args:
        connection: as ``kelmu_owner``, organisations loaded.
        path: the accounts file.

    Returns:
        How many organisations and accounts the file has.

    Raises:
        AccountFileError: the file cannot be loaded, or an organisation is not there; nothing changes.
    """
    content = read_account_file(path)
    with connection.transaction():
        for organisation in content.organisations:
            found = connection.execute(
                "SELECT organisation_id FROM organisations.organisation WHERE business_id = %s",
                [organisation.business_id],
            ).fetchone()
            if found is None:
                raise AccountFileError(
                    f"{path.name}: no organisation {organisation.business_id} is on record"
                )
            _load(connection, int(found[0]), organisation)
    return len(content.organisations), sum(len(each.accounts) for each in content.organisations)


def _load(connection: psycopg.Connection, organisation_id: int, entry: OrganisationEntry) -> None:
    connection.execute(
        "INSERT INTO claims.setting (organisation_id, four_eyes) VALUES (%s, %s)"
        " ON CONFLICT (organisation_id) DO UPDATE SET four_eyes = excluded.four_eyes",
        [organisation_id, entry.four_eyes],
    )
    for account in entry.accounts:
        connection.execute(
            "INSERT INTO claims.account (organisation_id, name, iban, valid_from, valid_to)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT ON CONSTRAINT account_once"
            " DO UPDATE SET name = excluded.name, valid_to = excluded.valid_to",
            [organisation_id, account.name, account.iban, account.valid_from, account.valid_to],
        )
