"""Payment claims as their pages show them: rows of the list, and one claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext

from kelmu.web.presentation.claim_words import CAUTIONS, CLAIM_EVENTS, CLAIM_GROUNDS, CLAIM_STATES
from kelmu.web.presentation.labels import Label, benefit_name
from kelmu.web.presentation.told import client_name, moment

_WITHDRAWN_FROM = frozenset({"submitted", "received", "more_information", "accepted", "partly_accepted"})
_ENDED_FROM = _WITHDRAWN_FROM | {"in_payment"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A claim in the list. ``name`` is empty where the client could not be read; ``benefit`` for a draft."""

    claim_id: str
    receipt: str
    state: Label
    benefit: str
    start: date | None
    end: date | None
    amount: Decimal | None
    changed_at: datetime
    name: str
    birth_date: date | None
    may_approve: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A step in the history of a claim."""

    what: str | Promise
    at: datetime
    who: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """One claim. ``may``: approved, returned, discarded, withdrawn, ended, copied, whichever can be done.

    ``amount`` is None where the whole benefit is claimed. ``sent``: it has left the drafts.
    ``own``: it waits for a colleague's approval.
    """

    claim_id: str
    version: int
    sent: bool
    receipt: str
    state: Label
    name: str
    personal_id: str
    birth_date: date
    benefit: str
    ground: str | Promise
    advance: bool
    start: date | None
    end: date | None
    ended_on: date | None
    amount: Decimal | None
    basis_start: date | None
    basis_end: date | None
    paid_on: date | None
    account_name: str
    iban: str
    reference: str
    handler_name: str
    handler_phone: str
    message: str
    submitted_at: datetime | None
    cautions: tuple[str | Promise, ...]
    events: tuple[Event, ...]
    may: frozenset[str]
    own: bool


def row_of(told: Mapping[str, Any], client: Mapping[str, Any] | None) -> Row:
    """A row, of ``door.claim_rows`` and the name that goes with it."""
    return Row(
        claim_id=told["claim_id"],
        receipt=told["receipt_number"] or "",
        state=CLAIM_STATES[told["state"]],
        benefit=benefit_name(told["benefit"]) if told["benefit"] else "",
        start=_day(told["period_from"]),
        end=_day(told["ended_on"] or told["period_to"]),
        amount=_euros(told["amount"]),
        changed_at=moment(told["changed_at"]),
        name=client_name(client) if client else "",
        birth_date=_day(client["birth_date"]) if client else None,
        may_approve=told["may_approve"],
    )


def claim_page(told: Mapping[str, Any]) -> ClaimPage:
    """One claim, as ``door.read_claims`` tells it."""
    client, account = told["client"], told["account"] or {"name": "", "iban": ""}
    return ClaimPage(
        claim_id=told["claim_id"],
        version=told["version"],
        sent=told["state"] != "draft",
        receipt=told["receipt_number"] or "",
        state=CLAIM_STATES[told["state"]],
        name=client_name(client),
        personal_id=client["personal_id"],
        birth_date=date.fromisoformat(client["birth_date"]),
        benefit=benefit_name(told["benefit"]) if told["benefit"] else "",
        ground=CLAIM_GROUNDS[told["ground"]] if told["ground"] else "",
        advance=told["ground"] == "sta23",
        start=_day(told["period_from"]),
        end=_day(told["period_to"]),
        ended_on=_day(told["ended_on"]),
        amount=_euros(told["amount"]),
        basis_start=_day(told["basis_from"]),
        basis_end=_day(told["basis_to"]),
        paid_on=_day(told["paid_on"]),
        account_name=account["name"],
        iban=grouped(account["iban"]),
        reference=told["reference"] or "",
        handler_name=told["handler_name"] or "",
        handler_phone=told["handler_phone"] or "",
        message=told["message"] or "",
        submitted_at=moment(told["submitted_at"]) if told["submitted_at"] else None,
        cautions=tuple(CAUTIONS[each] for each in told["cautions"]),
        events=tuple(_event(each) for each in reversed(told["history"])),
        may=_may(told),
        own=told["state"] == "to_approve" and not told["may_approve"],
    )


def grouped(iban: str) -> str:
    """An account number in groups of four, as people read it."""
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))


def _may(told: Mapping[str, Any]) -> frozenset[str]:
    state = told["state"]
    may = {
        "approved": told["may_approve"],
        "returned": state == "to_approve",
        "discarded": state in {"draft", "to_approve"},
        "withdrawn": state in _WITHDRAWN_FROM,
        "ended": state in _ENDED_FROM,
        "copied": told["receipt_number"] is not None,
    }
    return frozenset(what for what, allowed in may.items() if allowed)


def _event(told: Mapping[str, Any]) -> Event:
    who = pgettext("who changed a claim", "You") if told["you"] else told["by_name"] or ""
    return Event(CLAIM_EVENTS[told["what"]], moment(told["at"]), who, told["note"] or "")


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _euros(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
