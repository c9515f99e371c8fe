"""Payments: own days, the strip of twelve months, the next payment days, the text for a case note."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core.formats import LANGUAGES, format_date
from kelmu.web.presentation import labels
from kelmu.web.presentation.case_note import case_note
from kelmu.web.presentation.month_strip import MONTHS
from kelmu.web.presentation.payments import payments_page
from kelmu.web.presentation.periods import chosen_period
from tests.browser.gallery import gallery
from tests.browser.invented import DOSSIER, PAYMENTS, TODAY

days = st.dates(min_value=TODAY - timedelta(days=500), max_value=TODAY + timedelta(days=60))
states = st.sampled_from(sorted(labels.PAYMENT_STATES))
amounts = st.decimals(min_value=0, max_value=3000, places=2)
PAID = {"in_payment", "paid", "corrected"}


@given(days, days, st.sampled_from(LANGUAGES))
def test_own_days_are_read_as_they_are_shown(one: date, other: date, language: str) -> None:
    first, last = sorted((one, other))
    with translation.override(language):
        query = {"from": format_date(first, language), "to": format_date(last, language), "period": "3m"}
        period = chosen_period(query, today=TODAY)
        assert (period.own, period.first, period.last, period.wrong) == (True, first, last, False)
        assert chosen_period(period.filters, today=TODAY) == period
        again = {"from": period.start.text, "to": period.end.text}
        assert chosen_period(again, today=TODAY) == period


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"from": "31.2.2026"}, "from"),
        ({"to": "11/2/2026"}, "to"),
        ({"from": "1.3.2026", "to": "28.2.2026"}, "to"),
        ({"from": "1.3.2026", "to": "x" * 9999}, "to"),
    ],
)
def test_a_wrong_day_is_told_at_its_field_kept_and_filters_nothing(query: dict[str, str], wrong: str) -> None:
    period = chosen_period({**query, "period": "this_year"}, today=TODAY)
    assert (period.preset, period.first) == ("this_year", date(2026, 1, 1))
    told = {"from": bool(period.start.error), "to": bool(period.end.error)}
    assert told == {"from": wrong == "from", "to": wrong == "to"}
    assert query[wrong].startswith(period.start.text if wrong == "from" else period.end.text)


def test_one_end_may_be_left_open() -> None:
    assert chosen_period({"from": "1.3.2026"}, today=TODAY).last is None
    assert chosen_period({"to": "1.3.2026"}, today=TODAY).first is None


@given(
    st.lists(st.tuples(amounts, states, days), max_size=14), st.integers(min_value=0, max_value=MONTHS - 1)
)
def test_each_figure_of_the_strip_opens_exactly_its_rows(
    drawn: list[tuple[Decimal, str, date]], place: int
) -> None:
    payments = tuple(
        replace(PAYMENTS[0], number=str(i), gross=net, net=net, state=state, paid_on=day)
        for i, (net, state, day) in enumerate(drawn)
    )
    dossier = replace(DOSSIER, payments=payments)
    strip = payments_page(dossier, {}, today=TODAY).strip
    first, last = date(2025, 12, 1), date(2026, 11, 30)
    counted = [item for item in payments if item.state in PAID and first <= item.paid_on <= last]
    assert (strip is None) == (not counted)
    if strip is None:
        return
    assert [month.first_day for month in strip.months][:: MONTHS - 1] == [first, date(2026, 11, 1)]
    month = strip.months[place]
    opened = payments_page(dossier, QueryDict(month.query.removeprefix("?")), today=TODAY)
    assert {row.payment.paid_on.replace(day=1) for row in opened.rows} <= {month.first_day}
    rows = [row.payment for row in opened.rows if row.payment.state in PAID]
    assert (month.net, month.count) == (sum((item.net for item in rows), Decimal(0)), len(rows))
    assert opened.strip is not None
    assert [each.first_day for each in opened.strip.months if each.chosen] == [month.first_day]
    assert strip.net == sum((each.net for each in strip.months), Decimal(0))


def test_the_strip_says_which_months_the_limit_hides() -> None:
    scope = tuple(
        replace(each, since=date(2026, 3, 15) if each.group == "payments" else each.since)
        for each in DOSSIER.scope
    )
    strip = payments_page(replace(DOSSIER, scope=scope), {}, today=TODAY).strip
    assert strip is not None
    assert [month.hidden for month in strip.months] == [True] * 3 + [False] * 9
    assert [month.first_day.month for month in strip.months if month.partly] == [3]
    assert strip.whole_months == 7


def test_the_next_payment_days_do_not_depend_on_the_period_shown() -> None:
    shown = payments_page(DOSSIER, {"period": "last_year"}, today=TODAY)
    assert [(row.payment.benefit, row.payment.paid_on.day) for row in shown.coming] == [
        ("SOC-PER", 1),
        ("HOU-YAT", 3),
    ]
    only = payments_page(DOSSIER, {"benefit": "HOU-YAT"}, today=TODAY)
    assert [row.payment.benefit for row in only.coming] == ["HOU-YAT"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_for_a_case_note_has_every_row_and_names_nobody(language: str) -> None:
    with translation.override(language):
        page = payments_page(DOSSIER, {}, today=TODAY)
        note = case_note(page)
        lines = note.splitlines()
        assert len(lines) == len(page.rows) + 2
        assert all(format_date(row.payment.paid_on, language) in note for row in page.rows)
    for personal in ("Mallikas", "Testi", "999W", "Vuokratalot", "FI••"):
        assert personal not in note


def test_planned_returned_and_corrected_payments_are_told_apart_in_words() -> None:
    html = dict(gallery("en"))["client_payments"]
    for words in ("Planned", "Returned", "Corrected", "not in the sums", "in the sums as corrected"):
        assert words in html


def test_every_term_of_a_page_is_explained_and_every_button_opens_something() -> None:
    for name, html in gallery("en"):
        opens = re.findall(r'popovertarget="([^"]+)"', html)
        assert len(opens) == len(set(opens)), name
        assert all(html.count(f'id="{target}"') == 1 for target in opens), name
