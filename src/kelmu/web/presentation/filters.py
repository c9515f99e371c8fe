"""Filters of a list: choices with their counts, and links that keep what was chosen.

What is chosen lies in the address (GET), so that a page can be linked to, reloaded and come back to. Only
values the page knows are ever written back; nothing in them tells of a person.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise

from kelmu.web.presentation.labels import benefit_name


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter; `count` is how many rows it would show alone."""

    value: str
    label: str | Promise
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in use: its words, and the query that takes it away (empty: the whole list)."""

    label: str | Promise
    query: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made period; `query` shows it and keeps the other filters."""

    value: str
    label: str | Promise
    chosen: bool
    query: str


def known(query: Mapping[str, str], name: str, values: Iterable[str]) -> str:
    """The query's `name` if it is one of `values`, else empty: an unknown value filters nothing."""
    value = query.get(name, "")
    return value if value in set(values) else ""


def query_of(filters: Mapping[str, str], **changes: str) -> str:
    """`?name=value` of the filters in use with `changes` made to them; empty when none is left."""
    left = {name: value for name, value in {**filters, **changes}.items() if value}
    return f"?{urlencode(left)}" if left else ""


def chips(filters: Mapping[str, str], labels: Mapping[str, str | Promise]) -> tuple[Chip, ...]:
    """A chip for each filter in use that has a label."""
    return tuple(
        Chip(labels[name], query_of(filters, **{name: ""}))
        for name, value in filters.items()
        if value and name in labels
    )


def benefit_choices(codes: Iterable[str], chosen: str) -> tuple[Choice, ...]:
    """A choice for each benefit there is a row of, by name, counted, and for the chosen one."""
    counts = Counter(codes)
    names = {code: benefit_name(code) for code in (*counts, *([chosen] if chosen else []))}
    by_name = sorted(names.items(), key=lambda item: item[1])
    return tuple(Choice(code, name, counts[code], chosen=code == chosen) for code, name in by_name)
