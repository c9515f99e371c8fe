"""What older people, widows and veterans receive, and reimbursements of care."""

from __future__ import annotations

import numpy as np

from tools.population.days import OPEN, Ints, first_of, first_of_year, month_of
from tools.population.people import YEAR
from tools.population.spells import Life, SpellBook


def pensioners(book: SpellBook, life: Life) -> None:
    """National and guarantee pension, housing and care allowance, veterans' supplements."""
    random, people = life.random, life.people
    age = people.age()
    who = np.flatnonzero((age >= 65) & (people.death > life.since) & life.chance(0.45))
    start = first_of(month_of(people.birth[who] + int(65 * YEAR)) + 1)
    forever = np.full(who.size, OPEN)
    share = random.integers(60, 1000, who.size)
    early = random.random(who.size) < 0.06
    book.add("PEN-VE", who[~early], start[~early], forever[~early], permille=share[~early])
    book.add("PEN-VVE", who[early], start[early] - 500, forever[early], permille=share[early])
    poor = share > 800
    book.add("PEN-TE", who[poor], start[poor], forever[poor], permille=1020 - share[poor])
    housed = random.random(who.size) < np.where(share > 500, 0.5, 0.12)
    book.add(
        "HOU-EAT", who[housed], start[housed] + 200, forever[housed],
        permille=random.integers(350, 1700, int(housed.sum())),
    )  # fmt: skip
    _care_allowance(book, life)
    _veterans(book, life)
    _surviving_spouses(book, life)


def _care_allowance(book: SpellBook, life: Life) -> None:
    people = life.people
    age = people.age()
    share = np.interp(age, [65, 75, 85, 95], [0.03, 0.1, 0.38, 0.7])
    who = np.flatnonzero((age >= 65) & (people.death > life.since) & life.chance(share))
    level = 1 + np.searchsorted([0.5, 0.85], life.random.random(who.size))
    since = life.as_of - life.days(30, 8 * YEAR, who.size)
    for step in (1, 2, 3):
        chosen = level == step
        book.add(f"DIS-HT-{step}", who[chosen], since[chosen], np.full(int(chosen.sum()), OPEN))


def _veterans(book: SpellBook, life: Life) -> None:
    people = life.people
    born = people.birth < first_of_year(np.array([1928], dtype=np.int64))[0]
    who = np.flatnonzero(born & (people.death > life.since) & life.chance(0.8))
    start = people.birth[who] + int(65 * YEAR)
    forever = np.full(who.size, OPEN)
    for code, chance in (("PEN-RL", 1.0), ("PEN-YRL", 0.4), ("PEN-VL", 0.3)):
        chosen = life.random.random(who.size) < chance
        book.add(code, who[chosen], start[chosen], forever[chosen])


def _surviving_spouses(book: SpellBook, life: Life) -> None:
    """Six months of initial pension, then a continuing one for some."""
    people = life.people
    lost = people.married & (people.partner >= 0) & (people.death[people.partner] < OPEN) & people.alive
    who = np.flatnonzero(lost & (people.age() < 80))
    first = people.death[people.partner[who]] + 1
    book.add("PEN-LE-A", who, first, first + 183)
    goes_on = life.random.random(who.size) < 0.4
    book.add("PEN-LE-J", who[goes_on], first[goes_on] + 184, np.full(int(goes_on.sum()), OPEN))


_CARE = (
    ("MED-LK1", 0.34, 0.5), ("MED-LK2", 0.12, 0.5), ("MED-LK3", 0.05, 0.6), ("MED-LKL", 0.03, 1.0),
    ("MED-YKS", 0.2, 0.4), ("MED-HAM", 0.2, 0.4), ("MED-TUT", 0.04, 0.3), ("MED-MAT", 0.08, 0.9),
)  # fmt: skip


def reimbursements(book: SpellBook, life: Life) -> None:
    """Care that was paid for and reimbursed afterwards: the older, the more."""
    random, people = life.random, life.people
    age = people.age()
    rate = np.interp(age, [0, 18, 40, 70, 90], [0.25, 0.25, 0.5, 1.1, 1.4])
    codes = [code for code, _, _ in _CARE]
    weights = np.array([weight for _, weight, _ in _CARE])
    number = random.poisson(rate * 1.1)
    who = np.repeat(np.arange(people.count), number)
    kind = random.choice(len(codes), who.size, p=weights / weights.sum())
    on = life.as_of - life.days(2, life.as_of - life.since, who.size)
    inside = (on > people.birth[who]) & (on < people.death[who])
    for place, code in enumerate(codes):
        chosen = inside & (kind == place)
        _add(book, code, who[chosen], on[chosen], life)
    therapy = np.flatnonzero(life.chance(0.006) & (age >= 16) & (age < 65) & people.alive)
    times = np.repeat(therapy, 10)
    day = life.as_of - 3 - 28 * np.tile(np.arange(10), therapy.size) - np.repeat(therapy % 20, 10)
    book.add("REH-PSY", times, day, day)


def _add(book: SpellBook, code: str, who: Ints, on: Ints, life: Life) -> None:
    book.add(code, who, on, on, permille=life.random.integers(300, 2500, who.size))
