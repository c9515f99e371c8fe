"""A first load builds the keys at once: they are as before after it, and nobody waits for it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from kelmu.feed.loading import load_feed
from tests.databases import Database
from tests.door.looking import Desk
from tests.feed.feeds import Feed, Tables, known_at, sent
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
    "step", [("merging", "payment"), ("indexing", "matter"), ("indexing", "job_seeking")]
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
            load_feed(feeder, first_day.folder, at(("merging", "payment"), killed))
        assert clean_database.run(KEYS) == keys


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

    load_feed(feeder, first_day.folder, at(("indexing", "job_seeking"), look))
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
