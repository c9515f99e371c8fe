"""The pages of signing in: each cause its own, each in the log, none a way to anything weaker."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from kelmu.core import clock
from kelmu.web.sign_in import FAILURES
from tests.identity.browsing import HOST, Desk, pseudonym, text_of
from tests.simulators import Simulators
from tests.world import World

WORKER = "pirkanmaa_social_worker"


def failures(world: World) -> list[str]:
    return [entry["detail"] for entry in world.entries(kind="sign_in_failed")]


def test_an_official_signs_in_and_is_sent_on_to_the_mandates(
    desk: Desk, world: World, simulators: Simulators
) -> None:
    answer = desk.identify(WORKER)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{simulators.mandates.url}/oauth/authorize?")
    assert desk.kept.official
    [entry] = world.entries(kind="signed_in", official_pseudonym=pseudonym(WORKER))
    assert "914K" not in str(entry)
    assert entry["detail"] == "http://ftn.ficora.fi/2017/loatest3"


def test_no_identity_code_or_name_is_in_any_address(desk: Desk) -> None:
    answer = desk.identify(WORKER)
    for address in (desk.to_provider(), answer.headers["Location"]):
        # Sealed text may hold any four letters by chance: the whole code, and the longer name, never.
        for hidden in ("120385-914K", "120385914K", "120385%2D914K", "Korhonen"):
            assert hidden not in address


def test_signing_in_gives_the_session_a_new_id(desk: Desk) -> None:
    address = desk.to_provider()
    before = desk.client.session.session_key
    desk.back(desk.visitor.identify(address, WORKER))
    assert desk.client.session.session_key != before


def test_backing_out_leads_to_its_own_page(desk: Desk, world: World) -> None:
    answer = desk.back(desk.visitor.cancel(desk.to_provider()))
    assert answer.status_code == 200
    assert "You cancelled the sign-in" in text_of(answer) or "keskey" in text_of(answer).lower()
    assert failures(world)[-1] == "cancelled"
    assert desk.kept.official is None


@pytest.mark.parametrize(
    ("person", "fault"), [("weak_sign_in", "level_too_low"), ("eidas_without_code", "no_identity_code")]
)
def test_weak_and_foreign_identification_have_their_pages(
    desk: Desk, world: World, person: str, fault: str
) -> None:
    answer = desk.identify(person)
    assert answer.status_code == 403
    assert failures(world)[-1] == fault
    assert desk.kept.official is None


@pytest.mark.parametrize(
    ("switch", "fault", "status"),
    [("wrong_nonce", "wrong_nonce", 400), ("unencrypted", "bad_token", 502), ("down", "provider_down", 503)],
)
def test_an_answer_that_is_not_as_agreed_has_its_page(
    desk: Desk, world: World, simulators: Simulators, switch: str, fault: str, status: int
) -> None:
    back = desk.visitor.identify(desk.to_provider(), WORKER)
    simulators.identification.control("fault", fault=switch)
    answer = desk.back(back)
    assert answer.status_code == status
    assert failures(world)[-1] == fault
    assert desk.kept.official is None


def test_an_answer_counts_once(desk: Desk, world: World) -> None:
    back = desk.visitor.identify(desk.to_provider(), WORKER)
    desk.back(back)
    answer = desk.back(back)
    assert answer.status_code == 400
    assert failures(world)[-1] == "unknown_state"
    assert desk.kept.official, "the first answer still counts"


def test_a_code_the_provider_does_not_take_has_its_page(desk: Desk, world: World) -> None:
    state = parse_qs(urlsplit(desk.visitor.cancel(desk.to_provider())).query)["state"][0]
    answer = desk.get(f"/sign-in/return/?code=nonsense&state={state}")
    assert answer.status_code == 400
    assert failures(world)[-1] == "code_refused"


def test_an_answer_brought_to_another_browser_signs_nobody_in(desk: Desk, world: World) -> None:
    back = urlsplit(desk.visitor.identify(desk.to_provider(), WORKER))
    stranger = Client(headers={"host": HOST})
    stranger.post("/sign-in/", {"next": ""})  # has a session and a sign-in of its own
    answer = stranger.get(f"{back.path}?{back.query}")
    assert answer.status_code == 400
    assert failures(world)[-1] == "unknown_state"


def test_an_answer_after_a_quarter_of_an_hour_is_too_late(desk: Desk, world: World) -> None:
    with clock.stopped(clock.now() - timedelta(minutes=16)):
        address = desk.to_provider()
    state = parse_qs(urlsplit(address).query)
    assert state["client_id"] == ["kelmu"]
    kept = desk.kept
    [attempt] = kept._content["attempts"]
    answer = desk.get(f"/sign-in/return/?code=x&state={attempt['state']}")
    assert answer.status_code == 400
    assert failures(world)[-1] == "unknown_state"


def test_two_tabs_sign_in_at_once_and_each_returns_to_its_own_page(desk: Desk) -> None:
    first, second = desk.to_provider("/mandates/"), desk.to_provider("/help/")
    one = desk.back(desk.visitor.identify(first, WORKER))
    other = desk.back(desk.visitor.identify(second, WORKER))
    assert one.status_code == other.status_code == 303
    assert desk.select(other).headers["Location"] == "/help/"


def test_the_provider_down_at_the_start_is_a_disruption_page_without_another_way_in(
    desk: Desk, world: World, simulators: Simulators
) -> None:
    simulators.identification.control("fault", fault="down")
    from kelmu.identity.configuration import identity  # noqa: PLC0415 - reads settings

    identity().party.provider._endpoints = None  # forget what was discovered before
    answer = desk.post("/sign-in/")
    assert answer.status_code == 503
    assert failures(world)[-1] == "provider_down"


def test_mandates_down_after_signing_in_says_so_and_keeps_the_official(
    desk: Desk, simulators: Simulators
) -> None:
    back = desk.visitor.identify(desk.to_provider(), WORKER)
    simulators.mandates.control("down", on=True)
    answer = desk.back(back)
    assert answer.headers["Location"] == "/organisation/unavailable/"
    assert desk.get(answer.headers["Location"]).status_code == 503
    assert desk.kept.official
    simulators.mandates.control("down", on=False)
    assert desk.select(desk.post("/organisation/select/")).headers["Location"] == "/"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil", "javascript:x", "/a\nb"]
)
def test_only_our_own_paths_are_returned_to(desk: Desk, wanted: str) -> None:
    answer = desk.sign_in(WORKER, next_path=wanted)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_every_fault_has_a_page_with_something_to_do() -> None:
    for fault, failure in FAILURES.items():
        assert failure.title
        assert failure.text
        assert failure.steps, fault
    assert len({str(failure.title) for failure in FAILURES.values()}) == len(FAILURES)


def test_signing_out_ends_everything_and_shows_nobody(
    desk: Desk, world: World, simulators: Simulators
) -> None:
    desk.sign_in(WORKER)
    kept = desk.kept
    assert kept.acting_secret
    assert kept.live_mandates
    answer = desk.post("/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert desk.kept.official is None
    assert world.entries(kind="signed_out", official_pseudonym=pseudonym(WORKER))
    [ended] = world.entries(kind="acting_ended", official_pseudonym=pseudonym(WORKER))[-1:]
    assert ended["detail"] == "signed_out"
    assert desk.get("/session-ended/?reason=signed_out").status_code == 200


@pytest.mark.parametrize(("minutes", "over"), [(29, False), (31, True)])
def test_a_session_not_used_for_half_an_hour_is_over(
    desk: Desk, world: World, minutes: int, *, over: bool
) -> None:
    desk.sign_in(WORKER)
    with clock.stopped(clock.now() + timedelta(minutes=minutes)):
        answer = desk.get("/organisation/")
    assert (answer.status_code == 401) is over
    assert (desk.kept.official is None) is over
    if over:
        assert (
            world.entries(kind="acting_ended", official_pseudonym=pseudonym(WORKER))[-1]["detail"]
            == "expired"
        )


def test_a_session_is_over_after_ten_hours_however_busy(desk: Desk) -> None:
    desk.sign_in(WORKER)
    begun = clock.now()
    for minutes in range(20, 10 * 60 + 20, 20):
        with clock.stopped(begun + timedelta(minutes=minutes)):
            answer = desk.get("/organisation/")
        if answer.status_code != 200:
            break
    assert answer.status_code == 401
    assert 580 <= minutes <= 600


def test_a_page_that_needs_signing_in_keeps_the_way_back(desk: Desk) -> None:
    answer = desk.get("/organisation/?a=b")
    assert answer.status_code == 401
    assert "/sign-in/?next=%2Forganisation%2F%3Fa%3Db" in text_of(answer)


def test_a_method_a_route_does_not_take_is_405(desk: Desk) -> None:
    assert desk.get("/sign-out/").status_code == 405
    assert desk.post("/mandates/").status_code == 405
