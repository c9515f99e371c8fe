"""Spells: that somebody receives a benefit from a day to a day, and how that becomes pieces.

A piece is a part of a spell over which the amount stays the same; it is what one decision grants.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from tools.population.amounts import amounts
from tools.population.days import OPEN, Ints, first_of, first_of_year, last_of, month_of, year_of
from tools.population.homes import Homes
from tools.population.people import People

PAYEE_KINDS = (
    "client", "spouse", "guardian", "county", "municipality", "employer", "landlord", "care_provider",
)  # fmt: skip
CLIENT, GUARDIAN, COUNTY, LANDLORD = 0, 2, 3, 6
MONTH, DAY, LUMP_SUM, REIMBURSEMENT = range(4)


@dataclass
class Life:
    """What benefit rules look at: a chunk of people, their homes, and the time told about.

    Days from ``since`` on have payments; the amounts of a year count from ``first_year``. ``incidents``:
    payments go wrong now and then, and some have deductions.
    """

    random: np.random.Generator
    people: People
    homes: Homes
    since: int
    incidents: bool = True

    @property
    def as_of(self) -> int:
        """The day the register is made for."""
        return self.people.as_of

    @property
    def first_year(self) -> int:
        """The first calendar year that is told about."""
        return int(year_of(np.array([self.since], dtype=np.int64))[0])

    def chance(self, probability: float | npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Draw yes or no for everybody."""
        return np.asarray(self.random.random(self.people.count) < probability)

    def days(self, low: float, high: float, count: int) -> Ints:
        """Draw whole days evenly from low to high."""
        return np.floor(self.random.uniform(low, high, count)).astype(np.int64)


@dataclass
class SpellBook:
    """Collects spells."""

    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(  # noqa: PLR0913 - a spell has that many facts
        self,
        code: str,
        person: Ints,
        start: Ints,
        end: Ints,
        *,
        cents: Ints | int = 0,
        permille: Ints | int = 1000,
        payee: Ints | int = CLIENT,
        payee_person: Ints | int = -1,
        child: Ints | int = -1,
        recovery: Ints | int = 0,
        enforcement: Ints | int = 0,
    ) -> None:
        """Add spells of one benefit, days inclusive.

        Args:
            code: the benefit.
            person: places in the chunk.
            start: first days.
            end: last days, OPEN while there is none.
            cents: the amount of one unit; 0 takes the usual amount of each year.
            permille: that much of the usual amount.
            payee: who gets the money, a place in ``PAYEE_KINDS``.
            payee_person: the place of the payee if a person of the chunk, else -1.
            child: the place of the child whose maintenance it stands for, else -1.
            recovery: cents kept back from each payment.
            enforcement: cents of each payment to the enforcement authority.
        """
        columns = {
            "person": person, "start": start, "end": end, "cents": cents, "permille": permille,
            "payee": payee, "payee_person": payee_person, "child": child, "recovery": recovery,
            "enforcement": enforcement,
        }  # fmt: skip
        size = person.size
        frame = pl.DataFrame({name: np.broadcast_to(value, size) for name, value in columns.items()})
        benefit = pl.lit(amounts().index(code), dtype=pl.Int64).alias("benefit")
        self.parts.append(frame.with_columns(pl.all().cast(pl.Int64), benefit))

    def spells(self) -> pl.DataFrame:
        """All spells added."""
        return pl.concat(self.parts)


