"""What an official has typed is not lost: offered to her where the form opens, and never put in silently."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse

from kelmu.core import clock
from tests.identity.browsing import Desk, pseudonym, text_of
from tests.simulators import Simulators, Visitor
from tests.world import TURKU, Somebody, World

WORKER = "pirkanmaa_social_worker"
TYPED = "Asiakas muuttaa alueellemme ensi kuussa"
ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"


@pytest.fixture
def acting(desk: Desk, world: World) -> Desk:
    world.database.run("DELETE FROM inquiry.draft")
    world.database.run("DELETE FROM inquiry.counted WHERE official_pseudonym = %s", pseudonym(WORKER))
    desk.client.cookies["kelmu_language"] = "en"
    desk.sign_in(WORKER)
    return desk


@pytest.fixture
def elsewhere(world: World) -> Somebody:
    """Somebody about whom a reason is asked."""
    return world.person(lives_in=TURKU)


def search(desk: Desk, code: str, **more: str) -> HttpResponse:
    return desk.post("/clients/", personal_id=code, purpose="social_assistance", told_client="on", **more)


def card(desk: Desk, somebody: Somebody) -> str:
    """The path of the interruption card about somebody."""
    path = search(desk, somebody.personal_id).headers["Location"]
    assert path.startswith("/clients/confirm/")
    return path


def keep(desk: Desk, **typed: str) -> HttpResponse:
    return desk.post("/drafts/keep/", **typed)


def keep_reason(desk: Desk, path: str, reason: str = TYPED) -> HttpResponse:
    inquiry = re.search(ID, path)
    assert inquiry
    return keep(desk, form="reason", inquiry=inquiry[0], reason=reason)


def offers(page: HttpResponse) -> bool:
    return "You have a draft from" in text_of(page)


def test_a_reason_is_offered_then_used_where_the_same_client_is_searched_again(
    acting: Desk, elsewhere: Somebody
) -> None:
    said = keep_reason(acting, card(acting, elsewhere)).json()["said"]  # type: ignore[attr-defined] # the test client's
    assert re.fullmatch(r"Saved as a draft at \d+:\d\d\.", said)
    path = card(acting, elsewhere)
    page = acting.get(path)
    assert offers(page)
    assert TYPED not in text_of(page)
    used = acting.get(f"{path}?draft=use")
    assert not offers(used)
    assert TYPED in text_of(used)
    assert acting.post(path, reason=TYPED).status_code == 302
    assert not offers(acting.get(card(acting, elsewhere)))


def test_a_reason_is_not_offered_for_another_client(acting: Desk, world: World, elsewhere: Somebody) -> None:
    keep_reason(acting, card(acting, elsewhere))
    other = card(acting, world.person(lives_in=TURKU))
    for path in (other, f"{other}?draft=use"):
        page = acting.get(path)
        assert not offers(page)
        assert TYPED not in text_of(page)


def test_a_draft_is_thrown_away_without_script(acting: Desk, elsewhere: Somebody) -> None:
    path = card(acting, elsewhere)
    keep_reason(acting, path)
    page = text_of(acting.get(path))
    form = page[page.index('action="/drafts/discard/"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)[:4])
    answer = acting.post("/drafts/discard/", **hidden)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert not offers(acting.get(path))


def test_a_search_is_offered_on_desk_and_search_page_and_forgotten_when_sent(
    acting: Desk, world: World
) -> None:
    keep(
        acting,
        form="search",
        case_reference="TT-118",
        purpose="client_fees",
        personal_id="010190-999W",
        told_client="on",
    )
    for path in ("/desk/", "/clients/"):
        assert offers(acting.get(path))
        page = text_of(acting.get(f"{path}?draft=use"))
        assert 'value="TT-118"' in page
        assert '<option value="client_fees" selected' in page
        assert "010190" not in page
        assert not re.search(r"told_client[^>]*checked", page), (
            "it was said of a client the draft does not know"
        )
    assert search(acting, "not a code").status_code == 422
    assert offers(acting.get("/clients/"))
    assert search(acting, world.person().personal_id).status_code == 302
    assert not offers(acting.get("/clients/"))


def test_emptying_the_form_forgets_the_draft(acting: Desk) -> None:
    keep(acting, form="search", case_reference="TT-118", purpose="")
    answer = keep(acting, form="search", case_reference=" ", purpose="client_fees")
    assert answer.json() == {"said": ""}  # type: ignore[attr-defined] # the test client's
    assert not offers(acting.get("/clients/"))


def test_a_draft_survives_signing_out_and_in(acting: Desk, elsewhere: Somebody) -> None:
    keep_reason(acting, card(acting, elsewhere))
    acting.post("/sign-out/")
    acting.client.cookies["kelmu_language"] = "en"
    acting.sign_in(WORKER)
    assert offers(acting.get(card(acting, elsewhere)))


def test_another_official_at_the_same_browser_is_offered_nothing(acting: Desk, elsewhere: Somebody) -> None:
    keep_reason(acting, card(acting, elsewhere))
    keep(acting, form="search", case_reference="TT-118", purpose="")
    acting.post("/sign-out/")
    acting.client.cookies["kelmu_language"] = "en"
    acting.sign_in("pirkanmaa_colleague")
    assert not offers(acting.get("/clients/"))
    assert not offers(acting.get(card(acting, elsewhere)))


def test_keeping_does_not_put_off_the_end_of_the_session(acting: Desk) -> None:
    with clock.stopped(clock.now() + timedelta(minutes=29)):
        assert keep(acting, form="search", case_reference="TT-118", purpose="").status_code == 200
    with clock.stopped(clock.now() + timedelta(minutes=31)):
        assert acting.get("/clients/").status_code == 401


def test_a_reason_posted_after_the_end_is_kept_and_the_page_says_so_and_where_to_go_on(
    acting: Desk, elsewhere: Somebody
) -> None:
    path = card(acting, elsewhere)
    acting.get(path)
    with clock.stopped(clock.now() + timedelta(minutes=31)):
        late = acting.post(path, reason=TYPED)
    assert late.status_code == 401
    page = text_of(late)
    assert "What you had written is kept as a draft" in page
    assert TYPED not in page
    assert 'href="/sign-in/?next=%2Fclients%2F%3Fdraft%3Dreason"' in page
    acting.sign_in(WORKER)
    assert "Search for the same client again" in text_of(acting.get("/clients/?draft=reason"))
    assert offers(acting.get(card(acting, elsewhere)))


def test_a_search_posted_after_the_end_is_kept_without_the_code(acting: Desk, world: World) -> None:
    with clock.stopped(clock.now() + timedelta(minutes=31)):
        late = search(acting, "010190-999W", case_reference="TT-118")
    assert "What you had written is kept as a draft" in text_of(late)
    assert world.entries(kind="inquiry", case_reference="TT-118") == []
    acting.sign_in(WORKER)
    assert offers(acting.get("/clients/"))


def test_what_is_saved_after_the_end_is_kept_and_answered_as_over(acting: Desk) -> None:
    with clock.stopped(clock.now() + timedelta(minutes=31)):
        assert keep(acting, form="search", case_reference="TT-118", purpose="").status_code == 401
    acting.sign_in(WORKER)
    assert offers(acting.get("/clients/"))


def test_where_nobody_is_signed_in_the_page_says_that_the_text_is_lost(desk: Desk) -> None:
    desk.client.cookies["kelmu_language"] = "en"
    page = text_of(desk.post(f"/clients/confirm/{uuid4()}/", reason=TYPED))
    assert "could not be kept" in page
    assert "could not be kept" not in text_of(desk.post("/clients/", personal_id="010190-999W"))
    assert "could not be kept" not in text_of(desk.get("/clients/"))


def test_a_reason_that_comes_too_late_for_its_look_up_is_kept(
    acting: Desk, world: World, elsewhere: Somebody
) -> None:
    path = card(acting, elsewhere)
    acting.get(path)
    world.database.run("DELETE FROM inquiry.inquiry_content")
    answer = acting.post(path, reason=TYPED)
    assert answer.status_code == 409
    assert "no longer waits for a reason" in text_of(answer)
    assert offers(acting.get(card(acting, elsewhere)))


def test_a_reason_survives_a_mandate_service_that_is_down(
    acting: Desk, world: World, simulators: Simulators, elsewhere: Somebody
) -> None:
    path = card(acting, elsewhere)
    acting.get(path)
    world.database.run("UPDATE identity.acting_session SET refreshed_at = now() - interval '20 minutes'")
    simulators.mandates.control("down", on=True)
    assert acting.post(path, reason=TYPED).status_code == 503
    simulators.reset()
    assert offers(acting.get(card(acting, elsewhere)))


def test_a_reason_survives_a_new_choice_of_mandates_and_is_offered_on_the_same_card(
    acting: Desk, world: World, simulators: Simulators, elsewhere: Somebody
) -> None:
    path = card(acting, elsewhere)
    acting.get(path)
    world.database.run("UPDATE identity.acting_session SET refreshed_at = now() - interval '20 minutes'")
    simulators.mandates.control("expire-sessions")
    answer = acting.select(acting.post(path, reason=TYPED))
    assert answer.headers["Location"] == path
    assert offers(acting.get(path))


def test_a_search_that_is_held_keeps_its_case(acting: Desk, world: World) -> None:
    for _ in range(5):
        search(acting, world.person(lives_in=TURKU).personal_id)
    assert search(acting, world.person().personal_id, case_reference="TT-118").status_code == 429
    assert offers(acting.get("/clients/"))


@pytest.mark.parametrize(
    "typed",
    [
        {"form": "claim", "reason": TYPED},
        {"form": "reason", "inquiry": "nonsense", "reason": TYPED},
        {"form": "reason", "reason": TYPED},
        {"form": "search", "case_reference": "x" * 9000},
    ],
)
def test_what_is_no_draft_is_refused(acting: Desk, typed: dict[str, str]) -> None:
    assert keep(acting, **typed).status_code == 422
    assert not offers(acting.get("/clients/"))


def test_somebody_elses_inquiry_keeps_nothing_and_is_not_there(
    acting: Desk, visitor: Visitor, elsewhere: Somebody
) -> None:
    path = card(acting, elsewhere)
    stranger = Desk(visitor)
    stranger.sign_in("pirkanmaa_colleague")
    assert keep_reason(stranger, path).status_code == 404
    assert stranger.post(path, reason=TYPED).status_code == 404


def test_who_may_not_search_keeps_nothing(desk: Desk) -> None:
    desk.sign_in("varsinais_suomi_lists")
    assert keep(desk, form="search", case_reference="TT-118").status_code == 403
