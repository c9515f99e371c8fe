"""What a payment claim may say: matrix, payment days, stops and cautions, by examples and by rule."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelmu.benefits.catalogue import ClaimGround, catalogue
from kelmu.claims.iban import IbanError, parse_iban
from kelmu.claims.matrix import claimable, load_payment_rules, load_provisions, payment_rules, provisions
from kelmu.claims.rules import (
    Caution,
    Claim,
    Claimable,
    Granted,
    Known,
    Other,
    Stop,
    Timing,
    cautions,
    ground_stop,
    latest_day,
    latest_net,
    payment_days,
    settled_order,
    stops,
    timing,
)
from kelmu.core.data_files import DataFileError
from kelmu.core.period import Period
from kelmu.core.working_days import is_working_day, working_day_on_or_after, working_day_on_or_before

STA, CFA = ClaimGround.SOCIAL_ASSISTANCE_ACT, ClaimGround.CLIENT_FEE_ACT
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = Period(date(2026, 12, 1), date(2026, 12, 31))


def the(code: str) -> Claimable:
    found = claimable(code)
    assert found is not None
    return found


def advance(**changed: object) -> Claim:
    """Assistance paid on 5 November as an advance against November's housing allowance."""
    values: dict[str, object] = {
        "benefit": "HOU-YAT", "ground": STA, "period": NOVEMBER, "amount": Decimal(300), "basis": NOVEMBER,
        "paid_on": date(2026, 11, 5),
    }  # fmt: skip
    return Claim(**{**values, **changed})  # type: ignore[arg-type] # one test's own words


@pytest.mark.parametrize(
    ("code", "ground", "why"),
    [
        ("HOU-YAT", STA, None),
        ("HOU-YAT", CFA, Stop.GROUND),
        ("FAM-LL", STA, None),
        ("FAM-LL", CFA, None),
        ("PEN-TE", CFA, None),
        ("SIC-SPR", STA, None),
        ("FAM-AD", STA, Stop.NOT_CLAIMABLE),  # adoption grant
        ("FAM-AA", CFA, Stop.NOT_CLAIMABLE),  # maternity grant
        ("FAM-YHT-R", STA, Stop.NOT_CLAIMABLE),  # private day care allowance
        ("SOC-PER", STA, Stop.IN_WRITING),
        ("SOC-PER", CFA, Stop.IN_WRITING),
        ("HOU-EAT", STA, Stop.IN_WRITING),  # under its own act 28 §
        ("PEN-LK", CFA, Stop.IN_WRITING),
        ("FAM-ET", STA, Stop.DETAILS_IN_WRITING),
        ("FAM-EA", CFA, Stop.DETAILS_IN_WRITING),
        ("ABC-DE", STA, Stop.NOT_CLAIMABLE),
    ],
)
def test_a_benefit_is_claimed_on_its_grounds_only(code: str, ground: ClaimGround, why: Stop | None) -> None:
    assert ground_stop(ground, claimable(code)) is why


def test_every_benefit_of_the_catalogue_is_either_claimable_or_says_why_not() -> None:
    for benefit in catalogue():
        for ground in ClaimGround:
            allowed = ground_stop(ground, claimable(benefit.code)) in {None, Stop.DETAILS_IN_WRITING}
            assert allowed == (ground in benefit.claim_grounds)


@pytest.mark.parametrize(
    ("code", "month", "day"),
    [
        ("FAM-LL", (2026, 11), date(2026, 11, 26)),
        ("FAM-LL", (2026, 10), date(2026, 10, 23)),  # the 26th is a Monday
        ("FAM-LL", (2026, 12), date(2026, 12, 23)),  # Christmas, and its Eve
        ("FAM-LL", (2026, 9), date(2026, 9, 25)),  # a Saturday
        ("HOU-YAT", (2027, 1), date(2027, 1, 4)),  # New Year's Day, then a weekend
        ("HOU-YAT", (2026, 12), date(2026, 12, 1)),
        ("PEN-VE", (2026, 11), date(2026, 11, 6)),  # the 7th is a Saturday
        ("PEN-TE", (2026, 11), date(2026, 11, 20)),
        ("FAM-KHT-R", (2026, 2), date(2026, 2, 27)),
        ("STU-OR", (2026, 8), date(2026, 8, 3)),
    ],
)
def test_a_payment_day_moves_by_banking_days(code: str, month: tuple[int, int], day: date) -> None:
    [rule] = payment_rules()[code]
    assert rule.payment_day(*month) == day


