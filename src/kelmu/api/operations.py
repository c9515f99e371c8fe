"""Every operation of the machine interface, version 1, and how errors are answered.

An operation is made by ``operation``, so that each declares its action; each is authenticated unless it says
otherwise, and only the token endpoint does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.constants import NOT_SET
from ninja.errors import HttpError, ValidationError

from kelmu.api import clients, inquiries, problems
from kelmu.api.authentication import ApiRequest, ClientToken
from kelmu.api.description import INQUIRY_HEADERS, TOKEN_REQUEST, describe
from kelmu.api.problems import Problem
from kelmu.api.schemas import ClientOut, InquiryIn, TokenErrorOut, TokenOut
from kelmu.core.errors import KelmuError
from kelmu.identity.machine.token_server import answer_token_request
from kelmu.inquiry.dossier import Dossier
from kelmu.policy import Action
from kelmu.policy.refusals import RefusedByPolicyError

_log = structlog.get_logger("kelmu.api")
_ALWAYS = (401, 403, 429, 503)


class MachineApi(NinjaAPI):
    """The interface; its description is written in ``docs/reference/openapi.json``, never served."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The description, with problems under their own media type."""
        return describe(super().get_openapi_schema(**options))


api = MachineApi(
    title="Kelmu machine interface",
    version="v1",
    description="What an authority may ask of Kela's benefit data, by its own system, under its agreement.",
    docs_url=None,
    openapi_url=None,
    auth=ClientToken(),
)


def operation(
    method: str, path: str, *, action: Action, response: dict[int, Any], auth: Any = NOT_SET, **more: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function an operation.

    Args:
        method: ``GET`` or ``POST``.
        path: below ``/api/v1``.
        action: what the operation does, in policy's words.
        response: the answers by status; those that any operation can give are added.
        auth: None for an operation that authenticates by itself; otherwise the interface's.
        more: further arguments of ninja.
    """

    def made(view: Callable[..., Any]) -> Callable[..., Any]:
        view.action = action  # type: ignore[attr-defined] # for the test over all operations
        always = (*_ALWAYS, 413) if method == "POST" else _ALWAYS
        answers = response if auth is None else {**response, **dict.fromkeys(always, Problem)}
        add = api.api_operation(
            [method], path, auth=auth, response=answers, url_name=_name(path), by_alias=False, **more
        )
        return add(view)

    return made


def _name(path: str) -> str:
    """The route's name: its address without parameters."""
    return "_".join(step for step in path.strip("/").split("/") if not step.startswith("{"))


@operation(
    "POST",
    "/token",
    action=Action.SIGN_IN,
    auth=None,
    response={200: TokenOut, 400: TokenErrorOut, 401: TokenErrorOut, 503: Problem},
    operation_id="get_token",
    summary="Get an access token",
    openapi_extra={"requestBody": TOKEN_REQUEST},
)
def token(request: HttpRequest) -> HttpResponse:
    """OAuth 2.0 client credentials (RFC 6749 4.4), the client authenticated by private_key_jwt (RFC 7523)."""
    return answer_token_request(request)


@operation(
    "GET",
    "/me",
    action=Action.ACT,
    response={200: ClientOut},
    operation_id="get_me",
    summary="Who the client is and what it may ask",
)
def me(request: ApiRequest) -> ClientOut:
    """The client, its organisation and agreement, its mandates and the purposes they open."""
    return clients.describe(request)


@operation(
    "POST",
    "/inquiries",
    action=Action.INQUIRE,
    auth=ClientToken(asked_again=True),  # by beginning to act
    response={200: Dossier, 400: Problem, 409: Problem, 415: Problem, 422: Problem},
    operation_id="make_inquiry",
    summary="Look at one client's data",
    openapi_extra={"responses": {200: {"headers": INQUIRY_HEADERS}}},
)
def inquiry(request: ApiRequest, body: InquiryIn) -> HttpResponse:
    """One look, for one purpose, written into the log as vouched for by the organisation. The answer is the
    dossier of the groups the agreement, its mandates and the purpose open; a member that is missing was not
    granted, one that is null could not be read. Where 409 `reason-needed` is answered, the same inquiry is
    repeated with `reason`.
    """
    return inquiries.make_inquiry(request, body)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    del request
    return problems.invalid(error.errors)


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    del request, error
    return problems.problem(problems.TOO_LARGE)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    del request
    headers = {"WWW-Authenticate": 'Bearer realm="kelmu"'} if error.status_code == 401 else None
    return problems.problem_of_status(error.status_code, headers)


@api.exception_handler(KelmuError)
def _kelmu_error(request: HttpRequest, error: KelmuError) -> HttpResponse:
    del request
    if isinstance(error, RefusedByPolicyError):
        missing = list(error.decision.missing_mandates) or None
        return problems.problem(problems.REFUSED, cause=error.decision.cause, missing_mandates=missing)
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="kelmu"'
    if wait := getattr(error, "wait_seconds", None):
        headers["Retry-After"] = str(wait)
    return problems.problem_of_status(int(error.status), headers)


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    del request, error
    return problems.problem(problems.NOT_THERE)


@api.exception_handler(OperationalError)
def _database_down(request: HttpRequest, error: OperationalError) -> HttpResponse:
    del request
    _log.error("database_down", error_type=type(error).__name__)
    return problems.problem(problems.UNAVAILABLE)


@api.exception_handler(Exception)
def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    del request
    _log.error("unexpected", exc_info=error)
    return problems.problem(problems.INTERNAL)
