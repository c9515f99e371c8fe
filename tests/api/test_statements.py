"""What an inquiry asks the database: the same few statements every time."""

from __future__ import annotations

from django.db import connection

from tests.api.calling import System
from tests.world import World


def test_a_connection_soon_parses_nothing_any_more(world: World, system: System) -> None:
    token = system.token()
    for _ in range(6):
        assert system.inquire(world.person(), token).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = {row[0].split("(")[0].split(".")[-1] for row in cursor.fetchall()}
    assert prepared >= {"api_client", "begin_machine_acting", "open_inquiry", "read_outcome", "read_dossier"}
