"""Reckonings, members, commitments and annulled decisions fit the decisions they belong to."""

from __future__ import annotations

from datetime import date

import polars as pl

from tests.population.conftest import AS_OF, Feed
from tools.cast import load_cast

KEY = ["person_id", "decision_number"]
CAST = load_cast()


def test_an_annulled_decision_was_annulled_the_day_another_took_its_place(feed: Feed) -> None:
    decision = feed["decision"]
    annulled = decision.filter(pl.col("annulled_on").is_not_null())
    successors = decision.filter(pl.col("replaces_number").is_not_null())
    joined = annulled.join(
        successors, left_on=KEY, right_on=["person_id", "replaces_number"], suffix="_next", validate="1:1"
    )
    assert joined.height == annulled.height > 10
    assert (joined["annulled_on"] == joined["decided_on_next"]).all()
    assert (joined["decided_on"] < joined["annulled_on"]).all()
    assert (joined["benefit_code"] == joined["benefit_code_next"]).all()
    assert (annulled["annulled_on"] <= AS_OF).all()


def test_nothing_was_paid_by_an_annulled_decision(feed: Feed) -> None:
    annulled = feed["decision"].filter(pl.col("annulled_on").is_not_null())
    assert feed["payment"].join(annulled, on=KEY).is_empty()


def test_a_reckoning_leaves_the_deficit_that_was_granted(feed: Feed) -> None:
    joined = feed["decision_calculation"].join(feed["decision"], on=KEY, validate="1:1")
    assert joined.height == feed["decision_calculation"].height
    sums = ("income", "assets", "basic_part", "other_basic_expenses", "amount")
    cents = joined.select((pl.col(*sums) * 100).round().cast(pl.Int64))
    surplus = cents["income"] + cents["assets"] - cents["basic_part"] - cents["other_basic_expenses"]
    assert (surplus == -cents["amount"]).all()
    assert (cents["income"] >= 0).all()


def test_members_are_the_household_that_was_reckoned(feed: Feed) -> None:
    count = (
        feed["decision_member"]
        .group_by(KEY)
        .agg(
            (pl.col("member_role") == "spouse").sum().alias("spouses"),
            (pl.col("member_role") == "child").sum().alias("minors"),
        )
    )
    joined = feed["decision_calculation"].join(count, on=KEY, how="left").fill_null(0)
    assert (joined["adults"] == 1 + joined["spouses"]).all()
    assert (joined["children"] == joined["minors"]).all()
    assert joined["spouses"].sum() > 10
    assert joined["minors"].sum() > 10


def test_members_are_relatives_and_children_are_minors(feed: Feed) -> None:
    links = feed["family_link"].select("person_id", "relative_id", "relation").unique()
    members = feed["decision_member"]
    born = feed["person"].select(member_person_id="person_id", birth_date="birth_date")
    children = members.filter(pl.col("member_role") == "child").join(born, on="member_person_id")
    children = children.join(feed["decision"].select(*KEY, "valid_from", "benefit_code"), on=KEY)
    days = (children["valid_from"] - children["birth_date"]).dt.total_days()
    assert (days >= 0).all()
    assert (days < 18 * 365.25).all()
    cared_for = {"FAM-KHT-R", "FAM-KHT-L", "FAM-KHT-K", "FAM-JHR"}
    assert set(children["benefit_code"]) == {"SOC-PER", "FAM-LL"} | cared_for
    raised = children.filter(pl.col("benefit_code") == "FAM-LL")
    parents = links.filter(pl.col("relation") == "child")
    kin = raised.join(
        parents, left_on=["person_id", "member_person_id"], right_on=["person_id", "relative_id"]
    )
    assert kin.height == raised.height > 300


def test_commitments_are_of_a_decision_and_within_its_month(feed: Feed) -> None:
    joined = feed["payment_commitment"].join(feed["decision"], on=KEY, suffix="_decision", validate="m:1")
    assert joined.height == feed["payment_commitment"].height > 50
    assert set(joined["benefit_code"]) == {"SOC-PER"}
    assert (joined["valid_from"] <= joined["valid_to"]).all()
    assert (joined["valid_from"] >= joined["decided_on"]).all()
    assert (joined["valid_to"] == joined["valid_to_decision"]).all()
    assert set(joined["commitment_kind"]) == {"pharmacy", "grocery", "electricity", "other"}
    assert (joined["amount"] > 0).all()


def test_assistance_said_to_be_split_is_paid_in_four_parts(feed: Feed) -> None:
    split = feed["decision_calculation"].filter(pl.col("split_days").list.len() == 4)
    paid = feed["payment"].join(split, on=KEY).filter(pl.col("paid_on") < date(2026, 9, 1))
    first = paid.filter(pl.col("state").is_in(["paid", "returned", "corrected", "cancelled"]))
    assert not first.is_empty()
    assert (first.group_by(KEY).len()["len"] >= 4).all()
    share = feed["decision_calculation"]["passed_on"].mean()
    assert isinstance(share, float)
    assert 0 < share < 0.1
    lowered = feed["decision_calculation"].filter(pl.col("lowered_percent").is_not_null())
    assert set(lowered["lowered_percent"]) == {20, 40}


def test_the_casts_family_shows_a_chain_members_and_commitments(feed: Feed) -> None:
    def rows(table: str, key: str) -> pl.DataFrame:
        return feed[table].filter(pl.col("person_id") == CAST.client(key).person_id)

    housing = rows("decision", "family").filter(pl.col("benefit_code") == "HOU-YAT").sort("decided_on")
    numbers = housing["decision_number"].to_list()
    assert housing["replaces_number"].to_list() == [None, *numbers[:-1]]
    assert housing["annulled_on"].to_list() == [*housing["decided_on"].to_list()[1:], None]
    assert len(numbers) == 3
    members = rows("decision_member", "family")
    roles = {CAST.client(key).person_id: role for key, role in (
        ("family_spouse", "spouse"), ("family_child", "child"), ("family_child_2", "child"))}  # fmt: skip
    assert dict(members.select("member_person_id", "member_role").rows()) == roles
    assert rows("decision_calculation", "family")["passed_on"].any()
    assert {"pharmacy", "grocery"} <= set(rows("payment_commitment", "family")["commitment_kind"])
    assert set(map(tuple, rows("decision_calculation", "newcomer")["split_days"])) == {(1, 9, 16, 23)}
    assert set(rows("decision_calculation", "overpaid")["lowered_percent"]) == {20}
    assert "child" in set(rows("decision_member", "protected")["member_role"])
