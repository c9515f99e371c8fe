"""Choosing for whom to act: the steps between the browser, the mandate service and the doors."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kelmu.core import clock
from kelmu.identity import doors
from kelmu.identity.agreements import AgreementChoice
from kelmu.identity.browser import BrowserSession, Official
from kelmu.identity.configuration import Identity
from kelmu.identity.mandates.errors import MandateError, MandateFault
from kelmu.identity.mandates.live import LiveMandates
from kelmu.identity.mandates.roles import MandatesRead, OrganisationMandates

SELECTION_LIFE = timedelta(minutes=15)
_FRESH = timedelta(seconds=30)


@dataclass(frozen=True)
class Offer:
    """What the last reading of mandates gave, and where the official wanted to go."""

    read: MandatesRead
    read_at: datetime
    return_path: str

    @property
    def fresh(self) -> bool:
        """Whether it was read just now, so that acting can begin with it as it is."""
        return clock.now() - self.read_at < _FRESH


def begin_selection(
    config: Identity, browser: BrowserSession, official: Official, return_path: str, language: str
) -> str:
    """Make the official known to the mandate service; the address of its selection page.

    Raises:
        MandateError: ``DOWN`` or ``REFUSED``; it is in the log.
    """
    request_id = uuid.uuid4()
    try:
        registration = config.mandates.register(official.personal_id, request_id)
    except MandateError as error:
        doors.log_access_refusal(official.pseudonym, None, f"mandates_{error.fault}", request_id)
        raise
    state = secrets.token_urlsafe(32)
    selection = {
        "state": state,
        "session_id": registration.session_id,
        "request_id": str(request_id),
        "started_at": clock.now().isoformat(),
        "return_path": return_path,
    }
    browser.add_selection(selection)
    browser.save()
    return config.mandates.selection_address(registration, state, request_id, language)


def finish_selection(
    config: Identity, browser: BrowserSession, official: Official, answer: Mapping[str, str]
) -> Offer:
    """Take the browser's return from the selection: read the mandates and keep what can be chosen.

    Raises:
        MandateError: any fault; it is in the log, and the browser keeps acting as before.
    """
    selection = browser.take_selection(answer.get("state", ""))
    browser.save()
    request_id = UUID(selection["request_id"]) if selection else None
    try:
        offer, live = _read_first(config, selection, answer)
    except MandateError as error:
        doors.log_access_refusal(official.pseudonym, None, f"mandates_{error.fault}", request_id)
        raise
    former = browser.live_mandates
    if former and former.session_id != live.session_id:
        config.mandates.unregister(former.session_id)
    browser.live_mandates = live
    keep_offer(browser, offer)
    browser.save()
    return offer


def _read_first(
    config: Identity, selection: Mapping[str, Any] | None, answer: Mapping[str, str]
) -> tuple[Offer, LiveMandates]:
    now = clock.now()
    if selection is None or now - datetime.fromisoformat(selection["started_at"]) > SELECTION_LIFE:
        raise MandateError(MandateFault.UNKNOWN_STATE, "no such selection in this browser")
    if "error" in answer:
        cancelled = answer["error"] in {"access_denied", "cancel"}
        raise MandateError(MandateFault.CANCELLED if cancelled else MandateFault.DOWN, "an error came back")
    token = config.mandates.token(answer.get("code", ""))
    read, live = LiveMandates(selection["session_id"], token).read(config.mandates)
    return Offer(read, now, selection["return_path"]), live


def begin_acting(browser: BrowserSession, official: Official, choice: AgreementChoice, offer: Offer) -> None:
    """Act for one organisation under one agreement, with the mandates as read; the session gets a new id.

    What was acted for before is ended first, with every client opened under it.

    Raises:
        NoAgreement: the agreement has ended meanwhile.
    """
    held = offer.read.of(choice.business_id)
    assert held is not None
    if held.complete is False:
        raise MandateError(MandateFault.INCOMPLETE, "an incomplete answer gives no mandates")
    stop_acting(browser, "changed_organisation")
    secret = doors.begin_acting(
        personal_id=official.personal_id,
        pseudonym=official.pseudonym,
        organisation_id=choice.organisation_id,
        agreement_id=choice.agreement_id,
        mandates=held.own,
        representation_mandates=held.representation,
        request_id=offer.read.request_id,
        digest=offer.read.digest,
    )
    browser.acting_secret = secret
    browser.offer = None
    browser.renew()


def read_again(config: Identity, browser: BrowserSession, offer: Offer) -> Offer:
    """The offer if it is fresh, else a new reading with the live mandate session, kept.

    Raises:
        MandateError: ``EXPIRED`` when only a new selection helps, ``DOWN`` or ``REFUSED``.
    """
    if offer.fresh:
        return offer
    live = browser.live_mandates
    if live is None:
        raise MandateError(MandateFault.EXPIRED, "no mandate session")
    read, browser.live_mandates = live.read(config.mandates)
    again = Offer(read, clock.now(), offer.return_path)
    keep_offer(browser, again)
    browser.save()
    return again


def stop_acting(browser: BrowserSession, reason: str) -> None:
    """End the acting session, if there is one; see ``doors.end_acting`` for the reasons."""
    if browser.acting_secret:
        doors.end_acting(browser.acting_secret, reason)
        browser.acting_secret = None
        browser.save()


def continue_acting(browser: BrowserSession, secret: str, business_id: str, read: MandatesRead) -> bool:
    """Record a new reading for the acting session. False: it cannot go on, and has been ended.

    Raises:
        MandateError: ``INCOMPLETE``: nothing is known now, and nothing is changed.
    """
    held = read.of(business_id)
    if held is not None and not held.complete:
        raise MandateError(MandateFault.INCOMPLETE, "a source register could not be read")
    if held is None or not (held.own or held.representation):
        stop_acting(browser, "mandates_gone")
        return False
    going_on = doors.refresh_acting(
        secret=secret,
        mandates=held.own,
        representation_mandates=held.representation,
        request_id=read.request_id,
        digest=read.digest,
    )
    if not going_on:
        browser.acting_secret = None
        browser.save()
    return going_on


def keep_offer(browser: BrowserSession, offer: Offer) -> None:
    """Keep an offer in the browser's sealed session."""
    browser.offer = {
        "request_id": str(offer.read.request_id),
        "digest": offer.read.digest.hex(),
        "read_at": offer.read_at.isoformat(),
        "return_path": offer.return_path,
        "organisations": [
            {
                "business_id": o.business_id,
                "name": o.name,
                "complete": o.complete,
                "own": sorted(o.own),
                "representation": sorted(o.representation),
                "mistaken": sorted(o.mistaken),
            }
            for o in offer.read.organisations
        ],
    }


def kept_offer(browser: BrowserSession) -> Offer | None:
    """The offer the browser's session keeps."""
    kept = browser.offer
    if kept is None:
        return None
    organisations = tuple(
        OrganisationMandates(
            business_id=o["business_id"],
            name=o["name"],
            complete=o["complete"],
            own=frozenset(o["own"]),
            representation=frozenset(o["representation"]),
            mistaken=frozenset(o["mistaken"]),
        )
        for o in kept["organisations"]
    )
    read = MandatesRead(organisations, UUID(kept["request_id"]), bytes.fromhex(kept["digest"]))
    return Offer(read, datetime.fromisoformat(kept["read_at"]), kept["return_path"])
