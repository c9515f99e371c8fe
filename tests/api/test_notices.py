"""Notices over the machine interface: in order and at least once, passed on, answered, and from Kela."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse

from kelmu.core import clock
from tests.api.calling import NOTICES, System, assert_problem
from tests.notices.sending import Sender
from tests.world import TURKU, Body, Somebody, World, make_personal_id

OFFICIAL = {"id": "u-4711"}
HEADER = {"Kelmu-Official": "u-4711"}
PDF = b"%PDF-1.7 rent"


@pytest.fixture
def system(world: World, body: Body) -> System:
    return System(world, body).register(mandates=(NOTICES,))


@pytest.fixture
def kela(world: World) -> System:
    body = world.body("kela", county=None, municipality="091", channels=("web", "api"))
    return System(world, body).register(mandates=("kela_desk",))


@pytest.fixture
def sender(world: World) -> Sender:
    return Sender(world)


def told(answer: HttpResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = json.loads(answer.content)
    return body


def feed(system: System, query: str = "") -> dict[str, Any]:
    return told(system.get(f"/api/v1/notices{query}", system.token(), **HEADER))


def numbers(page: dict[str, Any]) -> list[int]:
    return [item["notice"]["number"] for item in page["notices"]]


def post(system: System, path: str, **body: Any) -> HttpResponse:
    return system.post({"official": OFFICIAL, **body}, system.token(), f"/api/v1/{path}")


def message(client: Somebody, number: str, **changes: Any) -> dict[str, Any]:
    return {
        "number": number, "personal_id": client.personal_id, "kind": "social_work_need",
        "need_reason": "housing", "content": {"free_text": "Needs a home"}, **changes,
    }  # fmt: skip


def test_a_client_gets_each_notice_in_the_order_it_came_until_it_has_kept_it(
    world: World, sender: Sender, system: System
) -> None:
    start = feed(system, "?limit=100")
    while start["more"]:
        start = feed(system, f"?limit=100&after={start['cursor']}")
    post(system, "notices/acknowledgement", up_to=start["cursor"])
    sent = [sender.notice(sender.send(world.person()))["number"] for _ in range(5)]
    assert numbers(feed(system)) == sent
    assert numbers(feed(system)) == sent
    first = feed(system, "?limit=2")
    assert (numbers(first), first["more"]) == (sent[:2], True)
    assert numbers(feed(system, f"?after={first['cursor']}")) == sent[2:]
    assert told(post(system, "notices/acknowledgement", up_to=first["cursor"])) == {"up_to": first["cursor"]}
    assert numbers(feed(system)) == sent[2:]
    # It never goes back, nor beyond what there is.
    assert told(post(system, "notices/acknowledgement", up_to=0)) == {"up_to": first["cursor"]}
    last = told(post(system, "notices/acknowledgement", up_to=2**53 - 1))["up_to"]
    assert last == first["cursor"] + 3
    assert feed(system)["notices"] == []
    late = sender.notice(sender.send(world.person()))["number"]
    assert numbers(feed(system)) == [late]


def test_each_client_has_its_own_sequence_and_leaves_an_entry_that_names_all(
    world: World, sender: Sender, system: System, body: Body
) -> None:
    client = world.person(family_name="Meri")
    number = sender.notice(sender.send(client))["number"]
    other = System(world, body).register(mandates=(NOTICES,))
    for each in (system, other):
        page = feed(each, "?limit=100")
        item = next(item for item in page["notices"] if item["notice"]["number"] == number)
        assert item["notice"]["client"]["family_name"] == "Meri"
        assert item["notice"]["state"] == "new"
    opened, read = [e for e in world.entries(organisation_id=body.organisation_id) if e["action"] == "feed"][
        -2:
    ]
    assert (opened["kind"], read["kind"], opened["vouched"], opened["for_review"]) == (
        "notice", "disclosed", True, True,
    )  # fmt: skip
    mentions = "SELECT count(*) FROM audit.entry_mention WHERE entry_id = %s AND person_id = %s"
    for entry in (opened, read):
        assert world.database.run(mentions, entry["entry_id"], client.person_id) == [(1,)]


def test_a_system_passes_a_notice_on_and_says_what_came_of_another(
    world: World, sender: Sender, system: System
) -> None:
    moved, handled = sender.send(world.person()), sender.send(world.person())
    path = f"notices/{moved}/transfer"
    change = {"version": 1, "municipality": TURKU, "reason": "She has moved there"}
    assert told(post(system, path, **change))["moves"] == 1
    assert_problem(post(system, path, **change), 409, "not-possible")
    assert str(moved) not in str(feed(system, "?limit=100"))
    path = f"notices/{handled}/outcome"
    assert_problem(post(system, path, version=2, outcome="contacted"), 409, "changed")
    answer = told(post(system, path, version=1, outcome="contacted"))
    assert (answer["state"], answer["outcome"], answer["version"]) == ("handled", "contacted", 2)
    for wrong in (
        {"version": 1, "outcome": "transferred"}, {"version": "1", "outcome": "contacted"},
        {"version": 1, "outcome": "contacted", "note": "x"},
    ):  # fmt: skip
        assert_problem(post(system, path, **wrong), 422, "invalid")
    assert_problem(post(system, f"notices/{uuid4()}/outcome", version=1, outcome="no_need"), 404, "not-there")


def test_kela_sends_a_notice_once_with_its_files_and_gets_the_answer(
    world: World, kela: System, system: System
) -> None:
    file = {
        "name": "Vuokra.pdf", "media_type": "application/pdf", "data": base64.b64encode(PDF).decode(),
    }  # fmt: skip
    body = message(world.person(), "A/1", attachments=[file])
    first = told(post(kela, "kela/notices", **body))
    assert first["result"] == "taken_in"
    assert told(post(kela, "kela/notices", **body)) == {**first, "result": "repeated"}
    body["content"] = {"free_text": "Another"}
    assert_problem(post(kela, "kela/notices", **body), 409, "number-used")
    notice_id = first["notice_id"]
    notice = next(
        item["notice"]
        for item in feed(system, "?limit=100")["notices"]
        if item["notice"]["notice_id"] == notice_id
    )
    assert notice["content"] == {"free_text": "Needs a home"}
    assert notice["attachments"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
    path = f"/api/v1/notices/{notice_id}/attachments"
    assert system.get(f"{path}/1", system.token(), **HEADER).content == PDF
    assert_problem(system.get(f"{path}/2", system.token(), **HEADER), 404, "not-there")
    told(post(system, f"notices/{notice_id}/outcome", version=1, outcome="no_need"))
    ask = "/api/v1/kela/answers?limit=100"
    assert notice_id not in str(told(kela.get(ask, kela.token(), **HEADER)))
    world.database.run("UPDATE notices.answer SET ready_at = now() - interval '1 day'")
    page = told(kela.get(ask, kela.token(), **HEADER))
    mine = [(each["what"], each["outcome"]) for each in page["answers"] if each["kela_number"] == "A/1"]
    assert mine == [("taken_up", None), ("handled", "no_need")]
    told(post(kela, "kela/answers/acknowledgement", up_to=page["cursor"]))
    assert told(kela.get(ask, kela.token(), **HEADER))["answers"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"need_reason": None},
        {"kind": "lowered_basic_part"},
        {"kind": "lowered_basic_part", "need_reason": None},
        {"kind": "immigrant", "need_reason": None},
        {"urgent": True},
        {"content": {"diagnosis": "x"}},
        {"content": {"decided_on": "2026-02-30"}},
        {"attachments": [{"name": "a/b", "media_type": "application/pdf", "data": "eA=="}]},
        {"attachments": [{"name": "b", "media_type": "text/html", "data": "eA=="}]},
        {"attachments": [{"name": "b", "media_type": "text/plain", "data": "not base64"}]},
        {"attachments": [{"name": "b", "media_type": "text/plain", "data": ""}]},
        {"number": "a b"},
    ],
)
def test_a_notice_of_another_form_is_refused(world: World, kela: System, changes: dict[str, Any]) -> None:
    body = {**message(world.person(), "B/1"), **changes}
    assert_problem(post(kela, "kela/notices", **body), 422, "invalid")


def test_a_decision_of_a_day_to_come_and_an_unknown_person_are_refused(world: World, kela: System) -> None:
    later = str(clock.today() + timedelta(days=1))
    body = message(
        world.person(), "C/1", kind="lowered_basic_part", need_reason=None, content={"decided_on": later}
    )
    assert_problem(post(kela, "kela/notices", **body), 422, "invalid")
    unknown = message(Somebody(0, make_personal_id(date(1911, 1, 1))), "C/2")
    assert_problem(post(kela, "kela/notices", **unknown), 409, "nowhere")


def refusals(system: System, kela: System) -> Iterator[HttpResponse]:
    for path in ("/api/v1/kela/answers",):
        yield system.get(path, system.token(), **HEADER)
    yield kela.get("/api/v1/notices", kela.token(), **HEADER)
    yield post(system, "kela/answers/acknowledgement", up_to=0)
    yield post(kela, "notices/acknowledgement", up_to=0)


def test_neither_side_does_what_is_the_others(world: World, system: System, kela: System) -> None:
    for answer in refusals(system, kela):
        assert_problem(answer, 403, "refused")
    assert world.entries(kind="refused", action="desk", organisation_id=system.body.organisation_id)
    lacking = System(world, world.body(channels=("web", "api"))).register()
    problem = assert_problem(lacking.get("/api/v1/notices", lacking.token(), **HEADER), 403, "refused")
    assert (problem["cause"], problem["missing_mandates"]) == ("missing_mandate", [NOTICES])


def test_an_official_is_named_and_never_by_her_identity_code(system: System) -> None:
    for headers in ({}, {"Kelmu-Official": ""}, {"Kelmu-Official": "010170-999R"}):
        answer = system.get("/api/v1/notices", system.token(), **headers)
        assert_problem(answer, 422, "invalid")


def test_a_body_too_large_is_refused_and_names_nothing(world: World, kela: System) -> None:
    file = {"name": "a.txt", "media_type": "text/plain", "data": "A" * (13 * 1024 * 1024)}
    answer = post(kela, "kela/notices", **message(world.person(), "D/1", attachments=[file]))
    assert_problem(answer, 413, "too-large")


def test_kela_asks_for_a_missing_answer_and_the_body_sees_it(
    world: World, system: System, kela: System, sender: Sender
) -> None:
    sent = sender.send(world.person())
    number = sender.notice(sent)["number"]
    asked = told(post(kela, "kela/answers/requests", number=number))
    assert (asked["result"], asked["answers"]) == ("none_yet", [])
    assert asked["asked_at"] is not None
    # Once a day at most, also when nothing can be taken back any more.
    world.database.run("UPDATE notices.event SET at = at - interval '1 hour' WHERE notice_id = %s", sent)
    assert told(post(kela, "kela/answers/requests", number=number)) == asked
    [(what, before)] = world.database.run(
        "SELECT what, version FROM notices.event WHERE notice_id = %s AND what = 'kela_asked'", sent
    )
    notice = next(
        item["notice"] for item in feed(system, "?limit=100")["notices"] if item["notice"]["number"] == number
    )
    assert [each["what"] for each in notice["history"]] == ["sent", what]
    assert (notice["kela_asked_at"][:23], notice["version"]) == (asked["asked_at"][:23], before)
    told(post(system, f"notices/{sent}/outcome", version=before, outcome="contacted"))
    # It can still be taken back, and is no answer yet.
    assert told(post(kela, "kela/answers/requests", number=number))["result"] == "none_yet"
    world.database.run("UPDATE notices.answer SET ready_at = now() WHERE notice_id = %s", sent)
    answered = told(post(kela, "kela/answers/requests", number=number))
    assert answered["result"] == "answered"
    assert [(each["what"], each["outcome"]) for each in answered["answers"]] == [
        ("taken_up", None), ("handled", "contacted"),
    ]  # fmt: skip
    assert [entry["detail"] for entry in world.entries(action="ask_for_answer")][-1] == "answered"
    assert_problem(post(kela, "kela/answers/requests", number=10**9), 404, "not-there")
    assert_problem(post(system, "kela/answers/requests", number=number), 403, "refused")


def test_kela_does_not_get_between_an_official_and_her_undoing(
    world: World, body: Body, kela: System, sender: Sender
) -> None:
    sent = sender.send(world.person())
    desk = world.begin(body, mandates=(NOTICES,))
    with world.database.connect() as connection:
        connection.execute("SELECT door.change_notice(%s, %s, 1, 'taken')", [desk, sent])
        number = sender.notice(sent)["number"]
        assert told(post(kela, "kela/answers/requests", number=number))["asked_at"] is None
        undone: Any = connection.execute("SELECT door.undo_notice(%s, %s, 2)", [desk, sent]).fetchone()
    assert undone[0]["result"] == "done"
