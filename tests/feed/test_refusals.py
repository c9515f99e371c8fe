"""A wrong feed is refused whole: the message names the place, never the value, and nothing is changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest

from kelmu.feed.errors import FeedError
from kelmu.feed.loading import load_feed
from tests.databases import Database
from tests.feed.conftest import Files

Change = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Damage:
    """A kind of damage to one file and what the refusal must say."""

    name: str
    file: str
    change: Change
    says: str
    value: str = "\0"
    resealed: bool = True


def cell(line: int, column: str, value: str) -> Change:
    """Write a value into a cell; the header is line 1. For files without quoted commas before it."""

    def change(content: bytes) -> bytes:
        lines = content.decode().split("\n")
        place = lines[0].split(",").index(column)
        fields = lines[line - 1].split(",")
        fields[place] = value
        lines[line - 1] = ",".join(fields)
        return "\n".join(lines).encode()

    return change


def repeated(line: int) -> Change:
    """Repeat a line in place of the next, so that the number of rows stays."""

    def change(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[line] = lines[line - 1]
        return b"\n".join(lines)

    return change


def without_last_line(content: bytes) -> bytes:
    return b"\n".join(content.split(b"\n")[:-2]) + b"\n"


def latin1(content: bytes) -> bytes:
    lines = content.split(b"\n")
    lines[2] = lines[2].replace(b",fi,", b"\xe4,fi,")
    return b"\n".join(lines)


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def renamed(content: bytes) -> bytes:
    return content.replace(b"urgent", b"urgency", 1)


def emptied(_content: bytes) -> bytes:
    return b""


def headless(content: bytes) -> bytes:
    return content.split(b"\n", 1)[1]


def in_cell(name: str, place: str, value: str, says: str) -> Damage:
    """A wrong value at ``table line column``; the refusal names file and line, and says the rest."""
    table, line, column = place.split()
    change = cell(int(line), column, value)
    return Damage(name, f"{table}.csv", change, f"^{table}.csv: line {line}: {says}", value or "\0")


DAMAGES = [
    Damage("changed file", "payment.csv", lambda c: c + b"\n", "payment.csv: .*SHA-256", resealed=False),
    Damage("truncated file", "payment.csv", cut, "payment.csv: .*SHA-256", resealed=False),
    Damage("truncated and resealed", "payment.csv", lambda c: c[:-9], "payment.csv: line [0-9]+"),
    Damage("a row less", "decision.csv", without_last_line, r"decision.csv: has [0-9]+ rows where"),
    Damage("empty file", "residence.csv", emptied, "residence.csv: line 1: is empty"),
    Damage("no header", "residence.csv", headless, "residence.csv: line 1: the header"),
    Damage("unknown column", "matter.csv", renamed, "matter.csv: line 1"),
    Damage("wrong encoding", "person.csv", latin1, "person.csv: line [0-9]+: is not UTF-8"),
    Damage("repeated key", "residence.csv", repeated(3), "residence.csv: line 4: .*repeats a key"),
    Damage(
        "half a manifest", "manifest.json", cut, "manifest.json: line [0-9]+: is not JSON", resealed=False
    ),
    in_cell("bad date", "residence 4 valid_from", "2024-02-30", "column valid_from: is no day"),
    in_cell("no number", "payment 5 gross", "paljon", "column gross: is not of the column's kind"),
    in_cell("too large", "payment 6 gross", "99999999999999", ".*too large a number"),
    in_cell("does not add up", "payment 7 net", "1.23", ".*payment_adds_up"),
    in_cell("unknown state", "payment 8 state", "hukassa", ".*payment_state_known"),
    in_cell("no day", "payment 9 paid_on", "", "column paid_on: is empty"),
    in_cell("unknown benefit", "payment 10 benefit_code", "XYZ-1", "column benefit_code: .*catalogue"),
    in_cell("misshapen benefit", "payment 11 benefit_code", "lapsi", ".*breaks a rule"),
    in_cell("person missing", "payment 12 person_id", "424242", "column person_id: refers to"),
    in_cell(
        "municipality missing", "residence 5 municipality_code", "998", "column municipality_code: refers"
    ),
    in_cell(
        "wrong check character", "person 4 personal_id", "010101-900A", "column personal_id: .*check_char"
    ),
    in_cell("another birth date", "person 4 birth_date", "1999-01-01", "column birth_date: is not the day"),
    in_cell("empty name", "person 5 family_name", '""', ".*person_family_name_filled"),
    in_cell("missing name", "person 5 family_name", "", "column family_name: is empty"),
    in_cell("a field too many", "residence 6 valid_to", "2026-01-01,1", ".*as many fields"),
    in_cell("unknown kind of coverage", "coverage 3 coverage_kind", "kortti", ".*coverage_kind_known"),
    in_cell("unknown benefit owed", "recovery 2 benefit_code", "XYZ-2", "column benefit_code: .*catalogue"),
    in_cell("more owed than ever", "recovery 2 balance", "999999.00", ".*balance_within_total"),
    in_cell("child missing", "maintenance_collection 2 child_person_id", "424242", "column child_person_id"),
    in_cell("cap reached too early", "medicine_cap 2 reached_on", "2024-02-01", ".*reached_when_full"),
    in_cell("amount without unit", "third_party_info 3 unit", "", ".*amount_with_unit"),
    in_cell("end before start", "residence 7 valid_to", "1700-01-01", ".*period_ordered"),
]


@pytest.fixture
def feeder(clean_database: Database) -> Iterator[psycopg.Connection]:
    with clean_database.connect("kelmu_feed") as connection:
        yield connection


def assert_refused(feeder: psycopg.Connection, files: Files, says: str, value: str = "\0") -> None:
    with pytest.raises(FeedError) as refused:
        load_feed(feeder, files.folder)
    assert re.search(says, str(refused.value)), str(refused.value)
    assert value not in str(refused.value)
    # Neither in what a log would add to it.
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    for table in ("person", "residence", "payment"):
        row = feeder.execute(f"SELECT EXISTS (SELECT FROM register.{table})".encode()).fetchone()
        assert row == (False,)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damaged_feed_is_refused_whole(feeder: psycopg.Connection, files: Files, damage: Damage) -> None:
    files.edit(damage.file, damage.change)
    if damage.resealed:
        files.reseal()
    assert_refused(feeder, files, damage.says, damage.value)


def changed_manifest(files: Files, change: Callable[[dict[str, object]], object]) -> None:
    path = files.folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def drop_table(manifest: dict[str, object]) -> None:
    tables = manifest["tables"]
    assert isinstance(tables, list)
    tables.pop()


def repeat_table(manifest: dict[str, object]) -> None:
    tables = manifest["tables"]
    assert isinstance(tables, list)
    tables.append(tables[0])


def leave_the_folder(manifest: dict[str, object]) -> None:
    tables = manifest["tables"]
    assert isinstance(tables, list)
    tables[0]["file"] = "../person.csv"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (drop_table, "does not name the table job_seeking: the feed is incomplete"),
        (repeat_table, "twice"),
        (leave_the_folder, "tables.0.file"),
        (lambda manifest: manifest.update(format="kelmu-feed-9"), "format"),
        (lambda manifest: manifest.update(as_of="2026-11-24T00:00:00"), "as_of"),
        (lambda manifest: manifest.pop("sources"), "sources"),
        (lambda manifest: manifest.update(surprise=1), "surprise"),
    ],
)
def test_a_manifest_that_is_not_as_it_should_be_is_refused(
    feeder: psycopg.Connection, files: Files, change: Callable[[dict[str, object]], object], says: str
) -> None:
    changed_manifest(files, change)
    assert_refused(feeder, files, f"manifest.json: .*{re.escape(says)}")


def test_a_missing_file_is_named(feeder: psycopg.Connection, files: Files) -> None:
    (files.folder / "payment.csv").unlink()
    assert_refused(feeder, files, "payment.csv: is missing")


def test_a_folder_without_manifest_is_no_finished_feed(feeder: psycopg.Connection, files: Files) -> None:
    (files.folder / "manifest.json").unlink()
    assert_refused(feeder, files, "manifest.json: is missing")
