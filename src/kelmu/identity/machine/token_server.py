"""The token endpoint: OAuth 2.0 client credentials (RFC 6749 4.4) by private_key_jwt (RFC 7523), on Authlib.

A client signs a short assertion with its own key and gets a short-lived opaque token. Whatever is wrong with
an assertion, the answer is the same.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import structlog
from authlib.integrations.django_oauth2.requests import DjangoOAuth2Request
from authlib.oauth2 import AuthorizationServer, OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, InvalidClientError, UnauthorizedClientError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kelmu.core import clock
from kelmu.core.door import NoAgreement
from kelmu.identity.machine.clients import issue_token, use_assertion
from kelmu.organisations.api_clients import ApiClient, api_client

TOKEN_PATH = "/api/v1/token"  # noqa: S105 - an address
ALGORITHMS = ("ES256", "PS256", "RS256")
"""What a client may sign with."""
LONGEST = timedelta(minutes=5)
"""How far ahead an assertion may end."""
_SKEW_SECONDS = 30
_METHOD = "private_key_jwt"
_CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9-]{2,62}")
_log = structlog.get_logger("kelmu.token")


def audience() -> str:
    """What an assertion must name as its audience: this endpoint's own address."""
    return f"{settings.KELMU.public_url}{TOKEN_PATH}"


def answer_token_request(request: HttpRequest) -> HttpResponse:
    """Answer a token request (RFC 6749 4.4.2) with a token, or with an error (5.2)."""
    answer = _server().create_token_response(request)
    assert isinstance(answer, HttpResponse)
    return answer


class _Client(ClientMixin):  # type: ignore[misc] # Authlib is untyped
    """A client as Authlib asks about it."""

    def __init__(self, client: ApiClient) -> None:
        self.client_id = client.client_id
        self.keys = client.keys

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str) -> str:
        del scope
        return ""

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return bool(method == _METHOD and endpoint == "token")

    def check_grant_type(self, grant_type: str) -> bool:
        return bool(grant_type == ClientCredentialsGrant.GRANT_TYPE)


class _Assertion(JWTBearerClientAssertion):  # type: ignore[misc] # Authlib is untyped
    """A client's assertion: signed by a key of its own that is valid today, short-lived, used once."""

    CLIENT_AUTH_METHOD = _METHOD

    def get_audiences(self) -> list[str]:
        return [audience()]

    def resolve_client_public_key(self, client: _Client) -> KeySet:
        if not client.keys:
            raise InvalidClientError
        return KeySet.import_key_set({"keys": [dict(key) for key in client.keys]})

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> dict[str, Any]:
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=list(ALGORITHMS))
        except (JoseError, ValueError, TypeError, KeyError):
            raise InvalidClientError from None
        self.verify_claims(token.claims)
        return token.claims

    def validate_jti(self, claims: Mapping[str, Any], jti: object) -> bool:
        end = claims["exp"]
        if not isinstance(jti, str) or not 8 <= len(jti) <= 200 or not jti.isascii():
            return False
        if end > (clock.now() + LONGEST).timestamp() + _SKEW_SECONDS:
            return False
        return use_assertion(claims["sub"], jti, datetime.fromtimestamp(end, UTC))


class _Grant(ClientCredentialsGrant):  # type: ignore[misc] # Authlib is untyped
    TOKEN_ENDPOINT_AUTH_METHODS = (_METHOD,)


class _Server(AuthorizationServer):  # type: ignore[misc] # Authlib is untyped
    """Authlib's server over our tables and doors."""

    def query_client(self, client_id: str) -> _Client | None:
        if not _CLIENT_ID.fullmatch(client_id):
            return None
        client = api_client(client_id, day=clock.today())
        return None if client is None else _Client(client)

    def save_token(self, token: dict[str, Any], request: DjangoOAuth2Request) -> None:
        try:
            token["expires_in"] = issue_token(request.client.client_id, token["access_token"])
        except NoAgreement:
            raise UnauthorizedClientError from None

    def create_oauth2_request(self, request: HttpRequest) -> DjangoOAuth2Request:
        return DjangoOAuth2Request(request)

    def handle_response(self, status: int, body: object, headers: Iterable[tuple[str, str]]) -> HttpResponse:
        del headers
        return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})

    def handle_error_response(self, request: DjangoOAuth2Request, error: OAuth2Error) -> HttpResponse:
        del request
        # Which part was wrong is not for the caller.
        _log.info("token_refused", cause=error.error)
        status = 401 if isinstance(error, InvalidClientError) else 400
        return self.handle_response(status, {"error": error.error}, ())

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""


def _new_token(grant_type: str, client: _Client, **_rest: object) -> dict[str, Any]:
    del grant_type, client
    return {"token_type": "Bearer", "access_token": secrets.token_urlsafe(32)}


@cache
def _server() -> _Server:
    server = _Server()
    server.register_token_generator("default", _new_token)
    server.register_client_auth_method(_METHOD, _Assertion(leeway=_SKEW_SECONDS))
    server.register_grant(_Grant)
    return server
