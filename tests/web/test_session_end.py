"""The end of a session: idle time counts from the last request, and nothing outlasts the longest time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore

from kelmu.core.personal_id import PersonalId
from kelmu.identity.browser import BrowserSession, Official
from kelmu.identity.configuration import Identity, identity
from kelmu.identity.presence import SessionEnd, session_end

SIGNED_IN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=10)


@pytest.fixture
def config() -> Identity:
    return replace(identity(), idle=IDLE, absolute=LONGEST)


def browser_of(config: Identity, seen_at: datetime) -> BrowserSession:
    browser = BrowserSession(SessionStore(), config.seal_key)
    code = PersonalId.parse("190784-996P")
    browser.sign_in(Official(code, "Ebba Sjöberg", "f" * 64, "loatest3", SIGNED_IN))
    browser.see(seen_at)
    return browser


@pytest.mark.parametrize(
    ("seen_after", "ends_after", "final"),
    [
        (timedelta(0), IDLE, False),
        (timedelta(hours=1), timedelta(hours=1) + IDLE, False),
        (LONGEST - IDLE - timedelta(seconds=1), LONGEST - timedelta(seconds=1), False),
        (LONGEST - IDLE, LONGEST, True),
        (LONGEST - timedelta(minutes=1), LONGEST, True),
    ],
)
def test_the_earlier_of_idle_and_longest_time_ends_the_session(
    config: Identity, seen_after: timedelta, ends_after: timedelta, final: bool
) -> None:
    browser = browser_of(config, SIGNED_IN + seen_after)
    assert session_end(config, browser) == SessionEnd(SIGNED_IN + ends_after, final)


def test_where_nobody_is_signed_in_nothing_ends(config: Identity) -> None:
    assert session_end(config, BrowserSession(SessionStore(), config.seal_key)) is None
