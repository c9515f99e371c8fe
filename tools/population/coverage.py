"""Who belongs to social security and sickness insurance in Finland, and cards and certificates of it."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from tools.population.days import OPEN, Ints, number
from tools.population.decisions import text_of
from tools.population.spells import Life

GROUNDS = ("residence", "work", "eu")
_SICKNESS_INSURANCE = number(date(1964, 9, 1))
_KELA_CARD = number(date(1995, 1, 1))
_TWO_YEARS = 730


def coverages(life: Life, persons: pl.DataFrame, insured_abroad: pl.DataFrame) -> pl.DataFrame:
    """Rows: person, coverage_kind, ground, country, valid_from, valid_to.

    Args:
        life: the chunk.
        persons: with ``residence_ground``.
        insured_abroad: person, country and start of those whose care another country pays for.
    """
    start, end = _belongs(life)
    came = persons["residence_ground"].fill_null("")
    ground = np.where(came == "work", 1, np.where(came == "eu_registration", 2, 0))
    card = np.maximum(np.where(life.homes.immigrated < OPEN, start + 40, start), _KELA_CARD)
    everybody = np.arange(life.people.count)
    parts = [
        _rows("social_security", everybody, start, end, ground=ground, country="FI"),
        _rows("sickness_insurance", everybody, start, end, ground=ground, country="FI"),
        _rows("kela_card", everybody, card, end),
        _health_cards(life, start, end),
        _posted(life, end),
        _certificates(insured_abroad, end),
    ]
    return (
        pl.concat(parts)
        .filter(pl.col("valid_from") <= pl.col("valid_to"))
        .sort("person", "coverage_kind", "valid_from")
    )


def _belongs(life: Life) -> tuple[Ints, Ints]:
    """First and last day of belonging: from birth or arrival to death or departure."""
    homes, people = life.homes, life.people
    start = np.where(homes.immigrated < OPEN, homes.immigrated, people.birth)
    return np.maximum(start, _SICKNESS_INSURANCE), np.minimum(people.death, homes.left_country)


def _rows(  # noqa: PLR0913 - a row has that many facts
    kind: str, person: Ints, start: Ints, end: Ints, *, ground: Ints | None = None, country: str | None = None
) -> pl.DataFrame:
    grounds = np.full(person.size, -1) if ground is None else ground
    return pl.DataFrame({"person": person, "valid_from": start, "valid_to": end}).select(
        "person",
        pl.lit(kind).alias("coverage_kind"),
        text_of(GROUNDS, grounds).alias("ground"),
        pl.lit(country, dtype=pl.String).alias("country"),
        "valid_from",
        "valid_to",
    )


def _health_cards(life: Life, start: Ints, end: Ints) -> pl.DataFrame:
    """European health insurance cards of two years; of some the one before, and some are out of date."""
    random = life.random
    who = np.flatnonzero(life.chance(0.62 if life.incidents else 1.0))
    late = (random.random(who.size) < 0.12 * life.incidents) * 800
    given = life.as_of - life.days(5, _TWO_YEARS - 5, who.size) - late
    given = np.maximum(given, start[who])
    until = np.minimum(given + _TWO_YEARS - 1, end[who])
    earlier = np.flatnonzero(random.random(who.size) < 0.4)
    first = np.maximum(given[earlier] - _TWO_YEARS, start[who[earlier]])
    last = np.minimum(given[earlier] - 1, end[who[earlier]])
    return pl.concat([_rows("ehic", who, given, until), _rows("ehic", who[earlier], first, last)])


def _posted(life: Life, end: Ints) -> pl.DataFrame:
    """A few work abroad for a time and stay insured here."""
    age = life.people.age()
    who = np.flatnonzero((age >= 24) & (age < 60) & life.chance(0.0015 * life.incidents))
    start = life.as_of - life.days(30, 900, who.size)
    until = np.minimum(start + life.days(180, _TWO_YEARS, who.size), end[who])
    return _rows("posted_worker", who, start, until, ground=np.ones(who.size, dtype=np.int64), country="FI")


def _certificates(insured_abroad: pl.DataFrame, end: Ints) -> pl.DataFrame:
    who = insured_abroad["person"].to_numpy()
    ground = np.full(who.size, GROUNDS.index("eu"))
    rows = _rows("care_certificate", who, insured_abroad["start"].to_numpy(), end[who], ground=ground)
    return rows.with_columns(insured_abroad["country"])
