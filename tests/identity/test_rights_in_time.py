"""Mandates are read again in time; until they are known, nothing about a client is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kelmu.core import clock
from kelmu.identity import doors
from tests.identity.browsing import Desk, official, organisation, pseudonym, text_of
from tests.simulators import Simulators
from tests.world import World

WORKER = "pirkanmaa_social_worker"
PAGE = "/clients/"


@pytest.fixture
def acting(desk: Desk, world: World) -> Desk:
    """An official who has been acting for four and a half minutes since mandates were read."""
    desk.sign_in(WORKER)
    _age(desk, world, minutes=4.5)
    return desk


def _age(desk: Desk, world: World, *, minutes: float) -> None:
    """Let the mandates of the browser's acting session be that old."""
    assert desk.kept.acting_secret
    world.database.run(
        "UPDATE identity.acting_session SET refreshed_at = now() - %s "
        "WHERE secret_hash = sha256(convert_to(%s, 'UTF8'))",
        timedelta(minutes=minutes),
        desk.kept.acting_secret,
    )


def _revoke(simulators: Simulators, mandate: str | None, person: str = WORKER) -> None:
    simulators.mandates.control(
        "revoke",
        personal_id=official(person).personal_id,
        business_id=organisation("pirkanmaa").business_id,
        mandate=mandate,
    )


def _refreshed(world: World) -> int:
    return len(world.entries(kind="acting_refreshed", official_pseudonym=pseudonym(WORKER)))


def test_fresh_mandates_are_not_read_again(desk: Desk, world: World) -> None:
    desk.sign_in(WORKER)
    before = _refreshed(world)
    assert desk.get(PAGE).status_code == 200
    assert _refreshed(world) == before


def test_mandates_older_than_four_minutes_are_read_again_on_the_next_page(acting: Desk, world: World) -> None:
    before = _refreshed(world)
    assert acting.get(PAGE).status_code == 200
    assert _refreshed(world) == before + 1
    assert acting.get(PAGE).status_code == 200
    assert _refreshed(world) == before + 1


def test_mandates_too_old_for_the_door_are_read_again_too(acting: Desk, world: World) -> None:
    _age(acting, world, minutes=20)
    assert acting.get(PAGE).status_code == 200


def test_a_revoked_mandate_closes_the_page_at_the_next_reading(
    desk: Desk, world: World, simulators: Simulators
) -> None:
    desk.sign_in("pirkanmaa_reviewer")
    assert desk.get(PAGE).status_code == 200
    _revoke(simulators, "benefit_view_and_claims", "pirkanmaa_reviewer")
    _age(desk, world, minutes=4.5)
    assert desk.get(PAGE).status_code == 403


def test_with_all_mandates_gone_acting_ends(acting: Desk, world: World, simulators: Simulators) -> None:
    secret = acting.kept.acting_secret
    assert secret
    _revoke(simulators, None)
    answer = acting.get(PAGE)
    assert answer.headers["Location"].startswith("/organisation/")
    assert doors.acting(secret) is None
    [ended] = world.entries(kind="acting_ended", official_pseudonym=pseudonym(WORKER))[-1:]
    assert ended["detail"] == "mandates_gone"


def test_an_ended_token_is_renewed_without_the_official_noticing(
    acting: Desk, simulators: Simulators
) -> None:
    simulators.mandates.control("expire-tokens")
    assert acting.get(PAGE).status_code == 200


def test_when_it_cannot_be_renewed_the_next_page_goes_through_the_selection_and_comes_back(
    acting: Desk, world: World, simulators: Simulators
) -> None:
    secret = acting.kept.acting_secret
    simulators.mandates.control("renewal", on=False)
    simulators.mandates.control("expire-tokens")
    answer = acting.get(f"{PAGE}?a=b")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{simulators.mandates.url}/oauth/authorize?")
    assert not answer.content
    back = acting.select(answer)
    assert back.headers["Location"] == f"{PAGE}?a=b"
    assert acting.kept.acting_secret == secret, "the same acting session goes on, so open clients stay open"
    assert acting.get(PAGE).status_code == 200


def test_choosing_another_organisation_on_the_way_ends_the_former(desk: Desk, world: World) -> None:
    desk.sign_in("pirkanmaa_and_tampere", ("pirkanmaa",))
    former = desk.kept.acting_secret
    assert former
    answer = desk.select(desk.post("/organisation/select/"), ("tampere",))
    assert answer.status_code == 302
    assert doors.acting(former) is None
    assert desk.kept.acting_secret != former


@pytest.mark.parametrize("switch", ["incomplete", "down"])
def test_mandates_that_cannot_be_read_close_every_client_page_and_keep_the_session(
    acting: Desk, world: World, simulators: Simulators, switch: str
) -> None:
    pirkanmaa = {"business_id": organisation("pirkanmaa").business_id} if switch == "incomplete" else {}
    simulators.mandates.control(switch, on=True, **pirkanmaa)
    answer = acting.get(PAGE)
    assert answer.status_code == 503
    assert "<input" not in text_of(answer).replace('<input type="hidden"', "")
    refusal = world.entries(kind="access_refused", official_pseudonym=pseudonym(WORKER))[-1]
    assert refusal["cause"] == f"mandates_{switch}"
    simulators.mandates.control(switch, on=False, **pirkanmaa)
    assert acting.get(PAGE).status_code == 200


def test_a_form_sent_too_late_is_not_acted_on_and_its_page_comes_back(
    acting: Desk, simulators: Simulators
) -> None:
    simulators.mandates.control("expire-sessions")
    answer = acting.post(PAGE, personal_id="120385-914K", purpose="x")
    assert answer.status_code == 302
    assert "120385" not in answer.headers["Location"]
    assert acting.select(answer).headers["Location"] == PAGE


def test_public_pages_stay_open_whatever_becomes_of_mandates(acting: Desk, simulators: Simulators) -> None:
    simulators.mandates.control("down", on=True)
    assert acting.get("/mandates/").status_code == 200


def test_an_agreement_that_ends_closes_the_pages_on_the_next_request(desk: Desk, world: World) -> None:
    desk.sign_in("tampere_integration")
    assert desk.get(PAGE).status_code == 200
    world.database.run(
        "UPDATE organisations.agreement SET valid_to = (now() - interval '2 days')::date WHERE number = %s",
        organisation("tampere").agreements[0].number,
    )
    assert desk.get(PAGE).status_code == 403
    [entry] = world.entries(kind="refused", official_pseudonym=pseudonym("tampere_integration"))[-1:]
    assert entry["cause"] == "no_agreement"


def test_a_database_with_another_policy_gives_nothing(desk: Desk, world: World) -> None:
    desk.sign_in(WORKER)
    [(digest,)] = world.database.run("SELECT digest FROM policy.version WHERE is_current")
    world.database.run("UPDATE policy.version SET digest = repeat('0', 64) WHERE is_current")
    try:
        assert desk.get(PAGE).status_code == 503
    finally:
        world.database.run("UPDATE policy.version SET digest = %s WHERE is_current", digest)
    assert desk.get(PAGE).status_code == 200


def test_a_clock_an_hour_ahead_reads_mandates_again_rather_than_trusting_them(
    desk: Desk, world: World
) -> None:
    desk.sign_in(WORKER)
    before = _refreshed(world)
    with clock.stopped(clock.now() + timedelta(minutes=4, seconds=30)):
        assert desk.get(PAGE).status_code == 200
    assert _refreshed(world) == before + 1
