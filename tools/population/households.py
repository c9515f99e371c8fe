"""Whom a decision is about besides the client: a household, children of a benefit for them."""

from __future__ import annotations

import numpy as np
import polars as pl

from tools.population.days import OPEN, Ints
from tools.population.people import YEAR
from tools.population.spells import Life

MEMBER_COLUMNS = ("person", "decision_number", "member", "member_role")
_ASSISTANCE, _CHILD_BENEFIT = "SOC-PER", "FAM-LL"
_CHILD_CARE = ("FAM-KHT-R", "FAM-KHT-L", "FAM-KHT-K", "FAM-JHR")
_UNDER_THREE = int(3 * YEAR)
_ADULT, _TOO_OLD = int(18 * YEAR), int(17 * YEAR)


def members(decisions: pl.DataFrame, calculations: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Rows of ``MEMBER_COLUMNS``: spouse and children on the first day a decision is valid.

    Args:
        decisions: with ``person``, ``decision_number``, ``benefit_code`` and ``valid_from``.
        calculations: decisions of assistance outside it granted nothing and have no members.
        life: the chunk.
    """
    granted = pl.col("decision_number").is_in(calculations["decision_number"].implode())
    assistance = decisions.filter((pl.col("benefit_code") == _ASSISTANCE) & granted)
    benefit = decisions.filter((pl.col("benefit_code") == _CHILD_BENEFIT) & pl.col("amount").is_not_null())
    at_home = _of(assistance, _children(life.homes.household, life), life, _ADULT)
    raised = _of(benefit, _children(life.homes.custodian, life), life, _TOO_OLD)
    care = decisions.filter(pl.col("benefit_code").is_in(_CHILD_CARE) & pl.col("amount").is_not_null())
    cared_for = _of(care, _children(life.homes.custodian, life), life, _UNDER_THREE)
    parts = [_spouses(assistance, life), at_home, raised, cared_for]
    return pl.concat(parts).sort("person", "decision_number", "member_role", "member")


def household(person: Ints, day: Ints, life: Life) -> tuple[Ints, Ints]:
    """Adults and children of the household each person heads, on each day."""
    asked = pl.DataFrame({"person": person, "decision_number": np.arange(person.size), "valid_from": day})
    found = _of(asked, _children(life.homes.household, life), life, _ADULT)
    children = np.bincount(found["decision_number"].to_numpy(), minlength=person.size)
    return 1 + _lives_with_partner(person, day, life).astype(np.int64), children.astype(np.int64)


def _children(of: Ints, life: Life) -> pl.DataFrame:
    """Who is a child in whose home (``of``: the place of the grown-up for each person, -1 for none)."""
    child = np.flatnonzero((of >= 0) & (of != np.arange(of.size)) & (life.people.age() < 30))
    return pl.DataFrame({"person": of[child], "member": child})


def _of(decisions: pl.DataFrame, children: pl.DataFrame, life: Life, until: int) -> pl.DataFrame:
    """The children of each decision's person, born before its first day, alive and younger than that."""
    people = life.people
    rows = decisions.select("person", "decision_number", "valid_from").join(
        children, on="person", maintain_order="left"
    )
    child, day = rows["member"].to_numpy(), rows["valid_from"].to_numpy()
    born = people.birth[child]
    there = (born <= day) & (day < born + until) & (people.death[child] > day)
    # Partners come after children in a home: nobody's own partner is her child.
    there &= people.partner[rows["person"].to_numpy()] != child
    return rows.filter(pl.Series(there)).select(
        "person", "decision_number", "member", pl.lit("child").alias("member_role")
    )


def _spouses(decisions: pl.DataFrame, life: Life) -> pl.DataFrame:
    person, day = decisions["person"].to_numpy(), decisions["valid_from"].to_numpy()
    together = decisions.filter(pl.Series(_lives_with_partner(person, day, life)))
    partner = life.people.partner[together["person"].to_numpy()]
    return together.select(
        "person", "decision_number", pl.Series("member", partner), pl.lit("spouse").alias("member_role")
    )


def _lives_with_partner(person: Ints, day: Ints, life: Life) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    partner = life.people.partner[person]
    there = (partner >= 0) & (life.people.partner_from[person] <= day)
    death = np.where(partner >= 0, life.people.death[partner], OPEN)
    return np.asarray(there & (death > day))
