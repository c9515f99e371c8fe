"""Where people live, which language they speak, what they are called, and who is protected."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from tools.population.amounts import DATA
from tools.population.days import OPEN, Ints, first_of_year
from tools.population.people import YEAR, Flags, People

LANGUAGES = ("fi", "sv", "ru", "et", "ar", "so", "uk", "en", "fa")
_FOREIGN = 0.09
_PERTUNMAA, _MANTYHARJU = "588", "507"


@dataclass
class Homes:
    """For each person of a chunk: household (the place of its head), home, language and names."""

    household: Ints
    custodian: Ints
    municipality: Ints
    language: Ints
    family_name: Ints
    given_names: pl.Series
    moved: Ints
    moved_from: Ints
    immigrated: Ints
    protected_from: Ints
    protected_to: Ints
    left_country: Ints


@dataclass(frozen=True)
class Places:
    """Municipalities with their weight and share of Swedish speakers."""

    codes: tuple[str, ...]
    weights: np.ndarray[tuple[int], np.dtype[np.float64]]
    swedish: np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Names:
    """Names of three groups (Finnish, Swedish, other), one list after another, with where each starts."""

    family: tuple[str, ...]
    family_start: tuple[int, int, int, int]
    given: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@cache
def places() -> Places:
    """The weight table."""
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    weights = np.array([float(row["residents"]) for row in rows])
    return Places(
        codes=tuple(row["municipality_code"] for row in rows),
        weights=weights / weights.sum(),
        swedish=np.array([float(row["swedish_percent"]) for row in rows]) / 100,
    )


@cache
def names() -> Names:
    """The name lists."""
    groups = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
    lists = [groups[group]["family"] for group in ("fi", "sv", "other")]
    ends = np.cumsum([0, *(len(each) for each in lists)])
    return Names(
        family=tuple(name for each in lists for name in each),
        family_start=(int(ends[0]), int(ends[1]), int(ends[2]), int(ends[3])),
        given=tuple((tuple(groups[g]["female"]), tuple(groups[g]["male"])) for g in ("fi", "sv", "other")),
    )


def settle(random: np.random.Generator, people: People) -> Homes:
    """Give everybody a household, a home, a language and names."""
    custodian = _custodians(random, people)
    household = _households(random, people, custodian)
    origin = random.choice(len(places().codes), people.count, p=places().weights).astype(np.int64)
    home = _inherit(people.mother, origin, random.random(people.count) < 0.55)[household]
    language = _languages(random, people, home)
    moved, moved_from = _moves(random, people, household, home)
    protected_from, protected_to = _protection(random, people, household)
    foreign = language >= 2
    arrival = people.birth + (random.uniform(0, 40, people.count) * YEAR).astype(np.int64)
    immigrated = np.where(foreign & (arrival < people.as_of - 100), arrival, OPEN)
    left = (random.random(people.count) < 0.004) & people.alive & (people.age() >= 20)
    back = (random.uniform(0.1, 3, people.count) * YEAR).astype(np.int64)
    return Homes(
        household=household, custodian=custodian, municipality=home, language=language,
        family_name=_family_names(random, people, language),
        given_names=_given_names(random, people, language),
        moved=moved, moved_from=moved_from, immigrated=immigrated, protected_from=protected_from,
        protected_to=protected_to, left_country=np.where(left, people.as_of - back, OPEN),
    )  # fmt: skip


def _inherit(parent: Ints, value: Ints, takes: Flags) -> Ints:
    """A parent's value where ``takes``; four rounds, one a generation."""
    own = value.copy()
    takes = takes & (parent >= 0)
    for _ in range(4):
        own[takes] = own[parent[takes]]
    return own


def _custodians(random: np.random.Generator, people: People) -> Ints:
    """With whom a child lives: mother, else father; after parting sometimes the father."""
    alive = people.alive
    mother = np.where((people.mother >= 0) & alive[people.mother], people.mother, -1)
    father = np.where((people.father >= 0) & alive[people.father], people.father, -1)
    apart = (mother >= 0) & (father >= 0) & (people.partner[mother] != father)
    with_father = (mother < 0) | (apart & (random.random(people.count) < 0.15))
    return np.where(with_father & (father >= 0), father, mother)


def _households(random: np.random.Generator, people: People, custodian: Ints) -> Ints:
    """The head of each person's household: a couple's woman, else oneself; children follow."""
    head = np.arange(people.count)
    men = people.male & (people.partner >= 0)
    head[men] = people.partner[men]
    age = people.age()
    stays = (age < 18) | ((age < 21) & (random.random(people.count) < 0.6) & (people.partner < 0))
    children = stays & (custodian >= 0)
    head[children] = head[custodian[children]]
    return head


def _languages(random: np.random.Generator, people: People, home: Ints) -> Ints:
    draw = random.random(people.count)
    swedish = places().swedish[home]
    foreign = 2 + random.integers(0, len(LANGUAGES) - 2, people.count)
    # Nobody born in the 1800s came lately.
    share = np.where(people.age() < 75, _FOREIGN, 0.005)
    own = np.where(draw < swedish, 1, np.where(draw > 1 - share, foreign, 0)).astype(np.int64)
    return _inherit(people.mother, own, random.random(people.count) < 0.97)


