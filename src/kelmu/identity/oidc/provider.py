"""What this service knows of the identification provider: its endpoints and its signing keys."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from kelmu.identity.http import OutboundClient
from kelmu.identity.oidc.errors import SignInError, SignInFault

_ENDPOINTS_LIVE_S = 3600.0
_KEYS_LIVE_S = 86400.0
_REFETCH_AT_MOST_EVERY_S = 10.0
_MINIMUM_BITS = 2048


@dataclass(frozen=True)
class Endpoints:
    """Addresses at the provider. ``end_session``: where it is told of a sign-out, if it wants to be told."""

    authorization: str
    token: str
    keys: str
    end_session: str | None = None


class Provider:
    """The provider's metadata and keys, fetched when needed and kept: endpoints an hour, keys a day.

    A ``kid`` that is not among the kept keys leads to one new fetch, at most every ten seconds, so
    that tokens with made-up key names cannot make this service flood the provider.
    """

    def __init__(
        self,
        issuer: str,
        client: OutboundClient,
        *,
        endpoints: Endpoints | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.issuer = issuer
        self._client = client
        self._given = endpoints
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, dict[str, RSAKey]] | None = None

    def endpoints(self) -> Endpoints:
        """The endpoints as configured, or as the provider's discovery document says.

        Raises:
            SignInError: ``PROVIDER_DOWN`` when the document cannot be had or is of another issuer.
        """
        if self._given:
            return self._given
        kept = self._endpoints
        if kept and self._monotonic() - kept[0] < _ENDPOINTS_LIVE_S:
            return kept[1]
        found = self._discover()
        self._endpoints = (self._monotonic(), found)
        return found

    def signing_key(self, kid: str) -> RSAKey:
        """The provider's public signing key of this name.

        Raises:
            SignInError: ``UNKNOWN_KEY`` when the provider publishes no such key, ``PROVIDER_DOWN`` when
                its keys cannot be had.
        """
        with self._lock:
            kept = self._keys
            if kept is None or self._outdated(kept, kid):
                kept = self._fetch_keys()
        key = kept[1].get(kid)
        if key is None:
            raise SignInError(SignInFault.UNKNOWN_KEY, "signed with a key the provider does not publish")
        return key

    def _outdated(self, kept: tuple[float, dict[str, RSAKey]], kid: str) -> bool:
        age = self._monotonic() - kept[0]
        return age > _KEYS_LIVE_S or (kid not in kept[1] and age > _REFETCH_AT_MOST_EVERY_S)

    def _discover(self) -> Endpoints:
        document = self._json(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self.issuer:
            raise SignInError(SignInFault.PROVIDER_DOWN, "discovery names another issuer")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        found = [document.get(name) for name in names]
        if not all(map(self._is_usable, found)):
            raise SignInError(SignInFault.PROVIDER_DOWN, "discovery lacks a usable endpoint")
        authorization, token, keys = map(str, found)
        end_session = document.get("end_session_endpoint")
        wants_to_know = self._is_usable(end_session)
        return Endpoints(authorization, token, keys, str(end_session) if wants_to_know else None)

    def _is_usable(self, address: object) -> bool:
        secure = self.issuer.startswith("https://")
        return isinstance(address, str) and address.startswith(
            "https://" if secure else ("http://", "https://")
        )

    def _fetch_keys(self) -> tuple[float, dict[str, RSAKey]]:
        document = self._json(self.endpoints().keys)
        listed = document.get("keys")
        if not isinstance(listed, list):
            raise SignInError(SignInFault.PROVIDER_DOWN, "the provider's key set is malformed")
        keys = dict(pair for pair in map(_signing_key, listed) if pair)
        self._keys = (self._monotonic(), keys)
        return self._keys

    def _json(self, url: str) -> Mapping[str, Any]:
        try:
            response = self._client.get(url)
            document = response.json() if response.status_code == 200 else None
        except (httpx.HTTPError, ValueError):
            document = None
        if not isinstance(document, dict):
            raise SignInError(SignInFault.PROVIDER_DOWN, "no usable answer from the provider")
        return document


def _signing_key(listed: object) -> tuple[str, RSAKey] | None:
    """One RSA signing key of a JWK set with its name; None for other kinds, which are not ours to judge."""
    if not isinstance(listed, dict) or listed.get("kty") != "RSA" or listed.get("use", "sig") != "sig":
        return None
    kid, modulus, exponent = listed.get("kid"), listed.get("n"), listed.get("e")
    if not isinstance(kid, str) or not isinstance(modulus, str) or not isinstance(exponent, str):
        return None
    if len(modulus) * 6 < _MINIMUM_BITS:
        return None
    try:
        return kid, RSAKey.import_key({"kty": "RSA", "n": modulus, "e": exponent, "use": "sig"})
    except (JoseError, ValueError):
        return None
