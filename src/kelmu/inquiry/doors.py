"""The doors of an inquiry as Python calls. Each is one short statement; transactions are the caller's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kelmu.core.door import ask, ask_object, ask_objects, ask_text, ask_value
from kelmu.core.personal_id import PersonalId


@dataclass(frozen=True, slots=True)
class Asked:
    """What the official asks: about whom, in which case of hers (may be empty), whether the client was told
    (812/2000 21 §), and, where she knows that one is needed, her reason (10 to 255 characters).
    """

    personal_id: PersonalId
    case_reference: str = field(repr=False)
    told_client: bool
    reason: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening gives, whatever was decided: the inquiry's id and a ticket for one read in 30 seconds."""

    inquiry_id: UUID
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door decided, and on which facts. The facts are for policy's second decision only."""

    inquiry_id: UUID
    purpose: str
    case_reference: str
    opened_at: datetime
    facts: Mapping[str, bool] = field(repr=False)
    sql_decision: Mapping[str, Any] = field(repr=False)


def open_inquiry(secret: str, asked: Asked, *, purpose: str, groups: Iterable[str]) -> Opened | None:
    """``door.open_inquiry``: finds the person, decides, writes the entry. None: a limit is reached."""
    row = ask(
        "SELECT inquiry_id, ticket FROM door.open_inquiry(%s, %s, %s, %s, %s, %s, %s)",
        [
            secret,
            purpose,
            asked.case_reference or None,
            asked.reason,
            asked.told_client,
            asked.personal_id.value,
            sorted(groups),
        ],
    )
    assert row is not None
    return None if row[0] is None else Opened(row[0], row[1])


def held_for(secret: str) -> int | None:
    """``door.held_for``: seconds until this session may open again (0: now), None: not before a review."""
    seconds: int | None = ask_value("SELECT door.held_for(%s)", [secret])
    return seconds


def give_reason(secret: str, inquiry_id: UUID, reason: str) -> str | None:
    """``door.give_reason``: a ticket, or None where there is no such inquiry waiting for a reason."""
    return ask_text("SELECT door.give_reason(%s, %s, %s)", [secret, inquiry_id, reason])


def open_view(
    secret: str, inquiry_id: UUID, groups: Iterable[str], *, action: str | None = None
) -> str | None:
    """``door.open_view``: a ticket for a further page, or None where the inquiry is not there.

    ``action`` is what the entry says of it: ``print`` or ``meeting``, or nothing more than that it is a view.
    """
    return ask_text("SELECT door.open_view(%s, %s, %s, %s)", [secret, inquiry_id, sorted(groups), action])


def read_outcome(secret: str, ticket: str) -> Answer | None:
    """``door.read_outcome``: the door's decision and its facts, or None for a ticket that is not there."""
    data = ask_object("SELECT door.read_outcome(%s, %s)", [secret, ticket])
    if data is None:
        return None
    return Answer(
        inquiry_id=UUID(data["inquiry_id"]),
        purpose=data["purpose"],
        case_reference=data["case_reference"] or "",
        opened_at=datetime.fromisoformat(data["opened_at"]),
        facts=data["facts"],
        sql_decision=data["sql_decision"],
    )


def read_dossier(secret: str, ticket: str) -> str | None:
    """``door.read_dossier``: the document's exact text, or None for a ticket that is not there."""
    return ask_text("SELECT door.read_dossier(%s, %s)", [secret, ticket])


def report_difference(secret: str, ticket: str, *, outcome: str, rule: str) -> None:
    """``door.report_difference``: an alarm entry; the ticket is dropped."""
    ask("SELECT door.report_difference(%s, %s, %s, %s)", [secret, ticket, outcome, rule])


def recent_inquiries(secret: str) -> Sequence[Mapping[str, Any]]:
    """``door.recent_inquiries``: own living inquiries; one entry naming all of them."""
    return ask_objects("SELECT door.recent_inquiries(%s)", [secret]) or ()
