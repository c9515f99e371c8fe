"""Notices over the machine channel: the doors of the pages, the same rules, the same log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse

from kelmu.api import problems
from kelmu.api.acting import allowed
from kelmu.api.authentication import ApiRequest
from kelmu.api.notice_schemas import AcknowledgementIn, AnswerRequestIn, NoticeIn, OutcomeIn, TransferIn
from kelmu.core.errors import NotThere
from kelmu.identity.acting import ActingSession
from kelmu.identity.machine.clients import VouchedOfficial
from kelmu.notices import doors, machine
from kelmu.policy import Action

Json = Mapping[str, Any]
T = TypeVar("T")


def feed(request: ApiRequest, official: str, after: int | None, limit: int) -> HttpResponse:
    """The next notices of the client's sequence, the door's own text byte for byte."""
    session = _session(request, Action.NOTICES, VouchedOfficial(official))
    text = machine.notice_feed(session.secret, request.auth.token, after=after, rows=limit)
    if text is None:
        raise NotThere("no notices")
    return HttpResponse(text.encode(), content_type="application/json")


def acknowledge(request: ApiRequest, body: AcknowledgementIn) -> Json:
    """Everything up to a place has been kept."""
    session = _session(request, Action.NOTICES, body.official.vouched())
    return {"up_to": _there(machine.acknowledge_notices(session.secret, request.auth.token, body.up_to))}


def attachment(request: ApiRequest, official: str, notice_id: UUID, place: int) -> HttpResponse:
    """The bytes of one file."""
    session = _session(request, Action.NOTICES, VouchedOfficial(official))
    files = doors.attachments(session.secret, notice_id, place)
    if not files:
        raise NotThere("no such file")
    return HttpResponse(files[0].data, content_type="application/octet-stream")


def transfer(request: ApiRequest, notice_id: UUID, body: TransferIn) -> HttpResponse | Json:
    """A notice goes on to another municipality."""
    session = _session(request, Action.NOTICES, body.official.vouched())
    answer = doors.transfer_notice(
        session.secret, notice_id, body.version, municipality=body.municipality, reason=body.reason
    )
    return _worked(_there(answer))


def outcome(request: ApiRequest, notice_id: UUID, body: OutcomeIn) -> HttpResponse | Json:
    """A notice is handled."""
    session = _session(request, Action.NOTICES, body.official.vouched())
    return _worked(
        _there(doors.change_notice(session.secret, notice_id, body.version, "handled", body.outcome))
    )


def take_in(request: ApiRequest, body: NoticeIn) -> HttpResponse | Json:
    """A notice from Kela's side."""
    session = _session(request, Action.DESK, body.official.vouched())
    message = machine.Message(
        kela_number=body.number,
        personal_id=body.personal_id,
        kind=body.kind,
        urgent=body.urgent,
        need_reason=body.need_reason,
        content=body.content.model_dump(mode="json", exclude_none=True),
        files=[machine.File(each.name, each.media_type, each.data) for each in body.attachments],
    )
    answer = _there(machine.take_in_notice(session.secret, message))
    match answer["result"]:
        case "differs":
            return problems.problem(problems.NUMBER_USED)
        case "unknown_person" | "no_municipality":
            return problems.problem(problems.NOWHERE)
        case _:
            return answer


def answers(request: ApiRequest, official: str, after: int, limit: int) -> Json:
    """What officials did with notices."""
    session = _session(request, Action.DESK, VouchedOfficial(official))
    rows = _there(machine.notice_answers(session.secret, after=after, rows=limit))
    return {"answers": rows, "cursor": max((row["answer_id"] for row in rows), default=after)}


def acknowledge_answers(request: ApiRequest, body: AcknowledgementIn) -> Json:
    """Kela's side has kept its answers up to a number."""
    session = _session(request, Action.DESK, body.official.vouched())
    _there(machine.acknowledge_answers(session.secret, body.up_to))
    return {"up_to": body.up_to}


def ask_for_answer(request: ApiRequest, body: AnswerRequestIn) -> Json:
    """Kela's side misses an answer."""
    session = _session(request, Action.DESK, body.official.vouched())
    return _there(machine.ask_for_answer(session.secret, body.number))


def _session(request: ApiRequest, action: Action, official: VouchedOfficial) -> ActingSession:
    session, _decision = allowed(request.auth, official, action)
    return session


def _there(answer: T | None) -> T:
    if answer is None:
        raise NotThere("not there")
    return answer


def _worked(answer: Json) -> HttpResponse | Json:
    """The notice as it is now, or why nothing was done."""
    match answer["result"]:
        case "changed":
            return problems.problem(problems.CHANGED)
        case "not_possible":
            return problems.problem(problems.NOT_POSSIBLE)
        case _:
            notice: Json = answer["notice"]
            return notice
