"""Which notices an inbox shows: chosen in the address, checked here, told in chips.

Only values the page knows are taken or written back, and nothing in them tells of a client, so that an
address can be linked to, saved and come back to. Days are days in Finland, both ends inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kelmu.core import clock
from kelmu.core.formats import DateFormatError, format_date, parse_date
from kelmu.web.presentation.filters import Chip
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.notice_words import NOTICE_KINDS, NOTICE_STATES

Pairs = tuple[tuple[str, str], ...]
Choices = Iterable[tuple[str, str | Promise]]

SORTS: dict[str, str | Promise] = {
    "due": _("Due, earliest first"),
    "-due": _("Due, latest first"),
    "-arrived": _("Arrived, newest first"),
    "arrived": _("Arrived, oldest first"),
    "number": _("Number, smallest first"),
    "-number": _("Number, largest first"),
    "kind": _("Kind"),
    "-kind": _("Kind, the other way round"),
    "municipality": _("Municipality"),
    "-municipality": _("Municipality, the other way round"),
    "state": _("State"),
    "-state": _("State, the other way round"),
}
FIRST_SORT = "due"
ONLY: dict[str, str | Promise] = {
    "overdue": pgettext_lazy("notices", "Overdue"),
    "restricted": pgettext_lazy("notices", "Restricted"),
    "flagged": pgettext_lazy("notices", "Moved many times"),
}
URGENCY: dict[str, str | Promise] = {
    "yes": pgettext_lazy("notices", "Urgent"),
    "no": pgettext_lazy("notices", "Not urgent"),
}
ASSIGNEES: dict[str, str | Promise] = {
    "me": pgettext_lazy("notices", "Handler: you"),
    "nobody": pgettext_lazy("notices", "No handler"),
}
_LISTS = {"state": "states", "kind": "kinds", "municipality": "municipalities"}
_PSEUDONYM = re.compile("[0-9a-f]{64}")
_DAYS = ("arrived_from", "arrived_to", "due_from", "due_to")
EVERYTHING = "?view=all"
"""The whole inbox, even where a saved view is shown first."""


class _Known(forms.MultipleChoiceField):
    """Boxes to tick; a value that is none of them asks nothing."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [each for each in super().to_python(value) if self.valid_value(each)]


class _KnownOne(forms.ChoiceField):
    """A choice; a value that is none of them asks nothing."""

    def to_python(self, value: Any) -> str:
        found = super().to_python(value)
        return found if self.valid_value(found) else ""


class _Assignee(_KnownOne):
    """An official who is no longer among the colleagues may still have notices."""

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or bool(_PSEUDONYM.fullmatch(str(value)))


class _DayInput(forms.TextInput):
    """Shows a day as the page's language writes it, and anything else as it was typed, within reason."""

    def format_value(self, value: Any) -> str:
        try:
            return format_date(parse_date(value or "", today=clock.today()), language())
        except DateFormatError:
            return str(value or "")[:20]


class _Day(forms.CharField):
    """A day in any language's habits; its error names it, so that the list of errors does."""

    widget = _DayInput(attrs={"autocomplete": "off"})

    def clean(self, value: Any) -> date | None:
        typed = (value or "").strip()
        if not typed:
            return None
        try:
            return parse_date(typed, today=clock.today())
        except DateFormatError:
            raise forms.ValidationError(
                gettext("%(field)s: write the day in the form 1.11.2026.") % {"field": self.label}
            ) from None


