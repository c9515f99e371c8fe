"""Mandate themes of Suomi.fi and what they stand for here: configuration, as the addresses are not public."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path


class MandateKind(StrEnum):
    """How a mandate is held."""

    OWN = "own"
    """For the official's own organisation (asiointivaltuus)."""
    REPRESENTATION = "representation"
    """For an organisation that has mandated the official's own (edustamisvaltuus)."""


class ThemeMapError(ValueError):
    """The theme map is missing or malformed; the message says what and where."""


@dataclass(frozen=True)
class ThemeMap:
    """What each theme address stands for.

    ``mandates`` gives mandate code and kind; ``mistaken`` names themes of other services that are
    granted by mistake.
    """

    mandates: Mapping[str, tuple[str, MandateKind]]
    mistaken: Mapping[str, str]

    @classmethod
    def load(cls, path: Path | None = None) -> ThemeMap:
        """The map at ``path``, or the package's own.

        Raises:
            ThemeMapError: unreadable, an unknown member or kind, an address twice.
        """
        source = path or files("kelmu.identity.mandates") / "data" / "mandates.toml"
        try:
            tables = tomllib.loads(source.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise ThemeMapError("the mandate themes cannot be read as TOML") from None
        if unknown := set(tables) - {"mandate", "mistaken"}:
            raise ThemeMapError(f"the mandate themes have unknown tables: {', '.join(sorted(unknown))}")
        mandates: dict[str, tuple[str, MandateKind]] = {}
        for number, entry in enumerate(tables.get("mandate", []), start=1):
            uri, code, kind = _entry(entry, ("uri", "code", "kind"), f"mandate {number}")
            if uri in mandates:
                raise ThemeMapError(f"mandate {number}: the address is given twice")
            mandates[uri] = (code, _kind(kind, number))
        mistaken: dict[str, str] = {}
        for number, entry in enumerate(tables.get("mistaken", []), start=1):
            uri, code = _entry(entry, ("uri", "code"), f"mistaken {number}")
            mistaken[uri] = code
        if not mandates:
            raise ThemeMapError("the mandate themes name no mandate")
        if overlap := set(mistaken) & set(mandates):
            raise ThemeMapError(f"{len(overlap)} address(es) are both a mandate and a mistaken one")
        return cls(mandates, mistaken)

    def codes(self) -> frozenset[str]:
        """Every mandate code the map can give."""
        return frozenset(code for code, _ in self.mandates.values())


def _entry(entry: object, names: tuple[str, ...], where: str) -> tuple[str, ...]:
    if not isinstance(entry, dict) or set(entry) != set(names):
        raise ThemeMapError(f"{where}: expected exactly {', '.join(names)}")
    values = tuple(entry[name] for name in names)
    if not all(isinstance(value, str) and value for value in values):
        raise ThemeMapError(f"{where}: every value must be a text")
    return values


def _kind(text: str, number: int) -> MandateKind:
    try:
        return MandateKind(text)
    except ValueError:
        raise ThemeMapError(f"mandate {number}: kind must be own or representation") from None
