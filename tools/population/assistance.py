"""Basic social assistance: a decision with its reckoning each month, paid in one sum or in four."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tools.population.amounts import amounts
from tools.population.days import OPEN, BankingDays, Ints, PaymentDays, first_of, last_of, month_of, year_of
from tools.population.decisions import Numbers, text_of
from tools.population.people import Flags
from tools.population.spells import CLIENT, LANDLORD, PAYEE_KINDS, Life

_INSTALMENTS = ("first_banking_day", "ninth", "sixteenth", "twenty_third")
_LAW = "1412/1997"


@dataclass
class Assistance:
    """Who receives assistance from which month to which (inclusive), about how much (0: drawn)."""

    person: Ints
    first: Ints
    last: Ints
    cents: Ints


@dataclass
class AssistanceRows:
    """Decisions, their reckonings and payments; days are numbers, amounts cents."""

    decisions: pl.DataFrame
    calculations: pl.DataFrame
    payments: pl.DataFrame


def applicants(life: Life, jobless: Flags) -> Assistance:
    """One applicant a household: most of them out of work, some not."""
    random, people = life.random, life.people
    head = life.homes.household == np.arange(people.count)
    adult = head & people.alive & (people.age() >= 18)
    wanted = adult & ((jobless & life.chance(0.42)) | life.chance(0.012))
    who = np.flatnonzero(wanted)
    low, high = month_of(np.array([life.since, life.as_of], dtype=np.int64))
    length = 1 + random.geometric(1 / 10, who.size)
    last = high - random.integers(-12, 30, who.size)
    first = np.maximum(np.minimum(last, high + 1) - length, low)
    born = month_of(people.birth[who])
    first = np.maximum(first, born + 18 * 12 + 1)
    keep = first <= last
    return Assistance(who[keep], first[keep], last[keep], np.zeros(int(keep.sum()), dtype=np.int64))


def assistance_rows(
    granted: Assistance, life: Life, banking: BankingDays, numbers: Numbers
) -> AssistanceRows:
    """A decision, a reckoning and payments for each month decided by the as-of day."""
    random = life.random
    horizon = int(month_of(np.array([life.as_of + 12], dtype=np.int64))[0])
    count = np.maximum(np.minimum(granted.last, horizon) - granted.first + 1, 0)
    spell = np.repeat(np.arange(granted.person.size), count)
    step = np.arange(spell.size) - np.repeat(np.cumsum(count) - count, count)
    month = granted.first[spell] + step
    start = first_of(month)
    lag = np.where(step == 0, life.days(1, 9, spell.size), -life.days(3, 12, spell.size))
    on = banking.on_or_before(start + lag)
    keep = on <= life.as_of
    spell, month, start, on = spell[keep], month[keep], start[keep], on[keep]
    person = granted.person[spell]
    base = np.where(granted.cents > 0, granted.cents, random.integers(9000, 64000, granted.person.size))
    cents = np.maximum(base[spell] + random.integers(-6000, 6000, spell.size), 2000)
    landlord = (random.random(granted.person.size) < 0.04 * life.incidents)[spell]
    number = numbers.decisions(spell.size)
    frame = pl.DataFrame(
        {
            "person": person, "spell": spell, "month": month, "decision_number": number, "decided_on": on,
            "cents": cents, "payee": np.where(landlord, LANDLORD, CLIENT),
        }
    )  # fmt: skip
    return AssistanceRows(
        decisions=_decisions(frame, banking),
        calculations=_calculations(frame, life),
        payments=_payments(frame, granted.person.size, life, banking),
    )


def _decisions(frame: pl.DataFrame, banking: BankingDays) -> pl.DataFrame:
    month = frame["month"].to_numpy()
    nothing = pl.lit(None, dtype=pl.String)
    return frame.select(
        "person",
        "decision_number",
        benefit_code=pl.lit("SOC-PER"),
        decided_on="decided_on",
        outcome=pl.lit("granted"),
        valid_from=pl.Series(first_of(month)),
        valid_to=pl.Series(last_of(month)),
        amount="cents",
        unit=pl.lit("month"),
        reason_code=nothing,
        reason_text=nothing,
        legal_ground=pl.lit(_LAW),
        payee_kind=text_of(PAYEE_KINDS, frame["payee"].to_numpy()),
        review_on=pl.lit(OPEN),
        appeal_until=pl.Series(banking.on_or_after(frame["decided_on"].to_numpy() + 37)),
        replaces_number=nothing,
    )


def _calculations(frame: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Basic part by the household, expenses, and the income that leaves the sum granted."""
    table, people = amounts(), life.people
    person = frame["person"].to_numpy()
    month = frame["month"].to_numpy()
    spell = frame["spell"].to_numpy()
    children = np.bincount(
        life.homes.custodian[(life.homes.custodian >= 0) & (people.age() < 18)], minlength=people.count
    )[person]
    adults = 1 + (people.partner[person] >= 0)
    single = table.of_year(np.full(person.size, table.index("SOC-PER")), year_of(first_of(month)))
    basic = np.where(adults == 1, single, single * 170 // 100) + children * (single * 66 // 100)
    lowered = (spell * 31 + person) % 25 == 0
    basic = np.where(lowered, basic * 80 // 100, basic)
    expenses = 38000 + (person * 977) % 47000 + children * 9000
    cents = frame["cents"].to_numpy()
    expenses = np.maximum(expenses, cents - basic)
    return frame.select(
        "person",
        "decision_number",
        adults=pl.Series(adults),
        children=pl.Series(children),
        basic_part=pl.Series(basic),
        lowered_percent=pl.Series(np.where(lowered, 20, 0)).replace(0, None),
        lowered_from=pl.Series(np.where(lowered, first_of(month), OPEN)),
        lowered_to=pl.Series(np.where(lowered, last_of(month), OPEN)),
        other_basic_expenses=pl.Series(expenses),
        income=pl.Series(basic + expenses - cents),
        assets=pl.lit(0),
    )


def _payments(frame: pl.DataFrame, spells: int, life: Life, banking: BankingDays) -> pl.DataFrame:
    month = frame["month"].to_numpy()
    split = ((np.arange(spells) * 7 + 20) % 24 == 0)[frame["spell"].to_numpy()]
    each = np.where(split, len(_INSTALMENTS), 1)
    place = np.repeat(np.arange(frame.height), each)
    step = np.arange(place.size) - np.repeat(np.cumsum(each) - each, each)
    whole = frame[place]
    if not place.size:
        low = high = int(month_of(np.array([life.as_of], dtype=np.int64))[0])
    else:
        low, high = int(month.min()), int(month.max())
    days = PaymentDays(banking, low, high)
    table = np.vstack([days.of(rule, np.arange(low, high + 1)) for rule in _INSTALMENTS])
    paid_on = table[step, month[place] - low]
    paid_on = np.maximum(paid_on, banking.after(whole["decided_on"].to_numpy(), 2))
    cents = whole["cents"].to_numpy()
    part = cents // each[place]
    gross = np.where(step == 0, cents - part * (each[place] - 1), part)
    zero = pl.lit(0, dtype=pl.Int64)
    return whole.select(
        "person",
        pl.lit(amounts().index("SOC-PER"), dtype=pl.Int64).alias("benefit"),
        "decision_number",
        "decided_on",
        "cents",
        "payee",
        pl.lit(-1, dtype=pl.Int64).alias("payee_person"),
        zero.alias("recovery"),
        zero.alias("enforcement"),
        zero.alias("others"),
        paid_on=pl.Series(paid_on),
        period_from=pl.Series(first_of(month[place])),
        period_to=pl.Series(last_of(month[place])),
        gross=pl.Series(gross),
    )
