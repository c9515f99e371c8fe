"""``decide`` and ``decide_person``: the one engine that every page, interface and list asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kelmu.core import clock
from kelmu.core.errors import NotSignedIn
from kelmu.identity.acting import ActingSession
from kelmu.policy import rules
from kelmu.policy.content import PolicyData, ProfileRow, Purpose
from kelmu.policy.grants import LIFETIME, Grant, Scope, Terms, mint, require
from kelmu.policy.loader import policy_data
from kelmu.policy.rules import InquiryAccess, PersonDecision, PersonFacts
from kelmu.policy.vocabulary import Action, Cause, Channel, Feature


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an action is allowed; if not, why, and which mandates would help; if so, the grant it gives.

    There is a grant only where the action opens an inquiry and a purpose was chosen.
    ``missing_mandates`` are codes in the order of the mandate list.
    """

    allowed: bool
    cause: Cause | None = None
    missing_mandates: tuple[str, ...] = ()
    grant: Grant | None = None


def decide(
    session: ActingSession | None, action: Action, purpose: str | None, channel: Channel, *, today: date
) -> Decision:
    """Whether an action is allowed now, from agreement, mandates and profile, in this order.

    Never touches the register. Whether somebody is identified is for the caller to see to
    (``action.needs_identification``).

    Args:
        session: None where nobody acts for an organisation.
        action: what the route declares.
        purpose: the chosen one, or None before it is chosen.
        channel: the one the request came through.
        today: the day in Finland that agreement and look-back count from.

    Raises:
        NotSignedIn: the action needs an acting session and there is none.
        ValueError: the acting session was begun in another channel.
    """
    if not action.needs_acting:
        return Decision(allowed=True)
    if session is None:
        raise NotSignedIn("nobody acts for an organisation")
    if session.channel != channel:
        raise ValueError("the acting session belongs to another channel")
    if not session.agreement_in_force(today) or channel not in session.agreement.channels:
        return Decision(allowed=False, cause=Cause.NO_AGREEMENT)
    if action.feature is not None:
        return _decide_feature(session, action.feature)
    if not action.opens_inquiry:
        return Decision(allowed=True)
    return _decide_inquiry(session, action, purpose, channel, today)


def _decide_feature(session: ActingSession, feature: Feature) -> Decision:
    """A feature is open in every channel of the agreement to who holds a mandate that its type has it for."""
    data = policy_data()
    opening = {
        row.mandate
        for row in data.features.values()
        if row.organisation_type == session.agreement.organisation_type and row.feature is feature
    }
    if not opening:
        return Decision(allowed=False, cause=Cause.PURPOSE_NOT_ALLOWED)
    if opening & session.mandates:
        return Decision(allowed=True)
    missing = tuple(code for code in data.mandates if code in opening)
    return Decision(allowed=False, cause=Cause.MISSING_MANDATE, missing_mandates=missing)


def _decide_inquiry(
    session: ActingSession, action: Action, purpose: str | None, channel: Channel, today: date
) -> Decision:
    data = policy_data()
    access = _access(data, session, purpose, channel)
    if access.cause is not None:
        missing = tuple(code for code in data.mandates if code in access.missing_mandates)
        return Decision(allowed=False, cause=access.cause, missing_mandates=missing)
    if purpose is not None:
        return Decision(allowed=True, grant=_grant(data, session, data.purposes[purpose], access.rows, today))
    if action.needs_purpose:
        return Decision(allowed=False, cause=Cause.PURPOSE_NOT_ALLOWED)
    return Decision(allowed=True)


def _access(data: PolicyData, session: ActingSession, purpose: str | None, channel: Channel) -> InquiryAccess:
    return rules.inquiry_access(
        data.inquiry_rows(session.agreement.organisation_type, channel),
        mandates=session.mandates,
        data_groups=session.agreement.data_groups,
        purpose=purpose,
    )


def _grant(
    data: PolicyData, session: ActingSession, purpose: Purpose, rows: tuple[ProfileRow, ...], today: date
) -> Grant:
    terms = Terms(
        session_id=session.session_id,
        organisation_id=session.organisation.organisation_id,
        agreement_id=session.agreement.agreement_id,
        mandates=tuple(sorted({row.mandate for row in rows})),
        purpose=purpose.code,
        legal_bases=tuple(dict.fromkeys(row.legal_basis for row in rows)),
        channel=Channel(session.channel),
        scopes=_scopes(tuple(sorted(row.profile_id for row in rows)), today),
        national_area=data.organisation_types[session.agreement.organisation_type].national_area,
        minor_allowed=purpose.minor_allowed,
        policy_digest=data.digest,
        decided_on=today,
        expires_at=min(clock.now() + LIFETIME, session.expires_at),
    )
    return mint(terms)


@lru_cache(maxsize=1024)
def _scopes(profile_ids: tuple[int, ...], today: date) -> tuple[Scope, ...]:
    """The scopes of profile rows on a day: the same for everybody, and the same values for every grant."""
    profiles = policy_data().profiles
    return tuple(
        Scope(
            profile_id=profile_id,
            group=profiles[profile_id].data_group,
            benefits=profiles[profile_id].benefits,
            since=rules.window_start(today, profiles[profile_id].lookback_months),
        )
        for profile_id in profile_ids
    )


def decide_person(grant: Grant, facts: PersonFacts) -> PersonDecision:
    """What may be told of a person under a grant.

    Raises:
        GrantRefusedError: the grant is worth nothing.
    """
    require(grant)
    return rules.judge_person(facts, national_area=grant.national_area, minor_allowed=grant.minor_allowed)


def purposes_for(session: ActingSession, channel: Channel, today: date) -> tuple[Purpose, ...]:
    """The purposes an inquiry can be made for now, in the order of the purpose list.

    Raises:
        ValueError: the acting session was begun in another channel.
    """
    if not decide(session, Action.INQUIRE, None, channel, today=today).allowed:
        return ()
    data = policy_data()
    opened = {row.purpose for row in _access(data, session, None, channel).rows}
    return tuple(purpose for purpose in data.purposes.values() if purpose.code in opened)


def inquiry_mandates(organisation_type: str, channel: Channel | None = None) -> tuple[str, ...]:
    """The mandates that open an inquiry under an agreement of this type, in the order of the mandate list.

    Args:
        organisation_type: the agreement's type; an unknown one has none.
        channel: only in this channel; None means in any.
    """
    data = policy_data()
    channels = [channel] if channel else list(Channel)
    opening = {row.mandate for each in channels for row in data.inquiry_rows(organisation_type, each)}
    return tuple(code for code in data.mandates if code in opening)
