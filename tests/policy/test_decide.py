"""What is decided before any person: agreement, mandates, profile, in this order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kelmu.core.errors import NotSignedIn
from kelmu.policy import (
    Action,
    Cause,
    Channel,
    DataGroup,
    Decision,
    Grant,
    decide,
    inquiry_mandates,
    policy_digest,
    purposes_for,
)
from kelmu.policy.rules import months_before
from tests.policy.actors import ASSISTANCE, GROUPS, MANDATES, TODAY, TYPES, VIEW, acting

ANY = "social_assistance"


def look(purpose: str | None = ANY, action: Action = Action.INQUIRE, **session: Any) -> Decision:
    return decide(acting(**session), action, purpose, Channel.WEB, today=TODAY)


def granted(purpose: str = ANY, **session: Any) -> Grant:
    grant = look(purpose, **session).grant
    assert grant is not None
    return grant


@pytest.mark.parametrize("action", [Action.PUBLIC, Action.SIGN_IN, Action.IDENTIFIED])
def test_what_needs_no_acting_session_is_allowed_without_one(action: Action) -> None:
    assert decide(None, action, None, Channel.WEB, today=TODAY) == Decision(allowed=True)


@pytest.mark.parametrize("action", [Action.ACT, Action.INQUIRE, Action.VIEW_CLIENT])
def test_nobody_acts_without_an_acting_session(action: Action) -> None:
    with pytest.raises(NotSignedIn):
        decide(None, action, ANY, Channel.WEB, today=TODAY)


def test_a_session_of_one_channel_is_not_used_in_another() -> None:
    with pytest.raises(ValueError, match="another channel"):
        decide(acting(channel="api"), Action.INQUIRE, ANY, Channel.WEB, today=TODAY)


@pytest.mark.parametrize("action", [Action.ACT, Action.INQUIRE, Action.VIEW_CLIENT])
@pytest.mark.parametrize(
    ("first", "last", "in_force"),
    [
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (TODAY - timedelta(days=9), TODAY, True),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False),
    ],
)
def test_the_agreement_holds_from_its_first_day_to_its_last(
    action: Action, first: date, last: date | None, in_force: bool
) -> None:
    decision = look(action=action, valid_from=first, valid_to=last)
    assert decision.allowed is in_force
    assert decision.cause is (None if in_force else Cause.NO_AGREEMENT)


@pytest.mark.parametrize("action", [Action.ACT, Action.INQUIRE, Action.VIEW_CLIENT])
def test_an_agreement_without_the_channel_is_none(action: Action) -> None:
    assert look(action=action, channels=("api",)) == Decision(allowed=False, cause=Cause.NO_AGREEMENT)


def test_no_agreement_comes_before_a_missing_mandate_and_a_wrong_purpose() -> None:
    assert look("nonsense", mandates=(), channels=("api",)).cause is Cause.NO_AGREEMENT


def test_acting_needs_no_mandate_and_gives_no_grant() -> None:
    assert look(None, Action.ACT, mandates=()) == Decision(allowed=True)


def test_without_any_mandate_that_opens_an_inquiry_all_such_are_named() -> None:
    expected = Decision(allowed=False, cause=Cause.MISSING_MANDATE, missing_mandates=(VIEW, ASSISTANCE))
    assert look(None, mandates=()) == look("nonsense", mandates=()) == expected
    assert look(None, mandates=set(MANDATES) - {VIEW, ASSISTANCE}) == expected


def test_the_mandate_the_chosen_purpose_needs_is_named() -> None:
    assert look("social_assistance_decisions", mandates=(VIEW,)) == Decision(
        allowed=False, cause=Cause.MISSING_MANDATE, missing_mandates=(ASSISTANCE,)
    )
    assert look("client_fees", mandates=(ASSISTANCE,)).missing_mandates == (VIEW,)


def test_a_purpose_of_another_type_is_not_allowed() -> None:
    for purpose in ("integration", "oversight", "nonsense", ""):
        assert look(purpose) == Decision(allowed=False, cause=Cause.PURPOSE_NOT_ALLOWED)


def test_a_representation_mandate_opens_no_inquiry() -> None:
    decision = look(mandates=(), representation=MANDATES)
    assert (decision.cause, decision.missing_mandates) == (Cause.MISSING_MANDATE, (VIEW,))
    assert purposes_for(acting(mandates=(), representation=MANDATES), Channel.WEB, TODAY) == ()


@pytest.mark.parametrize("organisation_type", ["kela", "hus", "nonsense"])
def test_types_without_profile_rows_open_no_inquiry(organisation_type: str) -> None:
    decision = look(organisation_type=organisation_type, mandates=MANDATES)
    assert decision == Decision(allowed=False, cause=Cause.PURPOSE_NOT_ALLOWED)
    assert inquiry_mandates(organisation_type) == ()
    assert look(None, Action.ACT, organisation_type=organisation_type).allowed


def test_helsinki_has_what_a_county_has() -> None:
    county, helsinki = granted(organisation_type="wellbeing_county"), granted(organisation_type="helsinki")
    assert county.scopes == helsinki.scopes
    assert inquiry_mandates("helsinki") == inquiry_mandates("wellbeing_county") == (VIEW, ASSISTANCE)


def test_a_purpose_open_in_another_channel_only_is_not_allowed_in_this() -> None:
    fund = acting("unemployment_fund", channel="api")
    assert decide(fund, Action.INQUIRE, "earnings_related_allowance", Channel.API, today=TODAY).allowed
    assert look("earnings_related_allowance", organisation_type="unemployment_fund").cause is (
        Cause.PURPOSE_NOT_ALLOWED
    )
    assert (
        inquiry_mandates("unemployment_fund") == inquiry_mandates("unemployment_fund", Channel.API) == (VIEW,)
    )
    assert inquiry_mandates("unemployment_fund", Channel.WEB) == ()


def test_the_agreements_groups_are_the_ceiling() -> None:
    assert granted(groups=("payments", "coverage", "claims")).groups == (
        DataGroup.PAYMENTS,
        DataGroup.COVERAGE,
    )
    assert look(groups=("claims",)).cause is Cause.PURPOSE_NOT_ALLOWED
    assert look(None, groups=()).cause is Cause.PURPOSE_NOT_ALLOWED
    assert look("payment_claim", groups=("claims",)).allowed


def test_the_search_form_is_open_before_a_purpose_is_chosen_and_gives_no_grant() -> None:
    assert look(None) == Decision(allowed=True)


def test_a_clients_page_needs_a_purpose() -> None:
    assert look(None, Action.VIEW_CLIENT) == Decision(allowed=False, cause=Cause.PURPOSE_NOT_ALLOWED)
    assert look(ANY, Action.VIEW_CLIENT).grant is not None


def test_only_purposes_that_open_something_are_offered_in_the_order_of_the_list() -> None:
    def offered(**session: Any) -> list[str]:
        return [purpose.code for purpose in purposes_for(acting(**session), Channel.WEB, TODAY)]

    own = ["social_assistance", "social_care", "client_fees", "child_welfare", "payment_claim"]
    assert offered() == own
    assert offered(mandates=(VIEW, ASSISTANCE)) == [*own, "social_assistance_decisions"]
    assert offered(groups=("medicine_cap",)) == ["social_assistance", "client_fees"]
    assert offered(valid_to=TODAY - timedelta(days=1)) == []


def test_a_grant_says_who_why_on_what_basis_and_how_far_back() -> None:
    grant = granted("social_assistance_decisions", mandates=(ASSISTANCE, VIEW, "kela_desk"))
    assert (grant.organisation_id, grant.agreement_id) == (11, 13)
    assert grant.session_id == acting().session_id
    assert grant.mandates == (ASSISTANCE,)
    assert grant.purpose == "social_assistance_decisions"
    assert grant.legal_bases == ("1412/1997 18-18 b §",)
    assert grant.channel is Channel.WEB
    assert (grant.national_area, grant.minor_allowed) == (False, True)
    assert grant.policy_digest == policy_digest()
    assert grant.decided_on == TODAY
    assert [(scope.group, scope.since) for scope in grant.scopes] == [
        (DataGroup.PENDING, None),
        (DataGroup.DECISIONS, date(2024, 11, 24)),
        (DataGroup.PAYMENTS, date(2024, 11, 24)),
    ]
    assert all("SOC-PER" in scope.benefits and "FAM-LL" not in scope.benefits for scope in grant.scopes)


def test_national_types_say_so() -> None:
    national = {
        organisation_type
        for organisation_type in TYPES
        for channel in Channel
        for purpose in purposes_for(acting(organisation_type, channel=channel), channel, TODAY)
        if (
            grant := decide(
                acting(organisation_type, channel=channel), Action.INQUIRE, purpose.code, channel, today=TODAY
            ).grant
        )
        and grant.national_area
    }
    assert national == {
        "unemployment_fund",
        "pension_institution",
        "insurance_institution",
        "state_treasury",
        "legal_aid_office",
    }


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 24), 24, date(2024, 11, 24)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_the_window_starts_on_the_same_day_or_the_months_last(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


def test_every_group_of_the_ceiling_is_one_that_policy_knows() -> None:
    assert tuple(DataGroup) == GROUPS


def test_each_action_asks_no_more_than_the_one_it_leads_to() -> None:
    asked = [
        (action.needs_identification, action.needs_acting, action.opens_inquiry, action.needs_purpose)
        for action in Action
    ]
    assert asked == sorted(asked)
    assert [action.value for action in Action] == [
        "public", "sign_in", "identified", "act", "notices", "notice_news", "claims", "desk", "inquire",
        "keep_draft", "view_client",
    ]  # fmt: skip
