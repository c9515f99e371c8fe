"""Acting sessions: begun under an agreement in force, kept by mandates read in time, ended for good."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import psycopg
import pytest

from kelmu.core import clock
from tests.door.looking import Desk
from tests.door.test_tickets import refused_with
from tests.world import Body, Somebody, World

TODAY = clock.today()


@pytest.mark.parametrize(
    ("valid_from", "valid_to"),
    [(TODAY + timedelta(days=2), None), (date(2020, 1, 1), TODAY - timedelta(days=2))],
)
def test_nobody_acts_under_an_agreement_not_in_force(
    world: World, valid_from: date, valid_to: date | None
) -> None:
    with refused_with("KL001"):
        world.begin(world.body(valid_from=valid_from, valid_to=valid_to))


def test_nobody_acts_in_a_channel_the_agreement_lacks(world: World) -> None:
    with refused_with("KL001"):
        world.begin(world.body(channels=("web",)), channel="api")


def test_nobody_acts_for_one_organisation_under_anothers_agreement(world: World) -> None:
    one, other = world.body(), world.body()
    with refused_with("KL001"):
        world.begin(type(one)(one.organisation_id, other.agreement_id, one.business_id))


def test_beginning_is_an_entry_with_mandates_and_no_identity_code(
    world: World, body: Body, official: Somebody
) -> None:
    world.begin(body, official)
    [entry] = world.entries(organisation_id=body.organisation_id)
    assert entry["kind"] == "acting_begun"
    assert entry["mandates"] == ["benefit_view_and_claims"]
    assert entry["mandate_request_id"]
    assert entry["official_person_id"] == official.person_id
    assert official.personal_id not in str(entry)


def test_a_secret_nobody_was_given_opens_nothing(desk: Desk, client: Somebody) -> None:
    with refused_with("KL002"):
        Desk(desk.connection, "0" * 64).open(client.personal_id)


@pytest.mark.parametrize("call", ["open", "view", "reason", "outcome", "read", "recent"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("ended_at = now(), end_reason = 'signed_out'", "KL002"),
        ("expires_at = now()", "KL002"),
        ("refreshed_at = now() - interval '5 minutes'", "KL003"),
    ],
    ids=["ended", "expired", "not refreshed"],
)
def test_a_session_that_is_over_opens_no_door(
    desk: Desk, client: Somebody, world: World, body: Body, call: str, change: str, code: str
) -> None:
    inquiry_id, ticket = desk.open(client.personal_id)
    world.database.run(
        f"UPDATE identity.acting_session SET started_at = started_at - interval '1 day', {change} "
        "WHERE organisation_id = %s", body.organisation_id,
    )  # fmt: skip
    calls: dict[str, Callable[[], object]] = {
        "open": lambda: desk.open(client.personal_id),
        "view": lambda: desk.view(inquiry_id, ["payments"]),
        "reason": lambda: desk.reason(inquiry_id, "a reason long enough"),
        "outcome": lambda: desk.outcome(ticket),
        "read": lambda: desk.read(ticket),
        "recent": lambda: desk.call("SELECT door.recent_inquiries(%s)", desk.secret),
    }
    with refused_with(code):
        calls[call]()


def test_refreshing_replaces_the_mandates_at_once(desk: Desk, client: Somebody) -> None:
    refresh(desk, [])
    inquiry_id, ticket = desk.open(client.personal_id)
    answer = desk.outcome(ticket)
    assert answer is not None
    assert answer["sql_decision"]["cause"] == "missing_mandate"
    refresh(desk, ["benefit_view_and_claims"])
    assert desk.read(desk.view(inquiry_id, ["payments"]) or "") is not None


def refresh(desk: Desk, mandates: list[str]) -> bool:
    refreshed: bool = desk.call(
        "SELECT door.refresh_acting(%s, %s, '{}', %s, sha256('roles'))", desk.secret, mandates, uuid.uuid4()
    )
    return refreshed


def test_an_ended_session_stays_ended(desk: Desk, world: World, body: Body) -> None:
    assert desk.call("SELECT door.end_acting(%s, 'changed_organisation')", desk.secret) is True
    assert desk.call("SELECT door.end_acting(%s, 'signed_out')", desk.secret) is False
    assert refresh(desk, ["benefit_view_and_claims"]) is False
    assert desk.call("SELECT door.acting(%s)", desk.secret) is None
    kinds = [entry["kind"] for entry in world.entries(organisation_id=body.organisation_id)]
    assert kinds == ["acting_begun", "acting_ended"]


def test_what_the_session_rests_on_is_read_anew(
    desk: Desk, world: World, body: Body, client: Somebody
) -> None:
    assert desk.decided(client.personal_id) == ("given", "given")
    world.change_agreement(body, valid_to=TODAY - timedelta(days=1))
    assert desk.call("SELECT door.acting(%s)", desk.secret)["agreement"]["valid_to"]
    assert desk.decided(client.personal_id) == ("refused", "no_agreement")


def test_refusals_are_entries(desk: Desk, world: World, body: Body) -> None:
    desk.call(
        "SELECT door.log_refusal(%s, 'inquire', 'client_fees', 'missing_mandate', %s)",
        desk.secret, ["benefit_view_and_claims"],
    )  # fmt: skip
    [entry] = world.entries(organisation_id=body.organisation_id, kind="refused")
    assert (entry["cause"], entry["purpose"], entry["detail"]) == (
        "missing_mandate", "client_fees", "benefit_view_and_claims",
    )  # fmt: skip


def test_no_error_repeats_what_was_sent(desk: Desk) -> None:
    for query, values in (
        (
            "SELECT * FROM door.open_inquiry(%s, 'p', null, null, true, %s, '{}')",
            [desk.secret, "MARKED-VALUE"],
        ),
        ("SELECT door.give_reason(%s, %s, %s)", [desk.secret, uuid.uuid4(), "MARKED"]),
        ("SELECT door.log_sign_in(%s, %s, null)", ["MARKED", "MARKED"]),
    ):
        with pytest.raises(psycopg.Error) as raised:
            desk.call(query, *values)
        everything = f"{raised.value} {raised.value.diag.message_detail} {raised.value.diag.context}"
        assert "MARKED" not in everything
