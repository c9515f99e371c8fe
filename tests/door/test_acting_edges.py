"""What the doors of acting and of refusals take, up to which length and until which moment."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, LiteralString

import psycopg
import pytest

from kelmu.policy import policy_digest
from tests.door.looking import Desk
from tests.world import Body, Somebody, World

PSEUDONYM, DIGEST, REQUEST = "0123456789abcdef" * 4, bytes(32), uuid.UUID(int=7)
BEGIN: LiteralString = "SELECT secret FROM door.begin_acting(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
REFRESH: LiteralString = "SELECT door.refresh_acting(%s, %s, %s, %s, %s)"
REFUSAL: LiteralString = "SELECT door.log_refusal(%s, %s, %s, %s, %s)"
ACCESS: LiteralString = "SELECT door.log_access_refusal(%s, %s, %s, %s)"
SIGN_IN: LiteralString = "SELECT door.log_sign_in(%s, %s, %s)"


def refusal(desk: Desk, query: LiteralString, *values: Any) -> str | None:
    """The SQLSTATE with which the web role is refused."""
    with pytest.raises(psycopg.Error) as raised:
        desk.connection.execute(query, values)
    return raised.value.sqlstate


def beginning(body: Body, **changed: Any) -> list[Any]:
    values = {
        "personal_id": "010100-999A", "pseudonym": PSEUDONYM, "organisation": body.organisation_id,
        "agreement": body.agreement_id, "mandates": ["a"], "representation": [], "request": REQUEST,
        "digest": DIGEST, "channel": "web",
    }  # fmt: skip
    return list({**values, **changed}.values())


def test_a_session_begins_with_everything_it_needs(desk: Desk, body: Body) -> None:
    assert desk.call(BEGIN, *beginning(body))


@pytest.mark.parametrize(
    "changed",
    [
        {"pseudonym": None}, {"pseudonym": PSEUDONYM[1:]}, {"pseudonym": PSEUDONYM + "0"},
        {"pseudonym": PSEUDONYM[1:] + "g"}, {"mandates": None}, {"representation": None}, {"request": None},
        {"digest": None}, {"digest": bytes(31)}, {"digest": bytes(33)}, {"channel": None},
    ],
)  # fmt: skip
def test_a_session_does_not_begin_without(desk: Desk, body: Body, changed: dict[str, Any]) -> None:
    assert refusal(desk, BEGIN, *beginning(body, **changed)) == "KL010"


@pytest.mark.parametrize(
    "values",
    [
        (None, [], REQUEST, DIGEST), (["a"], None, REQUEST, DIGEST), (["a"], [], None, DIGEST),
        (["a"], [], REQUEST, None), (["a"], [], REQUEST, bytes(31)), (["a"], [], REQUEST, bytes(33)),
    ],
)  # fmt: skip
def test_a_refresh_brings_mandates_and_their_digest(desk: Desk, values: tuple[Any, ...]) -> None:
    assert refusal(desk, REFRESH, desk.secret, *values) == "KL010"


@pytest.mark.parametrize(
    "values",
    [
        ("a", "p", None, []), ("a", "p", "c" * 61, []), ("a" * 61, "p", "c", []), ("a", "p" * 61, "c", []),
        ("a", "p", "c", ["m"] * 21),
    ],
)  # fmt: skip
def test_a_refusal_has_a_cause_and_short_texts(desk: Desk, values: tuple[Any, ...]) -> None:
    assert refusal(desk, REFUSAL, desk.secret, *values) == "KL010"


@pytest.mark.parametrize(
    "values",
    [("p", "b", None), ("p", "b", "c" * 61), ("p", "b" * 21, "c"), ("p" * 65, "b", "c")],
)
def test_a_refused_access_has_a_cause_and_short_texts(desk: Desk, values: tuple[Any, ...]) -> None:
    assert refusal(desk, ACCESS, *values, REQUEST) == "KL010"


@pytest.mark.parametrize(
    "values",
    [("p", None, "d"), ("p", "signed_on", "d"), ("p", "signed_in", "d" * 101), ("p" * 65, "signed_in", "d")],
)
def test_a_sign_in_is_a_known_event_with_short_texts(desk: Desk, values: tuple[Any, ...]) -> None:
    assert refusal(desk, SIGN_IN, *values) == "KL010"


@pytest.fixture
def longest(desk: Desk, world: World) -> str:
    """A pseudonym under which the longest texts that are taken have been written."""
    pseudonym = uuid.uuid4().hex * 2
    desk.call(SIGN_IN, pseudonym, "sign_in_failed", "d" * 100)
    desk.call(ACCESS, pseudonym, "1234567-8", "c" * 60, REQUEST)
    desk.call(REFUSAL, desk.secret, "a" * 60, "p" * 60, "c" * 60, ["m" * 23] * 20)
    return pseudonym


def test_the_longest_texts_are_kept_whole(longest: str, world: World, body: Body) -> None:
    failed, refused = world.entries(official_pseudonym=longest)
    assert (failed["kind"], failed["detail"]) == ("sign_in_failed", "d" * 100)
    assert (refused["kind"], refused["cause"], refused["business_id"]) == (
        "access_refused", "c" * 60, "1234567-8",
    )  # fmt: skip
    [entry] = world.entries(kind="refused", organisation_id=body.organisation_id)
    assert (entry["action"], entry["purpose"], entry["cause"]) == ("a" * 60, "p" * 60, "c" * 60)
    assert entry["detail"] == " ".join(["m" * 23] * 20)


def test_five_minutes_after_the_mandates_were_read_they_are_stale(
    moment: psycopg.Connection, desk: Desk
) -> None:
    query = "SELECT (door.acting(%s) ->> 'stale')::boolean, (door.acting(%s) ->> 'policy_digest')"
    answers = []
    for ago in ("299 seconds", "300 seconds"):
        moment.execute("UPDATE identity.acting_session SET refreshed_at = now() - %s::interval", [ago])
        answers.append(moment.execute(query, [desk.secret, desk.secret]).fetchone())
    assert answers == [(False, policy_digest()), (True, policy_digest())]


def test_a_session_is_over_at_its_last_moment(moment: psycopg.Connection, desk: Desk) -> None:
    moment.execute("UPDATE identity.acting_session SET expires_at = now()")
    assert moment.execute("SELECT door.acting(%s)", [desk.secret]).fetchone() == (None,)
    refreshed = moment.execute(REFRESH, [desk.secret, [], [], REQUEST, DIGEST]).fetchone()
    assert refreshed == (False,)


def test_an_agreement_holds_on_its_first_and_on_its_last_day(world: World, official: Somebody) -> None:
    [(today,)] = world.database.run("SELECT door_private.today()")
    assert isinstance(today, date)
    assert world.begin(world.body(valid_from=today, valid_to=today), official)


def test_an_older_policy_is_no_ones_word(desk: Desk, world: World, body: Body) -> None:
    older = uuid.uuid4().hex * 2
    world.database.run("INSERT INTO policy.version (digest, is_current) VALUES (%s, false)", older)
    facts = desk.call("SELECT door.acting(%s)", desk.secret)
    assert facts["policy_digest"] == policy_digest()
    desk.call(REFUSAL, desk.secret, "act", None, "cause", [])
    [entry] = world.entries(kind="refused", organisation_id=body.organisation_id)
    assert entry["policy_digest"] == policy_digest()
