"""Invented persons whose months count or nearly count, for Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from kelmu.core.period import Period
from kelmu.notices.pick_rules import Decision, Payment, Person, Reckoning, month_after

SPAN = 17
"""Months told about, up to the one after the day's."""
_ODD = (
    "barely", "half", "minor", "assets", "nothing", "refused", "returned", "planned", "annulled",
    "annulled_later", "unreckoned", "untimed", "open_ended", "empty", "raised", "lowered", "in_parts",
    "both_months", "late", "rich", "surplus", "paid_tomorrow", "decided_tomorrow", "in_advance", "turned",
    "and_the_next",
)  # fmt: skip
_OUT_OF_WORK = ("UNE-TMT", "UNE-YT", "seeker", "seeker", "returned", "STU-OR", "nothing")
_GROUNDS = (None, "work", "refugee", "ingrian_return", "temporary_protection")
DAY = timedelta(days=1)


def months_before(on: date, count: int) -> date:
    """The first day of the month so many months before a day's; negative: after."""
    number = on.year * 12 + on.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def years_before(on: date, years: int) -> date:
    """About so many years before a day."""
    return on.replace(year=on.year - years, day=min(on.day, 28))


def reckoning(assistance: str, income: str, assets: str = "0") -> Reckoning:
    """A month in which so much assistance is missing beside so much income."""
    whole = Decimal(assistance) + Decimal(income) + Decimal(assets)
    return Reckoning(Decimal(income), Decimal(assets), Decimal("587.71"), whole - Decimal("587.71"))


MAIN = reckoning("800", "250.50")
_RECKONINGS = {
    "barely": reckoning("500.01", "500"), "half": reckoning("500", "500"), "minor": reckoning("90", "900"),
    "assets": reckoning("500", "400", "300"), "unreckoned": None, "rich": reckoning("90", "100", "700"),
    "surplus": reckoning("-5", "-20"),
}  # fmt: skip


def assisted_month(month: date, place: int, kind: str, on: date) -> tuple[list[Decision], list[Payment]]:
    """The decisions and payments of one month of a kind."""
    if kind == "nothing":
        return [], []
    name = f"D{place}"
    decision = Decision(name, month - 5 * DAY, None, _RECKONINGS.get(kind, MAIN))
    payment = Payment(
        place * 10, "SOC-PER", "paid", month, month, month_after(month) - DAY, Decimal(800), name
    )
    if kind in {"raised", "lowered"}:
        first, later = ("minor", "main") if kind == "raised" else ("main", "minor")
        made, paid = month + 15 * DAY, month + 20 * DAY
        second = Decision(f"{name}x", made, None, _RECKONINGS.get(later, MAIN))
        again = replace(payment, number=payment.number + 1, decision=second.number, paid_on=paid)
        return [replace(decision, reckoning=_RECKONINGS.get(first, MAIN)), second], [payment, again]
    if kind == "turned":
        return [decision], [
            replace(payment, paid_on=month + 8 * DAY),
            replace(payment, number=payment.number + 1),
        ]
    if kind == "in_parts":
        return [decision], [payment, replace(payment, number=payment.number + 1, paid_on=month + 8 * DAY)]
    decided: dict[str, dict[str, Any]] = {
        "annulled": {"annulled_on": on}, "annulled_later": {"annulled_on": on + DAY},
        "late": {"decided_on": month + 40 * DAY}, "decided_tomorrow": {"decided_on": on + DAY},
    }  # fmt: skip
    paid_by: dict[str, dict[str, Any]] = {
        "returned": {"state": "returned"},
        "planned": {"state": "planned"},
        "untimed": {"period_from": None, "period_to": None},
        "empty": {"gross": Decimal(0)},
        "both_months": {"period_from": month - 10 * DAY, "period_to": month + 9 * DAY},
        "open_ended": {"period_to": None},
        "and_the_next": {"period_to": month + 45 * DAY},
        "late": {"paid_on": month + 42 * DAY},
        "paid_tomorrow": {"paid_on": on + DAY},
        "in_advance": {"paid_on": on - DAY},
    }
    one = [replace(decision, **decided.get(kind, {}))]
    return one, [] if kind == "refused" else [replace(payment, **paid_by.get(kind, {}))]


