"""What a generated register must hold, whoever is drawn."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl

from kelmu.benefits.catalogue import catalogue
from kelmu.core.personal_id import PersonalId
from tests.population.conftest import AS_OF, Feed
from tools.population.days import BankingDays
from tools.population.matters import STATUTORY_WORKING_DAYS

BANKING = BankingDays()


def test_identity_codes_are_valid_artificial_unique_and_tell_the_birth_date(feed: Feed) -> None:
    person, former = feed["person"], feed["former_personal_id"]
    codes = [*person["personal_id"], *former["personal_id"]]
    assert len(set(codes)) == len(codes)
    assert all(PersonalId(code).is_artificial for code in codes)
    born = zip(person["personal_id"], person["birth_date"], strict=True)
    assert all(PersonalId(code).birth_date == birth for code, birth in born)


def test_every_century_sign_is_in_use(feed: Feed) -> None:
    signs = Counter(code[6] for code in feed["person"]["personal_id"])
    assert set(signs) == set("+-YXWVUABCDEF")
    assert signs["-"] > signs["Y"], "the first sign of a century stays the common one"


def test_the_size_is_the_one_asked_for_and_persons_come_in_order(feed: Feed) -> None:
    ids = feed["person"]["person_id"]
    assert ids.len() == 2_000
    assert ids.is_sorted()
    assert ids.n_unique() == 2_000


def test_payments_add_up_and_never_go_below_nothing(feed: Feed) -> None:
    cents = feed["payment"].select(
        (pl.col("gross", "tax", "recovery", "paid_to_others", "enforcement", "net") * 100)
        .round()
        .cast(pl.Int64)
        .fill_null(0)
    )
    deductions = cents["tax"] + cents["recovery"] + cents["paid_to_others"] + cents["enforcement"]
    assert (cents["gross"] - deductions == cents["net"]).all()
    assert cents.min_horizontal().min() == 0
    assert (cents["gross"] > 0).all()
    for deduction in ("tax", "recovery", "paid_to_others", "enforcement"):
        assert cents[deduction].sum() > 0, deduction


def test_payment_days_are_banking_days(feed: Feed) -> None:
    days = feed["payment"]["paid_on"].unique().cast(pl.Int32).to_numpy().astype("int64")
    assert BANKING.is_open(days).all()


def test_states_fit_the_day(feed: Feed) -> None:
    payment = feed["payment"]
    assert set(payment["state"]) == {"planned", "in_payment", "paid", "returned", "cancelled", "corrected"}
    coming = payment.filter(pl.col("paid_on") > AS_OF)
    assert set(coming["state"]) == {"planned", "in_payment"}
    assert (payment.filter(pl.col("state") == "paid")["paid_on"] <= AS_OF).all()
    assert (payment["paid_on"] < date(2023, 11, 1)).any(), "three years of history"


def test_nothing_was_decided_or_received_tomorrow(feed: Feed) -> None:
    assert (feed["decision"]["decided_on"] <= AS_OF).all()
    assert (feed["matter"]["received_on"] <= AS_OF).all()
    decided = feed["decision"].select("person_id", "decision_number", "decided_on")
    paid = feed["payment"].join(decided, on=["person_id", "decision_number"])
    assert paid.height == feed["payment"].height, "every payment rests on a decision of the same person"
    assert (paid["decided_on"] < paid["paid_on"]).all()


def test_benefits_are_in_force_when_granted_and_paid(feed: Feed) -> None:
    period = pl.DataFrame(
        [(benefit.code, benefit.valid_from, benefit.valid_to) for benefit in catalogue()],
        schema={"benefit_code": pl.String, "first": pl.Date, "last": pl.Date},
        orient="row",
    )
    nothing_granted = pl.col("outcome").is_in(["refused", "lapsed", "withdrawn"])
    decisions = feed["decision"].filter(~nothing_granted)
    for rows, start, end in (
        (decisions, "valid_from", "valid_to"),
        (feed["payment"], "period_from", "period_to"),
    ):
        joined = rows.join(period, on="benefit_code", how="left", validate="m:1")
        too_early = pl.col(start) < pl.col("first")
        too_late = pl.col("last").is_not_null() & (pl.col(end).is_null() | (pl.col(end) > pl.col("last")))
        assert joined.filter(too_early | too_late).is_empty()


def test_family_links_go_both_ways_on_the_same_days(feed: Feed) -> None:
    links = feed["family_link"]
    reverse = {"child": "parent", "parent": "child"}
    rows = set(links.select("person_id", "relative_id", "relation", "valid_from", "valid_to").rows())
    assert len(rows) == links.height
    assert {
        (b, a, reverse.get(relation, relation), start, end) for a, b, relation, start, end in rows
    } == rows
    assert set(links["relation"]) == {"child", "parent", "sibling", "spouse", "co_parent"}
    former = links.filter((pl.col("relation") == "spouse") & (pl.col("valid_to") < AS_OF))
    assert not former.is_empty()


def test_parents_are_older_than_their_children(feed: Feed) -> None:
    born = feed["person"].select("person_id", "birth_date")
    parents = feed["family_link"].filter(pl.col("relation") == "parent").join(born, on="person_id")
    parents = parents.join(born, left_on="relative_id", right_on="person_id", suffix="_parent")
    years = (parents["birth_date"] - parents["birth_date_parent"]).dt.total_days() / 365.25
    assert (years > 15).all()


def test_the_main_unemployment_benefits_never_overlap(feed: Feed) -> None:
    main = feed["payment"].filter(
        pl.col("benefit_code").is_in(["UNE-PPR", "UNE-TMT", "UNE-YT", "UNE-SOV"])
        & pl.col("state").is_in(["paid", "planned", "in_payment", "cancelled"])
    )
    # A payment that replaces a returned or corrected one tells the same days again: each period once.
    main = main.unique(["person_id", "benefit_code", "period_from"]).sort("person_id", "period_from")
    overlap = pl.col("period_from") <= pl.col("period_to").shift(1).over("person_id")
    assert main.filter(overlap).is_empty()
    assert {"UNE-TMT", "UNE-YT"} <= set(main["benefit_code"])


def test_pensioners_are_not_out_of_work(feed: Feed) -> None:
    decision = feed["decision"].filter(pl.col("outcome") != "refused")
    pension = decision.filter(pl.col("benefit_code").is_in(["PEN-VE", "PEN-TK", "PEN-KT"]))
    jobless = decision.filter(
        pl.col("benefit_code").is_in(["UNE-TMT", "UNE-PPR", "UNE-YT"]) & pl.col("amount").is_not_null()
    )
    assert not set(pension["person_id"]) & set(jobless["person_id"])


def test_child_benefit_goes_to_parents_of_minors(feed: Feed) -> None:
    born = feed["person"].select("person_id", "birth_date")
    children = feed["family_link"].filter(pl.col("relation") == "child")
    youngest = (
        children.join(born, left_on="relative_id", right_on="person_id")
        .group_by("person_id")
        .agg(pl.col("birth_date").max())
    )
    paid = feed["payment"].filter((pl.col("benefit_code") == "FAM-LL") & (pl.col("person_id") > 1_000_000))
    joined = paid.join(youngest, on="person_id", how="left")
    assert joined["birth_date"].null_count() == 0
    years = (joined["period_from"] - joined["birth_date"]).dt.total_days() / 365.25
    assert (years < 17.1).all()


def test_reckonings_of_social_assistance_give_the_sum_granted(feed: Feed) -> None:
    joined = feed["decision_calculation"].join(feed["decision"], on=["person_id", "decision_number"])
    assert joined.height == feed["decision_calculation"].height
    left = joined["basic_part"] + joined["other_basic_expenses"] - joined["income"] - joined["assets"]
    assert ((left - joined["amount"]).abs() < 0.005).all()
    assert (joined["income"] >= 0).all()
    assert (joined["benefit_code"] == "SOC-PER").all()


def test_social_assistance_is_due_in_seven_working_days(feed: Feed) -> None:
    pending = feed["matter"].filter((pl.col("benefit_code") == "SOC-PER") & (pl.col("state") != "decided"))
    received = pending["received_on"].cast(pl.Int32).to_numpy().astype("int64")
    due = pending["due_on"].cast(pl.Int32).to_numpy().astype("int64")
    assert (due == BANKING.after(received, STATUTORY_WORKING_DAYS)).all()
    assert pending.height > 5


def test_pensions_end_with_the_month_of_death(feed: Feed) -> None:
    dead = feed["person"].filter(pl.col("death_date").is_not_null()).select("person_id", "death_date")
    paid = feed["payment"].join(dead, on="person_id")
    assert not paid.is_empty()
    assert (paid["period_to"] <= paid["death_date"].dt.month_end()).all()


def test_residences_of_a_person_follow_each_other(feed: Feed) -> None:
    rows = feed["residence"].sort("person_id", "valid_from")
    before = pl.col("valid_to").shift(1).over("person_id")
    first = pl.col("person_id") != pl.col("person_id").shift(1)
    assert rows.filter(~first & (before.is_null() | (before >= pl.col("valid_from")))).is_empty()
    assert (rows.group_by("person_id").len()["len"] >= 2).any(), "somebody has moved"


def test_non_disclosure_orders_cover_whole_households(feed: Feed) -> None:
    protected = set(feed["non_disclosure_order"]["person_id"])
    born = feed["person"].select("person_id", "birth_date", "death_date")
    assert 0 < len(protected) < 40
    mothers = feed["family_link"].filter(
        (pl.col("relation") == "parent") & pl.col("person_id").is_in(protected)
    )
    minors = mothers.join(born, on="person_id").filter(pl.col("birth_date") > date(2009, 1, 1))
    by_child = minors.group_by("person_id").agg(pl.col("relative_id"))
    assert all(set(parents) & protected for parents in by_child["relative_id"])
