"""Dates, times, periods and money as people in Finland write and read them.

One place for every face of the service. Languages are `fi`, `sv` and `en`; an unknown one is written as
Finnish. Finnish and Swedish use day.month.year; English names the month, because a numeric date in English
can be read in two ways and a date read wrongly is a wrong period of disclosure. All days are days in Finland,
all amounts euros.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton
from babel.numbers import format_decimal

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"
FINLAND = ZoneInfo("Europe/Helsinki")
LANGUAGES = ("fi", "sv", "en")

_LOCALES = {"fi": Locale("fi", "FI"), "sv": Locale("sv", "FI"), "en": Locale("en", "GB")}
_CENT = Decimal("0.01")
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?", re.ASCII)
_SOLID = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})([A-Z][a-z]{2})(\d{4})", re.ASCII)
_LONGEST_DATE = 32


class DateFormatError(ValueError):
    """What was typed is no date in any accepted form, or no day of the calendar; it is never repeated."""


def known_language(language: str) -> str:
    """The one of `fi`, `sv`, `en` that `language` (such as `sv-fi`) stands for, else `fi`."""
    primary = language.split("-", maxsplit=1)[0].lower()
    return primary if primary in LANGUAGES else "fi"


def format_date(value: date, language: str) -> str:
    """A day: `2.11.2026` in Finnish and Swedish, `2 Nov 2026` in English, with spaces that do not break."""
    if known_language(language) == "en":
        return NO_BREAK_SPACE.join((str(value.day), _ENGLISH_MONTHS[value.month - 1], str(value.year)))
    return f"{value.day}.{value.month}.{value.year}"


def format_time(value: datetime, language: str) -> str:
    """The time in Finland of an aware `value`: `klo 9.05`, `kl.

    9.05`, `9:05`. A naive one raises ValueError.
    """
    local = _in_finland(value)
    match known_language(language):
        case "en":
            return f"{local.hour}:{local.minute:02d}"
        case "sv":
            return f"kl.{NO_BREAK_SPACE}{local.hour}.{local.minute:02d}"
        case _:
            return f"klo{NO_BREAK_SPACE}{local.hour}.{local.minute:02d}"


def format_moment(value: datetime, language: str) -> str:
    """Day and clock time in Finland: `2.11.2026 klo 9.05`. A naive `value` raises ValueError."""
    separator = ", " if known_language(language) == "en" else " "
    return format_date(_in_finland(value).date(), language) + separator + format_time(value, language)


def format_month(value: date, language: str) -> str:
    """The month of a day by its name: `marraskuu 2026`, `november 2026`, `November 2026`."""
    return format_skeleton("yMMMM", value, locale=_LOCALES[known_language(language)])


def format_month_short(value: date, language: str) -> str:
    """The month of a day where there is little room, without its year: `marras`, `nov.`, `Nov`."""
    return babel_date(value, "LLL", locale=_LOCALES[known_language(language)])


def format_month_year(value: date, language: str) -> str:
    """The month and year of a day: `11/2026`, in English `Nov 2026` with a space that does not break."""
    if known_language(language) == "en":
        return f"{_ENGLISH_MONTHS[value.month - 1]}{NO_BREAK_SPACE}{value.year}"
    return f"{value.month}/{value.year}"


def format_money(value: Decimal, language: str) -> str:
    """Euros with two decimals: `−1 234,50 €`, in English `−€1,234.50`.

    The minus is U+2212, which screen readers say aloud; no space in it breaks. Halves of a cent go away from
    zero.
    """
    cents = value.quantize(_CENT, rounding=ROUND_HALF_UP)
    sign = MINUS if cents < 0 else ""
    primary = known_language(language)
    digits = format_decimal(abs(cents), format="#,##0.00", locale=_LOCALES[primary])
    if primary == "en":
        return f"{sign}€{digits}"
    return f"{sign}{digits}{NO_BREAK_SPACE}€"


def format_percent(value: Decimal, language: str) -> str:
    """A share, 1 being the whole, in per cents: `64 %`, in English `64%`. Parts of a per cent are cut."""
    whole = int((value * 100).to_integral_value(rounding=ROUND_DOWN))
    sign = MINUS if whole < 0 else ""
    space = "" if known_language(language) == "en" else NO_BREAK_SPACE
    return f"{sign}{abs(whole)}{space}%"


def format_period(start: date | None, end: date | None, language: str) -> str:
    """A period of days, both ends inclusive; what the ends share is written once, an open end in words.

    `1.–30.11.2026`, `26.10.–20.11.2026`, `1.8.2026–31.7.2027`, `3.2.2026 alkaen`, `31.12.2026 asti`; without
    either end an empty text. Raises ValueError when the end is before the start.
    """
    primary = known_language(language)
    if start is not None and end is not None:
        if end < start:
            message = "a period ends before it starts"
            raise ValueError(message)
        return format_date(start, primary) if start == end else _CLOSED[primary](start, end)
    if start is not None:
        return _OPEN_END[primary].format(format_date(start, primary))
    if end is not None:
        return _OPEN_START[primary].format(format_date(end, primary))
    return ""


def parse_date(text: str, *, today: date) -> date:
    """The day a person typed, in any language's habits.

    Accepted are `2.11.2026`, `2.11.`, `02112026`, `2026-11-02` and `2 Nov 2026`. Spaces of every kind are
    ignored. A date without a year is in the year of `today`. Month-first forms and two-digit years are
    refused, since they can be read in two ways. Raises DateFormatError.
    """
    if len(text) > _LONGEST_DATE:
        raise DateFormatError
    compact = "".join(text.split())
    try:
        if found := _DOTTED.fullmatch(compact):
            day, month, year = found.groups()
            return date(int(year or today.year), int(month), int(day))
        if found := _SOLID.fullmatch(compact):
            day, month, year = found.groups()
            return date(int(year), int(month), int(day))
        if found := _ISO.fullmatch(compact):
            year, month, day = found.groups()
            return date(int(year), int(month), int(day))
        if found := _NAMED.fullmatch(compact):
            day, name, year = found.groups()
            return date(int(year), _ENGLISH_MONTHS.index(name) + 1, int(day))
    except ValueError:
        # The cause is not kept: its text would repeat what was typed.
        raise DateFormatError from None
    raise DateFormatError


def _in_finland(value: datetime) -> datetime:
    """`value` by the clock in Finland; only an aware time says which moment it is."""
    if value.tzinfo is None:
        message = "a moment needs its time zone"
        raise ValueError(message)
    return value.astimezone(FINLAND)


def _finnish_period(start: date, end: date) -> str:
    if start.year != end.year:
        return f"{format_date(start, 'fi')}{DASH}{format_date(end, 'fi')}"
    if start.month != end.month:
        return f"{start.day}.{start.month}.{DASH}{format_date(end, 'fi')}"
    return f"{start.day}.{DASH}{format_date(end, 'fi')}"


def _swedish_period(start: date, end: date) -> str:
    if start.year != end.year:
        return f"{format_date(start, 'sv')}{DASH}{format_date(end, 'sv')}"
    if start.month != end.month:
        return f"{start.day}.{start.month}{DASH}{format_date(end, 'sv')}"
    return f"{start.day}{DASH}{format_date(end, 'sv')}"


def _english_period(start: date, end: date) -> str:
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{DASH}{format_date(end, 'en')}"
    first = format_date(start, "en")
    if start.year == end.year:
        first = NO_BREAK_SPACE.join((str(start.day), _ENGLISH_MONTHS[start.month - 1]))
    return f"{first}{NO_BREAK_SPACE}{DASH} {format_date(end, 'en')}"


_CLOSED: dict[str, Callable[[date, date], str]] = {
    "fi": _finnish_period,
    "sv": _swedish_period,
    "en": _english_period,
}
_OPEN_END = {"fi": "{} alkaen", "sv": "fr.o.m. {}", "en": "from {}"}
_OPEN_START = {"fi": "{} asti", "sv": "t.o.m. {}", "en": "until {}"}
