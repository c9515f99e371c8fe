"""A damaged feed is refused whole: every place is named, no value is, and the register is as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest

from kelmu.feed.errors import FeedError
from kelmu.feed.loading import load_feed
from tests.databases import Database
from tests.feed.feeds import Feed, Tables, deletes, digest_of, upserts, write_feed

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


def swapped(line: int, other: int) -> Change:
    """Change two lines for each other."""

    def change(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[line - 1], lines[other - 1] = lines[other - 1], lines[line - 1]
        return b"\n".join(lines)

    return change


def without_last_line(content: bytes) -> bytes:
    return b"\n".join(content.split(b"\n")[:-2]) + b"\n"


def latin1(content: bytes) -> bytes:
    lines = content.split(b"\n")
    lines[2] = lines[2].replace(b",fi,", b"\xe4,fi,")
    return b"\n".join(lines)


def with_line_break(content: bytes) -> bytes:
    lines = content.split(b"\n")
    lines[2] = lines[2].replace(b",fi,", b',"f\ni",')
    return b"\n".join(lines)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def spoiled(content: bytes) -> bytes:
    """The pages of a Parquet file's first columns are gone; its footer is whole."""
    return content[:4] + b"\xff" * 400 + content[404:]


def renamed(content: bytes) -> bytes:
    return content.replace(b"urgent", b"urgency", 1)


def in_cell(name: str, place: str, value: str, says: str) -> Damage:
    """A wrong value at ``table line column``; the refusal names file and line, and says the rest."""
    table, line, column = place.split()
    file = f"{table}-001.csv"
    return Damage(name, file, cell(int(line), column, value), f"^{file}: line {line}: {says}", value or "\0")


BYTES = [
    Damage("changed file", "payment-001.csv", lambda c: c + b"\n", "^payment.*SHA-256", resealed=False),
    Damage("truncated CSV", "payment-001.csv", half, "^payment.*SHA-256", resealed=False),
    Damage("truncated and resealed", "payment-001.csv", lambda c: c[:-9], "^payment-001.csv: line [0-9]+"),
    Damage("row count off", "decision-001.csv", without_last_line, r"^decision-001.csv: has [0-9]+ rows"),
    Damage("empty file", "residence-001.csv", lambda _: b"", "^residence-001.csv: line 1: is no header"),
    Damage("no header", "residence-001.csv", lambda c: c.split(b"\n", 1)[1], "^residence.*line 1: .*unknown"),
    Damage("unknown column", "matter-001.csv", renamed, "^matter-001.csv: line 1: 1 of the columns"),
    Damage("wrong encoding", "person-001.csv", latin1, "^person-001.csv: line 3: is not UTF-8"),
    Damage("line break in a field", "person-001.csv", with_line_break, "^person-001.csv: line 3: is not CSV"),
    Damage("control character", "person-001.csv", cell(3, "phone", "a\0b"), "^person.*line 3: .*control"),
    Damage("repeated key", "residence-001.csv", repeated(3), "^residence-001.csv: line 4: .*repeats the key"),
    Damage("wrong order", "coverage-001.csv", swapped(4, 200), "^coverage-001.csv: line [0-9]+: .*order of"),
    Damage("half a manifest", "manifest.json", half, "^manifest.json: line [0-9]+: is not JSON", "\0", False),
    in_cell("bad date", "residence 4 valid_from", "2024-02-30", "column valid_from: is no day"),
    in_cell("date of another shape", "residence 4 valid_from", "3.4.2024", "column valid_from: is no day"),
    in_cell("no number", "payment 5 gross", "paljon", r"column gross: is no amount \(there is: letters\)"),
    in_cell("thousandths", "payment 5 gross", "12.345", "column gross: is no amount .*digits and signs"),
    in_cell("too large", "payment 6 gross", "99999999999999", "column gross: is no amount"),
    in_cell("does not add up", "payment 7 net", "1.23", ".*payment_adds_up"),
    in_cell("unknown state", "payment 8 state", "hukassa", "column state: .*payment_state_known.*letters"),
    in_cell("no day", "payment 9 paid_on", "", "column paid_on: is empty"),
    in_cell("unknown benefit", "payment 10 benefit_code", "XYZ-1", "column benefit_code: .*catalogue"),
    in_cell("no flag", "person 4 protection_known", "ehkä", "column protection_known: is neither true nor"),
    in_cell("no person", "payment 12 person_id", "yksi", "column person_id: is no whole number"),
    in_cell("municipality missing", "residence 5 municipality_code", "998", "column municipality.*not there"),
    in_cell("wrong check character", "person 4 personal_id", "010101-900A", "column personal_id: .*check_ch"),
    in_cell("another birth date", "person 4 birth_date", "1999-01-01", "column birth_date: is not the day"),
    in_cell("empty name", "person 5 family_name", '""', "column family_name: .*name_filled"),
    in_cell("missing name", "person 5 family_name", "", "column family_name: is empty"),
    in_cell("a field too many", "residence 6 valid_to", "2026-01-01,1", "has not as many fields"),
    in_cell(
        "unknown kind of coverage", "coverage 3 coverage_kind", "kortti", "column coverage_kind: .*known"
    ),
    in_cell("more owed than ever", "recovery 2 balance", "999999.00", ".*balance_within_total"),
    in_cell("child missing", "maintenance_collection 2 child_person_id", "424242", "column child_person_id"),
    in_cell("member missing", "decision_member 2 member_person_id", "424242", "column member_person_id"),
    in_cell("no moment", "medicine_cap 2 updated_at", "eilen", "column updated_at: is no moment"),
    in_cell("no list", "decision_calculation 2 split_days", "1|x", "column split_days: is no list"),
    in_cell("amount without unit", "third_party_info 3 unit", "", ".*amount_with_unit"),
    in_cell("end before start", "residence 7 valid_to", "1860-01-01", ".*period_ordered"),
    in_cell("too long a text", "person 6 family_name", "x" * 2001, "column family_name: is too long"),
]
PARQUET = [
    Damage("truncated Parquet", "payment-001.parquet", half, "^payment.*SHA-256", resealed=False),
    Damage("truncated Parquet, resealed", "payment-001.parquet", half, "^payment.*is no Parquet file"),
    Damage("spoiled Parquet", "payment-001.parquet", spoiled, "^payment-001.parquet: .*(damaged|Parquet)"),
    Damage("no Parquet at all", "payment-001.parquet", lambda _: b"a,b\n1,2\n", "^payment.*is no Parquet"),
]


