"""The person rules as the policy's table says them, one promise at a time (the matrix has every case)."""

from __future__ import annotations

import pytest

from kelmu.policy import Outcome, PersonDecision, Rule, decide_person
from tests.grants import grant_of
from tests.policy.actors import facts

ASKED = {
    Rule.UNKNOWN: {"found": False},
    Rule.FAMILY: {"family": True},
    Rule.PROTECTED_WITHOUT_RIGHT: {"protected": True},
    Rule.PROTECTED_WITH_RIGHT: {"protected": True, "protected_right": True},
    Rule.OUTSIDE_AREA: {"outside_area": True},
    Rule.COLLEAGUE: {"colleague": True},
    Rule.DIED: {"died_over_a_year_ago": True},
    Rule.MINOR: {"minor": True},
    Rule.MANY_PERSONS: {"many_persons": True},
}
BARRED = (Rule.UNKNOWN, Rule.FAMILY, Rule.PROTECTED_WITHOUT_RIGHT)
ONLY_LOCAL = (*BARRED, Rule.OUTSIDE_AREA)


def decided(
    changed: dict[str, bool], *, national_area: bool = False, minor_allowed: bool = False
) -> tuple[Outcome, Rule]:
    grant = grant_of(national_area=national_area, minor_allowed=minor_allowed)
    decision: PersonDecision = decide_person(grant, facts(**changed))
    return decision.outcome, decision.rule


@pytest.mark.parametrize("national_area", [False, True])
def test_an_ordinary_client_is_given_at_once(national_area: bool) -> None:
    assert decided({}, national_area=national_area) == (Outcome.GIVEN, Rule.GIVEN)


def test_the_officials_own_data_are_never_given_whatever_else_holds() -> None:
    everything = dict.fromkeys(
        ("own_data", "family", "protected", "outside_area", "colleague", "minor"), True
    )
    for reason_given in (False, True):
        assert decided({**everything, "reason_given": reason_given}) == (Outcome.OWN_DATA, Rule.OWN_DATA)


@pytest.mark.parametrize("rule", ASKED)
def test_what_asks_for_a_reason_and_what_the_reason_opens(rule: Rule) -> None:
    assert decided(ASKED[rule]) == (Outcome.REASON_NEEDED, rule)
    after = (Outcome.NOT_AVAILABLE, rule) if rule in BARRED else (Outcome.GIVEN, Rule.GIVEN_AFTER_REASON)
    assert decided({**ASKED[rule], "reason_given": True}) == after


@pytest.mark.parametrize("rule", ASKED)
def test_a_national_type_is_not_asked_what_only_an_area_or_a_refusal_could_explain(rule: Rule) -> None:
    if rule in BARRED:
        expected = (Outcome.NOT_AVAILABLE, rule)
    elif rule in ONLY_LOCAL:
        expected = (Outcome.GIVEN, Rule.GIVEN)
    else:
        expected = (Outcome.REASON_NEEDED, rule)
    assert decided(ASKED[rule], national_area=True) == expected


def test_a_relation_takes_the_place_of_the_area() -> None:
    assert decided({"outside_area": True, "has_relation": True}) == (Outcome.GIVEN, Rule.GIVEN)


def test_a_minor_is_asked_about_only_where_the_purpose_is_not_for_minors() -> None:
    assert decided({"minor": True}, minor_allowed=True) == (Outcome.GIVEN, Rule.GIVEN)


@pytest.mark.parametrize("national_area", [False, True])
@pytest.mark.parametrize("reason_given", [False, True])
def test_nothing_is_given_while_protection_cannot_be_read(national_area: bool, reason_given: bool) -> None:
    changed = {"protection_known": False, "reason_given": reason_given}
    expected = (Outcome.NOT_AVAILABLE, Rule.PROTECTION_UNKNOWN)
    assert decided(changed, national_area=national_area) == expected


def test_the_first_rule_of_the_order_is_the_one_that_is_logged() -> None:
    together: dict[str, bool] = {"protected": True, "protected_right": True}
    for rule in (Rule.MANY_PERSONS, Rule.MINOR, Rule.DIED, Rule.COLLEAGUE, Rule.OUTSIDE_AREA):
        together |= ASKED[rule]
    order = [
        Rule.PROTECTED_WITH_RIGHT,
        Rule.OUTSIDE_AREA,
        Rule.COLLEAGUE,
        Rule.DIED,
        Rule.MINOR,
        Rule.MANY_PERSONS,
    ]
    for rule in order:
        assert decided(together) == (Outcome.REASON_NEEDED, rule)
        together |= dict.fromkeys(ASKED[rule], False)
    assert decided(together) == (Outcome.GIVEN, Rule.GIVEN)
