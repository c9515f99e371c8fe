"""The code for an ID token, with private_key_jwt client authentication (RFC 7523)."""

from __future__ import annotations

import uuid
from datetime import datetime

import httpx
from joserfc import jwt

from kelmu.identity.http import OutboundClient
from kelmu.identity.oidc.attempts import Attempt
from kelmu.identity.oidc.configuration import RelyingParty
from kelmu.identity.oidc.errors import SignInError, SignInFault

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIVE_S = 300


def client_assertion(party: RelyingParty, token_endpoint: str, now: datetime) -> str:
    """Proof that it is this service that asks: signed, for this endpoint only, five minutes, one use."""
    issued = int(now.timestamp())
    claims = {
        "iss": party.client_id,
        "sub": party.client_id,
        "aud": token_endpoint,
        "jti": str(uuid.uuid4()),
        "iat": issued,
        "exp": issued + _ASSERTION_LIVE_S,
    }
    header = {"alg": "RS256", "kid": party.keys.signing.kid}
    return jwt.encode(header, claims, party.keys.signing, algorithms=["RS256"])


def fetch_id_token(
    party: RelyingParty, client: OutboundClient, code: str, attempt: Attempt, now: datetime
) -> str:
    """The ID token the provider gives for the code, as received: still encrypted, nothing checked.

    Raises:
        SignInError: ``CODE_REFUSED`` (``invalid_grant``), ``PROVIDER_DOWN`` (no answer, 5xx, nonsense)
            or ``PROVIDER_ERROR`` (any other refusal).
    """
    endpoint = party.provider.endpoints().token
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": party.redirect_uri,
        "client_id": party.client_id,
        "code_verifier": attempt.verifier,
        "client_assertion_type": _ASSERTION_TYPE,
        "client_assertion": client_assertion(party, endpoint, now),
    }
    try:
        response = client.post_form(endpoint, form)
    except httpx.HTTPError:
        raise SignInError(SignInFault.PROVIDER_DOWN, "the token endpoint does not answer") from None
    return _id_token(response)


def _id_token(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if response.status_code >= 500 or not isinstance(answer, dict):
        raise SignInError(SignInFault.PROVIDER_DOWN, "the token endpoint answers nonsense")
    if response.status_code != 200:
        if answer.get("error") == "invalid_grant":
            raise SignInError(SignInFault.CODE_REFUSED, "the provider does not take the code")
        raise SignInError(SignInFault.PROVIDER_ERROR, "the token endpoint refuses the request")
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise SignInError(SignInFault.BAD_TOKEN, "the answer holds no ID token")
    return token
