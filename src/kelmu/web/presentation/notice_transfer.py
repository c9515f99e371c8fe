"""Where a notice can be passed on to, and what has been passed on, as their pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from kelmu.web.presentation.inbox import Row
from kelmu.web.presentation.told import undo_until

_ALPHABET = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})


@dataclass(frozen=True, slots=True)
class Target:
    """A municipality to choose."""

    code: str
    name: str
    county: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class County:
    """The municipalities of a county, in the order of the alphabet."""

    name: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """Who serves a municipality without an agreement in force. Empty: nobody does, or no address is known."""

    name: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A notice that was passed on. ``minutes`` and ``until``: how long it can be taken back; 0: no longer."""

    row: Row
    version: int
    until: datetime
    minutes: int


def in_alphabet(name: str) -> str:
    """The key by which names follow each other in Finnish and Swedish: å, ä and ö are the last letters."""
    return name.casefold().translate(_ALPHABET)


def counties_of(targets: Iterable[Target]) -> tuple[County, ...]:
    """The municipalities under their counties, both in the order of the alphabet."""
    ordered = sorted(targets, key=lambda each: (in_alphabet(each.county), in_alphabet(each.name)))
    return tuple(County(name, tuple(each)) for name, each in groupby(ordered, lambda each: each.county))


def moved_of(row: Row, version: int, *, own: bool, now: datetime) -> Moved:
    """A row that was passed on. ``own``: by this official in this session, nothing done since."""
    until, minutes = undo_until(row.arrived_at, now)
    return Moved(row, version, until, minutes if own else 0)
