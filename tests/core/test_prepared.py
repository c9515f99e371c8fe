"""A prepared statement gives and takes what the driver's cursor would."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import LiteralString

import psycopg
import pytest

from kelmu.core.prepared import rows_of
from tests.databases import Database

KINDS: LiteralString = (
    "SELECT %s::uuid, %s::text[], %s::boolean, %s::bytea, %s::timestamptz, %s::date, %s::integer, %s::text,"
    " %s::jsonb"
)
VALUES = [
    uuid.UUID(int=7), ["a", 'b,"c}'], True, b"\0\xff", datetime(2026, 11, 24, 9, tzinfo=UTC),
    date(2026, 11, 24), -3, None, '{"a": [1]}',
]  # fmt: skip


def prepared(connection: psycopg.Connection) -> list[str]:
    """The statements the connection has prepared."""
    return [row[0] for row in connection.execute("SELECT statement FROM pg_prepared_statements")]


def test_values_and_rows_are_converted_as_a_cursor_does(database: Database) -> None:
    with database.connect() as connection:
        for _ in range(2):
            assert rows_of(connection, KINDS, VALUES) == connection.execute(KINDS, VALUES).fetchall()
        series: LiteralString = "SELECT n, %s::text FROM generate_series(1, %s::integer) n"
        assert rows_of(connection, series, ["x", 3]) == [(1, "x"), (2, "x"), (3, "x")]
        assert rows_of(connection, series, ["x", 0]) == []


def test_a_connection_prepares_a_statement_once(database: Database) -> None:
    query: LiteralString = "SELECT %s::integer + %s::integer"
    for _ in range(2):
        with database.connect() as connection:
            assert [rows_of(connection, query, [1, number]) for number in (1, 2)] == [[(2,)], [(3,)]]
            assert prepared(connection) == ["SELECT $1::integer + $2::integer"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT 1 / %s::integer", psycopg.errors.DivisionByZero),
        ("SELECT no_such_function(%s::integer)", psycopg.errors.UndefinedFunction),
    ],
)
def test_a_refusal_is_the_drivers_own_error_and_the_connection_goes_on(
    database: Database, query: LiteralString, error: type[psycopg.Error]
) -> None:
    with database.connect() as connection:
        for _ in range(2):
            with pytest.raises(error) as raised:
                rows_of(connection, query, [0])
            assert raised.value.sqlstate == error.sqlstate
        assert rows_of(connection, "SELECT %s::integer", [1]) == [(1,)]


def test_a_connection_that_is_lost_is_told_as_such(database: Database) -> None:
    connection = database.connect()
    query: LiteralString = "SELECT %s::integer"
    assert rows_of(connection, query, [1]) == [(1,)]
    database.run("SELECT pg_terminate_backend(%s, 5000)", connection.info.backend_pid)
    with pytest.raises(psycopg.OperationalError):
        rows_of(connection, query, [1])
    assert connection.closed


def test_in_a_transaction_the_driver_begins_and_nothing_is_prepared(database: Database) -> None:
    with database.connect(autocommit=False) as connection:
        assert rows_of(connection, "SELECT set_config('kelmu.tried', %s, false)", ["yes"]) == [("yes",)]
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
        assert prepared(connection) == []
        connection.rollback()
        assert rows_of(connection, "SELECT current_setting(%s, true)", ["kelmu.tried"])[0][0] in {None, ""}


def test_what_the_driver_has_had_forgotten_after_a_rollback_is_prepared_again(database: Database) -> None:
    query: LiteralString = "SELECT %s::integer"
    with database.connect() as connection:
        assert rows_of(connection, query, [1]) == [(1,)]
        connection.execute("SELECT %s::integer + 1", [1], prepare=True)
        connection.autocommit = False
        connection.execute("SELECT 1")
        connection.rollback()
        connection.autocommit = True
        assert prepared(connection) == []
        since: LiteralString = "SELECT %s::integer * 2"
        for asked, told in ((since, 4), (query, 2), (since, 4), (query, 2)):
            assert rows_of(connection, asked, [2]) == [(told,)]
        assert sorted(prepared(connection)) == ["SELECT $1::integer", "SELECT $1::integer * 2"]
