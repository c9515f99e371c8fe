"""Dates, periods and amounts are written as people in Finland write them and read back the same."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core.formats import (
    LANGUAGES,
    DateFormatError,
    format_date,
    format_moment,
    format_money,
    format_month,
    format_period,
    format_time,
    known_language,
    parse_date,
)

TODAY = date(2026, 11, 24)
languages = st.sampled_from(LANGUAGES)
days = st.dates(min_value=date(1850, 1, 1), max_value=date(2200, 12, 31))
euros = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(days, languages)
def test_a_written_date_reads_back_as_the_same_day(day: date, language: str) -> None:
    assert parse_date(format_date(day, language), today=TODAY) == day


@given(days)
def test_every_accepted_form_of_a_day_means_that_day(day: date) -> None:
    forms = (
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day:02d}.{day.month:02d}.{day.year}",
        f" {day.day}. {day.month}. {day.year}\u00a0",
        f"{day.day:02d}{day.month:02d}{day.year}",
        day.isoformat(),
    )
    assert {parse_date(form, today=TODAY) for form in forms} == {day}


@given(st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31)))
def test_a_date_without_a_year_is_in_the_present_year(day: date) -> None:
    assert parse_date(f"{day.day}.{day.month}.", today=TODAY) == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "11/02/2026",
        "11-02-2026",
        "31.2.2026",
        "2.11.26",
        "2.13.2026",
        "0.1.2026",
        "٢.١١.٢٠٢٦",
        "2 Foo 2026",
    ],
)
def test_what_can_be_read_in_two_ways_or_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(DateFormatError):
        parse_date(typed, today=TODAY)


@given(st.text())
def test_any_text_is_a_day_or_a_refusal_that_does_not_repeat_it(typed: str) -> None:
    try:
        outcome: date | DateFormatError = parse_date(typed, today=TODAY)
    except DateFormatError as refusal:
        outcome = refusal
    assert isinstance(outcome, date) or (str(outcome) == "" and outcome.__cause__ is None)


@given(euros, languages)
def test_a_written_amount_is_the_amount_to_the_cent_and_never_breaks(amount: Decimal, language: str) -> None:
    written = format_money(amount, language)
    decimal_sign = "." if language == "en" else ","
    digits = "".join(c if c.isdigit() else "." if c == decimal_sign else "" for c in written)
    sign = -1 if "\u2212" in written else 1
    assert Decimal(digits) * sign == amount
    assert " " not in written
    assert "-" not in written


@pytest.mark.parametrize(
    ("language", "written"),
    [("fi", "−1\u00a0234,50\u00a0€"), ("sv", "−1\u00a0234,50\u00a0€"), ("en", "−€1,234.50")],
)
def test_amounts_follow_the_language(language: str, written: str) -> None:
    assert format_money(Decimal("-1234.5"), language) == written


@pytest.mark.parametrize(
    ("start", "end", "fi", "sv", "en"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "1.–30.11.2026", "1–30.11.2026", "1–30 Nov 2026"),
        (
            date(2026, 10, 26),
            date(2026, 11, 20),
            "26.10.–20.11.2026",
            "26.10–20.11.2026",
            "26 Oct – 20 Nov 2026",
        ),
        (
            date(2026, 8, 1),
            date(2027, 7, 31),
            "1.8.2026–31.7.2027",
            "1.8.2026–31.7.2027",
            "1 Aug 2026 – 31 Jul 2027",
        ),
        (date(2026, 2, 3), None, "3.2.2026 alkaen", "fr.o.m. 3.2.2026", "from 3 Feb 2026"),
        (None, date(2026, 2, 3), "3.2.2026 asti", "t.o.m. 3.2.2026", "until 3 Feb 2026"),
        (date(2026, 2, 3), date(2026, 2, 3), "3.2.2026", "3.2.2026", "3 Feb 2026"),
        (None, None, "", "", ""),
    ],
)
def test_periods_say_what_the_ends_share_once(
    start: date | None, end: date | None, fi: str, sv: str, en: str
) -> None:
    written = tuple(format_period(start, end, language).replace("\u00a0", " ") for language in LANGUAGES)
    assert written == (fi, sv, en)


@given(days, days, languages)
def test_a_period_ends_with_its_last_day_and_cannot_run_backwards(
    one: date, other: date, language: str
) -> None:
    start, end = sorted((one, other))
    assert format_period(start, end, language).endswith(format_date(end, language))
    if start != end:
        with pytest.raises(ValueError, match="ends before"):
            format_period(end, start, language)


@pytest.mark.parametrize(
    ("language", "time", "moment", "month"),
    [
        ("fi", "klo 9.05", "2.11.2026 klo 9.05", "marraskuu 2026"),
        ("sv", "kl. 9.05", "2.11.2026 kl. 9.05", "november 2026"),
        ("en", "9:05", "2 Nov 2026, 9:05", "November 2026"),
    ],
)
def test_moments_are_told_by_the_clock_in_finland(language: str, time: str, moment: str, month: str) -> None:
    at = datetime(2026, 11, 2, 7, 5, tzinfo=UTC)
    assert format_time(at, language).replace("\u00a0", " ") == time
    assert format_moment(at, language).replace("\u00a0", " ") == moment
    assert format_month(at.date(), language).replace("\u00a0", " ") == month


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        format_time(datetime(2026, 11, 2, 9, 5), "fi")  # noqa: DTZ001 -- the missing zone is the point


def test_an_unknown_language_is_written_as_finnish() -> None:
    assert known_language("sv-fi") == "sv"
    assert known_language("de") == "fi"
    assert format_date(date(2026, 11, 2), "de") == "2.11.2026"