def clipped(spells: pl.DataFrame, people: People, since: int) -> pl.DataFrame:
    """Spells within their benefit's and their person's life; those over before ``since`` are dropped.

    A monthly benefit runs from the first to the last day of a month, to the end of the month of
    death; a daily one to the day of death.
    """
    table = amounts()
    benefit, person = spells["benefit"].to_numpy(), spells["person"].to_numpy()
    monthly = table.unit[benefit] == MONTH
    start = np.maximum(spells["start"].to_numpy(), table.valid_from[benefit])
    start = np.maximum(start, people.birth[person])
    first = first_of(month_of(start))
    start = np.where(monthly & (start > first), first_of(month_of(start) + 1), start)
    death = people.death[person]
    known = death < OPEN
    last = death.copy()
    last[known & monthly] = last_of(month_of(death[known & monthly]))
    end = np.minimum(np.minimum(spells["end"].to_numpy(), table.valid_to[benefit]), last)
    ends = monthly & (end < OPEN)
    end[ends] = np.where(
        last_of(month_of(end[ends])) == end[ends], end[ends], last_of(month_of(end[ends]) - 1)
    )
    return spells.with_columns(start=pl.Series(start), end=pl.Series(end)).filter(
        (pl.col("start") <= pl.col("end")) & (pl.col("end") >= since) & (pl.col("start") <= people.as_of)
    )


def with_deductions(spells: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Add ``others`` (thousandths paid to others by a claim), and for a few recovery and enforcement."""
    size = spells.height
    draw = life.random.random(size)
    sums = life.random.integers(20, 62, size) * 100
    table = amounts()
    regular = (table.unit <= DAY)[spells["benefit"].to_numpy()] & life.incidents
    taxed = regular & (table.tax_percent > 0)[spells["benefit"].to_numpy()]
    return spells.with_columns(
        recovery=pl.col("recovery") + pl.Series(np.where(regular & (draw < 0.012), sums, 0)),
        enforcement=pl.col("enforcement") + pl.Series(np.where(taxed & (draw > 0.99), sums, 0)),
        others=pl.Series(np.where(regular & (draw > 0.5) & (draw < 0.504), 150, 0)),
    )


def pieces_of(spells: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Split spells where a new year changes the amount.

    Adds ``spell`` (its number), ``piece`` (its place in what is told of the spell, from 0), ``begins`` (the
    spell itself begins with it) and the amount in ``cents``.
    """
    table = amounts()
    years = year_of(np.minimum(spells["end"].to_numpy(), life.as_of))
    begin = year_of(spells["start"].to_numpy())
    fixed = (spells["cents"].to_numpy() > 0) | (table.unit[spells["benefit"].to_numpy()] >= LUMP_SUM)
    first = np.where(fixed, begin, np.maximum(begin, life.first_year))
    count = np.where(fixed, 1, years - first + 1)
    place = np.repeat(np.arange(spells.height), count)
    year = first[place] + np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)
    whole = spells[place]
    benefit = whole["benefit"].to_numpy()
    usual = table.of_year(benefit, year) * whole["permille"].to_numpy() // 1000
    cents = np.where(fixed[place], whole["cents"].to_numpy(), usual)
    cents = np.where(cents > 0, cents, usual)
    last_year = (year == years[place]) | fixed[place]
    start = np.maximum(whole["start"].to_numpy(), np.where(fixed[place], -OPEN, first_of_year(year)))
    end = np.where(last_year, whole["end"].to_numpy(), first_of_year(year + 1) - 1)
    frame = whole.with_columns(
        spell=pl.Series(place),
        cents=pl.Series(cents),
        begins=pl.Series(start == whole["start"].to_numpy()),
        start=pl.Series(start),
        end=pl.Series(end),
    )
    return _joined(frame)


def _joined(pieces: pl.DataFrame) -> pl.DataFrame:
    """Join neighbours of a spell that have the same amount, and number what remains."""
    changed = (pl.col("cents") != pl.col("cents").shift(1)) | (pl.col("spell") != pl.col("spell").shift(1))
    same = [name for name in pieces.columns if name not in {"start", "end"}]
    return (
        pieces.with_columns(run=changed.fill_null(value=True).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(*(pl.col(name).first() for name in same), pl.col("start").first(), pl.col("end").last())
        .drop("run")
        .with_columns(piece=pl.int_range(pl.len()).over("spell"))
    )
