"""This service's own keys: one RSA pair that signs, one that decrypts, and what is published of them.

``kid`` is the RFC 7638 thumbprint. An upcoming key is published before it is used, and an upcoming
encryption key decrypts from the start; a retiring encryption key is no longer published and still
decrypts what was made for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.jwk import RSAKey

_MINIMUM_BITS = 2048

Use = Literal["sig", "enc"]


class KeyFileError(ValueError):
    """A key file cannot be read as an RSA private key of at least 2048 bits; the message says which."""


def read_private_key(path: Path, use: Use) -> RSAKey:
    """An RSA private key from a PEM file, marked for one use, with its thumbprint as ``kid``.

    Raises:
        KeyFileError: the file is missing, is no RSA private key, or is too short.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError:
        raise KeyFileError(f"key file {path.name} cannot be read") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(f"key file {path.name} is not a private key in PEM form") from None
    if not isinstance(key, RSAPrivateKey):
        raise KeyFileError(f"key file {path.name} is not an RSA key")
    if key.key_size < _MINIMUM_BITS:
        raise KeyFileError(f"key file {path.name} is shorter than {_MINIMUM_BITS} bits")
    return RSAKey.import_key(key, {"use": use, "kid": RSAKey.import_key(key).thumbprint()})


def _published(key: RSAKey, algorithm: str | None) -> dict[str, Any]:
    shown: dict[str, Any] = dict(key.as_dict(private=False))
    if algorithm:
        shown["alg"] = algorithm
    return shown


@dataclass(frozen=True)
class OwnKeys:
    """The keys in force. ``decryption`` holds every key that may open an ID token, the present one first."""

    signing: RSAKey
    encryption: RSAKey
    upcoming_signing: RSAKey | None = None
    upcoming_encryption: RSAKey | None = None
    retiring_encryption: RSAKey | None = None

    def __post_init__(self) -> None:
        if self.signing.thumbprint() == self.encryption.thumbprint():
            raise KeyFileError("the signing key and the encryption key are the same; make two")

    @classmethod
    def from_files(
        cls,
        signing: Path,
        encryption: Path,
        *,
        upcoming_signing: Path | None = None,
        upcoming_encryption: Path | None = None,
        retiring_encryption: Path | None = None,
    ) -> OwnKeys:
        """Read every key named.

        Raises:
            KeyFileError: one of the files does not hold what it should.
        """
        return cls(
            signing=read_private_key(signing, "sig"),
            encryption=read_private_key(encryption, "enc"),
            upcoming_signing=read_private_key(upcoming_signing, "sig") if upcoming_signing else None,
            upcoming_encryption=read_private_key(upcoming_encryption, "enc") if upcoming_encryption else None,
            retiring_encryption=read_private_key(retiring_encryption, "enc") if retiring_encryption else None,
        )

    @cached_property
    def decryption(self) -> dict[str, RSAKey]:
        """Keys that open what was encrypted for us, by ``kid``."""
        keys = (self.encryption, self.upcoming_encryption, self.retiring_encryption)
        return {key.thumbprint(): key for key in keys if key}

    @cached_property
    def published(self) -> dict[str, list[dict[str, Any]]]:
        """The JWK set for ``/.well-known/jwks.json``: public halves only, none that is retiring."""
        signing = [key for key in (self.signing, self.upcoming_signing) if key]
        encryption = [key for key in (self.encryption, self.upcoming_encryption) if key]
        return {
            "keys": [*(_published(k, "RS256") for k in signing), *(_published(k, None) for k in encryption)]
        }
