"""What the web role reads about organisations and agreements."""

from __future__ import annotations

from datetime import date

import pytest

from kelmu.organisations.queries import (
    Agreement,
    agreements_in_force,
    agreements_of,
    organisation_by_business_id,
    organisations_by_business_ids,
)
from tools.cast import load_cast

CAST = load_cast()
DAY = date(2026, 11, 24)


def organisation_id(key: str) -> int:
    found = organisation_by_business_id(CAST.organisation(key).business_id)
    assert found is not None
    return found.organisation_id


def types(key: str, day: date, channel: str) -> set[str]:
    return {a.organisation_type for a in agreements_in_force(organisation_id(key), day=day, channel=channel)}


@pytest.mark.usefixtures("clean_database")
class TestReadByWeb:
    def test_an_organisation_is_found_by_business_id(self) -> None:
        found = organisation_by_business_id(CAST.organisation("aland_joint_authority").business_id)
        assert found is not None
        assert found.name("sv").startswith("Ålands kommuners socialtjänst")
        assert organisation_by_business_id("0000000-0") is None

    def test_only_known_ones_are_given_in_the_order_of_names(self) -> None:
        wanted = [CAST.organisation(key).business_id for key in ("tampere", "helsinki")]
        names = [o.name_fi for o in organisations_by_business_ids([*wanted, "0000000-0"])]
        assert names == ["Helsingin kaupunki", "Tampereen kaupunki"]
        assert organisations_by_business_ids([]) == ()

    def test_agreements_hold_on_their_days_and_channels_only(self) -> None:
        assert types("helsinki", DAY, "web") == {"helsinki", "municipality"}
        assert types("helsinki", DAY, "api") == {"helsinki"}
        assert types("unemployment_fund", DAY, "web") == set()
        assert types("unemployment_fund", DAY, "api") == {"unemployment_fund"}

    def test_the_last_day_of_an_agreement_is_in_and_the_next_is_not(self) -> None:
        assert types("nokia", date(2025, 12, 31), "web") == {"municipality"}
        assert types("nokia", date(2026, 1, 1), "web") == set()
        assert types("nokia", date(2022, 12, 31), "web") == set()
        assert [a.valid_to for a in agreements_of(organisation_id("nokia"))] == [date(2025, 12, 31)]

    def test_an_agreement_is_read_whole(self) -> None:
        (agreement,) = agreements_of(organisation_id("pirkanmaa"))
        (written,) = CAST.organisation("pirkanmaa").agreements
        assert isinstance(agreement, Agreement)
        assert agreement.data_groups == frozenset(written.data_groups)
        assert agreement.channels == {"web", "api"}
        assert agreement.protected_persons
        assert agreement.machine_mandates == frozenset(written.machine_mandates)
        assert agreement.contact_email == written.contact_email
