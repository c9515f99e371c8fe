"""Running one statement by its prepared form, with nothing of the driver's in between that it does not need.

An inquiry is four short statements, and the driver's cursor cost a worker more than half of the time that the
rest of such a call takes: it can wait for several things at once, keep results and be asked again, none of
which is wanted here. Values and results go through the driver's own conversions, errors are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import count
from typing import Any, LiteralString
from weakref import WeakKeyDictionary

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

_ROWS = pq.ExecStatus.TUPLES_OK
_DONE = (_ROWS, pq.ExecStatus.COMMAND_OK)
_GONE = b"26000"
_numbers = count(1)
_prepared: WeakKeyDictionary[psycopg.Connection[Any], set[bytes]] = WeakKeyDictionary()


def rows_of(
    connection: psycopg.Connection[Any], query: LiteralString, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Run a statement that returns rows, with one value for each ``%s``.

    A connection that commits each statement by itself prepares it the first time. One in a transaction,
    which the driver may still have to begin, goes the driver's usual way.

    Raises:
        psycopg.Error: as a cursor would.
    """
    if not connection.autocommit or connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
        rows: list[tuple[Any, ...]] = connection.execute(query, values).fetchall()
        return rows
    conversion = Transformer(connection)
    result = _run(connection, query, conversion.dump_sequence(values, (PyFormat.TEXT,) * len(values)))
    _check(connection, result)
    conversion.set_pgresult(result)
    return conversion.load_rows(0, result.ntuples, tuple)


def _run(connection: psycopg.Connection[Any], query: LiteralString, texts: Any) -> pq.abc.PGresult:
    name, numbered = _statement(query)
    held = _prepared.setdefault(connection, set())
    if name in held:
        result = connection.pgconn.exec_prepared(name, texts)
        if result.status == _ROWS or result.error_field(pq.DiagnosticField.SQLSTATE) != _GONE:
            return result
        # After a rollback the driver has the server forget whatever is prepared by then: this statement, not
        # those prepared since. Nothing has been run yet.
        held.discard(name)
    _check(connection, connection.pgconn.prepare(name, numbered))
    held.add(name)
    return connection.pgconn.exec_prepared(name, texts)


@cache
def _statement(query: LiteralString) -> tuple[bytes, bytes]:
    """A name of this process for a statement, and the statement with the server's placeholders."""
    parts = query.split("%s")
    numbered = "".join(f"{part}${place}" for place, part in enumerate(parts[:-1], 1)) + parts[-1]
    return f"kelmu_{next(_numbers)}".encode(), numbered.encode()


def _check(connection: psycopg.Connection[Any], result: pq.abc.PGresult) -> None:
    if connection.pgconn.status != pq.ConnStatus.OK:
        raise psycopg.OperationalError("the connection is lost")
    if result.status not in _DONE:
        raise error_from_result(result)
