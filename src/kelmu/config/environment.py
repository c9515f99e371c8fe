"""Every setting of Kelmu, typed, read from the environment only.

Settings are grouped by capability, one class each; ``WebEnvironment`` is all that the web process
reads. Django's settings carry it as ``settings.KELMU``, which is how capabilities below ``config``
reach it (``settings.KELMU.session_idle_minutes``). No secret has a default in this package: the
demo and the tests make their own. Instead of ``NAME`` any secret can be given as ``NAME_FILE``,
the path of a file that holds its value.
"""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from kelmu.config.kinds import (
    DatabaseUrl,
    Email,
    Key,
    LongSecret,
    Origin,
    ReadableFile,
    RsaKeyFile,
    Url,
    Words,
    connection_parameters,
    encrypted_or_local,
)
from kelmu.config.reading import Group, SettingsError, read, variable_name

__all__ = ["ALL_GROUPS", "Environment", "SettingsError", "WebEnvironment", "read", "variable_name"]


class Environment(StrEnum):
    """What the installation is for. Demo and test may speak plain HTTP; production may not."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


class Deployment(Group):
    """Where and as what the service runs."""

    environment: Environment = Field(
        description="What the installation is for. Only demo and test may speak plain HTTP "
        "and accept the identification provider's test levels."
    )
    public_url: Origin = Field(description="The address people see: scheme, host and port.")
    secret_key: LongSecret = Field(description="Django's secret key: at least 50 random characters.")
    behind_tls_proxy: bool = Field(
        default=False,
        description="A proxy in front ends TLS and overwrites X-Forwarded-Proto on every request.",
    )
    static_root: Path | None = Field(
        default=None, description="Folder of the collected static files; without it, the one in the package."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least severe log line that is written."
    )
    agreements_contact: Email = Field(description="Whom an organisation asks about its agreement.")

    @property
    def secure(self) -> bool:
        """Whether people reach the service over TLS, so that cookies can be Secure."""
        return self.public_url.startswith("https://")


class Serving(Group):
    """The web server's own process (``kelmu serve``)."""

    listen_host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    listen_port: int = Field(default=8000, ge=1, le=65535, description="Port the server listens on.")
    workers: int = Field(default=1, ge=1, le=64, description="Worker processes.")
    threads: int = Field(default=4, ge=1, le=64, description="Requests one worker serves at the same time.")
    tls_certificate: ReadableFile | None = Field(
        default=None, description="Certificate chain (PEM), when the server itself ends TLS."
    )
    tls_key: ReadableFile | None = Field(default=None, description="Private key (PEM) of the certificate.")


class Database(Group):
    """The web process's connection: the role kelmu_web, which can only ask the door."""

    database_url: DatabaseUrl = Field(
        description="Connection of the role kelmu_web. A pooler in between has to keep prepared statements."
    )
    database_pool_min: int = Field(default=1, ge=0, le=200, description="Connections kept open by a worker.")
    database_pool_max: int = Field(default=10, ge=1, le=200, description="Most connections of a worker.")
    database_pool_timeout_seconds: float = Field(
        default=5.0,
        gt=0,
        le=60,
        description="How long a request waits for a connection before it is refused.",
    )


class Sessions(Group):
    """Officials' sessions."""

    session_seal_key: Key = Field(
        description="Key (AES-256-GCM) that seals the official's data in her session: 64 hexadecimal digits."
    )
    pseudonym_key: Key = Field(
        description="Key (HMAC-SHA256) of the pseudonyms that stand for officials in the audit log: "
        "64 hexadecimal digits."
    )
    session_idle_minutes: int = Field(
        default=30, ge=1, le=60, description="Minutes without a request that end a session."
    )
    session_absolute_hours: int = Field(
        default=10, ge=1, le=12, description="Hours after sign-in that end a session in any case."
    )


class Identification(Group):
    """Signing in: OpenID Connect by the Finnish Trust Network profile."""

    oidc_issuer: Url = Field(description="The identification provider's issuer identifier, compared exactly.")
    oidc_discovery: bool = Field(
        default=True,
        description="Read the provider's addresses from its discovery document; "
        "if false, the next three are required.",
    )
    oidc_authorization_endpoint: Url | None = Field(default=None, description="Authorization endpoint.")
    oidc_token_endpoint: Url | None = Field(default=None, description="Token endpoint.")
    oidc_jwks_uri: Url | None = Field(default=None, description="The provider's key set.")
    oidc_client_id: str = Field(min_length=1, description="Our client identifier at the provider.")
    oidc_scope: str = Field(
        default="openid", pattern=r"(^| )openid( |$)", description="Scopes asked for; openid among them."
    )
    oidc_levels: Words = Field(
        default=("http://ftn.ficora.fi/2017/loa2", "http://ftn.ficora.fi/2017/loa3"),
        min_length=1,
        description="Levels of assurance asked for and accepted, separated by spaces.",
    )
    oidc_claims: str = Field(
        default="ftn",
        min_length=1,
        description="Which table of claim names the provider follows: ftn, op, suomifi.",
    )
    oidc_claims_file: ReadableFile | None = Field(
        default=None, description="Another file of claim tables (TOML), in place of the one in the package."
    )
    oidc_service_name: str = Field(
        default="Kelmu",
        min_length=1,
        max_length=40,
        description="The service's name as the provider shows it.",
    )
    oidc_signing_key_file: RsaKeyFile = Field(description="Our RSA key for signatures.")
    oidc_encryption_key_file: RsaKeyFile = Field(description="Our RSA key that opens encrypted ID tokens.")
    oidc_upcoming_signing_key_file: RsaKeyFile | None = Field(
        default=None, description="The next signing key: published, not used yet."
    )
    oidc_upcoming_encryption_key_file: RsaKeyFile | None = Field(
        default=None, description="The next encryption key: published, and already opens tokens."
    )
    oidc_retiring_encryption_key_file: RsaKeyFile | None = Field(
        default=None, description="The former encryption key: no longer published, still opens tokens."
    )
    sign_in_origins: Words = Field(
        default=(),
        description="Further origins that identification or mandates lead to, where they differ from "
        "those of the issuer (or authorization endpoint) and the mandate service; the pages' security policy "
        "names them.",
    )
    outbound_timeout_seconds: float = Field(
        default=5.0,
        gt=0,
        le=60,
        description="How long identification and mandate services may take to answer.",
    )


