"""The period a list of payments or decisions shows: a ready-made one, or days of one's own.

What an official types is read in any language's habits; what is written back into an address is ISO 8601.
Days are days in Finland, both ends inclusive.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kelmu.core.formats import DateFormatError, format_date, format_period, parse_date
from kelmu.policy.rules import months_before
from kelmu.web.presentation.filters import Chip, Preset, known, query_of
from kelmu.web.presentation.labels import PERIOD_PRESETS, language

OWN = "own"
_LAST_TWELVE_MONTHS = "12m"
_UNREADABLE = _("Write the day in the form 1.11.2026.")
_BACKWARDS = _("The period ends before it begins.")


@dataclass(frozen=True, slots=True)
class TypedDay:
    """One end of a period of one's own: what was typed, as its field shows it again, and what is wrong."""

    text: str = ""
    day: date | None = None
    error: str | Promise = ""


@dataclass(frozen=True, slots=True)
class ChosenPeriod:
    """The period in use. `first` and `last` are inclusive, None is no bound.

    `preset` is a ready-made period or `own`. Where a typed day is wrong the ready-made one is shown.
    """

    preset: str
    first: date | None
    last: date | None
    start: TypedDay = TypedDay()
    end: TypedDay = TypedDay()

    @property
    def own(self) -> bool:
        """Whether the days are her own."""
        return self.preset == OWN

    @property
    def wrong(self) -> bool:
        """Whether something typed could not be taken."""
        return bool(self.start.error or self.end.error)

    @property
    def filters(self) -> dict[str, str]:
        """The period as it stands in an address."""
        if not self.own:
            return {"period": self.preset}
        days = {"from": self.first, "to": self.last}
        return {name: day.isoformat() for name, day in days.items() if day}

    def holds(self, day: date) -> bool:
        """Whether `day` is within it."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def preset_period(preset: str, *, today: date) -> tuple[date | None, date | None]:
    """First and last day of a preset, inclusive; None is no bound.

    Months end on the same day of the month.
    """
    match preset:
        case "3m":
            return months_before(today, 3), None
        case "this_year":
            return date(today.year, 1, 1), date(today.year, 12, 31)
        case "last_year":
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case "all":
            return None, None
        case _:
            return months_before(today, 12), None


def chosen_period(
    query: Mapping[str, str], *, today: date, unless_told: str = _LAST_TWELVE_MONTHS
) -> ChosenPeriod:
    """The query's `from` and `to`, either of which may be left out, or else its `period`, a preset.

    Without any of them, or with what is none, it is the preset `unless_told`: the last twelve months and
    what is to come.
    """
    start, end = _typed(query.get("from", ""), today=today), _typed(query.get("to", ""), today=today)
    if start.day and end.day and end.day < start.day:
        end = TypedDay(end.text, error=_BACKWARDS)
    if (start.day or end.day) and not (start.error or end.error):
        return ChosenPeriod(OWN, start.day, end.day, start, end)
    preset = known(query, "period", PERIOD_PRESETS) or unless_told
    return ChosenPeriod(preset, *preset_period(preset, today=today), start, end)


def period_presets(period: ChosenPeriod, others: Mapping[str, str]) -> tuple[Preset, ...]:
    """The ready-made periods as links that keep the `others` of the filters in use."""
    return tuple(
        Preset(value, label, value == period.preset, query_of({"period": value, **others}))
        for value, label in PERIOD_PRESETS.items()
    )


def period_chips(period: ChosenPeriod, others: Mapping[str, str]) -> tuple[Chip, ...]:
    """A chip for days of her own, which taken away leaves the `others`; the presets need none beside them."""
    if not period.own:
        return ()
    return (Chip(format_period(period.first, period.last, language()), query_of(others)),)


def _typed(text: str, *, today: date) -> TypedDay:
    typed = text.strip()
    if not typed:
        return TypedDay()
    try:
        day = parse_date(typed, today=today)
    except DateFormatError:
        # What is longer than any date is not repeated.
        return TypedDay(typed[:20], error=_UNREADABLE)
    return TypedDay(format_date(day, language()), day)