@st.composite
def persons(draw: st.DrawFn, on: date) -> Person:
    """Somebody with a run of months of which most count; ``person_id`` is 0."""
    length = draw(st.sampled_from([12, SPAN, 5, 4, 13, 2, 3, 11, 1, 0]))
    end = draw(st.sampled_from([0, 1, -1, 2, 3]))
    places = st.integers(0, SPAN - 1)
    odd = draw(st.dictionaries(places, st.sampled_from(_ODD), max_size=3))
    usual = draw(st.sampled_from(_OUT_OF_WORK))
    unusual = draw(st.dictionaries(places, st.sampled_from(_OUT_OF_WORK), max_size=3))
    decisions, payments, seeking = [], [], []
    for place in range(length):
        month = months_before(on, end + length - 1 - place)
        made, paid = assisted_month(month, place, odd.get(place, "main"), on)
        decisions += made
        payments += paid
        ground = unusual.get(place, usual)
        if ground == "seeker":
            start = draw(st.sampled_from([month, month_after(month) - DAY]))
            seeking.append(Period(start, draw(st.sampled_from([start, start + 9 * DAY, None]))))
        elif ground != "nothing":
            payments.append(_benefit(month, place, ground))
    return Person(
        person_id=0, birth_date=draw(_births(on)),
        death_date=draw(st.sampled_from([None] * 9 + [on])),
        has_home=draw(st.sampled_from([True] * 9 + [False])),
        residence_ground=draw(st.sampled_from(_GROUNDS)),
        first_residence_date=draw(st.none() | _near(years_before(on, 3))),
        payments=payments, decisions=decisions, job_seeking=seeking,
    )  # fmt: skip


def _benefit(month: date, place: int, ground: str) -> Payment:
    benefit, state = ("UNE-TMT", "returned") if ground == "returned" else (ground, "paid")
    return Payment(5_000_000 + place, benefit, state, month, month, month + 27 * DAY, Decimal(700), None)


def _births(on: date) -> st.SearchStrategy[date]:
    """Young, older, and 25 about now."""
    return st.sampled_from([years_before(on, 40), years_before(on, 21)]) | _near(years_before(on, 25))


def _near(day: date) -> st.SearchStrategy[date]:
    """The days about the beginning of a month near a day."""
    return st.builds(
        lambda count, days: months_before(day, count) + days * DAY, st.integers(-2, 3), st.integers(-1, 1)
    )


def nearly(on: date) -> list[Person]:
    """Somebody to be picked for each kind, and everybody who differs from her in one thing only."""
    found = []
    present = months_before(on, 0)
    for needed, facts in (
        (4, {"birth_date": years_before(on, 21)}),
        (12, {"birth_date": years_before(on, 40)}),
        (2, {"residence_ground": "refugee", "first_residence_date": years_before(on, 1), "job_seeking": []}),
    ):
        found += [_of_months(on, range(end, end + needed), facts) for end in (-1, 0, 1, 2, 3)]
        found += [_of_months(on, range(count), facts) for count in (needed - 1, needed + 1, needed + 4)]
        found += [_of_months(on, range(1 - needed % 3 + end, 20), facts) for end in (0, 1)]
        found += [
            _of_months(on, range(end, end + needed), facts, {place: kind})
            for kind in _ODD for end in (-1, 0, 1) for place in {end, end + 1, end + needed - 1}
        ]  # fmt: skip
        usual = _of_months(on, range(needed), facts)
        born = [months_before(present, 12 * 25) + days * DAY for days in (-1, 0, 1)]
        came = [months_before(present, 12 * 3) + days * DAY for days in (-1, 0, 1)]
        found += [replace(usual, birth_date=day) for day in born]
        found += [replace(usual, first_residence_date=day) for day in (*came, None)]
        found += [replace(usual, residence_ground=ground) for ground in _GROUNDS]
        found += [replace(usual, death_date=on), replace(usual, has_home=False)]
        found += [replace(usual, job_seeking=periods) for periods in _seeking(on, needed)]
        paid = [_benefit(months_before(on, ago), ago, "UNE-TMT") for ago in range(needed)]
        found += [
            replace(usual, job_seeking=[], payments=[*usual.payments, *paid[1:], last])
            for last in (
                paid[0],
                *(_benefit(present, 0, ground) for ground in ("returned", "STU-OR", "UNE-YT")),
            )
        ]
    return found


def _seeking(on: date, needed: int) -> list[list[Period]]:
    """Job seeking that touches the first or the last month, or nearly."""
    first, last = months_before(on, needed - 1), months_before(on, 0)
    starts = (first, month_after(first) - DAY, month_after(first), on, on + DAY)
    ends = (last - DAY, last, on)
    return [
        *([Period(start)] for start in starts),
        *([Period(first - 40 * DAY, end)] for end in ends),
        # The second of two is told by the other table.
        *([Period(first - 400 * DAY, first - 200 * DAY), Period(start)] for start in starts),
        *([Period(first - 400 * DAY, first - 200 * DAY), Period(first - 40 * DAY, end)] for end in ends),
    ]


def _of_months(on: date, ago: range, facts: dict[str, Any], odd: dict[int, str] | None = None) -> Person:
    kinds = odd or {}
    each = [
        assisted_month(months_before(on, count), count + 5, kinds.get(count, "main"), on) for count in ago
    ]
    person = Person(
        person_id=0, birth_date=years_before(on, 40), death_date=None, has_home=True, residence_ground=None,
        first_residence_date=None, payments=[paid for _, paying in each for paid in paying],
        decisions=[made for decided, _ in each for made in decided],
        job_seeking=[Period(years_before(on, 5))],
    )  # fmt: skip
    return replace(person, **facts)
