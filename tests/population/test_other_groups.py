"""Coverage, recovery, maintenance, medicine caps and third parties fit what else is told of a person."""

from __future__ import annotations

from datetime import date

import polars as pl

from kelmu.benefits.catalogue import catalogue
from tests.population.conftest import AS_OF, Feed
from tools.population.medicine import caps

NEW_YEAR = date(2026, 1, 1)
OUT_OF_WORK = ["UNE-PPR", "UNE-TMT", "UNE-YT", "UNE-SOV"]


def whole_cents(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    return frame.with_columns((pl.col(name) * 100).round().cast(pl.Int64) for name in columns)


def test_every_resident_belongs_to_social_security_and_sickness_insurance(feed: Feed) -> None:
    resident = set(feed["residence"].filter(pl.col("valid_to").is_null())["person_id"]) & set(
        feed["person"].filter(pl.col("death_date").is_null())["person_id"]
    )
    coverage = feed["coverage"]
    still = coverage.filter(pl.col("valid_to").is_null())
    for kind in ("social_security", "sickness_insurance"):
        assert resident <= set(still.filter(pl.col("coverage_kind") == kind)["person_id"])
    cards = coverage.filter((pl.col("coverage_kind") == "ehic") & (pl.col("valid_to") >= AS_OF))
    assert cards["person_id"].n_unique() > 0.4 * len(resident)


def test_minors_have_their_living_parents_and_who_is_under_guardianship_somebody(feed: Feed) -> None:
    person = feed["person"].select("person_id", "birth_date", "death_date", "under_guardianship")
    acts = feed["guardianship"].join(person, on="person_id")
    assert acts["death_date"].is_null().all()
    assert (acts["valid_from"] < AS_OF).all()
    custodians = acts.filter(pl.col("guardian_kind") == "custodian")
    parents = feed["family_link"].filter(pl.col("relation") == "parent")
    living = parents.join(
        person.filter(pl.col("death_date").is_null()), left_on="relative_id", right_on="person_id", how="semi"
    ).join(custodians, on="person_id", how="semi")
    pairs = {(child, parent) for child, parent in living.select("person_id", "relative_id").iter_rows()}
    assert set(custodians.select("person_id", "guardian_person_id").iter_rows()) == pairs
    assert (custodians["valid_from"] == custodians["birth_date"]).all()
    guardians = acts.filter(pl.col("guardian_kind") == "guardian")
    under = person.filter(pl.col("under_guardianship") & pl.col("death_date").is_null())
    assert set(guardians["person_id"]) == set(under["person_id"])
    assert guardians["under_guardianship"].all()
    assert guardians["guardian_name"].is_null().any()
    assert guardians["guardian_person_id"].is_null().any()
    assert (acts["guardian_name"].is_null() != acts["guardian_person_id"].is_null()).all()


def test_coverage_ends_with_death(feed: Feed) -> None:
    dead = feed["person"].filter(pl.col("death_date").is_not_null()).select("person_id", "death_date")
    covered = feed["coverage"].join(dead, on="person_id")
    assert not covered.is_empty()
    assert (covered["valid_to"] <= covered["death_date"]).all()


def test_coverage_of_a_kind_never_overlaps(feed: Feed) -> None:
    rows = feed["coverage"].sort("person_id", "coverage_kind", "valid_from")
    before = pl.col("valid_to").shift(1).over("person_id", "coverage_kind")
    first = pl.col("valid_from").shift(1).over("person_id", "coverage_kind").is_null()
    assert rows.filter(~first & (before.is_null() | (before >= pl.col("valid_from")))).is_empty()
    assert (rows["valid_from"] <= rows["valid_to"].fill_null(AS_OF)).all()


def test_what_is_kept_back_from_payments_is_owed(feed: Feed) -> None:
    owed = whole_cents(feed["recovery"].filter(pl.col("set_off")), "total", "balance", "instalment")
    kept = (
        whole_cents(feed["payment"], "recovery")
        .filter(pl.col("recovery") > 0)
        .group_by("person_id", "benefit_code")
        .agg(
            pl.col("recovery").filter(pl.col("state") == "paid").sum().alias("recovered"),
            pl.col("recovery").max().alias("most"),
            pl.col("paid_on").min().alias("first"),
        )
    )
    joined = owed.join(kept, on=["person_id", "benefit_code"], how="full", coalesce=True)
    assert joined["total"].null_count() == joined["recovered"].null_count() == 0
    assert joined.height == owed.height > 10
    left = joined["total"] - joined["recovered"] - joined["balance"]
    assert (left.filter(joined["state"] != "written_off") == 0).all()
    assert (joined["instalment"] == joined["most"]).all()
    assert (joined["decided_on"] < joined["first"]).all()


def test_an_overpaid_benefit_was_paid_for_the_days_it_is_recovered_for(feed: Feed) -> None:
    paid = feed["payment"].select("person_id", "benefit_code", "period_from", "period_to")
    joined = feed["recovery"].join(paid, on=["person_id", "benefit_code"])
    inside = joined.filter(
        (pl.col("period_from") <= pl.col("overpaid_to")) & (pl.col("period_to") >= pl.col("overpaid_from"))
    )
    assert set(inside["recovery_number"]) == set(feed["recovery"]["recovery_number"])
    assert (feed["recovery"]["overpaid_to"] < feed["recovery"]["decided_on"]).all()
    assert (feed["recovery"]["decided_on"] <= AS_OF).all()


def test_a_recovery_that_is_over_has_no_balance_and_an_open_one_has(feed: Feed) -> None:
    over = pl.col("state").is_in(["paid", "written_off"])
    assert (feed["recovery"].filter(over)["balance"] == 0).all()
    assert (feed["recovery"].filter(~over)["balance"] > 0).all()
    assert set(feed["recovery"]["benefit_code"]) <= set(catalogue().codes())


def test_maintenance_is_collected_from_the_parent_who_does_not_get_the_support(feed: Feed) -> None:
    collection = feed["maintenance_collection"]
    assert collection.height > 5
    parents = feed["family_link"].filter(pl.col("relation") == "parent")
    links = parents.select(child_person_id="person_id", parent="relative_id")
    joined = collection.join(links, on="child_person_id")
    assert set(joined.filter(pl.col("parent") == pl.col("person_id"))["collection_number"]) == set(
        collection["collection_number"]
    )
    supported = set(feed["payment"].filter(pl.col("benefit_code") == "FAM-ET")["person_id"])
    others = joined.filter(pl.col("parent") != pl.col("person_id"))
    helped = others.group_by("collection_number").agg(pl.col("parent").is_in(list(supported)).any())
    assert helped["parent"].mean() == 1
    assert ((collection["state"] == "paid") == (collection["arrears"] == 0)).all()


def test_medicine_caps_are_those_of_their_year(feed: Feed) -> None:
    rows = whole_cents(feed["medicine_cap"], "accrued", "cap")
    assert dict(rows.select("year", "cap").unique().rows()) == {
        year: caps()[year][0] for year in (2023, 2024, 2025, 2026)
    }
    assert (rows["accrued"] <= rows["cap"]).all()
    assert ((rows["accrued"] == rows["cap"]) == rows["reached_on"].is_not_null()).all()
    reached = rows.filter(pl.col("reached_on").is_not_null())
    assert 0 < reached.height < rows.height / 5
    assert (reached["reached_on"].dt.year() == reached["year"]).all()
    assert (reached["reached_on"] <= AS_OF).all()


def test_reimbursed_medicines_mean_that_the_initial_deductible_is_met(feed: Feed) -> None:
    medicine = feed["payment"].filter(
        pl.col("benefit_code").is_in(["MED-LK1", "MED-LK2", "MED-LK3", "MED-LKL"])
    )
    bought = medicine.select("person_id", "benefit_code", year=pl.col("period_from").dt.year().cast(pl.Int64))
    bought = bought.filter(pl.col("year") >= 2023)
    joined = bought.join(feed["medicine_cap"], on=["person_id", "year"], how="left")
    assert joined["initial_deductible_met"].null_count() == 0
    assert joined["initial_deductible_met"].all()
    above = joined.filter(pl.col("benefit_code") == "MED-LKL")
    assert not above.is_empty()
    assert (above["reached_on"].is_not_null()).all()


def test_job_seekers_were_so_whenever_they_were_paid_for_it(feed: Feed) -> None:
    paid = feed["payment"].filter(pl.col("benefit_code").is_in(OUT_OF_WORK))
    paid = paid.select("person_id", "payment_number", "period_from", "period_to")
    joined = paid.join(feed["job_seeking"], on="person_id")
    inside = joined.filter(
        (pl.col("valid_from") <= pl.col("period_from"))
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("period_to")))
    )
    assert set(inside["payment_number"]) == set(paid["payment_number"])


