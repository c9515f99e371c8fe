"""The simulator's HTTP face: the web API, the selection page, and switches for tests.

Statuses as the real service is known or believed to give them: 401 for a bad or missing checksum,
a stale clock, an ended session or token; 400 for malformed parameters; 404 for an unknown session.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tools.simulators.mandates import pages
from tools.simulators.mandates.cast import Held, MandateRegister, is_artificial
from tools.simulators.mandates.checks import Credentials
from tools.simulators.mandates.store import Session, Store
from tools.simulators.mandates.texts import language_of

_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
Handler = Callable[[Request], Awaitable[Response]]
_KEPT = ("client_id", "response_type", "redirect_uri", "user", "state", "requestId", "lang")


@dataclass
class Simulator:
    """One process's state and its handlers."""

    credentials: Credentials
    register: MandateRegister
    store: Store = field(default_factory=Store)
    down: bool = False

    def app(self) -> Starlette:
        """The ASGI application."""
        api, control = "/service/ypa", "/control"
        return Starlette(
            routes=[
                Route("/health", self._health),
                Route("/style.css", self._style),
                Route(f"{api}/user/register/{{client}}/{{code}}", self._up(self._register)),
                Route(f"{api}/user/unregister/{{session}}", self._up(self._unregister)),
                Route(f"{api}/api/organizationRoles/{{session}}", self._up(self._roles)),
                Route(f"{api}/api/organizationRoles/{{session}}/{{organisation}}", self._up(self._roles)),
                Route("/oauth/authorize", self._up(self._selection), methods=["GET"]),
                Route("/oauth/authorize", self._up(self._chosen), methods=["POST"]),
                Route("/oauth/token", self._up(self._token), methods=["POST"]),
                Route(f"{control}/{{switch}}", self._control, methods=["POST"]),
            ],
            exception_handlers={HTTPException: _as_json},
        )

    def _up(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            if self.down:
                raise HTTPException(503, "down")
            return await handler(request)

        return guarded

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _style(self, _request: Request) -> Response:
        return Response(pages.STYLE, media_type="text/css")

    async def _register(self, request: Request) -> Response:
        self._require_signed(request)
        if request.path_params["client"] != self.credentials.client_id:
            raise HTTPException(403, "interface not allowed")
        code = request.path_params["code"]
        if not is_artificial(code) or not _is_uuid(request.query_params.get("requestId")):
            raise HTTPException(400, "malformed")
        session = self.store.register(code)
        return JSONResponse({"sessionId": session.session_id, "userId": session.user_id})

    async def _unregister(self, request: Request) -> Response:
        self._require_signed(request)
        ended = self.store.sessions.pop(request.path_params["session"], None)
        return JSONResponse(ended is not None)

    async def _roles(self, request: Request) -> Response:
        self._require_signed(request)
        session = self.store.session(request.path_params["session"])
        if session is None:
            raise HTTPException(
                401 if request.path_params["session"] in self.store.sessions else 404, "no session"
            )
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not self.store.opens(token, session.session_id):
            raise HTTPException(401, "token")
        if not _is_uuid(request.query_params.get("requestId")):
            raise HTTPException(400, "malformed")
        wanted = request.path_params.get("organisation")
        return JSONResponse([_entry(o) for o in self._chosen_of(session) if wanted in (None, o.business_id)])

    async def _selection(self, request: Request) -> Response:
        parameters = {name: request.query_params[name] for name in _KEPT if name in request.query_params}
        language = language_of(parameters.get("lang"))
        session = self._asked_for(parameters)
        if session is None:
            return HTMLResponse(pages.ended(language), 400, _PAGE_HEADERS)
        html = pages.selection(language, self.register.of(session.personal_id), parameters)
        return HTMLResponse(html, 200, _PAGE_HEADERS)

    async def _chosen(self, request: Request) -> Response:
        form = await _form(request)
        parameters = {name: form[name][-1] for name in _KEPT if name in form}
        language = language_of(parameters.get("lang"))
        session = self._asked_for(parameters)
        if session is None:
            return HTMLResponse(pages.ended(language), 400, _PAGE_HEADERS)
        if form.get("answer") != ["chosen"]:
            return _back(parameters, {"error": "access_denied"})
        held = self.register.of(session.personal_id)
        chosen = tuple(o.business_id for o in held if o.business_id in form.get("organisation", ()))
        if held and not chosen:
            return HTMLResponse(pages.selection(language, held, parameters, missing=True), 422, _PAGE_HEADERS)
        return _back(parameters, {"code": self.store.choose(session, chosen, parameters["redirect_uri"])})

    async def _token(self, request: Request) -> Response:
        if not self.credentials.basic(request):
            raise HTTPException(401, "client")
        form = {name: values[-1] for name, values in (await _form(request)).items()}
        match form.get("grant_type"):
            case "authorization_code":
                tokens = self.store.redeem(form.get("code", ""), form.get("redirect_uri", ""))
            case "refresh_token":
                tokens = self.store.renew(form.get("refresh_token", ""))
            case _:
                raise HTTPException(400, "unsupported_grant_type")
        if tokens is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(tokens)

    async def _control(self, request: Request) -> Response:
        # A page of another origin cannot send this content type without asking first.
        if request.headers.get("content-type") != "application/json":
            raise HTTPException(415, "json only")
        body = await request.json()
        match request.path_params["switch"]:
            case "down":
                self.down = bool(body["on"])
            case "renewal":
                self.store.renewal = bool(body["on"])
            case "revoke":
                self.register.revoke(body["personal_id"], body["business_id"], body.get("mandate"))
            case "incomplete":
                change = self.register.incomplete.add if body["on"] else self.register.incomplete.discard
                change(body["business_id"])
            case "expire-tokens":
                self.store.expire_tokens()
            case "expire-sessions":
                self.store.expire_sessions()
            case "reset":
                self.down, self.store.renewal = False, True
                self.register.revoked.clear()
                self.register.incomplete.clear()
            case _:
                raise HTTPException(404, "no such switch")
        return JSONResponse({"done": True})

    def _require_signed(self, request: Request) -> None:
        if not self.credentials.signed(request):
            raise HTTPException(401, "checksum")

    def _asked_for(self, parameters: dict[str, str]) -> Session | None:
        known = parameters.get("client_id") == self.credentials.client_id
        if not known or parameters.get("redirect_uri") not in self.credentials.redirect_uris:
            return None
        return self.store.of_user(parameters.get("user", ""))

    def _chosen_of(self, session: Session) -> list[Held]:
        return [o for o in self.register.of(session.personal_id) if o.business_id in (session.chosen or ())]


def _entry(one: Held) -> dict[str, object]:
    roles = list(one.roles) if one.complete else list(one.roles[:1])
    return {"identifier": one.business_id, "name": one.names["fi"], "complete": one.complete, "roles": roles}


def _back(parameters: dict[str, str], answer: dict[str, str]) -> Response:
    state = {"state": parameters["state"]} if "state" in parameters else {}
    separator = "&" if "?" in parameters["redirect_uri"] else "?"
    return RedirectResponse(f"{parameters['redirect_uri']}{separator}{urlencode(answer | state)}", 303)


async def _form(request: Request) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in parse_qsl((await request.body()).decode("utf-8", "replace")):
        form.setdefault(name, []).append(value)
    return form


async def _as_json(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"errorMessage": error.detail}, error.status_code)


def _is_uuid(text: str | None) -> bool:
    try:
        uuid.UUID(text or "")
    except ValueError:
        return False
    return True
