"""A Swedish-speaking official does the whole first job in Swedish, by keyboard alone."""

from __future__ import annotations

import re
from functools import cache

import pytest
from playwright.sync_api import Page

from kelmu.benefits.catalogue import catalogue
from kelmu.policy.loader import policy_data
from kelmu.web.presentation.register_words import known_words
from tests.browser.keyboard import check_keyboard
from tests.journeys.conftest import Arrive
from tests.journeys.service import Official, client_code
from tools.cast import load_cast
from tools.frontend.messages import read_catalogue

pytestmark = pytest.mark.browser

SWEDISH_TABS = ("Sammandrag", "Under handläggning", "Beslut", "Utbetalningar")
_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST_STOPS = 120
# What a page of one language says in another is marked as such: the names of the languages.
_VISIBLE = """() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const language = element.closest("[lang]").lang;
    if (language === "sv" && !element.closest("script, style")) texts.push(walker.currentNode.textContent);
  }
  for (const element of document.querySelectorAll("[aria-label], [data-label], [data-copy], [data-spoken]")) {
    texts.push(...["ariaLabel"].map((name) => element[name] ?? ""), ...Object.values(element.dataset));
  }
  return texts.join("\\n");
}"""
_MARKED = """() => [...document.querySelectorAll("[lang=fi]")].map((element) => element.textContent.trim())"""
_FOCUSED = """() => {
  const element = document.activeElement;
  return [element.name, element.value, (element.innerText ?? "").trim()];
}"""


def words(text: str) -> set[str]:
    """The words of a text, of three letters and more, in lower case."""
    return {word.lower() for word in _WORD.findall(text)}


def spoken(language: str) -> set[str]:
    """Every word the service has in a language: of its texts, benefits, mandates, purposes, register."""
    texts: list[str] = []
    for message in read_catalogue(language):
        string = message.string if message.id else ""
        texts += string if isinstance(string, list | tuple) else [string or ""]
    texts += [catalogue().name(code, language) for code in catalogue().codes()]
    policy = policy_data()
    texts += [one.name(language) for one in (*policy.mandates.values(), *policy.purposes.values())]
    texts += [forms[language] for forms in known_words().values()]
    return {word for text in texts for word in words(text)}


@cache
def finnish() -> frozenset[str]:
    """Words that are the service's Finnish and nothing else; persons' names are of no language."""
    cast = load_cast()
    names = {word for one in cast.officials for word in words(f"{one.family_name} {one.given_names}")}
    names |= {word for one in cast.clients for word in words(f"{one.family_name} {one.given_names}")}
    return frozenset(spoken("fi") - spoken("sv") - names)


def in_finnish(page: Page) -> set[str]:
    """The Finnish words of the page that is loaded, hidden ones too; only the language's name is marked."""
    assert set(page.evaluate(_MARKED)) <= {"Suomi"}
    return words(page.evaluate(_VISIBLE)) & finnish()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what has the focus is named, holds or says `wanted`."""
    for _stop in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted in page.evaluate(_FOCUSED):
            return
    raise AssertionError(f"{wanted} cannot be reached by Tab")


def follow(page: Page, wanted: str) -> None:
    """Go by keyboard to a link or button, and use it."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in_by_keyboard(official: Official) -> None:
    """From the front page in Finnish to the desk in Swedish."""
    page = official.page
    official.go("/")
    follow(page, "Svenska")
    assert in_finnish(page) == set()
    official.check("the front page")
    follow(page, "Logga in med Suomi.fi-identifikation")
    assert in_finnish(page) == set()
    official.check("before signing in")
    follow(page, "Identifiera dig i Suomi.fi")
    follow(page, "Bankkoder")
    tab_to(page, "find")
    page.keyboard.type(official.person.family_name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page, official.person.key)
    follow(page, "chosen")
    assert page.url == official.service.address + "/desk/"


def test_a_swedish_speaking_official_does_the_whole_first_job_in_swedish_by_keyboard(arrive: Arrive) -> None:
    official = arrive("jomala_social_worker")
    page = official.page
    sign_in_by_keyboard(official)
    assert "Jomala kommun" in page.locator("header").inner_text()
    assert in_finnish(page) == set()
    official.check("desk")
    follow(page, "Klient")
    tab_to(page, "personal_id")
    page.keyboard.type("010190-999A")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Kontrolltecknet i personbeteckningen är fel" in official.text()
    assert in_finnish(page) == set()
    official.check("search with an error", expected_status=422)
    tab_to(page, "personal_id")
    page.keyboard.press("Control+A")
    page.keyboard.type(client_code("aland_swedish"))
    tab_to(page, "purpose")
    page.keyboard.type("Bed")
    tab_to(page, "case_reference")
    page.keyboard.type("JOM-26")
    tab_to(page, "told_client")
    page.keyboard.press("Space")
    follow(page, "Sök klienten")
    assert "Söderlund, Ida Margareta" in official.text()
    assert "Jomala" in official.text()
    assert "Barnbidrag" in official.text()
    assert "JOM-26" in official.text()
    for number, tab in enumerate(official.tabs(), 1):
        with page.expect_navigation():
            page.keyboard.press(str(number))
        assert page.locator(".kelmu-tabs [aria-current]").inner_text() == tab
        assert in_finnish(page) == set(), tab
        official.check(tab)
        check_keyboard(page, tab)
    assert set(SWEDISH_TABS) <= set(official.tabs())
    follow(page, "Beslut")
    page.locator("main table a").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert in_finnish(page) == set()
    official.check("one decision")
    for path in ("/nowhere/", "/mandates/", "/settings/", "/shortcuts/", "/accessibility/", "/help/"):
        official.go(path)
        assert in_finnish(page) == set(), path
        official.check(path, expected_status=404 if path == "/nowhere/" else 200)
    follow(page, "Logga ut")
    assert official.heading() == "Du har loggat ut"
    assert in_finnish(page) == set()


def test_the_words_of_the_other_language_would_be_found(arrive: Arrive) -> None:
    official = arrive("jomala_social_worker")
    official.go("/")
    official.page.evaluate("document.documentElement.lang = 'sv'")
    assert {"kirjaudu", "valtuuden", "etuustietopalvelu"} <= in_finnish(official.page)
