"""What the doors that read answer at their edges, and how an entry comes to the disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import LiteralString

import psycopg
import pytest

from tests.databases import Database
from tests.door.looking import Desk
from tests.door.test_tickets import refused_with
from tests.world import Body, Somebody, World

ISSUED: LiteralString = (
    "UPDATE inquiry.ticket SET issued_at = clock_timestamp() - %s::interval WHERE inquiry_id = %s"
)
SAID: LiteralString = (
    "SELECT kind, detail FROM audit.entry WHERE inquiry_id = %s ORDER BY entry_id DESC LIMIT 1"
)
REPORT: LiteralString = "SELECT door.report_difference(%s, %s, %s, %s)"
USED: LiteralString = "SELECT used_at FROM inquiry.ticket WHERE inquiry_id = %s"
PAGE = 16384
FAR = "FFFFFFFF/FFFFFFFF"


def test_an_outcome_says_when_its_inquiry_was_opened(desk: Desk, client: Somebody, world: World) -> None:
    inquiry_id, ticket = desk.open(client.personal_id)
    desk.open(client.personal_id)
    answer = desk.outcome(ticket)
    opened = "SELECT to_jsonb(opened_at) FROM inquiry.inquiry WHERE inquiry_id = %s"
    assert answer is not None
    assert [(answer["opened_at"],)] == world.database.run(opened, inquiry_id)


def test_a_document_holds_the_groups_asked_and_says_what_changed_only_when_asked(
    desk: Desk, client: Somebody
) -> None:
    for groups, more in ((["payments"], set()), (["payments", "changes"], {"changes"})):
        _, ticket = desk.open(client.personal_id, groups=groups)
        assert set(json.loads(desk.read(ticket) or "")) == {"person", "payments", "sources", "scope"} | more


def test_a_ticket_is_too_old_at_30_seconds(frozen: Desk, client: Somebody) -> None:
    inquiry_id, ticket = frozen.open(client.personal_id)
    frozen.connection.execute(ISSUED, ["30 seconds", inquiry_id])
    assert frozen.outcome(ticket) is None
    assert frozen.call(SAID, inquiry_id) == ("not_there", "ticket too old")
    frozen.connection.execute(ISSUED, ["20 seconds", inquiry_id])
    with refused_with("KL020"):
        frozen.outcome(ticket)


def test_a_ticket_is_used_up_once_and_no_other_with_it(frozen: Desk, client: Somebody) -> None:
    (one, _), (other, _) = frozen.open(client.personal_id), frozen.open(client.personal_id)
    use = (
        "SELECT door_private.use_ticket(s, t) FROM inquiry.ticket t "
        "JOIN identity.acting_session s USING (acting_session_id) WHERE t.inquiry_id = %s"
    )
    assert frozen.call(use, one) is True
    at = frozen.call(USED, one)
    assert at is not None
    assert frozen.call(use, one) is False, "whoever comes second"
    assert frozen.call(SAID, one) == ("not_there", "ticket used")
    assert frozen.call(USED, one) == at
    assert frozen.call(USED, other) is None


def test_an_inquiry_is_in_the_list_of_own_ones_until_its_last_moment(
    desk: Desk, moment: psycopg.Connection, client: Somebody
) -> None:
    inquiry_id, ticket = desk.open(client.personal_id)
    assert desk.read(ticket)
    listed = []
    for left in ("1 millisecond", "0"):
        moment.execute(
            "UPDATE inquiry.inquiry SET expires_at = now() + %s::interval WHERE inquiry_id = %s",
            [left, inquiry_id],
        )
        row = moment.execute("SELECT jsonb_array_length(door.recent_inquiries(%s))", [desk.secret]).fetchone()
        listed.append(row)
    assert listed == [(1,), (0,)]


def test_a_difference_is_an_alarm_and_drops_the_ticket(desk: Desk, client: Somebody, world: World) -> None:
    inquiry_id, ticket = desk.open(client.personal_id)
    desk.call(REPORT, desk.secret, ticket, "n" * 60, "f" * 60)
    assert desk.read(ticket) is None
    [alarm] = world.entries(inquiry_id=inquiry_id, kind="difference")
    assert alarm["detail"] == f"{'n' * 60} {'f' * 39}"


def test_a_difference_drops_neither_anothers_ticket_nor_one_that_is_used(
    desk: Desk, world: World, body: Body, official: Somebody, client: Somebody
) -> None:
    other = world.begin(body, official)
    inquiry_id, ticket = desk.open(client.personal_id)
    desk.call(REPORT, other, ticket, None, None)
    assert world.database.run(USED, inquiry_id) == [(None,)]
    assert desk.read(ticket)
    used = world.database.run(USED, inquiry_id)
    desk.call(REPORT, desk.secret, ticket, "given", None)
    assert world.database.run(USED, inquiry_id) == used
    entries = world.entries(organisation_id=body.organisation_id, kind="difference")
    assert [(entry["detail"], entry["inquiry_id"]) for entry in entries] == [("? ?", None), ("given ?", None)]


def test_a_caller_without_synchronous_commit_still_reads_only_after_the_flush(
    desk: Desk, client: Somebody, database: Database
) -> None:
    desk.connection.execute("SET synchronous_commit = off")
    for _ in range(20):
        _, ticket = desk.open(client.personal_id)
        [(written,)] = database.run("SELECT pg_current_wal_insert_lsn()::text")
        assert desk.read(ticket) is not None
        [(flushed,)] = database.run("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", written)
        assert flushed is True


def least_written(connection: psycopg.Connection, call: Callable[[], object]) -> int:
    """Bytes of log a call writes at least: whatever else the cluster does comes on top."""

    def written() -> int:
        before = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        call()
        row = connection.execute("SELECT (pg_current_wal_insert_lsn() - %s::pg_lsn)::bigint", before)
        return int((row.fetchone() or (0,))[0])

    return min(written() for _ in range(20))


def test_what_is_on_the_disk_is_read_without_writing(
    desk: Desk, client: Somebody, database: Database
) -> None:
    _, ticket = desk.open(client.personal_id)
    with database.connect("kelmu_admin") as admin:
        assert least_written(admin, lambda: Desk(admin, desk.secret).outcome(ticket)) == 0


def made_for(connection: psycopg.Connection, version: str) -> None:
    """The function that flushes as it would be on a server of that version, its naps counted instead."""
    connection.execute("CREATE SEQUENCE public.naps")
    row = connection.execute(
        "SELECT pg_get_functiondef('door_private.flush_log(pg_lsn)'::regprocedure)"
    ).fetchone()
    assert row is not None
    definition = str(row[0]).replace("current_setting('server_version_num')", f"'{version}'")
    connection.execute(definition.replace("pg_sleep(0.01)", "nextval('public.naps')").encode())


def test_a_server_that_can_be_asked_to_flush_writes_little_for_it(moment: psycopg.Connection) -> None:
    made_for(moment, "170000")
    flush = "SELECT door_private.flush_log(pg_current_wal_insert_lsn())"
    assert 0 < least_written(moment, lambda: moment.execute(flush)) < PAGE
    with refused_with("KL030"):
        moment.execute("SELECT door_private.flush_log(%s)", [FAR])


def test_one_that_cannot_is_given_a_full_page_and_100_naps_to_flush_it(moment: psycopg.Connection) -> None:
    made_for(moment, "160011")
    naps = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM public.naps"
    reached = "SELECT door_private.flush_log(pg_current_wal_flush_lsn())"
    assert least_written(moment, lambda: moment.execute(reached)) >= PAGE
    assert moment.execute(naps).fetchone() == (0,)
    with pytest.raises(psycopg.Error) as raised, moment.transaction():
        moment.execute("SELECT door_private.flush_log(%s)", [FAR])
    assert raised.value.sqlstate == "KL030"
    assert moment.execute(naps).fetchone() == (100,)
