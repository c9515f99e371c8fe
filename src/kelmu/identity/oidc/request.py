"""The signed authorization request (RFC 9101), as the Finnish Trust Network profile demands it."""

from __future__ import annotations

import base64
import hashlib
import uuid
from urllib.parse import urlencode

from joserfc import jwt

from kelmu.identity.oidc.attempts import Attempt
from kelmu.identity.oidc.configuration import RelyingParty
from kelmu.identity.oidc.errors import SignInError

_LIVE_S = 600
_LANGUAGES = frozenset({"fi", "sv", "en"})


def authorization_address(party: RelyingParty, attempt: Attempt, language: str) -> str:
    """Where the browser goes: the authorization endpoint with the signed request object.

    Everything that matters is inside the request object; the outer parameters only repeat what
    OAuth needs to find the client.

    Args:
        party: this service.
        attempt: the attempt whose state, nonce and verifier the request carries.
        language: ``fi``, ``sv`` or ``en``; anything else becomes ``fi``.

    Raises:
        SignInError: the provider's endpoints cannot be had.
    """
    endpoint = party.provider.endpoints().authorization
    outer = {
        "client_id": party.client_id,
        "response_type": "code",
        "scope": party.scope,
        "request": request_object(party, attempt, language),
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(outer)}"


def request_object(party: RelyingParty, attempt: Attempt, language: str) -> str:
    """The request as a JWS (RS256, ``kid``), good for ten minutes and one use."""
    issued = int(attempt.started_at.timestamp())
    challenge = hashlib.sha256(attempt.verifier.encode()).digest()
    claims = {
        "iss": party.client_id,
        "aud": party.provider.issuer,
        "client_id": party.client_id,
        "response_type": "code",
        "redirect_uri": party.redirect_uri,
        "scope": party.scope,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "acr_values": " ".join(party.levels),
        "ui_locales": language if language in _LANGUAGES else "fi",
        "ftn_spname": party.service_name,
        "prompt": "login",
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "iat": issued,
        "exp": issued + _LIVE_S,
        "jti": str(uuid.uuid4()),
    }
    header = {"alg": "RS256", "kid": party.keys.signing.kid}
    return jwt.encode(header, claims, party.keys.signing, algorithms=["RS256"])


def end_session_address(party: RelyingParty, return_uri: str, language: str) -> str | None:
    """Where the browser tells the provider of a sign-out (OpenID Connect RP-Initiated Logout 1.0).

    None: the provider does not want to be told, or cannot be asked now; signing out is local then. No ID
    token goes along as a hint, since it would put an identity code into an address.

    Args:
        party: this service.
        return_uri: where the provider sends the browser back; registered there.
        language: as of the sign-in.
    """
    try:
        endpoint = party.provider.endpoints().end_session
    except SignInError:
        return None
    if endpoint is None:
        return None
    parameters = {
        "client_id": party.client_id,
        "post_logout_redirect_uri": return_uri,
        "ui_locales": language if language in _LANGUAGES else "fi",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"
