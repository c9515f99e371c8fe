"""What people of working age receive: students, those unable to work, those out of work, those ill."""

from __future__ import annotations

from datetime import date

import numpy as np

from tools.population.days import OPEN, Ints, first_of_year, month_of, number, year_of
from tools.population.people import YEAR, Flags
from tools.population.spells import LANDLORD, Life, SpellBook

_GENERAL_SUPPORT = number(date(2026, 5, 1))
_NO_YAT_FOR_STUDENTS = number(date(2025, 8, 1))


def working_age(book: SpellBook, life: Life, at_home: Flags) -> Flags:
    """Add the spells of people from 16 to 64; give those out of work.

    Args:
        book: where the spells go.
        life: the chunk.
        at_home: who cares for a small child at home.

    Returns:
        Who has been unemployed within the time told about.
    """
    age = life.people.age()
    adult = (age >= 17) & (age < 65) & (life.people.death > life.since)
    draw = life.random.random(life.people.count)
    unable = adult & (draw < np.interp(age, [16, 30, 45, 58, 64], [0.015, 0.02, 0.04, 0.09, 0.13]))
    student = adult & ~unable & (draw > np.interp(age, [17, 18, 24, 27, 40], [0.9, 0.55, 0.5, 0.88, 0.995]))
    free = adult & ~unable & ~student & ~at_home
    jobless = free & life.chance(0.19)
    _disability(book, life, np.flatnonzero(unable))
    _study(book, life, np.flatnonzero(student & (age >= 18)))
    _unemployment(book, life, np.flatnonzero(jobless))
    _sickness(book, life, np.flatnonzero(free & ~jobless))
    return jobless


def _disability(book: SpellBook, life: Life, who: Ints) -> None:
    random = life.random
    age = life.people.age()[who]
    adult_since = life.people.birth[who] + int(18 * YEAR)
    start = np.maximum(adult_since, life.as_of - life.days(100, 15 * YEAR, who.size))
    share = random.integers(180, 1000, who.size)
    pension_end = life.people.birth[who] + int(65 * YEAR)
    fixed = (age < 45) & (random.random(who.size) < 0.4)
    end = np.where(fixed, np.minimum(pension_end, life.as_of + life.days(-500, 500, who.size)), pension_end)
    for code, chosen in (("PEN-KT", fixed), ("PEN-TK", ~fixed)):
        book.add(code, who[chosen], start[chosen], end[chosen], permille=share[chosen])
    small = share > 550
    book.add("PEN-TE", who[small], start[small], end[small], permille=1020 - share[small])
    housing = random.random(who.size) < 0.35
    book.add(
        "HOU-EAT", who[housing], start[housing] + 90, end[housing],
        permille=random.integers(400, 1500, int(housing.sum())),
    )  # fmt: skip
    level = np.searchsorted([0.82, 0.93, 0.98], random.random(who.size))
    for step in (1, 2, 3):
        chosen = level == step
        book.add(f"DIS-HT-{step}", who[chosen], start[chosen] + 60, np.full(int(chosen.sum()), OPEN))
    with_children = np.isin(who, np.r_[life.people.mother, life.people.father]) & (age < 50)
    book.add("PEN-LK", who[with_children], start[with_children], end[with_children])


