"""The print of a client's data: the sections chosen, who prints them and why, and what was left out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kelmu.inquiry.dossier import Dossier
from kelmu.web.presentation.client import PAGE_GROUPS, PAGE_NAMES, Freshness, freshness_of
from kelmu.web.presentation.coverage import coverage_page
from kelmu.web.presentation.decisions import decisions_page
from kelmu.web.presentation.emptiness import Scope, scope_of
from kelmu.web.presentation.filters import Choice
from kelmu.web.presentation.from_others import from_others_page
from kelmu.web.presentation.labels import DATA_GROUPS, PERIOD_PRESETS
from kelmu.web.presentation.medicine import medicine_page
from kelmu.web.presentation.payments import payments_page
from kelmu.web.presentation.pending import pending_page
from kelmu.web.presentation.periods import chosen_period
from kelmu.web.presentation.recovery import recovery_page
from kelmu.web.presentation.summary import summary_page

_NOT_CHOSEN = _("not chosen")
_NO_RIGHT = _("your organisation has no right to it for this purpose")
_UNREAD = _("could not be fetched")


@dataclass(frozen=True, slots=True)
class PrintChoice:
    """A section that may be printed."""

    name: str
    label: str | Promise
    chosen: bool


@dataclass(frozen=True, slots=True)
class PrintAsked:
    """The sections to print, in the order of the pages, and the period of payments, a preset."""

    sections: tuple[str, ...]
    period: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        """The data groups those sections show."""
        return print_groups(self.sections)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The data groups the print does not hold for one reason."""

    labels: tuple[str | Promise, ...]
    why: str | Promise


@dataclass(frozen=True, slots=True)
class PrintPage:
    """The print. `pages` holds the model of each section's page by its name, for the sections chosen.

    `limits` are the data groups printed that reach back only to a day. `period` filters payments.
    """

    choices: tuple[PrintChoice, ...]
    pages: Mapping[str, Any]
    labels: Mapping[str, str | Promise]
    left_out: tuple[LeftOut, ...]
    limits: tuple[tuple[str | Promise, Scope], ...]
    periods: tuple[Choice, ...]
    sources: tuple[Freshness, ...]

    @property
    def chosen(self) -> tuple[str | Promise, ...]:
        """The names of the sections printed."""
        return tuple(self.labels[name] for name in self.pages)


def print_sections(asked: Iterable[str]) -> tuple[str, ...]:
    """The sections asked for, in the order of the pages; where none is known, the summary."""
    wanted = set(asked)
    return tuple(name for name in PAGE_GROUPS if name in wanted) or ("summary",)


def print_groups(sections: Iterable[str]) -> tuple[str, ...]:
    """The data groups those sections show."""
    return tuple(dict.fromkeys(group for name in sections for group in PAGE_GROUPS[name]))


def print_page(
    dossier: Dossier,
    asked: PrintAsked,
    *,
    granted: frozenset[str],
    today: date,
    now: datetime,
) -> PrintPage:
    """The print of what was `asked`, as far as `granted`, the data groups the grant opens, allows."""
    offered = [name for name, groups in PAGE_GROUPS.items() if granted.intersection(groups)]
    printed = [name for name in asked.sections if name in offered]
    groups = [group for group in print_groups(printed) if group in granted]
    period = {"period": asked.period}
    models: dict[str, Callable[[], Any]] = {
        "summary": lambda: summary_page(dossier, today=today),
        "pending": lambda: pending_page(dossier, today=today),
        "decisions": lambda: decisions_page(dossier, {}, today=today),
        "payments": lambda: payments_page(dossier, period, today=today),
        "coverage": lambda: coverage_page(dossier, today=today),
        "recovery": lambda: recovery_page(dossier),
        "medicine": lambda: medicine_page(dossier, today=today),
        "from_others": lambda: from_others_page(dossier, today=today),
    }
    preset = chosen_period(period, today=today).preset
    return PrintPage(
        choices=tuple(PrintChoice(name, PAGE_NAMES[name], name in printed) for name in offered),
        pages={name: models[name]() for name in printed},
        labels=PAGE_NAMES,
        left_out=_left_out(dossier, printed, granted),
        limits=tuple(
            (DATA_GROUPS[group], scope)
            for group in groups
            if (scope := scope_of(dossier, group)).since is not None
        ),
        periods=tuple(
            Choice(value, label, 0, chosen=value == preset) for value, label in PERIOD_PRESETS.items()
        ),
        sources=freshness_of(dossier, groups, now),
    )


def _left_out(dossier: Dossier, printed: list[str], granted: frozenset[str]) -> tuple[LeftOut, ...]:
    """The data groups that are not in the print, and those that could not be read though they should be."""
    shown = set(print_groups(printed))
    why: dict[str | Promise, list[str | Promise]] = {_NOT_CHOSEN: [], _NO_RIGHT: [], _UNREAD: []}
    for group in print_groups(PAGE_GROUPS):
        if group not in granted:
            why[_NO_RIGHT].append(DATA_GROUPS[group])
        elif group not in shown:
            why[_NOT_CHOSEN].append(DATA_GROUPS[group])
        elif group in dossier.unreadable:
            why[_UNREAD].append(DATA_GROUPS[group])
    return tuple(LeftOut(tuple(labels), reason) for reason, labels in why.items() if labels)
