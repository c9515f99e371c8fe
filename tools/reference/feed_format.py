"""The format of a feed: its tables from the feed's own list, their rules from the register's SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from kelmu.feed.tables import FEED_TABLES, FeedTable, Kind

_SOURCES = ("tables.sql", "decision_tables.sql")
_WRITTEN: Mapping[Kind, tuple[str, str]] = {
    Kind.NUMBER: ("any integer", "digits"),
    Kind.SMALL: ("any integer", "digits, at most 32767"),
    Kind.EUROS: ("decimal with a scale of at most 2", "`1234.50`: a point, at most two decimals, no spaces"),
    Kind.DAY: ("date", "`2026-11-24`; from 1850-01-01 to 2200-12-31; no end is an empty cell, no far day"),
    Kind.MOMENT: ("timestamp in UTC", "`2026-11-24T21:00:00Z`, with its offset"),
    Kind.FLAG: ("boolean", "`true` or `false`"),
    Kind.TEXT: ("string", "at most 2,000 characters, no line break"),
    Kind.IDENTITY_CODE: ("string", "11 characters, with the right check character"),
    Kind.BENEFIT: ("string", "a code of the benefit catalogue (`src/kelmu/benefits/`)"),
    Kind.TEXTS: ("list of strings", "items with `|` between them; an empty cell is an empty list"),
    Kind.SMALLS: ("list of integers", "items with `|` between them; an empty cell is an empty list"),
}
_LISTS = (Kind.TEXTS, Kind.SMALLS)
_INTRODUCTION = """\
# Feed format

<!-- Written by `make reference`; a test fails when it lags behind the code. -->

A feed is a folder with `manifest.json` and the files it names. Whoever makes one writes the files first and
the manifest last: a folder without it is unfinished and is not loaded. `kelmu feed load FOLDER` loads it
whole or refuses it whole; how to run it, and what to do with a refusal, is in
[the guide](../guide/loading-a-feed.md).

## Full feeds and deltas
A **full** feed has every table and every person the register knows; rows it lacks are closed. A person is
never removed: a full feed without one of them is refused. A **delta** has the tables that changed, and in
them the rows that changed; each of its files has one more column, `operation`: `upsert` for a row that is
new or changed, `delete` for a row that no longer holds. A row is told by the columns of its key. Of a row
to be deleted only the key counts. Deleting what is not known is a fault. A row whose key changes is a
`delete` of the old key and an `upsert` of the new one.

Nothing is overwritten: a changed or deleted row is closed with the time of the load, and what was known on
a day can be read again.

## Manifest
UTF-8 JSON, no other names than these:

| name | |
|---|---|
| `format` | `kelmu-feed-2` |
| `kind` | `full` or `delta` |
| `feed_id` | this feed's name, once and for all: up to 64 of `A-Z a-z 0-9 _ . : -` |
| `follows` | a delta's only: the `feed_id` of the feed that must have been loaded last |
| `as_of` | the moment the feed was drawn, ISO 8601 with offset; a full feed's is later than the last one's |
| `sources` | for each source of the register, when it was read (ISO 8601 with offset) |
| `tables` | a list of files: `table`, `file`, `rows`, `sha256` |
| `made_by` | optional: anything about the program that made it |

`rows` counts the rows of the file without a header; `sha256` is the digest of its bytes, in lower-case
hexadecimal. A table may lie in several files, read in the order of the manifest; that keeps each of them
small, and a load that broke off goes on with the next one. File names are lower-case letters, digits, `_`,
`.` and `-`, and end with `.csv` or `.parquet`. Sources are `population`, `non_disclosure`, `matters`,
`decisions`, `payments`, `coverage`, `recovery`, `maintenance_collection`, `medicine_cap` and
`third_party_info`.

## Files
Rows are in the order of `person_id`, over all files of a table. That is how everything of a person comes to
lie together, and how a feed of any size is checked in little memory.

- **CSV**: UTF-8 without byte order mark, comma, a header with every column in any order, `"` around fields
  that need it, `""` within them. A row is a line: no field holds a line break. An empty field is no value;
  `""` is an empty text.
- **Parquet**: the types below; row groups of at most some 100,000 rows keep memory small.

| holds | Parquet | CSV |
|---|---|---|
"""


@dataclass(frozen=True)
class Written:
    """What the register's SQL says of a table: needed columns, lists of codes, references, other rules."""

    needed: frozenset[str]
    codes: Mapping[str, tuple[str, ...]]
    references: Mapping[str, str]
    rules: tuple[str, ...]


def reference() -> str:
    """The page."""
    kinds = [f"| {kind.value} | {parquet} | {text} |" for kind, (parquet, text) in _WRITTEN.items()]
    parts = [_INTRODUCTION + "\n".join(kinds), "\n## Tables\nIn the order in which they are loaded.\n"]
    parts += [_table(table, _written(table.name)) for table in FEED_TABLES]
    return "\n".join(parts)


def _table(table: FeedTable, written: Written) -> str:
    lines = [f"### {table.name}\n", "| column | holds | empty | |", "|---|---|---|---|"]
    for column, kind in table.columns.items():
        name = f"**{column}**" if column in table.key else column
        notes = [f"`{code}`" for code in written.codes.get(column, ())]
        told = ", ".join(notes) or written.references.get(column, "")
        needed = column in table.key or (column in written.needed and kind not in _LISTS)
        empty = "no" if needed else "yes"
        lines.append(f"| {name} | {kind.value} | {empty} | {told} |")
    rules = [f"`{rule}`" for rule in written.rules]
    if table.no_overlap is not None:
        same = "".join(f" and equal `{column}`" for column in table.no_overlap)
        rules.append(f"periods of one person{same} do not overlap")
    if rules:
        lines.append("\nRules: " + "; ".join(rules) + ".")
    return "\n".join(lines) + "\n"


def _written(table: str) -> Written:
    needed, codes, references, rules = set(), {}, {}, []
    for item in _items(_body(table)):
        column = item.split(maxsplit=1)[0]
        checked = re.search(r"CHECK \((.*)\)", item, re.DOTALL)
        listed = checked and re.fullmatch(r"\s*\w+ IN \((.*)\)\s*", checked[1], re.DOTALL)
        if listed and column != "CONSTRAINT":
            codes[column] = tuple(re.findall(r"'(\w+)'|(\d+)", listed[1]))
        elif checked:
            rules.append(" ".join(checked[1].split()))
        if column != "CONSTRAINT" and re.search(r"NOT NULL|PRIMARY KEY", item):
            needed.add(column)
        if found := re.search(r"REFERENCES (\w+\.\w+)", item):
            references[column] = f"one of `{found[1]}`"
    flat = {column: tuple(word or digits for word, digits in found) for column, found in codes.items()}
    return Written(frozenset(needed), flat, references, tuple(rules))


def _body(table: str) -> str:
    for name in _SOURCES:
        text = (files("kelmu.register") / "sql" / name).read_text(encoding="utf-8")
        found = re.search(rf"CREATE TABLE register\.{table} \((.*?)\n\)", text, re.DOTALL)
        if found:
            return found[1]
    raise ValueError(f"the register's SQL has no table {table}")


def _items(body: str) -> Iterator[str]:
    """What stands between the commas of a table's definition, those within brackets aside."""
    depth, start = 0, 0
    for place, character in enumerate(body):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield body[start:place].strip()
            start = place + 1
    yield body[start:].strip()