def _study(book: SpellBook, life: Life, who: Ints) -> None:
    """Study grant from September to May; housing as general allowance until July 2025, then a supplement."""
    random = life.random
    alone = (life.homes.household[who] == who) & (random.random(who.size) < 0.7)
    rent = random.integers(15000, 33000, who.size)
    landlord = np.where(random.random(who.size) < 0.12, LANDLORD, 0)
    began = life.people.birth[who] + int(18.6 * YEAR)
    for year in range(life.first_year, int(year_of(np.array([life.as_of], dtype=np.int64))[0]) + 1):
        autumn, spring = number(date(year, 9, 1)), number(date(year + 1, 5, 31))
        studies = (began <= autumn) & (random.random(who.size) < 0.85)
        size = int(studies.sum())
        book.add("STU-OR", who[studies], np.full(size, autumn), np.full(size, spring))
        housed = studies & alone
        if autumn >= _NO_YAT_FOR_STUDENTS:
            size = int(housed.sum())
            book.add("HOU-ASL", who[housed], np.full(size, autumn), np.full(size, spring), cents=rent[housed])
    general = alone & (began < _NO_YAT_FOR_STUDENTS - 200)
    start = np.maximum(began[general], life.since - life.days(0, 300, int(general.sum())))
    book.add(
        "HOU-YAT", who[general], start, np.full(start.size, _NO_YAT_FOR_STUDENTS - 1),
        cents=rent[general] + 4000, payee=landlord[general],
    )  # fmt: skip


def _unemployment(book: SpellBook, life: Life, who: Ints) -> None:
    """One or two spells; general support takes the place of the two older benefits on 1.5.2026."""
    random = life.random
    first = life.as_of - life.days(30, life.as_of - life.since + 500, who.size)
    first = np.maximum(first, life.people.birth[who] + int(17.5 * YEAR))
    length = np.maximum(25, random.exponential(310, who.size)).astype(np.int64)
    again = random.random(who.size) < 0.35
    second = first + length + life.days(60, 400, who.size)
    person = np.r_[who, who[again]]
    start = np.r_[first, second[again]]
    end = start + np.r_[length, np.maximum(25, random.exponential(250, int(again.sum()))).astype(np.int64)]
    started = start < life.as_of - 14
    person, start, end = person[started], start[started], end[started]
    end = np.where(end > life.as_of, OPEN, end)
    kind = np.searchsorted([0.22, 0.9], random.random(person.size))
    for place, code in enumerate(("UNE-PPR", "UNE-TMT", "UNE-SOV")):
        chosen = kind == place
        book.add(code, person[chosen], start[chosen], end[chosen])
    support = (kind < 2) & (end >= _GENERAL_SUPPORT)
    book.add("UNE-YT", person[support], np.maximum(start[support], _GENERAL_SUPPORT), end[support])
    service = (random.random(person.size) < 0.1) & (start < life.as_of - 120)
    book.add("UNE-KUL", person[service], start[service] + 40, np.minimum(end[service], start[service] + 110))
    housed = (life.homes.household[person] == person) & (random.random(person.size) < 0.55)
    payee = np.where(random.random(int(housed.sum())) < 0.15, LANDLORD, 0)
    until = np.where(end[housed] < OPEN, end[housed] + 40, OPEN)
    book.add(
        "HOU-YAT", person[housed], start[housed] + 15, until,
        cents=random.integers(9000, 62000, int(housed.sum())), payee=payee,
    )  # fmt: skip


def _sickness(book: SpellBook, life: Life, who: Ints) -> None:
    random = life.random
    draw = random.random(who.size)
    kinds = (("SIC-SPR", 0.0, 0.17, 150), ("SIC-OSPR", 0.17, 0.19, 100), ("REH-KR", 0.2, 0.23, 120))
    for code, low, high, longest in kinds:
        chosen = who[(draw >= low) & (draw < high)]
        start = life.as_of - life.days(0, life.as_of - life.since, chosen.size)
        end = start + life.days(14, longest, chosen.size)
        book.add(code, chosen, start, end, permille=random.integers(600, 1900, chosen.size))


def conscripts(book: SpellBook, life: Life) -> None:
    """Housing of the few conscripts who have a home of their own."""
    age = life.people.age()
    who = np.flatnonzero(life.people.male & (age >= 19) & (age <= 22) & life.chance(0.03))
    year = year_of(life.people.birth[who]) + 19
    start = first_of_year(year) + 190 * (month_of(life.people.birth[who]) % 2)
    book.add("MIL-ASU", who, start, start + 250)
