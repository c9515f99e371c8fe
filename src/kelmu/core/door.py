"""Calling a door: one function of schema ``door``, with parameters bound on the server.

A call outside a transaction is one of its own: what the door wrote is committed when the call returns.

A door refuses by an SQLSTATE of class KL (listed in ``identity/sql/doors.sql``). Here, once, each becomes
one of Kelmu's errors; the database's own message goes no further.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connections

from kelmu.core.errors import KelmuError, NotSignedIn, NotThere, Refused, SourceDown, Unprocessable
from kelmu.core.prepared import rows_of


class NoAgreement(Refused):
    """No agreement is in force for what was asked."""


class NoActingSession(NotSignedIn):
    """The acting session is unknown, ended or expired."""


class MandatesStale(NotSignedIn):
    """The mandates have not been read again in time."""


class NotDurable(SourceDown):
    """The entry has not reached the disk: nothing is shown without it."""


_REFUSALS: dict[str, type[KelmuError]] = {
    "KL001": NoAgreement,
    "KL002": NoActingSession,
    "KL003": MandatesStale,
    "KL010": Unprocessable,
    "KL012": Unprocessable,
    "KL013": Unprocessable,
    "KL020": NotThere,
    "KL021": NotThere,
    "KL030": NotDurable,
    "KL031": SourceDown,
}


def ask(query: LiteralString, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """Run one statement that calls a door and return its first row.

    Raises:
        KelmuError: the door refused; the subclass says how.
        SourceDown: the database does not answer, or not in time.
    """
    rows = ask_rows(query, values)
    return rows[0] if rows else None


def ask_value(query: LiteralString, values: Sequence[Any]) -> Any:
    """The first value of the first row, None where there is no row; raises as ``ask`` does."""
    row = ask(query, values)
    return None if row is None else row[0]


def ask_text(query: LiteralString, values: Sequence[Any]) -> str | None:
    """A text, as a ticket or a document is: exactly the door's; raises as ``ask`` does."""
    text: str | None = ask_value(query, values)
    return text


def ask_object(query: LiteralString, values: Sequence[Any]) -> Mapping[str, Any] | None:
    """A JSON object, read; raises as ``ask`` does."""
    value: Mapping[str, Any] | None = json_of(ask_value(query, values))
    return value


def ask_objects(query: LiteralString, values: Sequence[Any]) -> Sequence[Mapping[str, Any]] | None:
    """A JSON array of objects, read; raises as ``ask`` does."""
    value: Sequence[Mapping[str, Any]] | None = json_of(ask_value(query, values))
    return value


def json_of(value: Any) -> Any:
    """What a column of JSON holds. Django has the driver leave jsonb as text; documents are text anyway."""
    return json.loads(value) if isinstance(value, str) else value


def ask_rows(query: LiteralString, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement that calls a door and return all its rows; raises as ``ask`` does."""
    database = connections[DEFAULT_DB_ALIAS]
    try:
        if database.connection is None:
            database.ensure_connection()
        with database.wrap_database_errors:
            return rows_of(database.connection, query, values)
    except DatabaseError as error:
        refusal = _REFUSALS.get(getattr(error.__cause__, "sqlstate", None) or "")
        if refusal is not None:
            raise refusal("the door refused") from None
        if isinstance(error, OperationalError):
            raise SourceDown("the database does not answer") from None
        raise


def require_no_transaction() -> None:
    """See that each call from here on is a transaction of its own.

    Raises:
        RuntimeError: one is open. What a door writes would not be durable before that ends.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.in_atomic_block or not database.get_autocommit():
        raise RuntimeError("what is asked here must be durable, and a transaction is open")