@pytest.fixture(scope="module")
def before(clean_database: Database, first_day: Feed) -> str:
    """The digest of a register that holds a feed already."""
    with clean_database.connect("kelmu_feed") as connection:
        load_feed(connection, first_day.folder)
    return digest_of(clean_database)


@pytest.fixture
def unchanged(clean_database: Database, before: str) -> Iterator[None]:
    """Whatever the test does, the register is as it was, and nothing waits in staging."""
    yield
    assert digest_of(clean_database) == before
    assert clean_database.run("SELECT count(*) FROM feed.staged_file") == [(0,)]


def refusal(feeder: psycopg.Connection, feed: Feed, says: str, value: str = "\0") -> FeedError:
    with pytest.raises(FeedError) as refused:
        load_feed(feeder, feed.folder)
    told = [str(fault) for fault in refused.value.faults]
    assert any(re.search(says, each) for each in told), told
    assert not any(value in each for each in (*told, str(refused.value)))
    # Neither in what a log would add to it.
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return refused.value


@pytest.mark.parametrize("damage", BYTES + PARQUET, ids=lambda damage: damage.name)
def test_a_damaged_file_is_refused(
    feeder: psycopg.Connection, unchanged: None, next_day: Path, tmp_path: Path, damage: Damage
) -> None:
    suffix = "parquet" if damage.file.endswith("parquet") else "csv"
    feed = Feed(next_day / suffix).copy(tmp_path / "feed").edit(damage.file, damage.change)
    if damage.resealed:
        feed.reseal()
    refusal(feeder, feed, damage.says, damage.value)


def drop_table(manifest: dict[str, Any]) -> None:
    manifest["tables"].pop()


def repeat_file(manifest: dict[str, Any]) -> None:
    manifest["tables"].append(manifest["tables"][0])


def leave_the_folder(manifest: dict[str, Any]) -> None:
    manifest["tables"][0]["file"] = "../person-001.csv"


def unknown_table(manifest: dict[str, Any]) -> None:
    manifest["tables"].append({**manifest["tables"][0], "table": "diagnosis", "file": "diagnosis.csv"})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (drop_table, "does not name the table job_seeking: the feed is incomplete"),
        (repeat_file, "twice"),
        (leave_the_folder, "tables.0.file"),
        (unknown_table, "unknown table diagnosis"),
        (lambda manifest: manifest.update(format="kelmu-feed-9"), "format"),
        (lambda manifest: manifest.update(kind="half"), "kind"),
        (lambda manifest: manifest.update(kind="delta"), "follows"),
        (lambda manifest: manifest.update(as_of="2026-11-24T00:00:00"), "as_of"),
        (lambda manifest: manifest.update(as_of="2026-11-01T00:00:00Z"), "as_of: the register holds"),
        (lambda manifest: manifest.update(feed_id="day-0"), "feed_id: a feed of this name"),
        (lambda manifest: manifest.update(feed_id="day 1\n"), "feed_id"),
        (lambda manifest: manifest.pop("sources"), "sources"),
        (lambda manifest: manifest["sources"].update(elsewhere="2026-11-24T00:00:00Z"), "sources"),
        (lambda manifest: manifest.update(surprise=1), "surprise"),
    ],
)
def test_a_manifest_that_is_not_as_it_should_be_is_refused(
    feeder: psycopg.Connection, unchanged: None, next_day: Path, tmp_path: Path,
    change: Callable[[dict[str, Any]], object], says: str,
) -> None:  # fmt: skip
    feed = Feed(next_day / "csv").copy(tmp_path / "feed").manifest(change)
    refusal(feeder, feed, f"^manifest.json: .*{re.escape(says)}")