@given(day=DAYS)
def test_the_nearest_banking_days_are_banking_days(day: date) -> None:
    before, after = working_day_on_or_before(day), working_day_on_or_after(day)
    assert before <= day <= after
    assert is_working_day(before)
    assert is_working_day(after)
    assert is_working_day(day) == (before == day == after)
    assert not any(is_working_day(before + timedelta(days=step)) for step in range(1, (after - before).days))


@given(code=st.sampled_from(sorted(payment_rules())), first=DAYS)
def test_payments_come_once_a_month_on_banking_days(code: str, first: date) -> None:
    days = list(payment_days(payment_rules()[code], first))
    assert days == sorted(set(days))
    assert days[0] >= first
    assert all(is_working_day(day) for day in days)
    assert all(15 <= (later - day).days <= 45 for day, later in pairwise(days))
    # No month is passed over.
    assert (days[0] - first).days <= 45


@pytest.mark.parametrize(
    ("sent_on", "told"),
    [
        # Paid on 1.12.: 14 days before is 17.11.
        (date(2026, 11, 17), Timing(date(2026, 12, 1), date(2026, 11, 17), date(2026, 12, 1), late=False)),
        (date(2026, 11, 18), Timing(date(2026, 12, 1), date(2026, 11, 17), date(2027, 1, 4), late=True)),
        (date(2026, 12, 1), Timing(date(2026, 12, 1), date(2026, 11, 17), date(2027, 1, 4), late=True)),
    ],
)
def test_thirteen_days_before_the_payment_day_warns(sent_on: date, told: Timing) -> None:
    assert timing(the("HOU-YAT").paid, sent_on, Period(date(2026, 11, 2), None)) == told


def test_a_claim_for_days_to_come_looks_at_their_first_payment() -> None:
    # The 26th is Good Friday.
    told = timing(the("FAM-LL").paid, date(2026, 11, 24), Period(date(2027, 3, 1), None))
    assert told == Timing(date(2027, 3, 25), date(2027, 3, 11), date(2027, 3, 25), late=False)


def test_a_benefit_without_a_fixed_day_has_no_latest_day() -> None:
    assert timing(the("SIC-SPR").paid, date(2026, 11, 24), NOVEMBER) is None


@given(code=st.sampled_from(sorted(payment_rules())), sent_on=DAYS, ahead=st.integers(0, 400))
def test_what_a_claim_reaches_is_the_first_payment_it_is_in_time_for(
    code: str, sent_on: date, ahead: int
) -> None:
    rules = payment_rules()[code]
    told = timing(rules, sent_on, Period(sent_on + timedelta(days=ahead)))
    assert told is not None
    assert told.late == ((told.payment_day - sent_on).days < 14) == (told.reached != told.payment_day)
    assert (told.reached - sent_on).days >= 14
    between = [d for d in payment_days(rules, sent_on + timedelta(days=ahead)) if d < told.reached]
    assert all((day - sent_on).days < 14 for day in between)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, ()),
        ({"basis": Period(date(2026, 10, 1), date(2026, 12, 31))}, ()),
        ({"basis": Period(date(2026, 11, 2), date(2026, 11, 30))}, (Stop.OUTSIDE_ASSISTANCE,)),
        ({"basis": Period(date(2026, 11, 1), date(2026, 11, 29))}, (Stop.OUTSIDE_ASSISTANCE,)),
        ({"period": Period(date(2026, 11, 1))}, (Stop.OPEN_END,)),
        ({"ground": CFA}, (Stop.GROUND,)),
        # Care goes on, and so does the claim.
        ({"benefit": "PEN-TE", "ground": CFA, "period": Period(date(2026, 11, 1)),
          "basis": Period(date(2026, 10, 3)), "paid_on": None}, ()),
        ({"benefit": "PEN-TE", "ground": CFA, "period": Period(date(2026, 11, 1)), "paid_on": None},
         (Stop.OUTSIDE_CARE,)),
        ({"benefit": "PEN-TE", "ground": CFA, "period": Period(date(2026, 10, 31), date(2026, 11, 2)),
          "paid_on": None}, (Stop.OUTSIDE_CARE,)),
        # Labour market subsidy gave way to general support on 1.5.2026.
        ({"benefit": "UNE-TMT"}, (Stop.BENEFIT_NOT_IN_FORCE,)),
        ({"benefit": "UNE-YT"}, ()),
        ({"benefit": "UNE-YT", "period": Period(date(2026, 4, 30), date(2026, 5, 2)),
          "basis": Period(date(2026, 4, 1), date(2026, 5, 31))}, (Stop.BENEFIT_NOT_IN_FORCE,)),
    ],
)  # fmt: skip
def test_what_keeps_a_claim_from_being_sent(changed: dict[str, object], why: tuple[Stop, ...]) -> None:
    claim = advance(**changed)
    assert stops(claim, claimable(claim.benefit)) == why


