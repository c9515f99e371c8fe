"""Sealing of what the web session must keep but the database must not be able to read or change.

AES-256-GCM with a random 96-bit nonce. The context (the session's id) is authenticated with the
content, so that a sealed text moved to another session does not open.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE_BYTES = 12


class BrokenSealError(Exception):
    """The sealed text was changed, moved, or sealed with another key."""


def seal(content: dict[str, Any], key: bytes, context: str) -> str:
    """Encrypt JSON-able ``content`` with the 32-byte ``key``, bound to ``context``; URL-safe text."""
    nonce = os.urandom(_NONCE_BYTES)
    plain = json.dumps(content, separators=(",", ":"), sort_keys=True).encode()
    box = AESGCM(key).encrypt(nonce, plain, _VERSION + context.encode())
    return base64.urlsafe_b64encode(_VERSION + nonce + box).decode("ascii")


def unseal(text: str, key: bytes, context: str) -> dict[str, Any]:
    """The content of a sealed text.

    Raises:
        BrokenSealError: it does not open under this key and context.
    """
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        if raw[:1] != _VERSION:
            raise BrokenSealError("unknown version")
        nonce, box = raw[1 : 1 + _NONCE_BYTES], raw[1 + _NONCE_BYTES :]
        content = json.loads(AESGCM(key).decrypt(nonce, box, _VERSION + context.encode()))
    except (InvalidTag, ValueError, UnicodeError, binascii.Error):
        raise BrokenSealError("does not open") from None
    if not isinstance(content, dict):
        raise BrokenSealError("unexpected content")
    return content
