"""Reading CSV block by block, so that memory does not grow with the file and each row keeps its line.

A row is a line: no field holds a line break. So every line can be told apart, counted and named even
where the file is damaged.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from kelmu.feed.errors import Fault, Faults

LINE = "feed_line"
_BLOCK = 16 << 20
_LONGEST_HEADER = 1 << 16
_NEWLINE, _COMMA, _QUOTE = b"\n"[0], b","[0], b'"'[0]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV with the columns its header names."""

    path: Path
    columns: tuple[str, ...]

    def batches(self, faults: Faults) -> Iterator[pl.DataFrame]:
        """The rows as text with their line (``LINE``); lines that are no rows are told and left out."""
        first = 2
        with self.path.open("rb") as content:
            content.readline()
            rest = b""
            while block := content.read(_BLOCK):
                whole, newline, rest = (rest + block).rpartition(b"\n")
                if newline:
                    yield self._frame(whole + newline, first, faults)
                    first += whole.count(b"\n") + 1
            if rest:
                yield self._frame(rest + b"\n", first, faults)

    def _frame(self, block: bytes, first: int, faults: Faults) -> pl.DataFrame:
        block = block.replace(b"\r\n", b"\n")
        count = block.count(b"\n")
        lines = np.arange(first, first + count, dtype=np.int64)
        wrong = dict(self._wrong_lines(block))
        if wrong:
            faults.extend(
                Fault(self.path.name, first + place, None, problem)
                for place, problem in sorted(wrong.items())
            )
            kept = [place for place in range(count) if place not in wrong]
            split = block.split(b"\n")
            block = b"".join(split[place] + b"\n" for place in kept)
            lines = lines[kept]
        if not lines.size:
            return pl.DataFrame(schema={LINE: pl.Int64, **dict.fromkeys(self.columns, pl.String)})
        frame = pl.read_csv(
            io.BytesIO(block), has_header=False, schema=dict.fromkeys(self.columns, pl.String)
        )
        return frame.insert_column(0, pl.Series(LINE, lines))

    def _wrong_lines(self, block: bytes) -> Iterator[tuple[int, str]]:
        """Places of lines that are no rows, and why."""
        yield from _wrong_width(block, len(self.columns))
        if b"\0" in block or b"\r" in block:
            for place, line in enumerate(block.split(b"\n")):
                if b"\0" in line or b"\r" in line:
                    yield place, "holds a control character"
        try:
            block.decode("utf-8")
        except UnicodeDecodeError:
            yield from _not_utf8(block)


def header_of(path: Path) -> tuple[str, ...] | None:
    """The columns a CSV names; None if it begins with no line that could be a header."""
    with path.open("rb") as content:
        line = content.readline(_LONGEST_HEADER)
    try:
        [columns] = csv.reader([line.decode("utf-8").rstrip("\r\n")], strict=True)
    except (UnicodeDecodeError, ValueError, csv.Error):
        return None
    return tuple(columns) or None


def _not_utf8(block: bytes) -> Iterator[tuple[int, str]]:
    for place, line in enumerate(block.split(b"\n")):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            yield place, "is not UTF-8"


def _wrong_width(block: bytes, width: int) -> Iterator[tuple[int, str]]:
    """Lines with more or fewer fields than the header, by counting separators where nothing is quoted."""
    octets = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(octets == _NEWLINE)
    separators = _counts(octets, _COMMA, ends)
    quoted = _counts(octets, _QUOTE, ends) > 0
    for place in np.flatnonzero(~quoted & (separators != width - 1)).tolist():
        yield place, "has not as many fields as the header"
    if quoted.any():
        lines = block.split(b"\n")
        for place in np.flatnonzero(quoted).tolist():
            problem = _wrong_quoted(lines[place], width)
            if problem is not None:
                yield place, problem


def _counts(octets: npt.NDArray[np.uint8], octet: int, ends: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """How many of an octet each line has."""
    until = np.searchsorted(np.flatnonzero(octets == octet), ends)
    return np.diff(until, prepend=0)


def _wrong_quoted(line: bytes, width: int) -> str | None:
    try:
        rows: Sequence[Sequence[str]] = list(csv.reader([line.decode("utf-8", "replace")], strict=True))
    except csv.Error:
        return "is not CSV"
    if len(rows) != 1 or len(rows[0]) != width:
        return "has not as many fields as the header"
    return None
