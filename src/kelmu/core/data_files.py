"""Strict reading of the data files a package carries: every fault is told with file and line.

Data files are part of the product's rules. A file that is nearly right is wrong, so nothing is
repaired: no stray spaces, no missing columns, no repeated rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import NoReturn


class DataFileError(ValueError):
    """A data file cannot be used; the message is ``file:line: what is wrong`` (the header is line 1)."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}")
        self.file = file
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a data file: its fields by column name, and where it stands."""

    file: str
    line: int
    fields: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields[column]

    def fail(self, problem: str) -> NoReturn:
        """Refuse the file because of this line."""
        raise DataFileError(self.file, self.line, problem)

    def filled(self, column: str) -> str:
        """The field, which must not be empty."""
        return self.fields[column] or self.fail(f"{column} is empty")

    def flag(self, column: str) -> bool:
        """The field as yes (``1``) or no (empty)."""
        text = self.fields[column]
        if text not in {"", "1"}:
            self.fail(f"{column} is {text!r}; only 1 or nothing is allowed")
        return text == "1"

    def day(self, column: str) -> date | None:
        """The field as a day (``YYYY-MM-DD``), None if empty."""
        text = self.fields[column]
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            self.fail(f"{column} is {text!r}, which is no day")
        if day.isoformat() != text:
            self.fail(f"{column} is {text!r}; a day is written YYYY-MM-DD")
        return day

    def number(self, column: str) -> int | None:
        """The field as a whole number above zero, None if empty."""
        text = self.fields[column]
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and text[0] != "0"):
            self.fail(f"{column} is {text!r}, which is no whole number above zero")
        return int(text)

    def codes(self, column: str, separator: str = " ") -> tuple[str, ...]:
        """The field as codes with one separator between them, none twice; empty means no code."""
        text = self.fields[column]
        codes = tuple(text.split(separator)) if text else ()
        if not all(codes):
            self.fail(f"{column} has an empty place between its codes")
        if len(set(codes)) < len(codes):
            self.fail(f"{column} names a code twice")
        return codes

    def one_of(self, column: str, known: Iterable[str]) -> str:
        """The field, which must be one of the known codes."""
        text = self.filled(column)
        if text not in known:
            self.fail(f"unknown {column} {text!r}")
        return text


def read_rows(file: Traversable, columns: Sequence[str]) -> tuple[Row, ...]:
    """Read a CSV file with exactly these columns, in this order.

    Raises:
        DataFileError: not UTF-8, another header, a line with too few or too many fields, a field with
            space at its edge or a line break in it, a repeated line, or no line at all.
    """
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataFileError(file.name, error.object[: error.start].count(b"\n") + 1, "not UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    seen: dict[tuple[str, ...], int] = {}
    try:
        if next(reader, None) != list(columns):
            raise DataFileError(file.name, 1, f"the columns must be {','.join(columns)}")
        for values in reader:
            row = _row(file.name, reader.line_num, columns, values)
            first = seen.setdefault(tuple(values), row.line)
            if first != row.line:
                row.fail(f"repeats line {first}")
            rows.append(row)
    except csv.Error as error:
        raise DataFileError(file.name, reader.line_num, str(error)) from None
    if not rows:
        raise DataFileError(file.name, 1, "has no lines")
    return tuple(rows)


def _row(file: str, line: int, columns: Sequence[str], values: list[str]) -> Row:
    if len(values) != len(columns):
        raise DataFileError(file, line, f"{len(values)} fields where {len(columns)} belong")
    row = Row(file, line, dict(zip(columns, values, strict=True)))
    for column, value in row.fields.items():
        if value != value.strip() or not value.isprintable():
            row.fail(f"{column} has space at its edge or an unprintable character")
    return row


def digest(files: Iterable[Traversable]) -> str:
    """SHA-256 in hex over the names and bytes of files, whatever order they are given in."""
    sums = sorted((file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files)
    return hashlib.sha256("".join(f"{name}\0{each}\n" for name, each in sums).encode()).hexdigest()
