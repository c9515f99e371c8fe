"""Whether what is staged may be merged: every row against the register's rules, references and periods.

Each question gives all rows that break it, by file and line. Nothing here writes anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from kelmu.feed.constraints import Check, Reference, Rules, rules_of
from kelmu.feed.errors import CAP, Fault, Faults
from kelmu.feed.manifest import MANIFEST, Manifest
from kelmu.feed.staging import Progress
from kelmu.feed.tables import IN_PLACE, FeedTable

_Place = tuple[int, int, str | None, str, str | None]
"""File, line, column, problem, class of the value."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The questions about one feed that is staged."""

    connection: psycopg.Connection
    manifest: Manifest
    faults: Faults

    def run(self, progress: Progress) -> None:
        """Ask every question; the answers are added to the faults."""
        for table, rows in self.manifest.brought():
            progress("checking", table.name, 0, rows)
            for place, line, column, problem, found in self._table(table):
                self.faults.add(Fault(self.manifest.tables[place].file, line, column, problem, found))
            progress("checking", table.name, rows, rows)
        if not self.manifest.is_delta:
            self.faults.extend(self._left_out())

    def _table(self, table: FeedTable) -> Iterator[_Place]:
        rules = rules_of(self.connection, table.name)
        if self._any_wrong(table, rules):
            yield from self._empty(table, rules)
            yield from self._broken(table, rules)
        yield from self._dangling(table, rules)
        yield from self._repeated(table, rules)
        if table.no_overlap is not None:
            yield from self._overlapping(table)
        if self.manifest.is_delta:
            yield from self._not_there(table)

    def _ask(self, query: sql.Composed) -> Iterator[tuple[Any, ...]]:
        limited = sql.SQL("SELECT count(*) OVER (), q.* FROM ({}) q ORDER BY 2, 3 LIMIT {}")
        rows = self.connection.execute(limited.format(query, CAP)).fetchall()
        yield from (row[1:] for row in rows)
        if rows:
            self.faults.count(rows[0][0] - len(rows))

    def _any_wrong(self, table: FeedTable, rules: Rules) -> bool:
        """Whether any row lacks a cell or breaks a CHECK, in one reading of the table."""
        wrong: list[sql.Composable] = [
            sql.SQL("s.{} IS NULL").format(sql.Identifier(column)) for column in rules.needed
        ]
        wrong += [sql.SQL("({}) IS FALSE").format(_expression(check)) for check in rules.checks]
        query = sql.SQL("SELECT count(*) FROM feed.{} s WHERE {}").format(
            sql.Identifier(table.name), sql.SQL(" OR ").join(wrong)
        )
        row = self.connection.execute(query).fetchone()
        return row is not None and row[0] > 0

    def _empty(self, table: FeedTable, rules: Rules) -> Iterator[_Place]:
        """Cells that may not be empty; of a row to be closed only the key counts."""
        for column in rules.needed:
            kept = sql.SQL("") if column in table.key else sql.SQL(" AND NOT s.feed_removed")
            query = sql.SQL("SELECT feed_file, feed_line FROM feed.{} s WHERE s.{} IS NULL").format(
                sql.Identifier(table.name), sql.Identifier(column)
            )
            for place, line in self._ask(query + kept):
                yield place, line, column, "is empty", None

    def _broken(self, table: FeedTable, rules: Rules) -> Iterator[_Place]:
        """Rows that break a CHECK of the register."""
        for check in rules.checks:
            only = check.columns[0] if len(check.columns) == 1 else None
            value = sql.SQL("s.{}::text").format(sql.Identifier(only)) if only else sql.SQL("NULL")
            query = sql.SQL(
                "SELECT feed_file, feed_line, feed.value_class({}) FROM feed.{} s "
                "WHERE NOT s.feed_removed AND ({}) IS FALSE"
            ).format(value, sql.Identifier(table.name), _expression(check))
            for place, line, found in self._ask(query):
                column = only or ", ".join(check.columns)
                yield place, line, column, f"breaks the rule {check.name}", found if only else None

    def _dangling(self, table: FeedTable, rules: Rules) -> Iterator[_Place]:
        """References to persons or municipalities that neither the feed nor the database has."""
        for reference in rules.references:
            known = sql.SQL("NOT EXISTS (SELECT FROM {} k WHERE k.{} = s.{})")
            conditions = [
                known.format(target, sql.Identifier(reference.key), sql.Identifier(reference.column))
                for target in self._targets(reference)
            ]
            query = sql.SQL(
                "SELECT feed_file, feed_line FROM feed.{} s"
                " WHERE NOT s.feed_removed AND s.{} IS NOT NULL AND {}"
            ).format(
                sql.Identifier(table.name), sql.Identifier(reference.column),
                sql.SQL(" AND ").join(conditions),
            )  # fmt: skip
            for place, line in self._ask(query):
                yield place, line, reference.column, "refers to what is not there", None

    def _targets(self, reference: Reference) -> list[sql.Identifier]:
        """Where what is referred to may be: a full feed has every person itself."""
        known, staged = sql.Identifier(reference.schema, reference.table), sql.Identifier("feed", "person")
        if (reference.schema, reference.table) != ("register", "person"):
            return [known]
        return [staged, known] if self.manifest.is_delta else [staged]

    def _repeated(self, table: FeedTable, rules: Rules) -> Iterator[_Place]:
        """Values that only one row may have, in the feed or in the register beside it."""
        unique = [*rules.unique, *(table.key if len(table.key) == 1 else ())]
        for column in unique:
            query = sql.SQL(
                "SELECT feed_file, feed_line FROM (SELECT feed_file, feed_line, row_number() OVER"
                " (PARTITION BY {0} ORDER BY feed_file, feed_line) AS nth"
                " FROM feed.{1} WHERE {0} IS NOT NULL) s WHERE s.nth > 1"
            ).format(sql.Identifier(column), sql.Identifier(table.name))
            for place, line in self._ask(query):
                yield place, line, column, "is what another row has too", None
        for column in rules.unique:
            query = sql.SQL(
                "SELECT feed_file, feed_line FROM feed.{0} s JOIN register.{0} r ON r.{1} = s.{1} "
                "WHERE r.{2} <> s.{2} AND NOT EXISTS (SELECT FROM feed.{0} o WHERE o.{2} = r.{2})"
            ).format(sql.Identifier(table.name), sql.Identifier(column), sql.Identifier(table.key[0]))
            for place, line in self._ask(query):
                yield place, line, column, "is what another row of the register has", None

    def _overlapping(self, table: FeedTable) -> Iterator[_Place]:
        """Periods of one person that would hold at the same time once the feed is merged."""
        equal = sql.SQL(", ").join(map(sql.Identifier, ("person_id", *(table.no_overlap or ()))))
        name = sql.Identifier(table.name)
        kept: sql.Composable = sql.SQL("")
        if self.manifest.is_delta:
            kept = sql.SQL(
                " UNION ALL SELECT NULL, NULL, {}, valid_from, valid_to FROM register.{} r"
                " WHERE r.superseded_at IS NULL AND r.person_id IN (SELECT person_id FROM feed.{})"
                " AND NOT EXISTS (SELECT FROM feed.{} s WHERE {})"
            ).format(equal, name, name, name, same_key(table))
        query = sql.SQL(
            "WITH known AS (SELECT feed_file, feed_line, {0}, valid_from, valid_to FROM feed.{1}"
            " WHERE NOT feed_removed{2}), seen AS (SELECT feed_file, feed_line, valid_from, valid_to,"
            " max(coalesce(valid_to, 'infinity'))"
            " OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until,"
            " min(valid_from) OVER (w ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next FROM known"
            " WINDOW w AS (PARTITION BY {0} ORDER BY valid_from, feed_file, feed_line))"
            " SELECT feed_file, feed_line FROM seen WHERE feed_line IS NOT NULL"
            " AND (until >= valid_from OR next <= coalesce(valid_to, 'infinity'))"
        ).format(equal, name, kept)
        for place, line in self._ask(query):
            yield place, line, "valid_from", "overlaps another period of the person", None

    def _not_there(self, table: FeedTable) -> Iterator[_Place]:
        """Rows a delta would close that are not known."""
        if table.name == "person":
            removed = sql.SQL("SELECT feed_file, feed_line FROM feed.person s WHERE s.feed_removed")
            for place, line in self._ask(sql.Composed([removed])):
                yield place, line, "operation", "a person is never removed", None
            return
        query = sql.SQL(
            "SELECT feed_file, feed_line FROM feed.{0} s WHERE s.feed_removed"
            " AND NOT EXISTS (SELECT FROM register.{0} r WHERE {1}{2})"
        ).format(sql.Identifier(table.name), same_key(table), is_known(table))
        for place, line in self._ask(query):
            yield place, line, "operation", "closes a row that is not there", None

    def _left_out(self) -> Iterator[Fault]:
        """A full feed has everybody the register knows: else it is none, and closing would lose them."""
        row = self.connection.execute(
            "SELECT count(*) FROM register.person r"
            " WHERE NOT EXISTS (SELECT FROM feed.person s WHERE s.person_id = r.person_id)"
        ).fetchone()
        if row is not None and row[0]:
            problem = f"leaves out {row[0]:,} persons whom the register knows: a full feed has everybody"
            yield Fault(MANIFEST, None, None, problem)


def _expression(check: Check) -> sql.SQL:
    """The expression as the register's own catalogue has it; its columns mean the staged row's."""
    return sql.SQL(check.expression)


def same_key(table: FeedTable) -> sql.Composed:
    """That a row of the register (``r``) and a staged one (``s``) have the same key."""
    equal = sql.SQL("r.{0} = s.{0}")
    return sql.SQL(" AND ").join(equal.format(sql.Identifier(column)) for column in table.key)


def is_known(table: FeedTable) -> sql.SQL:
    """That a row of the register (``r``) is what is known now."""
    return sql.SQL("") if table.name in IN_PLACE else sql.SQL(" AND r.superseded_at IS NULL")
