"""The acting session is read whole from what the door tells, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from kelmu.identity.acting import ActingSession


def told() -> dict[str, Any]:
    """What ``door.acting`` tells, as it comes over the wire."""
    return {
        "session_id": "00000000-0000-0000-0000-000000000007",
        "organisation": {
            "organisation_id": 11, "business_id": "0246246-0", "name_fi": "Koe", "name_sv": "Prov",
            "name_en": "Trial",
        },
        "agreement": {
            "agreement_id": 13, "organisation_type": "wellbeing_county", "channels": ["web"],
            "data_groups": ["payments", "pending"], "valid_from": "2023-01-01", "valid_to": None,
            "legal_basis": "812/2000 21 §", "contact_email": "sopimukset@koe.example",
        },
        "mandates": ["benefit_view_and_claims"], "representation_mandates": [], "channel": "web",
        "refreshed_at": "2026-11-24T10:00:00.123+02:00", "expires_at": "2026-11-24T12:00:00+00:00",
        "policy_digest": "0" * 64, "today": "2026-11-24", "stale": False,
    }  # fmt: skip


def test_a_whole_answer_is_read() -> None:
    session = ActingSession.from_json(told(), "ab" * 32)
    assert session.session_id == UUID(int=7)
    assert session.agreement.data_groups == {"payments", "pending"}
    assert session.mandates == {"benefit_view_and_claims"}
    assert session.refreshed_at == datetime(2026, 11, 24, 8, 0, 0, 123000, tzinfo=UTC)
    assert session.today == date(2026, 11, 24)


def test_the_secret_is_never_shown() -> None:
    assert "abab" not in repr(ActingSession.from_json(told(), "ab" * 32))


@pytest.mark.parametrize("last", [None, "2026-11-24"])
def test_the_agreement_holds_on_its_first_and_last_day(last: str | None) -> None:
    answer = told()
    answer["agreement"] |= {"valid_from": "2026-11-20", "valid_to": last}
    session = ActingSession.from_json(answer, "ab" * 32)
    days = [date(2026, 11, 19) + timedelta(days=each) for each in range(7)]
    in_force = [session.agreement_in_force(day) for day in days]
    assert in_force == [False, *[True] * 5, last is None]


def test_a_door_without_a_policy_gives_an_empty_digest() -> None:
    assert ActingSession.from_json(told() | {"policy_digest": None}, "ab" * 32).policy_digest == ""


@pytest.mark.parametrize("missing", [key for key in told() if key != "stale"])
def test_an_answer_that_lacks_something_is_an_error(missing: str) -> None:
    answer = told()
    del answer[missing]
    with pytest.raises(KeyError):
        ActingSession.from_json(answer, "ab" * 32)


@pytest.mark.parametrize(
    "changed",
    [
        {"mandates": "benefit_view_and_claims"},
        {"mandates": None},
        {"mandates": [1]},
        {"expires_at": "2026-11-24T12:00:00"},
        {"today": "today"},
        {"session_id": "7"},
    ],
)
def test_an_answer_that_cannot_be_read_is_an_error(changed: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        ActingSession.from_json(told() | changed, "ab" * 32)
