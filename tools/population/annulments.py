"""Decisions that turned out wrong: annulled before anything was paid, with another in their place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tools.population.days import BankingDays, Ints
from tools.population.decisions import Numbers

_ONE_IN = 260


@dataclass
class Decided:
    """Decisions and the reckonings of those that have one; days are numbers, amounts cents."""

    decisions: pl.DataFrame
    calculations: pl.DataFrame


def drawn_annulments(decisions: pl.DataFrame) -> Ints:
    """How many decisions were annulled before each decision: for a few, one."""
    place = np.arange(decisions.height)
    chosen = (place * 7919 + decisions["person"].to_numpy() * 131) % _ONE_IN == 0
    return np.where(chosen & _replaceable(decisions), 1, 0)


def told_annulments(decisions: pl.DataFrame, told: pl.DataFrame) -> Ints:
    """How many were annulled before the last decision of each person and benefit of ``told``."""
    last = decisions.with_row_index("place").filter(pl.Series(_replaceable(decisions)))
    last = last.sort("decided_on", maintain_order=True).group_by("person", "benefit_code").last()
    found = told.join(last.select("person", "benefit_code", "place"), on=["person", "benefit_code"])
    times = np.zeros(decisions.height, dtype=np.int64)
    times[found["place"].to_numpy()] = found["times"].to_numpy()
    return times


def _replaceable(decisions: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    gives = pl.col("amount").is_not_null() & pl.col("replaces_number").is_null() & (pl.col("amount") > 1000)
    return decisions.select(gives).to_series().to_numpy()


def with_annulled(known: Decided, times: Ints, banking: BankingDays, numbers: Numbers) -> Decided:
    """Put annulled decisions before those they were replaced by, so many before each.

    The one that holds keeps its number, its payments and the day it was made; each before it was made
    some days earlier, gave less, and was annulled on the day the next was made.
    """
    count = int(times.max(initial=0))
    decisions, calculations = known.decisions, known.calculations
    for _ in range(count):
        place = np.flatnonzero(times > 0)
        number = numbers.decisions(place.size)
        later = decisions[place]
        wrong = _wrong(later, number, banking)
        holds = later.with_columns(replaces_number=number)
        decisions = pl.concat([decisions.filter(pl.Series(times == 0)), holds, wrong])
        calculations = pl.concat([calculations, _reckoned(calculations, later, wrong)])
        # Only what was just put in has others before it.
        times = np.r_[np.zeros(decisions.height - place.size, dtype=np.int64), times[place] - 1]
    return Decided(decisions, calculations)


def _wrong(later: pl.DataFrame, number: pl.Series, banking: BankingDays) -> pl.DataFrame:
    on = later["decided_on"].to_numpy()
    before = banking.on_or_before(on - 9 - (np.arange(on.size) * 5) % 12)
    return later.with_columns(
        decision_number=number,
        decided_on=pl.Series(before),
        amount=pl.col("amount") * 4 // 5,
        annulled_on=pl.Series(on),
        appeal_until=pl.Series(banking.on_or_after(before + 37)),
        replaces_number=pl.lit(None, dtype=pl.String),
    )


def _reckoned(calculations: pl.DataFrame, later: pl.DataFrame, wrong: pl.DataFrame) -> pl.DataFrame:
    """The reckoning of a wrong decision: as much more income as it gave less."""
    both = pl.DataFrame(
        {
            "decision_number": later["decision_number"],
            "wrong_number": wrong["decision_number"],
            "less": later["amount"] - wrong["amount"],
        }
    )
    found = calculations.join(both, on="decision_number", maintain_order="left")
    return found.with_columns(
        decision_number=pl.col("wrong_number"), income=pl.col("income") + pl.col("less")
    ).select(calculations.columns)
