"""From a provider's claim names to the facts of a person, by configuration."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from kelmu.core.personal_id import PersonalId, PersonalIdError
from kelmu.identity.oidc.errors import SignInError, SignInFault

_NAMES = frozenset({"personal_id", "family_name", "given_names", "display_name", "register_checked"})
_NEEDED = frozenset({"personal_id", "family_name"})
_LONGEST_NAME = 200


class ClaimTableError(ValueError):
    """The claim table is missing or malformed; the message says what."""


@dataclass(frozen=True)
class IdentifiedPerson:
    """Who the provider says the person is."""

    personal_id: PersonalId
    family_name: str = field(repr=False)
    given_names: str = field(repr=False)
    display_name: str = field(repr=False)


@dataclass(frozen=True)
class ClaimTable:
    """The claim names of one dialect: fact to the names to look under, in order."""

    name: str
    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def named(cls, name: str, path: Path | None = None) -> ClaimTable:
        """The table ``name`` of the package's file, or of the file at ``path``.

        Raises:
            ClaimTableError: no such table, an unknown fact, or a needed one left out.
        """
        source = path or files("kelmu.identity.oidc") / "data" / "claims.toml"
        try:
            tables = tomllib.loads(source.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise ClaimTableError("the claim tables cannot be read as TOML") from None
        table = tables.get(name)
        if not isinstance(table, dict):
            raise ClaimTableError(f"there is no claim table {name!r}; known: {', '.join(sorted(tables))}")
        if unknown := set(table) - _NAMES:
            raise ClaimTableError(f"claim table {name!r} names unknown facts: {', '.join(sorted(unknown))}")
        if missing := _NEEDED - set(table):
            raise ClaimTableError(f"claim table {name!r} lacks: {', '.join(sorted(missing))}")
        return cls(name, {fact: _as_names(name, fact, given) for fact, given in table.items()})

    def person(self, claims: Mapping[str, Any]) -> IdentifiedPerson:
        """The person the claims of a verified ID token describe.

        Raises:
            SignInError: there is no Finnish personal identity code among them (``NO_IDENTITY_CODE``), or they
                say that the person could not be checked in the population register (``REGISTER_UNREAD``).
        """
        self._require_checked(claims)
        try:
            personal_id = PersonalId.parse(self._text(claims, "personal_id"))
        except PersonalIdError:
            raise SignInError(
                SignInFault.NO_IDENTITY_CODE, "no valid personal identity code in the claims"
            ) from None
        family, given = self._text(claims, "family_name"), self._text(claims, "given_names")
        display = (
            f"{given} {family}".strip() if given and family else self._text(claims, "display_name") or family
        )
        if not display:
            raise SignInError(SignInFault.BAD_TOKEN, "no name in the claims")
        return IdentifiedPerson(personal_id, family, given, display)

    def _require_checked(self, claims: Mapping[str, Any]) -> None:
        """Whether the code is in force and the person alive; a provider that tells nothing has seen to it."""
        told = [claims[name] for name in self.names.get("register_checked", ()) if name in claims]
        if any(value is not True and str(value).lower() != "true" for value in told):
            raise SignInError(SignInFault.REGISTER_UNREAD, "the population register was not read")

    def _text(self, claims: Mapping[str, Any], fact: str) -> str:
        for name in self.names.get(fact, ()):
            value = claims.get(name)
            if isinstance(value, str) and value.strip():
                return value.strip()[:_LONGEST_NAME]
        return ""


def _as_names(table: str, fact: str, given: object) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not names or not all(isinstance(n, str) and n for n in names):
        raise ClaimTableError(f"claim table {table!r}: {fact} must be a claim name or a list of them")
    return tuple(names)
