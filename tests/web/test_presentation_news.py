"""What is new since the last look is marked where it stands; a reckoning is told whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kelmu.inquiry.dossier import Change
from kelmu.web.presentation.client import client_frame
from kelmu.web.presentation.decisions import decision_page
from kelmu.web.presentation.lanes import granted_spans
from tests.browser.gallery import gallery
from tests.browser.invented import DECISIONS, DOSSIER, INQUIRY, PROTECTED, TODAY

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
