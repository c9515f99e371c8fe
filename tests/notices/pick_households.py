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
_MONTHS = (
    *["main"] * 14, "barely", "half", "minor", "assets", "nothing", "refused", "returned", "planned",
    "annulled", "annulled_later", "unreckoned", "untimed", "open_ended", "empty", "raised", "lowered",
    "in_parts", "both_months", "late",
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
    "assets": reckoning("500", "400", "300"), "unreckoned": None,
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
    if kind == "in_parts":
        return [decision], [payment, replace(payment, number=payment.number + 1, paid_on=month + 8 * DAY)]
    decided: dict[str, dict[str, Any]] = {
        "annulled": {"annulled_on": on}, "annulled_later": {"annulled_on": on + DAY},
        "late": {"decided_on": month + 40 * DAY},
    }  # fmt: skip
    paid_by: dict[str, dict[str, Any]] = {
        "returned": {"state": "returned"}, "planned": {"state": "planned"},
        "untimed": {"period_from": None, "period_to": None}, "empty": {"gross": Decimal(0)},
        "both_months": {"period_from": month - 10 * DAY, "period_to": month + 9 * DAY},
        "open_ended": {"period_to": None}, "late": {"paid_on": month + 42 * DAY},
    }  # fmt: skip
    one = [replace(decision, **decided.get(kind, {}))]
    return one, [] if kind == "refused" else [replace(payment, **paid_by.get(kind, {}))]


@st.composite
def persons(draw: st.DrawFn, on: date) -> Person:
    """Somebody with a run of months of which most count; ``person_id`` is 0."""
    length = draw(st.sampled_from([0, 1, 2, 3, 4, 5, 11, 12, 13, SPAN]))
    end = draw(st.sampled_from([-1, 0, 0, 0, 1, 1, 2, 3]))
    decisions, payments, seeking = [], [], []
    usual = draw(st.sampled_from(_OUT_OF_WORK))
    for place in range(length):
        month = months_before(on, end + length - 1 - place)
        made, paid = assisted_month(month, place, draw(st.sampled_from(_MONTHS)), on)
        decisions += made
        payments += paid
        ground = usual if draw(st.integers(0, 19)) else draw(st.sampled_from(_OUT_OF_WORK))
        if ground == "seeker":
            start = draw(st.sampled_from([month, month_after(month) - DAY]))
            seeking.append(Period(start, draw(st.sampled_from([start, start + 9 * DAY, None]))))
        elif ground != "nothing":
            benefit, state = ("UNE-TMT", "returned") if ground == "returned" else (ground, "paid")
            payments.append(
                Payment(5_000_000 + place, benefit, state, month, month, month + 27 * DAY, Decimal(700), None)
            )  # fmt: skip
    shift = draw(st.integers(-3, 3)) * 31 * DAY
    near = draw(st.sampled_from([DAY, -DAY, 0 * DAY]))
    return Person(
        person_id=0,
        birth_date=months_before(years_before(on, 25), 0) + shift + near,
        death_date=draw(st.sampled_from([None] * 9 + [on])),
        has_home=draw(st.sampled_from([True] * 9 + [False])),
        residence_ground=draw(st.sampled_from(_GROUNDS)),
        first_residence_date=draw(
            st.sampled_from([None, months_before(years_before(on, 3), draw(st.integers(-1, 1))) + near])
        ),
        payments=payments, decisions=decisions, job_seeking=seeking,
    )  # fmt: skip
