"""From the database's refusal of a row to one that names the place and not the value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import errors

from kelmu.feed.checks import first_line_with, first_line_without, values_of
from kelmu.feed.errors import FeedError
from kelmu.feed.manifest import Manifest, TableFile

_PLACE = re.compile(r"COPY \w+, line (\d+)(?:, column (\w+))?")
_KEY = re.compile(r"Key \((\w+)\)=\((.*?)\)")
_PERSON_COLUMNS = ("person_id", "relative_id", "member_person_id")
_WHAT_IS_WRONG: Mapping[type[psycopg.Error], str] = {
    errors.UniqueViolation: "repeats a key",
    errors.NotNullViolation: "is empty",
    errors.InvalidDatetimeFormat: "is no day",
    errors.DatetimeFieldOverflow: "is no day",
    errors.InvalidTextRepresentation: "is not of the column's kind",
    errors.NumericValueOutOfRange: "is too large a number",
    errors.BadCopyFileFormat: "has not as many fields as the header",
    errors.CharacterNotInRepertoire: "is not UTF-8",
    errors.UntranslatableCharacter: "is not UTF-8",
}


def refusal(folder: Path, manifest: Manifest, file: TableFile, error: psycopg.Error) -> FeedError:
    """What to tell of a file that the database refused while copying it."""
    place = _PLACE.search(error.diag.context or "")
    line = int(place[1]) if place else None
    column = (place[2] if place else None) or error.diag.column_name
    if isinstance(error, errors.ForeignKeyViolation):
        line, column = _dangling(folder, manifest, file, error)
        problem = f"refers to what is not there ({error.diag.constraint_name})"
        return FeedError(file.file, problem, line=line, column=column)
    if isinstance(error, errors.CheckViolation):
        problem = f"breaks a rule of the register ({error.diag.constraint_name})"
        return FeedError(file.file, problem, line=line, column=column)
    kinds = (text for kind, text in _WHAT_IS_WRONG.items() if isinstance(error, kind))
    return FeedError(file.file, next(kinds, "cannot be read"), line=line, column=column)


def _dangling(
    folder: Path, manifest: Manifest, file: TableFile, error: psycopg.Error
) -> tuple[int | None, str | None]:
    """Where a reference leads nowhere.

    References are checked after the last row, so the database names no line; it names the key, but
    not for partitions, which the feed's role may not read by themselves.
    """
    key = _KEY.search(error.diag.message_detail or "")
    if key is not None:
        return first_line_with(folder, file, key[1], {key[2]}), key[1]
    persons = manifest.file_of("person")
    if persons is not None:
        known = values_of(folder, persons, "person_id")
        for column in _PERSON_COLUMNS:
            line = first_line_without(folder, file, column, known)
            if line is not None:
                return line, column
    return None, None
