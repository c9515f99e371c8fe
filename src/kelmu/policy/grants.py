"""The grant: proof that policy allowed something, and exactly what.

Only ``decisions`` mints grants. A grant carries a seal over all its fields under a key that exists
in this process only, so one that was made up, copied with a change or brought from elsewhere is
worth nothing: ``require`` tells. It lives for the request it was minted for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import NoReturn
from uuid import UUID

from kelmu.core import clock
from kelmu.core.errors import Refused
from kelmu.policy.vocabulary import Channel, DataGroup

LIFETIME = timedelta(seconds=60)

_KEY = secrets.token_bytes(32)


class GrantRefusedError(Refused):
    """The grant is not one that policy minted, or its time is over."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One opened profile row: a data group, for these benefits, from ``since`` (included) on.

    ``since`` None means no limit. Days already fixed in the future belong to the scope.
    """

    profile_id: int
    group: DataGroup
    benefits: frozenset[str]
    since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one decision allows: who, for whom, why, on which legal bases, what, until when.

    ``mandates`` are those the scopes rest on, ``scopes`` are in the order of ``profile_id``,
    ``decided_on`` is the day the windows count from, ``expires_at`` the first moment they are worth
    nothing. Terms alone open nothing: a ``Grant`` does.
    """

    session_id: UUID
    organisation_id: int
    agreement_id: int
    mandates: tuple[str, ...]
    purpose: str
    legal_bases: tuple[str, ...]
    channel: Channel
    scopes: tuple[Scope, ...]
    national_area: bool
    minor_allowed: bool
    policy_digest: str
    decided_on: date
    expires_at: datetime

    @property
    def groups(self) -> tuple[DataGroup, ...]:
        """The data groups the grant opens, in the order pages show them."""
        opened = {scope.group for scope in self.scopes}
        return tuple(group for group in DataGroup if group in opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant(Terms):
    """Terms under policy's seal. Cannot be pickled or copied.

    Raises:
        GrantRefusedError: the seal is not that of these terms, so ``dataclasses.replace`` raises too.
    """

    seal: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_seal(self)

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a grant is neither pickled nor copied")


def mint(terms: Terms) -> Grant:
    """Put terms under seal. For ``kelmu.policy.decisions`` only, which a test watches."""
    return Grant(**dict(zip(_NAMES, _facts(terms), strict=True)), seal=_seal(terms))


def require(grant: Grant) -> Grant:
    """The grant, if it is worth anything at this moment. Every reader calls this first.

    Raises:
        GrantRefusedError: it was not minted by policy in this process, was changed, or has expired.
    """
    if type(grant) is not Grant:
        raise GrantRefusedError("not a grant")
    _check_seal(grant)
    if clock.now() >= grant.expires_at:
        raise GrantRefusedError("the grant has expired")
    return grant


def _check_seal(grant: Grant) -> None:
    try:
        sealed = isinstance(grant.seal, bytes) and hmac.compare_digest(grant.seal, _seal(grant))
    except (AttributeError, TypeError):
        raise GrantRefusedError("not a whole grant") from None
    if not sealed:
        raise GrantRefusedError("not a grant that policy minted")


def _seal(terms: Terms) -> bytes:
    sealed = (
        terms.session_id.int,
        terms.organisation_id,
        terms.agreement_id,
        terms.mandates,
        terms.purpose,
        terms.legal_bases,
        terms.channel.value,
        _scopes_digest(terms.scopes),
        terms.national_area,
        terms.minor_allowed,
        terms.policy_digest,
        terms.decided_on.isoformat(),
        terms.expires_at.isoformat(),
    )
    # Keyed BLAKE2 authenticates by itself (RFC 7693), at a fraction of what HMAC costs here.
    return hashlib.blake2b(repr(sealed).encode(), key=_KEY, digest_size=32).digest()


_NAMES = tuple(each.name for each in fields(Terms))
_facts = attrgetter(*_NAMES)


# Grants share few scopes, of many codes each, and a seal is taken several times in each request. Both are
# kept under their value, not their identity: whatever was changed in place is another value.
@lru_cache(maxsize=1024)
def _scopes_digest(scopes: tuple[Scope, ...]) -> str:
    text = json.dumps(
        [
            [scope.profile_id, scope.group, _benefits_digest(scope.benefits), str(scope.since)]
            for scope in scopes
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=256)
def _benefits_digest(benefits: frozenset[str]) -> str:
    return hashlib.sha256("\0".join(sorted(benefits)).encode()).hexdigest()
