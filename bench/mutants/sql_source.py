"""Mutants of SQL: faults within the door's functions, privileges taken away or widened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bench.mutants.model import Mutant, numbered
from bench.mutants.sql_faults import faults

_FUNCTION = re.compile(
    r"^CREATE FUNCTION (?P<name>[\w.]+)\(.*?^(?:\$function\$;|END;)$", re.MULTILINE | re.DOTALL
)
_PRIVILEGE = re.compile(r"^(?:GRANT|REVOKE|ALTER DEFAULT PRIVILEGES)\b[^;]*;", re.MULTILINE)
_EXECUTED = re.compile(r"^ +EXECUTE pg_catalog\.format\('(?:GRANT|REVOKE)[^;]*;", re.MULTILINE)


def functions(text: str) -> list[tuple[str, str]]:
    """Name and text of each function of a file, to be put in the place of the one that is there."""
    return [(match["name"], _again(match[0])) for match in _FUNCTION.finditer(text)]


def function_mutants(root: Path, path: str, package: str) -> list[Mutant]:
    """Every mutant of the functions of one file."""
    whole = (root / path).read_text(encoding="utf-8")
    found: list[tuple[str, Mutant]] = []
    for match in _FUNCTION.finditer(whole):
        original = match[0]
        for fault in faults(original):
            changed = original[: fault.begin] + fault.replacement + original[fault.end :]
            text = whole[: match.start()] + changed + whole[match.end() :]
            key = f"{path}::{match['name']}: {fault.says}"
            found.append(
                (key, Mutant(key, package, path, match["name"], text, _again(changed), _again(original)))
            )
    keys = numbered(key for key, _ in found)
    return [
        Mutant(key, package, path, mutant.place, mutant.text, mutant.function, mutant.original_function)
        for key, (_, mutant) in zip(keys, found, strict=True)
    ]


def privilege_mutants(root: Path, path: str, package: str) -> list[Mutant]:
    """Each GRANT and REVOKE of one file taken away; each GRANT widened to everybody and to everything."""
    whole = (root / path).read_text(encoding="utf-8")
    found: list[tuple[str, str, str]] = []
    for match in (*_PRIVILEGE.finditer(whole), *_EXECUTED.finditer(whole)):
        place = " ".join(match[0].split())[:90]
        for says, changed in _privilege_faults(match[0]):
            text = whole[: match.start()] + changed + whole[match.end() :]
            found.append((place, f"{path}::{place}: {says}", text))
    keys = numbered(key for _, key, _ in found)
    return [
        Mutant(key, package, path, place, text) for key, (place, _, text) in zip(keys, found, strict=True)
    ]


def _privilege_faults(statement: str) -> Iterator[tuple[str, str]]:
    yield "taken away", "NULL;" if statement.startswith(" ") else ""
    if not statement.startswith("GRANT"):
        return
    if " ON " not in statement and "ON FUNCTION" not in statement:
        # Membership of a role: never inherited, never passed on.
        for option in re.finditer(r"\bFALSE\b", statement):
            yield "an option turned on", statement[: option.start()] + "TRUE" + statement[option.end() :]
        return
    yield "given to everybody", re.sub(r"\bTO [\w, ]+;$", "TO PUBLIC;", statement)
    columns = re.sub(r"^GRANT UPDATE \([^)]*\)", "GRANT UPDATE", statement)
    if columns != statement:
        yield "given for every column", columns
    elif re.match(r"GRANT [A-Z, ]+ ON (?!FUNCTION|DOMAIN)", statement):
        yield "given for everything", re.sub(r"^GRANT [A-Z, ]+ ON ", "GRANT ALL ON ", statement)


def _again(function: str) -> str:
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
