"""Reading Parquet batch by batch, with the types a feed may have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import polars as pl

from kelmu.feed.csv_files import LINE
from kelmu.feed.errors import Fault, Faults
from kelmu.feed.tables import Kind

_ROWS = 100_000
DAMAGED = "is damaged: it cannot be read to its end"


def _is_text(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.String | pl.Categorical | pl.Enum)


def _is_euros(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Decimal) and dtype.scale <= 2


def _is_list(dtype: pl.DataType, of: Callable[[pl.DataType], bool]) -> bool:
    # A schema that was read holds instances of types, never their classes.
    return isinstance(dtype, pl.List) and of(cast("pl.DataType", dtype.inner))


def _is_number(dtype: pl.DataType) -> bool:
    return dtype.is_integer()


_ACCEPTED: Mapping[Kind, Callable[[pl.DataType], bool]] = {
    Kind.NUMBER: _is_number,
    Kind.SMALL: _is_number,
    Kind.EUROS: _is_euros,
    Kind.DAY: lambda dtype: dtype == pl.Date,
    Kind.MOMENT: lambda dtype: isinstance(dtype, pl.Datetime) and dtype.time_zone == "UTC",
    Kind.FLAG: lambda dtype: dtype == pl.Boolean,
    Kind.TEXT: _is_text,
    Kind.IDENTITY_CODE: _is_text,
    Kind.BENEFIT: _is_text,
    Kind.TEXTS: lambda dtype: _is_list(dtype, _is_text),
    Kind.SMALLS: lambda dtype: _is_list(dtype, _is_number),
}


def accepts(kind: Kind, dtype: pl.DataType) -> bool:
    """Whether a column of a Parquet file has a type its kind may have. A column of nulls may have any."""
    return dtype == pl.Null or _ACCEPTED[kind](dtype)


def schema_of(path: Path) -> Mapping[str, pl.DataType] | None:
    """The columns of a Parquet file with their types; None if it cannot be read as one."""
    try:
        return dict(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """A Parquet file; a row's ``LINE`` is its place from 1 on."""

    path: Path
    columns: tuple[str, ...]

    def batches(self, faults: Faults) -> Iterator[pl.DataFrame]:
        """The rows with their types; a file that breaks off is told."""
        done = 0
        try:
            frames = (
                pl.scan_parquet(self.path)
                .select(self.columns)
                .collect_batches(chunk_size=_ROWS, maintain_order=True)
            )
            for frame in frames:
                lines = pl.int_range(done + 1, done + 1 + frame.height, eager=True).alias(LINE)
                yield frame.insert_column(0, lines)
                done += frame.height
        except (pl.exceptions.PolarsError, OSError):
            faults.add(Fault(self.path.name, None, None, DAMAGED))
