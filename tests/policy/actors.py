"""Acting sessions for policy's tests, and Hypothesis strategies of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from kelmu.core import clock
from kelmu.identity.acting import ActingSession, AgreementSummary, OrganisationSummary
from kelmu.policy import PersonFacts, policy_data

TODAY = date(2026, 11, 24)
VIEW = "benefit_view_and_claims"
ASSISTANCE = "social_assistance_and_welfare"
GROUPS = (
    "pending", "decisions", "payments", "coverage", "recovery", "maintenance_collection", "medicine_cap",
    "third_party_info", "claims",
)  # fmt: skip
TYPES = (
    "wellbeing_county", "helsinki", "hus", "aland_municipality", "municipality", "reception_centre",
    "employment_authority", "unemployment_fund", "pension_institution", "insurance_institution",
    "legal_aid_office", "state_treasury", "kela",
)  # fmt: skip
MANDATES = tuple(policy_data().mandates)
PURPOSES = tuple(policy_data().purposes)
FACTS = (
    "own_data", "reason_given", "found", "family", "protected", "protected_right", "outside_area",
    "has_relation", "colleague", "died_over_a_year_ago", "minor", "protection_known", "official_known",
    "many_persons",
)  # fmt: skip
ORDINARY = PersonFacts(
    **(dict.fromkeys(FACTS, False) | dict.fromkeys(("found", "protection_known", "official_known"), True))
)


def acting(
    organisation_type: str = "wellbeing_county",
    mandates: Iterable[str] = (VIEW,),
    *,
    representation: Iterable[str] = (),
    channel: str = "web",
    channels: Iterable[str] = ("web", "api"),
    groups: Iterable[str] = GROUPS,
    valid_from: date = date(2023, 1, 1),
    valid_to: date | None = None,
) -> ActingSession:
    """An acting session under an agreement of that type, in force and with every group unless told."""
    now = clock.now()
    return ActingSession(
        session_id=UUID(int=7),
        secret="ab" * 32,
        organisation=OrganisationSummary(11, "0000000-0", "Koe", "Prov", "Trial"),
        agreement=AgreementSummary(
            agreement_id=13,
            organisation_type=organisation_type,
            channels=frozenset(channels),
            data_groups=frozenset(groups),
            valid_from=valid_from,
            valid_to=valid_to,
            legal_basis="812/2000 21 §",
            contact_email="sopimukset@koe.example",
        ),
        mandates=frozenset(mandates),
        representation_mandates=frozenset(representation),
        channel=channel,
        refreshed_at=now,
        expires_at=now + timedelta(minutes=30),
        policy_digest=policy_data().digest,
        today=TODAY,
    )


def facts(**changed: bool) -> PersonFacts:
    """An ordinary client of an ordinary official, but for what is told."""
    return replace(ORDINARY, **changed)


def at_noon(day: date) -> datetime:
    """A moment of that day."""
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


@st.composite
def sessions(draw: st.DrawFn, channel: str) -> ActingSession:
    """Any actor in that channel: mostly with what it takes, often with something missing."""
    start = draw(st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=1)) | st.just(date(2023, 1, 1)))
    length = draw(st.none() | st.integers(0, 4))
    few = st.sets(st.sampled_from(GROUPS))
    return acting(
        draw(st.sampled_from(TYPES)),
        draw(st.sets(st.sampled_from(MANDATES), max_size=3) | st.just({VIEW, ASSISTANCE})),
        representation=draw(st.sets(st.sampled_from(MANDATES), max_size=2)),
        channel=channel,
        channels=draw(st.sampled_from([("web", "api"), ("web",), ("api",)])),
        groups=draw(st.just(set(GROUPS)) | few),
        valid_from=start,
        valid_to=None if length is None else start + timedelta(days=length),
    )


@st.composite
def person_facts(draw: st.DrawFn) -> PersonFacts:
    """Any thirteen answers, possible in life or not."""
    return PersonFacts(**{name: draw(st.booleans()) for name in FACTS})
