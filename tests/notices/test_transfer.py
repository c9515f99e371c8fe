"""A notice moves on: to any municipality, in one step, with its files, its clock and its chain."""

from __future__ import annotations

import threading
from datetime import timedelta

import psycopg
import pytest

from kelmu.core import clock
from tests.notices.desks import KELA_DESK, Desks, NoticeDesk
from tests.notices.sending import KINDS, Sender
from tests.world import TAMPERE, TURKU, World, pseudonym_of

NOKIA, HELSINKI, MARIEHAMN = "536", "091", "478"
SOUTHWEST = "05"


@pytest.fixture
def here(world: World, desks: Desks) -> NoticeDesk:
    return desks(world.body(protected_persons=True), world.person(lives_in="091"))


@pytest.fixture
def there(world: World, desks: Desks) -> NoticeDesk:
    return desks(world.body(county=SOUTHWEST, protected_persons=True), world.person(lives_in="091"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_moves_to_another_county_without_kela_and_its_clock_goes_on(
    world: World, sender: Sender, here: NoticeDesk, there: NoticeDesk, kind: str
) -> None:
    sent = sender.send(world.person(), kind, decided_on="2026-01-01")
    before = sender.notice(sent)
    here.change(sent, 1, "taken")
    answer = here.transfer(sent, 2, TURKU)
    assert answer["result"] == "done"
    assert answer["body"]["reached"] is True
    assert sent not in here.ids()
    row = there.row(sent)
    assert (row["state"], row["assignee"], row["moves"]) == ("new", None, 1)
    after = sender.notice(sent)
    assert (after["due_on"], after["visible_from"], after["sent_at"]) == (
        before["due_on"], before["visible_from"], before["sent_at"],
    )  # fmt: skip
    told = there.read(sent)
    assert told is not None
    assert [(step["from"], step["to"]) for step in told["chain"]] == [(TAMPERE, TURKU)]


@pytest.mark.parametrize("target", [NOKIA, HELSINKI, MARIEHAMN, "005"])
def test_any_municipality_can_be_chosen(world: World, sender: Sender, here: NoticeDesk, target: str) -> None:
    targets = {
        each["code"]: each["body"] for each in here.call("SELECT door.transfer_targets(%s)", here.secret)
    }
    sent = sender.send(world.person())
    answer = here.transfer(sent, 1, target)
    assert answer["result"] == "done"
    assert answer["body"] == targets[target]
    assert sender.notice(sent)["municipality_code"] == target
    assert (sent in here.ids()) is (target == NOKIA)


@pytest.mark.parametrize(
    ("municipality", "reason"), [("000", "a reason long enough"), (TURKU, "too short"), (TURKU, "x" * 256)]
)
def test_a_transfer_needs_a_municipality_in_force_and_a_reason(
    world: World, sender: Sender, here: NoticeDesk, municipality: str, reason: str
) -> None:
    with pytest.raises(psycopg.Error) as raised:
        here.transfer(sender.send(world.person()), 1, municipality, reason)
    assert raised.value.sqlstate == "KL010"


def test_a_merged_municipality_and_the_present_one_are_no_targets(
    world: World, sender: Sender, here: NoticeDesk
) -> None:
    [(old,)] = world.database.run(
        "SELECT code FROM organisations.municipality WHERE code <> present_code ORDER BY 1 LIMIT 1"
    )
    sent = sender.send(world.person())
    with pytest.raises(psycopg.Error):
        here.transfer(sent, 1, str(old))
    assert here.transfer(sent, 1, TAMPERE)["why"] == "same_municipality"
    here.change(sent, 1, "handled", "no_need")
    assert here.transfer(sent, 2, TURKU)["why"] == "handled"
    assert here.transfer(sent, 1, TURKU)["result"] == "changed"


def test_the_sender_sees_it_as_it_was_for_thirty_days_and_changes_nothing(
    world: World, sender: Sender, here: NoticeDesk, there: NoticeDesk
) -> None:
    sent = sender.send(world.person(), phone="+358 40 1")
    here.change(sent, 1, "noted", "Lives elsewhere")
    here.transfer(sent, 2, TURKU)
    there.read(sent)
    there.change(sent, 4, "noted", "A note of the receiver")
    row = here.row(sent, folder="moved")
    assert (row["state"], row["read_only"], row["assignee"]) == ("transferred", True, None)
    told = here.read(sent)
    assert told is not None
    assert [event["what"] for event in told["history"]] == ["sent", "noted", "transferred"]
    assert here.change(sent, 5, "taken")["why"] == "read_only"
    assert here.change(sent, 5, "noted", "x")["why"] == "read_only"
    assert here.transfer(sent, 5, NOKIA)["why"] == "read_only"
    assert sender.notice(sent)["version"] == 5
    world.database.run(
        "UPDATE notices.transfer SET moved_at = now() - interval '30 days' WHERE notice_id = %s", sent
    )
    assert sent not in here.ids(folder="moved")
    assert here.read(sent) is None
    assert sent in there.ids()


def test_an_outsider_on_the_way_never_sees_it(
    world: World, sender: Sender, desks: Desks, here: NoticeDesk
) -> None:
    outsider = desks(world.body(county="21"))
    sent = sender.send(world.person())
    here.transfer(sent, 1, TURKU)
    assert sent not in {*outsider.ids(), *outsider.ids(folder="moved")}
    assert outsider.undo(sent, 2) is None


def test_a_move_further_on_is_not_told_to_who_sent_it_away_before(
    world: World, sender: Sender, here: NoticeDesk, there: NoticeDesk
) -> None:
    sent = sender.send(world.person())
    here.transfer(sent, 1, TURKU)
    before = here.row(sent, folder="moved")
    assert (before["municipality"], before["moves"]) == (TURKU, 1)
    there.transfer(sent, 2, HELSINKI)
    after, told = here.row(sent, folder="moved"), here.read(sent)
    assert {**after, "version": 0} == {**before, "version": 0}
    assert told is not None
    assert (told["municipality"], len(told["chain"])) == (TURKU, 1)
    assert sent in here.ids(folder="moved", municipalities=[TURKU])
    assert sent not in here.ids(folder="moved", municipalities=[HELSINKI])


def test_from_the_third_move_on_both_sides_and_kelas_desk_see_a_flag_and_nothing_stops(
    world: World, sender: Sender, desks: Desks, here: NoticeDesk, there: NoticeDesk
) -> None:
    kela = desks(world.body("kela", county=None, municipality=HELSINKI), mandates=(KELA_DESK,))
    sent = sender.send(world.person())
    version = 1
    for desk, target in ((here, TURKU), (there, TAMPERE), (here, TURKU), (there, TAMPERE)):
        answer = desk.transfer(sent, version, target)
        assert answer["result"] == "done"
        version = answer["notice"]["version"]
        assert answer["notice"]["flagged"] is (answer["notice"]["moves"] >= 3)
    assert here.row(sent)["flagged"] is True
    assert there.row(sent, folder="moved")["flagged"] is True
    looked_after = {
        each["notice_id"]: each for each in kela.call("SELECT door.desk_notices(%s)", kela.secret)
    }
    assert looked_after[str(sent)]["why"] == ["moved"]
    assert looked_after[str(sent)]["moves"] == 4
    told = here.read(sent)
    assert told is not None
    assert [step["to"] for step in told["chain"]] == [TURKU, TAMPERE, TURKU, TAMPERE]


def test_a_body_without_an_agreement_is_told_with_its_contact_and_kelas_desk_sees_the_notice(
    world: World, sender: Sender, desks: Desks, here: NoticeDesk
) -> None:
    kela = desks(world.body("kela", county=None, municipality=HELSINKI), mandates=(KELA_DESK,))
    sent = sender.send(world.person())
    # Kainuu has none in the cast, but had one.
    world.body(county="20", valid_to=clock.today() - timedelta(days=1))
    answer = here.transfer(sent, 1, "205")
    assert answer["result"] == "done"
    assert (answer["body"]["reached"], answer["body"]["contact_email"]) == (False, "koe@koe.example")
    looked_after = {
        each["notice_id"]: each for each in kela.call("SELECT door.desk_notices(%s)", kela.secret)
    }
    assert looked_after[str(sent)]["why"] == ["unreached"]
    assert looked_after[str(sent)]["municipality"] == "205"
    assert here.call("SELECT door.desk_notices(%s)", here.secret) is None


def test_a_transfer_is_taken_back_only_while_the_receiver_has_done_nothing(
    world: World, sender: Sender, here: NoticeDesk, there: NoticeDesk
) -> None:
    first, second = sender.send(world.person()), sender.send(world.person())
    for sent in (first, second):
        here.change(sent, 1, "taken")
        here.transfer(sent, 2, TURKU)
    assert here.undo(first, 3)["result"] == "done"
    row = here.row(first)
    assert (row["state"], row["assignee"], row["moves"]) == ("in_progress", here.pseudonym, 0)
    assert first not in {*there.ids(), *here.ids(folder="moved")}
    there.read(second)
    assert here.undo(second, 3)["result"] == "changed"
    assert here.undo(second, 4)["why"] == "too_late"
    assert second in there.ids()


def test_a_restricted_notice_moves_to_the_restricted_queue_and_its_way_is_told_to_nobody(
    world: World, sender: Sender, desks: Desks
) -> None:
    holders = []
    for county in ("08", SOUTHWEST):
        body, official = world.body(county=county, protected_persons=True), world.person(lives_in="091")
        world.allow_protected(body, pseudonym_of(official.personal_id))
        holders.append((desks(body, official), desks(body)))
    (here, _), (there, other) = holders
    sent = sender.send(world.protect(world.person()))
    assert here.transfer(sent, 1, TURKU)["result"] == "done"
    assert sent not in other.ids()
    assert there.row(sent, restricted=True)["municipality"] is None
    for desk in (here, there):
        told = desk.read(sent)
        assert told is not None
        assert [(step["from"], step["to"]) for step in told["chain"]] == [(None, None)]
        assert all("municipality" not in (event["after"] or {}) for event in told["history"])


def test_two_who_transfer_at_once_move_it_once(
    world: World, sender: Sender, desks: Desks, here: NoticeDesk
) -> None:
    sent = sender.send(world.person())
    colleagues = [desks(here.body) for _ in range(4)]
    results: list[str | None] = []

    def move(desk: NoticeDesk, target: str) -> None:
        results.append((desk.transfer(sent, 1, target) or {}).get("result"))

    threads = [
        threading.Thread(target=move, args=(desk, target))
        for desk, target in zip(colleagues, (TURKU, HELSINKI, NOKIA, "005"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("done") == 1
    assert sender.notice(sent)["moves"] == 1