class InboxFilter(forms.Form):
    """The filter panel. What is wrong in it is told, stays in its field, and filters nothing."""

    state = _Known(label=_("State"), required=False)
    kind = _Known(label=pgettext_lazy("of a notice", "Kind"), required=False)
    urgency = _KnownOne(label=_("Urgency"), required=False)
    assignee = _Assignee(label=_("Handler"), required=False)
    only = _Known(label=_("Only"), required=False)
    municipality = _Known(label=_("Municipality"), required=False)
    arrived_from = _Day(label=_("Arrived from"), required=False)
    arrived_to = _Day(label=_("Arrived until"), required=False)
    due_from = _Day(label=_("Due from"), required=False)
    due_to = _Day(label=_("Due until"), required=False)
    sort = _KnownOne(label=_("Order"), required=False, choices=list(SORTS.items()))

    def __init__(
        self, data: Mapping[str, Any], *, municipalities: Choices = (), colleagues: Choices = ()
    ) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.choose("state", ((code, label.text) for code, label in _shown_states().items()))
        self.choose("kind", NOTICE_KINDS.items())
        self.choose("only", ONLY.items())
        self.choose("municipality", municipalities)
        self.choose("urgency", (("", _("All")), *URGENCY.items()))
        self.choose("assignee", (("", _("All")), *ASSIGNEES.items(), *colleagues))

    def choose(self, name: str, choices: Choices) -> None:
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        """See that no period ends before it begins."""
        for what in ("arrived", "due"):
            first, last = self.cleaned_data.get(f"{what}_from"), self.cleaned_data.get(f"{what}_to")
            if first and last and last < first:
                field = self.fields[f"{what}_to"]
                told = gettext("%(field)s: the period ends before it begins.") % {"field": field.label}
                self.add_error(f"{what}_to", told)
        return self.cleaned_data

    @property
    def chosen(self) -> Pairs:
        """What is in force, as it stands in an address, without the order."""
        self.is_valid()
        found: list[tuple[str, str]] = []
        for name in ("state", "kind", "urgency", "assignee", "only", "municipality"):
            value = self.cleaned_data.get(name) or []
            found += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        found += [(name, day.isoformat()) for name in _DAYS if (day := self.cleaned_data.get(name))]
        return tuple(found)

    @property
    def order(self) -> str:
        """How the rows are sorted."""
        self.is_valid()
        return self.cleaned_data.get("sort") or FIRST_SORT

    def label_of(self, name: str, value: str) -> str | Promise:
        """A filter in use in words."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            words = next((text for code, text in field.widget.choices if code == value), None)
            words = words or handler_mark(value)
            return gettext("Handler: %(name)s") % {"name": words} if _PSEUDONYM.fullmatch(value) else words
        return f"{field.label} {format_date(date.fromisoformat(value), language())}"


def handler_mark(pseudonym: str) -> str:
    """What stands for a colleague whose name the register does not tell: the same each time, and no name."""
    return gettext("handler %(mark)s") % {"mark": pseudonym[:4].upper()}


def _shown_states() -> dict[str, Any]:
    return {code: label for code, label in NOTICE_STATES.items() if code != "transferred"}


def door_filter(chosen: Pairs) -> dict[str, Any]:
    """What is chosen, as ``door.notice_rows`` and a saved view take it."""
    asked: dict[str, Any] = {}
    for name, value in chosen:
        if name in _LISTS:
            asked.setdefault(_LISTS[name], []).append(value)
        elif name == "only":
            asked[value] = True
        elif name == "urgency":
            asked["urgent"] = value == "yes"
        else:
            asked[name] = value
    return asked


def chosen_of(asked: Mapping[str, Any]) -> Pairs:
    """The other way: the filter of a saved view as it stands in an address."""
    lists = {door: name for name, door in _LISTS.items()}
    found: list[tuple[str, str]] = []
    for key, value in asked.items():
        if key in lists:
            found += [(lists[key], each) for each in value]
        elif key == "urgent":
            found.append(("urgency", "yes" if value else "no"))
        elif key in ONLY:
            found += [("only", key)] if value else []
        else:
            found.append((key, value))
    return tuple(found)


def address_query(chosen: Pairs, order: str = FIRST_SORT, page: int = 1, **more: str) -> str:
    """``?…`` of a list: its filter, its order and its page, where they are not as they begin."""
    pairs = [*chosen]
    pairs += [("sort", order)] if order != FIRST_SORT else []
    pairs += [("page", str(page))] if page > 1 else []
    pairs += more.items()
    return f"?{urlencode(pairs)}" if pairs else EVERYTHING


def chips_of(form: InboxFilter) -> tuple[Chip, ...]:
    """A chip for each filter in use, which takes it away."""
    chosen, order = form.chosen, form.order
    return tuple(
        Chip(form.label_of(*pair), address_query(tuple(each for each in chosen if each != pair), order))
        for pair in chosen
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the table. ``sorted`` is what ``aria-sort`` says, empty where it is not by this column."""

    label: str | Promise
    query: str
    sorted: str


def headings_of(form: InboxFilter) -> dict[str, Heading]:
    """The headings one can sort by; the one in use turns the order round."""
    labels = {
        "number": pgettext_lazy("of a notice", "Number"),
        "kind": pgettext_lazy("of a notice", "Kind"),
        "municipality": _("Municipality"),
        "arrived": pgettext_lazy("of a notice", "Arrived"),
        "due": pgettext_lazy("of a notice", "Due"),
        "state": _("State"),
    }
    chosen, order = form.chosen, form.order
    ways = {key: "ascending", f"-{key}": "descending"} if (key := order.lstrip("-")) else {}
    return {
        name: Heading(
            label,
            address_query(chosen, f"-{name}" if order == name else name),
            ways[order] if key == name else "",
        )
        for name, label in labels.items()
    }
