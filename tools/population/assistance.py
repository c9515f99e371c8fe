"""Basic social assistance: a decision with its reckoning each month, paid in one sum or in four."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tools.population.amounts import amounts
from tools.population.commitments import commitments, mask_of
from tools.population.days import OPEN, BankingDays, Ints, PaymentDays, first_of, last_of, month_of, year_of
from tools.population.decisions import Numbers, text_of
from tools.population.households import household
from tools.population.people import YEAR, Flags
from tools.population.spells import CLIENT, LANDLORD, PAYEE_KINDS, Life

_INSTALMENTS = ("first_banking_day", "ninth", "sixteenth", "twenty_third")
_SPLIT_DAYS = (1, 9, 16, 23)
_LAW = "1412/1997"


@dataclass
class Assistance:
    """Who receives assistance from which month to which (inclusive), about how much (0: drawn).

    ``lowered``: by how many percent the basic part is lowered, or 0. ``split``: paid in four parts.
    ``passed``: a part of the first application was passed on. ``commitments``: bits of ``mask_of``.
    ``seeker``: looks for work meanwhile, whatever unemployment benefit there is.
    """

    person: Ints
    first: Ints
    last: Ints
    cents: Ints
    lowered: Ints
    split: Ints
    passed: Ints
    commitments: Ints
    seeker: Ints

    def seekers(self, as_of: int) -> pl.DataFrame:
        """When those who looked for work received it: person, start, end; OPEN if they do."""
        at = self.seeker > 0
        present = int(month_of(np.array([as_of], dtype=np.int64))[0])
        last = self.last[at]
        end = np.where(last >= present, OPEN, last_of(np.minimum(last, present)))
        return pl.DataFrame({"person": self.person[at], "start": first_of(self.first[at]), "end": end})


@dataclass
class AssistanceRows:
    """Decisions, their reckonings, payments and commitments; days are numbers, amounts cents."""

    decisions: pl.DataFrame
    calculations: pl.DataFrame
    payments: pl.DataFrame
    commitments: pl.DataFrame


def applicants(life: Life, jobless: Flags) -> Assistance:
    """One applicant a household: most of them out of work, some not; many of those who came lately."""
    random, people = life.random, life.people
    head = life.homes.household == np.arange(people.count)
    adult = head & people.alive & (people.age() >= 18)
    came = life.homes.immigrated
    lately = (came < OPEN) & (came > life.as_of - 3 * YEAR)
    wanted = adult & ((jobless & life.chance(0.42)) | life.chance(0.012) | (lately & life.chance(0.3)))
    who = np.flatnonzero(wanted)
    low, high = month_of(np.array([life.since, life.as_of], dtype=np.int64))
    length = 1 + random.geometric(1 / 10, who.size)
    last = high - random.integers(-12, 30, who.size)
    first = np.maximum(np.minimum(last, high + 1) - length, low)
    born = month_of(people.birth[who])
    first = np.maximum(first, born + 18 * 12 + 1)
    arrival = np.minimum(came[who], life.as_of)
    first = np.where(came[who] < OPEN, np.maximum(first, month_of(arrival) + 1), first)
    keep = first <= last
    return _drawn(who[keep], first[keep], last[keep], lately[who[keep]])


def _drawn(who: Ints, first: Ints, last: Ints, lately: Flags) -> Assistance:
    """Spells with what belongs to some of them, by the person and the first month.

    For three in ten, and two in three of those who came ``lately``, it is most of what they live on.
    """
    share = (who * 15_485_863 + first * 32_452_843) % 1000
    mostly = share < np.where(lately, 660, 300)
    mixed = (who * 7919 + first * 104_729) % 1000
    other = (who * 104_723 + first * 7907) % 1000
    kinds = np.select(
        [mixed < 14, mixed < 40, mixed < 64, mixed < 300],
        [
            mask_of(("pharmacy", "other")),
            mask_of(("grocery",)),
            mask_of(("electricity",)),
            mask_of(("pharmacy",)),
        ],
        0,
    )
    return Assistance(
        who, first, last,
        cents=np.where(mostly, 70_000 + (who * 6151 + first * 389) % 35_000, 0),
        lowered=np.select([other < 30, other < 38], [20, 40], 0),
        split=np.where((other >= 100) & (other < 142), 1, 0),
        passed=np.where((other >= 200) & (other < 280), 1, 0),
        commitments=kinds,
        seeker=np.where(mostly & (share % 10 < 7), 1, 0),
    )  # fmt: skip


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
    step = month - granted.first[spell]
    frame = pl.DataFrame(
        {
            "person": person, "month": month, "start": start, "step": step,
            "decision_number": numbers.decisions(spell.size), "decided_on": on, "cents": cents,
            "payee": np.where(landlord, LANDLORD, CLIENT), "lowered": granted.lowered[spell],
            "split": granted.split[spell] == 1, "passed_on": (granted.passed[spell] == 1) & (step == 0),
            "commitments": granted.commitments[spell],
        }
    )  # fmt: skip
    return AssistanceRows(
        decisions=_decisions(frame, banking),
        calculations=_calculations(frame, life),
        payments=_payments(frame, life, banking),
        commitments=commitments(frame, numbers),
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
        annulled_on=pl.lit(OPEN),
    )


def _calculations(frame: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Basic part by the household, expenses, and the income that leaves the sum granted."""
    table = amounts()
    person, month = frame["person"].to_numpy(), frame["month"].to_numpy()
    adults, children = household(person, first_of(month), life)
    single = table.of_year(np.full(person.size, table.index("SOC-PER")), year_of(first_of(month)))
    basic = np.where(adults == 1, single, single * 170 // 100) + children * (single * 66 // 100)
    percent = frame["lowered"].to_numpy()
    lowered = percent > 0
    basic = basic * (100 - percent) // 100
    expenses = 38000 + (person * 977) % 47000 + children * 9000
    cents = frame["cents"].to_numpy()
    expenses = np.maximum(expenses, cents - basic)
    return frame.select(
        "person",
        "decision_number",
        adults=pl.Series(adults),
        children=pl.Series(children),
        basic_part=pl.Series(basic),
        lowered_percent=pl.Series(percent).replace(0, None),
        lowered_from=pl.Series(np.where(lowered, first_of(month), OPEN)),
        lowered_to=pl.Series(np.where(lowered, last_of(month), OPEN)),
        other_basic_expenses=pl.Series(expenses),
        income=pl.Series(basic + expenses - cents),
        assets=pl.lit(0),
        split_days=pl.when("split").then(_small(_SPLIT_DAYS)).otherwise(_small(())),
        passed_on="passed_on",
    )


def _small(numbers: tuple[int, ...]) -> pl.Expr:
    return pl.lit(list(numbers), dtype=pl.List(pl.Int16))


def _payments(frame: pl.DataFrame, life: Life, banking: BankingDays) -> pl.DataFrame:
    month = frame["month"].to_numpy()
    each = np.where(frame["split"].to_numpy(), len(_INSTALMENTS), 1)
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
