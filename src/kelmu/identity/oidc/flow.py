"""The answer of the provider, from callback parameters to an identified person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kelmu.identity.http import OutboundClient
from kelmu.identity.oidc.attempts import Attempt
from kelmu.identity.oidc.claims import IdentifiedPerson
from kelmu.identity.oidc.configuration import RelyingParty
from kelmu.identity.oidc.errors import SignInError, SignInFault
from kelmu.identity.oidc.exchange import fetch_id_token
from kelmu.identity.oidc.id_token import verified_claims

_BACKED_OUT = frozenset({"access_denied", "cancel"})
_PASSING = frozenset({"temporarily_unavailable", "server_error"})
_LEVEL = frozenset({"unmet_authentication_requirements"})


@dataclass(frozen=True)
class Identification:
    """A person the provider identified, and at which level."""

    person: IdentifiedPerson
    level: str


def identify(
    party: RelyingParty, client: OutboundClient, answer: Mapping[str, str], attempt: Attempt, now: datetime
) -> Identification:
    """Finish the attempt with the callback's parameters.

    The caller has found the attempt by the answer's ``state`` and dropped it, so that an answer
    counts once.

    Raises:
        SignInError: any cause but ``UNKNOWN_STATE``, which the caller finds.
    """
    if answer.get("iss", party.provider.issuer) != party.provider.issuer:
        raise SignInError(SignInFault.WRONG_ISSUER, "the answer names another issuer")
    if error := answer.get("error"):
        raise SignInError(_fault(error), "the provider reports an error")
    code = answer.get("code", "")
    if not code:
        raise SignInError(SignInFault.PROVIDER_ERROR, "the answer holds neither code nor error")
    token = fetch_id_token(party, client, code, attempt, now)
    claims = verified_claims(party, token, attempt, now)
    return Identification(party.claims.person(claims), str(claims["acr"]))


def _fault(error: str) -> SignInFault:
    if error in _BACKED_OUT:
        return SignInFault.CANCELLED
    if error in _LEVEL:
        return SignInFault.LEVEL_TOO_LOW
    return SignInFault.PROVIDER_DOWN if error in _PASSING else SignInFault.PROVIDER_ERROR
