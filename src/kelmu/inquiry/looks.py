"""One look at a client, step by step (design "The door", One look).

Each call of a door is a transaction of its own: the door answers only to an entry that is committed. Policy
decides a second time before anything is read; where it and the door differ, nothing is shown and an alarm is
raised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NoReturn
from uuid import UUID

import structlog

from kelmu.core.door import require_no_transaction
from kelmu.identity.acting import ActingSession
from kelmu.inquiry import doors
from kelmu.inquiry.document import parse
from kelmu.inquiry.dossier import Dossier
from kelmu.inquiry.errors import InquiryHeld, InquiryNotAvailable, InquiryNotThere, InquiryRefused
from kelmu.policy import (
    Action,
    Cause,
    Channel,
    Decision,
    Grant,
    Outcome,
    PersonFacts,
    SqlDecision,
    agrees,
    decide,
    decide_person,
    require,
)

_log = structlog.get_logger("kelmu.inquiry")

CHANGES = "changes"
"""Asked for among the groups. It is none: no profile opens it, and it tells only of groups that are open."""
_Chosen = Callable[[Grant], Collection[str]]


@dataclass(frozen=True)
class Look:
    """What a look came to. ``dossier`` and ``document`` are there only when the outcome is given and read.

    ``document`` is the door's exact text, whose SHA-256 the entry holds. ``ticket`` can still be read with,
    for 30 seconds, where the look was decided but not read.
    """

    inquiry_id: UUID
    outcome: Outcome
    grant: Grant = field(repr=False)
    case_reference: str = field(repr=False)
    opened_at: datetime
    ticket: str | None = field(default=None, repr=False)
    document: str | None = field(default=None, repr=False)

    @cached_property
    def dossier(self) -> Dossier | None:
        """The document as values, read when first asked for: who passes the text on needs none."""
        return None if self.document is None else parse(self.document)


def open_inquiry(
    session: ActingSession,
    grant: Grant,
    asked: doors.Asked,
    *,
    groups: Collection[str] | None = None,
    read: bool = False,
) -> Look:
    """Open an inquiry about a person and decide it; nothing is read yet, unless ``read`` asks for it at once.

    ``groups`` are those its first page shows: no more are opened with it, unless the grant opens none of
    them. None: all of the grant's. Further steps of the opening are told the same. ``CHANGES`` among
    them asks also what has been recorded since the organisation last looked.

    Raises:
        GrantRefusedError: the grant is worth nothing.
        InquiryHeld: a limit against guessing is reached; nobody was looked for.
        InquiryNotAvailable: policy and the door did not decide alike; an alarm is raised.
        SourceDown: the entry could not be made durable, or the database did not answer.
    """
    require(grant)
    require_no_transaction()
    opening = {*_of_opening(groups)(grant), *{CHANGES}.intersection(groups or ())}
    opened = doors.open_inquiry(session.secret, asked, purpose=grant.purpose, groups=opening)
    if opened is None:
        # Never 0: that the time has passed meanwhile is told as a second to wait.
        seconds = doors.held_for(session.secret)
        raise InquiryHeld(None if seconds is None else max(1, seconds))
    return _look(session, opened.ticket, _of_opening(groups), read=read)


def give_reason(
    session: ActingSession, inquiry_id: UUID, *, reason: str, groups: Collection[str] | None = None
) -> Look:
    """Give the reason an inquiry waits for and decide it again; nothing is read yet.

    ``groups`` as the inquiry was opened with.

    Raises:
        InquiryNotThere: no inquiry of this session waits for a reason under that id.
        InquiryRefused: agreement, mandates or purpose no longer allow it.
    """
    require_no_transaction()
    ticket = doors.give_reason(session.secret, inquiry_id, reason)
    return _look(session, _there(ticket), _of_opening(groups), read=False)


def view(
    session: ActingSession,
    inquiry_id: UUID,
    *,
    groups: Collection[str],
    action: str | None = None,
) -> Look:
    """Look at some data groups of an inquiry: decided again, with an entry of its own, and read if given.

    ``CHANGES`` among ``groups`` asks also what has been recorded since the organisation last looked, before
    this inquiry.
    ``action`` says in the entry what the view is for: ``print`` or ``meeting``.

    Raises:
        InquiryNotThere: no living inquiry of this session has that id.
        InquiryRefused: agreement, mandates or purpose no longer allow it.
    """
    require_no_transaction()
    ticket = doors.open_view(session.secret, inquiry_id, groups, action=action)
    return _look(session, _there(ticket), lambda _grant: groups, read=True)


def read(session: ActingSession, ticket: str, *, groups: Collection[str] | None = None) -> Look:
    """Read with the ticket of an inquiry that was opened a moment ago, with ``groups`` as it was opened with.

    Raises:
        InquiryNotThere: the ticket is used, too old or not this session's.
        InquiryRefused: agreement, mandates or purpose no longer allow it.
    """
    return _look(session, ticket, _of_opening(groups), read=True)


def _of_opening(wanted: Collection[str] | None) -> _Chosen:
    """The groups an inquiry opens with: those wanted, or all of a grant that opens none of them."""

    def chosen(grant: Grant) -> Collection[str]:
        granted = frozenset(grant.groups)
        return granted if wanted is None else granted.intersection(wanted) or granted

    return chosen


def _there(ticket: str | None) -> str:
    if ticket is None:
        raise InquiryNotThere("no such inquiry")
    return ticket


class _Differs(Exception):  # noqa: N818 - a signal within this module, not an error
    def __init__(self, outcome: str, rule: str) -> None:
        self.outcome = outcome
        self.rule = rule


def _look(session: ActingSession, ticket: str, chosen: _Chosen, *, read: bool) -> Look:
    """Steps 3 and 4: the door's outcome, policy's, and the document if both say given."""
    require_no_transaction()
    answer = doors.read_outcome(session.secret, ticket)
    if answer is None:
        raise InquiryNotThere("no such ticket")
    try:
        grant, outcome = _decide(session, answer, chosen)
    except _Differs as differs:
        _raise_alarm(session, ticket, differs)
    readable = read and outcome is Outcome.GIVEN
    return Look(
        inquiry_id=answer.inquiry_id,
        outcome=outcome,
        grant=grant,
        case_reference=answer.case_reference,
        opened_at=answer.opened_at,
        ticket=None if read else ticket,
        document=_there(doors.read_dossier(session.secret, ticket)) if readable else None,
    )


def _decide(session: ActingSession, answer: doors.Answer, chosen: _Chosen) -> tuple[Grant, Outcome]:
    """Policy's own decision on the door's facts, where it is the door's as well."""
    door = SqlDecision.from_json(answer.sql_decision)
    grant = _grant(session, answer.purpose, chosen, door)
    person = decide_person(grant, PersonFacts.from_json(answer.facts))
    if not agrees(grant, person, door, groups=chosen(grant)):
        raise _Differs(person.outcome, person.rule)
    return grant, person.outcome


def _grant(session: ActingSession, purpose: str, chosen: _Chosen, door: SqlDecision) -> Grant:
    """The grant as policy gives it on the door's day, where both agree that there is one."""
    decision = decide(session, Action.VIEW_CLIENT, purpose, Channel(session.channel), today=door.decided_on)
    if decision.grant is not None and not {*chosen(decision.grant)} & {*decision.grant.groups}:
        decision = Decision(allowed=False, cause=Cause.PURPOSE_NOT_ALLOWED)
    if decision.cause != door.cause:
        raise _Differs("refused" if decision.cause else "allowed", decision.cause or "allowed")
    if decision.grant is None:
        raise InquiryRefused(decision)
    return decision.grant


def _raise_alarm(session: ActingSession, ticket: str, differs: _Differs) -> NoReturn:
    _log.error("decisions_differ", session=str(session.session_id))
    doors.report_difference(session.secret, ticket, outcome=differs.outcome, rule=differs.rule)
    raise InquiryNotAvailable("decisions differ") from None
