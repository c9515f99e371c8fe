"""The ID token, opened and checked in the profile's order.

Decryption, signature, issuer, audience, times, nonce, level: the first that fails names the fault.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from kelmu.identity.oidc.attempts import Attempt
from kelmu.identity.oidc.configuration import RelyingParty, is_test_level
from kelmu.identity.oidc.errors import SignInError, SignInFault
from kelmu.identity.oidc.keys import OwnKeys
from kelmu.identity.oidc.provider import Provider

KEY_ENCRYPTION = ("RSA-OAEP", "RSA-OAEP-256")
CONTENT_ENCRYPTION = ("A128CBC-HS256", "A128GCM", "A256GCM")
_SKEW_S = 60
_LONGEST = 20_000

# Providers repeat iss and aud in the JWE's header, which the strict check would refuse.
_REGISTRY = jwe.JWERegistry(algorithms=[*KEY_ENCRYPTION, *CONTENT_ENCRYPTION], strict_check_header=False)


def verified_claims(party: RelyingParty, token: str, attempt: Attempt, now: datetime) -> Mapping[str, Any]:
    """The claims of an ID token that is meant for this service, this attempt and this moment.

    Raises:
        SignInError: ``BAD_TOKEN``, ``UNKNOWN_KEY``, ``WRONG_ISSUER``, ``WRONG_TIME``, ``WRONG_NONCE``,
            ``LEVEL_TOO_LOW``, ``TEST_IDENTITY``,
            ``NO_IDENTITY_CODE`` (an eIDAS level) or ``PROVIDER_DOWN`` (keys cannot be had).
    """
    claims = _signed_claims(_decrypted(token, party.keys), party.provider)
    _check_addressing(claims, party)
    _check_times(claims, attempt, now)
    if claims.get("nonce") != attempt.nonce:
        raise SignInError(SignInFault.WRONG_NONCE, "the nonce is not this attempt's")
    _check_level(claims.get("acr"), party)
    return claims


def _bad(detail: str) -> SignInError:
    return SignInError(SignInFault.BAD_TOKEN, detail)


def _decrypted(token: str, keys: OwnKeys) -> str:
    if len(token) > _LONGEST or token.count(".") != 4:
        raise _bad("the ID token is not encrypted")
    try:
        encoded = token.partition(".")[0]
        header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except ValueError:
        raise _bad("the ID token's header is malformed") from None
    if not isinstance(header, dict):
        raise _bad("the ID token's header is malformed")
    if header.get("alg") not in KEY_ENCRYPTION or header.get("enc") not in CONTENT_ENCRYPTION:
        raise _bad("the ID token is encrypted in a way that is not accepted")
    if "crit" in header or "zip" in header or str(header.get("cty", "JWT")).upper() != "JWT":
        raise _bad("the ID token's header has unexpected members")
    try:
        opened = jwe.decrypt_compact(token, _own_key(header.get("kid"), keys), registry=_REGISTRY)
        return (opened.plaintext or b"").decode("ascii")
    except (JoseError, ValueError, UnicodeError):
        raise _bad("the ID token does not open with our key") from None


def _own_key(kid: object, keys: OwnKeys) -> RSAKey:
    if kid is None:
        return keys.encryption
    key = keys.decryption.get(str(kid))
    if key is None:
        raise _bad("the ID token is encrypted for a key that is not ours")
    return key


def _signed_claims(token: str, provider: Provider) -> Mapping[str, Any]:
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError):
        raise _bad("the signed part is malformed") from None
    if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):
        raise _bad("the signed part is not RS256 with a key name")
    key = provider.signing_key(header["kid"])
    try:
        claims = json.loads(jws.deserialize_compact(token, key, algorithms=["RS256"]).payload)
    except (JoseError, ValueError):
        raise _bad("the signature does not hold") from None
    if not isinstance(claims, dict):
        raise _bad("the claims are malformed")
    return claims


def _check_addressing(claims: Mapping[str, Any], party: RelyingParty) -> None:
    if claims.get("iss") != party.provider.issuer:
        raise SignInError(SignInFault.WRONG_ISSUER, "the ID token is of another issuer")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or party.client_id not in audiences:
        raise _bad("the ID token is for another service")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != party.client_id:
        raise _bad("the ID token was made for another party")


def _check_times(claims: Mapping[str, Any], attempt: Attempt, now: datetime) -> None:
    moments = [claims.get(name) for name in ("exp", "iat", "auth_time")]
    if not all(isinstance(moment, int | float) and not isinstance(moment, bool) for moment in moments):
        raise _bad("the ID token lacks a time")
    expires, issued, authenticated = (float(str(moment)) for moment in moments)
    present, begun = now.timestamp(), attempt.started_at.timestamp()
    if present > expires + _SKEW_S or issued > present + _SKEW_S or issued < begun - _SKEW_S:
        raise SignInError(SignInFault.WRONG_TIME, "the ID token is not of this time")
    # prompt=login was asked, so an identification older than the attempt is not an answer to it.
    if authenticated < begun - _SKEW_S or authenticated > present + _SKEW_S:
        raise SignInError(SignInFault.WRONG_TIME, "the identification is not of this attempt")


def _check_level(level: object, party: RelyingParty) -> None:
    if not isinstance(level, str):
        raise SignInError(SignInFault.LEVEL_TOO_LOW, "no level in the ID token")
    if is_test_level(level) and not party.test_levels_accepted:
        raise SignInError(SignInFault.TEST_IDENTITY, "a test level outside the test beds")
    if level in party.levels:
        return
    if level.startswith("http://eidas.europa.eu/"):
        raise SignInError(SignInFault.NO_IDENTITY_CODE, "a foreign means of identification")
    raise SignInError(SignInFault.LEVEL_TOO_LOW, "a level that was not asked for")
