"""How long things live, what an entry says, and what the list of own inquiries shows."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from kelmu.core import clock
from tests.door.looking import Desk
from tests.door.test_tickets import refused_with
from tests.world import TURKU, Body, Somebody, World


def only(world: World, query: Any, *values: object) -> Any:
    [(value,)] = world.database.run(query, *values)
    return value


def test_a_session_lives_ten_hours(desk: Desk, world: World, body: Body) -> None:
    lifetime = "SELECT expires_at - started_at FROM identity.acting_session WHERE organisation_id = %s"
    assert only(world, lifetime, body.organisation_id) == timedelta(hours=10)


def test_a_refresh_of_4_minutes_ago_is_in_time(
    desk: Desk, world: World, body: Body, client: Somebody
) -> None:
    age = "UPDATE identity.acting_session SET refreshed_at = now() - %s::interval WHERE organisation_id = %s"
    world.database.run(age, "4 minutes 50 seconds", body.organisation_id)
    assert desk.decided(client.personal_id) == ("given", "given")
    assert desk.call("SELECT door.acting(%s)", desk.secret)["stale"] is False
    world.database.run(age, "5 minutes", body.organisation_id)
    assert desk.call("SELECT door.acting(%s)", desk.secret)["stale"] is True


def refresh(desk: Desk) -> Any:
    return desk.call(
        "SELECT door.refresh_acting(%s, '{}', '{claims}', %s, sha256('roles'))", desk.secret, uuid.uuid4()
    )


def test_a_refresh_makes_a_late_session_whole_and_is_an_entry(desk: Desk, world: World, body: Body) -> None:
    world.database.run(
        "UPDATE identity.acting_session SET refreshed_at = now() - interval '9 minutes' "
        "WHERE organisation_id = %s", body.organisation_id,
    )  # fmt: skip
    assert refresh(desk) is True
    facts = desk.call("SELECT door.acting(%s)", desk.secret)
    assert (facts["stale"], facts["mandates"], facts["representation_mandates"]) == (False, [], ["claims"])
    [entry] = world.entries(organisation_id=body.organisation_id, kind="acting_refreshed")
    assert entry["mandates"] == ["claims"]


def test_an_expired_session_is_not_refreshed(desk: Desk, world: World, body: Body) -> None:
    world.database.run(
        "UPDATE identity.acting_session SET started_at = now() - interval '11 hours', "
        "expires_at = now() - interval '1 hour' WHERE organisation_id = %s", body.organisation_id,
    )  # fmt: skip
    assert refresh(desk) is False
    assert desk.call("SELECT door.acting(%s)", desk.secret) is None


def test_one_session_is_refreshed_and_ended_and_no_other(
    desk: Desk, world: World, body: Body, official: Somebody
) -> None:
    other = Desk(desk.connection, world.begin(body, official))
    assert refresh(desk) is True
    assert other.call("SELECT door.acting(%s)", other.secret)["mandates"] == ["benefit_view_and_claims"]
    assert desk.call("SELECT door.end_acting(%s, 'mandates_gone')", desk.secret) is True
    assert other.call("SELECT door.acting(%s)", other.secret) is not None
    [entry] = world.entries(organisation_id=body.organisation_id, kind="acting_ended")
    assert entry["detail"] == "mandates_gone"


@pytest.mark.parametrize("reason", [None, "", "bored"])
def test_a_session_ends_for_a_known_reason(desk: Desk, reason: str | None) -> None:
    with refused_with("KL010"):
        desk.call("SELECT door.end_acting(%s, %s)", desk.secret, reason)
    for known in ("expired", "signed_out"):
        assert desk.call("SELECT door.end_acting(%s, %s)", desk.secret, known) is (known == "expired")


def test_an_entry_of_an_inquiry_says_everything_it_rests_on(
    desk: Desk, world: World, body: Body, client: Somebody, official: Somebody
) -> None:
    inquiry_id, _ = desk.open(client.personal_id)
    [entry] = world.entries(inquiry_id=inquiry_id)
    said = {
        "kind": "inquiry", "official_person_id": official.person_id, "organisation_id": body.organisation_id,
        "business_id": body.business_id, "organisation_type": "wellbeing_county",
        "agreement_id": body.agreement_id, "mandates": ["benefit_view_and_claims"], "channel": "web",
        "purpose": "social_assistance", "case_reference": "case-1", "told_client": True, "reason": None,
        "vouched": False, "subject_person_id": client.person_id, "outcome": "given", "rule": "given",
        "cause": None, "former_code": False, "data_groups": ["decisions", "payments", "pending"],
        "for_review": False, "document_digest": None,
    }  # fmt: skip
    assert {name: entry[name] for name in said} == said
    [(digest,)] = world.database.run("SELECT digest FROM policy.version WHERE is_current")
    assert entry["policy_digest"] == digest
    assert {row[1] for row in entry["scope"]} == {"decisions", "payments", "pending"}
    assert entry["facts"]["found"] is True


def recent(desk: Desk) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = desk.call("SELECT door.recent_inquiries(%s)", desk.secret)
    return rows


def test_the_list_of_own_inquiries_holds_what_was_disclosed_and_lives(
    desk: Desk, world: World, body: Body, official: Somebody
) -> None:
    assert recent(desk) == []
    assert world.entries(organisation_id=body.organisation_id, kind="use") == []
    one = world.person(family_name="Ahonen", given_names="Bertta")
    two = world.person(family_name="Cygnaeus", given_names="Disa")
    over = world.person(family_name="Enqvist", given_names="Frans")
    opened = []
    for somebody in (over, one, two):
        inquiry_id, ticket = desk.open(somebody.personal_id)
        assert desk.read(ticket)
        opened.append(inquiry_id)
    desk.open(world.person(lives_in=TURKU).personal_id)
    world.database.run("UPDATE inquiry.inquiry SET expires_at = now() WHERE inquiry_id = %s", opened[0])
    assert [row["initials"] for row in recent(desk)] == ["DC", "BA"]
    [entry] = world.entries(organisation_id=body.organisation_id, kind="use")
    mentioned = world.database.run(
        "SELECT person_id FROM audit.entry_mention WHERE entry_id = %s ORDER BY 1", entry["entry_id"]
    )
    assert mentioned == [(one.person_id,), (two.person_id,)]
    assert recent(Desk(desk.connection, world.begin(body, official))) == []


def test_who_died_stays_as_old_as_she_became(desk: Desk, world: World) -> None:
    died = clock.today() - timedelta(days=300)
    dead = world.person(born=date(died.year - 60, died.month, min(died.day + 1, 28)), death_date=died)
    _, ticket = desk.open(dead.personal_id)
    whole_years = 60 - ((died.month, died.day) < (died.month, min(died.day + 1, 28)))
    assert json.loads(desk.read(ticket) or "")["person"]["age"] == whole_years