def test_the_funds_allowance_never_overlaps_kelas(feed: Feed) -> None:
    fund = feed["third_party_info"].filter(pl.col("info_kind") == "earnings_related_allowance")
    assert not fund.is_empty()
    joined = fund.join(feed["payment"].filter(pl.col("benefit_code").is_in(OUT_OF_WORK)), on="person_id")
    overlap = (pl.col("period_from") <= pl.col("valid_to")) & (pl.col("period_to") >= pl.col("valid_from"))
    assert joined.filter(overlap).is_empty()
    assert set(fund["unit"]) == {"day"}


def test_earnings_pensions_go_to_pensioners_and_custody_is_of_people_without_benefits(feed: Feed) -> None:
    info = feed["third_party_info"]
    pension = info.filter(pl.col("info_kind") == "earnings_pension").join(feed["person"], on="person_id")
    old = pension.filter(pl.col("birth_date") < date(1961, 11, 1))
    decided = feed["decision"].filter(pl.col("benefit_code").is_in(["PEN-TK", "PEN-KT"]))
    younger = pension.filter(pl.col("birth_date") >= date(1961, 11, 1))
    assert old.height > 100
    assert set(younger["person_id"]) <= set(decided["person_id"])
    custody = info.filter(pl.col("info_kind") == "custody")
    assert not set(custody["person_id"]) & set(feed["payment"]["person_id"])


def test_third_parties_told_nothing_tomorrow(feed: Feed) -> None:
    info = feed["third_party_info"].with_columns(pl.col("received_on").cast(pl.Date))
    assert (info["received_on"] <= AS_OF).all()
    assert (info["valid_from"] <= info["valid_to"].fill_null(AS_OF)).all()
    assert (info["amount"].is_null() == info["unit"].is_null()).all()
    assert (info["amount"].drop_nulls() > 0).all()