PERIODS = st.builds(
    lambda start, length: Period(start, None if length is None else start + timedelta(days=length)),
    DAYS, st.none() | st.integers(0, 400),
)  # fmt: skip


@given(period=PERIODS, basis=PERIODS)
def test_no_day_is_claimed_for_which_nothing_was_paid(period: Period, basis: Period) -> None:
    sent = stops(advance(period=period, basis=basis), the("HOU-YAT")) == ()
    naive = period.end is not None and all(
        basis.contains(period.start + timedelta(days=step))
        for step in range((period.end - period.start).days + 1)
    )
    assert sent == naive


def known(**changed: object) -> Known:
    return Known(**changed)  # type: ignore[arg-type] # one test's own words


@pytest.mark.parametrize(
    ("facts", "amount", "told"),
    [
        (known(), Decimal(300), ()),
        # Decided for November before the assistance was paid: no advance.
        (known(granted=(Granted(date(2026, 11, 4), NOVEMBER),)), Decimal(300), (Caution.AFTER_DECISION,)),
        (known(granted=(Granted(date(2026, 11, 5), NOVEMBER),)), Decimal(300), ()),
        (known(granted=(Granted(date(2026, 11, 4), DECEMBER),)), Decimal(300), ()),
        (known(others=(Other("M-1", STA, NOVEMBER, date(2026, 11, 1)),)), Decimal(300), (Caution.OVERLAP,)),
        (known(others=(Other("M-1", STA, DECEMBER, date(2026, 11, 1)),)), Decimal(300), ()),
        (known(nets=((date(2026, 11, 2), Decimal("299.99")),)), Decimal(300), (Caution.OVER_NET,)),
        (known(nets=((date(2026, 11, 2), Decimal("300.00")),)), Decimal(300), ()),
        (known(nets=((date(2026, 11, 2), Decimal(200)), (date(2026, 11, 2), Decimal(100)),
                     (date(2026, 10, 1), Decimal(10)))), Decimal(300), ()),
        (known(nets=((date(2026, 11, 2), Decimal(1)),)), None, ()),
    ],
)  # fmt: skip
def test_what_somebody_should_know_before_she_sends_it(
    facts: Known, amount: Decimal | None, told: tuple[Caution, ...]
) -> None:
    assert cautions(advance(amount=amount), the("HOU-YAT"), facts, date(2026, 10, 16)) == told


def test_all_that_should_be_known_is_told_at_once() -> None:
    facts = Known(
        granted=(Granted(date(2026, 11, 1), NOVEMBER),), nets=((date(2026, 11, 2), Decimal(1)),),
        others=(Other("M-1", STA, NOVEMBER, date(2026, 11, 1)),),
    )  # fmt: skip
    assert cautions(advance(), the("HOU-YAT"), facts, date(2026, 11, 24)) == tuple(Caution)


