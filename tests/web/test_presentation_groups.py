"""What pages say of insurance, recoveries, medicine costs and information from others; filters; freshness."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core.formats import format_percent
from kelmu.inquiry.dossier import Coverage, MedicineCap
from kelmu.policy import DataGroup
from kelmu.web.presentation.client import PAGE_GROUPS, client_frame
from kelmu.web.presentation.coverage import coverage_page
from kelmu.web.presentation.decisions import decision_page, decisions_page
from kelmu.web.presentation.from_others import from_others_page
from kelmu.web.presentation.medicine import medicine_page, medicine_year
from kelmu.web.presentation.payments import payments_page
from kelmu.web.presentation.recovery import has_open_recovery, recovery_page
from kelmu.web.presentation.summary import summary_page
from tests.browser.gallery import gallery
from tests.browser.invented import (
    DEAD,
    DOSSIER,
    GROUPS,
    INQUIRY,
    NO_RIGHTS,
    NOTHING_IN_LIMIT,
    PROTECTED,
    SOURCES_DOWN,
    TODAY,
)
from tests.browser.invented_groups import COVERAGE, MEDICINE_CAPS, RECOVERIES

near = st.dates(min_value=TODAY - timedelta(days=60), max_value=TODAY + timedelta(days=60))
amounts = st.decimals(min_value=0, max_value=3000, places=2)


def test_every_data_group_of_a_dossier_has_its_page() -> None:
    shown = {group for page, groups in PAGE_GROUPS.items() if page != "summary" for group in groups}
    assert shown == {*DataGroup} - {DataGroup.CLAIMS} == set(GROUPS)
    assert set(PAGE_GROUPS["summary"]) <= shown


@pytest.mark.parametrize("group", GROUPS)
def test_tabs_lead_only_to_pages_with_a_granted_group(group: str) -> None:
    frame = client_frame(DOSSIER, replace(INQUIRY, groups=frozenset({group})), tab="summary")
    names = [tab.name for tab in frame.tabs]
    assert names == ["summary", *(name for name in PAGE_GROUPS if PAGE_GROUPS[name] != PAGE_GROUPS["summary"]
                                  and group in PAGE_GROUPS[name])]  # fmt: skip


def test_a_source_that_is_down_is_never_taken_for_nothing() -> None:
    assert coverage_page(SOURCES_DOWN, today=TODAY).empty == "source_down"
    assert recovery_page(SOURCES_DOWN).recoveries.empty == "source_down"
    assert recovery_page(SOURCES_DOWN).collections.empty == "source_down"
    assert medicine_page(SOURCES_DOWN, today=TODAY).empty == "source_down"
    assert from_others_page(SOURCES_DOWN, today=TODAY).empty == "source_down"
    assert coverage_page(NOTHING_IN_LIMIT, today=TODAY).empty == "none"
    assert recovery_page(NOTHING_IN_LIMIT).recoveries.empty == "limit"
    assert from_others_page(NO_RIGHTS, today=TODAY).empty == "no_right"


def test_a_source_that_is_down_is_marked_at_page_card_and_field() -> None:
    pages = dict(gallery("en"))
    summary = pages["client_summary_protected"]
    assert "Missing now: " in summary
    assert 'data-reason="source_down"' in summary
    assert summary.count("kelmu-unread") > 1
    assert "kelmu-unread" not in pages["client_summary"]
    assert "The other data are up to date" not in pages["client_summary_down"]


def test_each_source_tells_its_own_freshness() -> None:
    frame = client_frame(PROTECTED, INQUIRY, tab="summary")
    assert [source.available for source in frame.sources] == [True, True, False, True, True]
    assert frame.some_read
    assert not client_frame(SOURCES_DOWN, INQUIRY, tab="recovery").some_read


@given(near, st.one_of(st.none(), near))
def test_coverage_is_in_force_on_its_first_and_last_day_and_between(start: date, end: date | None) -> None:
    if end is not None and end < start:
        start, end = end, start
    item = Coverage(kind="social_security", ground=None, country=None, valid_from=start, valid_to=end)
    page = coverage_page(replace(DOSSIER, coverage=(item,)), today=TODAY)
    in_force = start <= TODAY and (end is None or end >= TODAY)
    assert page.rows[0].in_force is in_force
    assert [headline.row is not None for headline in page.headlines] == [in_force, False]


def test_coverage_in_force_comes_first() -> None:
    rows = coverage_page(DOSSIER, today=TODAY).rows
    assert [row.in_force for row in rows] == [True, True, False, False]
    assert {row.country for row in rows} == {"Suomi", "Ruotsi", ""}
    assert len(rows) == len(COVERAGE)


def test_open_recoveries_come_first_and_are_the_ones_counted() -> None:
    page = recovery_page(DOSSIER)
    assert [row.still_open for row in page.recoveries.rows] == [True, True, False]
    assert (page.total, page.balance) == (Decimal("2481.60"), Decimal("1761.60"))
    assert len(summary_page(DOSSIER, today=TODAY).recoveries) == 2


def test_the_banner_says_so_only_while_something_is_being_recovered() -> None:
    ended = (replace(RECOVERIES[0], state="paid"), replace(RECOVERIES[1], state="written_off"))
    assert client_frame(DOSSIER, INQUIRY, tab="recovery").banner.recovery_open
    assert not client_frame(DEAD, INQUIRY, tab="recovery").banner.recovery_open
    assert not has_open_recovery(replace(DOSSIER, recovery=ended))
    assert not has_open_recovery(replace(DOSSIER, recovery=None))
    assert client_frame(replace(DOSSIER, person=replace(DOSSIER.person, under_guardianship=False)), INQUIRY,
                        tab="recovery").banner.flagged  # fmt: skip


def test_who_acts_for_the_client_is_named_with_what_it_means() -> None:
    pages = dict(gallery("en"))
    minor = pages["client_summary_minor"]
    assert "Sanna Helena Mallikas, Eero Kalevi Esimerkki" in minor
    assert 'popovertarget="term-custodian">Custodians</button>' in minor
    assert 'popovertarget="term-guardian">Guardian</button>' in pages["client_payments"]
    assert "Guardian: Pirkanmaan edunvalvontatoimisto" in pages["client_print"]


def test_who_acts_is_named_neither_of_the_protected_nor_of_the_dead_nor_to_the_client() -> None:
    pages = dict(gallery("en"))
    for page in (
        "client_summary_protected",
        "client_print_protected_down",
        "client_summary_dead",
        "client_meeting",
    ):
        assert "edunvalvontatoimisto" not in pages[page]
        assert "term-guardian" not in pages[page].replace("term-guardianship", "")


def test_a_protected_clients_child_is_not_named() -> None:
    assert "Ville" in dict(gallery("en"))["client_recovery"]
    assert "Ville" not in dict(gallery("en"))["client_recovery_protected"]


@given(amounts, st.decimals(min_value=1, max_value=1000, places=2))
def test_a_meter_is_full_only_when_the_limit_is_reached(accrued: Decimal, cap: Decimal) -> None:
    remaining = max(cap - accrued, Decimal(0))
    year = medicine_year(
        replace(MEDICINE_CAPS[0], accrued=accrued, cap=cap, remaining=remaining, reached_on=None)
    )
    assert year.reached is (accrued >= cap)
    assert (year.share == format_percent(Decimal(1), "fi")) is year.reached
    assert 0 <= Decimal(year.meter_value) <= Decimal(year.meter_max) == cap
    assert "," not in year.meter_value + year.meter_max


def test_a_year_that_has_not_begun_says_so_and_earlier_years_stay() -> None:
    page = medicine_page(DEAD, today=TODAY)
    assert (page.year, page.this_year, page.empty) == (2026, None, None)
    assert [each.cap.year for each in page.earlier] == [2025, 2024]
    assert medicine_page(DOSSIER, today=TODAY).this_year is not None


def test_which_medicines_is_nothing_a_page_could_show() -> None:
    assert {*MedicineCap.__dataclass_fields__} == {
        "year",
        "accrued",
        "cap",
        "remaining",
        "initial_deductible_met",
        "reached_on",
        "updated_at",
    }


@pytest.mark.parametrize(
    ("share", "fi", "en"),
    [("0.999", "99\u00a0%", "99%"), ("1", "100\u00a0%", "100%"), ("0E+2", "0\u00a0%", "0%")],
)
def test_a_share_is_cut_to_whole_per_cents(share: str, fi: str, en: str) -> None:
    assert (format_percent(Decimal(share), "fi"), format_percent(Decimal(share), "en")) == (fi, en)


def test_what_holds_today_of_others_information_comes_first() -> None:
    assert [row.current for row in from_others_page(DOSSIER, today=TODAY).rows] == [True, False, False]


def test_a_filter_survives_the_way_to_a_decision_and_back() -> None:
    query = QueryDict("benefit=SOC-PER&period=12m&outcome=nonsense")
    listed = decisions_page(DOSSIER, query, today=TODAY)
    assert listed.query == "?benefit=SOC-PER&period=12m"
    number = listed.rows[0].row.decision.number
    page = decision_page(DOSSIER, number, QueryDict(listed.query.removeprefix("?")), today=TODAY)
    assert page is not None
    assert page.query == listed.query
    context = {"frame": client_frame(DOSSIER, INQUIRY, tab="decisions"), "page": page}
    assert 'decisions/?benefit=SOC-PER&amp;period=12m"' in render_to_string(
        "kelmu/clients/decision.html", context
    )


def test_a_chip_takes_away_its_own_filter_only() -> None:
    page = decisions_page(DOSSIER, QueryDict("benefit=SOC-PER&outcome=partly"), today=TODAY)
    assert [chip.query for chip in page.chips] == ["?outcome=partly", "?benefit=SOC-PER"]
    assert {listed.row.decision.outcome for listed in page.rows} == {"partly"}


def test_a_preset_of_payments_keeps_the_benefit() -> None:
    page = payments_page(DOSSIER, QueryDict("benefit=HOU-YAT&period=this_year"), today=TODAY)
    assert {row.payment.benefit for month in page.months for row in month.rows} == {"HOU-YAT"}
    assert [preset.value for preset in page.presets if preset.chosen] == ["this_year"]
    assert all(preset.query.endswith("benefit=HOU-YAT") for preset in page.presets)
    assert [chip.query for chip in page.chips] == ["?period=this_year"]
