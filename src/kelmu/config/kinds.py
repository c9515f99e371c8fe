"""The kinds of value a setting can have, each refusing what makes no sense.

Messages never repeat the value: it may be a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _key(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip()
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise ValueError("must be 64 hexadecimal digits, as `openssl rand -hex 32` prints")
    return SecretStr(text.lower())


def _long(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < 50:
        raise ValueError("must have at least 50 random characters")
    return value


def _split_url(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("is not a web address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be a web address that begins with https:// (http:// in demo and test)")
    if parts.username or parts.password or parts.fragment:
        raise ValueError("must be a web address without user name, password and fragment")
    return parts


def _url(value: str) -> str:
    _split_url(value)
    return value


def _origin(value: str) -> str:
    parts = _split_url(value)
    if parts.path not in {"", "/"} or parts.query:
        raise ValueError("must be scheme, host and port only, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(value: SecretStr) -> SecretStr:
    try:
        parameters = conninfo_to_dict(value.get_secret_value())
    except ProgrammingError:
        raise ValueError("is not a PostgreSQL connection URL") from None
    if not parameters.get("user") or not parameters.get("dbname"):
        raise ValueError("must name a user and a database (postgresql://user:password@host:port/database)")
    return value


def encrypted_or_local(url: SecretStr) -> bool:
    """Whether a connection is verified TLS or does not leave the machine."""
    parameters = connection_parameters(url)
    hosts = parameters.get("host", "").split(",")
    local = all(host in LOOPBACK or host.startswith("/") or not host for host in hosts)
    return local or parameters.get("sslmode") == "verify-full"


def _readable(value: Path) -> Path:
    if not value.is_file() or not os.access(value, os.R_OK):
        raise ValueError("names a file that cannot be read")
    return value


def _rsa_key(value: Path) -> Path:
    _readable(value)
    try:
        key = load_pem_private_key(value.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < 2048:
        raise ValueError("must name an RSA private key of 2048 bits or more, as PEM without a password")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
        raise ValueError("is not an e-mail address")
    return value


def _words(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def origin_of(url: str) -> str:
    """The origin (scheme, host, port) of a web address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host_of(url: str) -> str:
    """The host of a web address, as Django's ALLOWED_HOSTS wants it."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def connection_parameters(url: SecretStr) -> Mapping[str, str]:
    """Give libpq's parameters out of a connection URL, all as text."""
    return {name: str(value) for name, value in conninfo_to_dict(url.get_secret_value()).items()}


@dataclass(frozen=True)
class Form:
    """How the settings reference words what a value looks like."""

    text: str


Key = Annotated[SecretStr, AfterValidator(_key), Form("64 hexadecimal digits")]
"""32 random bytes."""
LongSecret = Annotated[SecretStr, AfterValidator(_long), Form("text of 50 characters or more")]
"""A secret text nobody can guess."""
Url = Annotated[str, AfterValidator(_url), Form("web address")]
"""A web address."""
Origin = Annotated[str, AfterValidator(_origin), Form("web address without a path")]
"""Scheme, host and port of a web address, without a final slash."""
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url), Form("PostgreSQL connection URL")]
"""A PostgreSQL connection URL; secret, because it holds a password."""
ReadableFile = Annotated[Path, AfterValidator(_readable), Form("path of a readable file")]
"""The path of a file that exists and can be read."""
RsaKeyFile = Annotated[
    Path, AfterValidator(_rsa_key), Form("path of a PEM file with an RSA key of 2048 bits or more")
]
"""The path of an RSA private key."""
Email = Annotated[str, AfterValidator(_email), Form("e-mail address")]
"""An e-mail address."""
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), Form("words separated by spaces")]
"""Words separated by spaces or commas."""
