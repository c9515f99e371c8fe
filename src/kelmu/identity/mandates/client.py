"""Calls of the Suomi.fi-valtuudet web API on behalf of organisations (YPA)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import httpx

from kelmu.core import clock
from kelmu.core.personal_id import PersonalId
from kelmu.identity.http import OutboundClient
from kelmu.identity.mandates.checksum import authorization
from kelmu.identity.mandates.errors import MandateError, MandateFault
from kelmu.identity.mandates.roles import MandatesRead, read_roles
from kelmu.identity.mandates.themes import ThemeMap

_DEFAULT_TOKEN_LIFE_S = 300


@dataclass(frozen=True)
class Registration:
    """An official made known to the service: the session for reading, the user id for the selection page."""

    session_id: str = field(repr=False)
    user_id: str = field(repr=False)


@dataclass(frozen=True)
class Token:
    """The right to read in one mandate session. ``refresh`` is None when the service offered no renewal."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class MandateService:
    """The service as configured: address, credentials, and what its mandate themes stand for."""

    base_url: str
    client_id: str
    api_key: str = field(repr=False)
    oauth_password: str = field(repr=False)
    redirect_uri: str
    themes: ThemeMap
    http: OutboundClient = field(repr=False)

    def register(self, personal_id: PersonalId, request_id: UUID) -> Registration:
        """Make the official known; the only call that carries her identity code.

        Raises:
            MandateError: ``DOWN`` or ``REFUSED``.
        """
        code = quote(personal_id.value, safe="+-")
        path = f"/service/ypa/user/register/{self.client_id}/{code}?requestId={request_id}"
        answer = self._object(self._get(path), refused=MandateFault.REFUSED)
        return Registration(_text(answer, "sessionId"), _text(answer, "userId"))

    def selection_address(
        self, registration: Registration, state: str, request_id: UUID, language: str
    ) -> str:
        """Where the browser goes to choose the organisation."""
        query = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "user": registration.user_id,
            "state": state,
            "requestId": str(request_id),
            "lang": language if language in {"fi", "sv", "en"} else "fi",
        }
        return f"{self.base_url}/oauth/authorize?{urlencode(query)}"

    def token(self, code: str) -> Token:
        """The token for the code that came back with the browser.

        Raises:
            MandateError: ``EXPIRED`` when the code does not count (any more), ``DOWN`` or ``REFUSED``.
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        return self._token(form, previous=None)

    def renewed(self, token: Token) -> Token:
        """A new token for one that ends.

        Raises:
            MandateError: ``EXPIRED`` when there is no renewal or the service refuses it.
        """
        if token.refresh is None:
            raise MandateError(MandateFault.EXPIRED, "no renewal was offered")
        form = {"grant_type": "refresh_token", "refresh_token": token.refresh}
        return self._token(form, previous=token.refresh)

    def roles(self, session_id: str, token: Token, request_id: UUID) -> MandatesRead:
        """The organisations chosen and the mandates held there, now.

        Raises:
            MandateError: ``EXPIRED`` when session or token no longer counts, ``DOWN`` or ``REFUSED``.
        """
        path = f"/service/ypa/api/organizationRoles/{quote(session_id, safe='')}?requestId={request_id}"
        response = self._get(path, {"Authorization": f"Bearer {token.access}"})
        self._check(response, refused=MandateFault.EXPIRED)
        return read_roles(response.content, request_id, self.themes)

    def unregister(self, session_id: str) -> bool:
        """End the mandate session. False: the service did not confirm, and it ends by itself later."""
        try:
            response = self._get(f"/service/ypa/user/unregister/{quote(session_id, safe='')}")
        except MandateError:
            return False
        return response.status_code == 200 and response.content.strip() == b"true"

    def _get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        url = httpx.URL(self.base_url + path)
        # The checksum covers the path as it goes over the wire, so it is taken from the final address.
        signed = authorization(self.client_id, self.api_key, url.raw_path.decode("ascii"), clock.now())
        try:
            return self.http.get(str(url), signed | (headers or {}))
        except httpx.HTTPError:
            raise MandateError(MandateFault.DOWN, "the service does not answer") from None

    def _token(self, form: dict[str, str], previous: str | None) -> Token:
        basic = base64.b64encode(f"{self.client_id}:{self.oauth_password}".encode()).decode("ascii")
        asked_at = clock.now()
        try:
            response = self.http.post_form(
                f"{self.base_url}/oauth/token", form, {"Authorization": f"Basic {basic}"}
            )
        except httpx.HTTPError:
            raise MandateError(MandateFault.DOWN, "the service does not answer") from None
        answer = self._object(response, refused=MandateFault.EXPIRED)
        life = answer.get("expires_in")
        seconds = life if isinstance(life, int) and not isinstance(life, bool) else _DEFAULT_TOKEN_LIFE_S
        refresh = answer.get("refresh_token", previous)
        return Token(
            access=_text(answer, "access_token"),
            refresh=refresh if isinstance(refresh, str) and refresh else None,
            expires_at=asked_at + timedelta(seconds=seconds),
        )

    def _object(self, response: httpx.Response, *, refused: MandateFault) -> dict[str, Any]:
        self._check(response, refused=refused)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise MandateError(MandateFault.DOWN, "the answer is malformed")
        return answer

    @staticmethod
    def _check(response: httpx.Response, *, refused: MandateFault) -> None:
        """Turn a status into a fault; ``refused`` is what 400, 401 and 404 mean for this call."""
        status = response.status_code
        if status == 200:
            return
        if status in {400, 401, 404}:
            raise MandateError(refused, "the service does not accept the request")
        fault = MandateFault.REFUSED if status == 403 else MandateFault.DOWN
        raise MandateError(fault, "the service does not serve the request")


def _text(answer: dict[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise MandateError(MandateFault.DOWN, "the answer lacks a member")
    return value
