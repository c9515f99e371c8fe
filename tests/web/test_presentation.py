"""What pages say of a dossier: sums that add up, the reason of every emptiness, a word for every code."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.http import QueryDict
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from kelmu.core.personal_id import PersonalId
from kelmu.web.appearance import appearance
from kelmu.web.presentation import labels
from kelmu.web.presentation.client import client_frame
from kelmu.web.presentation.decisions import decision_page, decisions_page
from kelmu.web.presentation.forms import ReasonForm, SearchForm
from kelmu.web.presentation.payments import payments_page
from kelmu.web.presentation.pending import pending_page
from kelmu.web.presentation.periods import preset_period
from kelmu.web.presentation.summary import summary_page
from tests.browser.invented import DOSSIER, INQUIRY, NO_RIGHTS, NOTHING_IN_LIMIT, PAYMENTS, PROTECTED, TODAY

TABLES = Path(labels.__file__).parents[2] / "register" / "sql"
SEARCH = {"purpose": "child_welfare", "told_client": "on"}
PURPOSES = (("social_assistance", "Toimeentulotuen käsittely"), ("child_welfare", "Lastensuojelu"))


@pytest.mark.parametrize(
    ("constraint", "words"),
    [
        ("matter_type_known", labels.MATTER_TYPES),
        ("matter_received_by_known", labels.RECEIVED_BY),
        ("matter_state_known", labels.MATTER_STATES),
        ("decision_outcome_known", labels.OUTCOMES),
        ("decision_unit_known", labels.UNITS),
        ("decision_payee_kind_known", labels.PAYEE_KINDS),
        ("payment_payee_kind_known", labels.PAYEE_KINDS),
        ("payment_state_known", labels.PAYMENT_STATES),
        ("coverage_kind_known", labels.COVERAGE_KINDS),
        ("coverage_ground_known", labels.COVERAGE_GROUNDS),
        ("recovery_state_known", labels.RECOVERY_STATES),
        ("maintenance_collection_state_known", labels.COLLECTION_STATES),
        ("third_party_info_sender_known", labels.SENDER_KINDS),
        ("third_party_info_kind_known", labels.INFO_KINDS),
        ("payment_commitment_kind_known", labels.COMMITMENT_KINDS),
        ("decision_member_role_known", labels.MEMBER_ROLES),
    ],
)
def test_every_code_the_register_allows_has_a_word(constraint: str, words: dict[str, object]) -> None:
    tables = "\n".join(path.read_text("utf-8") for path in sorted(TABLES.glob("*tables.sql")))
    allowed = re.search(constraint + r" CHECK \(\s*\w+ IN \((.*?)\)\)", tables, re.DOTALL)
    assert allowed is not None
    assert set(re.findall(r"'(\w+)'", allowed[1])) == set(words)


amounts = st.decimals(min_value=0, max_value=5000, places=2)
states = st.sampled_from(sorted(labels.PAYMENT_STATES))
days = st.dates(min_value=TODAY - timedelta(days=800), max_value=TODAY + timedelta(days=90))


@given(st.lists(st.tuples(amounts, amounts, states, days), max_size=12))
def test_sums_add_up_and_leave_out_what_came_back(drawn: list[tuple[Decimal, Decimal, str, date]]) -> None:
    payments = tuple(
        replace(PAYMENTS[0], number=str(i), gross=net + tax, tax=tax, net=net, state=state, paid_on=day)
        for i, (net, tax, state, day) in enumerate(drawn)
    )
    page = payments_page(replace(DOSSIER, payments=payments), QueryDict("period=all"), today=TODAY)
    counted = [payment for payment in payments if payment.state not in {"returned", "cancelled"}]
    everything = [page.paid, *([page.planned] if page.planned else [])]
    assert sum(part.net for part in everything) == sum((item.net for item in counted), Decimal(0))
    assert sum(month.sums.net for month in page.months) == sum(part.net for part in everything)
    for part in [*everything, *(month.sums for month in page.months)]:
        deductions = part.tax + part.recovery + part.paid_to_others + part.enforcement
        assert part.gross - deductions == part.net
    assert [m.first_day for m in page.months] == sorted(
        {p.paid_on.replace(day=1) for p in payments}, reverse=True
    )
    assert (page.uncounted.count if page.uncounted else 0) == len(payments) - len(counted)


@given(days, st.sampled_from(sorted(labels.PERIOD_PRESETS)))
def test_a_preset_shows_exactly_its_days(day: date, preset: str) -> None:
    first, last = preset_period(preset, today=TODAY)
    payments = (replace(PAYMENTS[0], paid_on=day),)
    page = payments_page(replace(DOSSIER, payments=payments), QueryDict(f"period={preset}"), today=TODAY)
    assert bool(page.months) == ((first is None or first <= day) and (last is None or day <= last))
    assert page.empty == (None if page.months else "filter")


def test_an_empty_list_says_why() -> None:
    unlimited = replace(NOTHING_IN_LIMIT, scope=tuple(replace(each, since=None) for each in DOSSIER.scope))
    query = QueryDict("benefit=SOC-PER&outcome=refused")
    assert decisions_page(NOTHING_IN_LIMIT, QueryDict(), today=TODAY).empty == "limit"
    assert decisions_page(unlimited, QueryDict(), today=TODAY).empty == "none"
    assert decisions_page(DOSSIER, query, today=TODAY).empty == "filter"
    assert decisions_page(NO_RIGHTS, QueryDict(), today=TODAY).empty == "no_right"
    assert payments_page(PROTECTED, QueryDict(), today=TODAY).empty == "source_down"
    assert pending_page(NOTHING_IN_LIMIT, today=TODAY).empty == "none"


def test_an_unknown_filter_filters_nothing() -> None:
    page = decisions_page(DOSSIER, QueryDict("benefit=FAM-LL&outcome=%3Cscript%3E&period=9y"), today=TODAY)
    assert (len(page.rows), page.filtered, page.query) == (len(DOSSIER.decisions or ()), False, "")


def test_the_chain_of_decisions_is_shown_both_ways() -> None:
    newer = decision_page(DOSSIER, "2026/118-204", {}, today=TODAY)
    older = decision_page(DOSSIER, "2026/118-203", {}, today=TODAY)
    assert newer is not None
    assert older is not None
    assert newer.row.decision.replaces == older.row.decision.number
    assert older.row.replaced_by == newer.row.decision.number
    assert decision_page(DOSSIER, "2020/000-001", {}, today=TODAY) is None


def test_the_summary_shows_what_runs_today_with_its_next_payment() -> None:
    page = summary_page(DOSSIER, today=TODAY)
    shown = {
        current.row.decision.benefit: current.next_payment and current.next_payment.payment.paid_on
        for current in page.current
    }
    assert shown == {"SOC-PER": date(2026, 12, 1), "HOU-YAT": date(2026, 12, 3), "UNE-TMT": None}
    assert page.upcoming_sums.net == Decimal("1010.55")
    assert summary_page(DOSSIER, today=date(2027, 8, 1)).current[0].row.decision.benefit == "UNE-TMT"


def test_a_protected_client_has_no_municipality_even_if_one_is_offered() -> None:
    assert client_frame(DOSSIER, INQUIRY, tab="summary").banner.municipality_name == "Tampere"
    assert client_frame(PROTECTED, INQUIRY, tab="summary").banner.municipality_name is None


def test_a_group_without_a_right_has_no_tab() -> None:
    frame = client_frame(DOSSIER, replace(INQUIRY, groups=frozenset({"payments"})), tab="payments")
    assert [tab.name for tab in frame.tabs] == ["summary", "payments"]
    assert [tab.name for tab in frame.tabs if tab.current] == ["payments"]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "empty"),
        ("010190-999A", "check_character"),
        ("310290-999W", "date"),
        ("010190-" + "123" + "M", "real_range"),  # in parts: no such code stands in the source
        ("nonsense", "shape"),
        ("9" * 10_000, "too_long"),
    ],
)
def test_a_wrong_identity_code_is_told_at_its_field_and_kept(typed: str, fault: str) -> None:
    form = SearchForm({**SEARCH, "personal_id": typed}, purposes=PURPOSES)
    assert not form.is_valid()
    assert form.errors.as_data()["personal_id"][0].code == fault
    assert list(form.errors) == ["personal_id"]
    assert form["personal_id"].value() == typed
    assert not typed or typed not in str(form.errors)


@pytest.mark.parametrize("typed", ["010190-999w", " 010190 - 999 W ", "010190Y999W"])
def test_an_identity_code_may_be_typed_as_one_likes(typed: str) -> None:
    form = SearchForm({**SEARCH, "personal_id": typed}, purposes=PURPOSES)
    assert form.is_valid(), form.errors
    assert isinstance(form.cleaned_data["personal_id"], PersonalId)


def test_the_only_purpose_is_chosen_already() -> None:
    assert "Valitse" not in str(SearchForm(purposes=PURPOSES[:1])["purpose"])
    assert 'value="" selected' in str(SearchForm(purposes=PURPOSES)["purpose"])


@pytest.mark.parametrize(("length", "good"), [(0, False), (9, False), (10, True), (255, True), (256, False)])
def test_a_reason_has_10_to_255_characters(length: int, good: bool) -> None:
    assert ReasonForm({"reason": "x" * length}).is_valid() is good


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [("/help/", "/help/"), ("https://elsewhere.example/", "/"), ("//elsewhere.example/", "/"), ("", "/")],
)
@override_settings(LANGUAGES=[("fi", "suomi"), ("sv", "svenska")])
def test_choosing_how_pages_look_leads_back_to_our_own_page_only(wanted: str, landed: str) -> None:
    answer = appearance(
        RequestFactory().post("/appearance/", {"next": wanted, "language": "sv", "color_scheme": "dark"})
    )
    assert answer["Location"] == landed
    assert (answer.cookies["kelmu_language"].value, answer.cookies["kelmu_color_scheme"].value) == (
        "sv",
        "dark",
    )
    ignored = appearance(RequestFactory().post("/appearance/", {"language": "xx", "color_scheme": "pink"}))
    assert not ignored.cookies
