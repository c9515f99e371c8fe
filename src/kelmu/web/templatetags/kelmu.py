"""Dates, periods and money in templates, in the page's language; and form widgets that say what they are."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.forms import BoundField, CheckboxInput
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kelmu.core import formats
from kelmu.web.presentation import case_note as notes
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.register_words import in_language
from kelmu.web.presentation.terms import TERMS

register = template.Library()

NOTHING = formats.DASH
"""Stands where a table has no value: an en dash."""


@register.filter
def day(value: date | None) -> str:
    """A day, `24.11.2026`; a dash where there is none."""
    return NOTHING if value is None else formats.format_date(value, language())


@register.filter
def clock(value: datetime) -> str:
    """A clock time in Finland, `klo 9.05`."""
    return formats.format_time(value, language())


@register.filter
def moment(value: datetime) -> str:
    """Day and clock time in Finland, `24.11.2026 klo 9.05`."""
    return formats.format_moment(value, language())


@register.filter
def month(value: date) -> str:
    """The month of a day, `Marraskuu 2026`, with a capital as a heading has."""
    name = formats.format_month(value, language())
    return name[:1].upper() + name[1:]


@register.filter
def month_year(value: date) -> str:
    """The month of a day where there is little room, `11/2026`, in English `Nov 2026`."""
    return formats.format_month_year(value, language())


@register.filter
def money(value: Decimal | None) -> str:
    """Euros, `1 234,50 €`; a dash where there are none."""
    return NOTHING if value is None else formats.format_money(value, language())


@register.filter
def percents(value: int) -> str:
    """A share given in per cents, `20 %`."""
    return formats.format_percent(Decimal(value) / 100, language())


@register.filter
def deduction(value: Decimal) -> str:
    """What is taken off, as a negative amount; a dash where nothing is."""
    return formats.format_money(-value, language()) if value else NOTHING


@register.simple_tag
def period(start: date | None, end: date | None) -> str:
    """A period of days, ends inclusive, `1.–30.11.2026`; a dash where there is none."""
    return formats.format_period(start, end, language()) or NOTHING


@register.simple_tag
def number_cell(label: str, value: object, *, deducted: bool = False, strong: bool = False) -> SafeString:
    """A table cell with an amount, `label` being what a narrow window writes beside it.

    `deducted` amounts are written as negative, and a dash stands for zero. `data-none` marks a cell without
    a value; what a template finds nowhere, an empty text, counts as none.
    """
    amount = value if isinstance(value, Decimal) else None
    text = deduction(amount or Decimal(0)) if deducted else money(amount)
    return format_html(
        '<td class="kelmu-number{}" data-label="{}"{}>{}</td>',
        " kelmu-strong" if strong else "",
        label,
        mark_safe(" data-none") if text == NOTHING else "",
        text,
    )


@register.filter
def register_word(text: str | None) -> str:
    """A text of the register, which writes in Finnish, in the page's language where it has one."""
    return in_language(text or "", language())


@register.filter
def register_words(texts: Iterable[str]) -> SafeString:
    """Several texts of the register, with commas between."""
    return format_html_join(", ", "{}", ((in_language(text, language()),) for text in texts))


@register.filter
def case_note(page: object) -> str:
    """A page as text for case notes (`presentation.case_note`)."""
    return notes.case_note(page)


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """The widget of a form field, styled, tied to its help text and errors by `aria-describedby`.

    Ids are written here, not by script, so that they are there for everybody.
    """
    attributes: dict[str, str | bool] = {"class": _widget_class(field)}
    described_by = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        described_by.append(f"{field.auto_id}_error")
        attributes["aria-invalid"] = "true"
    if described_by:
        attributes["aria-describedby"] = " ".join(described_by)
    return field.as_widget(attrs=attributes)


@register.simple_tag
def is_checkbox(field: BoundField) -> bool:
    """Whether a field is a single box to tick, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag
def empty_title(reason: str) -> str:
    """What an empty list says by default, by its reason (`presentation.emptiness.Reason`)."""
    titles = {
        "none": _("There is nothing to show"),
        "limit": _("Nothing within your organisation's time limit"),
        "filter": _("No rows match the chosen filter"),
        "no_right": _("Your organisation has no right to these data"),
        "source_down": _("The data could not be fetched now"),
    }
    return titles[reason]


@register.simple_tag
def term_text(name: str) -> str:
    """What a term means (`presentation.terms`)."""
    return str(TERMS[name].text)


def _widget_class(field: BoundField) -> str:
    own = str(field.field.widget.attrs.get("class", ""))
    return f"ds-input {own}".strip()
