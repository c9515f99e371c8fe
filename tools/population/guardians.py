"""Who acts for whom: the parents for a minor, a relative or an office for an adult under guardianship."""

from __future__ import annotations

import numpy as np
import polars as pl

from tools.population.days import OPEN, Ints
from tools.population.decisions import Numbers, text_of
from tools.population.people import YEAR, Flags
from tools.population.spells import Life
from tools.population.tables import GUARDIANSHIP_OFFICE, as_day, with_ids

_OF_AGE = 18
_KINDS = ("custodian", "guardian")
_CUSTODIAN, _GUARDIAN = range(2)


def guardianship_rows(
    life: Life, under_guardianship: pl.Series, numbers: Numbers, person_ids: Ints
) -> pl.DataFrame:
    """Rows of ``register.guardianship``, each person's together."""
    people = life.people
    minor = people.alive & (people.age() < _OF_AGE)
    guarded = people.alive & ~minor & under_guardianship.to_numpy()
    parts = [
        *(
            _rows(life, np.flatnonzero(minor), parent, _CUSTODIAN)
            for parent in (people.mother, people.father)
        ),
        _rows(life, np.flatnonzero(guarded), _relatives(life, guarded), _GUARDIAN),
    ]
    frame = pl.concat(parts).sort("person", maintain_order=True)
    guardian = frame["guardian"].to_numpy()
    ids = np.where(guardian >= 0, person_ids[np.maximum(guardian, 0)], -1)
    frame = frame.with_columns(
        guardianship_number=numbers.guardianships(frame.height),
        guardian_kind=text_of(_KINDS, frame["kind"].to_numpy()),
        guardian_person_id=pl.Series(ids),
        guardian_name=pl.when(pl.col("guardian") < 0).then(pl.lit(GUARDIANSHIP_OFFICE)),
        valid_to=pl.lit(None, dtype=pl.Date),
    ).with_columns(guardian_person_id=pl.when(pl.col("guardian") >= 0).then("guardian_person_id"))
    return with_ids(frame, person_ids).select(
        "person_id", "guardianship_number", "guardian_kind", "guardian_person_id", "guardian_name",
        as_day("valid_from"), "valid_to",
    )  # fmt: skip


def _relatives(life: Life, guarded: Flags) -> Ints:
    """A third have their partner for a guardian, or else the mother, if alive; the rest an office."""
    people = life.people
    relative = np.where(people.partner >= 0, people.partner, people.mother)
    able = (relative >= 0) & people.alive[relative] & ~guarded[relative] & (people.age()[relative] >= _OF_AGE)
    return np.where(able & (np.arange(people.count) % 3 == 0), relative, -1)


def _rows(life: Life, who: Ints, guardian: Ints, kind: int) -> pl.DataFrame:
    """A custodian since the birth, a guardian since some years after coming of age; a dead parent is none."""
    people = life.people
    start = people.birth[who]
    if kind == _CUSTODIAN:
        who = who[(guardian[who] >= 0) & (people.death[guardian[who]] == OPEN)]
        start = people.birth[who]
    else:
        start = np.minimum(start + int(_OF_AGE * YEAR) + 100 + who % 3000, life.as_of - 1)
    return pl.DataFrame(
        {"person": who, "guardian": guardian[who], "kind": np.full(who.size, kind), "valid_from": start}
    )