def test_a_missing_file_is_named(
    feeder: psycopg.Connection, unchanged: None, next_day: Path, tmp_path: Path
) -> None:
    feed = Feed(next_day / "csv").copy(tmp_path / "feed")
    (feed.folder / "payment-001.csv").unlink()
    refusal(feeder, feed, "^payment-001.csv: is missing")


def test_a_folder_without_manifest_is_no_finished_feed(
    feeder: psycopg.Connection, unchanged: None, next_day: Path, tmp_path: Path
) -> None:
    feed = Feed(next_day / "csv").copy(tmp_path / "feed")
    (feed.folder / "manifest.json").unlink()
    refusal(feeder, feed, "^manifest.json: is missing")


FRAMES: dict[str, tuple[str, Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "missing column": ("payment", lambda f: f.drop("tax"), "^payment.*column tax: is missing among"),
    "extra column": ("payment", lambda f: f.with_columns(memo=pl.lit("x")), "^payment.*: 1 of the columns"),
    "wrong type": (
        "payment", lambda f: f.with_columns(pl.col("paid_on").cast(pl.String)),
        "^payment.*column paid_on: has a type that cannot hold: day",
    ),
    "amounts as floats": (
        "payment", lambda f: f.with_columns(pl.col("gross").cast(pl.Float64)),
        "^payment.*column gross: has a type that cannot hold: euros",
    ),
    "person missing": (
        "person", lambda f: f.filter(pl.col("person_id") != 301),
        "^payment.*line [0-9]+: column person_id: refers to what is not there",
    ),
    "persons left out": (
        "person", lambda f: f.head(f.height - 5), "^manifest.json: leaves out 5 persons whom the register"),
    "overlapping periods": (
        "residence", lambda f: pl.concat(
            [f, f.tail(1).with_columns(pl.col("valid_from").dt.offset_by("1d"), valid_to=None)]),
        "^residence-001.parquet: line [0-9]+: column valid_from: overlaps another period",
    ),
    "an identity code twice": (
        "person", lambda f: pl.concat(
            [f.head(f.height - 1), f.tail(1).with_columns(
                *(pl.lit(f[name][0]).alias(name) for name in ("personal_id", "birth_date")))]),
        "^person.*line 300: column personal_id: is what another row has too",
    ),
    "negative person": (
        "person", lambda f: f.with_columns(person_id=pl.col("person_id") - 102),
        "^person-001.parquet: line 1: column person_id: is no whole number",
    ),
    "day before all time": (
        "job_seeking", lambda f: f.with_columns(valid_from=pl.lit("0024-01-01").str.to_date()),
        "^job_seeking-001.parquet: line 1: column valid_from: is no day",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FRAMES)
def test_a_parquet_file_with_other_content_is_refused(
    feeder: psycopg.Connection, unchanged: None, tables: Tables, tmp_path: Path, name: str
) -> None:
    table, change, says = FRAMES[name]
    feed = write_feed(tmp_path / "feed", {**tables, table: change(tables[table])}, day=1)
    refusal(feeder, feed, says)


def delta_of(name: str, tables: Tables) -> dict[str, pl.DataFrame]:
    """A wrong delta by its kind of damage."""
    residence, person, payment = tables["residence"], tables["person"], tables["payment"]
    gone = residence.head(1).with_columns(person_id=pl.lit(424242, dtype=pl.Int64))
    # Somebody who lives somewhere still; another home from tomorrow on overlaps it.
    still = residence.filter(pl.col("valid_to").is_null()).head(1)
    other = still.with_columns(pl.col("valid_from").dt.offset_by("3d"))
    stranger = payment.head(1).with_columns(person_id=pl.lit(424242, dtype=pl.Int64))
    taken = person.head(1).with_columns(person_id=pl.lit(424242, dtype=pl.Int64))
    return {
        "closes what is not there": {"residence": deletes(gone)},
        "removes a person": {"person": deletes(person.head(1))},
        "overlaps what is known": {"residence": upserts(other)},
        "pays a stranger": {"payment": upserts(stranger)},
        "takes another's identity code": {"person": upserts(taken)},
        "does something else": {"residence": residence.head(1).with_columns(operation=pl.lit("truncate"))},
        "does not say what it does": {"residence": residence.head(1)},
        "twice the same row": {"residence": upserts(pl.concat([residence.head(1)] * 2))},
    }[name]  # fmt: skip


DELTAS = {
    "closes what is not there": "^residence.*line 1: column operation: closes a row that is not there",
    "removes a person": "^person.*line 1: column operation: a person is never removed",
    "overlaps what is known": "^residence.*line 1: column valid_from: overlaps another period",
    "pays a stranger": "^payment.*line 1: column person_id: refers to what is not there",
    "takes another's identity code": "^person.*line 1: column personal_id: .*another row of the register",
    "does something else": "^residence.*line 1: column operation: is neither upsert nor delete",
    "does not say what it does": "^residence.*column operation: is missing among the columns",
    "twice the same row": "^residence.*line 2: .*repeats the key",
}


@pytest.mark.parametrize("name", DELTAS)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_wrong_delta_is_refused(
    feeder: psycopg.Connection, unchanged: None, tables: Tables, tmp_path: Path, name: str, suffix: str
) -> None:
    feed = write_feed(tmp_path / "feed", delta_of(name, tables), day=1, suffix=suffix, delta=True)
    says = DELTAS[name]
    refusal(feeder, feed, says.replace("line 1", "line 2").replace("line 2: .*repeats", "line 3: .*repeats")
            if suffix == "csv" else says)  # fmt: skip


def test_a_delta_out_of_order_is_refused(
    feeder: psycopg.Connection, unchanged: None, tables: Tables, tmp_path: Path
) -> None:
    feed = write_feed(tmp_path / "feed", {"residence": upserts(tables["residence"])}, day=2, delta=True)
    refusal(feeder, feed, "^manifest.json: follows: the feed loaded last is day-0")


def test_a_full_feed_that_would_close_much_is_refused_unless_it_is_meant(
    feeder: psycopg.Connection, unchanged: None, tables: Tables, tmp_path: Path
) -> None:
    few = tables["payment"].head(100)
    feed = write_feed(tmp_path / "feed", {**tables, "payment": few}, day=1)
    refusal(feeder, feed, "^manifest.json: payment: would close [0-9,]+ rows")


def test_every_bad_row_is_reported_not_the_first_only(
    feeder: psycopg.Connection, unchanged: None, tables: Tables, tmp_path: Path, clean_database: Database
) -> None:
    payment = tables["payment"].with_row_index("place")
    wrong = pl.col("place") % 10 == 3
    payment = payment.with_columns(
        net=pl.when(wrong).then(pl.lit("0.01").cast(pl.Decimal(12, 2))).otherwise("net"),
        state=pl.when(pl.col("place") == 5).then(pl.lit("hukassa")).otherwise("state"),
    ).drop("place")
    residence = tables["residence"].with_columns(municipality_code=pl.lit("998"))
    feed = write_feed(tmp_path / "feed", {**tables, "payment": payment, "residence": residence}, day=1)
    error = refusal(feeder, feed, "payment_adds_up", "hukassa")
    lines = [fault.line for fault in error.faults if "adds_up" in fault.problem]
    assert lines == [place + 1 for place in range(payment.height) if place % 10 == 3]
    dangling = [fault.line for fault in error.faults if fault.column == "municipality_code"]
    assert dangling == list(range(1, residence.height + 1))
    assert error.total == len(error.faults) == len(lines) + len(dangling) + 1
    [(state, faults)] = clean_database.run(
        "SELECT state, faults FROM register.feed_run ORDER BY run_id DESC LIMIT 1"
    )
    assert (state, faults) == ("refused", error.total)


def test_faults_beyond_the_cap_are_counted(
    feeder: psycopg.Connection,
    unchanged: None,
    tables: Tables,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("errors", "verification"):
        monkeypatch.setattr(f"kelmu.feed.{module}.CAP", 20)
    payment = tables["payment"].with_columns(pl.col("benefit_code").str.replace("-", "_"))
    residence = tables["residence"].with_columns(municipality_code=pl.lit("998"))
    feed = write_feed(tmp_path / "feed", {**tables, "payment": payment, "residence": residence}, day=1)
    error = refusal(feeder, feed, "catalogue")
    assert len(error.faults) == 20
    assert error.total == payment.height + residence.height
