"""Decisions: presets and days of one's own, as payments have them, together with benefit and outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from kelmu.web.presentation.client import client_frame
from kelmu.web.presentation.decisions import DecisionsPage, decision_page, decisions_page
from kelmu.web.presentation.labels import PERIOD_PRESETS
from kelmu.web.presentation.payments import payments_page
from tests.browser.gallery import gallery
from tests.browser.invented import DECISIONS, DOSSIER, INQUIRY, TODAY

days = st.dates(min_value=TODAY - timedelta(days=900), max_value=TODAY)


def listed(query: str) -> DecisionsPage:
    return decisions_page(DOSSIER, QueryDict(query), today=TODAY)


def numbers(page: DecisionsPage) -> set[str]:
    return {each.row.decision.number for each in page.rows}


@given(st.lists(days, max_size=8), days, days)
def test_days_of_ones_own_hold_exactly_what_was_decided_in_them(
    decided: list[date], one: date, other: date
) -> None:
    first, last = sorted((one, other))
    decisions = tuple(
        replace(DECISIONS[0], number=str(place), decided_on=day, replaces=None)
        for place, day in enumerate(decided)
    )
    query = {"from": first.isoformat(), "to": last.isoformat()}
    page = decisions_page(replace(DOSSIER, decisions=decisions), query, today=TODAY)
    assert numbers(page) == {each.number for each in decisions if first <= each.decided_on <= last}
    assert sum(choice.count for choice in page.benefits) == len(page.rows)
    assert sum(choice.count for choice in page.outcomes) == len(page.rows)


def test_decisions_offer_the_presets_of_payments_and_all_days_unless_told() -> None:
    page = listed("")
    payments = payments_page(DOSSIER, {}, today=TODAY)
    assert [preset.value for preset in page.presets] == [preset.value for preset in payments.presets]
    assert [preset.value for preset in page.presets if preset.chosen] == ["all"]
    assert (numbers(page), page.query, page.filtered) == ({each.number for each in DECISIONS}, "", False)


@pytest.mark.parametrize("preset", PERIOD_PRESETS)
def test_a_preset_keeps_benefit_and_outcome(preset: str) -> None:
    page = listed("benefit=SOC-PER&outcome=granted")
    [query] = [each.query for each in page.presets if each.value == preset]
    followed = listed(query.removeprefix("?"))
    assert (followed.period.preset, len(followed.chips)) == (preset, 2)
    assert numbers(followed) == {
        each.number
        for each in DECISIONS
        if (each.benefit, each.outcome) == ("SOC-PER", "granted") and followed.period.holds(each.decided_on)
    }
    assert followed.filtered


def test_a_preset_alone_is_a_filter_that_can_be_cleared() -> None:
    page = listed("period=last_year")
    assert (page.filtered, page.query, page.chips) == (True, "?period=last_year", ())
    assert listed("period=all").filtered is False


def test_the_chip_of_own_days_leaves_the_rest_and_the_others_leave_the_days() -> None:
    page = listed("from=1.11.2026&to=2026-11-30&benefit=SOC-PER&outcome=granted&period=3m")
    own = "from=2026-11-01&to=2026-11-30"
    assert [chip.query for chip in page.chips] == [
        "?benefit=SOC-PER&outcome=granted",
        f"?outcome=granted&{own}",
        f"?benefit=SOC-PER&{own}",
    ]
    assert page.query == f"?benefit=SOC-PER&outcome=granted&{own}"
    assert [preset for preset in page.presets if preset.chosen] == []


def test_own_days_survive_the_way_to_a_decision_and_back() -> None:
    query = listed("from=1.11.2026").query
    page = decision_page(DOSSIER, DECISIONS[0].number, QueryDict(query.removeprefix("?")), today=TODAY)
    assert page is not None
    assert page.query == query == "?from=2026-11-01"
    context = {"frame": client_frame(DOSSIER, INQUIRY, tab="decisions"), "page": page}
    assert 'decisions/?from=2026-11-01"' in render_to_string("kelmu/clients/decision.html", context)


def test_a_wrong_day_is_told_at_its_field_kept_and_filters_nothing() -> None:
    html = dict(gallery("en"))["client_decisions_mistyped"]
    assert 'id="filter-to-error">Decided until: Write the day in the form 1.11.2026.' in html
    assert (
        'value="31.11.2026" autocomplete="off" aria-invalid="true" aria-describedby="filter-to-error"' in html
    )
    assert 'name="from" value="1\xa0Dec\xa02026" autocomplete="off">' in html
    assert "filter-from-error" not in html
    assert len(listed("from=1.12.2026&to=31.11.2026").rows) == len(DECISIONS)


def test_the_form_sends_the_preset_along_until_days_are_her_own() -> None:
    pages = dict(gallery("en"))
    assert '<input type="hidden" name="period" value="all">' in pages["client_decisions"]
    assert 'name="period"' not in pages["client_decisions_own"]
    assert 'name="period"' not in pages["client_payments_own"]


def test_a_chosen_benefit_stays_chosen_where_the_period_holds_none_of_it() -> None:
    query = {"benefit": "SOC-PER", "from": "2001-01-01", "to": "2001-01-31"}
    for page in (
        decisions_page(DOSSIER, query, today=TODAY),
        payments_page(DOSSIER, query, today=TODAY),
    ):
        assert [(each.value, each.count) for each in page.benefits if each.chosen] == [("SOC-PER", 0)]
        assert page.empty == "filter"
