"""The session's end is told in time, can be put off, and leaves nothing on any screen; the keys; the density.

The browser's clock is moved on, not the service's.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.gate import watch
from tests.journeys.conftest import Arrive
from tests.journeys.service import Official, client_code

pytestmark = pytest.mark.browser

IDLE_MINUTES = 30
"""As the setting stands in the demo."""


def looking(arrive: Arrive) -> Official:
    """An official on a client's page, her clock in our hands."""
    official = arrive("tampere_integration").sign_in()
    official.page.clock.install()
    official.search(client_code("ordinary"))
    assert "Virta" in official.text()
    return official


def extensions(page: Page) -> list[int]:
    """The statuses of what was asked of the server to go on, as they come in."""
    statuses: list[int] = []

    def note(answer: Response) -> None:
        if "/session/extend/" in answer.url:
            statuses.append(answer.status)

    page.on("response", note)
    return statuses


def test_the_end_is_told_two_minutes_before_and_can_be_put_off(arrive: Arrive) -> None:
    official = looking(arrive)
    page = official.page
    asked = extensions(page)
    dialog = page.locator("#kelmu-session")
    page.clock.run_for((IDLE_MINUTES - 4) * 60_000)
    expect(dialog).not_to_be_visible()
    page.clock.run_for(150_000)
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-left]")).to_have_text(re.compile(r"[01]:\d\d"))
    assert page.evaluate("document.activeElement.closest('dialog')?.id") == "kelmu-session"
    official.check("the session dialog")
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    assert asked == [200]
    page.clock.run_for(5 * 60_000)
    expect(dialog).not_to_be_visible()
    assert "Virta" in official.text()


def test_at_the_end_every_tab_shows_a_page_that_names_nobody(arrive: Arrive) -> None:
    official = looking(arrive)
    other = watch(official.page.context.new_page())
    other.goto(official.page.url)
    official.page.clock.run_for((IDLE_MINUTES + 1) * 60_000)
    for page in (official.page, other):
        page.wait_for_url("**/session-ended/?reason=idle*")
        body = page.locator("body").inner_text()
        for secret in ("Virta", official.person.family_name, client_code("ordinary"), "Tampere"):
            assert secret not in body
    official.check("the cover page")


def test_signing_out_in_one_tab_covers_the_others(arrive: Arrive) -> None:
    official = looking(arrive)
    other = watch(official.page.context.new_page())
    other.goto(official.page.url)
    other.get_by_role("button", name="Kirjaudu ulos").first.click()
    official.page.wait_for_url("**/session-ended/?reason=signed_out*")
    assert "Virta" not in official.page.locator("body").inner_text()


def test_working_keeps_the_session_on_and_asks_at_most_every_two_minutes(arrive: Arrive) -> None:
    official = looking(arrive)
    page = official.page
    asked = extensions(page)
    for count in range(1, 4):
        page.clock.run_for(61_000)
        page.keyboard.press("Shift")
        page.clock.run_for(61_000)
        with page.expect_response("**/session/extend/"):
            page.keyboard.press("Shift")
        assert asked == [200] * count


def test_the_keys_lead_where_the_list_says_and_are_silent_while_typing(arrive: Arrive) -> None:
    official = arrive("tampere_integration").sign_in()
    page = official.page
    official.search(client_code("ordinary"))
    page.wait_for_url("**/clients/*-*/")
    page.keyboard.press("4")
    page.wait_for_url("**/payments/")
    page.keyboard.press("1")
    page.wait_for_url("**/clients/*-*/")
    page.keyboard.press("Control+2")
    page.keyboard.press("?")
    expect(page.locator("#kelmu-shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.wait_for_url("**/clients/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "personal_id"
    page.keyboard.type("1gs/?")
    assert page.get_by_label("Henkilötunnus").input_value() == "1gs/?"
    page.locator("h1").first.click()
    page.keyboard.type("gs")
    page.wait_for_url("**/settings/")
    official.check("settings")
    page.get_by_label("Pois päältä").check()
    page.get_by_label("Tiivis").check()
    page.get_by_role("button", name="Tallenna").click()
    page.wait_for_url("**/settings/?saved=1")
    page.keyboard.type("gs1?/")
    assert page.url.endswith("/settings/?saved=1")
    assert page.locator("#kelmu-shortcuts").count() == 0
    official.go("/shortcuts/")
    official.check("the list of keys")
    assert "Pikanäppäimet ovat pois päältä" in official.text()


@pytest.mark.parametrize(("density", "low", "high"), [("compact", 31, 34), ("comfortable", 36, 44)])
def test_rows_are_as_high_as_the_density_says(arrive: Arrive, density: str, low: int, high: int) -> None:
    official = arrive("tampere_integration").sign_in()
    official.go("/settings/")
    official.page.locator(f"[name=density][value={density}]").check()
    official.page.get_by_role("button", name="Tallenna").click()
    official.search(client_code("ordinary"))
    official.page.set_viewport_size({"width": 1400, "height": 900})
    official.page.get_by_role("link", name="Maksut", exact=True).click()
    heights = official.page.locator("main tbody tr:not(.kelmu-group)").evaluate_all(
        "rows => rows.map((row) => row.getBoundingClientRect().height)"
    )
    assert heights
    assert low <= min(heights) <= high
