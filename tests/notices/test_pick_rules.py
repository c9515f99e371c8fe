"""What counts as a month and as a spell, when a spell ends, and who is picked for it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from kelmu.core.period import Period
from kelmu.notices.pick_explanation import explanation
from kelmu.notices.pick_rule_file import pick_rules
from kelmu.notices.pick_rules import Person, Pick, PickKind, counted_months, is_new, months_between, picks
from tests.notices.pick_households import DAY, MAIN, assisted_month, months_before, persons, reckoning

ON = date(2026, 11, 24)
YOUNG, OLDER, NEWCOMER = PickKind
RULES = {rule.kind: rule for rule in pick_rules()}
anybody = persons(ON)


def person(kinds: dict[int, str], **facts: object) -> Person:
    """A job seeker of 22 with months of such kinds, counted back from the present one."""
    each = [assisted_month(months_before(ON, ago), ago + 5, kind, ON) for ago, kind in kinds.items()]
    somebody = Person(
        person_id=1, birth_date=date(2004, 5, 5), death_date=None, has_home=True, residence_ground=None,
        first_residence_date=None, payments=[paid for _, paying in each for paid in paying],
        decisions=[made for decided, _ in each for made in decided], job_seeking=[Period(date(2020, 1, 1))],
    )  # fmt: skip
    return replace(somebody, **facts)  # type: ignore[arg-type]  # facts of a person by name


def months(*ago: int, **facts: object) -> Person:
    return person(dict.fromkeys(ago, "main"), **facts)


def newcomer(first_residence: date, *ago: int, ground: str = "refugee") -> Person:
    return months(
        *ago, residence_ground=ground, first_residence_date=first_residence, job_seeking=[],
        birth_date=date(1980, 1, 1),
    )  # fmt: skip


def kinds(somebody: Person, on: date = ON) -> list[PickKind]:
    return [pick.rule.kind for pick in picks(somebody, pick_rules(), on)]


@pytest.mark.parametrize(
    "kind",
    ["half", "minor", "assets_", "nothing", "refused", "returned", "planned", "annulled", "unreckoned",
     "untimed", "empty", "lowered", "corrected", "cancelled"],
)  # fmt: skip
def test_a_month_that_does_not_count_ends_the_spell(kind: str) -> None:
    broken = {0: "main", 1: "main", 2: kind, 3: "main", 4: "main"}
    if kind in {"corrected", "cancelled"}:
        somebody = months(0, 1, 2, 3, 4)
        third = months_before(ON, 2)
        paid = [replace(p, state=kind) if p.period_from == third else p for p in somebody.payments]
        somebody = replace(somebody, payments=paid)
    elif kind == "assets_":
        somebody = person(broken, decisions=[])
    else:
        somebody = person(broken)
    assert kinds(somebody) == []


@pytest.mark.parametrize(
    "kind", ["barely", "raised", "in_parts", "both_months", "annulled_later", "open_ended", "late"]
)
def test_a_month_that_counts_goes_on_with_the_spell(kind: str) -> None:
    assert kinds(person({0: "main", 1: "main", 2: kind, 3: "main"})) == [YOUNG]


def test_main_is_more_than_half_of_income_and_assistance_together_and_assets_are_no_income() -> None:
    assert reckoning("500.01", "500").is_over(50)
    assert not reckoning("500", "500").is_over(50)
    assert reckoning("500", "400", "2000").is_over(50)
    assert not reckoning("-1", "0").is_over(50)
    assert not reckoning("0", "0").is_over(50)


@pytest.mark.parametrize(("count", "picked"), [(3, []), (4, [YOUNG]), (11, [YOUNG]), (12, [YOUNG])])
def test_four_months_in_a_row_are_needed_under_25(count: int, picked: list[PickKind]) -> None:
    assert kinds(months(*range(count))) == picked


@pytest.mark.parametrize(("count", "picked"), [(4, []), (11, []), (12, [OLDER]), (40, [OLDER])])
def test_twelve_months_in_a_row_are_needed_from_25_on(count: int, picked: list[PickKind]) -> None:
    assert kinds(months(*range(count), birth_date=date(1990, 1, 1))) == picked


@pytest.mark.parametrize(("count", "picked"), [(1, []), (2, [NEWCOMER]), (3, [NEWCOMER])])
def test_two_months_in_a_row_are_needed_for_an_immigrant_employed_or_not(
    count: int, picked: list[PickKind]
) -> None:
    assert kinds(newcomer(date(2025, 1, 1), *range(count))) == picked


@pytest.mark.parametrize(
    ("born", "picked"),
    [(date(2001, 11, 2), [YOUNG]), (date(2001, 11, 1), []), (date(2001, 10, 31), [])],
)
def test_age_is_that_of_the_first_day_of_the_last_month(born: date, picked: list[PickKind]) -> None:
    somebody = months(0, 1, 2, 3, birth_date=born)
    for day in (ON.replace(day=1), ON, ON.replace(day=30)):
        assert kinds(somebody, day) == picked


@pytest.mark.parametrize(
    ("came", "picked"),
    [(date(2023, 11, 1), [NEWCOMER]), (date(2023, 10, 31), []), (date(2026, 9, 1), [NEWCOMER])],
)
def test_three_years_since_the_first_residence_are_within(came: date, picked: list[PickKind]) -> None:
    assert kinds(newcomer(came, 0, 1)) == picked


def test_a_leap_day_three_years_ago_is_the_28th_of_february() -> None:
    leap = date(2024, 2, 29)
    on = date(2027, 2, 10)
    each = [
        assisted_month(month, place, "main", on)
        for place, month in enumerate((date(2027, 1, 1), date(2027, 2, 1)))
    ]
    somebody = replace(
        newcomer(leap),
        decisions=[d for made, _ in each for d in made],
        payments=[p for _, paid in each for p in paid],
    )
    assert kinds(somebody, on) == [NEWCOMER]


@pytest.mark.parametrize("ground", ["work", "study", "family", "eu_registration", None])
def test_other_grounds_of_residence_are_not_picked(ground: str | None) -> None:
    somebody = replace(newcomer(date(2025, 1, 1), 0, 1), residence_ground=ground)
    assert kinds(somebody) == []


def test_without_an_unemployment_benefit_or_job_seeking_a_month_does_not_count() -> None:
    somebody = months(0, 1, 2, 3, job_seeking=[Period(months_before(ON, 3), months_before(ON, 1) - DAY)])
    assert kinds(somebody) == []
    touching = replace(somebody, job_seeking=[*somebody.job_seeking, Period(months_before(ON, 0) - DAY)])
    assert kinds(touching) == [YOUNG]


def test_a_spell_still_runs_while_the_present_month_is_not_decided_and_no_longer() -> None:
    assert kinds(months(1, 2, 3, 4)) == [YOUNG]
    assert kinds(months(2, 3, 4, 5)) == []


def test_a_month_that_was_paid_in_advance_does_not_count_before_it_begins() -> None:
    somebody = months(-1, 0, 1, 2)
    early = [replace(payment, paid_on=ON) for payment in somebody.payments]
    assert kinds(replace(somebody, payments=early)) == []
    assert kinds(replace(somebody, payments=early), months_before(ON, -1)) == [YOUNG]


def test_nobody_dead_or_without_a_home_is_picked() -> None:
    assert kinds(months(0, 1, 2, 3, death_date=ON)) == []
    assert kinds(months(0, 1, 2, 3, has_home=False)) == []


def test_a_rule_picks_on_its_days_only() -> None:
    rule = replace(RULES[YOUNG], valid=Period(ON, ON))
    found = [bool(picks(months(0, 1, 2, 3), [rule], ON + days * DAY)) for days in (-1, 0, 1)]
    assert found == [False, True, False]


@given(anybody)
def test_what_is_picked_rests_on_as_many_months_in_a_row_as_the_rule_asks_for(somebody: Person) -> None:
    for pick in picks(somebody, pick_rules(), ON):
        starts = [reason.month for reason in pick.reasons]
        assert len(starts) == pick.rule.months
        assert starts == [months_before(pick.last_month, back) for back in range(len(starts) - 1, -1, -1)]
        assert pick.first_month <= starts[0]
        assert months_between(pick.last_month, ON) in {0, 1}
        for reason in pick.reasons:
            assert reason.decision.reckoning is not None
            assert reason.decision.reckoning.assistance > reason.decision.reckoning.income
            assert all(payment.state == "paid" and payment.paid_on <= ON for payment in reason.payments)
            assert reason.payments
            assert bool(reason.unemployment) == (pick.rule.kind is not NEWCOMER)


@given(anybody)
def test_the_order_in_which_facts_are_told_changes_nothing(somebody: Person) -> None:
    turned = replace(
        somebody, payments=somebody.payments[::-1], decisions=somebody.decisions[::-1],
        job_seeking=somebody.job_seeking[::-1],
    )  # fmt: skip
    assert picks(turned, pick_rules(), ON) == picks(somebody, pick_rules(), ON)


@given(anybody)
def test_the_day_of_the_month_changes_nothing_but_what_is_known_by_then(somebody: Person) -> None:
    """A run missed for days finds the same as one in time."""
    last = ON.replace(day=30)
    settled = replace(
        somebody,
        decisions=[replace(each, annulled_on=None) for each in somebody.decisions if each.decided_on <= ON],
        payments=[each for each in somebody.payments if each.paid_on <= ON],
        job_seeking=[each for each in somebody.job_seeking if each.start <= ON],
    )
    assert picks(settled, pick_rules(), last) == picks(settled, pick_rules(), ON)


@given(anybody, st.sampled_from(tuple(PickKind)))
def test_a_month_more_never_makes_a_spell_shorter(somebody: Person, kind: PickKind) -> None:
    before = {each.month for each in counted_months(somebody, RULES[kind], ON)}
    decided, paid = assisted_month(months_before(ON, 20), 99, "main", ON)
    more = replace(somebody, decisions=[*somebody.decisions, *decided], payments=[*somebody.payments, *paid])
    assert before <= {each.month for each in counted_months(more, RULES[kind], ON)}


@given(anybody)
def test_young_and_older_are_never_picked_at_once(somebody: Person) -> None:
    assert len({YOUNG, OLDER} & set(kinds(somebody))) <= 1


@given(anybody, st.lists(st.integers(-2, 20), min_size=1, max_size=8), st.sets(st.integers(0, 18)))
def test_a_spell_is_picked_once_on_whatever_days_and_with_whatever_months_decided_late(
    somebody: Person, days: list[int], late: set[int]
) -> None:
    """Between runs months before, after and within the spell come to be known: no two notices share one."""
    earlier: list[tuple[PickKind, date, date]] = []
    known = somebody
    for place, days_more in enumerate(days):
        for ago in [each for each in late if each % len(days) == place]:
            decided, paid = assisted_month(months_before(ON, ago), 100 + ago, "main", ON)
            known = replace(known, decisions=[*known.decisions, *decided], payments=[*known.payments, *paid])
        for pick in picks(known, pick_rules(), ON + timedelta(days=days_more)):
            if is_new(pick, earlier):
                earlier.append((pick.rule.kind, pick.first_month, pick.last_month))
    for kind in PickKind:
        mine = sorted((first, last) for each, first, last in earlier if each is kind)
        assert all(one[1] < other[0] for one, other in itertools.pairwise(mine))


@pytest.mark.parametrize("kind", PickKind)
def test_invented_persons_are_picked_for_each_kind(kind: PickKind) -> None:
    """Or else what is said of all of them says nothing."""
    assert find(anybody, lambda somebody: kind in kinds(somebody))


def test_a_pick_is_new_unless_a_month_of_its_spell_was_picked_before() -> None:
    [pick] = picks(months(0, 1, 2, 3), pick_rules(), ON)
    first, last = pick.first_month, pick.last_month
    assert is_new(pick, [])
    assert not is_new(pick, [(YOUNG, last, last)])
    assert not is_new(pick, [(YOUNG, date(2020, 1, 1), first)])
    assert is_new(pick, [(YOUNG, date(2020, 1, 1), months_before(first, 1)), (OLDER, first, last)])


def test_an_explanation_never_tells_the_ground_of_residence() -> None:
    [pick] = picks(newcomer(date(2025, 1, 7), 0, 1), pick_rules(), ON)
    assert isinstance(pick, Pick)
    text = str(explanation(pick))
    assert "refugee" not in text
    assert "2025-01" not in text
    assert MAIN.assistance == 800
