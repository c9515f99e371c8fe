"""What is wrong with rows beside their cells: order, repetition, identity codes, benefits.

What the register's constraints see, and what only the database knows, is for ``verification``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from kelmu.benefits.catalogue import catalogue
from kelmu.core.personal_id import PersonalId, PersonalIdError
from kelmu.feed.csv_files import LINE
from kelmu.feed.errors import Fault
from kelmu.feed.tables import FeedTable, Kind

ORDER = "person_id"


class Watch:
    """Sees the batches of one table one after another, over all its files."""

    def __init__(self, table: FeedTable) -> None:
        self._table = table
        # Only rows of one person can repeat a key that she is part of, and they follow each other.
        self._by_person = ORDER in table.key
        self._last: int | None = None
        self._tail: pl.DataFrame | None = None
        self._benefits = pl.Series(sorted(catalogue().codes()))

    def faults(self, made: pl.DataFrame, file: str) -> Iterator[Fault]:
        """What is wrong with the rows of a batch, given those before it."""
        yield from self._out_of_order(made, file)
        if self._by_person:
            yield from self._repeated(made, file)
        for column, kind in self._table.columns.items():
            if kind is Kind.BENEFIT:
                wrong = made[column].is_not_null() & ~made[column].is_in(self._benefits.implode())
                for line in made.filter(wrong)[LINE]:
                    yield Fault(file, line, column, "is not in the benefit catalogue")
            elif kind is Kind.IDENTITY_CODE:
                yield from _identity_faults(made, column, file)

    def _out_of_order(self, made: pl.DataFrame, file: str) -> Iterator[Fault]:
        order = made[ORDER]
        before = order.shift(1, fill_value=self._last)
        for line in made.filter(order < before)[LINE]:
            yield Fault(file, line, ORDER, "comes after a larger one: rows are in the order of persons")
        self._last = order.drop_nulls()[-1] if order.null_count() < order.len() else self._last

    def _repeated(self, made: pl.DataFrame, file: str) -> Iterator[Fault]:
        keys = made.select(LINE, *self._table.key).drop_nulls()
        tail = keys.clear() if self._tail is None else self._tail
        both = pl.concat([tail, keys])
        again = ~both.select(pl.struct(self._table.key).is_first_distinct()).to_series()
        if again.any():
            for line in keys.filter(again[tail.height :])[LINE]:
                yield Fault(file, line, self._table.key[-1], "repeats the key of a row before it")
        if keys.height:
            self._tail = both.filter(pl.col(ORDER) == keys[ORDER][-1])


def _identity_faults(made: pl.DataFrame, column: str, file: str) -> Iterator[Fault]:
    born = "birth_date" if "birth_date" in made.columns else None
    births: Iterator[date | None] = iter(made[born] if born else [None] * made.height)
    for line, text, birth in zip(made[LINE], made[column], births, strict=True):
        if text is None:
            continue
        try:
            code = PersonalId(text)
        except PersonalIdError as error:
            yield Fault(file, line, column, f"is no identity code ({error.reason.value})")
            continue
        if birth is not None and code.birth_date != birth:
            yield Fault(file, line, born, "is not the day the identity code tells")
