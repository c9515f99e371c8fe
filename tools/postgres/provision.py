"""Roles and databases on a server where we hold a superuser: demo, development and tests."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

import psycopg
from psycopg import sql

from tools.postgres.configuration import LOGIN_ROLES


def _script(name: str) -> bytes:
    return (files("kelmu.config") / "sql" / name).read_bytes()


def provision_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Make Kelmu's roles and give the login roles their passwords."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(_script("roles.sql"))
        for role in LOGIN_ROLES:
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(passwords[role])
                )
            )


def database_exists(admin_url: str, name: str) -> bool:
    """Whether a database of that name exists."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        row = connection.execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", [name]).fetchone()
    return row is not None


def create_database(admin_url: str, name: str, template: str | None = None) -> None:
    """Make a database owned by ``kelmu_owner``, closed to everybody but Kelmu's roles."""
    database = sql.Identifier(name)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER kelmu_owner TEMPLATE {}").format(
                database, sql.Identifier(template or "template0")
            )
        )
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        for role in LOGIN_ROLES:
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role))
            )
    if template is None:
        with psycopg.connect(
            psycopg.conninfo.make_conninfo(admin_url, dbname=name), autocommit=True
        ) as inside:
            inside.execute(_script("database.sql"))


def drop_database(admin_url: str, name: str) -> None:
    """Drop a database, ending connections to it."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
