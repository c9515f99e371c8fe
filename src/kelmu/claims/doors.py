"""The doors of claims as Python calls: one short statement each, outside a transaction one of its own.

What they answer is the door's JSON, whose members the SQL files describe. None: not there for this session,
or no right to claims; the two are never told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from kelmu.claims.rules import Caution, Claim
from kelmu.core.door import ask_object, ask_objects, ask_text

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A claim with what goes to Kela besides what is claimed: where to, by whom, and a word."""

    claim: Claim
    account_id: int
    reference: str | None
    handler_name: str
    handler_phone: str
    message: str | None


def claim_rows(secret: str, folder: str, *, skip: int = 0, rows: int = 50) -> Answer | None:
    """``door.claim_rows``: a page of the organisation's claims, its total, counts by folder; no names."""
    return ask_object("SELECT door.claim_rows(%s, %s, %s, %s)", [secret, folder, skip, rows])


def claim_accounts(secret: str) -> Sequence[Answer] | None:
    """``door.claim_accounts``: where a claim can be paid to today."""
    return ask_objects("SELECT door.claim_accounts(%s)", [secret])


def claim_names(secret: str, claim_ids: Iterable[UUID]) -> Mapping[UUID, Answer]:
    """Names and birth dates of a page's clients: an entry that names all of them, then the reading.

    Two doors in two transactions, so the caller must have none open. Of an empty page neither is asked.
    """
    ids = list(claim_ids)
    if not ids:
        return {}
    ticket = ask_text("SELECT door.open_claims(%s, %s, 'page')", [secret, ids])
    if ticket is None:
        return {}
    named = ask_objects("SELECT door.read_claims(%s, %s)", [secret, ticket])
    return {UUID(each["claim_id"]): each for each in named or ()}


def claim(secret: str, claim_id: UUID) -> Answer | None:
    """One claim, opened and read in two transactions."""
    ticket = ask_text("SELECT door.open_claims(%s, %s, 'open')", [secret, [claim_id]])
    return None if ticket is None else ask_object("SELECT door.read_claims(%s, %s)", [secret, ticket])


def start_claim(secret: str, inquiry_id: UUID, copied: UUID | None = None) -> Answer | None:
    """``door.start_claim``: a draft about an inquiry's client, empty or as an earlier claim was typed."""
    return ask_object("SELECT door.start_claim(%s, %s, %s)", [secret, inquiry_id, copied])


def keep_claim(secret: str, claim_id: UUID, version: int, typed: Mapping[str, str]) -> Answer | None:
    """``door.keep_claim``: what was typed into a draft."""
    return ask_object(
        "SELECT door.keep_claim(%s, %s, %s, %s)", [secret, claim_id, version, Jsonb(dict(typed))]
    )


def submit_claim(
    secret: str, claim_id: UUID, version: int, sending: Sending, cautions: Iterable[Caution]
) -> Answer | None:
    """``door.submit_claim``: to Kela, or to a colleague for approval."""
    claimed = sending.claim
    values = [
        secret, claim_id, version, claimed.benefit, claimed.ground, claimed.period.start, claimed.period.end,
        claimed.amount, claimed.basis.start, claimed.basis.end, claimed.paid_on, sending.account_id,
        sending.reference, sending.handler_name, sending.handler_phone, sending.message,
        [str(each) for each in cautions],
    ]  # fmt: skip
    return ask_object(
        "SELECT door.submit_claim(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", values
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What is done with a claim: approved, returned, discarded, withdrawn or ended, why, and by which day."""

    what: str
    note: str | None = None
    ended_on: date | None = None


def change_claim(secret: str, claim_id: UUID, version: int, change: Change) -> Answer | None:
    """``door.change_claim``: what came of it, and the claim as it is now."""
    values = [secret, claim_id, version, change.what, change.note, change.ended_on]
    return ask_object("SELECT door.change_claim(%s, %s, %s, %s, %s, %s)", values)
