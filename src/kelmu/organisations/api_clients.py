"""Clients of the machine interface: whose systems they are, and the public keys they sign with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from django.db import connection as django_connection

from kelmu.organisations.agreement_file import ApiClientEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClient:
    """A client valid on the day it was asked for, with the keys (JWK) valid then."""

    client_id: str
    keys: tuple[Mapping[str, Any], ...]


def api_client(client_id: str, *, day: date) -> ApiClient | None:
    """The client of that id if it is valid on ``day`` (inclusive), else None."""
    with django_connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.client_id, (SELECT coalesce(jsonb_agg(k.jwk ORDER BY k.key_id), '[]')"
            " FROM organisations.api_client_key k WHERE k.client_id = c.client_id"
            " AND k.valid_from <= %s AND (k.valid_to IS NULL OR k.valid_to >= %s))::text"
            " FROM organisations.api_client c WHERE c.client_id = %s"
            " AND c.valid_from <= %s AND (c.valid_to IS NULL OR c.valid_to >= %s)",
            [day, day, client_id, day, day],
        )
        row = cursor.fetchone()
    return None if row is None else ApiClient(client_id=row[0], keys=tuple(json.loads(row[1])))


def load_api_client(connection: psycopg.Connection, client: ApiClientEntry, agreement_id: int) -> None:
    """Make a client and its keys those of the file.

    Args:
        connection: as ``kelmu_owner``, in the file's transaction.
        client: the file's entry.
        agreement_id: the agreement it stands under.

    Raises:
        psycopg.errors.IntegrityError: the database refuses the entry.
    """
    connection.execute(
        "INSERT INTO organisations.api_client (client_id, agreement_id, name, valid_from, valid_to)"
        " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (client_id) DO UPDATE SET"
        " agreement_id = excluded.agreement_id, name = excluded.name, valid_from = excluded.valid_from,"
        " valid_to = excluded.valid_to",
        [client.client_id, agreement_id, client.name, client.valid_from, client.valid_to],
    )
    connection.execute("DELETE FROM organisations.api_client_key WHERE client_id = %s", [client.client_id])
    for key in client.keys:
        connection.execute(
            "INSERT INTO organisations.api_client_key (client_id, key_id, jwk, valid_from, valid_to)"
            " VALUES (%s, %s, %s, %s, %s)",
            [client.client_id, key.jwk["kid"], json.dumps(dict(key.jwk)), key.valid_from, key.valid_to],
        )
