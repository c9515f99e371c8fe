"""The summary page as an official's browser asks for it."""

from __future__ import annotations

import json
from pathlib import Path

import django
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from bench.desk import PURPOSE, Desk, begin_acting
from bench.http_load import request_bytes
from kelmu.core import clock
from kelmu.core.personal_id import PersonalId
from kelmu.identity.browser import BrowserSession, Official
from tests.databases import point_django_at

_GROUPS = ["decisions", "payments", "pending"]


def requests(desk: Desk) -> list[bytes]:
    """A request for the summary page of each client, in a signed-in official's session."""
    django.setup()
    point_django_at(desk.database)
    secret = begin_acting(desk.database)
    cookie = f"{settings.SESSION_COOKIE_NAME}={_session(desk, secret)}"
    paths = []
    for code in desk.codes:
        [(inquiry_id,)] = desk.database.run(
            "SELECT inquiry_id"
            " FROM door.open_inquiry(%s, %s, 'bench', 'Measured for the record', true, %s, %s)",
            secret, PURPOSE, code, _GROUPS, role="kelmu_web",
        )  # fmt: skip
        if inquiry_id is not None:
            paths.append(f"/clients/{inquiry_id}/")
    return [request_bytes("GET", path, {"Cookie": cookie}) for path in paths]


def _session(desk: Desk, secret: str) -> str:
    store = SessionStore()
    store.create()
    browser = BrowserSession(store, bytes.fromhex(settings.KELMU.session_seal_key.get_secret_value()))
    browser.sign_in(
        Official(
            personal_id=PersonalId.parse(desk.codes[-1]),
            display_name="Mittaaja",
            pseudonym="0" * 64,
            level="loatest3",
            signed_in_at=clock.now(),
        )
    )
    browser.acting_secret = secret
    browser.save()
    return str(store.session_key)


def server_times(log: Path, route: str) -> list[float]:
    """The milliseconds the server took for each request of a route, from its log."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if f'"{route}"' in line]
    return [float(line["duration_ms"]) for line in lines if line["status"] == 200]
