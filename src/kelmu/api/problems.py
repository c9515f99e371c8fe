"""Errors as problem details (RFC 9457). About a person they tell one of the four outcomes and no more.

No text repeats what was sent: it may be an identity code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Schema
from pydantic import Field

MEDIA_TYPE = "application/problem+json"
_TYPES = "tag:kelmu,2026:problem:"


class InvalidPart(Schema):
    """One part of the body that cannot be used."""

    pointer: str = Field(description="Where it stands, as a JSON Pointer; empty for the body as a whole.")
    detail: str = Field(description="What is expected there.")


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Stable name of the problem, a tag URI; nothing is published at it.")
    title: str = Field(description="The problem in words.")
    status: int = Field(description="The HTTP status.")
    detail: str | None = Field(default=None, description="What to do next.")
    cause: str | None = Field(
        default=None, description="Of a refusal: no_agreement, missing_mandate or purpose_not_allowed."
    )
    missing_mandates: list[str] | None = Field(
        default=None, description="Of a missing mandate: the mandates any one of which would do."
    )
    errors: list[InvalidPart] | None = Field(default=None, description="Of a body that cannot be used.")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its name within ``_TYPES``, its status and its texts."""

    name: str
    status: HTTPStatus
    title: str
    detail: str | None = None


NOT_AVAILABLE = Kind(
    "not-available", HTTPStatus.FORBIDDEN, "Data about this person are not available over this service.",
    "Ask Kela's service for authorities.",
)  # fmt: skip
OWN_DATA = Kind(
    "own-data", HTTPStatus.FORBIDDEN, "An official does not look at her own data in the service.",
    "She sees them in Kela's service for citizens.",
)  # fmt: skip
REASON_NEEDED = Kind(
    "reason-needed", HTTPStatus.CONFLICT, "A reason is needed for this inquiry.",
    "Repeat the inquiry with the reason the official gives.",
)  # fmt: skip
CHANGED = Kind(
    "changed", HTTPStatus.CONFLICT, "The notice has changed since that version.",
    "Read the notice again.",
)  # fmt: skip
NOT_POSSIBLE = Kind(
    "not-possible", HTTPStatus.CONFLICT, "The notice is not in a state in which this can be done.",
    "Read the notice again.",
)  # fmt: skip
NUMBER_USED = Kind(
    "number-used", HTTPStatus.CONFLICT, "Another notice has come under this number.",
    "Send it under a number of its own.",
)  # fmt: skip
NOWHERE = Kind(
    "nowhere", HTTPStatus.CONFLICT, "The register knows no such person, or no municipality of hers.",
    "Send it again when the register does.",
)  # fmt: skip
REFUSED = Kind("refused", HTTPStatus.FORBIDDEN, "Agreement, mandates or purpose do not allow this inquiry.")
NOT_AUTHENTICATED = Kind(
    "not-authenticated", HTTPStatus.UNAUTHORIZED, "A valid access token is needed.",
    "Get one from the token endpoint.",
)  # fmt: skip
MALFORMED = Kind("malformed", HTTPStatus.BAD_REQUEST, "The body is not JSON in UTF-8.")
TOO_LARGE = Kind("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
INVALID = Kind("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, "The body cannot be used as it is.")
WRONG_MEDIA_TYPE = Kind(
    "wrong-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json."
)
NOT_THERE = Kind("not-there", HTTPStatus.NOT_FOUND, "There is nothing here.")
NOT_ALLOWED = Kind("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, "The method is not allowed here.")
CONFLICT = Kind("conflict", HTTPStatus.CONFLICT, "The request does not fit the present state.")
TOO_MANY = Kind("too-many", HTTPStatus.TOO_MANY_REQUESTS, "Too many requests.", "Wait, then try again.")
UNAVAILABLE = Kind(
    "unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "The service cannot answer now.", "Try again later."
)
INTERNAL = Kind(
    "internal", HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong in the service.", "Try again later."
)
_BY_STATUS = {
    int(kind.status): kind
    for kind in (
        MALFORMED, NOT_AUTHENTICATED, REFUSED, NOT_THERE, NOT_ALLOWED, CONFLICT, WRONG_MEDIA_TYPE, INVALID,
        TOO_MANY, UNAVAILABLE,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invalid:
    """What in a body cannot be used: pairs of JSON Pointer and expectation."""

    parts: tuple[tuple[str, str], ...] = field(default=())


def problem(kind: Kind, headers: Mapping[str, str] | None = None, **members: Any) -> HttpResponse:
    """The answer of a problem; ``members`` are those of ``Problem`` that go beyond the kind."""
    body = {"type": _TYPES + kind.name, "title": kind.title, "status": int(kind.status)}
    if kind.detail is not None:
        body["detail"] = kind.detail
    body |= {name: value for name, value in members.items() if value is not None}
    return JsonResponse(body, status=int(kind.status), content_type=MEDIA_TYPE, headers=dict(headers or {}))


def problem_of_status(status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The general problem of a status."""
    return problem(_BY_STATUS.get(status, INTERNAL), headers)


_WORDS = {
    "missing": "is required",
    "extra_forbidden": "holds a member that is not known",
    "string_too_short": "is too short",
    "string_too_long": "is too long",
    "string_pattern_mismatch": "has a form that cannot be",
    "value_error": "is an identity code where none belongs, or is none where one does",
    "literal_error": "must be true",
    "string_type": "must be a text",
    "string_unicode": "must be a text",
}


def invalid(errors: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """422 with where the body is wrong, from pydantic's errors; nothing of what was sent is repeated."""
    parts = [_part(error) for error in errors]
    return problem(INVALID, errors=[{"pointer": pointer, "detail": text} for pointer, text in parts])


def _part(error: Mapping[str, Any]) -> tuple[str, str]:
    # The first two steps are ninja's (body, parameter); an unknown member's name is the sender's.
    steps = [str(step) for step in error["loc"][2:]]
    if error["type"] == "extra_forbidden":
        steps = steps[:-1]
    pointer = "".join(f"/{step}" for step in steps)
    return pointer, _WORDS.get(error["type"], "has a form that cannot be")
