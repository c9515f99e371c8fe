"""The cast shows every kind of official and every situation of a client."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kelmu.core.business_id import BusinessId
from kelmu.policy.vocabulary import DataGroup, OrganisationType
from tests.population.conftest import AS_OF, Feed
from tools.cast import CastError, load_cast
from tools.cast.agreements import agreements_document

CAST = load_cast()
TYPES = {o.key: {a.organisation_type for a in o.agreements} for o in CAST.organisations}


def test_every_type_of_organisation_has_two_officials_who_hold_a_mandate_there() -> None:
    officials: Counter[str] = Counter()
    for official in CAST.officials:
        for kind in {kind for right in official.rights for kind in TYPES[right.organisation]}:
            officials[kind] += 1
    assert set(officials) == set(OrganisationType)
    assert min(officials.values()) >= 2


def test_the_difficult_officials_are_there() -> None:
    by_key = {official.key: official for official in CAST.officials}
    assert by_key["outsider"].rights == ()
    assert by_key["pirkanmaa_wrong_mandate"].rights[0].mandates == ("labour_market_subsidy_material",)
    assert len(by_key["pirkanmaa_and_tampere"].rights) == 2
    assert by_key["joint_authority_for_pirkkala"].rights[0].kind == "representation"
    assert not by_key["pirkanmaa_incomplete"].rights[0].complete
    assert by_key["weak_sign_in"].level == "weak"
    assert by_key["eidas_without_code"].personal_id is None
    ended = CAST.organisation(by_key["nokia_agreement_ended"].rights[0].organisation)
    assert all(agreement.valid_to and agreement.valid_to < AS_OF for agreement in ended.agreements)
    assert {a.organisation_type for a in CAST.organisation("helsinki").agreements} == {
        "helsinki",
        "municipality",
    }
    assert any(official.language == "sv" for official in CAST.officials)


def test_business_ids_and_data_groups_are_known() -> None:
    for organisation in CAST.organisations:
        assert BusinessId(organisation.business_id)
        for agreement in organisation.agreements:
            assert set(agreement.data_groups) <= set(DataGroup)


def test_the_agreements_file_names_officials_by_pseudonym_only() -> None:
    text = agreements_document(CAST, lambda code: f"{hash(code) & 0xFFFF:064x}")
    document = tomllib.loads(text)
    assert len(document["organisations"]) == len(CAST.organisations)
    assert len(document["official_rights"]) == sum(len(o.protected_persons) for o in CAST.officials)
    for person in CAST.people:
        assert person.personal_id is None or person.personal_id not in text
        assert person.family_name not in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("organisations = 1", "organisations"),
        ("officials = []\nclients = []\n[[organisations]]\nkey = 'x'", "business_id"),
        ("nonsense", "cast.toml"),
    ],
)
def test_a_wrong_cast_is_refused_by_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "cast.toml").write_text(text)
    with pytest.raises(CastError, match=message):
        load_cast(tmp_path / "cast.toml")


def rows(feed: Feed, table: str, key: str) -> pl.DataFrame:
    return feed[table].filter(pl.col("person_id") == CAST.client(key).person_id)


def test_each_demo_client_shows_its_situation(feed: Feed) -> None:
    assert {"SOC-PER", "HOU-YAT", "UNE-TMT", "UNE-YT"} <= set(
        rows(feed, "payment", "ordinary")["benefit_code"]
    )
    assert {"FAM-LL", "FAM-LLY", "FAM-LLP", "FAM-ET"} <= set(
        rows(feed, "payment", "single_parent")["benefit_code"]
    )
    assert not rows(feed, "non_disclosure_order", "protected").is_empty()
    assert not rows(feed, "non_disclosure_order", "protected_child").is_empty()
    assert not rows(feed, "former_personal_id", "former_code").is_empty()
    assert rows(feed, "person", "guardianship")["under_guardianship"].item()
    assert rows(feed, "guardianship", "guardianship")["guardian_name"].to_list() == ["Edunvalvontatoimisto"]
    assert rows(feed, "guardianship", "two_custodians").select(
        "guardian_kind", "guardian_person_id"
    ).rows() == [
        ("custodian", CAST.client("custodian").person_id),
        ("custodian", CAST.client("protected_custodian").person_id),
    ]
    assert not rows(feed, "non_disclosure_order", "protected_custodian").is_empty()
    assert rows(feed, "guardianship", "single_parent").is_empty()
    assert not rows(feed, "person", "protection_unknown")["protection_known"].item()
    assert rows(feed, "residence", "moved_to_turku").sort("valid_from")["municipality_code"].to_list() == [
        "837",
        "853",
    ]
    assert rows(feed, "person", "aland_swedish")["language"].item() == "sv"
    for table in ("payment", "decision", "matter"):
        assert rows(feed, table, "nothing").is_empty()
    assert {"MED-LK2", "REH-PSY", "SIC-SPR"} <= set(rows(feed, "payment", "sick")["benefit_code"])
    assert set(rows(feed, "payment", "payment_states")["state"]) == {
        "planned", "in_payment", "paid", "returned", "cancelled", "corrected",
    }  # fmt: skip
    assert (rows(feed, "payment", "overpaid")["recovery"] > 0).any()
    assert (rows(feed, "payment", "overpaid")["enforcement"] > 0).any()
    assert "county" in set(rows(feed, "payment", "paid_to_county")["payee_kind"])


def test_each_other_group_has_a_demo_client(feed: Feed) -> None:
    owed = rows(feed, "recovery", "overpaid")
    assert owed.select("benefit_code", "state", "instalment").rows() == [("HOU-YAT", "in_instalments", 50.0)]
    assert 0 < owed["balance"].item() < owed["total"].item()
    collected = rows(feed, "maintenance_collection", "father")
    assert collected["child_person_id"].to_list() == [CAST.client("minor_child").person_id]
    assert collected.select("benefit_code", "state").rows() == [("FAM-EA", "open")]
    assert "earnings_pension" in set(rows(feed, "third_party_info", "pensioner")["info_kind"])
    assert "employment_statement" in set(rows(feed, "third_party_info", "newcomer")["info_kind"])
    assert "studies" in set(rows(feed, "third_party_info", "helsinki_student")["info_kind"])
    assert set(rows(feed, "medicine_cap", "sick")["year"]) == {2024, 2025, 2026}
    assert rows(feed, "medicine_cap", "sick")["initial_deductible_met"].all()
    assert {"social_security", "sickness_insurance", "ehic"} <= set(
        rows(feed, "coverage", "nothing")["coverage_kind"]
    )
    for table in ("recovery", "maintenance_collection", "medicine_cap", "third_party_info"):
        assert rows(feed, table, "nothing").is_empty()


def test_deaths_are_told_from_the_day(feed: Feed) -> None:
    recent = rows(feed, "person", "died_recently")["death_date"].item()
    long_ago = rows(feed, "person", "died_long_ago")["death_date"].item()
    assert date(2026, 8, 1) < recent < date(2026, 9, 1)
    assert long_ago < date(2025, 11, 24)


def test_an_official_is_the_parent_of_a_demo_client_and_another_a_client(feed: Feed) -> None:
    official = CAST.official("pirkanmaa_claims_handler").person_id
    assert official in set(rows(feed, "family_link", "officials_child")["relative_id"])
    colleague = CAST.official("pirkanmaa_colleague").person_id
    assert not feed["payment"].filter(pl.col("person_id") == colleague).is_empty()
