"""Who sees which notice; what a page of the inbox tells, and what names cost."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from kelmu.core import clock
from tests.notices.desks import Desks, NoticeDesk
from tests.notices.sending import KINDS, Sender
from tests.world import TAMPERE, TURKU, Body, World, pseudonym_of

NOKIA = "536"


def test_a_county_sees_the_notices_of_its_municipalities_and_no_others(
    world: World, sender: Sender, desk: NoticeDesk
) -> None:
    here, near, away = (sender.send(world.person(lives_in=place)) for place in (TAMPERE, NOKIA, TURKU))
    seen = desk.ids()
    assert {here, near} <= set(seen)
    assert away not in seen
    assert desk.read(away) is None
    [entry] = world.entries(kind="not_there", organisation_id=desk.body.organisation_id)
    assert entry["detail"] == "notice"


def test_whoever_lacks_the_mandate_or_the_kind_of_agreement_sees_none_and_it_is_written_down(
    world: World, sender: Sender, body: Body, desks: Desks
) -> None:
    sent = sender.send(world.person())
    for desk in (
        desks(body, mandates=("benefit_view_and_claims",)),
        desks(world.body("municipality", municipality=TAMPERE)),
    ):
        assert desk.page() is None
        assert desk.open(sent) is None
        assert desk.change(sent, 1, "taken") is None
        assert desk.transfer(sent, 1, TURKU) is None
        assert desk.call("SELECT door.open_notice_page(%s, %s)", desk.secret, [sent]) is None
        entries = world.entries(kind="refused", organisation_id=desk.body.organisation_id)
        assert len(entries) == 5
    assert sender.notice(sent)["version"] == 1


def test_nobody_sees_a_notice_before_its_time(world: World, sender: Sender, desk: NoticeDesk) -> None:
    today = clock.today()
    hidden = [
        sender.send(world.person(), "lowered_basic_part", decided_on=str(today)),
        sender.send(world.person(), "supplementary_preventive_application", decided_on=str(today)),
        sender.send(world.person(), "immigrant", released_on=today + timedelta(days=1)),
    ]
    seen = [sender.send(world.person(), kind) for kind in KINDS if kind not in KINDS[1:3]]
    seen.append(
        sender.send(
            world.person(), "supplementary_preventive_application", urgent=True, decided_on=str(today)
        )
    )
    shown = desk.ids()
    assert set(seen) <= set(shown)
    assert not set(hidden) & set(shown)
    assert desk.read(hidden[0]) is None


def test_an_official_sees_neither_her_own_notice_nor_her_familys_and_her_colleagues_do(
    world: World, sender: Sender, body: Body, desks: Desks
) -> None:
    official, sister = world.person(), world.person()
    world.relate(official, sister, "sibling", "sibling")
    own, kin = sender.send(official), sender.send(sister)
    desk, colleague = desks(body, official), desks(body, world.person(lives_in="091"))
    assert not {own, kin} & set(desk.ids())
    assert desk.read(own) is None
    assert desk.read(kin) is None
    assert {own, kin} <= set(colleague.ids())


def test_a_restricted_notice_is_seen_by_holders_of_the_right_without_anything_that_tells_where(
    world: World, sender: Sender, body: Body, desks: Desks
) -> None:
    client = world.protect(world.person())
    sent = sender.send(client, phone="+358 40 123", free_text="needs help")
    later = world.person()
    grown = sender.send(later)
    world.protect(later)
    holder = world.person(lives_in="091")
    world.allow_protected(body, pseudonym_of(holder.personal_id))
    without, with_right = desks(body, world.person(lives_in="091")), desks(body, holder)
    assert not {sent, grown} & set(without.ids())
    assert without.read(sent) is None
    assert {sent, grown} <= set(with_right.ids(restricted=True))
    assert sent not in with_right.ids(municipalities=[TAMPERE])
    told = with_right.read(sent)
    assert told is not None
    assert told["municipality"] is None
    assert told["content"] == {"free_text": "needs help"}
    # Standing for itself, not within an id or the fraction of a second.
    assert not re.search(rf"(?<![.\w]){TAMPERE}(?!\w)", str({**told, "client": None, "number": None}))
    [entry] = world.entries(kind="notice", subject_person_id=client.person_id)
    assert entry["for_review"] is True


def test_a_list_and_one_notice_agree_on_who_is_protected(
    world: World, sender: Sender, body: Body, desks: Desks
) -> None:
    today = clock.today()
    orders: dict[str, list[dict[str, object]]] = {
        "none": [],
        "ends today": [{"valid_from": today - timedelta(days=9), "valid_to": today}],
        "begins today": [{"valid_from": today}],
        "over": [{"valid_from": today - timedelta(days=9), "valid_to": today - timedelta(days=1)}],
        "to come": [{"valid_from": today + timedelta(days=1)}],
        "withdrawn": [{"valid_from": today - timedelta(days=9), "superseded_at": clock.now()}],
        "over and new": [
            {"valid_from": today - timedelta(days=9), "valid_to": today - timedelta(days=5)},
            {"valid_from": today - timedelta(days=2)},
        ],
    }
    clients = {name: world.person() for name in orders} | {"unknown": world.person(protection_known=False)}
    sent = {name: sender.send(client) for name, client in clients.items()}
    for name, rows in orders.items():
        for row in rows:
            world.insert("non_disclosure_order", person_id=clients[name].person_id, **row)
    holder = world.person(lives_in="091")
    world.allow_protected(body, pseudonym_of(holder.personal_id))
    without, with_right = desks(body, world.person(lives_in="091")), desks(body, holder)
    listed, restricted = set(without.ids()), set(with_right.ids(restricted=True))
    for name, notice_id in sent.items():
        told = with_right.read(notice_id)
        assert told is not None
        assert told["restricted"] == (notice_id in restricted), name
        assert (without.read(notice_id) is not None) == (notice_id in listed), name
        assert (notice_id in listed) != (notice_id in restricted), name
    protected = {"ends today", "begins today", "over and new"}
    assert {name for name, each in sent.items() if each in restricted} >= protected
    assert {name for name, each in sent.items() if each in listed} >= {"none", "over", "to come", "withdrawn"}


def test_while_orders_cannot_be_read_nobody_sees_any_notice(
    world: World, sender: Sender, desk: NoticeDesk
) -> None:
    sent = sender.send(world.person())
    world.set_source("non_disclosure", available=False)
    try:
        for call in (desk.page, lambda: desk.open(sent)):
            with pytest.raises(psycopg.Error) as raised:
                call()
            assert raised.value.sqlstate == "KL031"
    finally:
        world.set_source("non_disclosure", available=True)
    assert sent in desk.ids()


def test_filters_find_what_they_say(world: World, sender: Sender, body: Body, desk: NoticeDesk) -> None:
    mine = sender.send(world.person())
    urgent = sender.send(
        world.person(lives_in=NOKIA), "supplementary_preventive_application", urgent=True,
        decided_on=str(clock.today()),
    )  # fmt: skip
    old = sender.send(world.person(), sent_at=clock.now() - timedelta(days=40))
    desk.change(mine, 1, "taken")
    today = str(clock.today())
    ours = {mine, urgent, old}
    for asked, expected in (
        ({"assignee": "me"}, {mine}),
        ({"assignee": desk.pseudonym}, {mine}),
        ({"assignee": "nobody"}, {urgent, old}),
        ({"states": ["in_progress"]}, {mine}),
        ({"kinds": ["supplementary_preventive_application"]}, {urgent}),
        ({"municipalities": [NOKIA]}, {urgent}),
        ({"urgent": True}, {urgent}),
        ({"overdue": True}, {old}),
        ({"arrived_from": today}, {mine, urgent}),
        ({"arrived_to": str(clock.today() - timedelta(days=39))}, {old}),
        ({"due_to": str(clock.today() - timedelta(days=1))}, {old}),
        ({"number": sender.notice(old)["number"]}, {old}),
        ({"flagged": True}, set()),
        ({}, ours),
    ):
        assert set(desk.ids(**asked)) & ours == expected, asked


def test_pages_follow_each_other_in_the_order_asked(world: World, sender: Sender, desk: NoticeDesk) -> None:
    for kind in KINDS:
        sender.send(world.person(), kind, urgent=False, decided_on="2026-01-01")
    for sort, key in (
        ("due", "due_on"), ("arrived", "arrived_at"), ("number", "number"), ("kind", "kind"),
        ("municipality", "municipality"), ("state", "state"),
    ):  # fmt: skip
        whole = desk.page(sort=sort)
        values = [row[key] or "" for row in whole["rows"]]
        assert values == sorted(values), sort
        backwards = [row[key] or "" for row in desk.page(sort=f"-{sort}")["rows"]]
        assert backwards == values[::-1], sort
        paged = [
            row
            for skip in range(0, whole["total"], 4)
            for row in desk.page(sort=sort, skip=skip, rows=4)["rows"]
        ]
        assert paged == whole["rows"]


def test_counts_are_of_the_whole_folder_and_say_what_came_since(
    world: World, sender: Sender, desk: NoticeDesk
) -> None:
    before = desk.page()
    one, two = sender.send(world.person()), sender.send(world.person())
    desk.read(one)
    now = desk.page(since=before["now"], rows=1, kinds=["immigrant"])
    difference = {name: now["counts"][name] - before["counts"][name] for name in now["counts"]}
    assert (difference["new"], difference["read"], difference["came_since"]) == (1, 1, 2)
    desk.change(two, 1, "handled", "no_need")
    assert desk.page()["counts"]["new"] == before["counts"]["new"]
    assert two not in desk.ids()
    assert desk.ids(states=["handled"])[-1] == two


@pytest.mark.parametrize(
    "wrong",
    [{"folder": "all"}, {"sort": "name"}, {"rows": 201}, {"rows": 0}, {"skip": -1}, {"name": "Tuuli"}],
)
def test_a_page_of_another_form_is_refused(desk: NoticeDesk, wrong: dict[str, object]) -> None:
    with pytest.raises(psycopg.Error) as raised:
        desk.page(**wrong)  # type: ignore[arg-type] # wrong on purpose
    assert raised.value.sqlstate == "KL010"


def test_rows_hold_no_person_and_names_leave_one_entry_that_names_all(
    world: World, sender: Sender, desk: NoticeDesk
) -> None:
    clients = [world.person(family_name="Meri"), world.person(family_name="Ranta")]
    ids = [sender.send(client) for client in clients]
    assert "Meri" not in str(desk.page())
    known = [each for each in ids if each is not None]
    named = desk.names([*known, uuid4()])
    assert [named[each]["family_name"] for each in known] == ["Meri", "Ranta"]
    assert named[known[0]]["birth_date"] == str(date(1985, 3, 14))
    opened, disclosed = (
        entry
        for entry in world.entries(organisation_id=desk.body.organisation_id)
        if entry["action"] == "page"
    )
    assert (opened["kind"], disclosed["kind"]) == ("notice", "disclosed")
    for entry in (opened, disclosed):
        rows = world.database.run(
            "SELECT person_id FROM audit.entry_mention WHERE entry_id = %s ORDER BY 1", entry["entry_id"]
        )
        assert [row[0] for row in rows] == sorted(client.person_id for client in clients)
        assert entry["purpose"] == "welfare_need"


def test_reading_needs_a_committed_entry_of_its_own_kind(
    world: World, sender: Sender, desk: NoticeDesk, desks: Desks
) -> None:
    sent = sender.send(world.person())
    with desk.connection.transaction() as transaction:
        ticket = desk.open(sent)
        with pytest.raises(psycopg.Error) as raised, desk.connection.transaction():
            desk.call("SELECT door.read_notice(%s, %s)", desk.secret, ticket)
        assert raised.value.sqlstate == "KL020"
        raise psycopg.Rollback(transaction)
    ticket = desk.open(sent)
    for call in (
        "SELECT door.read_dossier(%s, %s)",
        "SELECT door.read_notice_page(%s, %s)",
        "SELECT door.read_attachments(%s, %s)",
    ):
        with pytest.raises(psycopg.Error) as raised:
            desk.call(call, desk.secret, ticket)
        assert raised.value.sqlstate == "KL021"
    assert desk.call("SELECT door.read_notice(%s, %s)", desk.secret, ticket) is not None
    assert desk.call("SELECT door.read_notice(%s, %s)", desk.secret, ticket) is None
    other = desks(desk.body)
    assert other.call("SELECT door.read_notice(%s, %s)", other.secret, desk.open(sent)) is None


def test_opening_a_new_notice_makes_it_read_and_says_so(
    world: World, sender: Sender, desk: NoticeDesk
) -> None:
    client = world.person(family_name="Asiakas")
    sent = sender.send(client, "lowered_basic_part", decided_on="2026-01-02", lowered_percent=20)
    printed = desk.read(sent, "print")
    assert printed is not None
    assert printed["state"] == "new"
    told = desk.read(sent)
    assert told is not None
    assert (told["state"], told["version"], told["municipality"]) == ("read", 2, TAMPERE)
    assert told["client"]["personal_id"] == client.personal_id
    assert told["content"] == {"decided_on": "2026-01-02", "lowered_percent": 20}
    assert [event["what"] for event in told["history"]] == ["sent", "opened"]
    assert told["history"][1]["by"] == desk.pseudonym
    again = desk.read(sent)
    assert again is not None
    assert again["version"] == 2
    kinds = [(e["kind"], e["action"]) for e in world.entries(subject_person_id=client.person_id)]
    assert kinds == [
        ("notice", "print"), ("disclosed", "print"), ("notice", "open"), ("disclosed", "open"),
        ("notice", "open"), ("disclosed", "open"),
    ]  # fmt: skip


def test_an_unknown_notice_is_not_there(desk: NoticeDesk) -> None:
    assert desk.read(uuid4()) is None
    assert desk.change(UUID(int=0), 1, "taken") is None
