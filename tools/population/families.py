"""What families with children receive, and what children receive themselves."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from tools.population.amounts import amounts
from tools.population.days import OPEN, Ints, first_of, last_of, month_of, number
from tools.population.people import YEAR, Flags
from tools.population.spells import GUARDIAN, Life, SpellBook

_BY_CHILD = ((9488, 9575), (10484, 10580), (13379, 13501), (17324, 17482), (19269, 19445))
"""Child benefit of the first to the fifth and each further child, before and from April 2024, in cents."""
_RAISED = (2024 - 1970) * 12
_REFORM = (2024 - 1970) * 12 + 3


def families(book: SpellBook, life: Life) -> Flags:
    """Add the spells of parents and children; give who cares for a small child at home."""
    children = np.flatnonzero((life.homes.custodian >= 0) & (life.people.age() < 18) & life.people.alive)
    custodian = life.homes.custodian[children]
    _child_benefit(book, life, children, custodian)
    _maintenance(book, life, children, custodian)
    _disabled_children(book, life, children, custodian)
    _orphans(book, life)
    _school_transport(book, life, children)
    return _small_children(book, life, children, custodian)


def _single_since(life: Life, custodian: Ints, child: Ints) -> Ints:
    """The day since which a custodian brings a child up alone; OPEN if not."""
    people = life.people
    other = np.where(people.male[custodian], people.mother[child], people.father[child])
    parted = (people.former[custodian] == other) & (other >= 0)
    since = np.where(parted, people.former_to[custodian], people.birth[child])
    died = np.where(other >= 0, people.death[other], OPEN)
    since = np.where((other >= 0) & (people.partner[custodian] == other), died, since)
    with_somebody = (people.partner[custodian] >= 0) & (people.partner[custodian] != other)
    return np.where(with_somebody, OPEN, since)


def _child_benefit(book: SpellBook, life: Life, children: Ints, custodian: Ints) -> None:
    """One sum a family and month: by the number of children, with its two increases."""
    people = life.people
    born = month_of(people.birth[children])
    low = int(month_of(np.array([life.since], dtype=np.int64))[0]) - 12
    high = int(month_of(np.array([life.as_of], dtype=np.int64))[0]) + 2
    first, last = np.maximum(born + 1, low), np.minimum(born + 17 * 12, high)
    count = np.maximum(last - first + 1, 0)
    place = np.repeat(np.arange(children.size), count)
    month = first[place] + np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)
    since = _single_since(life, custodian, children)
    single_month = np.where(since < OPEN, month_of(np.minimum(since, life.as_of + 400)) + 1, OPEN)[place]
    sums = (
        pl.DataFrame(
            {
                "custodian": custodian[place],
                "month": month,
                "small": (month - born[place] <= 36) & (month >= _REFORM),
                "single": month >= single_month,
            }
        )
        .group_by("custodian", "month")
        .agg(pl.len().alias("children"), pl.col("small").sum(), pl.col("single").sum())
        .sort("custodian", "month")
    )
    months = sums["month"].to_numpy()
    children_count = sums["children"].to_numpy().astype(np.int64)
    after = (months >= _REFORM).astype(np.int64)
    rates = np.array(_BY_CHILD)
    running = np.vstack([np.zeros(2, dtype=np.int64), np.cumsum(rates[np.r_[0:5, 4, 4, 4, 4]], axis=0)])
    total = running[np.minimum(children_count, 9), after]
    _runs(book, "FAM-LL", sums, total, high)
    _runs(book, "FAM-LLP", sums, sums["small"].to_numpy().astype(np.int64) * 2601, high)
    rate = np.where(months >= _RAISED, 7330, 6834)
    _runs(book, "FAM-LLY", sums, sums["single"].to_numpy().astype(np.int64) * rate, high)


def _runs(book: SpellBook, code: str, sums: pl.DataFrame, cents: Ints, horizon: int) -> None:
    """Add a spell for each run of months with the same sum; one that reaches the horizon is open."""
    person, month = sums["custodian"].to_numpy(), sums["month"].to_numpy()
    begins = np.r_[True, (np.diff(person) != 0) | (np.diff(month) != 1) | (np.diff(cents) != 0)]
    place = np.flatnonzero(begins)
    if not place.size:
        return
    last = month[np.r_[place[1:] - 1, person.size - 1]]
    paid = cents[place] > 0
    end = np.where(last >= horizon, OPEN, last_of(last))
    book.add(code, person[place][paid], first_of(month[place])[paid], end[paid], cents=cents[place][paid])


def _maintenance(book: SpellBook, life: Life, children: Ints, custodian: Ints) -> None:
    since = _single_since(life, custodian, children)
    chosen = (since < life.as_of - 60) & (life.random.random(children.size) < 0.4)
    end = life.people.birth[children] + int(18 * YEAR)
    start = np.maximum(since, life.as_of - life.days(60, 9 * YEAR, children.size))
    book.add("FAM-ET", custodian[chosen], start[chosen], end[chosen], child=children[chosen])


def _small_children(book: SpellBook, life: Life, children: Ints, custodian: Ints) -> Flags:
    """Pregnancy and parental allowance, then care at home until the child is two or three."""
    people, random = life.people, life.random
    born = people.birth[children]
    chosen = (born > life.since - 700) & ~people.male[custodian] & (random.random(children.size) < 0.9)
    # Of children close in age only the youngest has the parent at home, so that nothing overlaps.
    order = np.lexsort((born, custodian))
    newer = np.zeros(children.size, dtype=bool)
    newer[order[:-1]] = (np.diff(custodian[order]) == 0) & (np.diff(born[order]) < 1100)
    chosen &= ~newer
    mother, birth, child = custodian[chosen], born[chosen], children[chosen]
    book.add("FAM-AA", mother, birth + 20, birth + 20)
    book.add("FAM-RR", mother, birth - 30, birth + 16)
    leave = life.days(190, 310, mother.size)
    pay = random.integers(700, 1700, mother.size)
    book.add("FAM-VR", mother, birth + 17, birth + 17 + leave, permille=pay)
    home = random.random(mother.size) < 0.62
    start = birth[home] + 18 + leave[home]
    end = birth[home] + life.days(420, 1080, int(home.sum()))
    low_income = random.random(start.size) < 0.4
    municipal = np.isin(life.homes.municipality[mother[home]], np.arange(0, 400, 7))
    for code, who in (
        ("FAM-KHT-R", np.ones(start.size, dtype=bool)), ("FAM-KHT-L", low_income), ("FAM-KHT-K", municipal),
    ):  # fmt: skip
        book.add(code, mother[home][who], start[who], end[who])
    _fathers(book, life, child, birth)
    flexible = mother[~home][random.random(int((~home).sum())) < 0.2]
    later = life.people.as_of - life.days(30, 300, flexible.size)
    book.add("FAM-JHR", flexible, later, later + 240)
    at_home = np.zeros(people.count, dtype=bool)
    at_home[mother] = True
    return at_home


def _fathers(book: SpellBook, life: Life, child: Ints, birth: Ints) -> None:
    father = life.people.father[child]
    takes = (father >= 0) & (life.random.random(child.size) < 0.6)
    start = birth[takes] + life.days(20, 500, int(takes.sum()))
    book.add(
        "FAM-VR", father[takes], start, start + life.days(18, 100, start.size),
        permille=life.random.integers(900, 2000, start.size),
    )  # fmt: skip


def _disabled_children(book: SpellBook, life: Life, children: Ints, custodian: Ints) -> None:
    level = np.searchsorted([0.955, 0.985, 0.998], life.random.random(children.size))
    start = life.people.birth[children] + life.days(200, 8 * YEAR, children.size)
    end = life.people.birth[children] + int(16 * YEAR)
    for step in (1, 2, 3):
        chosen = level == step
        book.add(
            f"DIS-U16-{step}", children[chosen], start[chosen], end[chosen],
            payee=GUARDIAN, payee_person=custodian[chosen],
        )  # fmt: skip


def _orphans(book: SpellBook, life: Life) -> None:
    people = life.people
    for parent in (people.mother, people.father):
        lost = (parent >= 0) & (people.death[parent] < OPEN) & (people.age() < 20) & people.alive
        who = np.flatnonzero(lost)
        book.add(
            "PEN-LA", who, people.death[parent[who]] + 1, people.birth[who] + int(18 * YEAR),
            payee=GUARDIAN, payee_person=life.homes.custodian[who],
        )  # fmt: skip


def _school_transport(book: SpellBook, life: Life, children: Ints) -> None:
    year = int(amounts().first_year)
    age = life.people.age()[children]
    chosen = children[(age >= 15) & (life.random.random(children.size) < 0.15)]
    for autumn in range(year, year + 8):
        start = number(date(autumn, 8, 1))
        studies = (life.people.birth[chosen] + int(15.6 * YEAR) < start) & (start < life.as_of)
        size = int(studies.sum())
        book.add("STU-KMT", chosen[studies], np.full(size, start), np.full(size, start + 303))