def _moves(random: np.random.Generator, people: People, household: Ints, home: Ints) -> tuple[Ints, Ints]:
    """The last move of each household and where it came from; OPEN and the home itself if none."""
    moves = random.random(people.count) < np.interp(people.age(), [18, 30, 50, 80], [0.6, 0.6, 0.25, 0.1])
    when = people.as_of - 5 - (random.random(people.count) ** 1.5 * 11 * YEAR).astype(np.int64)
    origin = random.choice(len(places().codes), people.count, p=places().weights).astype(np.int64)
    moves &= (origin != home) & (when > people.birth + int(18 * YEAR)) & (when < people.death)
    moved = np.where(moves, when, OPEN)[household]
    # Who was born after the move has never lived elsewhere.
    late = (moved == OPEN) | (people.birth >= moved)
    return np.where(late, OPEN, moved), np.where(late, home, origin[household])


def _protection(random: np.random.Generator, people: People, household: Ints) -> tuple[Ints, Ints]:
    """Non-disclosure orders of whole households: five years, some of them over."""
    ordered = (random.random(people.count) < 0.003)[household] & people.alive
    since = people.as_of - (random.random(people.count) * 6 * YEAR).astype(np.int64)[household]
    since = np.maximum(since, people.birth)
    return np.where(ordered, since, OPEN), since + int(5 * YEAR)


def _family_names(random: np.random.Generator, people: People, language: Ints) -> Ints:
    start = np.array(names().family_start)
    group = np.minimum(language, 2)
    # The first of a list are the most common.
    draw = random.random(people.count) ** 1.6
    own = start[group] + (draw * (start[group + 1] - start[group])).astype(np.int64)
    parent = np.where(people.father >= 0, people.father, people.mother)
    own = _inherit(parent, own, random.random(people.count) < 0.95)
    wives = people.married & ~people.male & (random.random(people.count) < 0.6)
    own[wives] = own[people.partner[wives]]
    return np.asarray(own)


def _given_names(random: np.random.Generator, people: People, language: Ints) -> pl.Series:
    group = np.minimum(language, 2)
    first = np.empty(people.count, dtype=object)
    second = np.empty(people.count, dtype=object)
    for place, pair in enumerate(names().given):
        for sex, given in enumerate(pair):
            who = np.flatnonzero((group == place) & (people.male == bool(sex)))
            drawn = random.integers(0, len(given), who.size)
            first[who] = np.array(given, dtype=object)[drawn]
            other = (drawn + random.integers(1, len(given), who.size)) % len(given)
            second[who] = np.array(given, dtype=object)[other]
    single = group == 2
    both = pl.DataFrame({"a": pl.Series(first, dtype=pl.String), "b": pl.Series(second, dtype=pl.String)})
    joined = both.select(
        pl.when(pl.Series(single)).then(pl.col("a")).otherwise(pl.concat_str("a", "b", separator=" "))
    ).to_series()
    return joined.alias("given_names")


def residences(people: People, homes: Homes) -> pl.DataFrame:
    """Residence rows: place in the chunk, municipality, first and last day (null: still)."""
    codes = np.array(places().codes)
    start = np.where(homes.immigrated < OPEN, homes.immigrated, people.birth)
    has_move = (homes.moved < OPEN) & (homes.moved > start)
    before = np.flatnonzero(has_move)
    now = np.arange(people.count)
    last = np.minimum(homes.left_country, OPEN)
    frame = pl.DataFrame(
        {
            "place": np.r_[before, now],
            "municipality_code": codes[np.r_[homes.moved_from[before], homes.municipality[now]]],
            "valid_from": np.r_[start[before], np.where(has_move, homes.moved, start)],
            "valid_to": np.r_[homes.moved[before] - 1, last],
        }
    ).filter(pl.col("valid_from") <= pl.col("valid_to"))
    return _merged_municipality(frame)


def _merged_municipality(frame: pl.DataFrame) -> pl.DataFrame:
    """A quarter of Mäntyharju's people lived in Pertunmaa until it merged at New Year 2025."""
    new_year = int(first_of_year(np.array([2025], dtype=np.int64))[0])
    was = (
        (pl.col("municipality_code") == _MANTYHARJU)
        & (pl.col("place") % 4 == 0)
        & (pl.col("valid_from") < new_year)
    )
    rest = frame.filter(~was)
    old = frame.filter(was)
    until = old.with_columns(
        municipality_code=pl.lit(_PERTUNMAA), valid_to=pl.min_horizontal("valid_to", pl.lit(new_year - 1))
    )
    since = old.filter(pl.col("valid_to") >= new_year).with_columns(
        valid_from=pl.lit(new_year, dtype=pl.Int64)
    )
    return pl.concat([rest, until, since]).sort("place", "valid_from")
