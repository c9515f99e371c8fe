"""Family links, both directions of each."""

from __future__ import annotations

import numpy as np
import polars as pl

from tools.population.days import OPEN, Ints
from tools.population.people import People

_COLUMNS = ("place", "relative", "relation", "valid_from", "valid_to")


def family_links(people: People) -> pl.DataFrame:
    """Links of a chunk: places of person and relative, relation, first and last day (OPEN: still)."""
    parts = [
        *_parents(people, people.mother),
        *_parents(people, people.father),
        _siblings(people),
        _spouses(people),
        _former(people),
        _co_parents(people),
    ]
    return pl.concat(parts).sort("place", "relation", "relative", "valid_from")


def _rows(place: Ints, relative: Ints, relation: str, start: Ints, end: Ints | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "place": place,
            "relative": relative,
            "relation": pl.repeat(relation, place.size, eager=True),
            "valid_from": start,
            "valid_to": np.full(place.size, OPEN) if end is None else end,
        }
    )


def _parents(people: People, parent: Ints) -> tuple[pl.DataFrame, pl.DataFrame]:
    child = np.flatnonzero(parent >= 0)
    born = people.birth[child]
    return _rows(child, parent[child], "parent", born), _rows(parent[child], child, "child", born)


def _siblings(people: People) -> pl.DataFrame:
    """Full and half siblings, since the birth of the younger."""
    pairs = []
    for parent in (people.mother, people.father):
        child = np.flatnonzero(parent >= 0)
        frame = pl.DataFrame({"parent": parent[child], "place": child, "born": people.birth[child]})
        pairs.append(
            frame.join(frame, on="parent", suffix="_other")
            .filter(pl.col("place") != pl.col("place_other"))
            .select("place", "place_other", start=pl.max_horizontal("born", "born_other"))
        )
    every = pl.concat(pairs).unique(["place", "place_other"], maintain_order=True)
    start = every["start"].to_numpy()
    return _rows(every["place"].to_numpy(), every["place_other"].to_numpy(), "sibling", start)


def _spouses(people: People) -> pl.DataFrame:
    one = np.flatnonzero(people.married & (people.partner >= 0))
    other = people.partner[one]
    end = np.minimum(people.death[one], people.death[other])
    return _rows(one, other, "spouse", people.partner_from[one], end)


def _former(people: People) -> pl.DataFrame:
    one = np.flatnonzero(people.former >= 0)
    return _rows(one, people.former[one], "spouse", people.former_from[one], people.former_to[one])


def _co_parents(people: People) -> pl.DataFrame:
    """Everybody who has a child together, married or not, since the first of them."""
    child = np.flatnonzero((people.mother >= 0) & (people.father >= 0))
    first = (
        pl.DataFrame(
            {"mother": people.mother[child], "father": people.father[child], "born": people.birth[child]}
        )
        .group_by("mother", "father", maintain_order=True)
        .agg(pl.col("born").min())
    )
    mother, father, born = (first[name].to_numpy() for name in ("mother", "father", "born"))
    return pl.concat([_rows(mother, father, "co_parent", born), _rows(father, mother, "co_parent", born)])
