"""Signing in and out: the steps between the browser, the provider and the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kelmu.core import clock
from kelmu.identity import doors
from kelmu.identity.browser import BrowserSession, Official
from kelmu.identity.configuration import Identity
from kelmu.identity.oidc.attempts import Attempt
from kelmu.identity.oidc.errors import SignInError, SignInFault
from kelmu.identity.oidc.flow import identify
from kelmu.identity.oidc.request import authorization_address
from kelmu.identity.pseudonym import official_pseudonym


def begin_sign_in(config: Identity, browser: BrowserSession, return_path: str, language: str) -> str:
    """Begin a sign-in in this browser; the address at the provider to send it to.

    Raises:
        SignInError: ``PROVIDER_DOWN``; it is in the log.
    """
    attempt = Attempt.begin(return_path, clock.now())
    try:
        address = authorization_address(config.party, attempt, language)
    except SignInError as error:
        doors.log_sign_in(None, "sign_in_failed", error.fault)
        raise
    browser.add_attempt(attempt)
    browser.save()
    return address


def finish_sign_in(config: Identity, browser: BrowserSession, answer: Mapping[str, str]) -> str:
    """Take the provider's answer; where the official wanted to go.

    Whoever was signed in in this browser before is signed out first, and the session gets a new id.

    Raises:
        SignInError: any fault; it is in the log, and nobody new is signed in.
    """
    now = clock.now()
    try:
        attempt = _attempt(browser, answer, now)
        found = identify(config.party, config.http, answer, attempt, now)
    except SignInError as error:
        doors.log_sign_in(None, "sign_in_failed", error.fault)
        raise
    leave(config, browser, "signed_out")
    person = found.person
    official = Official(
        personal_id=person.personal_id,
        display_name=person.display_name,
        pseudonym=official_pseudonym(person.personal_id, config.pseudonym_key),
        level=found.level,
        signed_in_at=now,
    )
    doors.log_sign_in(official.pseudonym, "signed_in", found.level)
    browser.sign_in(official)
    browser.renew()
    return attempt.return_path


def _attempt(browser: BrowserSession, answer: Mapping[str, str], now: datetime) -> Attempt:
    attempt = browser.take_attempt(answer.get("state", ""), now)
    if attempt is None:
        raise SignInError(SignInFault.UNKNOWN_STATE, "no such sign-in in this browser")
    browser.save()
    return attempt


def sign_out(config: Identity, browser: BrowserSession, reason: str = "signed_out") -> None:
    """End everything: the acting session with its clients, the mandate session, the browser's session.

    ``reason`` is ``signed_out`` or ``expired``.
    """
    leave(config, browser, reason)
    browser.clear()


def leave(config: Identity, browser: BrowserSession, reason: str) -> None:
    """End what the official of this browser has open, and log that she is signed out; nobody: nothing."""
    official = browser.official
    if official is None:
        return
    if browser.acting_secret:
        doors.end_acting(browser.acting_secret, reason)
    live = browser.live_mandates
    if live:
        config.mandates.unregister(live.session_id)
    doors.log_sign_in(official.pseudonym, "signed_out", reason)
