"""Births, deaths and families of one chunk of people; a family never crosses a chunk."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from tools.population.amounts import DATA
from tools.population.days import OPEN, Ints, first_of_year

Flags = npt.NDArray[np.bool_]
YEAR = 365.2425
_BORN_IN_1800S = 0.0006


@dataclass
class People:
    """A chunk of people, one place in every array each. Days are numbers; -1 stands for nobody.

    ``partner`` lives with the person since ``partner_from`` (``married``: with a spouse link);
    ``former`` is a former spouse. ``death`` is OPEN for the living.
    """

    as_of: int
    birth: Ints
    death: Ints
    male: Flags
    mother: Ints
    father: Ints
    partner: Ints
    partner_from: Ints
    married: Flags
    former: Ints
    former_from: Ints
    former_to: Ints

    @property
    def count(self) -> int:
        """How many people."""
        return int(self.birth.size)

    def age(self, on: int | Ints | None = None) -> Ints:
        """Full years of age on a day (the as-of day unless told), to a day's accuracy of leap years."""
        moment = self.as_of if on is None else on
        return np.asarray(np.floor((moment - self.birth) / YEAR), dtype=np.int64)

    @property
    def alive(self) -> Flags:
        """Who is alive."""
        return np.asarray(self.death == OPEN)


def make_people(random: np.random.Generator, count: int, as_of: int) -> People:
    """People with sexes, births, deaths, unions and parents."""
    birth = as_of - 1 - np.floor(_ages(random, count) * YEAR).astype(np.int64)
    death = _deaths(random, birth, as_of)
    old = random.random(count) < _BORN_IN_1800S
    old[0] = True
    birth[old] = number_range(random, 1880, 1899, int(old.sum()))
    death[old] = birth[old] + (random.uniform(58, 93, int(old.sum())) * YEAR).astype(np.int64)
    nobody = np.full(count, -1, dtype=np.int64)
    people = People(
        as_of=as_of, birth=birth, death=death, male=random.random(count) < 0.495,
        mother=nobody.copy(), father=nobody.copy(), partner=nobody.copy(), partner_from=np.full(count, OPEN),
        married=np.zeros(count, dtype=bool), former=nobody.copy(), former_from=np.full(count, OPEN),
        former_to=np.full(count, OPEN),
    )  # fmt: skip
    _unite(random, people)
    _part(random, people)
    _give_mothers(random, people)
    _give_fathers(random, people)
    return people


def number_range(random: np.random.Generator, first_year: int, last_year: int, count: int) -> Ints:
    """Days drawn evenly from the first to the last year, both included."""
    low, high = first_of_year(np.array([first_year, last_year + 1], dtype=np.int64))
    return random.integers(low, high, count, dtype=np.int64)


