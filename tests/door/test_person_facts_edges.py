"""What is true of a person for the one who asks, up to which day, link and moment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import LiteralString

import psycopg
import pytest

from kelmu.core import clock
from tests.door.looking import Moment, Scene
from tests.world import LONG_AGO, TAMPERE, TURKU, World, make_personal_id, pseudonym_of

TODAY = clock.today()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
UNKNOWN = make_personal_id(date(1958, 2, 3), 977)
OF_NOBODY = {
    "found": False, "own_data": False, "family": False, "outside_area": False, "has_relation": False,
    "colleague": False, "died_over_a_year_ago": False, "protected": False, "protection_known": True,
    "protected_right": False, "minor": False, "reason_given": False, "many_persons": False,
    "official_known": True,
}  # fmt: skip
OF_A_CLIENT = {**OF_NOBODY, "found": True}


def test_hardly_a_thing_is_true_of_a_code_nobody_has_or_of_a_client_of_the_area(
    ask: Moment, scene: Scene, world: World
) -> None:
    not_in_register = world.begin(scene.body)
    assert ask.facts(UNKNOWN) == OF_NOBODY
    assert ask.facts(UNKNOWN, not_in_register) == {**OF_NOBODY, "official_known": False}
    client, official = scene.client.personal_id, scene.official.personal_id
    assert ask.facts(client) == OF_A_CLIENT
    assert ask.facts(client, not_in_register) == {**OF_A_CLIENT, "official_known": False}
    own = {"own_data": True, "colleague": True, "outside_area": True}
    assert ask.facts(official) == {**OF_A_CLIENT, **own}


@pytest.mark.parametrize(
    ("organisation_type", "municipality", "near", "far", "nowhere"),
    [
        ("wellbeing_county", None, False, True, True),
        ("municipality", TAMPERE, False, True, True),
        ("reception_centre", None, True, True, True),
        ("pension_institution", None, False, False, False),
    ],
)
def test_outside_is_who_lives_elsewhere_where_the_area_is_asked_for(
    ask: Moment, scene: Scene, world: World, organisation_type: str, municipality: str | None,
    *, near: bool, far: bool, nowhere: bool,
) -> None:  # fmt: skip
    secret = world.begin(world.body(organisation_type, municipality=municipality))
    client = scene.client

    def outside() -> bool:
        found: bool = ask.facts(client.personal_id, secret)["outside_area"]
        return found

    assert outside() is near
    ask.change("DELETE FROM register.residence WHERE person_id = %s", client.person_id)
    assert outside() is nowhere
    ask.change(
        "INSERT INTO register.residence (person_id, municipality_code, valid_from) VALUES (%s, %s, %s)",
        client.person_id, TURKU, LONG_AGO,
    )  # fmt: skip
    assert outside() is far
    assert not ask.facts(UNKNOWN, secret)["outside_area"]


def test_family_is_who_is_linked_to_the_official_and_still_is(
    ask: Moment, scene: Scene, world: World
) -> None:
    child, client = world.person(), scene.client.personal_id
    world.relate(scene.official, child, "child", "parent", ended=YESTERDAY)
    world.relate(scene.client, world.person(), "spouse", "spouse")
    assert ask.facts(child.personal_id) == {**OF_A_CLIENT, "family": True}
    assert ask.facts(client) == OF_A_CLIENT
    ask.change(
        "UPDATE register.family_link SET superseded_at = now() WHERE relative_id = %s", child.person_id
    )
    assert ask.facts(child.personal_id) == OF_A_CLIENT


def test_a_colleague_has_acted_for_the_same_organisation_within_12_months(
    ask: Moment, scene: Scene, world: World
) -> None:
    colleague, stranger = world.person(), world.person()
    world.begin(scene.body, colleague)
    world.begin(world.body(), stranger)
    assert ask.facts(stranger.personal_id) == OF_A_CLIENT
    assert ask.facts(colleague.personal_id) == {**OF_A_CLIENT, "colleague": True}
    begun: LiteralString = "UPDATE identity.acting_session SET started_at = now() - %s::interval \
        WHERE official_person_id = %s"
    counts = {"12 months -1 second": True, "12 months": False, "12 months 9 days": False}
    found = {}
    for ago in counts:
        ask.change(begun, ago, colleague.person_id)
        found[ago] = ask.facts(colleague.personal_id)["colleague"]
    assert found == counts


def test_a_machine_that_names_no_official_of_the_register_has_no_colleagues(
    ask: Moment, scene: Scene, world: World
) -> None:
    body, colleague = world.body(channels=("web", "api")), world.person()
    world.begin(body, colleague)
    found = {}
    for channel in ("web", "api"):
        for official in (scene.official, None):
            secret = world.begin(body, official, channel=channel)
            stated = ask.facts(colleague.personal_id, secret)
            found[channel, stated["official_known"]] = stated["colleague"]
    assert found == {("web", True): True, ("web", False): True, ("api", True): True, ("api", False): False}


def test_a_right_to_the_protected_is_ones_own_under_this_agreement_on_its_days(
    ask: Moment, scene: Scene, world: World
) -> None:
    right: LiteralString = "INSERT INTO organisations.official_right (agreement_id, official_pseudonym, \
        official_right, valid_from, valid_to) VALUES (%s, %s, 'protected_persons', %s, %s)"
    client, own = scene.client.personal_id, pseudonym_of(scene.official.personal_id)
    body, silent = world.body(protected_persons=True), world.body()
    secret, under_the_silent = world.begin(body, scene.official), world.begin(silent, scene.official)
    ask.change(right, body.agreement_id, pseudonym_of(client), LONG_AGO, None)
    ask.change(right, silent.agreement_id, own, LONG_AGO, None)
    assert ask.facts(client, secret) == OF_A_CLIENT
    assert ask.facts(client, under_the_silent) == OF_A_CLIENT
    counts = {
        (LONG_AGO, None): True, (TODAY, None): True, (LONG_AGO, TODAY): True, (LONG_AGO, TOMORROW): True,
        (TOMORROW, None): False, (LONG_AGO, YESTERDAY): False,
    }  # fmt: skip
    found = {}
    for first, last in counts:
        ask.change("DELETE FROM organisations.official_right WHERE official_pseudonym = %s", own)
        ask.change(right, body.agreement_id, own, first, last)
        found[first, last] = ask.facts(client, secret)["protected_right"]
    assert found == counts


@pytest.mark.parametrize(
    ("fact", "column", "counts"),
    [
        (
            "died_over_a_year_ago", "death_date",
            {"1 year 1 day": True, "14 months": True, "1 year": False, "0 days": False},
        ),
        (
            "minor", "birth_date",
            {"18 years -1 day": True, "0 days": True, "18 years": False, "18 years 6 months": False},
        ),
    ],
)  # fmt: skip
def test_a_year_after_death_and_18_years_after_birth_are_full_on_their_day(
    ask: Moment, scene: Scene, fact: str, column: str, counts: dict[str, bool]
) -> None:
    moved = psycopg.sql.SQL(
        "UPDATE register.person SET {} = door_private.today() - %s::interval WHERE person_id = %s"
    ).format(psycopg.sql.Identifier(column))
    found = {}
    for ago in counts:
        ask.change(moved, ago, scene.client.person_id)
        found[ago] = ask.facts(scene.client.personal_id)[fact]
    assert found == counts


@pytest.mark.parametrize(
    ("change", "of_a_client", "of_nobody"),
    [
        ("UPDATE register.source SET available = (source = 'non_disclosure')", True, True),
        ("UPDATE register.source SET available = (source <> 'non_disclosure')", False, False),
        ("DELETE FROM register.source WHERE source = 'non_disclosure'", False, False),
        ("UPDATE register.person SET protection_known = false", False, True),
    ],
)
def test_protection_is_known_where_its_source_and_the_mark_on_the_person_can_be_read(
    ask: Moment, scene: Scene, change: LiteralString, *, of_a_client: bool, of_nobody: bool
) -> None:
    ask.change(change)
    assert ask.facts(scene.client.personal_id)["protection_known"] is of_a_client
    assert ask.facts(UNKNOWN)["protection_known"] is of_nobody
