"""Keys of the cast's systems: made where the demo or a test runs, kept for the user only (mode 0600)."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey

_ALGORITHM = "ES256"


def client_key(folder: Path, client_id: str) -> ECKey:
    """The private key of a client, made at first use and kept in the folder."""
    path = folder / f"{client_id}.pem"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pem = ECKey.generate_key("P-256", private=True).as_pem(private=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
    return ECKey.import_key(path.read_bytes())


def public_jwk(key: ECKey) -> Mapping[str, str]:
    """The public half as a JSON Web Key, named by its thumbprint (RFC 7638)."""
    members = key.as_dict(private=False)
    chosen = {name: str(members[name]) for name in ("kty", "crv", "x", "y")}
    return {**chosen, "kid": key.thumbprint(), "alg": _ALGORITHM, "use": "sig"}


def assertion(key: ECKey, client_id: str, audience: str, **claims: object) -> str:
    """A client's signed assertion for a token (RFC 7523), good for a minute unless told otherwise."""
    now = int(time.time())
    told = {
        "iss": client_id, "sub": client_id, "aud": audience, "iat": now, "exp": now + 60,
        "jti": str(uuid.uuid4()), **claims,
    }  # fmt: skip
    return jwt.encode({"alg": _ALGORITHM, "kid": key.thumbprint()}, told, key)
