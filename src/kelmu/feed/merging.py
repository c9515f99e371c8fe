"""From staging to the register: rows are added and closed, never changed, all at one recorded time.

Everything here runs in one transaction of the caller's, at ``READ COMMITTED``. Writers' locks only (ROW
EXCLUSIVE): whoever looks up meanwhile is never made to wait and sees the register as it was, until the
commit shows the whole feed.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from kelmu.feed.manifest import Manifest
from kelmu.feed.staging import Progress
from kelmu.feed.tables import IN_PLACE, FeedTable
from kelmu.feed.verification import is_known, same_key


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a table: rows of the feed, those new, those changed, those closed and not replaced."""

    rows_in: int
    added: int
    changed: int
    closed: int

    @property
    def loses_much(self) -> bool:
        """Whether so much of what was known would be closed that the feed itself is more likely wrong."""
        known = self.rows_in - self.added + self.closed
        return self.closed >= _MANY and self.closed > known * _SHARE


_MANY, _SHARE = 1_000, 0.2
"""A full feed that closes so many rows, and such a share of a table, has to be accepted by somebody."""


def merge(connection: psycopg.Connection, manifest: Manifest, progress: Progress) -> dict[str, Change]:
    """Merge what is staged, within the caller's transaction; give what became of each table.

    Args:
        connection: as ``kelmu_feed``, in a transaction.
        manifest: of what is staged whole and verified.
        progress: told before and after each table.
    """
    # The order of a staging table is that of persons; a scan begun halfway would scatter them.
    connection.execute("SET LOCAL synchronize_seqscans = off")
    connection.execute("SET LOCAL work_mem = '64MB'")
    changes = {}
    for table, rows in manifest.brought():
        progress("merging", table.name, 0, rows)
        changes[table.name] = _Merge(connection, table, manifest.is_delta).run(rows)
        progress("merging", table.name, rows, rows)
    set_sources(connection, manifest)
    return changes


@dataclass(frozen=True, slots=True)
class _Merge:
    connection: psycopg.Connection
    table: FeedTable
    is_delta: bool

    def run(self, rows: int) -> Change:
        if not self._any_known():
            return Change(rows, self._count(self._added(anew=True)), 0, 0)
        if self.table.name in IN_PLACE:
            closed = self._count(self._removed_in_place()) if self.table.name != "person" else 0
            changed = self._count(self._changed_in_place())
            return Change(rows, self._count(self._added(anew=False)), changed, closed)
        gone = self._closed(sql.SQL("s.feed_removed")) if self.is_delta else self._absent()
        closed = self._count(gone)
        changed = self._count(self._closed(sql.SQL("NOT s.feed_removed AND {}").format(self._differs())))
        return Change(rows, self._count(self._added(anew=False)) - changed, changed, closed)

    def _count(self, statement: sql.Composed) -> int:
        return self.connection.execute(statement).rowcount

    def _any_known(self) -> bool:
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(self._register)
        row = self.connection.execute(query).fetchone()
        return row is not None and bool(row[0])

    @property
    def _register(self) -> sql.Identifier:
        return sql.Identifier("register", self.table.name)

    @property
    def _staged(self) -> sql.Identifier:
        return sql.Identifier("feed", self.table.name)

    def _differs(self) -> sql.Composed:
        """That some value of the register's row and the staged one differ."""
        row = sql.SQL("ROW({})")
        return sql.SQL("{} IS DISTINCT FROM {}").format(
            *(
                row.format(sql.SQL(", ").join(sql.Identifier(side, column) for column in self.table.values))
                for side in ("r", "s")
            )
        )

    def _closed(self, condition: sql.Composable) -> sql.Composed:
        return sql.SQL(
            "UPDATE {} r SET superseded_at = now() FROM {} s WHERE {} AND r.superseded_at IS NULL AND {}"
        ).format(self._register, self._staged, same_key(self.table), condition)

    def _absent(self) -> sql.Composed:
        return sql.SQL(
            "UPDATE {} r SET superseded_at = now() WHERE r.superseded_at IS NULL"
            " AND NOT EXISTS (SELECT FROM {} s WHERE {})"
        ).format(self._register, self._staged, same_key(self.table))

    def _added(self, *, anew: bool) -> sql.Composed:
        """Rows the register does not know; ``anew``: it knows none, so nothing is compared."""
        columns = sql.SQL(", ").join(map(sql.Identifier, self.table.columns))
        statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} s WHERE NOT s.feed_removed").format(
            self._register, columns, columns, self._staged
        )
        if anew:
            return statement
        return statement + sql.SQL(" AND NOT EXISTS (SELECT FROM {} r WHERE {}{})").format(
            self._register, same_key(self.table), is_known(self.table)
        )

    def _changed_in_place(self) -> sql.Composed:
        assigned = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(column), sql.Identifier("s", column))
            for column in self.table.values
        )
        return sql.SQL("UPDATE {} r SET {} FROM {} s WHERE {} AND NOT s.feed_removed AND {}").format(
            self._register, assigned, self._staged, same_key(self.table), self._differs()
        )

    def _removed_in_place(self) -> sql.Composed:
        if self.is_delta:
            return sql.SQL("DELETE FROM {} r USING {} s WHERE {} AND s.feed_removed").format(
                self._register, self._staged, same_key(self.table)
            )
        return sql.SQL("DELETE FROM {} r WHERE NOT EXISTS (SELECT FROM {} s WHERE {})").format(
            self._register, self._staged, same_key(self.table)
        )


def set_sources(connection: psycopg.Connection, manifest: Manifest) -> None:
    """Note when each source of a feed was read, within the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO register.source (source, available, as_of) VALUES (%s, true, %s)"
            " ON CONFLICT (source) DO UPDATE SET available = true, as_of = excluded.as_of",
            list(manifest.sources.items()),
        )
