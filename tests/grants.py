"""Grants for tests of rules that no row of the present policy data reaches."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from kelmu.core import clock
from kelmu.policy import Channel, DataGroup, Grant, Scope
from kelmu.policy.grants import Terms, mint


def grant_of(*, national_area: bool, minor_allowed: bool) -> Grant:
    """A grant for one profile row, with the two properties the person rules depend on."""
    return mint(
        Terms(
            session_id=uuid4(),
            organisation_id=1,
            agreement_id=1,
            mandates=("benefit_view_and_claims",),
            purpose="social_assistance",
            legal_bases=("1412/1997",),
            channel=Channel.WEB,
            scopes=(Scope(2, DataGroup.PENDING, frozenset({"SOC-PER"}), None),),
            national_area=national_area,
            minor_allowed=minor_allowed,
            policy_digest="0" * 64,
            decided_on=date(2026, 11, 24),
            expires_at=clock.now() + timedelta(hours=1),
        )
    )
