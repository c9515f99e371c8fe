"""No door reads a table about persons from end to end, whatever is asked and however often."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import pytest

from tests.databases import Database
from tests.door import claim_calls, list_calls, many, notice_calls
from tests.door.looking import Desk
from tests.world import ALL_GROUPS, World, pseudonym_of

GROUPS = list(ALL_GROUPS)
REASON = "a reason long enough"
# PL/pgSQL may change to a plan for all values after five runs.
RUNS = 7
UNKNOWN = "010100-999A"
SCANS = """
    SELECT schemaname || '.' || relname, coalesce(seq_scan, 0) FROM pg_stat_xact_all_tables
    WHERE schemaname = ANY (%s) AND relname <> ALL (%s)
"""
MUCH = """
    SELECT p.personal_id FROM register.person p
    WHERE EXISTS (SELECT FROM register.residence r WHERE r.person_id = p.person_id
            AND r.municipality_code = '837' AND r.valid_to IS NULL)
        AND p.death_date IS NULL AND p.birth_date BETWEEN '1960-01-01' AND '2000-01-01'
        AND NOT EXISTS (SELECT FROM register.non_disclosure_order n WHERE n.person_id = p.person_id)
    ORDER BY (SELECT count(*) FROM register.payment y WHERE y.person_id = p.person_id) DESC, 1
    LIMIT 1
"""
"""A client of Tampere who has been paid more than others."""


class Watched:
    """A desk whose doors are called by the superuser, who alone sees the counters."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.official = world.person(lives_in="091")
        self.body = world.body(channels=("web", "api"))
        [(code,)] = world.database.run(MUCH)
        self.client = str(code)
        [(code,)] = world.database.run("SELECT personal_id FROM register.former_personal_id LIMIT 1")
        self.former = str(code)
        self.connection = world.database.connect("kelmu_admin", autocommit=False)
        self.desk = Desk(self.connection, self.begin())

    def begin(self) -> str:
        return self.world.begin(self.body, self.official)

    def committed(self, code: str, **how: Any) -> tuple[uuid.UUID, str]:
        opened = self.desk.open(code, groups=GROUPS, **how)
        self.connection.commit()
        return opened

    def scans(self) -> dict[str, int]:
        self.connection.execute("SELECT pg_stat_clear_snapshot()")
        return dict(self.connection.execute(SCANS, [many.SCHEMAS, many.NOBODYS]).fetchall())

    def scanned(self, call: Callable[[], object]) -> set[str]:
        """The tables read from end to end by a call."""
        before = self.scans()
        call()
        return {table for table, count in self.scans().items() if count > before.get(table, 0)}


