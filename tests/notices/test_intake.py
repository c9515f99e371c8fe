"""Notices from Kela's side: each number once, its files as they came, and nothing from anybody else."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from kelmu.core import clock
from tests.notices.desks import KELA_DESK, Desks, NoticeDesk
from tests.notices.sending import Sender
from tests.world import Somebody, World, pseudonym_of

FILES = (
    ("Vuokrasopimus 2026.pdf", "application/pdf", b"%PDF-1.7 rent"),
    ("lasku.jpg", "image/jpeg", b"\xff\xd8\xff bill"),
)


@pytest.fixture
def kela(world: World, desks: Desks) -> NoticeDesk:
    return desks(world.body("kela", county=None, municipality="091"), mandates=(KELA_DESK,))


def test_a_number_makes_one_notice_and_a_second_message_by_it_changes_nothing(
    world: World, kela: NoticeDesk
) -> None:
    client = world.person()
    first = kela.take_in(client, "2026/1", files=FILES, free_text="needs help")
    again = kela.take_in(client, "2026/1", files=FILES, free_text="needs help")
    assert first["result"] == "taken_in"
    assert again == {**first, "result": "repeated"}
    for other in (
        kela.take_in(client, "2026/1", files=FILES, free_text="another text"),
        kela.take_in(client, "2026/1", files=FILES[:1], free_text="needs help"),
        kela.take_in(world.person(), "2026/1", files=FILES, free_text="needs help"),
    ):
        assert other == {"result": "differs", "notice_id": None, "number": None}
    [(count,)] = world.database.run(
        "SELECT count(*) FROM notices.notice_content WHERE person_id = %s", client.person_id
    )
    assert count == 1


def test_its_files_are_there_for_the_desk_one_by_one_and_all_at_once(
    world: World, kela: NoticeDesk, desk: NoticeDesk
) -> None:
    client = world.person()
    sent = UUID(kela.take_in(client, "files", files=FILES)["notice_id"])
    told = desk.read(sent)
    assert told is not None
    assert [(each["name"], each["size"], each["sha256"]) for each in told["attachments"]] == [
        (name, len(data), hashlib.sha256(data).hexdigest()) for name, _, data in FILES
    ]
    assert desk.files(sent) == [(place, *FILES[place - 1]) for place in (1, 2)]
    assert desk.files(sent, 2) == [(2, *FILES[1])]
    digests = [hashlib.sha256(data).digest() for _, _, data in FILES]
    entries = [e for e in world.entries(subject_person_id=client.person_id) if e["action"] == "attachments"]
    assert [entry["kind"] for entry in entries] == ["notice", "disclosed"] * 2
    assert entries[1]["document_digest"] == r"\x" + hashlib.sha256(b"".join(digests)).hexdigest()


def test_files_of_a_protected_person_have_no_names(
    world: World, kela: NoticeDesk, desks: Desks, desk: NoticeDesk
) -> None:
    official = world.person(lives_in="091")
    world.allow_protected(desk.body, pseudonym_of(official.personal_id))
    holder = desks(desk.body, official)
    sent = UUID(kela.take_in(world.protect(world.person()), "secret", files=FILES)["notice_id"])
    told = holder.read(sent)
    assert told is not None
    assert [each["name"] for each in told["attachments"]] == [None, None]
    assert [name for _, name, _, _ in holder.files(sent)] == ["1.pdf", "2.jpg"]
    assert desk.open(sent, "attachments") is None


def test_decisions_hold_a_notice_back_until_the_day_after(
    world: World, sender: Sender, kela: NoticeDesk
) -> None:
    today = str(clock.today())
    for number, kind, urgent, at_once in (
        ("a", "social_work_need", False, True),
        ("b", "supplementary_preventive_application", False, False),
        ("c", "supplementary_preventive_application", True, True),
        ("d", "lowered_basic_part", False, False),
    ):
        made = kela.take_in(world.person(), number, kind, urgent=urgent, decided_on=today)
        notice = sender.notice(UUID(made["notice_id"]))
        assert (notice["visible_from"] == notice["sent_at"]) is at_once, kind


def test_who_is_not_in_the_register_or_lives_nowhere_is_answered_and_not_kept(
    world: World, kela: NoticeDesk
) -> None:
    unknown = Somebody(-1, "010100-999A")
    assert kela.take_in(unknown, "unknown")["result"] == "unknown_person"
    nowhere = world.person(lives_in=None)
    assert kela.take_in(nowhere, "nowhere")["result"] == "no_municipality"
    world.insert("residence", person_id=nowhere.person_id, municipality_code="837", valid_from="2020-01-01")
    assert kela.take_in(nowhere, "nowhere")["result"] == "taken_in"


@pytest.mark.parametrize(
    ("number", "kind", "content"),
    [
        ("", "social_work_need", {}),
        ("x" * 41, "social_work_need", {}),
        ("n", "immigrant", {}),
        ("n", "lowered_basic_part", {}),
        ("n", "lowered_basic_part", {"decided_on": str(clock.today() + timedelta(days=1))}),
        ("n", "social_work_need", {"unknown": "member"}),
    ],
)
def test_a_message_of_another_form_is_refused(
    world: World, kela: NoticeDesk, number: str, kind: str, content: dict[str, str]
) -> None:
    with pytest.raises(psycopg.Error) as raised:
        kela.take_in(world.person(), number, kind, **content)  # type: ignore[arg-type] # content only
    assert raised.value.sqlstate == "KL010"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b", "", "a\nb"])
def test_a_file_has_no_folder_in_its_name(world: World, kela: NoticeDesk, name: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        kela.take_in(world.person(), "name", files=((name, "text/plain", b"x"),))


def test_nobody_but_kelas_side_brings_notices(world: World, desk: NoticeDesk) -> None:
    assert desk.take_in(world.person(), "mine") is None
    entries = world.entries(kind="refused", organisation_id=desk.body.organisation_id)
    assert [(entry["action"], entry["cause"]) for entry in entries] == [("desk", "missing_mandate")]
