"""Loading the pick rules this package carries into the table the door reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg

from kelmu.notices.pick_rule_file import pick_rules
from kelmu.notices.pick_rules import PickRule

_COLUMNS: LiteralString = (
    "kind, version, valid_from, months, over_percent, running_months, from_age, under_age,"
    " unemployment_benefits, residence_grounds, within_years, source"
)
_KNOWN: LiteralString = f"SELECT {_COLUMNS} FROM notices.pick_rule ORDER BY kind, version"  # noqa: S608 - as below
_ADD: LiteralString = f"""
    INSERT INTO notices.pick_rule AS known ({_COLUMNS}, valid_to)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (kind, version) DO UPDATE SET valid_to = excluded.valid_to
    WHERE known.valid_to IS DISTINCT FROM excluded.valid_to
"""  # noqa: S608 - names of columns of this file


class PickRulesChangedError(ValueError):
    """A version that was loaded before reads otherwise now, or is gone: notices name it, so it stays."""


def load_pick_rules(
    connection: psycopg.Connection[Any], rules: Sequence[PickRule] | None = None
) -> tuple[str, ...]:
    """Add the versions that are new and the last days that were set, in one transaction.

    Args:
        connection: as ``kelmu_owner``, in autocommit or outside a transaction.
        rules: every version of every rule; those of this package unless told.

    Returns:
        The label of every version.

    Raises:
        DataFileError: the package's file cannot be used.
        PickRulesChangedError: a version known to the database is missing or different; nothing is changed.
    """
    chosen = pick_rules() if rules is None else rules
    rows = {(str(rule.kind), rule.version): _row(rule) for rule in chosen}
    with connection.transaction():
        connection.execute("LOCK TABLE notices.pick_rule IN SHARE ROW EXCLUSIVE MODE")
        for known in connection.execute(_KNOWN).fetchall():
            if rows.get((known[0], known[1])) != known:
                raise PickRulesChangedError(f"version {known[1]} of {known[0]} is no longer what was loaded")
        with connection.cursor() as cursor:
            # An earlier version ends before the one after it begins.
            for rule in chosen:
                cursor.execute(_ADD, [*_row(rule), rule.valid.end])
    return tuple(rule.label for rule in chosen)


def _row(rule: PickRule) -> tuple[Any, ...]:
    return (
        str(rule.kind), rule.version, rule.valid.start, rule.months, rule.over_percent, rule.running_months,
        rule.from_age, rule.under_age, list(rule.unemployment_benefits), list(rule.residence_grounds),
        rule.within_years, rule.source,
    )  # fmt: skip
