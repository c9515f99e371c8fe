"""Policy's decision is the one a second, naive reading of the same files comes to."""

from __future__ import annotations

import itertools
from dataclasses import asdict
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kelmu.identity.acting import ActingSession
from kelmu.policy import Action, Channel, Decision, PersonFacts, decide, decide_person, purposes_for
from tests.policy import naive
from tests.policy.actors import FACTS, PURPOSES, TODAY, acting, person_facts, sessions

DAYS = st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)) | st.dates(
    date(2023, 1, 1), date(2031, 1, 1)
)


def purposes_about(session: ActingSession) -> st.SearchStrategy[str]:
    """Half of the time a purpose that lines of the actor's type name; else any, or none that exists."""
    kind = session.agreement.organisation_type.replace("helsinki", "wellbeing_county")
    fitting = sorted({line["purpose"] for line in naive.PROFILES if line["organisation_type"] == kind})
    anything = st.sampled_from([*PURPOSES, "nonsense", ""])
    return st.sampled_from(fitting) | anything if fitting else anything


def actor_of(session: ActingSession) -> naive.Actor:
    agreement = session.agreement
    return naive.Actor(
        kind=agreement.organisation_type,
        mandates=session.mandates,
        agreement_channels=agreement.channels,
        agreement_groups=agreement.data_groups,
        agreement_first_day=agreement.valid_from,
        agreement_last_day=agreement.valid_to,
    )


def opened_by(decision: Decision) -> naive.Opened:
    opened: naive.Opened = {}
    for scope in decision.grant.scopes if decision.grant else ():
        since = scope.since.isoformat() if scope.since else ""
        opened.setdefault(scope.group, {}).update(dict.fromkeys(scope.benefits, since))
    return opened


@settings(max_examples=600, deadline=None)
@given(st.data(), st.sampled_from(Channel), DAYS)
def test_decide_agrees_with_the_naive_reading(data: st.DataObject, channel: Channel, today: date) -> None:
    session = data.draw(sessions(channel))
    purpose = data.draw(purposes_about(session))
    decision = decide(session, Action.INQUIRE, purpose, channel, today=today)
    verdict = naive.ask(actor_of(session), purpose, channel, today)
    assert (decision.cause or "") == verdict.cause
    assert set(decision.missing_mandates) == verdict.wanted_mandates
    assert opened_by(decision) == verdict.opened
    assert decision.allowed is (decision.grant is not None) is (not verdict.cause)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(Channel), DAYS)
def test_the_purposes_offered_are_those_the_naive_reading_opens(
    data: st.DataObject, channel: Channel, today: date
) -> None:
    session = data.draw(sessions(channel))
    actor = actor_of(session)
    offered = [purpose.code for purpose in purposes_for(session, channel, today)]
    assert offered == naive.purposes(actor, channel, today)
    search_form = decide(session, Action.INQUIRE, None, channel, today=today)
    assert (search_form.cause or "") == naive.ask(actor, None, channel, today).cause
    assert search_form.grant is None
    assert search_form.allowed is bool(offered)


@settings(max_examples=400, deadline=None)
@given(st.data(), st.sampled_from(Channel), person_facts())
def test_decide_person_agrees_with_the_naive_reading(
    data: st.DataObject, channel: Channel, facts: PersonFacts
) -> None:
    session = data.draw(sessions(channel))
    purpose = data.draw(purposes_about(session))
    decision = decide(session, Action.VIEW_CLIENT, purpose, channel, today=TODAY)
    if decision.grant is not None:
        person = decide_person(decision.grant, facts)
        kind = session.agreement.organisation_type
        assert (person.outcome, person.rule) == naive.judge(kind, purpose, asdict(facts))


def test_every_combination_of_facts_is_judged_as_the_naive_reading_does() -> None:
    natures = [
        ("wellbeing_county", "social_assistance", "web"),
        ("wellbeing_county", "client_fees", "web"),
        ("legal_aid_office", "legal_aid", "web"),
        ("reception_centre", "reception", "api"),
        ("pension_institution", "pension_decision", "api"),
    ]
    for kind, purpose, channel in natures:
        grant = decide(
            acting(kind, channel=channel), Action.VIEW_CLIENT, purpose, Channel(channel), today=TODAY
        ).grant
        assert grant is not None
        for answers in itertools.product((False, True), repeat=len(FACTS)):
            each = dict(zip(FACTS, answers, strict=True))
            person = decide_person(grant, PersonFacts(**each))
            assert (person.outcome, person.rule) == naive.judge(kind, purpose, each), each
