"""An official works through her inbox of notices by keyboard, and is told quietly of what comes meanwhile."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import expect

from kelmu.core.personal_id import PersonalId
from tests.browser.keyboard import check_keyboard
from tests.journeys.conftest import Arrive
from tests.journeys.service import Official, Service, client_code

pytestmark = pytest.mark.browser

_keys = itertools.count(1)
_SEND = """
    SELECT door_private.send_notice(p.person_id, 'social_work_need', false, 'housing', now(), NULL, %s, '{}')
    FROM register.person p WHERE p.personal_id = %s
"""


def send(service: Service) -> int:
    """A notice about a client, as Kela would send it; its number."""
    with service.connect("kelmu_admin") as connection:
        code = PersonalId.parse(client_code("ordinary")).value
        connection.execute(_SEND.encode(), [f"journey/{next(_keys)}", code])
        row = connection.execute("SELECT max(number) FROM notices.notice").fetchone()
    assert row is not None
    return int(row[0])


def shown(official: Official) -> list[str]:
    ids: list[str] = official.page.locator("[data-row]").evaluate_all("rows => rows.map((row) => row.id)")
    return ids


def test_the_inbox_is_worked_through_by_keyboard(arrive: Arrive, service: Service) -> None:
    first, second = send(service), send(service)
    official = arrive("pirkanmaa_social_worker").sign_in()
    page = official.page
    page.clock.install()
    for key in "gn":
        page.keyboard.press(key)
    page.wait_for_url("**/notices/")
    official.check("inbox")
    check_keyboard(page, "inbox")
    official.go("/notices/?sort=-number")
    assert shown(official)[:2] == [f"notice-{second}", f"notice-{first}"]
    focused = "document.activeElement.closest('[data-row]')?.id"
    for keys, row in (("j", second), ("x", second), ("j", first), ("x", first), ("k", second)):
        page.keyboard.press(keys)
        assert page.evaluate(focused) == f"notice-{row}"
    expect(page.locator(".kelmu-bulk-count")).to_have_text("2 valittu")
    page.locator("#bulk-what").focus()
    page.keyboard.type("Ota")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Muutettu: 2 / 2")).to_be_visible()
    answers = page.locator(".kelmu-answer").all_inner_texts()
    assert [text.strip() for text in answers] == ["Otettu käsittelyyn"] * 2
    # What comes meanwhile is told, and moves nothing, until she asks for it.
    before, entries = shown(official), len(official.own_entries)
    third = send(service)
    page.clock.fast_forward(61_000)
    news = page.get_by_role("link", name="1 uusi – näytä")
    expect(news).to_be_visible()
    assert shown(official) == before
    assert len(official.own_entries) == entries
    news.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert shown(official)[0] == f"notice-{third}"
    # One box chooses the page; keys that are turned off do nothing.
    page.locator("#pick-page").check()
    expect(page.locator(".kelmu-bulk-count")).to_have_text(f"{len(shown(official))} valittu")
    page.context.add_cookies([{"name": "kelmu_shortcuts", "value": "off", "url": service.address}])
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate(focused) is None
