"""The register's own rules, read from its catalogue, so that no rule is written twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

_CHECKS = """
    SELECT c.conname, pg_get_expr(c.conbin, c.conrelid),
        ARRAY(SELECT a.attname::text FROM unnest(c.conkey) k JOIN pg_attribute a ON a.attrelid = c.conrelid
            AND a.attnum = k)
    FROM pg_constraint c
    WHERE c.conrelid = ('register.' || %s)::regclass AND c.contype = 'c' ORDER BY c.conname
"""
_NEEDED = """
    SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = ('register.' || %s)::regclass AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped
        AND a.attname <> 'recorded_at' ORDER BY a.attnum
"""
_REFERENCES = """
    SELECT a.attname::text, n.nspname::text, t.relname::text, b.attname::text
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_class t ON t.oid = c.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
    WHERE c.conrelid = ('register.' || %s)::regclass AND c.contype = 'f' ORDER BY c.conname
"""
_UNIQUE = """
    SELECT ARRAY(SELECT a.attname::text FROM unnest(c.conkey) k
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k)
    FROM pg_constraint c
    WHERE c.conrelid = ('register.' || %s)::regclass AND c.contype = 'u' ORDER BY c.conname
"""


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint: its expression over the columns it names."""

    name: str
    expression: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key of one column."""

    column: str
    schema: str
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the register demands of the rows of one table."""

    checks: Sequence[Check]
    needed: Sequence[str]
    references: Sequence[Reference]
    unique: Sequence[str]


def rules_of(connection: psycopg.Connection, table: str) -> Rules:
    """Read the rules of a table of the register."""
    return Rules(
        [Check(name, text, tuple(columns)) for name, text, columns in connection.execute(_CHECKS, [table])],
        [str(row[0]) for row in connection.execute(_NEEDED, [table])],
        [Reference(*row) for row in connection.execute(_REFERENCES, [table])],
        [columns[0] for (columns,) in connection.execute(_UNIQUE, [table])],
    )
