"""Who is here now: the official of a browser, and the acting session with mandates read in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kelmu.core import clock
from kelmu.identity import doors
from kelmu.identity.acting import ActingSession
from kelmu.identity.browser import BrowserSession, Official
from kelmu.identity.configuration import Identity
from kelmu.identity.mandates.errors import MandateError, MandateFault
from kelmu.identity.selecting import continue_acting
from kelmu.identity.signing_in import sign_out

_NOTED_EVERY = timedelta(minutes=1)


class SessionOverError(Exception):
    """The official's session has just been ended; ``reason`` is ``idle`` or ``ended`` (too long in all)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def present_official(
    config: Identity,
    browser: BrowserSession,
    *,
    noted: bool = True,
    before_end: Callable[[], None] = lambda: None,
) -> Official | None:
    """The official signed in, if her session still counts.

    Args:
        config: the service's.
        browser: the browser she uses.
        noted: whether the request shows that she is there, and so puts off the end.
        before_end: done while an over session is still known, before it is ended.

    Raises:
        SessionOverError: it had been idle, or on, for too long; it has been ended.
    """
    official = browser.official
    if official is None:
        return None
    now = clock.now()
    seen_at = browser.seen_at or official.signed_in_at
    over = "ended" if now - official.signed_in_at >= config.absolute else None
    over = over or ("idle" if now - seen_at >= config.idle else None)
    if over:
        before_end()
        sign_out(config, browser, "expired")
        raise SessionOverError(over)
    if noted and now - seen_at >= _NOTED_EVERY:
        browser.see(now)
        browser.save()
    return official


@dataclass(frozen=True)
class SessionEnd:
    """When the session ends, if nothing more is heard of the official (aware).

    ``final``: it ends then however much she uses it, because it has been on for its longest time.
    """

    at: datetime
    final: bool


def session_end(config: Identity, browser: BrowserSession) -> SessionEnd | None:
    """The end of the session that is on; None when nobody is signed in."""
    official = browser.official
    if official is None:
        return None
    idle = (browser.seen_at or official.signed_in_at) + config.idle
    longest = official.signed_in_at + config.absolute
    return SessionEnd(min(idle, longest), final=longest <= idle)


def known_acting(browser: BrowserSession) -> ActingSession | None:
    """The acting session as the door tells it, however old its mandates are; None when there is none."""
    secret = browser.acting_secret
    found = doors.acting(secret) if secret else None
    if secret and found is None:
        browser.acting_secret = None
        browser.save()
    return found[0] if found else None


def current_acting(config: Identity, browser: BrowserSession) -> ActingSession | None:
    """The acting session with mandates read in time, reading them again if need be; None when there is none.

    Raises:
        MandateError: ``EXPIRED`` when only a new selection helps; ``INCOMPLETE``, ``DOWN`` or
            ``REFUSED`` when nothing can be known now. Nothing about a client may be shown in either case.
    """
    session = known_acting(browser)
    if session is None or clock.now() - session.refreshed_at < config.refresh_after:
        return session
    try:
        going_on = _read_again(config, browser, session)
    except MandateError as error:
        official = browser.official
        if official and error.fault is not MandateFault.EXPIRED:
            cause = f"mandates_{error.fault}"
            doors.log_access_refusal(official.pseudonym, session.organisation.business_id, cause, None)
        raise
    return known_acting(browser) if going_on else None


def _read_again(config: Identity, browser: BrowserSession, session: ActingSession) -> bool:
    live = browser.live_mandates
    if live is None:
        raise MandateError(MandateFault.EXPIRED, "no mandate session")
    read, again = live.read(config.mandates)
    if again != live:
        browser.live_mandates = again
        browser.save()
    return continue_acting(browser, session.secret, session.organisation.business_id, read)
