"""What each role can and cannot do in the database, tried as that role."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.databases import Database
from tests.door.looking import Desk
from tests.world import Somebody, World
from tools.postgres.server import LOGIN_ROLES

SNAPSHOT = Path(__file__).with_name("catalog.txt")
OTHERS = [role for role in LOGIN_ROLES if role != "kelmu_owner"]
SECRET_SCHEMAS = (
    "register", "feed", "audit", "inquiry", "identity", "policy", "notices", "lists", "claims",
)  # fmt: skip
# What a login role may read there; everything else is refused.
READABLE = {
    "kelmu_feed": {"register", "feed"},
    "kelmu_auditor": {"audit"},
}
WORKERS_DOORS = {
    "door.pick_notices", "door.claim_answer", "door.settle_answer", "door.stuck_answers",
    "door.retry_answers", "door.worker_figures", "door.run_list",
}  # fmt: skip
DENIED = (psycopg.errors.InsufficientPrivilege,)


def tables(database: Database, schemas: tuple[str, ...]) -> list[str]:
    rows = database.run(
        "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname = ANY (%s) ORDER BY 1",
        list(schemas),
    )
    return [str(name) for (name,) in rows]


def attempt(database: Database, role: str, statement: str, *values: Any) -> type[Exception] | None:
    with database.connect(role) as connection:
        try:
            connection.execute(statement.encode(), values)
        except psycopg.Error as error:
            return type(error)
    return None


@pytest.mark.parametrize("role", OTHERS)
def test_no_login_role_reads_what_only_doors_may(database: Database, role: str) -> None:
    readable = [
        name
        for name in tables(database, SECRET_SCHEMAS)
        if attempt(database, role, f"SELECT 1 FROM {name} LIMIT 1") is None
    ]
    assert {name.split(".")[0] for name in readable} == READABLE.get(role, set())


@pytest.mark.parametrize("role", OTHERS)
def test_no_login_role_writes_the_log_the_sessions_or_the_tickets(database: Database, role: str) -> None:
    for name in tables(
        database, ("audit", "inquiry", "identity", "policy", "organisations", "notices", "lists", "claims")
    ):
        for statement in (f"INSERT INTO {name} DEFAULT VALUES", f"DELETE FROM {name}", f"TRUNCATE {name}"):
            assert attempt(database, role, statement) in DENIED, (role, statement)


def test_the_feed_neither_changes_nor_removes_history(database: Database) -> None:
    for statement in (
        "UPDATE register.payment SET net = 1",
        "UPDATE register.decision SET amount = 1",
        "UPDATE register.residence SET municipality_code = '837'",
        "DELETE FROM register.payment",
        "DELETE FROM register.person",
        "TRUNCATE register.matter",
    ):
        assert attempt(database, "kelmu_feed", statement) in DENIED, statement


@pytest.mark.parametrize(
    ("table", "column"), [("audit.entry", "detail"), ("audit.entry_mention", "person_id")]
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("role", ["kelmu_owner", "kelmu_admin"])
def test_not_even_the_owner_changes_the_log_in_passing(
    desk: Desk, client: Somebody, world: World, table: str, column: str, statement: str, role: str
) -> None:
    world.payment(client, payee_kind="spouse", payee_person_id=world.person().person_id)
    _, ticket = desk.open(client.personal_id)
    desk.read(ticket)
    text = statement.format(table, column, column)
    with world.database.connect(role) as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute(text.encode())
    assert raised.value.sqlstate == "KL090"


def test_each_function_answers_only_to_its_roles(database: Database) -> None:
    functions = database.run(
        "SELECT p.oid::regprocedure::text, n.nspname, p.pronargs FROM pg_proc p "
        "JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname IN ('door', 'door_private', 'audit', 'policy') "
        "AND p.prorettype <> 'trigger'::regtype"
    )
    assert len(functions) > 20
    for name, schema, arguments in functions:
        base = re.sub(r"\(.*", "", str(name))
        nulls = ", ".join(["NULL"] * int(str(arguments)))
        for role in OTHERS:
            error = attempt(database, role, f"SELECT {base}({nulls})")
            if schema == "door" and role == ("kelmu_worker" if base in WORKERS_DOORS else "kelmu_web"):
                assert error not in DENIED, (name, role)
            else:
                assert error is not None, (name, role)
                assert issubclass(error, (*DENIED, psycopg.errors.UndefinedFunction)), (name, role, error)


def test_a_temporary_table_cannot_stand_in_for_a_real_one(database: Database) -> None:
    for role in OTHERS:
        assert attempt(database, role, "CREATE TEMPORARY TABLE entry (x int)") in DENIED, role
        assert attempt(database, role, "CREATE TABLE public.entry (x int)") in DENIED, role
        assert attempt(database, role, "CREATE SCHEMA mine") in DENIED, role


def test_a_hostile_search_path_changes_nothing(desk: Desk, client: Somebody) -> None:
    desk.connection.execute("SET search_path = public, pg_temp, pg_catalog")
    _, ticket = desk.open(client.personal_id)
    assert desk.read(ticket) is not None


def test_doors_are_owned_fixed_and_free_of_dynamic_sql(database: Database) -> None:
    rows = database.run(
        "SELECT p.oid::regprocedure::text, n.nspname, pg_get_userbyid(p.proowner), p.prosecdef, p.proconfig, "
        "p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname IN ('door', 'door_private')"
    )
    for name, schema, owner, definer, configuration, source in rows:
        assert owner == "kelmu_door", name
        assert definer is (schema == "door"), name
        assert configuration == ["search_path=pg_catalog, pg_temp"], name
        assert not re.search(r"\bEXECUTE\b", str(source)), name


def test_nobody_but_monitoring_sees_the_counters(desk: Desk) -> None:
    for query in (
        "SELECT * FROM pg_stat_xact_all_tables",
        "SELECT * FROM pg_stat_all_tables",
        "SELECT * FROM pg_statio_all_tables",
        "SELECT * FROM pg_stat_wal",
        "SELECT pg_current_wal_insert_lsn()",
        "SELECT pg_logical_emit_message(false, 'x', 'y')",
        "SELECT pg_relation_size('audit.entry'::regclass)",
        "SELECT * FROM pg_locks",
    ):
        with pytest.raises(psycopg.Error) as raised:
            desk.connection.execute(query.encode())
        assert raised.value.sqlstate == "42501", query


def test_monitoring_sees_counters_that_others_do_not(database: Database) -> None:
    counters = [
        "pg_stat_get_numscans(1259::oid)", "pg_current_wal_lsn()", "pg_database_size(current_database())",
    ]  # fmt: skip
    with database.connect("kelmu_monitor") as monitor:
        for counter in counters:
            assert monitor.execute(f"SELECT {counter} IS NOT NULL".encode()).fetchone() == (True,)


def test_no_login_role_but_the_owner_belongs_to_another(database: Database) -> None:
    rows = database.run(
        "SELECT m.rolname, r.rolname, a.inherit_option, a.set_option FROM pg_auth_members a "
        "JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid "
        "WHERE m.rolname LIKE 'kelmu%%' AND m.rolname <> 'kelmu_admin' ORDER BY 1"
    )
    assert rows == [("kelmu_monitor", "pg_monitor", True, False), ("kelmu_owner", "kelmu_door", False, True)]
    assert database.run("SHOW max_prepared_transactions") == [("0",)]


def test_the_catalogue_is_the_reviewed_one(database: Database) -> None:
    """Owners, grants, definers and settings; KELMU_UPDATE=1 writes the file anew, for review."""
    lines = [str(line) for (line,) in database.run(CATALOG_QUERY)]
    text = "\n".join(lines) + "\n"
    if os.environ.get("KELMU_UPDATE"):
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text()


CATALOG_QUERY = """
WITH ours AS (
    SELECT oid, nspname, nspowner, nspacl FROM pg_namespace
    WHERE nspname IN ('audit', 'door', 'door_private', 'feed', 'identity', 'inquiry', 'notices',
        'organisations', 'policy', 'public', 'register')
), grants AS (
    SELECT 'schema ' || o.nspname AS thing, o.nspowner AS owner, a.* FROM ours o
    LEFT JOIN LATERAL aclexplode(o.nspacl) a ON true
    UNION ALL
    SELECT 'table ' || c.oid::regclass, c.relowner, a.* FROM pg_class c JOIN ours o ON o.oid = c.relnamespace
    LEFT JOIN LATERAL aclexplode(c.relacl) a ON true
    WHERE c.relkind IN ('r', 'p', 'v', 'S') AND c.relname !~ '^payment_[0-9]'
    UNION ALL
    SELECT 'column ' || c.oid::regclass || '.' || t.attname, c.relowner, a.* FROM pg_attribute t
    JOIN pg_class c ON c.oid = t.attrelid JOIN ours o ON o.oid = c.relnamespace
    JOIN LATERAL aclexplode(t.attacl) a ON true
    UNION ALL
    SELECT 'function ' || p.oid::regprocedure || CASE WHEN p.prosecdef THEN ' definer' ELSE '' END
        || coalesce(' ' || array_to_string(p.proconfig, ' '), ''), p.proowner, a.*
    FROM pg_proc p JOIN ours o ON o.oid = p.pronamespace LEFT JOIN LATERAL aclexplode(p.proacl) a ON true
    UNION ALL
    SELECT 'domain ' || t.oid::regtype, t.typowner, a.* FROM pg_type t JOIN ours o ON o.oid = t.typnamespace
    LEFT JOIN LATERAL aclexplode(t.typacl) a ON true WHERE t.typtype = 'd'
    UNION ALL
    SELECT 'default ' || CASE d.defaclobjtype WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
        ELSE d.defaclobjtype::text END, d.defaclrole, a.*
    FROM pg_default_acl d LEFT JOIN LATERAL aclexplode(d.defaclacl) a ON true
), named AS (
    SELECT thing, pg_get_userbyid(owner) AS owner,
        CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END AS grantee, privilege_type
    FROM grants
)
SELECT thing || ' owner=' || owner || coalesce(
    ' ' || string_agg(grantee || '=' || privilege_type, ' ' ORDER BY grantee, privilege_type)
        FILTER (WHERE grantee <> owner), '')
FROM named GROUP BY thing, owner
UNION ALL
SELECT 'role ' || rolname || ' login=' || rolcanlogin || ' inherit=' || rolinherit || ' super=' || rolsuper
    || ' bypassrls=' || rolbypassrls || coalesce(' ' || array_to_string(rolconfig, ' '), '')
FROM pg_roles WHERE rolname LIKE 'kelmu%%' AND rolname <> 'kelmu_admin'
UNION ALL
SELECT 'member ' || m.member::regrole || ' of ' || m.roleid::regrole || ' inherit=' || m.inherit_option
    || ' set=' || m.set_option || ' admin=' || m.admin_option
FROM pg_auth_members m WHERE m.member::regrole::text LIKE 'kelmu%%' AND m.member <> 'kelmu_admin'::regrole
ORDER BY 1
"""
