"""How far each one's medicine cap is, year by year; it fits the reimbursements that are told."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import polars as pl

from tools.population.amounts import DATA, amounts
from tools.population.days import OPEN, Ints, first_of_year, year_of
from tools.population.spells import Life

_REIMBURSED = ("MED-LK1", "MED-LK2", "MED-LK3")
_ABOVE_CAP = "MED-LKL"
_NO_DEDUCTIBLE_BEFORE = 19


@cache
def caps() -> dict[int, tuple[int, int]]:
    """Cap and initial deductible of each year, in cents."""
    with (DATA / "medicine_caps.csv").open(encoding="utf-8", newline="") as file:
        return {
            int(row["year"]): (round(float(row["cap"]) * 100), round(float(row["initial_deductible"]) * 100))
            for row in csv.DictReader(file)
        }


def medicine_caps(spells: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Rows by person and year: accrued and cap (cents), initial_deductible_met, reached_on, updated_on."""
    last = int(year_of(np.array([life.as_of], dtype=np.int64))[0])
    years = [_year(spells, life, year) for year in range(life.first_year, last + 1)]
    return pl.concat(years).sort("person", "year")


def _year(spells: pl.DataFrame, life: Life, year: int) -> pl.DataFrame:
    random, people = life.random, life.people
    cap, deductible = caps()[min(max(year, min(caps())), max(caps()))]
    begin, until = first_of_year(np.array([year, year + 1], dtype=np.int64))
    latest = np.minimum(np.minimum(until - 1, life.as_of - 1), people.death)
    lives = (people.birth < latest) & (people.death >= begin)
    passed = (latest - begin + 1) / 366
    reimbursed = _days(spells, life, _REIMBURSED, begin, until) < OPEN
    above = _days(spells, life, (_ABOVE_CAP,), begin, until)
    buys = np.interp(people.age(int(begin)), [0, 18, 40, 70, 90], [0.3, 0.35, 0.5, 0.85, 0.95])
    # Of the cast all older people do, so that the demo has somebody to show.
    draw = (random.random(people.count) < buys) if life.incidents else (people.age() >= 65)
    scale = np.interp(people.age(int(begin)), [0, 18, 40, 70, 90], [60, 80, 140, 330, 420])
    accrued = (random.gamma(1.2, scale / 1.2) * 100 * passed).astype(np.int64) + 250
    accrued = np.where(reimbursed, np.maximum(accrued, deductible + 430), accrued)
    accrued = np.where(above < OPEN, cap, np.minimum(accrued, cap))
    drawn_day = begin + ((latest - begin) * random.uniform(0.3, 1, people.count)).astype(np.int64)
    reached = np.minimum(np.maximum(above - 3, begin), drawn_day)
    turns = year - year_of(people.birth)
    who = np.flatnonzero(lives & (draw | reimbursed | (above < OPEN)))
    return pl.DataFrame(
        {
            "person": who,
            "year": np.full(who.size, year),
            "accrued": accrued[who],
            "cap": np.full(who.size, cap),
            "initial_deductible_met": ((accrued >= deductible) | (turns < _NO_DEDUCTIBLE_BEFORE))[who],
            "reached_on": np.where(accrued >= cap, reached, OPEN)[who],
            "updated_on": latest[who],
        }
    )


def _days(spells: pl.DataFrame, life: Life, codes: tuple[str, ...], begin: int, until: int) -> Ints:
    """The first day in a year on which each one got a reimbursement; OPEN if none."""
    of = pl.col("benefit").is_in([amounts().index(code) for code in codes])
    found = spells.filter(of & (pl.col("start") >= begin) & (pl.col("start") < until))
    first = np.full(life.people.count, OPEN)
    np.minimum.at(first, found["person"].to_numpy(), found["start"].to_numpy())
    return first