@pytest.fixture(scope="module")
def watched(clean_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    many.load_register(clean_database, tmp_path_factory.mktemp("feed"), persons=2_000)
    World(clean_database).lift_limits()
    clean_database.run(
        "INSERT INTO inquiry.official_lock (official_pseudonym) VALUES (encode(sha256('x'), 'hex'))"
    )
    watched = Watched(World(clean_database))
    for prepare in (_end, _view, _reason, _read, _outcome, _difference, _recent, _keep):
        for _ in range(3):
            prepare(watched)()
            watched.connection.commit()
    many.multiply(clean_database)
    yield watched
    watched.connection.close()


def _reason(watched: Watched) -> Callable[[], object]:
    inquiry_id, _ = watched.committed(UNKNOWN)
    return lambda: watched.desk.reason(inquiry_id, REASON)


def _read(watched: Watched) -> Callable[[], object]:
    _, ticket = watched.committed(watched.client)
    return lambda: watched.desk.read(ticket)


def _changes(watched: Watched) -> Callable[[], object]:
    _, ticket = watched.desk.open(watched.client, groups=[*GROUPS, "changes"])
    watched.connection.commit()
    return lambda: watched.desk.read(ticket)


def _outcome(watched: Watched) -> Callable[[], object]:
    _, ticket = watched.committed(watched.client)
    return lambda: watched.desk.outcome(ticket)


def _view(watched: Watched) -> Callable[[], object]:
    inquiry_id, _ = watched.committed(watched.client)
    return lambda: watched.desk.view(inquiry_id, GROUPS)


def _difference(watched: Watched) -> Callable[[], object]:
    _, ticket = watched.committed(watched.client)
    return lambda: watched.desk.call(
        "SELECT door.report_difference(%s, %s, 'given', 'given')", watched.desk.secret, ticket
    )


def _recent(watched: Watched) -> Callable[[], object]:
    _read(watched)()
    watched.connection.commit()
    return lambda: watched.desk.call("SELECT door.recent_inquiries(%s)", watched.desk.secret)


def _draft(watched: Watched, call: LiteralString) -> Callable[[], object]:
    inquiry_id, _ = watched.committed(UNKNOWN)
    key = bytes(32)
    keep = "SELECT door.keep_draft(%s, 'reason', %s, %s, 'sealed')"
    watched.desk.call(keep, watched.desk.secret, inquiry_id, key)
    return lambda: watched.desk.call(
        call, watched.desk.secret, inquiry_id, *([key] if "mark" in call else [])
    )


def _keep(watched: Watched) -> Callable[[], object]:
    return _draft(watched, "SELECT door.keep_draft(%s, 'reason', %s, mark_key => %s, sealed => 'sealed')")


def _offer(watched: Watched) -> Callable[[], object]:
    return _draft(watched, "SELECT * FROM door.draft(%s, 'reason', %s, mark_key => %s)")


def _forget(watched: Watched) -> Callable[[], object]:
    return _draft(watched, "SELECT door.forget_draft(%s, 'reason', %s)")


def _begin(watched: Watched) -> Callable[[], object]:
    code, body = watched.official.personal_id, watched.body
    return lambda: watched.desk.call(
        "SELECT * FROM door.begin_acting(%s, %s, %s, %s, '{}', '{}', %s, sha256('roles'), 'web')",
        code, pseudonym_of(code), body.organisation_id, body.agreement_id, uuid.uuid4(),
    )  # fmt: skip


def _token(watched: Watched) -> str:
    """A token of a client of the machine interface."""
    watched.world.database.run(
        "INSERT INTO organisations.api_client (client_id, agreement_id, name, valid_from) "
        "VALUES ('plans', %s, 'Plans', '2020-01-01') ON CONFLICT DO NOTHING", watched.body.agreement_id,
        role="kelmu_owner",
    )  # fmt: skip
    token = uuid.uuid4().hex
    watched.desk.call("SELECT door.issue_api_token('plans', sha256(%s))", token.encode())
    return token


def _machine(watched: Watched) -> Callable[[], object]:
    token, code = _token(watched), watched.official.personal_id
    return lambda: watched.desk.call(
        "SELECT * FROM door.begin_machine_acting(%s, %s, 'clerk-1', %s)", token, pseudonym_of(code), code
    )


def _client(watched: Watched) -> Callable[[], object]:
    token = _token(watched)
    return lambda: watched.desk.call("SELECT door.api_client(%s)", token)


def _assertion(watched: Watched) -> Callable[[], object]:
    _token(watched)
    return lambda: watched.desk.call(
        "SELECT door.use_api_assertion('plans', sha256(%s), now() + interval '1 minute')", uuid.uuid4().bytes
    )


def _end(watched: Watched) -> Callable[[], object]:
    secret = watched.begin()
    return lambda: watched.desk.call("SELECT door.end_acting(%s, 'signed_out')", secret)


def _refresh(watched: Watched) -> Callable[[], object]:
    return lambda: watched.desk.call(
        "SELECT door.refresh_acting(%s, %s, '{}', %s, sha256('roles'))",
        watched.desk.secret, ["benefit_view_and_claims"], uuid.uuid4(),
    )  # fmt: skip


CALLS: dict[str, Callable[[Watched], Callable[[], object]]] = {
    "begin_acting": _begin,
    "refresh_acting": _refresh,
    "acting": lambda w: lambda: w.desk.call("SELECT door.acting(%s)", w.desk.secret),
    "log_refusal": lambda w: (
        lambda: w.desk.call(
            "SELECT door.log_refusal(%s, 'inquire', NULL, 'missing_mandate', '{}')", w.desk.secret
        )
    ),
    "log_access_refusal": lambda w: (
        lambda: w.desk.call("SELECT door.log_access_refusal(NULL, NULL, 'no_organisation', NULL)")
    ),
    "log_sign_in": lambda w: lambda: w.desk.call("SELECT door.log_sign_in(NULL, 'signed_in', NULL)"),
    "open_inquiry": lambda w: lambda: w.desk.open(w.client, groups=GROUPS),
    "open_inquiry, a reason": lambda w: lambda: w.desk.open(w.client, groups=GROUPS, reason=REASON),
    "open_inquiry, unknown": lambda w: lambda: w.desk.open(UNKNOWN, groups=GROUPS),
    "open_inquiry, former": lambda w: lambda: w.desk.open(w.former, groups=GROUPS),
    "open_inquiry, not allowed": lambda w: (
        lambda: w.desk.open(w.client, groups=GROUPS, purpose="client_fees")
    ),
    "open_view": _view,
    "give_reason": _reason,
    "read_outcome": _outcome,
    "read_dossier": _read,
    "read_dossier, changes": _changes,
    "recent_inquiries": _recent,
    "report_difference": _difference,
    "held_for": lambda w: lambda: w.desk.call("SELECT door.held_for(%s)", w.desk.secret),
    "begin_machine_acting": _machine,
    "issue_api_token": lambda w: lambda: _token(w),
    "api_client": _client,
    "use_api_assertion": _assertion,
    "keep_draft": _keep,
    "draft": _offer,
    "forget_draft": _forget,
    "end_acting": _end,
    **notice_calls.CALLS,
    **list_calls.CALLS,
    **claim_calls.CALLS,
}


@pytest.mark.parametrize("name", CALLS)
def test_no_door_reads_a_table_about_persons_from_end_to_end(watched: Watched, name: str) -> None:
    for _ in range(RUNS):
        call = CALLS[name](watched)
        assert watched.scanned(call) == set()
        watched.connection.commit()


def test_every_door_is_watched(watched: Watched) -> None:
    # Those of the worker alone read much at a time; their own tests watch them.
    rows = watched.world.database.run(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'door'::regnamespace"
        " AND has_function_privilege('kelmu_web', oid, 'EXECUTE')"
    )
    assert {str(name) for (name,) in rows} == {name.partition(",")[0] for name in CALLS}


def test_the_watch_sees_a_table_read_from_end_to_end(watched: Watched) -> None:
    """Without this, the counters could be blind and nobody would know."""
    query = "SELECT count(*) FROM register.person WHERE phone = %s"
    assert watched.scanned(lambda: watched.desk.call(query, "0")) == {"register.person"}
    watched.connection.rollback()
