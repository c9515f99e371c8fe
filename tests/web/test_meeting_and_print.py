"""What leaves the desk: the page turned to the client names no third person; a print says what it lacks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation

from kelmu.core.formats import LANGUAGES
from kelmu.web.presentation.case_note import case_note
from kelmu.web.presentation.client import PAGE_GROUPS, client_frame
from kelmu.web.presentation.decisions import decision_page, decisions_page
from kelmu.web.presentation.meeting import meeting_page, spoken_language
from kelmu.web.presentation.printing import PrintAsked, print_page, print_sections
from kelmu.web.presentation.summary import summary_page
from kelmu.web.presentation.terms import TAB_TERMS, TERMS
from tests.browser.gallery import gallery
from tests.browser.invented import (
    DECISIONS,
    DOSSIER,
    GROUPS,
    INQUIRY,
    MATTERS,
    NOTHING_IN_LIMIT,
    NOW,
    PERSON,
    SOURCES_DOWN,
    TODAY,
)

EVERYTHING = frozenset(GROUPS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_for_the_client_has_no_third_person_no_log_and_no_tags(language: str) -> None:
    html = dict(gallery(language))["client_meeting"]
    main = html[html.index("<main") : html.index("</main>")]
    for absent in ("Vuokratalot", "Ville", "999W", "FI••", "ds-tag", INQUIRY.case_reference, "2026/118"):
        assert absent not in main
    assert "Basic social assistance" in main or language != "en"


def test_the_client_is_told_what_comes_and_what_is_waited_for() -> None:
    page = meeting_page(DOSSIER, today=TODAY)
    assert [payment.benefit for payment in page.payments] == ["Perustoimeentulotuki", "Yleinen asumistuki"]
    assert page.payments[0].paid_to != page.payments[1].paid_to
    assert [row.matter.number for row in page.waiting] == [MATTERS[0].number]
    assert page.latest is not None
    assert page.latest.decision.number == DECISIONS[0].number


def test_to_the_client_nothing_known_and_not_read_are_different() -> None:
    pages = dict(gallery("en"))
    unread = "We cannot see this right now."
    assert pages["client_meeting_down"].count(unread) == 4
    assert unread not in pages["client_meeting_empty"]


@pytest.mark.parametrize(
    ("asked", "own", "present", "spoken"),
    [("", "sv", "fi", "sv"), ("en", "sv", "fi", "en"), ("", "ru", "en", "en"), ("xx", "so", "fi", "fi")],
)
def test_the_client_is_spoken_to_in_her_language_where_there_is_it(
    asked: str, own: str, present: str, spoken: str
) -> None:
    assert spoken_language(replace(PERSON, language=own), asked, present) == spoken


def test_a_print_holds_what_was_chosen_and_says_what_it_lacks() -> None:
    asked = PrintAsked(("pending", "payments"))
    granted = EVERYTHING - {"coverage"}
    page = print_page(SOURCES_DOWN, asked, granted=granted, today=TODAY, now=NOW)
    assert asked.groups == ("pending", "payments")
    assert list(page.pages) == ["pending", "payments"]
    assert [len(each.labels) for each in page.left_out] == [5, 1, 2]
    assert sum(len(each.labels) for each in page.left_out) == len(GROUPS)
    assert {choice.name for choice in page.choices} == {*PAGE_GROUPS} - {"coverage"}
    assert [label for label, _scope in page.limits] == ["maksut"]


def test_a_print_of_nothing_known_is_the_summary_and_knows_its_sections_by_name_only() -> None:
    assert print_sections([]) == print_sections(["nonsense"]) == ("summary",)
    assert print_sections({"payments": "on", "pending": "on", "period": "3m"}) == ("pending", "payments")
    nothing = print_page(
        DOSSIER, PrintAsked(("coverage",)), granted=frozenset({"payments"}), today=TODAY, now=NOW
    )
    assert nothing.pages == {}


def test_every_page_offers_the_print_and_the_page_for_the_client() -> None:
    links = client_frame(DOSSIER, INQUIRY, tab="coverage").banner.links
    assert [link.url.rsplit("/", 2)[1:] for link in links] == [["meeting", ""], ["print", "?summary=on"]]
    only_coverage = replace(INQUIRY, groups=frozenset({"coverage"}))
    links = client_frame(DOSSIER, only_coverage, tab="coverage").banner.links
    assert [link.url.rsplit("/", 2)[1:] for link in links] == [["print", "?coverage=on"]]


def test_the_situation_at_a_glance_counts_what_presses() -> None:
    late = replace(MATTERS[1], due_on=TODAY - timedelta(days=1))
    page = summary_page(replace(DOSSIER, pending=(MATTERS[0], late)), today=TODAY)
    assert (page.urgent, page.late) == (1, 1)
    assert page.waiting is not None
    assert (page.waiting.matters, page.waiting.until) == (1, MATTERS[0].attachments_due_on)
    assert not page.waiting.overdue
    assert summary_page(NOTHING_IN_LIMIT, today=TODAY).waiting is None


def test_notes_of_a_summary_tell_nothing_from_not_read() -> None:
    with translation.override("en"):
        assert case_note(summary_page(SOURCES_DOWN, today=TODAY)).count("could not be fetched") == 3
        assert case_note(summary_page(NOTHING_IN_LIMIT, today=TODAY)).count("none") == 3
        page = decision_page(DOSSIER, "2026/118-203", {}, today=TODAY)
        assert page is not None
        assert "replaced by 2026/118-204" in case_note(page)
    with pytest.raises(TypeError):
        case_note(PERSON)


def test_a_chain_is_whole_from_wherever_it_is_opened_and_listed_together() -> None:
    for number in ("2026/118-203", "2026/118-204"):
        page = decision_page(DOSSIER, number, {}, today=TODAY)
        assert page is not None
        assert [row.decision.number for row in page.chain] == ["2026/118-203", "2026/118-204"]
    listed = decisions_page(DOSSIER, {}, today=TODAY).rows
    assert [(each.row.decision.number, each.under) for each in listed[:2]] == [
        ("2026/118-204", False),
        ("2026/118-203", True),
    ]
    assert len(listed) == len(DECISIONS)
    alone = decision_page(DOSSIER, "2026/021-337", {}, today=TODAY)
    assert alone is not None
    assert alone.chain == ()


def test_no_decision_is_lost_that_replaces_itself_in_a_ring() -> None:
    one = replace(DECISIONS[0], number="1", replaces="2")
    other = replace(DECISIONS[0], number="2", replaces="1")
    dossier = replace(DOSSIER, decisions=(one, other))
    assert len(decisions_page(dossier, {}, today=TODAY).rows) == 2


def test_a_decision_older_than_may_be_seen_is_told_of_but_not_linked() -> None:
    dossier = replace(DOSSIER, decisions=(replace(DECISIONS[0], replaces="2020/000-001"),))
    page = decision_page(dossier, DECISIONS[0].number, {}, today=TODAY)
    assert page is not None
    assert not page.row.replaces_shown


def test_old_data_are_marked_and_fresh_ones_are_not() -> None:
    old = {name: replace(source, as_of=NOW - timedelta(days=4)) for name, source in DOSSIER.sources.items()}
    frame = client_frame(replace(DOSSIER, sources=old), INQUIRY, tab="payments")
    assert [str(name) for name in frame.stale_sources] == ["maksut", "väestötiedot"]
    assert client_frame(DOSSIER, INQUIRY, tab="payments").stale_sources == ()


# Explained in the banner, on every tab.
BANNER_TERMS = {"guardianship", "minor", "custodian", "guardian"}


def test_every_term_stands_on_a_page_and_every_page_lists_its_terms() -> None:
    assert {name for names in TAB_TERMS.values() for name in names} | BANNER_TERMS == set(TERMS)
    for name, html in gallery("en"):
        tab = re.fullmatch(r"client_([a-z_]+?)", name)
        if tab and tab[1] in TAB_TERMS:
            asked = set(re.findall(r'popovertarget="term-([a-z_]+)', html)) - BANNER_TERMS
            assert asked <= set(TAB_TERMS[tab[1]]), name
