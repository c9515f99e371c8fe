"""Maintenance that a parent has not paid: Kela pays support to the other parent and collects the debt."""

from __future__ import annotations

import numpy as np
import polars as pl

from tools.population.amounts import amounts
from tools.population.days import OPEN, BankingDays, month_of, year_of
from tools.population.spells import Life

_SUPPORT = "FAM-ET"


def collections(spells: pl.DataFrame, life: Life, banking: BankingDays) -> pl.DataFrame:
    """What liable parents owe: person, child, decided_on, arrears and monthly (cents), state.

    Each collection has its reason in a spell of maintenance support paid to the other parent.
    """
    support = spells.filter((pl.col("benefit") == amounts().index(_SUPPORT)) & (pl.col("child") >= 0))
    people = life.people
    child, custodian = support["child"].to_numpy(), support["person"].to_numpy()
    liable = np.where(people.mother[child] == custodian, people.father[child], people.mother[child])
    start, end = support["start"].to_numpy(), support["end"].to_numpy()
    decided = banking.on_or_after(np.maximum(start, life.since) + 25)
    collected = life.random.random(liable.size) < (0.85 if life.incidents else 1)
    keep = (liable >= 0) & (liable != custodian) & (people.death[liable] > decided)
    keep &= collected & (decided <= life.as_of)
    child, liable, start, end, decided = child[keep], liable[keep], start[keep], end[keep], decided[keep]
    monthly = amounts().of_year(
        np.full(liable.size, amounts().index(_SUPPORT)), year_of(np.minimum(end, life.as_of))
    )
    months = month_of(np.minimum(end, life.as_of)) - month_of(start) + 1
    unpaid = life.random.integers(15, 100, liable.size)
    dead = people.death[liable] < OPEN
    draw = life.random.random(liable.size) if life.incidents else np.zeros(liable.size)
    over = (end < life.as_of) & (draw > 0.6)
    state = np.select([dead, over, draw > 0.35], ["ended", "paid", "in_enforcement"], "open")
    return pl.DataFrame(
        {
            "person": liable, "child": child, "decided_on": decided,
            "arrears": np.where(over & ~dead, 0, monthly * months * unpaid // 100), "monthly": monthly,
            "state": state,
        }
    ).sort("person", "decided_on", "child")  # fmt: skip
