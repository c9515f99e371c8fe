"""What an official is not given, in words that tell her what to do and nothing about anybody."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import Arrive
from tests.journeys.service import Official, Service, client_code

pytestmark = pytest.mark.browser


def test_family_is_asked_for_a_reason_and_then_not_available_like_an_unknown_code(arrive: Arrive) -> None:
    official = arrive("pirkanmaa_claims_handler").sign_in()
    pages = []
    for code in (client_code("officials_child"), "010199-9078"):
        official.search(code, "social_assistance")
        asked = official.text()
        official.check("reason needed")
        official.give_reason()
        official.check("not available", expected_status=403)
        pages.append((asked, official.text(), re.sub(r"[0-9a-f-]{36}", "<id>", official.page.url)))
    assert pages[0] == pages[1]
    rules = [(entry["kind"], entry["outcome"], entry["rule"]) for entry in official.own_entries[1:]]
    assert rules == [
        ("inquiry", "reason_needed", "family"),
        ("reason_given", "not_available", "family"),
        ("inquiry", "reason_needed", "unknown"),
        ("reason_given", "not_available", "unknown"),
    ]


def test_own_data_are_refused_and_the_page_says_where_they_are(arrive: Arrive) -> None:
    official = arrive("pirkanmaa_colleague").sign_in()
    official.search(official.person.personal_id or "", "social_assistance")
    official.check("own data", expected_status=403)
    assert "Kela" in official.text()
    assert official.own_entries[-1]["outcome"] == "own_data"


def test_a_protected_clients_whereabouts_are_nowhere_even_for_one_with_the_right(arrive: Arrive) -> None:
    official = arrive("pirkanmaa_social_worker").sign_in()
    official.search(client_code("protected"), "social_assistance")
    official.give_reason()
    assert "Turvakielto" in official.text()
    for tab in official.tabs():
        official.page.get_by_role("link", name=tab, exact=True).click()
        official.check(f"protected, {tab}")
        assert not re.search("Tampere|Vuokra-asun|katu|837", official.page.content().split("<main", 1)[1])


def test_a_protected_client_is_not_available_to_one_without_the_right(arrive: Arrive) -> None:
    official = arrive("pirkanmaa_claims_handler").sign_in()
    official.search(client_code("protected"), "social_assistance")
    official.give_reason()
    assert official.own_entries[-1]["rule"] == "protected_without_right"
    assert official.tabs() == []


def test_a_former_code_opens_the_client_and_says_so(arrive: Arrive, service: Service) -> None:
    with service.connect("kelmu_feed") as feed:
        row = feed.execute(
            "SELECT f.personal_id FROM register.former_personal_id f "
            "JOIN register.person p USING (person_id) WHERE p.personal_id = %s",
            [client_code("former_code")],
        ).fetchone()
    assert row is not None
    official = arrive("pirkanmaa_social_worker").sign_in()
    official.search(row[0], "social_assistance")
    assert "Hait entisellä henkilötunnuksella" in official.text()
    assert client_code("former_code") in official.text()
    official.check("former code")
    assert official.own_entries[-1]["kind"] == "disclosed"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("140388-946X", "tarkistusmerkki"),
        ("nonsense", "ei ole henkilötunnus"),
        ("", "Anna asiakkaan henkilötunnus"),
        ("310288-946N", "syntymäpäivää"),
        ("9" * 10_000, "liian pitkä"),
        ("131052-308T", "keksittyjä"),
    ],
    ids=["check character", "nonsense", "empty", "date", "10,000 characters", "real range"],
)
def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(
    arrive: Arrive, service: Service, typed: str, message: str
) -> None:
    official = arrive("tampere_integration").sign_in()
    before = len(service.entries(kind="inquiry"))
    official.search(typed, case_reference="säilyy")
    assert official.page.url.endswith("/clients/")
    assert (
        message
        in official.page.locator(
            "#id_personal_id_error, .kelmu-field:has([name=personal_id])"
        ).first.inner_text()
    )
    assert official.page.locator("[name=personal_id]").input_value() == typed
    assert official.page.locator("[name=case_reference]").input_value() == "säilyy"
    assert official.page.locator("[name=told_client]").is_checked()
    official.check("bad input", expected_status=422)
    assert len(service.entries(kind="inquiry")) == before


@pytest.mark.parametrize("written", ["140388 - 946n", "140388-946n", "  140388-946N\t"])
def test_spaces_and_lower_case_are_read_as_meant(arrive: Arrive, written: str) -> None:
    official = arrive("tampere_integration").sign_in()
    official.search(written)
    assert "Virta, Johanna Marika" in official.text()


def test_another_officials_inquiry_is_not_there(arrive: Arrive, service: Service) -> None:
    first, second = arrive("pirkanmaa_social_worker").sign_in(), arrive("pirkanmaa_colleague").sign_in()
    first.search(client_code("ordinary"), "social_assistance")
    path = first.page.url.removeprefix(service.address)
    second.go(path)
    second.check("not there", expected_status=404)
    nowhere = second.text()
    second.go(re.sub(r"[0-9a-f]{8}-", "00000000-", path))
    assert second.text() == nowhere
    assert second.own_entries[-1]["kind"] == "not_there"


def test_changing_the_organisation_ends_open_clients(arrive: Arrive, service: Service) -> None:
    official = arrive("pirkanmaa_and_tampere")
    official.identify()
    official.choose_all()
    official.check("choose an organisation")
    official.page.get_by_text("Tampereen kaupunki").first.click()
    official.page.get_by_role("button", name="Jatka").click()
    official.search(client_code("ordinary"))
    client_page = official.page.url
    official.page.get_by_role("link", name="Vaihda").click()
    official.check("change the organisation")
    official.page.locator("main form button[type=submit]").click()
    official.choose_all()
    official.page.get_by_text("Pirkanmaan hyvinvointialue").first.click()
    official.page.get_by_role("button", name="Jatka").click()
    official.page.goto(client_page)
    official.check("ended with the organisation", expected_status=404)
    kinds = [entry["kind"] for entry in official.own_entries]
    assert kinds.count("acting_ended") == 1


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("outsider", "edustamisvaltuu"),
        ("pirkanmaa_wrong_mandate", "Etuustietojen katselu ja maksuvaatimusten rekisteröinti"),
        ("nokia_agreement_ended", "sopimus"),
        ("pirkanmaa_incomplete", "uudelleen"),
        ("weak_sign_in", "vahva"),
        ("eidas_without_code", "henkilötunnus"),
        ("fund_handler", "sopimus"),
    ],
)
def test_each_failure_has_a_page_that_says_what_to_do(arrive: Arrive, key: str, says: str) -> None:
    official: Official = arrive(key)
    official.identify()
    official.choose_all()
    if official.page.url.endswith("/desk/"):
        official.go("/clients/")
    assert says.lower() in official.text().lower()
    status = official.page.evaluate("() => performance.getEntriesByType('navigation')[0].responseStatus")
    official.check(key, expected_status=status)
