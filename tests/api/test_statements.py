"""What an inquiry asks the database: the same few statements every time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from kelmu.core import clock
from kelmu.identity.machine import clients
from tests.api.calling import System
from tests.world import World


def test_a_connection_soon_parses_nothing_any_more(world: World, system: System) -> None:
    token = system.token()
    for _ in range(6):
        assert system.inquire(world.person(), token).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = {row[0].split("(")[0].split(".")[-1] for row in cursor.fetchall()}
    assert prepared >= {"begin_machine_acting", "open_inquiry", "read_outcome", "read_dossier"}


def test_whose_a_token_is_is_asked_once_a_minute(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = clients.client_of_token

    def noted(token: str) -> clients.MachineClient | None:
        asked.append(token)
        return ask(token)

    monkeypatch.setattr(clients, "client_of_token", noted)
    token, now = system.token(), clock.now()
    for seconds, times in ((0, 1), (59, 1), (60, 2), (61, 2), (30, 3)):
        with clock.stopped(now + timedelta(seconds=seconds)):
            known = clients.remembered_client(token)
        assert known is not None
        assert known.client_id == system.client_id
        assert asked == [token] * times
    with clock.stopped(now + timedelta(seconds=90)):
        assert [clients.remembered_client("A" * 43) for _ in range(2)] == [None, None]
    assert asked[3:] == ["A" * 43] * 2
    assert token not in clients._remembered