class Mandates(Group):
    """Mandates: the Suomi.fi-valtuudet web API."""

    mandates_url: Url = Field(description="Base address of the mandate service's web API.")
    mandates_client_id: str = Field(min_length=1, description="Our client identifier at the mandate service.")
    mandates_api_key: SecretStr = Field(min_length=1, description="Key of the request checksum.")
    mandates_oauth_password: SecretStr = Field(min_length=1, description="Password for the token request.")
    mandates_map_file: ReadableFile | None = Field(
        default=None,
        description="Map from mandate URIs to Kelmu's mandates (TOML), in place of the one in the package.",
    )
    mandates_refresh_seconds: int = Field(
        default=240,
        ge=1,
        le=299,
        description="Age at which mandates are read again. The door refuses at 300.",
    )


class Ownership(Group):
    """Migrations and the policy load: the only processes that may know the owner's password."""

    owner_database_url: DatabaseUrl = Field(description="Connection of the role kelmu_owner.")


class Feeding(Group):
    """Loading the register from Kela's files (``kelmu feed``)."""

    feed_database_url: DatabaseUrl = Field(description="Connection of the role kelmu_feed.")


class Working(Group):
    """The worker (``kelmu worker``) and single runs of it (``kelmu notices``)."""

    worker_database_url: DatabaseUrl = Field(description="Connection of the role kelmu_worker.")
    pick_at: time = Field(
        default=time(5),
        description="From what time of the day on, in Finland, the worker sends the computed notices.",
    )
    kela_url: Url | None = Field(
        default=None,
        description="Base address of Kela's side, which is told what officials did with notices. Without it, "
        "Kela fetches its answers over the machine interface.",
    )
    kela_client_id: str | None = Field(default=None, min_length=1, description="Our client identifier there.")
    kela_key: LongSecret | None = Field(
        default=None, description="Key of the checksum of each message there: at least 50 random characters."
    )


class WebEnvironment(Deployment, Serving, Database, Sessions, Identification, Mandates):
    """Everything the web process reads."""

    @model_validator(mode="after")
    def _make_sense_together(self) -> Self:
        faults = [*self._incomplete()]
        if self.environment is Environment.PRODUCTION:
            faults += self._unfit_for_production()
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _incomplete(self) -> list[str]:
        faults = []
        if connection_parameters(self.database_url)["user"] != "kelmu_web":
            faults.append("KELMU_DATABASE_URL: must connect as kelmu_web")
        endpoints = ("oidc_authorization_endpoint", "oidc_token_endpoint", "oidc_jwks_uri")
        if not self.oidc_discovery:
            faults += [
                f"{variable_name(name)} is missing (KELMU_OIDC_DISCOVERY is false)"
                for name in endpoints
                if not getattr(self, name)
            ]
        if self.oidc_signing_key_file == self.oidc_encryption_key_file:
            faults.append(
                "KELMU_OIDC_ENCRYPTION_KEY_FILE: must be another key than KELMU_OIDC_SIGNING_KEY_FILE"
            )
        if bool(self.tls_certificate) != bool(self.tls_key):
            faults.append("KELMU_TLS_CERTIFICATE and KELMU_TLS_KEY: give both or neither")
        if self.database_pool_min > self.database_pool_max:
            faults.append("KELMU_DATABASE_POOL_MIN: must not exceed KELMU_DATABASE_POOL_MAX")
        if self.session_seal_key == self.pseudonym_key:
            faults.append("KELMU_PSEUDONYM_KEY: must be another key than KELMU_SESSION_SEAL_KEY")
        return faults

    def _unfit_for_production(self) -> list[str]:
        outside = ("public_url", "oidc_issuer", "oidc_authorization_endpoint", "oidc_token_endpoint",
                   "oidc_jwks_uri", "mandates_url")  # fmt: skip
        faults = [
            f"{variable_name(name)}: must begin with https:// in production"
            for name in outside
            if not (getattr(self, name) or "https://").startswith("https://")
        ]
        if any("/loatest" in level for level in self.oidc_levels):
            faults.append("KELMU_OIDC_LEVELS: test levels are refused in production")
        if not (self.behind_tls_proxy or self.tls_certificate):
            faults.append("KELMU_TLS_CERTIFICATE is missing (or KELMU_BEHIND_TLS_PROXY, if a proxy ends TLS)")
        if not encrypted_or_local(self.database_url):
            faults.append(
                "KELMU_DATABASE_URL: must say sslmode=verify-full in production, or be on this machine"
            )
        return faults


ALL_GROUPS: tuple[type[Group], ...] = (
    Deployment, Serving, Database, Sessions, Identification, Mandates, Ownership, Feeding, Working,
)  # fmt: skip
"""Every group of settings; the generated reference lists them in this order."""
