"""What is new since the last look is marked where it stands; a reckoning is told whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kelmu.inquiry.dossier import Change
from kelmu.web.presentation.client import PAGE_GROUPS, client_frame
from kelmu.web.presentation.decisions import decision_page
from kelmu.web.presentation.lanes import granted_spans
from tests.browser.gallery import gallery
from tests.browser.invented import DECISIONS, DOSSIER, INQUIRY, PROTECTED, REMOVED, TODAY

BEFORE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def test_news_count_rows_and_say_since_when() -> None:
    news = client_frame(DOSSIER, INQUIRY, tab="summary").news
    assert news is not None
    assert news.count == 4
    assert [(group.page, group.count) for group in news.groups] == [("pending", 1), ("payments", 3)]
    assert news.since == datetime(2026, 11, 18, 9, 5, tzinfo=UTC)
    assert len(news.unseen) == 1


def test_a_first_look_has_no_moment_and_nobody_asked_is_no_news() -> None:
    first = replace(DOSSIER, changes=(Change(group="payments", since=None, rows=()),))
    news = client_frame(first, INQUIRY, tab="payments").news
    assert news is not None
    assert (news.since, news.unseen, news.count) == (None, (), 0)
    assert client_frame(replace(DOSSIER, changes=None), INQUIRY, tab="payments").news is None
    assert client_frame(replace(DOSSIER, changes=()), INQUIRY, tab="payments").news is None


@pytest.mark.parametrize(("page", "marks"), [("payments", 3), ("pending", 1), ("decisions", 0)])
def test_new_rows_are_marked_where_they_stand(page: str, marks: int) -> None:
    assert dict(gallery("en"))[f"client_{page}"].count("kelmu-new") == marks


def test_what_was_removed_is_told_in_words_on_the_summary_and_whole_on_its_page() -> None:
    pages = dict(gallery("en"))
    told = "2 payments have been removed from the register"
    assert f'/payments/">{told}</a>.' in pages["client_summary"]
    assert "2 removed" in pages["client_summary"]
    assert "M-41" not in pages["client_summary"]
    assert told in pages["client_payments"]
    for word in ("General housing allowance", "26\xa0Oct\xa02026", "M-41", "Basic social assistance", "M-39"):
        assert word in pages["client_payments"]
    assert "removed from the register" not in pages["client_pending"]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("pending", ("1 pending matter has", "V-2026-000081")),
        ("decisions", ("1 decision has", "2026/118-171")),
        ("coverage", ("1 period of insurance coverage has", "European Health Insurance Card", "1\xa0Mar")),
        ("recovery", ("1 recovery of overpayments has", "P-12", "1 collection of maintenance has", "E-3")),
        ("medicine", ("The medicine costs of 1 year have", "2024")),
        ("from_others", ("1 piece of information from others has", "T-88", "4\xa0May\xa02026")),
    ],
)
def test_every_group_says_what_was_removed_of_it(page: str, told: tuple[str, ...]) -> None:
    pages = dict(gallery("en"))
    assert all(word in pages[f"client_{page}_removed"] for word in told)
    assert "have been removed" not in pages["client_payments_removed"]
    assert "Removed since" not in pages[f"client_{page}_empty"]


def test_where_nothing_is_new_what_was_removed_is_not_nothing() -> None:
    news = client_frame(REMOVED, INQUIRY, tab="summary").news
    assert news is not None
    assert (news.count, news.removed_count) == (0, 7)
    assert [group.page for group in news.removed] == [
        page for page in PAGE_GROUPS if page not in ("summary", "payments") for _ in PAGE_GROUPS[page]
    ]
    html = dict(gallery("en"))["client_summary_removed"]
    assert "7 removed" in html
    assert "Nothing" not in html
    assert client_frame(replace(DOSSIER, changes=None), INQUIRY, tab="payments").removed == ()


def test_a_decision_of_its_own_does_not_repeat_the_list() -> None:
    assert "Removed since" not in dict(gallery("en"))["client_decision_204"]


def test_a_decision_tells_its_reckoning_and_others_in_limited_form() -> None:
    html = dict(gallery("en"))["client_decision_204"]
    for told in ("€1,208.31", "lowered 20%", "Deficit", "−€612.40", "1, 9, 16, 23", "To a pharmacy"):
        assert told in html
    for told in ("Ville, child, born 2016", "Venla Maria, child, born 2019"):
        assert told in html
    page = decision_page(DOSSIER, DECISIONS[0].number, {}, today=TODAY)
    assert page is not None
    assert [row.valid for row in page.commitments] == [True, False]


def test_a_lowered_basic_part_is_drawn_as_reduced() -> None:
    [span] = granted_spans(DECISIONS[:1])
    assert span.kind == "reduced"
    assert [each.kind for each in granted_spans([replace(DECISIONS[0], calculation=None)])] == ["granted"]


def test_homes_are_told_of_nobody_who_is_protected() -> None:
    assert len(client_frame(DOSSIER, INQUIRY, tab="summary").banner.homes) == 2
    assert client_frame(PROTECTED, INQUIRY, tab="summary").banner.homes == ()
    assert "client-homes" not in dict(gallery("en"))["client_summary_protected"]
