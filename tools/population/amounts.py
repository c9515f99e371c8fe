"""What each benefit usually is: unit, payment day, tax and amount by year."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kelmu.benefits.catalogue import catalogue
from tools.population.days import OPEN, Ints, number

DATA = Path(__file__).with_name("data")
UNITS = ("month", "day", "lump_sum", "reimbursement")


@dataclass(frozen=True)
class Amounts:
    """The table of ``amounts.csv`` as arrays; a benefit is its place in ``codes``.

    ``cents[benefit, year - first_year]`` is the usual amount of one unit. ``valid_from`` and ``valid_to``
    are the days of the benefit catalogue, inclusive.
    """

    codes: tuple[str, ...]
    laws: tuple[str, ...]
    unit: Ints
    week: Ints
    payment_day: tuple[str, ...]
    tax_percent: Ints
    first_year: int
    cents: Ints
    valid_from: Ints
    valid_to: Ints

    def index(self, code: str) -> int:
        """The place of a benefit; ValueError if it has no amounts."""
        return self.codes.index(code)

    def of_year(self, benefits: Ints, years: Ints) -> Ints:
        """The usual amount of each benefit in each year; outside the table its first or last year."""
        place = np.clip(years - self.first_year, 0, self.cents.shape[1] - 1)
        return np.asarray(self.cents[benefits, place])

    def paid_by(self, rule: str) -> npt.NDArray[np.bool_]:
        """Which benefits have this payment day."""
        return np.array([name == rule for name in self.payment_day])


@cache
def amounts() -> Amounts:
    """Read the table."""
    with (DATA / "amounts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = [name for name in rows[0] if name.isdigit()]
    benefits = catalogue()
    known = [benefits[row["code"]] for row in rows]
    return Amounts(
        codes=tuple(row["code"] for row in rows),
        laws=tuple(benefit.law for benefit in known),
        unit=np.array([UNITS.index(row["unit"]) for row in rows], dtype=np.int64),
        week=np.array([int(row["week"] or 0) for row in rows], dtype=np.int64),
        payment_day=tuple(row["payment_day"] for row in rows),
        tax_percent=np.array([int(row["tax_percent"]) for row in rows], dtype=np.int64),
        first_year=int(years[0]),
        cents=np.array([_by_year([row[year] for year in years]) for row in rows], dtype=np.int64),
        valid_from=np.array([number(b.valid_from) if b.valid_from else -OPEN for b in known], dtype=np.int64),
        valid_to=np.array([number(b.valid_to) if b.valid_to else OPEN for b in known], dtype=np.int64),
    )


def _by_year(texts: list[str]) -> list[int]:
    """Cents of each year; a gap takes the year before, leading gaps the first that is given."""
    given = [round(float(text) * 100) if text else 0 for text in texts]
    first = next(cents for cents in given if cents)
    filled: list[int] = []
    for cents in given:
        filled.append(cents or (filled[-1] if filled else first))
    return filled
