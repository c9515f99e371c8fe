"""What an official chooses about her pages holds from the next page on, in her own browser, script or not."""

from __future__ import annotations

from http.cookies import Morsel

import pytest
from django.conf import settings
from django.test import Client

HOST = "127.0.0.1:8000"
YEAR = 365 * 24 * 60 * 60
COOKIES = {
    "language": "kelmu_language",
    "density": "kelmu_density",
    "color_scheme": "kelmu_color_scheme",
    "shortcuts": "kelmu_shortcuts",
}
CHOSEN = {"language": "sv", "density": "compact", "color_scheme": "dark", "shortcuts": "off"}


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": HOST})


def page_of(client: Client, path: str = "/settings/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_settings_are_kept_in_cookies_no_script_can_read_for_a_year(client: Client) -> None:
    answer = client.post("/settings/", CHOSEN)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings/?saved=1")
    for name, cookie in COOKIES.items():
        kept: Morsel[str] = answer.cookies[cookie]
        assert kept.value == CHOSEN[name]
        assert (kept["httponly"], kept["samesite"], kept["max-age"]) == (True, "Lax", YEAR)
        assert bool(kept["secure"]) is settings.SESSION_COOKIE_SECURE


def test_settings_hold_at_once_on_every_page(client: Client) -> None:
    client.post("/settings/", CHOSEN)
    for path in ("/settings/?saved=1", "/help/", "/"):
        page = page_of(client, path)
        assert '<html lang="sv" data-color-scheme="dark" data-size="sm" data-density="compact"' in page
    assert "Inställningarna har sparats." in page_of(client, "/settings/?saved=1")


def test_the_form_shows_what_is_chosen_now(client: Client) -> None:
    client.post("/settings/", CHOSEN)
    page = page_of(client).partition("<main")[2]
    for name, value in CHOSEN.items():
        place = page.index(f'name="{name}" value="{value}"')
        assert "checked" in page[place : page.index(">", place)]
    assert page.count(" checked") == len(CHOSEN)


def test_each_language_is_named_in_itself(client: Client) -> None:
    page = page_of(client)
    for code, name in (("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")):
        assert f'lang="{code}">{name}</label>' in page


@pytest.mark.parametrize("name", list(CHOSEN))
def test_what_is_no_choice_is_refused_and_nothing_is_kept(client: Client, name: str) -> None:
    answer = client.post("/settings/", {**CHOSEN, name: "<script>"})
    assert answer.status_code == 422
    assert not answer.cookies.keys() & set(COOKIES.values())
    assert "<script>" not in answer.content.decode().partition("<main")[2]


def test_a_cookie_nobody_gave_counts_as_none(client: Client) -> None:
    for cookie in COOKIES.values():
        client.cookies[cookie] = "unknown"
    page = page_of(client)
    assert '<html lang="fi" data-color-scheme="auto" data-size="sm" data-density="comfortable"' in page


def test_the_list_of_keys_says_when_they_are_off(client: Client) -> None:
    assert "Pikanäppäimet ovat pois päältä" not in page_of(client, "/shortcuts/")
    client.post("/settings/", {**CHOSEN, "language": "fi"})
    assert "Pikanäppäimet ovat pois päältä" in page_of(client, "/shortcuts/")


def test_the_switch_of_the_language_leads_back_to_the_page_it_was_used_on(client: Client) -> None:
    assert '<input type="hidden" name="next" value="/help/?a=1">' in page_of(client, "/help/?a=1")
    refused = client.post("/settings/", {}).content.decode()
    assert '<input type="hidden" name="next" value="/settings/">' in refused
    failed = client.get("/sign-in/return/?error=cancel&state=x").content.decode()
    assert '<input type="hidden" name="next" value="/">' in failed