def test_nothing_paid_is_not_a_payment_of_nothing() -> None:
    assert latest_net(()) is None


def test_competing_claims_go_by_their_ground_then_by_when_they_came() -> None:
    order = {ground: each.order for ground, each in provisions().items()}
    care_first = Other("M-1", CFA, NOVEMBER, date(2026, 10, 1))
    advance_late = Other("M-2", STA, NOVEMBER, date(2026, 11, 20))
    advance_early = Other("M-3", STA, NOVEMBER, date(2026, 11, 1))
    every = (care_first, advance_late, advance_early)
    assert settled_order(every, order) == (advance_early, advance_late, care_first)
    assert settled_order(reversed(every), order) == (advance_early, advance_late, care_first)


def test_the_latest_day_is_two_weeks_before() -> None:
    assert latest_day(date(2026, 12, 7)) == date(2026, 11, 23)


def test_an_account_number_is_read_as_people_write_it() -> None:
    assert parse_iban(" fi21 1234 5600 0007 85 ") == "FI2112345600000785"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "FI21 1234 5600 0007 86",
        "FI12 1234 5600 0007 85",
        "FI2112345600000785 1",
        "123456-785",
        "XX2112345600000785",
    ],
)
def test_a_wrong_account_number_is_refused_without_being_repeated(typed: str) -> None:
    with pytest.raises(IbanError) as refused:
        parse_iban(typed)
    assert str(refused.value) == ""


@given(place=st.integers(4, 17), digit=st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, digit: int) -> None:
    right = "FI2112345600000785"
    wrong = right[:place] + str((int(right[place]) + digit) % 10) + right[place + 1 :]
    with pytest.raises(IbanError):
        parse_iban(wrong)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("FAM-AD,1,before,,", ":2: no claim can be made of 'FAM-AD'"),
        ("FAM-LL,32,before,,", ":2: day_of_month is 1 to 31"),
        ("FAM-LL,,before,,", ":2: day_of_month is 1 to 31"),
        ("FAM-LL,1,sideways,,", ":2: unknown moves_to 'sideways'"),
        ("FAM-LL,1,before,2026-01-02,2026-01-01", ":2: ends before it starts"),
        (
            "FAM-LL,1,before,,2026-01-31\nFAM-LL,2,before,2026-01-31,",
            ":3: FAM-LL has another line for some of these days",
        ),
    ],
)  # fmt: skip
def test_payment_days_are_loaded_strictly(tmp_path: Path, lines: str, fault: str) -> None:
    file = tmp_path / "payment_days.csv"
    file.write_text(f"benefit,day_of_month,moves_to,valid_from,valid_to\n{lines}\n", encoding="utf-8")
    with pytest.raises(DataFileError) as refused:
        load_payment_rules(file)
    assert str(refused.value) == f"payment_days.csv{fault}"


def test_a_payment_day_changes_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "payment_days.csv"
    file.write_text(
        "benefit,day_of_month,moves_to,valid_from,valid_to\n"
        "FAM-LL,26,before,,2026-11-30\nFAM-LL,10,before,2026-12-01,\n", encoding="utf-8",
    )  # fmt: skip
    days = payment_days(load_payment_rules(file)["FAM-LL"], date(2026, 11, 1))
    assert [next(days), next(days)] == [date(2026, 11, 26), date(2026, 12, 10)]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ("sta23,1,1412/1997,23 §", ":2: a ground is missing"),
        ("sta23,2,1412/1997,23 §", ":2: the lines stand in their order, counted from 1"),
        ("sta23,1,a,b\nsta23,2,a,b", ":3: sta23 stands twice"),
        ("abc,1,a,b", ":2: unknown ground 'abc'"),
    ],
)
def test_provisions_are_loaded_strictly(tmp_path: Path, lines: str, fault: str) -> None:
    file = tmp_path / "grounds.csv"
    file.write_text(f"ground,order,law,section\n{lines}\n", encoding="utf-8")
    with pytest.raises(DataFileError) as refused:
        load_provisions(file)
    assert str(refused.value) == f"grounds.csv{fault}"