@cache
def _pyramid() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Share of each single year of age, and the ages."""
    shares: list[float] = []
    with (DATA / "pyramid.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            width = int(row["to_age"]) - int(row["from_age"]) + 1
            shares += [float(row["thousands"]) / width] * width
    weights = np.array(shares)
    return weights / weights.sum(), np.arange(weights.size, dtype=np.float64)


def _ages(random: np.random.Generator, count: int) -> npt.NDArray[np.float64]:
    shares, ages = _pyramid()
    return np.asarray(random.choice(ages, count, p=shares) + random.random(count))


def _deaths(random: np.random.Generator, birth: Ints, as_of: int) -> Ints:
    """Deaths of the last five years, at the rate of each age; OPEN for the living."""
    age = (as_of - birth) / YEAR
    yearly = np.minimum(0.00002 * np.exp(0.1 * age), 0.5)
    dies = random.random(birth.size) < 1 - (1 - yearly) ** 5
    # The later the likelier, so that the dead are spread over the years as the living were.
    back = np.floor(random.random(birth.size) * 5 * YEAR).astype(np.int64)
    death = np.maximum(as_of - back, birth + 1)
    return np.where(dies & (death <= as_of), death, OPEN)


def _pairs(random: np.random.Generator, people: People, women: Flags, men: Flags) -> tuple[Ints, Ints]:
    """Women and men of matching age, as many pairs as the fewer of them make."""
    her = np.flatnonzero(women & ~people.male)
    him = np.flatnonzero(men & people.male)
    size = min(her.size, him.size)
    her = np.sort(random.permutation(her)[:size])
    him = np.sort(random.permutation(him)[:size])
    her = her[np.argsort(people.birth[her], kind="stable")]
    # A husband is about two years older, more or less.
    shifted = people.birth[him] + random.normal(2.2 * YEAR, 3 * YEAR, size)
    him = him[np.argsort(shifted, kind="stable")]
    return her, him


def _unite(random: np.random.Generator, people: People) -> None:
    age = people.age()
    share = np.interp(
        age, [19, 20, 25, 30, 50, 65, 80, 95, 106], [0, 0.2, 0.5, 0.68, 0.7, 0.66, 0.45, 0.2, 0]
    )
    wanted = random.random(people.count) < share
    her, him = _pairs(random, people, wanted, wanted)
    adult = np.maximum(people.birth[her], people.birth[him]) + int(19 * YEAR)
    start = np.maximum(
        adult, people.birth[her] + random.normal(27 * YEAR, 5 * YEAR, her.size).astype(np.int64)
    )
    latest = np.minimum(people.as_of, np.minimum(people.death[her], people.death[him])) - 60
    keep = start <= latest
    her, him, start = her[keep], him[keep], start[keep]
    married = random.random(her.size) < np.interp(
        people.age()[her], [20, 30, 45, 70], [0.15, 0.5, 0.75, 0.92]
    )
    for one, other in ((her, him), (him, her)):
        people.partner[one] = other
        people.partner_from[one] = start
        people.married[one] = married


def _part(random: np.random.Generator, people: People) -> None:
    """Former marriages, all of them over before the present union began."""
    age = people.age()
    wanted = (random.random(people.count) < 0.2) & (age >= 30) & (age < 85)
    her, him = _pairs(random, people, wanted, wanted)
    adult = np.maximum(people.birth[her], people.birth[him]) + int(20 * YEAR)
    start = np.maximum(
        adult, people.birth[her] + random.normal(25 * YEAR, 4 * YEAR, her.size).astype(np.int64)
    )
    end = start + random.uniform(2 * YEAR, 15 * YEAR, her.size).astype(np.int64)
    latest = np.minimum(people.death[her], people.death[him])
    latest = np.minimum(latest, np.minimum(people.partner_from[her], people.partner_from[him]))
    keep = (people.partner[her] != him) & (end <= np.minimum(latest, people.as_of) - 60)
    her, him, start, end = her[keep], him[keep], start[keep], end[keep]
    for one, other in ((her, him), (him, her)):
        people.former[one] = other
        people.former_from[one] = start
        people.former_to[one] = end


def _give_mothers(random: np.random.Generator, people: People) -> None:
    women = np.flatnonzero(~people.male)
    women = women[np.argsort(people.birth[women], kind="stable")]
    if not women.size:
        return
    chance = np.interp(people.age(), [0, 25, 45, 60, 75, 90], [0.97, 0.93, 0.8, 0.5, 0.15, 0])
    waiting = np.flatnonzero(random.random(people.count) < chance)
    for _ in range(4):
        wanted = people.birth[waiting] - np.clip(
            random.normal(30.6 * YEAR, 5.2 * YEAR, waiting.size), 17 * YEAR, 44 * YEAR
        ).astype(np.int64)
        place = np.searchsorted(people.birth[women], wanted)
        spread = max(2, women.size // 400)
        place = np.clip(place + random.integers(-spread, spread + 1, waiting.size), 0, women.size - 1)
        mother = women[place]
        years = (people.birth[waiting] - people.birth[mother]) / YEAR
        fits = (years > 16.5) & (years < 47) & (people.death[mother] > people.birth[waiting])
        people.mother[waiting] = np.where(fits, mother, -1)
        waiting = _too_close(people)
        if not waiting.size:
            break
    people.mother[_too_close(people)] = -1
    people.mother[_beyond(people, 8)] = -1


def _too_close(people: People) -> Ints:
    """Children born to the same mother less than ten months after another, not on the same day."""
    children = np.flatnonzero(people.mother >= 0)
    order = np.lexsort((people.birth[children], people.mother[children]))
    children = children[order]
    gap = np.diff(people.birth[children])
    same = np.diff(people.mother[children]) == 0
    return np.asarray(children[1:][same & (gap > 0) & (gap < 300)])


def _beyond(people: People, most: int) -> Ints:
    """Children after the first so many of one mother."""
    children = np.flatnonzero(people.mother >= 0)
    order = np.lexsort((people.birth[children], people.mother[children]))
    children = children[order]
    starts = np.flatnonzero(np.r_[True, np.diff(people.mother[children]) != 0])
    rank = np.arange(children.size) - np.repeat(starts, np.diff(np.r_[starts, children.size]))
    return np.asarray(children[rank >= most])


def _give_fathers(random: np.random.Generator, people: People) -> None:
    """The union the child was born into; else one other man for all such children of a mother."""
    men = np.flatnonzero(people.male)
    children = np.flatnonzero(people.mother >= 0)
    if not men.size or not children.size:
        return
    men = men[np.argsort(people.birth[men], kind="stable")]
    mother = people.mother[children]
    born = people.birth[children]
    wanted = people.birth - random.normal(2.5 * YEAR, 4 * YEAR, people.count).astype(np.int64)
    other = men[np.clip(np.searchsorted(people.birth[men], wanted), 0, men.size - 1)][mother]
    father = np.where(random.random(children.size) < 0.8, other, -1)
    in_union = (people.partner[mother] >= 0) & (born >= people.partner_from[mother] - int(4 * YEAR))
    father = np.where(in_union, people.partner[mother], father)
    in_former = people.former[mother] >= 0
    in_former &= (born >= people.former_from[mother] - int(2 * YEAR)) & (
        born < people.former_to[mother] + 250
    )
    father = np.where(in_former, people.former[mother], father)
    years = (born - people.birth[father]) / YEAR
    fits = (father >= 0) & (years > 16.5) & (years < 70) & (people.death[father] > born - 270)
    people.father[children] = np.where(fits, father, -1)
