"""Who holds which mandates, as the file of the starter says, with what tests take away in mid-session."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stdnum.fi import hetu

_ARTIFICIAL = re.compile(r"[0-9]{6}[-+A-FU-Y]9[0-9]{2}[0-9A-Z]")


def is_artificial(code: str) -> bool:
    """Whether a text is a well-formed identity code that can belong to no real person (number 900 to 999)."""
    return bool(_ARTIFICIAL.fullmatch(code)) and hetu.is_valid(code, allow_temporary=True)


@dataclass(frozen=True)
class Held:
    """The mandates of one official in one organisation, as theme addresses."""

    business_id: str
    names: dict[str, str]
    roles: tuple[str, ...]
    representation: bool
    complete: bool


@dataclass
class MandateRegister:
    """The register as it stands now.

    ``revoked`` holds identity code, business id and mandate code (None: all of the organisation's).
    """

    held: dict[str, tuple[Held, ...]]
    themes: dict[tuple[str, str], str]
    revoked: set[tuple[str, str, str | None]] = field(default_factory=set)
    incomplete: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, cast: Path, themes: Path) -> MandateRegister:
        """Read the starter's file and the theme addresses.

        Raises:
            ValueError: a code that could be a real person's, or an unknown mandate.
        """
        addresses = _themes(themes)
        document = json.loads(cast.read_text(encoding="utf-8"))
        organisations = {o["key"]: o for o in document["organisations"]}
        held: dict[str, tuple[Held, ...]] = {}
        for person in document["persons"]:
            code = person.get("personal_id")
            if code is None:
                continue
            if not is_artificial(code):
                raise ValueError(f"person {person['key']}: the identity code is not artificial")
            held[code] = tuple(_held(right, organisations, addresses) for right in person["rights"])
        return cls(held, addresses)

    def of(self, code: str) -> list[Held]:
        """What the person holds now; organisations with nothing left are gone."""
        found = [self._present(code, one) for one in self.held.get(code, ())]
        return [one for one in found if one.roles]

    def revoke(self, code: str, business_id: str, mandate: str | None) -> None:
        """Take one mandate (a code) or all of an organisation away."""
        self.revoked.add((code, business_id, mandate))

    def _present(self, code: str, one: Held) -> Held:
        gone = {mandate for c, b, mandate in self.revoked if c == code and b == one.business_id}
        addresses = {uri for (mandate, _), uri in self.themes.items() if mandate in gone}
        roles = () if None in gone else tuple(role for role in one.roles if role not in addresses)
        complete = one.complete and one.business_id not in self.incomplete
        return Held(one.business_id, one.names, roles, one.representation, complete)


def _themes(path: Path) -> dict[tuple[str, str], str]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    themes = {(entry["code"], entry["kind"]): entry["uri"] for entry in tables["mandate"]}
    return themes | {(entry["code"], "own"): entry["uri"] for entry in tables.get("mistaken", [])}


def _held(right: dict[str, Any], organisations: dict[str, Any], themes: dict[tuple[str, str], str]) -> Held:
    organisation = organisations[right["organisation"]]
    kind = right["kind"]
    try:
        roles = tuple(m if m.startswith("http") else themes[m, kind] for m in right["mandates"])
    except KeyError as unknown:
        raise ValueError(f"no theme address for mandate {unknown}") from None
    names = {language: organisation[f"name_{language}"] for language in ("fi", "sv", "en")}
    return Held(organisation["business_id"], names, roles, kind == "representation", right["complete"])
