"""The operations about notices: an organisation's own system, and Kela's side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Path, Query
from pydantic import AfterValidator

from kelmu.api import notices
from kelmu.api.authentication import ApiRequest, ClientToken
from kelmu.api.notice_schemas import (
    BIGGEST,
    AcknowledgementIn,
    AnswerRequestIn,
    AnswerRequestOut,
    AnswersOut,
    FeedOut,
    NoticeIn,
    OutcomeIn,
    PlaceOut,
    TakenInOut,
    TransferIn,
    WorkflowOut,
)
from kelmu.api.operations import operation
from kelmu.api.problems import Problem
from kelmu.api.schemas import no_identity_code
from kelmu.policy import Action

_AGAIN = ClientToken(asked_again=True)  # by beginning to act
_READ = {404: Problem, 422: Problem}
_WRITE = {400: Problem, 404: Problem, 409: Problem, 415: Problem, 422: Problem}
_BYTES = {
    "responses": {
        200: {
            "description": "The file as it came.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}
Official = Annotated[
    str,
    AfterValidator(no_identity_code),
    # Last, or it is not seen.
    Header(
        alias="Kelmu-Official",
        pattern=r"^[A-Za-z0-9._@-]{1,64}$",
        description="The organisation's own lasting id of the official, or of the duty, that it fetches for.",
    ),
]
Limit = Annotated[int, Query(ge=1, le=100)]
Answer = HttpResponse | Mapping[str, Any]


@operation(
    "GET",
    "/notices",
    action=Action.NOTICES,
    auth=_AGAIN,
    response={200: FeedOut, **_READ},
    operation_id="get_notices",
    summary="The next notices of the inbox",
)
def get_notices(
    request: ApiRequest,
    official: Official,
    after: Annotated[
        int | None, Query(ge=0, le=BIGGEST, description="A cursor; without it, after what was acknowledged.")
    ] = None,
    limit: Limit = 50,
) -> HttpResponse:
    """Each notice at least once and in the order it came, for each client by itself; one that comes back from
    elsewhere comes again. Notices of protected clients come only for an official with that right.
    """
    return notices.feed(request, official, after, limit)


@operation(
    "POST",
    "/notices/acknowledgement",
    action=Action.NOTICES,
    auth=_AGAIN,
    response={200: PlaceOut, **_WRITE},
    operation_id="acknowledge_notices",
    summary="Everything up to a cursor has been kept",
)
def acknowledge(request: ApiRequest, body: AcknowledgementIn) -> Answer:
    """What is asked for without a cursor begins after it. It never goes back."""
    return notices.acknowledge(request, body)


@operation(
    "GET",
    "/notices/{uuid:notice_id}/attachments/{int:place}",
    action=Action.NOTICES,
    auth=_AGAIN,
    response=_READ,
    operation_id="get_attachment",
    summary="One file of a notice",
    openapi_extra=_BYTES,
)
def get_attachment(
    request: ApiRequest, official: Official, notice_id: UUID, place: Annotated[int, Path(ge=1, le=20)]
) -> HttpResponse:
    """The bytes; name, media type and SHA-256 are in the notice."""
    return notices.attachment(request, official, notice_id, place)


@operation(
    "POST",
    "/notices/{uuid:notice_id}/transfer",
    action=Action.NOTICES,
    auth=_AGAIN,
    response={200: WorkflowOut, **_WRITE},
    operation_id="transfer_notice",
    summary="Send a notice on to another municipality",
)
def transfer(request: ApiRequest, notice_id: UUID, body: TransferIn) -> Answer:
    """To any municipality, without Kela; the clock goes on. 409 `changed`: somebody changed it meanwhile."""
    return notices.transfer(request, notice_id, body)


@operation(
    "POST",
    "/notices/{uuid:notice_id}/outcome",
    action=Action.NOTICES,
    auth=_AGAIN,
    response={200: WorkflowOut, **_WRITE},
    operation_id="handle_notice",
    summary="Say what came of a notice",
)
def outcome(request: ApiRequest, notice_id: UUID, body: OutcomeIn) -> Answer:
    """The notice is handled, and Kela gets the outcome. 409 `changed`: somebody changed it meanwhile."""
    return notices.outcome(request, notice_id, body)


@operation(
    "POST",
    "/kela/notices",
    action=Action.DESK,
    auth=_AGAIN,
    response={200: TakenInOut, **_WRITE},
    operation_id="send_notice",
    summary="Kela's back office sends a notice",
)
def send_notice(request: ApiRequest, body: NoticeIn) -> Answer:
    """Once by Kela's number, however often it is sent: the answer to a repeated one is `repeated`."""
    return notices.take_in(request, body)


@operation(
    "GET",
    "/kela/answers",
    action=Action.DESK,
    auth=_AGAIN,
    response={200: AnswersOut, **_READ},
    operation_id="get_answers",
    summary="What officials did with notices, for Kela",
)
def get_answers(
    request: ApiRequest,
    official: Official,
    after: Annotated[int, Query(ge=0, le=BIGGEST)] = 0,
    limit: Limit = 50,
) -> Answer:
    """In order, each until it is acknowledged, once it can no longer be taken back."""
    return notices.answers(request, official, after, limit)


@operation(
    "POST",
    "/kela/answers/acknowledgement",
    action=Action.DESK,
    auth=_AGAIN,
    response={200: PlaceOut, **_WRITE},
    operation_id="acknowledge_answers",
    summary="Kela has kept all answers up to a cursor",
)
def acknowledge_answers(request: ApiRequest, body: AcknowledgementIn) -> Answer:
    """They are not given again."""
    return notices.acknowledge_answers(request, body)


@operation(
    "POST",
    "/kela/answers/requests",
    action=Action.DESK,
    auth=_AGAIN,
    response={200: AnswerRequestOut, **_WRITE},
    operation_id="ask_for_answer",
    summary="Kela misses the answer to a notice",
)
def ask_for_answer(request: ApiRequest, body: AnswerRequestIn) -> Answer:
    """What there is; if it is not handled, its body sees that Kela asks, once a day at most."""
    return notices.ask_for_answer(request, body)
