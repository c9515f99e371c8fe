"""For whom one acts: straight on with one, a choice with several, and a page for each thing that can lack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kelmu.identity import doors
from tests.identity.browsing import Desk, official, organisation, pseudonym, text_of
from tests.identity.conftest import PUBLIC_URL
from tests.simulators import Simulators, Visitor, running
from tests.world import World
from tools.cast import Right, load_cast

WORKER = "pirkanmaa_social_worker"


def acting_for(desk: Desk) -> str | None:
    """The business id of the organisation acted for."""
    secret = desk.kept.acting_secret
    found = doors.acting(secret) if secret else None
    return found[0].organisation.business_id if found else None


def refusals(world: World, person: str) -> list[tuple[str, str | None]]:
    entries = world.entries(kind="access_refused", official_pseudonym=pseudonym(person))
    return [(entry["cause"], entry["business_id"]) for entry in entries]


def test_the_only_organisation_is_acted_for_at_once_and_the_way_goes_on(desk: Desk, world: World) -> None:
    answer = desk.sign_in(WORKER, next_path="/mandates/")
    assert answer.headers["Location"] == "/mandates/"
    assert acting_for(desk) == organisation("pirkanmaa").business_id
    [begun] = world.entries(kind="acting_begun", official_pseudonym=pseudonym(WORKER))[-1:]
    assert sorted(begun["mandates"]) == ["benefit_view_and_claims", "social_assistance_and_welfare"]


def test_beginning_to_act_gives_the_session_a_new_id(desk: Desk) -> None:
    answer = desk.identify(WORKER)
    before = desk.client.session.session_key
    desk.select(answer)
    assert desk.client.session.session_key != before


def test_several_organisations_are_a_choice_that_says_what_each_opens(desk: Desk) -> None:
    answer = desk.sign_in("pirkanmaa_and_tampere", ("pirkanmaa", "tampere"), next_path="/mandates/")
    assert answer.headers["Location"] == "/organisation/"
    html = text_of(desk.get("/organisation/"))
    for key in ("pirkanmaa", "tampere"):
        assert organisation(key).name_fi in html
    assert html.count('type="radio"') == 2
    assert acting_for(desk) is None


def test_the_choice_needs_one_and_takes_only_what_was_offered(desk: Desk) -> None:
    desk.sign_in("pirkanmaa_and_tampere", ("pirkanmaa", "tampere"))
    for chosen in ({}, {"agreement": "999999"}, {"agreement": "nonsense"}):
        answer = desk.post("/organisation/", **chosen)
        assert answer.status_code == 422
        assert acting_for(desk) is None


def test_the_last_choice_comes_first_next_time(desk: Desk) -> None:
    both = ("pirkanmaa", "tampere")
    desk.sign_in("pirkanmaa_and_tampere", both, next_path="/mandates/")
    names = [organisation(key).name_fi for key in both]
    for wanted in (1, 0):
        html = text_of(desk.get("/organisation/"))
        at = html.index(names[wanted])
        value = html[:at].rpartition('value="')[2].partition('"')[0]
        assert desk.post("/organisation/", agreement=value).headers["Location"] in {"/mandates/", "/"}
        assert acting_for(desk) == organisation(both[wanted]).business_id
        desk.select(desk.post("/organisation/change/"), both)
        html = text_of(desk.get("/organisation/"))
        assert html.index(names[wanted]) < html.index(names[1 - wanted])


def test_two_agreements_of_one_organisation_are_two_choices(desk: Desk) -> None:
    desk.sign_in("helsinki_integration")
    html = text_of(desk.get("/organisation/"))
    assert html.count('type="radio"') == 2


def test_no_organisation_is_explained_with_the_kinds_of_mandate(desk: Desk, world: World) -> None:
    answer = desk.sign_in("outsider")
    assert answer.headers["Location"] == "/organisation/"
    page = desk.get("/organisation/")
    assert page.status_code == 403
    assert 'href="/mandates/"' in text_of(page)
    assert refusals(world, "outsider")[-1] == ("no_organisation", None)


def test_an_agreement_that_has_ended_gives_no_access_and_says_whom_to_ask(desk: Desk, world: World) -> None:
    desk.sign_in("nokia_agreement_ended")
    page = desk.get("/organisation/")
    assert page.status_code == 403
    assert "sopimukset@kela.example" in text_of(page)
    assert "kelmu@nokia.example" in text_of(page)
    nokia = organisation("nokia").business_id
    assert refusals(world, "nokia_agreement_ended")[-1] == ("no_agreement", nokia)
    assert acting_for(desk) is None


def test_an_agreement_for_the_interface_only_opens_no_page(desk: Desk, world: World) -> None:
    desk.sign_in("fund_handler")
    assert desk.get("/organisation/").status_code == 403
    assert refusals(world, "fund_handler")[-1][0] == "no_agreement"


def test_an_incomplete_answer_lets_nobody_in_and_offers_a_retry(
    desk: Desk, world: World, simulators: Simulators
) -> None:
    desk.sign_in("pirkanmaa_incomplete")
    page = desk.get("/organisation/")
    assert page.status_code == 503
    assert 'action="/organisation/select/"' in text_of(page)
    pirkanmaa = organisation("pirkanmaa").business_id
    assert refusals(world, "pirkanmaa_incomplete")[-1] == ("mandates_incomplete", pirkanmaa)
    assert acting_for(desk) is None


def test_a_represented_municipality_is_acted_for_and_opens_lists_only(desk: Desk) -> None:
    desk.sign_in("joint_authority_for_pirkkala")
    assert acting_for(desk) == organisation("pirkkala").business_id
    assert desk.get("/clients/").status_code == 403


def test_without_the_needed_mandate_the_page_says_what_one_has_what_lacks_and_warns_of_the_mix_up(
    world: World, visitor: Visitor
) -> None:
    """An official who was given the Incomes Register's mandate of nearly the same name."""
    cast = load_cast()
    wrong = replace(
        official(WORKER),
        rights=(Right(organisation="pirkanmaa", mandates=("incomes_register_benefit_view",)),),
    )
    changed = replace(cast, officials=tuple(wrong if o.key == WORKER else o for o in cast.officials))
    with running(PUBLIC_URL, cast=changed):
        desk = Desk(visitor)
        desk.sign_in(WORKER)
        page = desk.get("/organisation/")
    assert page.status_code == 403
    html = text_of(page)
    assert "Etuustietojen katselu" in html
    assert "Etuustietojen katselu ja maksuvaatimusten rekisteröinti" in html
    assert organisation("pirkanmaa").business_id in html
    assert refusals(world, WORKER)[-1] == ("missing_mandate", organisation("pirkanmaa").business_id)


