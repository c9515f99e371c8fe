"""An inquiry by a system: what the official at the page would see, byte for byte, and no more; never without
its entries.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from kelmu.core import clock
from kelmu.core.personal_id import PersonalId
from kelmu.identity.acting import ActingSession
from kelmu.inquiry import looks
from kelmu.inquiry.doors import Asked
from kelmu.policy import Action, Channel, decide
from tests.api.calling import PURPOSE, VIEW, System, assert_problem, inquiry_body
from tests.inquiry.conftest import acting
from tests.world import Body, Somebody, World, make_personal_id, pseudonym_of

REASON = "Moves to our county next week"
YESTERDAY = clock.today() - timedelta(days=1)


@pytest.fixture
def client(world: World) -> Somebody:
    somebody = world.person()
    world.payment(somebody, gross=700, tax=88, net=612)
    return somebody


def page_document(world: World, body: Body, official: Somebody, client: Somebody) -> str:
    """The document the page shows the same organisation's official for the same purpose."""
    session: ActingSession = acting(world, world.begin(body, official))
    grant = decide(session, Action.INQUIRE, PURPOSE, Channel.WEB, today=session.today).grant
    assert grant is not None
    asked = Asked(PersonalId.parse(client.personal_id), "", told_client=True)
    look = looks.open_inquiry(session, grant, asked)
    document = looks.read(session, look.ticket or "").document
    assert document is not None
    return document


def test_the_answer_is_the_pages_dossier_byte_for_byte_and_what_the_entry_says(
    system: System, world: World, client: Somebody, official: Somebody
) -> None:
    answer = system.inquire(client)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content == page_document(world, system.body, official, client).encode()
    inquiry, disclosed = world.entries(inquiry_id=answer.headers["Kelmu-Inquiry"])
    assert disclosed["document_digest"] == rf"\x{hashlib.sha256(answer.content).hexdigest()}"
    assert (inquiry["vouched"], inquiry["channel"], inquiry["purpose"]) == (True, "api", PURPOSE)
    assert (inquiry["case_reference"], inquiry["told_client"]) == ("A-17/2026", True)
    assert inquiry["mandates"] == [VIEW]


def test_each_call_acts_for_itself_and_names_its_official(
    system: System, world: World, client: Somebody, official: Somebody
) -> None:
    token = system.token()
    system.inquire(client, token)
    system.inquire(client, token, official={"id": "u-4711", "personal_id": official.personal_id})
    first, second = world.entries(organisation_id=system.body.organisation_id, kind="acting_begun")
    assert first["acting_session_id"] != second["acting_session_id"]
    assert first["detail"] == second["detail"] == f"{system.client_id} u-4711"
    assert (first["official_person_id"], second["official_person_id"]) == (None, official.person_id)
    assert second["official_pseudonym"] == pseudonym_of(official.personal_id)
    assert first["official_pseudonym"] not in {second["official_pseudonym"], pseudonym_of("u-4711")}
    lives = world.database.run(
        "SELECT expires_at - started_at FROM identity.acting_session WHERE acting_session_id = %s",
        first["acting_session_id"],
    )
    assert lives == [(timedelta(minutes=1),)]


def test_a_look_by_an_official_without_a_code_goes_to_review(
    system: System, world: World, client: Somebody, official: Somebody
) -> None:
    named = {"id": "u-4711", "personal_id": official.personal_id}
    for told, review in (({"id": "u-4711"}, True), (named, False)):
        answer = system.inquire(client, official=told)
        [entry, _] = world.entries(inquiry_id=answer.headers["Kelmu-Inquiry"])
        assert entry["for_review"] is review
        assert entry["facts"]["official_known"] is not review


def test_a_reason_is_asked_and_the_inquiry_repeated_with_it(system: System, world: World) -> None:
    outsider = world.person(lives_in="853")
    token = system.token()
    asked = assert_problem(system.inquire(outsider, token), 409, "reason-needed")
    assert set(asked) == {"type", "title", "status", "detail"}
    given = system.inquire(outsider, token, reason=REASON)
    assert given.status_code == 200
    [entry, _] = world.entries(inquiry_id=given.headers["Kelmu-Inquiry"])
    assert (entry["reason"], entry["rule"], entry["for_review"]) == (REASON, "given_after_reason", True)


def test_neither_before_a_reason_nor_after_it_is_anybody_told_apart(
    system: System, world: World, official: Somebody
) -> None:
    relative, shielded = world.person(), world.protect(world.person())
    world.relate(official, relative, "sibling", "sibling")
    nobody = Somebody(0, free_code(world))
    named = {"id": "u-4711", "personal_id": official.personal_id}
    token = system.token()
    for reason, status, name in ((None, 409, "reason-needed"), (REASON, 403, "not-available")):
        answers = {
            system.inquire(person, token, official=named, **({"reason": reason} if reason else {})).content
            for person in (relative, shielded, nobody)
        }
        [answer] = answers
        assert json.loads(answer)["type"].endswith(name)
        assert json.loads(answer)["status"] == status


def free_code(world: World) -> str:
    """An identity code of nobody."""
    while True:
        code = make_personal_id(clock.today() - timedelta(days=14_000))
        if not world.database.run("SELECT 1 FROM register.person WHERE personal_id = %s", code):
            return code


def test_an_official_does_not_look_at_her_own_data(system: System, official: Somebody) -> None:
    named = {"id": "u-4711", "personal_id": official.personal_id}
    assert_problem(system.inquire(official, official=named, reason=REASON), 403, "own-data")


