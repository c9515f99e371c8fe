"""What an official types outlives her session: kept while she types, offered where it belongs only."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.journeys.conftest import Arrive
from tests.journeys.service import Official, client_code

pytestmark = pytest.mark.browser

REASON = "Asiakas on muuttamassa takaisin alueellemme"
IDLE_MINUTES = 30
SAVED = re.compile(r"Tallennettu luonnokseksi klo\s\d+\.\d\d\.")


def saved(page: Page) -> list[str]:
    """What the page sends to be kept, as it goes."""
    bodies: list[str] = []

    def note(request: Request) -> None:
        if "/drafts/keep/" in request.url:
            bodies.append(request.post_data or "")

    page.on("request", note)
    return bodies


def at_the_card(arrive: Arrive, **context: Any) -> Official:
    official = arrive("pirkanmaa_reviewer", **context).sign_in()
    official.search(client_code("helsinki_student"), "social_assistance")
    return official


def test_a_reason_outlives_the_session_and_comes_back_for_the_same_client_only(arrive: Arrive) -> None:
    official = at_the_card(arrive)
    page = official.page
    page.clock.install()
    page.reload()
    sent = saved(page)
    page.locator("[name=reason]").press_sequentially(REASON)
    page.clock.run_for(2_100)
    expect(page.locator("[data-draft-status]")).to_have_text(SAVED)
    official.check("the card with a saved draft")
    page.clock.run_for((IDLE_MINUTES + 1) * 60_000)
    page.wait_for_url("**/session-ended/?*")
    assert len(sent) == 1
    assert "draft=1" in page.url
    assert "luonnoksena" in official.text()
    assert REASON not in page.content()
    official.check("the cover page with a draft")

    official.identify_from_here()
    official.choose_all()
    page.wait_for_url("**/clients/?draft=reason")
    assert "saman asiakkaan uudelleen" in official.text()
    official.search(client_code("died_long_ago"), "social_assistance")
    expect(page.locator("[data-draft-offer]")).to_have_count(0)
    official.search(client_code("helsinki_student"), "social_assistance")
    expect(page.locator("[data-draft-offer]")).to_be_visible()
    assert REASON not in page.content()
    official.check("the card with an offer")
    page.get_by_role("button", name="Käytä luonnosta").click()
    expect(page.locator("[name=reason]")).to_have_value(REASON)
    official.check("the card with the draft in it")
    page.get_by_role("button", name="Jatka").click()
    page.wait_for_url(re.compile(r"/clients/[0-9a-f-]{36}/$"))
    [entry] = [entry for entry in official.own_entries if entry["kind"] == "reason_given"]
    assert entry["reason"] == REASON


def test_the_code_is_never_sent_to_be_kept_and_a_search_without_a_case_sends_nothing(arrive: Arrive) -> None:
    official = arrive("pirkanmaa_reviewer").sign_in()
    page = official.page
    sent = saved(page)
    official.go("/clients/")
    page.clock.install()
    page.get_by_label("Henkilötunnus").fill(client_code("ordinary"))
    page.locator("[name=told_client]").check()
    page.clock.run_for(5_000)
    page.locator("h1").click()
    assert sent == []
    page.locator("[name=case_reference]").fill("TT-2026-118")
    page.clock.run_for(2_100)
    expect(page.locator("[data-draft-status]")).to_have_text(SAVED)
    assert len(sent) == 1
    assert "TT-2026-118" in sent[0]
    for secret in (client_code("ordinary"), "told_client", "personal_id"):
        assert secret not in sent[0]
    official.go("/desk/")
    page.get_by_role("button", name="Poista luonnos").click()
    page.wait_for_url("**/desk/")
    expect(page.locator("[data-draft-offer]")).to_have_count(0)


def test_a_failure_is_told_once_and_nothing_is_lost(arrive: Arrive) -> None:
    official = at_the_card(arrive)
    page = official.page
    page.clock.install()
    page.reload()
    answers = iter(["abort", "abort", "continue"])

    def disturbed(route: Route) -> None:
        if next(answers, "continue") == "abort":
            route.abort()
        else:
            route.continue_()

    page.route("**/drafts/keep/", disturbed)
    told = page.locator("[data-draft-spoken]")
    for word, said in (("Asiakas ", re.compile("ei voitu tallentaa")), ("muuttaa ", "")):
        told.evaluate("element => { element.textContent = '' }")
        page.locator("[name=reason]").press_sequentially(word)
        with page.expect_event("requestfailed"):
            page.clock.run_for(2_100)
        expect(told).to_have_text(said)
    expect(page.locator("[name=reason]")).to_have_value("Asiakas muuttaa ")
    page.locator("[name=reason]").press_sequentially("pian")
    page.clock.run_for(2_100)
    expect(page.locator("[data-draft-status]")).to_have_text(SAVED)
    expect(told).to_have_text(SAVED)


def test_leaving_the_form_saves_at_once_and_a_stray_key_spares_the_draft_on_offer(arrive: Arrive) -> None:
    official = at_the_card(arrive)
    page = official.page
    with page.expect_response("**/drafts/keep/") as answer:
        page.locator("[name=reason]").press_sequentially(REASON)
        page.locator("h1").click()
    assert answer.value.status == 200
    official.search(client_code("helsinki_student"), "social_assistance")
    sent = saved(page)
    page.locator("[name=reason]").press_sequentially("x")
    page.locator("h1").click()
    page.reload()
    assert sent == []
    page.get_by_role("button", name="Käytä luonnosta").click()
    expect(page.locator("[name=reason]")).to_have_value(REASON)
