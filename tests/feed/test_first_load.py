"""A first load writes straight and builds the keys at once: nobody waits, and a fault leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import psycopg
import pytest

from kelmu.feed.errors import FeedError
from kelmu.feed.loading import load_feed
from tests.databases import Database
from tests.door.looking import Desk
from tests.feed.feeds import Feed, Tables, known_at, sent, write_feed
from tests.world import World
from tools.cast import load_cast

CLIENT = load_cast().client("ordinary")
KEYS = """
    SELECT c.conrelid::regclass::text, c.conname::text, pg_get_constraintdef(c.oid) FROM pg_constraint c
    WHERE c.connamespace = 'register'::regnamespace AND c.contype <> 'n' AND c.conparentid = 0
    UNION ALL SELECT i.indrelid::regclass::text,
        CASE WHEN c.relispartition THEN '' ELSE i.indexrelid::regclass::text END,
        regexp_replace(pg_get_indexdef(i.indexrelid), 'payment_\\w+_idx\\d* ON', 'ON')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    WHERE c.relnamespace = 'register'::regnamespace AND i.indisvalid
    ORDER BY 1, 2, 3
"""
"""Rules and indexes of the register; indexes of partitions may be named otherwise."""


class Killed(BaseException):
    """What no handler of errors takes for one."""


def at(
    step: tuple[str, str], do: Callable[[], None], seen: list[tuple[str, str]] | None = None
) -> Callable[[str, str, int, int], None]:
    """A progress that does something once when a step begins."""
    steps = [] if seen is None else seen

    def tell(doing: str, table: str, _rows: int, _promised: int) -> None:
        if (doing, table) == step and step not in steps:
            do()
        steps.append((doing, table))

    return tell


def killed() -> None:
    raise Killed


@pytest.fixture(scope="module")
def keys(clean_database: Database) -> list[tuple[object, ...]]:
    """The register's keys before anything was loaded."""
    return clean_database.run(KEYS)


@pytest.fixture
def desk(clean_database: Database) -> Iterator[Desk]:
    world = World(clean_database)
    world.lift_limits()
    with clean_database.connect() as connection:
        connection.execute("SET lock_timeout = '1s'")
        yield Desk(connection, world.begin(world.body()))


@pytest.mark.parametrize(
    "step", [("writing", "payment"), ("indexing", "matter"), ("indexing", "job_seeking")]
)
def test_a_first_load_that_fails_leaves_the_keys_as_they_were(
    clean_database: Database,
    feeder: psycopg.Connection,
    first_day: Feed,
    keys: list[tuple[object, ...]],
    step: tuple[str, str],
) -> None:
    with pytest.raises(Killed):
        load_feed(feeder, first_day.folder, at(step, killed))
    assert clean_database.run(KEYS) == keys
    assert clean_database.run("SELECT * FROM register.key_aside") == []


def test_somebody_who_reads_for_long_keeps_no_load_from_being_made(
    clean_database: Database, feeder: psycopg.Connection, first_day: Feed, keys: list[tuple[object, ...]]
) -> None:
    with clean_database.connect("kelmu_admin", autocommit=False) as reader:
        reader.execute("SELECT FROM register.person")
        with pytest.raises(Killed):
            load_feed(feeder, first_day.folder, at(("writing", "payment"), killed))
        assert clean_database.run(KEYS) == keys


def third_with(column: str, value: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The third row's cell changed."""
    place = pl.int_range(pl.len()) == 2
    return lambda frame: frame.with_columns(
        pl.when(place).then(pl.lit(value, dtype=frame.schema[column])).otherwise(column).alias(column)
    )


def overlapping(frame: pl.DataFrame) -> pl.DataFrame:
    """The first period begins a second time, the day after."""
    first = frame.head(1)
    return pl.concat([first, first.with_columns(pl.col("valid_from").dt.offset_by("1d")), frame.slice(1)])


def repeated(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame.head(1), frame])


def another_persons(frame: pl.DataFrame) -> pl.DataFrame:
    """Two persons with one identity code."""
    same = frame["personal_id"][1]
    born = frame["birth_date"][1]
    return third_with("birth_date", born)(third_with("personal_id", same)(frame))


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("payment", repeated, "repeats the key"),
        ("coverage", overlapping, "overlaps another period"),
        ("payment", third_with("net", 1), "payment_adds_up"),
        ("payment", third_with("benefit_code", "XYZ-1"), "benefit catalogue"),
        ("residence", third_with("municipality_code", "998"), "refers to what is not there"),
        ("maintenance_collection", third_with("child_person_id", 424_242), "refers to what is not there"),
        ("person", third_with("family_name", None), "is empty"),
        ("person", another_persons, "is what another row has too"),
    ],
)
def test_a_first_feed_with_a_fault_is_refused_with_its_place_and_leaves_nothing(
    clean_database: Database,
    feeder: psycopg.Connection,
    keys: list[tuple[object, ...]],
    tables: Tables,
    tmp_path: Path,
    table: str,
    change: Callable[[pl.DataFrame], pl.DataFrame],
    says: str,
) -> None:
    feed = write_feed(tmp_path / "feed", {**tables, table: change(tables[table])}, day=0)
    with pytest.raises(FeedError) as refused:
        load_feed(feeder, feed.folder)
    assert any(says in each.problem and each.line for each in refused.value.faults)
    assert clean_database.run(KEYS) == keys
    assert not any(known_at(feeder).values())


def test_a_file_with_fewer_rows_than_promised_is_no_first_feed(
    feeder: psycopg.Connection, keys: list[tuple[object, ...]], first_day: Feed, tmp_path: Path
) -> None:
    feed = first_day.copy(tmp_path / "feed")
    feed.manifest(lambda document: document["tables"][-1].update(rows=document["tables"][-1]["rows"] + 1))
    with pytest.raises(FeedError, match="rows where the manifest says"):
        load_feed(feeder, feed.folder)
    assert not any(known_at(feeder).values())


def test_after_a_load_was_killed_an_empty_register_has_its_keys_with_the_next(
    clean_database: Database,
    feeder: psycopg.Connection,
    first_day: Feed,
    keys: list[tuple[object, ...]],
    desk: Desk,
    tables: Tables,
) -> None:
    feeder.execute("SELECT register.lay_keys_aside()")
    assert clean_database.run(KEYS) != keys
    looked: list[object] = []

    def look() -> None:
        inquiry_id, _ = desk.open(CLIENT.personal_id)
        looked.append(inquiry_id)

    steps: list[tuple[str, str]] = []
    load_feed(feeder, first_day.folder, at(("indexing", "job_seeking"), look, steps))
    assert {step for step, _ in steps} == {"writing", "indexing"}, "each row is written once"
    assert looked, "somebody looked while keys were built"
    assert clean_database.run(KEYS) == keys
    assert known_at(feeder) == sent(tables)


def test_a_register_that_holds_anything_keeps_its_keys(
    clean_database: Database, feeder: psycopg.Connection, keys: list[tuple[object, ...]]
) -> None:
    assert feeder.execute("SELECT register.lay_keys_aside()").fetchone() == (False,)
    assert clean_database.run(KEYS) == keys


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO register.key_aside VALUES ('person', 'DROP TABLE audit.entry')",
        "SELECT * FROM register.key_aside",
        "SELECT * FROM register.keyed()",
        "DROP INDEX register.payment_known",
    ],
)
def test_the_feed_says_not_what_a_key_is(feeder: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        feeder.execute(statement.encode())