def test_a_mandate_that_opens_lists_only_refuses_the_client_search_in_words(desk: Desk, world: World) -> None:
    desk.sign_in("pirkanmaa_wrong_mandate")
    page = desk.get("/clients/")
    assert page.status_code == 403
    assert "Etuustietojen katselu ja maksuvaatimusten rekisteröinti" in text_of(page)
    [entry] = world.entries(kind="refused", official_pseudonym=pseudonym("pirkanmaa_wrong_mandate"))[-1:]
    assert entry["cause"] == "missing_mandate"
    assert "benefit_view_and_claims" in entry["detail"]


def test_leaving_the_selection_says_so_and_offers_it_again(desk: Desk, world: World) -> None:
    answer = desk.identify(WORKER)
    page = desk.back(desk.visitor.cancel_selection(answer.headers["Location"]))
    assert page.status_code == 200
    assert 'action="/organisation/select/"' in text_of(page)
    assert refusals(world, WORKER)[-1] == ("mandates_cancelled", None)


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y", "?error=access_denied&state=y"])
def test_an_answer_to_no_selection_of_this_browser_is_refused(desk: Desk, query: str) -> None:
    desk.identify(WORKER)
    assert desk.get(f"/organisation/return/{query}").status_code == 400
    assert acting_for(desk) is None


def test_a_selection_of_another_browser_is_refused(desk: Desk, visitor: Visitor) -> None:
    answer = desk.identify(WORKER)
    back = visitor.select(answer.headers["Location"])
    stranger = Desk(visitor)
    stranger.identify("tampere_lists")
    assert stranger.back(back).status_code == 400
    assert acting_for(stranger) is None


def test_changing_the_organisation_ends_what_was_open_and_needs_no_new_identification(
    desk: Desk, world: World
) -> None:
    both = ("pirkanmaa", "tampere")
    desk.sign_in("pirkanmaa_and_tampere", ("pirkanmaa",))
    former = desk.kept.acting_secret
    assert former
    assert desk.get("/organisation/").status_code == 200
    answer = desk.post("/organisation/change/")
    assert answer.status_code == 303
    assert doors.acting(former) is None
    [ended] = world.entries(kind="acting_ended", official_pseudonym=pseudonym("pirkanmaa_and_tampere"))[-1:]
    assert ended["detail"] == "changed_organisation"
    desk.select(answer, both[1:])
    assert acting_for(desk) == organisation("tampere").business_id


def test_the_public_page_lists_every_mandate(desk: Desk) -> None:
    html = text_of(desk.get("/mandates/"))
    assert html.count('<th scope="row">') == 10


def test_when_acting_the_page_says_what_one_has_and_gives_a_text_for_what_lacks(desk: Desk) -> None:
    desk.sign_in("pirkanmaa_claims_handler")
    html = text_of(desk.get("/mandates/"))
    assert organisation("pirkanmaa").name_fi in html
    assert html.count("data-copy-source") >= 1
    assert organisation("pirkanmaa").business_id in html


def test_without_an_organisation_pages_that_need_one_lead_to_the_choice(desk: Desk) -> None:
    desk.identify(WORKER)
    answer = desk.get("/clients/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/organisation/?next=%2Fclients%2F"
    assert desk.get(answer.headers["Location"]).status_code == 200
