"""Rows enough that the planner has a choice: a synthetic register and looks of every kind, multiplied."""

from __future__ import annotations

from contextlib import closing
from math import ceil, log2
from pathlib import Path

from psycopg import sql

from kelmu.core import clock
from kelmu.feed.loading import load_feed
from tests.databases import Database
from tools.population.__main__ import populate

ENOUGH = 5_000
"""Rows at least in each table that has any."""
SCHEMAS = ["register", "audit", "inquiry", "identity"]
NOBODYS = ["source", "limits", "api_token", "api_assertion"]
"""Tables there that say nothing about any person or official, and stay small."""
_PAYMENTS = """
    INSERT INTO register.payment (
        person_id, paid_on, payment_number, benefit_code, gross, net, payee_kind, payee_person_id, state)
    SELECT p.person_id, make_date(y, 5, 1), p.payment_number + y * 1000000000000, p.benefit_code, 1, 1,
        'spouse', p.payee_person_id, p.state
    FROM (SELECT * FROM register.payment LIMIT 2000) p, generate_series(2014, 2042) y
    ON CONFLICT DO NOTHING
"""
"""Every year has some: an empty partition is read from end to end, at no cost."""
_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> ALL (%s)
"""
_COLUMNS = """
    SELECT column_name, coalesce(domain_name, data_type) FROM information_schema.columns
    WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position
"""
# The same value always becomes the same other value, so that copies refer to copies.
_CHANGED = {
    "uuid": "md5({0}::text || {1})::uuid",
    "bytea": "sha256({0} || {1}::text::bytea)",
    "digest": "sha256({0} || {1}::text::bytea)",
    "personal_id": "lpad((row_number() OVER ())::text, 6, '0') || '-' || right('00' || {1}, 3) || 'A'",
    "official_pseudonym": "encode(sha256(({0} || {1})::bytea), 'hex')",
}


def load_register(database: Database, folder: Path, persons: int) -> None:
    """Fill an empty register with a synthetic population."""
    populate(persons=persons, seed=7, folder=folder, as_of=clock.today())
    with closing(database.connect("kelmu_feed")) as connection:
        load_feed(connection, folder)


def multiply(database: Database) -> None:
    """Copy what each table holds, with other keys, until it holds enough; let the planner learn its sizes."""
    with database.connect("kelmu_admin") as connection:
        # Copies of a session act for no organisation there is.
        connection.execute("SET session_replication_role = replica")
        for schema, table in connection.execute(_TABLES, [SCHEMAS, NOBODYS]).fetchall():
            name = sql.Identifier(schema, table)
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone()
            assert row is not None
            columns = connection.execute(_COLUMNS, [schema, table]).fetchall()
            doublings = ceil(log2(ENOUGH / row[0])) if 0 < row[0] < ENOUGH else 0
            for number in range(doublings):
                connection.execute(_copy(name, columns, 2**number))
        connection.execute(_PAYMENTS)
        connection.execute("ANALYZE")


def _copy(table: sql.Identifier, columns: list[tuple[str, str]], number: int) -> sql.Composed:
    values = [_value(name, kind).format(sql.Identifier(name), sql.Literal(number)) for name, kind in columns]
    return sql.SQL(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} LIMIT {} ON CONFLICT DO NOTHING"
    ).format(
        table, sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns), sql.SQL(", ").join(values),
        table, sql.Literal(ENOUGH),
    )  # fmt: skip


def _value(name: str, kind: str) -> sql.SQL:
    if kind == "bigint" and name.endswith("_id"):
        return sql.SQL("{0} + {1} * 1000000000000")
    return sql.SQL(_CHANGED.get(name) or _CHANGED.get(kind) or "{0}")
