"""From what a file holds to the types of the register, telling each cell that cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

import polars as pl

from kelmu.feed.csv_files import LINE
from kelmu.feed.errors import Fault
from kelmu.feed.tables import OPERATION, FeedTable, Kind

REMOVED = "feed_removed"
LIST_SEPARATOR = "|"
_FIRST_DAY, _LAST_DAY = date(1850, 1, 1), date(2200, 12, 31)
_LONGEST_TEXT = 2_000
_MOST_SMALL = 32_767
_EUROS = pl.Decimal(12, 2)
_MOMENT = pl.Datetime("us", "UTC")
_ENDLESS = pl.lit(None)

PROBLEMS: Mapping[Kind, str] = {
    Kind.NUMBER: "is no whole number",
    Kind.SMALL: "is no small whole number",
    Kind.EUROS: "is no amount",
    Kind.DAY: "is no day",
    Kind.MOMENT: "is no moment",
    Kind.FLAG: "is neither true nor false",
    Kind.TEXT: "is too long or holds a control character",
    Kind.IDENTITY_CODE: "is too long or holds a control character",
    Kind.BENEFIT: "is too long or holds a control character",
    Kind.TEXTS: "is no list of texts",
    Kind.SMALLS: "is no list of small whole numbers",
}


def _where(condition: pl.Expr, value: pl.Expr) -> pl.Expr:
    """The value where a condition holds, else nothing."""
    return pl.when(condition).then(value)


def _text(cell: pl.Expr) -> pl.Expr:
    cell = cell.cast(pl.String)
    fits = cell.str.len_bytes() <= _LONGEST_TEXT * 4
    return _where(
        fits & (cell.str.len_chars() <= _LONGEST_TEXT) & ~cell.str.contains("\0", literal=True), cell
    )


def _small(cell: pl.Expr) -> pl.Expr:
    number = cell.cast(pl.Int64, strict=False)
    return _where(number.is_between(0, _MOST_SMALL), number).cast(pl.Int16)


def _day(cell: pl.Expr) -> pl.Expr:
    return _where(cell.is_between(_FIRST_DAY, _LAST_DAY), cell)


def _number(cell: pl.Expr) -> pl.Expr:
    number = cell.cast(pl.Int64, strict=False)
    return _where(number >= 0, number)


def _whole(items: pl.Expr) -> pl.Expr:
    """Lists none of whose items is nothing."""
    return _where(~items.list.contains(_ENDLESS), items)


def _digits(cell: pl.Expr, most: int) -> pl.Expr:
    return _where(cell.str.contains(rf"^[0-9]{{1,{most}}}$"), cell)


_FROM_TEXT: Mapping[Kind, Callable[[pl.Expr], pl.Expr]] = {
    Kind.NUMBER: lambda cell: _digits(cell, 18).cast(pl.Int64, strict=False),
    Kind.SMALL: lambda cell: _small(_digits(cell, 5)),
    Kind.EUROS: lambda cell: _where(
        cell.str.contains(r"^-?[0-9]{1,10}(\.[0-9]{1,2})?$"), cell
    ).cast(_EUROS, strict=False),
    Kind.DAY: lambda cell: _day(
        _where(cell.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), cell).str.to_date("%Y-%m-%d", strict=False)
    ),
    Kind.MOMENT: lambda cell: cell.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False),
    Kind.FLAG: lambda cell: _where(cell.is_in(["true", "false"]), cell == "true"),
    Kind.TEXT: _text,
    Kind.IDENTITY_CODE: _text,
    Kind.BENEFIT: _text,
    Kind.TEXTS: lambda cell: _text(cell).str.split(LIST_SEPARATOR),
    Kind.SMALLS: lambda cell: _whole(
        _digits_list(cell).cast(pl.List(pl.Int64), strict=False)
    ).cast(pl.List(pl.Int16), strict=False),
}  # fmt: skip


def _digits_list(cell: pl.Expr) -> pl.Expr:
    return _where(cell.str.contains(r"^[0-9]{1,4}(\|[0-9]{1,4})*$"), cell).str.split(LIST_SEPARATOR)


_FROM_TYPE: Mapping[Kind, Callable[[pl.Expr], pl.Expr]] = {
    Kind.NUMBER: _number,
    Kind.SMALL: _small,
    Kind.EUROS: lambda cell: cell.cast(_EUROS, strict=False),
    Kind.DAY: lambda cell: _day(cell.cast(pl.Date)),
    Kind.MOMENT: lambda cell: cell.cast(_MOMENT),
    Kind.FLAG: lambda cell: cell.cast(pl.Boolean),
    Kind.TEXT: _text,
    Kind.IDENTITY_CODE: _text,
    Kind.BENEFIT: _text,
    Kind.TEXTS: lambda cell: _whole(cell.cast(pl.List(pl.String))),
    Kind.SMALLS: lambda cell: _whole(cell.cast(pl.List(pl.Int16), strict=False)),
}
_LISTS = {Kind.TEXTS: pl.List(pl.String), Kind.SMALLS: pl.List(pl.Int16)}


def typed(raw: pl.DataFrame, table: FeedTable, *, text: bool) -> pl.DataFrame:
    """A batch with the register's types; what cannot be becomes nothing. Adds ``REMOVED``.

    Args:
        raw: with ``LINE`` and the table's columns, those of a delta with ``OPERATION`` too.
        table: whose.
        text: the cells are text, as in a CSV; else they have types.
    """
    convert = _FROM_TEXT if text else _FROM_TYPE
    columns = [convert[kind](pl.col(column)).alias(column) for column, kind in table.columns.items()]
    removed = pl.lit(value=False)
    if OPERATION in raw.columns:
        operation = pl.col(OPERATION).cast(pl.String)
        removed = _where(operation.is_in(["upsert", "delete"]), operation == "delete")
    return raw.select(LINE, removed.alias(REMOVED), *columns)


def cell_faults(raw: pl.DataFrame, made: pl.DataFrame, table: FeedTable, file: str) -> Iterator[Fault]:
    """The cells of a batch that could not be converted."""
    for column, kind in table.columns.items():
        if made[column].null_count() != raw[column].null_count():
            yield from _faults(raw, made[column].is_null() & raw[column].is_not_null(), column, file, kind)
    if OPERATION in raw.columns and made[REMOVED].null_count():
        for line in raw.filter(made[REMOVED].is_null())[LINE]:
            yield Fault(file, line, OPERATION, "is neither upsert nor delete")


def _faults(raw: pl.DataFrame, wrong: pl.Series, column: str, file: str, kind: Kind) -> Iterator[Fault]:
    for line, value in raw.filter(wrong).select(LINE, column).iter_rows():
        yield Fault(file, line, column, PROBLEMS[kind], value_class(str(value)))


def value_class(value: str) -> str:
    """What kind of value it is, without the value; the database's ``feed.value_class`` says the same."""
    for name, pattern in (
        ("nothing", r""), ("digits", r"[0-9]+"), ("digits and signs", r"[-+.,0-9]+"),
        ("letters", r"[^\W\d_]+"), ("letters and digits", r"[^\W_]+"),
    ):  # fmt: skip
        if re.fullmatch(pattern, value):
            return name
    return "other characters"


def for_copy(made: pl.DataFrame, table: FeedTable, place: int | None = None) -> bytes:
    """A batch as the CSV that ``COPY`` takes: file, line, removed, columns. Lists are never nothing.

    Without the ``place`` of its file, the table's columns alone.
    """
    columns = [
        _array(pl.col(column).fill_null(pl.lit([], dtype=_LISTS[kind])), kind).alias(column)
        if kind in _LISTS else pl.col(column)
        for column, kind in table.columns.items()
    ]  # fmt: skip
    staged: list[pl.Expr | str] = (
        [] if place is None else [pl.lit(place, dtype=pl.Int16).alias("feed_file"), LINE, REMOVED]
    )
    rows = made.select(*staged, *columns)
    return rows.write_csv(include_header=False).encode()


def _array(items: pl.Expr, kind: Kind) -> pl.Expr:
    """A list as PostgreSQL writes an array."""
    item = pl.element().cast(pl.String)
    if kind is Kind.TEXTS:
        item = pl.lit('"') + item.str.replace_all(r'(["\\])', r"\$1") + pl.lit('"')
    return pl.lit("{") + items.list.eval(item).list.join(",") + pl.lit("}")
