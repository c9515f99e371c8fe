"""The benefit catalogue: typed, read strictly from ``data/benefits.csv``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from kelmu.core.data_files import Row, read_rows
from kelmu.core.names import Named
from kelmu.core.period import Period

EVERY = "*"
CLAIMABLE = "claimable"

FILE_NAME = "benefits.csv"
_COLUMNS = (
    "code", "heading", "name_fi", "name_sv", "name_en", "law", "unit", "claim_grounds", "written_basis",
    "health", "valid_from", "valid_to",
)  # fmt: skip
_CODE = re.compile(r"[A-Z]{3}(-[A-Z0-9]+)+")


class ClaimGround(StrEnum):
    """The statute a payment claim can rest on."""

    SOCIAL_ASSISTANCE_ACT = "sta23"
    CLIENT_FEE_ACT = "cfa14"


class Unit(StrEnum):
    """What one amount of a benefit is for."""

    MONTH = "m"
    BENEFIT_DAY = "d"
    LUMP_SUM = "1"
    REIMBURSEMENT = "r"
    SERVICE = "s"
    GUARANTEE = "g"
    VOUCHER = "v"
    TAX = "t"
    NONE = "-"


class UnknownBenefitError(KeyError):
    """No benefit has that code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit(Named):
    """One benefit as the catalogue has it for a time (days inclusive; None: not known, or still in force).

    ``health`` is true of benefits that tell of illness or treatment.
    """

    code: str
    heading: str
    law: str
    unit: Unit
    claim_grounds: frozenset[ClaimGround]
    written_basis: str
    health: bool
    valid_from: date | None
    valid_to: date | None

    @property
    def period(self) -> Period:
        """The time this line holds for; an unknown start counts as always."""
        return Period(self.valid_from or date.min, self.valid_to)


@dataclass(frozen=True)
class Catalogue:
    """Every benefit by its code, in the order of the file."""

    _lines: Mapping[str, tuple[Benefit, ...]] = field(repr=False)

    def __getitem__(self, code: str) -> Benefit:
        """The benefit as its latest line has it.

        Raises:
            UnknownBenefitError: no benefit has that code.
        """
        try:
            return self._lines[code][-1]
        except KeyError:
            raise UnknownBenefitError(code) from None

    def __contains__(self, code: object) -> bool:
        return code in self._lines

    def __iter__(self) -> Iterator[Benefit]:
        return (lines[-1] for lines in self._lines.values())

    def __len__(self) -> int:
        return len(self._lines)

    def codes(self) -> tuple[str, ...]:
        """All codes, in the order of the file."""
        return tuple(self._lines)

    def name(self, code: str, language: str, on: date | None = None) -> str:
        """The name of a benefit, as it was called on a day if one is given (see ``Named.name``).

        Raises:
            UnknownBenefitError: no benefit has that code.
        """
        latest = self[code]
        lines = self._lines[code] if on else ()
        return next((line for line in lines if on and line.period.contains(on)), latest).name(language)

    def lines(self, code: str) -> tuple[Benefit, ...]:
        """All lines of a code, the earliest first."""
        return self._lines[self[code].code]

    def matching(self, tokens: Iterable[str]) -> frozenset[str]:
        """The codes a scope stands for: ``*``, ``claimable``, prefixes of whole dash-separated parts, codes.

        A benefit with ``health`` is reached only by its full code or by ``claimable``.

        Raises:
            UnknownBenefitError: a token stands for no benefit.
        """
        return frozenset[str]().union(*(self._reached_by(token) for token in tokens))

    def _reached_by(self, token: str) -> frozenset[str]:
        reached = frozenset(benefit.code for benefit in self if _reaches(token, benefit))
        if not reached:
            raise UnknownBenefitError(token)
        return reached


def _reaches(token: str, benefit: Benefit) -> bool:
    if token == CLAIMABLE:
        return bool(benefit.claim_grounds)
    if token == benefit.code:
        return True
    return not benefit.health and (token == EVERY or benefit.code.startswith(f"{token}-"))


def data_file() -> Traversable:
    """The catalogue's file in this package."""
    return files("kelmu.benefits") / "data" / FILE_NAME


@cache
def catalogue() -> Catalogue:
    """The catalogue this package carries, read once."""
    return load_catalogue(data_file())


def load_catalogue(file: Traversable) -> Catalogue:
    """Read a catalogue.

    Raises:
        DataFileError: with file and line: a code of the wrong shape, an empty name in any language, an
            unknown unit or claim ground, lines of one code whose times overlap, stand in the wrong order
            or disagree on what policy rests on (``health``, ``claim_grounds``), or whatever ``read_rows``
            refuses.
    """
    lines: dict[str, list[Benefit]] = {}
    for row in read_rows(file, _COLUMNS):
        benefit = _benefit(row)
        earlier = lines.setdefault(benefit.code, [])
        if earlier:
            _check_succession(row, earlier[-1], benefit)
        earlier.append(benefit)
    return Catalogue({code: tuple(each) for code, each in lines.items()})


def _benefit(row: Row) -> Benefit:
    code = row.filled("code")
    if not _CODE.fullmatch(code):
        row.fail(f"{code!r} has not the shape of a benefit code")
    for ground in row.codes("claim_grounds"):
        if ground not in set(ClaimGround):
            row.fail(f"unknown claim ground {ground!r}")
    valid_from, valid_to = row.day("valid_from"), row.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        row.fail("ends before it starts")
    return Benefit(
        code=code,
        heading=row.filled("heading"),
        name_fi=row.filled("name_fi"),
        name_sv=row.filled("name_sv"),
        name_en=row.filled("name_en"),
        law=row["law"],
        unit=Unit(row.one_of("unit", set(Unit))),
        claim_grounds=frozenset(ClaimGround(ground) for ground in row.codes("claim_grounds")),
        written_basis=row["written_basis"],
        health=row.flag("health"),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _check_succession(row: Row, earlier: Benefit, later: Benefit) -> None:
    if earlier.period.overlaps(later.period):
        row.fail(f"overlapping validity: {later.code} has another line for some of these days")
    if later.period.start < earlier.period.start:
        row.fail(f"the lines of {later.code} must stand in the order of time")
    if (earlier.health, earlier.claim_grounds) != (later.health, later.claim_grounds):
        row.fail(f"the lines of {later.code} disagree on health or claim grounds")
