"""Strict loading of the pick rules: a fault stops it, with file and line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from kelmu.benefits.catalogue import catalogue
from kelmu.core.data_files import Row, read_rows
from kelmu.core.period import Period
from kelmu.notices.pick_rules import PickKind, PickRule

RULES_FILE = "pick_rules.csv"
_COLUMNS = (
    "kind", "version", "valid_from", "valid_to", "months", "over_percent", "running_months", "from_age",
    "under_age", "unemployment_benefits", "residence_grounds", "within_years", "source",
)  # fmt: skip
_MOST = {
    "months": 60, "over_percent": 99, "running_months": 12, "from_age": 120, "under_age": 120,
    "within_years": 30,
}  # fmt: skip


@cache
def pick_rules() -> tuple[PickRule, ...]:
    """The rules this package carries, read once.

    Raises:
        DataFileError: the file cannot be used.
    """
    return read_pick_rules(files("kelmu.notices") / "data" / RULES_FILE)


def read_pick_rules(file: Traversable) -> tuple[PickRule, ...]:
    """Read every version of every rule of a file.

    Raises:
        DataFileError: a field is not as it should be; versions of a kind are not numbered 1, 2, 3 in their
            order, or two of them hold on one day; a kind has no rule; with file and line.
    """
    rows = read_rows(file, _COLUMNS)
    rules = tuple(map(_rule, rows))
    _check_versions(rows, rules)
    if missing := set(PickKind) - {rule.kind for rule in rules}:
        rows[-1].fail(f"no line up to this last one is a rule for {min(missing)}")
    return rules


def _rule(row: Row) -> PickRule:
    grounds, years = row.codes("residence_grounds"), _small(row, "within_years")
    if bool(grounds) != (years is not None):
        row.fail("residence_grounds and within_years stand together or not at all")
    return PickRule(
        kind=PickKind(row.one_of("kind", set(PickKind))),
        version=row.number("version") or row.fail("version is empty"),
        valid=_valid(row),
        months=_needed(row, "months"),
        over_percent=_needed(row, "over_percent"),
        running_months=_needed(row, "running_months"),
        from_age=_small(row, "from_age"),
        under_age=_small(row, "under_age"),
        unemployment_benefits=_benefits(row),
        residence_grounds=grounds,
        within_years=years,
        source=row.filled("source"),
    )


def _valid(row: Row) -> Period:
    start, end = row.day("valid_from"), row.day("valid_to")
    if start is None:
        row.fail("valid_from is empty")
    if end is not None and end < start:
        row.fail("valid_to is before valid_from")
    return Period(start, end)


def _needed(row: Row, column: str) -> int:
    return _small(row, column) or row.fail(f"{column} is empty")


def _small(row: Row, column: str) -> int | None:
    number = row.number(column)
    if number is not None and number > _MOST[column]:
        row.fail(f"{column} is {number}; more than {_MOST[column]} is a mistake")
    return number


def _benefits(row: Row) -> tuple[str, ...]:
    codes = row.codes("unemployment_benefits")
    known = {benefit.code for benefit in catalogue()}
    for code in codes:
        if code not in known:
            row.fail(f"unknown benefit {code!r} in unemployment_benefits")
    return codes


def _check_versions(rows: Sequence[Row], rules: Sequence[PickRule]) -> None:
    """Each kind's versions follow each other, in number and in time."""
    latest: dict[PickKind, PickRule] = {}
    for row, rule in zip(rows, rules, strict=True):
        before = latest.get(rule.kind)
        wanted = before.version + 1 if before else 1
        if rule.version != wanted:
            row.fail(f"version {rule.version} of {rule.kind} stands where {wanted} belongs")
        if before is not None and (before.valid.end or date.max) >= rule.valid.start:
            row.fail(f"holds on a day on which version {before.version} does")
        latest[rule.kind] = rule
