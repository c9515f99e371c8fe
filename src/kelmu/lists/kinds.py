"""The kinds of lists: each is one file of ``definitions``, its facts at the top and its SQL below.

Adding a kind is adding its file, its name to ``ListKind`` and its rows to the policy's features. The
migration (``kelmu.lists.loading``) makes the function the file defines, ``door_private.list_<kind>``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from kelmu.core.data_files import DataFileError
from kelmu.policy.vocabulary import ListKind

_MONTHS = {1, 2, 3, 4, 6, 12}
_LAST_DAY_OF_ANY_MONTH = 28


class Holds(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WORD = "word"
    """A code of a short list, which pages tell in words."""
    DAY = "day"
    MONTH = "month"
    """The first day of a month."""
    COUNT = "count"
    BENEFIT = "benefit"
    BENEFITS = "benefits"


@dataclass(frozen=True, slots=True)
class ListDefinition:
    """What a file says of its kind.

    Attributes:
        kind: the name of the file.
        begins: the first day of the first period there is a list of.
        every_months: how many months a period has; the first of a year's begins in January.
        published_day: the day of the month after a period from which its list is seen.
        follows: compared with the list of the period before; otherwise only with the one it supersedes.
        compared: the columns whose change is told; None: all.
        hidden: rows have no names until these are opened.
        revealing: the columns that tell where somebody is.
        source: the law, and what it was made from.
        columns: what is in a row besides whom it is about and the amount, in their order.
        amounts: whether rows have an amount in euros, which is added up.
        sql: the text of the whole file.
    """

    kind: ListKind
    begins: date
    every_months: int
    published_day: int
    follows: bool
    compared: tuple[str, ...] | None
    hidden: bool
    revealing: tuple[str, ...]
    source: str
    columns: Mapping[str, Holds]
    amounts: bool
    sql: str


@cache
def list_definitions() -> Mapping[ListKind, ListDefinition]:
    """The kinds this package carries, in the order of ``ListKind``.

    Raises:
        DataFileError: a file cannot be used.
    """
    folder = files("kelmu.lists") / "definitions"
    found = [read_definition(file) for file in folder.iterdir() if file.name.endswith(".sql")]
    return {each.kind: each for each in sorted(found, key=lambda each: list(ListKind).index(each.kind))}


def read_definition(file: Traversable) -> ListDefinition:
    """Read one file.

    Raises:
        DataFileError: its facts are not as they should be, or it does not define the function of its kind.
    """
    text = file.read_text(encoding="utf-8")
    name = file.name.removesuffix(".sql")
    head = re.match(r"/\*\n(.*?)\*/\n", text, re.DOTALL)

    def need(holds: object, problem: str) -> None:
        if not holds:
            raise DataFileError(file.name, 1, problem)

    need(head, "does not begin with its facts")
    assert head is not None
    try:
        facts = tomllib.loads(head[1])
        definition = _definition(ListKind(name), facts, text)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise DataFileError(file.name, 1, f"{type(error).__name__}: {error}") from None
    need(not facts, f"unknown facts: {', '.join(facts)}")
    need(definition.begins.day == 1, "begins in the midst of a month")
    need(definition.every_months in _MONTHS, "every_months does not divide a year")
    need((definition.begins.month - 1) % definition.every_months == 0, "begins in the midst of a period")
    need(1 <= definition.published_day <= _LAST_DAY_OF_ANY_MONTH, "published_day is not in every month")
    need(definition.source, "source is empty")
    named = {*(definition.compared or ()), *definition.revealing}
    need(named <= set(definition.columns), "compared or revealing names a column there is not")
    functions = re.findall(r"CREATE FUNCTION (\S+)\(", text)
    need(functions == [f"door_private.list_{name}"], f"defines {', '.join(functions)}")
    return definition


def _definition(kind: ListKind, facts: dict[str, Any], text: str) -> ListDefinition:
    compared = facts.pop("compared", None)
    begins = facts.pop("begins")
    return ListDefinition(
        kind=kind,
        begins=date(begins.year, begins.month, begins.day),
        every_months=int(facts.pop("every_months")),
        published_day=int(facts.pop("published_day")),
        follows=_flag(facts.pop("follows")),
        compared=None if compared is None else tuple(compared),
        hidden=_flag(facts.pop("hidden")),
        revealing=tuple(facts.pop("revealing")),
        source=facts.pop("source"),
        columns={column: Holds(holds) for column, holds in facts.pop("columns").items()},
        amounts=_flag(facts.pop("amounts")),
        sql=text,
    )


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value
