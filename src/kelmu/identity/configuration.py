"""What identity takes from the settings, made once and kept for the life of the process."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from pydantic import SecretStr

from kelmu.identity.http import OutboundClient, outbound
from kelmu.identity.mandates.client import MandateService
from kelmu.identity.mandates.themes import ThemeMap
from kelmu.identity.oidc.claims import ClaimTable
from kelmu.identity.oidc.configuration import RelyingParty
from kelmu.identity.oidc.keys import OwnKeys
from kelmu.identity.oidc.provider import Endpoints, Provider

SIGN_IN_RETURN = "/sign-in/return/"
"""Where the identification provider sends the browser back; registered there."""
SIGNED_OUT = "/session-ended/?reason=signed_out"
"""Where the identification provider sends the browser after a sign-out; registered there."""
SELECTION_RETURN = "/organisation/return/"
"""Where the mandate service sends the browser back; registered there."""


class IdentitySettings(Protocol):
    """The settings identity reads; their meaning is with them in ``kelmu.config.environment``."""

    public_url: str
    oidc_issuer: str
    oidc_discovery: bool
    oidc_authorization_endpoint: str | None
    oidc_token_endpoint: str | None
    oidc_jwks_uri: str | None
    oidc_client_id: str
    oidc_scope: str
    oidc_levels: tuple[str, ...]
    oidc_claims: str
    oidc_claims_file: Path | None
    oidc_service_name: str
    oidc_signing_key_file: Path
    oidc_encryption_key_file: Path
    oidc_upcoming_signing_key_file: Path | None
    oidc_upcoming_encryption_key_file: Path | None
    oidc_retiring_encryption_key_file: Path | None
    mandates_url: str
    mandates_client_id: str
    mandates_api_key: SecretStr
    mandates_oauth_password: SecretStr
    mandates_map_file: Path | None
    mandates_refresh_seconds: int
    outbound_timeout_seconds: float
    pseudonym_key: SecretStr
    session_seal_key: SecretStr
    session_idle_minutes: int
    session_absolute_hours: int
    agreements_contact: str

    @property
    def environment(self) -> str:
        """``production``, ``demo`` or ``test``."""
        ...


@dataclass(frozen=True)
class Identity:
    """Everything the sign-in, the mandates and the sessions rest on."""

    http: OutboundClient = field(repr=False)
    party: RelyingParty
    signed_out_uri: str
    mandates: MandateService
    pseudonym_key: bytes = field(repr=False)
    seal_key: bytes = field(repr=False)
    idle: timedelta
    absolute: timedelta
    refresh_after: timedelta
    agreements_contact: str

    @classmethod
    def from_settings(cls, given: IdentitySettings) -> Identity:
        """Read keys, claim table and theme map.

        Raises:
            ValueError: a file or a combination of settings cannot be used; the message says which.
        """
        http = outbound(given.outbound_timeout_seconds)
        return cls(
            http=http,
            party=_party(given, http),
            signed_out_uri=given.public_url + SIGNED_OUT,
            mandates=MandateService(
                base_url=given.mandates_url.rstrip("/"),
                client_id=given.mandates_client_id,
                api_key=given.mandates_api_key.get_secret_value(),
                oauth_password=given.mandates_oauth_password.get_secret_value(),
                redirect_uri=given.public_url + SELECTION_RETURN,
                themes=ThemeMap.load(given.mandates_map_file),
                http=http,
            ),
            pseudonym_key=bytes.fromhex(given.pseudonym_key.get_secret_value()),
            seal_key=bytes.fromhex(given.session_seal_key.get_secret_value()),
            idle=timedelta(minutes=given.session_idle_minutes),
            absolute=timedelta(hours=given.session_absolute_hours),
            refresh_after=timedelta(seconds=given.mandates_refresh_seconds),
            agreements_contact=given.agreements_contact,
        )


_making = threading.Lock()
_made: tuple[object, Identity] | None = None


def identity() -> Identity:
    """The process's identity configuration, made from ``settings.KELMU`` at first use."""
    global _made  # noqa: PLW0603 - one per process, like the settings it is made from
    given: IdentitySettings = settings.KELMU
    made = _made
    if made is None or made[0] is not given:
        with _making:
            made = _made
            if made is None or made[0] is not given:
                _made = made = (given, Identity.from_settings(given))
    return made[1]


def _party(given: IdentitySettings, http: OutboundClient) -> RelyingParty:
    return RelyingParty(
        client_id=given.oidc_client_id,
        redirect_uri=given.public_url + SIGN_IN_RETURN,
        scope=given.oidc_scope,
        levels=tuple(given.oidc_levels),
        service_name=given.oidc_service_name,
        claims=ClaimTable.named(given.oidc_claims, given.oidc_claims_file),
        keys=OwnKeys.from_files(
            given.oidc_signing_key_file,
            given.oidc_encryption_key_file,
            upcoming_signing=given.oidc_upcoming_signing_key_file,
            upcoming_encryption=given.oidc_upcoming_encryption_key_file,
            retiring_encryption=given.oidc_retiring_encryption_key_file,
        ),
        provider=Provider(given.oidc_issuer, http, endpoints=_endpoints(given)),
        test_levels_accepted=given.environment != "production",
    )


def _endpoints(given: IdentitySettings) -> Endpoints | None:
    if given.oidc_discovery:
        return None
    addresses = (given.oidc_authorization_endpoint, given.oidc_token_endpoint, given.oidc_jwks_uri)
    if not all(addresses):
        raise ValueError("without discovery the provider's three endpoints must be given")
    return Endpoints(*(str(address) for address in addresses))
