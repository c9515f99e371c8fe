"""What the register's constraints cannot see: identity codes, and benefits of the catalogue."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from kelmu.benefits.catalogue import catalogue
from kelmu.core.personal_id import PersonalId, PersonalIdError
from kelmu.feed.errors import FeedError
from kelmu.feed.manifest import Manifest, TableFile
from kelmu.feed.tables import FEED_TABLES, WITH_BENEFIT


def check_headers(folder: Path, manifest: Manifest) -> None:
    """Compare each file's header with the columns of its table.

    Raises:
        FeedError: a column is missing, unknown or there twice.
    """
    for table in FEED_TABLES:
        file = manifest.file_of(table.name)
        if file is None:
            continue
        header = header_of(folder, file)
        for column in header:
            if column not in table.columns or header.count(column) > 1:
                # A name of the file is not repeated: a file without header has values there.
                raise FeedError(file.file, "the header has an unknown or repeated column", line=1)
        for column in table.columns:
            if column not in header:
                raise FeedError(file.file, "is missing from the header", line=1, column=column)


def header_of(folder: Path, file: TableFile) -> list[str]:
    """The columns of a file, in its order."""
    for _, row in _rows(folder, file.file):
        return row
    raise FeedError(file.file, "is empty: not even a header", line=1)


def check_identity_codes(folder: Path, manifest: Manifest) -> None:
    """Check every identity code: shape, date, check character, and that it tells the birth date given.

    Raises:
        FeedError: at the first code that is wrong.
    """
    for table in ("person", "former_personal_id"):
        file = manifest.file_of(table)
        if file is None:
            continue
        header = header_of(folder, file)
        code = header.index("personal_id")
        birth = header.index("birth_date") if "birth_date" in header else None
        for line, row in _rows(folder, file.file):
            if line > 1 and len(row) == len(header):
                _check_code(file.file, line, row[code], None if birth is None else row[birth])


def _check_code(file: str, line: int, text: str, birth_date: str | None) -> None:
    try:
        code = PersonalId(text)
    except PersonalIdError as error:
        raise FeedError(
            file, f"is no identity code ({error.reason.value})", line=line, column="personal_id"
        ) from None
    if birth_date is None:
        return
    try:
        same = date.fromisoformat(birth_date) == code.birth_date
    except ValueError:
        raise FeedError(file, "is no day", line=line, column="birth_date") from None
    if not same:
        raise FeedError(file, "is not the day the identity code tells", line=line, column="birth_date")


def check_benefits(connection: psycopg.Connection, folder: Path, manifest: Manifest) -> None:
    """Refuse a benefit the catalogue does not know. Called within the load, rows in their tables.

    Raises:
        FeedError: with the first line that has such a benefit.
    """
    known = list(catalogue().codes())
    for table in WITH_BENEFIT:
        file = manifest.file_of(table)
        query = sql.SQL(
            "SELECT DISTINCT benefit_code::text FROM register.{} WHERE benefit_code <> ALL (%s)"
        ).format(sql.Identifier(table))
        unknown = {str(row[0]) for row in connection.execute(query, [known])}
        if file is not None and unknown:
            line = first_line_with(folder, file, "benefit_code", unknown)
            raise FeedError(file.file, "is not in the benefit catalogue", line=line, column="benefit_code")


def first_line_with(folder: Path, file: TableFile, column: str, values: set[str]) -> int | None:
    """The first line that has one of the values in a column; None if there is none."""
    return next((line for line, value in _column(folder, file, column) if value in values), None)


def first_line_without(folder: Path, file: TableFile, column: str, values: set[str]) -> int | None:
    """The first line that has none of the values in a column; None if there is none."""
    return next((line for line, value in _column(folder, file, column) if value not in values), None)


def values_of(folder: Path, file: TableFile, column: str) -> set[str]:
    """Every value of a column."""
    return {value for _, value in _column(folder, file, column)}


def _column(folder: Path, file: TableFile, column: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with their value in a column; nothing if there is no such column."""
    header = header_of(folder, file)
    if column not in header:
        return
    place = header.index(column)
    for line, row in _rows(folder, file.file):
        if line > 1 and len(row) == len(header):
            yield line, row[place]


def _rows(folder: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with the line each begins on."""
    with (folder / name).open(encoding="utf-8", newline="") as content:
        reader = csv.reader(content, strict=True)
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except UnicodeDecodeError:
            raise FeedError(name, "is not UTF-8", line=line) from None
        except csv.Error:
            raise FeedError(name, "is not CSV", line=line) from None
