"""The first and last day, the longest and shortest text: what still counts and what no longer does."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from kelmu.core import clock
from tests.door.looking import GROUPS, Desk
from tests.door.test_tickets import refused_with
from tests.world import TAMPERE, TURKU, Body, Somebody, World, pseudonym_of

pytestmark = pytest.mark.usefixtures("unlimited")

TODAY = clock.today()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LONG_AGO = date(2015, 1, 1)
REASON = "a reason long enough"
IN_FORCE = [(LONG_AGO, None), (TODAY, None), (LONG_AGO, TODAY), (TODAY, TODAY)]
NOT_IN_FORCE = [(TOMORROW, None), (LONG_AGO, YESTERDAY), (TOMORROW, TOMORROW)]
PERIODS = [(*period, True) for period in IN_FORCE] + [(*period, False) for period in NOT_IN_FORCE]
HASH = hashlib.sha256(b"roles").digest()

periods = pytest.mark.parametrize(("first", "last", "counts"), PERIODS)


@periods
def test_an_area_serves_from_its_first_day_to_its_last(
    world: World, client: Somebody, first: date, last: date | None, *, counts: bool
) -> None:
    body = world.body()
    world.database.run(
        "UPDATE organisations.area SET valid_from = %s, valid_to = %s WHERE organisation_id = %s",
        first, last, body.organisation_id,
    )  # fmt: skip
    with world.database.connect() as connection:
        outcome = Desk(connection, world.begin(body)).decided(client.personal_id)[0]
    assert outcome == ("given" if counts else "reason_needed")


@periods
def test_an_agreement_is_in_force_from_its_first_day_to_its_last(
    world: World, first: date, last: date | None, *, counts: bool
) -> None:
    body = world.body(valid_from=first, valid_to=last)
    if counts:
        assert world.begin(body)
        return
    with refused_with("KL001"):
        world.begin(body)


@periods
def test_an_order_protects_from_its_first_day_to_its_last(
    desk: Desk, world: World, first: date, last: date | None, *, counts: bool
) -> None:
    somebody = world.person()
    world.insert("non_disclosure_order", person_id=somebody.person_id, valid_from=first, valid_to=last)
    assert desk.decided(somebody.personal_id)[0] == ("reason_needed" if counts else "given")


@periods
def test_an_officials_right_counts_from_its_first_day_to_its_last(
    world: World, official: Somebody, first: date, last: date | None, *, counts: bool
) -> None:
    body, client = world.body(protected_persons=True), world.protect(world.person())
    world.allow_protected(body, pseudonym_of(official.personal_id))
    world.database.run(
        "UPDATE organisations.official_right SET valid_from = %s, valid_to = %s WHERE agreement_id = %s",
        first, last, body.agreement_id,
    )  # fmt: skip
    with world.database.connect() as connection:
        rule = Desk(connection, world.begin(body, official)).decided(client.personal_id)[1]
    assert rule == ("protected_with_right" if counts else "protected_without_right")


@periods
def test_a_client_lives_where_she_lives_from_the_first_day_to_the_last(
    desk: Desk, world: World, first: date, last: date | None, *, counts: bool
) -> None:
    somebody = world.person(lives_in=None)
    world.insert(
        "residence", person_id=somebody.person_id, municipality_code=TAMPERE, valid_from=first, valid_to=last
    )
    assert desk.decided(somebody.personal_id)[0] == ("given" if counts else "reason_needed")


def test_where_she_moved_last_is_where_she_lives(desk: Desk, world: World) -> None:
    moved = world.person(lives_in=TAMPERE)
    world.insert("residence", person_id=moved.person_id, municipality_code=TURKU, valid_from=YESTERDAY)
    assert desk.decided(moved.personal_id) == ("reason_needed", "outside_area")


def test_the_dead_are_where_they_lived_last(desk: Desk, world: World) -> None:
    dead = world.person(lives_in=None, death_date=YESTERDAY)
    world.insert(
        "residence", person_id=dead.person_id, municipality_code=TAMPERE, valid_from=LONG_AGO,
        valid_to=YESTERDAY,
    )  # fmt: skip
    assert desk.decided(dead.personal_id) == ("given", "given")


@pytest.mark.parametrize("table", ["non_disclosure_order", "family_link", "residence"])
def test_what_the_register_has_corrected_counts_no_more(
    desk: Desk, world: World, official: Somebody, table: str
) -> None:
    somebody = world.person(lives_in=None)
    world.insert("residence", person_id=somebody.person_id, municipality_code=TAMPERE, valid_from=LONG_AGO)
    world.protect(somebody)
    world.relate(official, somebody, "child", "parent")
    everything = {"non_disclosure_order": "person_id", "family_link": "relative_id", "residence": "person_id"}
    for each, key in everything.items():
        if table in {each, "residence"}:
            world.database.run(
                f"UPDATE register.{each} SET superseded_at = now() WHERE {key} = %s", somebody.person_id
            )
    left = {
        "non_disclosure_order": "family", "family_link": "protected_without_right",
        "residence": "outside_area",
    }  # fmt: skip
    assert desk.decided(somebody.personal_id)[1] == left[table]


def test_a_colleague_of_another_organisation_is_none(desk: Desk, world: World) -> None:
    somebody = world.person()
    world.begin(world.body(), somebody)
    assert desk.decided(somebody.personal_id) == ("given", "given")


def months_ago(months: int) -> date:
    index = TODAY.year * 12 + TODAY.month - 1 - months
    for day in range(TODAY.day, 0, -1):
        try:
            return date(index // 12, index % 12 + 1, day)
        except ValueError:
            continue
    raise AssertionError("no such month")


def shown(desk: Desk, client: Somebody) -> dict[str, Any]:
    _, ticket = desk.open(client.personal_id)
    document: dict[str, Any] = json.loads(desk.read(ticket) or "")
    return document


def test_the_window_of_payments_includes_its_first_day(desk: Desk, world: World) -> None:
    client, first = world.person(), months_ago(24)
    world.payment(client, payment_number=1, paid_on=first)
    world.payment(client, payment_number=2, paid_on=first - timedelta(days=1))
    world.payment(client, payment_number=3, paid_on=TODAY + timedelta(days=9), state="planned")
    world.payment(client, payment_number=4, superseded_at=clock.now())
    assert [payment["number"] for payment in shown(desk, client)["payments"]] == ["3", "1"]


def test_a_decision_counts_by_its_day_or_while_it_is_valid(desk: Desk, world: World) -> None:
    client, first = world.person(), months_ago(24)
    before = first - timedelta(days=1)
    rows: dict[str, dict[str, Any]] = {
        "IN": {"decided_on": first},
        "OUT": {"decided_on": before},
        "OPEN": {"decided_on": before, "valid_from": before},
        "TODAY": {"decided_on": before, "valid_from": before, "valid_to": TODAY},
        "ENDED": {"decided_on": before, "valid_from": before, "valid_to": YESTERDAY},
        "WRONG": {"decided_on": TODAY, "superseded_at": clock.now()},
    }
    for number, row in rows.items():
        world.insert(
            "decision", person_id=client.person_id, decision_number=number, benefit_code="SOC-PER",
            outcome="granted", **row,
        )  # fmt: skip
    numbers = {decision["number"] for decision in shown(desk, client)["decisions"]}
    assert numbers == {"IN", "OPEN", "TODAY"}


def test_what_is_decided_or_corrected_is_not_pending(desk: Desk, world: World) -> None:
    client = world.person()
    rows: dict[str, dict[str, Any]] = {
        "OPEN": {"state": "received"},
        "DONE": {"state": "decided", "decided_on": TODAY},
        "WRONG": {"state": "received", "superseded_at": clock.now()},
    }
    for number, row in rows.items():
        world.insert(
            "matter", person_id=client.person_id, matter_number=number, benefit_code="SOC-PER",
            matter_type="review", received_on=TODAY, received_by="web", **row,
        )  # fmt: skip
    assert [matter["number"] for matter in shown(desk, client)["pending"]] == ["OPEN"]


@pytest.mark.parametrize(("source", "group"), [("matters", "pending"), ("decisions", "decisions"),
                                               ("payments", "payments")])  # fmt: skip
def test_a_group_whose_source_is_down_is_null_and_not_empty(
    desk: Desk, world: World, client: Somebody, source: str, group: str
) -> None:
    world.set_source(source, available=False)
    try:
        document = shown(desk, client)
    finally:
        world.set_source(source, available=True)
    assert [name for name in GROUPS if document[name] is None] == [group]


def test_a_client_paid_herself_is_no_third_person(desk: Desk, world: World) -> None:
    client = world.person()
    world.payment(client, payee_person_id=client.person_id)
    inquiry_id, ticket = desk.open(client.personal_id)
    assert json.loads(desk.read(ticket) or "")["payments"][0]["payee_name"] is None
    [entry] = world.entries(inquiry_id=inquiry_id, kind="disclosed")
    mentioned = world.database.run(
        "SELECT person_id FROM audit.entry_mention WHERE entry_id = %s", entry["entry_id"]
    )
    assert mentioned == []


LOGGED: list[tuple[str, list[Any], int, Any, Any]] = [
    ("log_refusal", ["a", "p", "c", ["m"]], 0, "a" * 60, "a" * 61),
    ("log_refusal", ["a", "p", "c", ["m"]], 1, "p" * 60, "p" * 61),
    ("log_refusal", ["a", "p", "c", ["m"]], 2, "c" * 60, "c" * 61),
    ("log_refusal", ["a", "p", "c", ["m"]], 2, "c", None),
    ("log_refusal", ["a", "p", "c", ["m"]], 3, ["m"] * 20, ["m"] * 21),
    ("log_access_refusal", ["f" * 64, "b", "c", None], 0, "f" * 64, "f" * 65),
    ("log_access_refusal", ["f" * 64, "b", "c", None], 1, "b" * 20, "b" * 21),
    ("log_access_refusal", ["f" * 64, "b", "c", None], 2, "c" * 60, "c" * 61),
    ("log_access_refusal", ["f" * 64, "b", "c", None], 2, "c", None),
    ("log_sign_in", ["f" * 64, "signed_in", "d"], 0, "f" * 64, "f" * 65),
    ("log_sign_in", ["f" * 64, "signed_in", "d"], 2, "d" * 100, "d" * 101),
    ("log_sign_in", ["f" * 64, "signed_in", "d"], 1, "signed_out", "inquiry"),
    ("log_sign_in", ["f" * 64, "signed_in", "d"], 1, "sign_in_failed", None),
]


@pytest.mark.parametrize(("door", "values", "place", "good", "bad"), LOGGED)
def test_the_log_takes_texts_up_to_their_limits(
    desk: Desk, world: World, door: str, values: list[Any], place: int, good: Any, bad: Any
) -> None:
    def log(value: Any) -> None:
        sent = [*values[:place], value, *values[place + 1 :]]
        given = [desk.secret, *sent] if door == "log_refusal" else sent
        marks = ", ".join(["%s"] * len(given))
        desk.connection.execute(f"SELECT door.{door}({marks})".encode(), given)

    before = len(world.entries())
    log(good)
    with refused_with("KL010"):
        log(bad)
    assert len(world.entries()) == before + 1


BEGINNING: list[tuple[int, Any]] = [
    (1, "F" * 64), (1, "f" * 63), (1, None), (4, None), (5, None), (6, None), (7, HASH[:31]), (7, None),
]  # fmt: skip


@pytest.mark.parametrize(("place", "bad"), BEGINNING)
def test_nobody_acts_without_pseudonym_mandates_request_and_digest(
    desk: Desk, body: Body, place: int, bad: Any
) -> None:
    values: list[Any] = [
        None, "f" * 64, body.organisation_id, body.agreement_id, [], [], uuid.uuid4(), HASH, "web",
    ]  # fmt: skip
    begin = b"SELECT * FROM door.begin_acting(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    assert desk.connection.execute(begin, values).fetchone()
    with refused_with("KL010"):
        desk.connection.execute(begin, [*values[:place], bad, *values[place + 1 :]])


@pytest.mark.parametrize(("place", "bad"), [(0, None), (1, None), (2, None), (3, HASH[:31]), (3, None)])
def test_mandates_are_refreshed_whole_or_not_at_all(desk: Desk, place: int, bad: Any) -> None:
    values: list[Any] = [[], [], uuid.uuid4(), HASH]
    refresh = b"SELECT door.refresh_acting(%s, %s, %s, %s, %s)"
    row = desk.connection.execute(refresh, [desk.secret, *values]).fetchone()
    assert row == (True,)
    with refused_with("KL010"):
        desk.connection.execute(refresh, [desk.secret, *values[:place], bad, *values[place + 1 :]])


def test_coverage_counts_by_its_last_day_where_a_scope_has_a_first(world: World) -> None:
    """Today's policy opens coverage without a limit; a limit would be kept."""
    client = world.person()
    for kind, last in (("ehic", TODAY), ("kela_card", YESTERDAY), ("social_security", None)):
        world.insert(
            "coverage", person_id=client.person_id, coverage_kind=kind, valid_from=LONG_AGO, valid_to=last
        )
    [(rows,)] = world.database.run(
        "SELECT door_private.dossier_coverage(%s, %s)",
        client.person_id, TODAY,
    )  # fmt: skip
    assert isinstance(rows, list)
    assert {row["kind"] for row in rows} == {"ehic", "social_security"}
