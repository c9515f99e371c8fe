"""How this service is known to the provider, and what it asks of it."""

from __future__ import annotations

from dataclasses import dataclass

from kelmu.identity.oidc.claims import ClaimTable
from kelmu.identity.oidc.keys import OwnKeys
from kelmu.identity.oidc.provider import Provider

_TEST_LEVELS = ("loatest2", "loatest3")


def is_test_level(level: str) -> bool:
    """Whether an ``acr`` value belongs to the test beds (``…/loatest2``, ``…/loatest3``)."""
    return level.rsplit("/", 1)[-1] in _TEST_LEVELS


@dataclass(frozen=True)
class RelyingParty:
    """Everything a sign-in needs, fixed for the life of the process.

    ``levels`` are the requested ``acr`` values; nothing else is accepted. ``test_levels_accepted``
    is false in production, whatever was requested.
    """

    client_id: str
    redirect_uri: str
    scope: str
    levels: tuple[str, ...]
    service_name: str
    claims: ClaimTable
    keys: OwnKeys
    provider: Provider
    test_levels_accepted: bool

    def __post_init__(self) -> None:
        if not self.levels:
            raise ValueError("at least one level of identification must be requested")
        if not self.test_levels_accepted and any(map(is_test_level, self.levels)):
            raise ValueError("test levels of identification cannot be requested in production")
        if "openid" not in self.scope.split():
            raise ValueError("the scope must contain openid")
        if len(self.service_name) > 40:
            raise ValueError("the service name shown at the provider has at most 40 characters")