def test_a_purpose_that_is_not_open_is_refused_by_cause_and_logged(
    system: System, world: World, client: Somebody
) -> None:
    told = assert_problem(system.inquire(client, purpose="unheard_of"), 403, "refused")
    assert told["cause"] == "purpose_not_allowed"
    [entry] = world.entries(organisation_id=system.body.organisation_id, kind="refused")
    assert (entry["cause"], entry["purpose"], entry["vouched"]) == ("purpose_not_allowed", "unheard_of", True)


def test_a_mandate_the_agreement_lacks_is_named(world: World, body: Body, client: Somebody) -> None:
    system = System(world, body).register(mandates=())
    told = assert_problem(system.inquire(client), 403, "refused")
    assert told["cause"] == "missing_mandate"
    assert VIEW in told["missing_mandates"]


@pytest.mark.parametrize("change", [{"channels": ["web"]}, {"valid_to": YESTERDAY}], ids=["channel", "day"])
def test_an_agreement_that_ends_ends_its_tokens(
    system: System, world: World, client: Somebody, change: dict[str, Any]
) -> None:
    token = system.token()
    world.change_agreement(system.body, **change)
    for answer in (system.inquire(client, token), system.get("/api/v1/me", token)):
        assert assert_problem(answer, 403, "refused")["cause"] == "no_agreement"
    entries = world.entries(business_id=system.body.business_id, kind="access_refused")
    assert [entry["cause"] for entry in entries] == ["no_agreement"] * 2


def test_a_client_that_ends_and_a_token_that_is_old_are_nobody(
    system: System, world: World, client: Somebody
) -> None:
    token = system.token()
    world.database.run(
        "UPDATE identity.api_token SET issued_at = now() - interval '11 minutes', "
        "expires_at = now() - interval '1 minute'"
    )
    answer = system.inquire(client, token)
    assert_problem(answer, 401, "not-authenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    fresh = system.token()
    system.run(
        "UPDATE organisations.api_client SET valid_to = %s WHERE client_id = %s", YESTERDAY, system.client_id
    )
    assert_problem(system.inquire(client, fresh), 401, "not-authenticated")


ENDS = {
    "token": "UPDATE identity.api_token SET issued_at = now() - interval '11 minutes',"
    " expires_at = now() - interval '1 minute'",
    "client": "UPDATE organisations.api_client SET valid_to = current_date - 2",
    "agreement": "UPDATE organisations.agreement SET valid_to = current_date - 2",
}


@pytest.mark.parametrize("what", ENDS)
def test_what_ends_ends_at_once_for_a_client_known_from_a_moment_ago(
    system: System, world: World, client: Somebody, what: str
) -> None:
    token = system.token()
    assert system.inquire(client, token).status_code == 200
    world.database.run(ENDS[what])
    before = len(world.entries(kind="inquiry"))
    answer = system.inquire(client, token)
    if what == "agreement":
        assert assert_problem(answer, 403, "refused")["cause"] == "no_agreement"
    else:
        assert_problem(answer, 401, "not-authenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content == system.get("/api/v1/me", token).content
    assert len(world.entries(kind="inquiry")) == before


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"personal_id": "010190-999X"}, "/personal_id"),
    ({"personal_id": "010190-9990\n"}, "/personal_id"),
    ({"personal_id": 7}, "/personal_id"),
    ({"purpose": None}, "/purpose"),
    ({"case_reference": ""}, "/case_reference"),
    ({"case_reference": " "}, "/case_reference"),
    ({"case_reference": "a\0b"}, "/case_reference"),
    ({"case_reference": "\ud800"}, "/case_reference"),
    ({"case_reference": "x" * 101}, "/case_reference"),
    ({"told_client": False}, "/told_client"),
    ({"told_client": "true"}, "/told_client"),
    ({"reason": "too short"}, "/reason"),
    ({"reason": "x" * 256}, "/reason"),
    ({"official": {}}, "/official/id"),
    ({"official": {"id": ""}}, "/official/id"),
    ({"official": {"id": "010190-9990"}}, "/official/id"),
    ({"official": {"id": "u", "010190-9990": 1}}, "/official"),
    ({"010190-9990": 1}, ""),
]


@pytest.mark.parametrize(("changes", "pointer"), WRONG, ids=[f"{n}{w[1]}" for n, w in enumerate(WRONG)])
def test_a_body_that_cannot_be_used_is_refused_without_repeating_it(
    system: System, world: World, changes: dict[str, Any], pointer: str
) -> None:
    answer = system.inquire(world.person(), **changes)
    told = assert_problem(answer, 422, "invalid")
    assert [error["pointer"] for error in told["errors"]] == [pointer]
    assert "010190-" not in answer.content.decode()
    assert not world.entries(organisation_id=system.body.organisation_id, kind="acting_begun")


@pytest.mark.parametrize("name", ["personal_id", "purpose", "case_reference", "told_client", "official"])
def test_each_part_is_required(system: System, client: Somebody, name: str) -> None:
    body = inquiry_body(client.personal_id)
    del body[name]
    told = assert_problem(system.post(body, system.token()), 422, "invalid")
    assert told["errors"] == [{"pointer": f"/{name}", "detail": "is required"}]


@pytest.mark.parametrize("text", ["{", b"\xff\xfe", "[" * 100_000, '"010190-9990'])
def test_what_is_not_json_is_refused(system: System, text: Any) -> None:
    assert_problem(system.post(text, system.token()), 400, "malformed")
