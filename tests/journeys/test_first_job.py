"""An official's first job in a real browser: sign in, search, look, and what the log then holds."""

from __future__ import annotations

import pytest

from kelmu.core import clock
from kelmu.policy.rules import months_before
from tests.journeys.conftest import Arrive
from tests.journeys.service import client_code

pytestmark = pytest.mark.browser

_TABS = (
    ("Vireillä", "Perustoimeentulotuki"),
    ("Päätökset", "Yleinen asumistuki"),
    ("Maksut", "Maksettu"),
    ("Vakuuttaminen", "Suomen sosiaaliturva"),
    ("Perintä", "Elatusavun perintä"),
    ("Lääkekatto", "vuosiomavastuu"),
    ("Muiden tiedot", "Muiden tahojen Kelaan välittämät tiedot"),
)


def test_a_county_official_sees_each_page_and_each_look_has_its_entry(arrive: Arrive) -> None:
    official = arrive("pirkanmaa_social_worker").sign_in()
    official.check("desk")
    official.go("/clients/")
    official.check("search")
    official.search(client_code("ordinary"), "social_assistance", case_reference="PIR-17")
    assert official.tabs() == ["Yhteenveto", *(tab for tab, _ in _TABS)]
    assert "Virta, Johanna Marika" in official.text()
    assert "Oma asiatunnus" in official.text()
    official.check("summary")
    for tab, shown in _TABS:
        official.page.get_by_role("link", name=tab, exact=True).click()
        assert shown in official.text()
        official.check(tab)
    official.page.get_by_role("link", name="Päätökset", exact=True).click()
    official.page.locator("main table a").first.click()
    official.check("one decision")
    entries = official.own_entries
    looks = [(entry["kind"], entry["outcome"], entry["data_groups"]) for entry in entries]
    of_summary = ["decisions", "payments", "pending", "person", "recovery"]
    assert looks[0][0] == "acting_begun"
    assert [kind for kind, _, _ in looks[1:]] == ["inquiry", "disclosed", *["view", "disclosed"] * 9]
    assert looks[2] == ("disclosed", None, of_summary)
    assert looks[4] == ("disclosed", None, ["pending", "person"])
    assert looks[6] == ("disclosed", None, ["decisions", "person"])
    assert looks[8] == ("disclosed", None, ["payments", "person"])
    assert looks[10] == ("disclosed", None, ["coverage", "person"])
    assert looks[12] == ("disclosed", None, ["maintenance_collection", "person", "recovery"])
    assert looks[14] == ("disclosed", None, ["medicine_cap", "person"])
    assert looks[16] == ("disclosed", None, ["person", "third_party_info"])
    assert {entry["case_reference"] for entry in entries if entry["kind"] in {"inquiry", "view"}} == {
        "PIR-17"
    }
    assert all(entry["purpose"] == "social_assistance" for entry in entries[1:])
    assert {entry["subject_person_id"] for entry in entries[1:]} == {entries[1]["subject_person_id"]}


@pytest.mark.parametrize(
    ("key", "purpose", "tabs", "benefits", "hidden", "asked"),
    [
        (
            "pirkanmaa_social_worker", "client_fees", ["Yhteenveto", "Päätökset", "Maksut", "Lääkekatto"],
            {"Yleinen asumistuki"}, {"Perustoimeentulotuki", "Yleistuki"}, False,
        ),
        (
            "tampere_integration", None, ["Yhteenveto", "Vireillä", "Päätökset", "Maksut", "Vakuuttaminen"],
            {"Yleinen asumistuki", "Perustoimeentulotuki", "Yleistuki"}, set(), False,
        ),
        (
            "reception_counsellor", None, ["Yhteenveto", "Vireillä", "Päätökset", "Maksut", "Vakuuttaminen"],
            {"Yleinen asumistuki", "Perustoimeentulotuki"}, set(), True,
        ),
        (
            "employment_adviser", None, ["Yhteenveto", "Päätökset", "Maksut"],
            {"Yleistuki"}, {"Yleinen asumistuki", "Perustoimeentulotuki"}, False,
        ),
        (
            "legal_aid_secretary", None, ["Yhteenveto", "Maksut"],
            {"Yleinen asumistuki", "Perustoimeentulotuki", "Yleistuki"}, set(), False,
        ),
    ],
    ids=["client fees", "municipality", "reception centre", "employment authority", "legal aid"],
)  # fmt: skip
def test_different_parties_see_different_things_of_the_same_client(
    arrive: Arrive,
    key: str,
    purpose: str | None,
    tabs: list[str],
    benefits: set[str],
    hidden: set[str],
    asked: bool,
) -> None:
    official = arrive(key).sign_in()
    official.search(client_code("ordinary"), purpose)
    if asked:
        assert official.heading() == "Tähän hakuun tarvitaan perustelu"
        official.check("reason needed")
        official.give_reason()
    assert official.tabs() == tabs
    official.page.get_by_role("link", name="Maksut", exact=True).click()
    shown = official.text()
    assert {benefit for benefit in benefits | hidden if benefit in shown} == benefits
    disclosed = [entry for entry in official.own_entries if entry["kind"] == "disclosed"]
    assert len(disclosed) == 2


def test_the_window_of_the_grant_is_said_and_kept(arrive: Arrive) -> None:
    official = arrive("reception_counsellor").sign_in()
    official.search(client_code("single_parent"))
    official.give_reason()
    official.page.get_by_role("link", name="Maksut", exact=True).click()
    official.page.get_by_role("link", name="Kaikki", exact=True).click()
    first = months_before(clock.today(), 6)
    assert f"{first.day}.{first.month}.{first.year} alkaen" in official.text()
    assert "2025" not in official.page.locator("main table").first.inner_text()


def test_the_whole_first_job_works_without_script(arrive: Arrive) -> None:
    official = arrive("tampere_integration", java_script_enabled=False).sign_in()
    official.search(client_code("newcomer"))
    official.page.get_by_role("link", name="Maksut", exact=True).click()
    assert "Maksettu" in official.text()
    official.page.get_by_role("button", name="Kirjaudu ulos").click()
    official.page.wait_for_url("**/session-ended/?reason=signed_out*")
    official.page.go_back()
    assert "Maksettu" not in official.page.locator("body").inner_text()


def test_the_whole_first_job_works_by_keyboard_alone(arrive: Arrive) -> None:
    official = arrive("employment_adviser").sign_in()
    page = official.page
    official.go("/clients/")

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "() => [document.activeElement.name, document.activeElement.innerText?.trim()]"
            )
            if name in focused:
                return
        raise AssertionError(f"{name} cannot be reached by Tab")

    tab_to("personal_id")
    page.keyboard.type(client_code("ordinary"))
    tab_to("told_client")
    page.keyboard.press("Space")
    tab_to("Hae asiakas")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/*-*/")
    tab_to("Maksut")
    page.keyboard.press("Enter")
    page.wait_for_url("**/payments/")
    assert "Maksettu" in official.text()
