"""Calls of the doors that make, tell, refresh and end an acting session, and log what happens around it.

Every call is its own transaction: none may be rolled back by what the caller does next.
"""

from __future__ import annotations

from uuid import UUID

from kelmu.core.door import ask, ask_object, ask_value
from kelmu.core.personal_id import PersonalId
from kelmu.identity.acting import ActingSession


def begin_acting(  # noqa: PLR0913 - the facts an acting session is made of
    *,
    personal_id: PersonalId,
    pseudonym: str,
    organisation_id: int,
    agreement_id: int,
    mandates: frozenset[str],
    representation_mandates: frozenset[str],
    request_id: UUID,
    digest: bytes,
) -> str:
    """Begin to act in the web channel; the secret that opens every other door.

    Raises:
        NoAgreement: the agreement is not in force today for this channel.
    """
    row = ask(
        "SELECT secret FROM door.begin_acting(%s, %s, %s, %s, %s, %s, %s, %s, 'web')",
        [
            personal_id.value,
            pseudonym,
            organisation_id,
            agreement_id,
            sorted(mandates),
            sorted(representation_mandates),
            request_id,
            digest,
        ],
    )
    assert row is not None
    return str(row[0])


def refresh_acting(
    *,
    secret: str,
    mandates: frozenset[str],
    representation_mandates: frozenset[str],
    request_id: UUID,
    digest: bytes,
) -> bool:
    """Record the mandates as read again. False when the acting session is over."""
    refreshed = ask_value(
        "SELECT door.refresh_acting(%s, %s, %s, %s, %s)",
        [secret, sorted(mandates), sorted(representation_mandates), request_id, digest],
    )
    return bool(refreshed)


def end_acting(secret: str, reason: str) -> bool:
    """End the acting session and every inquiry under it.

    ``reason`` is ``signed_out``, ``changed_organisation``, ``expired`` or ``mandates_gone``.
    """
    return bool(ask_value("SELECT door.end_acting(%s, %s)", [secret, reason]))


def acting(secret: str) -> tuple[ActingSession, bool] | None:
    """The acting session and whether its mandates are too old for any other door; None when it is over."""
    facts = ask_object("SELECT door.acting(%s)", [secret])
    if facts is None:
        return None
    return ActingSession.from_json(facts, secret), bool(facts["stale"])


def log_refusal(
    secret: str, action: str, cause: str, missing_mandates: tuple[str, ...] = (), purpose: str | None = None
) -> None:
    """Log that an official with an acting session was refused before any client was looked at."""
    ask(
        "SELECT door.log_refusal(%s, %s, %s, %s, %s)",
        [secret, action, purpose, cause, list(missing_mandates)],
    )


def log_access_refusal(
    pseudonym: str | None, business_id: str | None, cause: str, request_id: UUID | None
) -> None:
    """Log that an identified official, or an organisation's system (no pseudonym), could not begin to act."""
    ask("SELECT door.log_access_refusal(%s, %s, %s, %s)", [pseudonym, business_id, cause, request_id])


def log_sign_in(pseudonym: str | None, event: str, detail: str = "") -> None:
    """Log ``signed_in``, ``signed_out`` or ``sign_in_failed``; ``detail`` is a fixed phrase."""
    ask("SELECT door.log_sign_in(%s, %s, %s)", [pseudonym, event, detail])
