"""The name an official has in the log and in agreements."""

from __future__ import annotations

import hashlib
import hmac

from kelmu.core.personal_id import PersonalId


def official_pseudonym(personal_id: PersonalId, key: bytes) -> str:
    """Keyed pseudonym of an official: 64 hexadecimal digits, HMAC-SHA256 of the identity code.

    The key is not in the database. Without it the pseudonym cannot be computed from a list of all
    possible codes, which a plain hash would allow.
    """
    if len(key) < 32:
        raise ValueError("the pseudonym key must be at least 32 bytes")
    return hmac.new(key, personal_id.value.encode("ascii"), hashlib.sha256).hexdigest()
