"""Loading the counties and municipalities the package carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

import psycopg

from kelmu.core.data_files import Row, read_rows

_COUNTY_COLUMNS = ("code", "name_fi", "name_sv", "name_en")
_MUNICIPALITY_COLUMNS = ("code", "name_fi", "name_sv", "county_code", "valid_from", "valid_to", "successor")


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality with its days (inclusive) and what became of it.

    ``present_code`` is the municipality it is part of now: its own code while it exists, else the end
    of the chain of successors.
    """

    code: str
    name_fi: str
    name_sv: str
    county_code: str
    valid_from: date | None
    valid_to: date | None
    successor: str | None
    present_code: str


def load_areas(connection: psycopg.Connection) -> tuple[int, int]:
    """Write counties and municipalities, in one transaction. Loading again changes only what differs.

    Args:
        connection: to the database as ``kelmu_owner``.

    Returns:
        How many counties and municipalities the package carries.

    Raises:
        DataFileError: a data file is not as it should be; the message names file and line.
    """
    data = files("kelmu.organisations") / "data"
    counties = read_rows(data / "wellbeing_counties.csv", _COUNTY_COLUMNS)
    municipalities = read_municipalities(data / "municipalities.csv", {row["code"] for row in counties})
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO organisations.county AS c (code, name_fi, name_sv, name_en) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (code) DO UPDATE SET name_fi = excluded.name_fi, name_sv = excluded.name_sv,"
            " name_en = excluded.name_en WHERE c IS DISTINCT FROM excluded",
            [tuple(row.filled(column) for column in _COUNTY_COLUMNS) for row in counties],
        )
        cursor.executemany(
            "INSERT INTO organisations.municipality AS m (code, name_fi, name_sv, county_code, valid_from,"
            " valid_to, successor, present_code) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (code) DO UPDATE SET name_fi = excluded.name_fi, name_sv = excluded.name_sv,"
            " county_code = excluded.county_code, valid_from = excluded.valid_from,"
            " valid_to = excluded.valid_to, successor = excluded.successor,"
            " present_code = excluded.present_code WHERE m IS DISTINCT FROM excluded",
            [astuple(municipality) for municipality in municipalities],
        )
    return len(counties), len(municipalities)


def read_municipalities(file: Traversable, counties: set[str]) -> tuple[Municipality, ...]:
    """Read the municipalities of a file and follow each chain of successors.

    Raises:
        DataFileError: an unknown county or successor, a code twice, an end without successor or the
            other way round, or successors in a circle; with file and line.
    """
    rows = read_rows(file, _MUNICIPALITY_COLUMNS)
    by_code: dict[str, Row] = {}
    for row in rows:
        if by_code.setdefault(row.filled("code"), row) is not row:
            row.fail(f"the code {row['code']} stands twice")
    return tuple(_municipality(row, by_code, counties) for row in rows)


def _municipality(row: Row, by_code: Mapping[str, Row], counties: set[str]) -> Municipality:
    valid_from, valid_to = row.day("valid_from"), row.day("valid_to")
    successor = row["successor"] or None
    if (successor is None) != (valid_to is None):
        row.fail("successor and valid_to stand together or not at all")
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        row.fail("valid_to is before valid_from")
    return Municipality(
        code=row["code"],
        name_fi=row.filled("name_fi"),
        name_sv=row.filled("name_sv"),
        county_code=row.one_of("county_code", counties),
        valid_from=valid_from,
        valid_to=valid_to,
        successor=successor,
        present_code=_chain(row, by_code)[-1],
    )


def _chain(row: Row, by_code: Mapping[str, Row]) -> Sequence[str]:
    """The codes from a municipality to the one that exists now."""
    chain = [row["code"]]
    while successor := by_code[chain[-1]]["successor"]:
        if successor not in by_code:
            row.fail(f"unknown successor {successor!r}")
        if successor in chain:
            row.fail(f"its successors go in a circle at {successor}")
        chain.append(successor)
    return chain
