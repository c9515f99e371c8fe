"""On generated actors and persons the door's SQL and the policy engine decide alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kelmu.core import clock
from kelmu.identity.acting import ActingSession
from kelmu.policy import (
    Action,
    Channel,
    OrganisationType,
    PersonFacts,
    SqlDecision,
    agrees,
    decide,
    decide_person,
    policy_data,
)
from tests.databases import Database
from tests.door.looking import Desk
from tests.world import ALL_GROUPS, World, pseudonym_of

TODAY = clock.today()
MANDATES = sorted(policy_data().mandates)
PURPOSES = [*sorted(policy_data().purposes), "no_such_purpose"]


@dataclass(frozen=True)
class Actor:
    """An agreement, what is held under it, and what is asked."""

    organisation_type: str
    groups: frozenset[str]
    channels: frozenset[str]
    channel: str
    days_left: int
    agreement_opens_protected: bool
    official_opens_protected: bool
    official_known: bool
    mandates: frozenset[str]
    purpose: str
    asked: frozenset[str]


@dataclass(frozen=True)
class Kind:
    """What is true of the person looked up."""

    born: date
    lives_in: str | None
    protected: bool
    protection_known: bool
    died: date | None
    family: bool
    colleague: bool
    reason: str | None


# What each type may do, so that most examples get past the refusals before any person.
OPENINGS = [
    (organisation_type.code, row.mandate, row.purpose, channel.value)
    for organisation_type in policy_data().organisation_types.values()
    for channel in Channel
    for row in policy_data().inquiry_rows(organisation_type.code, channel)
]


def _actor(opening: tuple[str, str, str, str], others: frozenset[str], **facts: Any) -> Actor:
    organisation_type, mandate, purpose, channel = opening
    return Actor(
        organisation_type=facts.pop("other_type") or organisation_type,
        mandates=others | ({mandate} if facts.pop("holds") else frozenset()),
        purpose=facts.pop("other_purpose") or purpose,
        channel=channel,
        **facts,
    )


usually = st.sampled_from([True, True, True, False])
actors = st.builds(
    _actor,
    st.sampled_from(sorted(set(OPENINGS))),
    st.frozensets(st.sampled_from(MANDATES), max_size=2),
    other_type=st.sampled_from([None] * 20 + [str(code) for code in OrganisationType]),
    other_purpose=st.sampled_from([None] * 20 + PURPOSES),
    holds=usually,
    groups=st.one_of(st.just(frozenset(ALL_GROUPS)), st.frozensets(st.sampled_from(ALL_GROUPS), min_size=1)),
    channels=st.sampled_from([frozenset({"web", "api"})] * 3 + [frozenset({"web"}), frozenset({"api"})]),
    days_left=st.sampled_from([0, 400, 400, -1]),
    agreement_opens_protected=st.booleans(),
    official_opens_protected=st.booleans(),
    official_known=st.booleans(),
    asked=st.one_of(st.just(frozenset(ALL_GROUPS)), st.frozensets(st.sampled_from(ALL_GROUPS), min_size=1)),
)
persons = st.builds(
    Kind,
    born=st.dates(date(1930, 1, 1), TODAY - timedelta(days=700)),
    lives_in=st.sampled_from(["837", "853", "588", None]),
    protected=st.booleans(),
    protection_known=st.sampled_from([True, True, False]),
    died=st.sampled_from([None, None, TODAY - timedelta(days=100), TODAY - timedelta(days=500)]),
    family=st.sampled_from([False, False, True]),
    colleague=st.sampled_from([False, False, True]),
    reason=st.sampled_from([None, "a reason long enough"]),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actor=actors, kind=persons)
def test_door_and_policy_decide_alike(database: Database, actor: Actor, kind: Kind) -> None:
    world = World(database)
    official = world.person(lives_in=None)
    body = world.body(
        actor.organisation_type,
        municipality=None if actor.organisation_type == "wellbeing_county" else "837",
        groups=tuple(sorted(actor.groups)), channels=("web", "api"),
        protected_persons=actor.agreement_opens_protected,
    )  # fmt: skip
    if actor.official_opens_protected:
        world.allow_protected(body, pseudonym_of(official.personal_id))
    secret = world.begin(
        body, official if actor.official_known else None, mandates=tuple(sorted(actor.mandates)),
        channel=actor.channel, pseudonym=pseudonym_of(official.personal_id),
    )  # fmt: skip
    client = world.person(
        born=kind.born, lives_in=kind.lives_in, protection_known=kind.protection_known, death_date=kind.died
    )
    if kind.protected:
        world.protect(client)
    if kind.family:
        world.relate(official, client, "child", "parent")
    if kind.colleague:
        world.begin(body, client, channel=actor.channel)
    # Only now, since nobody could have begun to act under it.
    world.change_agreement(
        body, channels=sorted(actor.channels), valid_to=TODAY + timedelta(days=actor.days_left)
    )
    with database.connect() as connection:
        desk = Desk(connection, secret)
        asked = sorted(actor.asked)
        _, ticket = desk.open(client.personal_id, purpose=actor.purpose, reason=kind.reason, groups=asked)
        answer = desk.outcome(ticket)
        facts = desk.call("SELECT door.acting(%s)::text", secret)
    assert answer is not None
    session = ActingSession.from_json(json.loads(facts), secret)
    door = SqlDecision.from_json(answer["sql_decision"])
    decision = decide(
        session, Action.VIEW_CLIENT, actor.purpose, Channel(actor.channel), today=door.decided_on
    )
    if decision.grant is None:
        assert (door.outcome, door.cause) == ("refused", decision.cause)
    elif not actor.asked & set(decision.grant.groups):
        assert (door.outcome, door.cause) == ("refused", "purpose_not_allowed")
    else:
        person = decide_person(decision.grant, PersonFacts.from_json(answer["facts"]))
        assert agrees(decision.grant, person, door, groups=actor.asked)
