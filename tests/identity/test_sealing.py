"""What the browser's session keeps: closed to the database, bound to one session, whole or nothing."""

from __future__ import annotations

import base64
import os

import pytest
from django.contrib.sessions.backends.db import SessionStore
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core import clock
from kelmu.core.personal_id import PersonalId
from kelmu.identity.browser import BrowserSession, Official
from kelmu.identity.oidc.attempts import Attempt
from kelmu.identity.pseudonym import official_pseudonym
from kelmu.identity.sealing import BrokenSealError, seal, unseal
from tests.databases import Database

KEY = bytes(range(32))
CODE = "120385-914K"
OFFICIAL = Official(PersonalId.parse(CODE), "Aino Korhonen", "0" * 64, "loa", clock.now())

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=4), st.text(alphabet="abcdef0123456789", max_size=40))
def test_what_is_sealed_opens_as_it_was(content: dict[str, object], context: str) -> None:
    assert unseal(seal(content, KEY, context), KEY, context) == content


@given(st.integers(min_value=0), st.integers(1, 255))
def test_any_changed_byte_breaks_the_seal(place: int, change: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal({"a": "b"}, KEY, "s")))
    raw[place % len(raw)] ^= change
    with pytest.raises(BrokenSealError):
        unseal(base64.urlsafe_b64encode(bytes(raw)).decode(), KEY, "s")


@given(st.text(max_size=60))
def test_anything_else_does_not_open(text: str) -> None:
    with pytest.raises(BrokenSealError):
        unseal(text, KEY, "s")


def test_another_key_or_another_session_does_not_open_it() -> None:
    sealed = seal({"a": "b"}, KEY, "one")
    for key, context in ((os.urandom(32), "one"), (KEY, "other")):
        with pytest.raises(BrokenSealError):
            unseal(sealed, key, context)


def test_two_seals_of_the_same_differ() -> None:
    assert seal({"a": 1}, KEY, "s") != seal({"a": 1}, KEY, "s")


@pytest.fixture
def session(database: Database) -> SessionStore:
    made = SessionStore()
    made.create()
    return made


def test_the_session_row_tells_nothing_of_the_official(database: Database, session: SessionStore) -> None:
    browser = BrowserSession(session, KEY)
    browser.sign_in(OFFICIAL)
    browser.acting_secret = "a" * 64
    browser.save()
    session.save()
    [(stored,)] = database.run(
        "SELECT session_data FROM django_session WHERE session_key = %s", session.session_key
    )
    plain = str(SessionStore().decode(str(stored)))
    for hidden in (CODE, "Korhonen", "a" * 64, "0" * 64):
        assert hidden not in plain
    assert BrowserSession(session, KEY).official == OFFICIAL


def test_a_sealed_text_carried_to_another_session_is_nobody_s(session: SessionStore) -> None:
    browser = BrowserSession(session, KEY)
    browser.sign_in(OFFICIAL)
    browser.save()
    other = SessionStore()
    other.create()
    other["kelmu"] = session["kelmu"]
    assert BrowserSession(other, KEY).official is None


def test_a_new_session_id_keeps_the_content_and_the_old_one_dies(session: SessionStore) -> None:
    browser = BrowserSession(session, KEY)
    browser.sign_in(OFFICIAL)
    browser.save()
    session.save()
    former = session.session_key
    browser.renew()
    session.save()
    assert session.session_key != former
    assert BrowserSession(SessionStore(session.session_key), KEY).official == OFFICIAL
    assert not SessionStore().exists(str(former))


def test_signing_in_leaves_nothing_of_the_former_official(session: SessionStore) -> None:
    session["something"] = "of the former official"
    browser = BrowserSession(session, KEY)
    browser.acting_secret = "b" * 64
    attempt = Attempt.begin("/", clock.now())
    browser.add_attempt(attempt)
    browser.sign_in(OFFICIAL)
    browser.renew()
    assert browser.acting_secret is None
    assert "something" not in session
    assert browser.take_attempt(attempt.state, clock.now()) == attempt, "other tabs' sign-ins go on"


def test_a_pseudonym_depends_on_the_key_and_tells_nothing() -> None:
    code = PersonalId.parse(CODE)
    one = official_pseudonym(code, KEY)
    assert one == official_pseudonym(code, KEY)
    assert len(one) == 64
    assert one != official_pseudonym(code, bytes(32))
    with pytest.raises(ValueError, match="32 bytes"):
        official_pseudonym(code, b"short")
