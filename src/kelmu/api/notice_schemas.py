"""What goes in and out about notices, typed."""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, Field, StringConstraints, model_validator
from pydantic.functional_validators import BeforeValidator
from pydantic_core import PydanticCustomError

from kelmu.api.schemas import STRICT, IdentityCode, Line, OfficialIn

MOST_BYTES = 8 * 1024 * 1024
"""So many bytes the files of one notice may have together."""
BIGGEST = 2**53 - 1
Kind = Literal[
    "social_work_need",
    "supplementary_preventive_application",
    "lowered_basic_part",
    "unemployed_under_25",
    "unemployed_25_plus",
    "immigrant",
]
SentKind = Literal["social_work_need", "supplementary_preventive_application", "lowered_basic_part"]
NeedReason = Literal["life_management", "livelihood", "housing", "health", "other"]
Outcome = Literal[
    "contacted", "invited_to_assessment", "already_a_client", "no_need", "not_reached", "wrong_person"
]
Day = Annotated[date, Field(strict=False)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]
Place = Annotated[int, Field(ge=0, le=BIGGEST)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version of the notice that was read.")]


def _decoded(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise PydanticCustomError("not_base64", "not Base64") from None


class AcknowledgementIn(BaseModel):
    """Everything up to a place has been kept."""

    model_config = STRICT
    up_to: Place
    official: OfficialIn


class TransferIn(BaseModel):
    """Where a notice is sent on to, and why."""

    model_config = STRICT
    version: Version
    municipality: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
    reason: Annotated[Line, StringConstraints(min_length=10, max_length=255)]
    official: OfficialIn


class OutcomeIn(BaseModel):
    """What came of a notice."""

    model_config = STRICT
    version: Version
    outcome: Outcome
    official: OfficialIn


class ExpenseIn(BaseModel):
    """One expense applied for; euros."""

    model_config = STRICT
    text: Annotated[Line, StringConstraints(max_length=200)]
    amount: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] | None = None
    due_on: Day | None = None


class ContentIn(BaseModel):
    """What a notice says besides its kind. Days inclusive."""

    model_config = STRICT
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+() -]{3,30}$")] | None = None
    contact_language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = None
    interpreter: bool | None = None
    contact_wish: Text | None = None
    free_text: Text | None = None
    expenses: Annotated[list[ExpenseIn], Field(max_length=50)] | None = None
    decision_number: Annotated[Line, StringConstraints(max_length=40)] | None = None
    decided_on: Day | None = Field(default=None, description="Needed for all kinds but social_work_need.")
    decision_from: Day | None = None
    decision_to: Day | None = None
    lowered_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    lowered_from: Day | None = None
    lowered_to: Day | None = None
    lowered_reason: Text | None = None


class FileIn(BaseModel):
    """A file that comes with a notice."""

    model_config = STRICT
    name: Annotated[str, StringConstraints(pattern=r"^[^/\\\x00-\x1f\x7f]{1,200}$")]
    media_type: Literal["application/pdf", "image/jpeg", "image/png", "image/tiff", "text/plain"]
    data: Annotated[bytes, BeforeValidator(_decoded, json_schema_input_type=str)] = Field(
        min_length=1, description="The bytes in Base64 (RFC 4648 4)."
    )


class NoticeIn(BaseModel):
    """A notice from Kela's side, under Kela's own number: sent again, it is the same one."""

    model_config = STRICT
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/-]{1,40}$")]
    personal_id: IdentityCode
    kind: SentKind
    urgent: bool = False
    need_reason: NeedReason | None = Field(default=None, description="Needed for social_work_need only.")
    content: ContentIn
    attachments: Annotated[list[FileIn], Field(max_length=20)] = Field(default_factory=list)
    official: OfficialIn

    @model_validator(mode="after")
    def _is_whole(self) -> NoticeIn:
        if (self.kind == "social_work_need") != (self.need_reason is not None):
            raise PydanticCustomError(
                "not_whole", "a need for social work has a reason, and nothing else has"
            )
        if self.urgent and self.kind != "supplementary_preventive_application":
            raise PydanticCustomError("not_whole", "only an application is urgent")
        if self.kind != "social_work_need" and self.content.decided_on is None:
            raise PydanticCustomError("not_whole", "the day of the decision is missing")
        if sum(len(file.data) for file in self.attachments) > MOST_BYTES:
            raise PydanticCustomError("not_whole", "too many bytes")
        return self


class TakenInOut(Schema):
    """What became of a notice from Kela's side."""

    result: Literal["taken_in", "repeated"]
    notice_id: UUID
    number: int = Field(description="The notice's number in this service.")


class PlaceOut(Schema):
    """How far a client has acknowledged."""

    up_to: int


class NoticeClientOut(Schema):
    """Who a notice is about."""

    personal_id: str
    family_name: str
    given_names: str
    birth_date: date
    death_date: date | None
    language: str
    under_guardianship: bool


class AttachmentOut(Schema):
    """A file without its bytes; no name where the client is protected."""

    place: int
    name: str | None
    media_type: str
    size: int
    sha256: str


class WorkflowOut(Schema):
    """How far a notice is. ``due_on`` is the last day for a decision, by Finnish working days."""

    notice_id: UUID
    number: int
    kind: Kind
    urgent: bool
    sent_at: datetime
    visible_from: datetime
    arrived_at: datetime
    due_on: date
    municipality: str | None = Field(description="Left out where the client is protected.")
    restricted: bool
    state: Literal["new", "read", "in_progress", "handled", "transferred"]
    outcome: Outcome | None
    overdue: bool
    moves: int
    flagged: bool = Field(description="It has been passed on three times or more.")
    kela_asked_at: datetime | None = Field(description="When Kela last asked for its answer.")
    version: int


class NoticeOut(WorkflowOut):
    """One notice. ``content`` has the members it was sent with; of a computed one, its rule and months."""

    client: NoticeClientOut
    need_reason: NeedReason | None
    content: dict[str, Any]
    attachments: list[AttachmentOut]
    chain: list[dict[str, Any]] = Field(
        description="Its transfers, oldest first: `moved_at`, `undone_at`, `reason`, `from`, `to`."
    )


class ItemOut(Schema):
    """A notice at its place in the client's sequence."""

    place: int
    notice: NoticeOut


class FeedOut(Schema):
    """The next notices. ``cursor`` is what to acknowledge, or to ask after; ``more``: there are more now."""

    notices: list[ItemOut]
    cursor: int
    more: bool


class AnswerOut(Schema):
    """What officials did with a notice, for Kela; nothing of the case."""

    answer_id: int
    message_id: UUID = Field(description="The same whichever way and however often it comes.")
    notice_id: UUID
    number: int
    kela_number: str | None
    what: Literal["taken_up", "handled", "reopened"]
    outcome: Outcome | None
    at: datetime
    visible_from: datetime


class AnswerRequestIn(BaseModel):
    """Kela's side misses the answer to a notice."""

    model_config = STRICT
    official: OfficialIn
    number: int = Field(ge=1, le=BIGGEST, description="The notice's number, as taking it in told it.")


class AnswerRequestOut(Schema):
    """What there is. `none_yet`: the body that has the notice sees from now on that Kela asks."""

    result: Literal["answered", "none_yet"]
    asked_at: datetime | None = Field(description="When the body was last told that Kela asks.")
    answers: list[AnswerOut]


class AnswersOut(Schema):
    """The next answers; ``cursor`` is what to acknowledge, or to ask after."""

    answers: list[AnswerOut]
    cursor: int
