"""The only way to be known here: a bearer token of our own token endpoint. Cookies count for nothing."""

from __future__ import annotations

import re

from django.http import HttpRequest
from ninja.security import HttpBearer

from kelmu.identity.machine.clients import MachineClient, client_of_token, remembered_client

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class ClientToken(HttpBearer):
    """Every operation's authentication unless it says otherwise (RFC 6750 2.1)."""

    openapi_description = "An access token from `POST /api/v1/token`."

    def __init__(self, *, asked_again: bool = False) -> None:
        """``asked_again``: the operation itself has the door check the token before it does anything, so
        that whose token it is need not be asked each time.
        """
        super().__init__()
        self._whose = remembered_client if asked_again else client_of_token

    def authenticate(self, request: HttpRequest, token: str) -> MachineClient | None:
        """The client of the token; None: not authenticated."""
        del request
        return self._whose(token) if _TOKEN.fullmatch(token) else None


class ApiRequest(HttpRequest):
    """A request of a known client."""

    auth: MachineClient
