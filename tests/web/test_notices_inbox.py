"""The inbox of notices as officials work in it: what it shows and keeps, and what it leaves in the log."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from kelmu.core import clock
from kelmu.web import notices_inbox
from tests.databases import Database
from tests.notices.sending import KINDS, Sender
from tests.web.inbox_pages import InboxDesk, numbers, picked, text_of
from tests.world import TAMPERE, Body, World, pseudonym_of

NOKIA = "536"


class Inbox:
    """A county with notices, and two of its officials; made once for all tests of the module."""

    def __init__(self, database: Database) -> None:
        self.world = World(database)
        self.sender = Sender(self.world)
        self.body = self.world.body(protected_persons=True)
        # The names are told in the register's order: by pseudonym, so by chance; nothing here rests on it.
        self.official = self.world.person(lives_in="091", given_names="Maija", family_name="Käsittelijä")
        self.other = self.world.person(lives_in="091", given_names="Olli", family_name="Toveri")
        self.desk = InboxDesk(self.world, self.body, self.official)
        self.colleague = InboxDesk(self.world, self.body, self.other)

    def send(self, kind: str = "social_work_need", **how: Any) -> dict[str, Any]:
        """A notice of a fresh client, as its workflow row."""
        client = how.pop("client", None) or self.world.person(
            lives_in=how.pop("lives_in", TAMPERE), family_name=how.pop("family_name", "Asiakas")
        )
        return self.row(self.sender.send(client, kind, **how))

    def row(self, notice_id: UUID | str | None) -> dict[str, Any]:
        return self.sender.notice(UUID(str(notice_id)))

    def entries(self, desk: InboxDesk) -> list[dict[str, Any]]:
        return self.world.entries(official_pseudonym=desk.pseudonym)


@pytest.fixture(scope="module")
def inbox(clean_database: Database) -> Inbox:
    return Inbox(clean_database)


@pytest.fixture(scope="module")
def mixed(inbox: Inbox) -> dict[str, dict[str, Any]]:
    """Notices of each sort, some of which the tests below never change."""
    today = str(clock.today())
    made = {
        "urgent": inbox.send(KINDS[1], urgent=True, decided_on=today, family_name="Kiireinen"),
        "old": inbox.send(sent_at=clock.now() - timedelta(days=40), family_name="Vanha"),
        "nokia": inbox.send("immigrant", lives_in=NOKIA, family_name="Nokialainen"),
        "handled": inbox.send(family_name="Valmis"),
    }
    inbox.desk.post("/notices/changes/", notice=[picked(made["handled"])], what="handled:no_need")
    return made


def test_the_list_names_its_clients_and_one_entry_names_all_of_them(
    inbox: Inbox, mixed: dict[str, dict[str, Any]]
) -> None:
    before = len(inbox.entries(inbox.desk))
    page = inbox.desk.html("?kind=immigrant")
    assert numbers(page) == [mixed["nokia"]["number"]]
    text = text_of(page)
    assert "Nokialainen, Tuuli s. 14.3.1985" in text
    assert "Nokia" in text
    assert "Maahanmuuttaja, 2 kk" in text
    new = inbox.entries(inbox.desk)[before:]
    assert [(e["kind"], e["action"]) for e in new if e["kind"] != "use"] == [
        ("notice", "page"), ("disclosed", "page"),
    ]  # fmt: skip
    [opened] = [e for e in new if e["kind"] == "notice"]
    assert opened["scope"] == [mixed["nokia"]["notice_id"]]
    # No name and no code in the title, nor in any address of the page.
    assert "Nokialainen" not in page.partition("</title>")[0]
    assert not [a for a in re.findall(r'(?:href|action)="([^"]*)"', page) if "Nokialainen" in unescape(a)]


def test_filters_tiles_and_chips_lead_to_what_they_say(
    inbox: Inbox, mixed: dict[str, dict[str, Any]]
) -> None:
    today = clock.today().isoformat()
    urgent, old, nokia = (mixed[name]["number"] for name in ("urgent", "old", "nokia"))
    handled = mixed["handled"]["number"]
    every = {urgent, old, nokia}
    for query, expected in (
        ("?view=all", every),
        ("?urgency=yes", {urgent}),
        ("?urgency=no&state=new", {old, nokia}),
        ("?state=handled", {handled}),
        (f"?municipality={NOKIA}", {nokia}),
        ("?only=overdue", {old}),
        (f"?arrived_from={today}", {urgent, nokia}),
        ("?due_to=" + (clock.today() - timedelta(days=1)).isoformat(), {old}),
        ("?assignee=me", set()),
        ("?assignee=nobody&kind=immigrant&kind=social_work_need", {old, nokia}),
        ("?state=nonsense&kind=&assignee=nobody%27s&sort=name&page=-3", every),
    ):
        page = inbox.desk.html(query)
        assert set(numbers(page)) & {*every, handled} == expected, query
    page = inbox.desk.html("?urgency=yes&only=overdue&sort=-arrived")
    assert numbers(page) == []
    assert "Mikään ilmoitus ei vastaa rajausta" in page
    chips = re.findall(r'href="([^"]*)"><span class="ds-sr-only">Poista rajaus:', page)
    assert [unescape(chip) for chip in chips] == [
        "/notices/?only=overdue&sort=-arrived", "/notices/?urgency=yes&sort=-arrived",
    ]  # fmt: skip
    page = inbox.desk.html("?view=all")
    tiles = dict(re.findall(r'href="(/notices/[^"]*)"[^>]*><span class="kelmu-tiles-count">(\d+)<', page))
    assert len(tiles) >= 6
    for address, count in tiles.items():
        assert len(numbers(inbox.desk.html(path=unescape(address)))) == int(count), address


def test_headings_sort_and_say_how(inbox: Inbox, mixed: dict[str, dict[str, Any]]) -> None:
    page = inbox.desk.html("?view=all")
    assert re.findall(r'aria-sort="(\w+)"><a class="kelmu-sort" href="([^"]*)"', page) == [
        ("ascending", "/notices/?sort=-due")
    ]
    for sort, way in (("number", "ascending"), ("-number", "descending")):
        page = inbox.desk.html(f"?sort={sort}")
        assert f'aria-sort="{way}"' in page
        assert numbers(page) == sorted(numbers(page), reverse=sort.startswith("-"))


def test_a_wrong_day_is_told_by_its_field_and_stays_and_filters_nothing(
    inbox: Inbox, mixed: dict[str, dict[str, Any]]
) -> None:
    page = inbox.desk.html("?arrived_from=31.11.2026&kind=immigrant&due_from=2.12.2026&due_to=1.12.2026")
    text = text_of(page)
    assert "Saapunut alkaen: kirjoita päivä muodossa 1.11.2026." in text
    assert "Määräpäivä viimeistään: aika päättyy ennen kuin se alkaa." in text
    assert 'value="31.11.2026"' in page
    assert "<title>Virhe:" in page
    assert mixed["nokia"]["number"] in numbers(inbox.desk.html("?arrived_from=31.11.2026&kind=immigrant"))


def test_pages_keep_their_place_and_one_past_the_end_is_the_last(
    inbox: Inbox, mixed: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices_inbox, "ROWS", 2)
    first = inbox.desk.html("?sort=number&state=new")
    assert len(numbers(first)) == 2
    assert re.search(r'rel="next" href="/notices/\?state=new&amp;sort=number&amp;page=2"', first)
    second = inbox.desk.html("?sort=number&state=new&page=2")
    assert numbers(second)[0] > numbers(first)[-1]
    assert "page%3D2" in second or "list=" not in second
    last = inbox.desk.html("?sort=number&state=new&page=900")
    assert numbers(inbox.desk.html(f"?sort=number&state=new&page={'9' * 5000}")) == numbers(last)
    assert numbers(last)
    assert "Seuraava sivu" not in last
    # Choosing all of the filter is a step of its own, and keeps the versions as they are now.
    assert 'href="/notices/?state=new&amp;sort=number&amp;select=all"' in first
    everything = inbox.desk.html("?sort=number&state=new&select=all")
    values = re.findall(r'name="(?:also|notice)" value="([^"]+)"', everything)
    chosen = [each for value in values for each in value.split()]
    assert len(chosen) == len(set(chosen)) > 2
    assert f'data-extra="{len(chosen) - 2}">{len(chosen)}<' in everything


def test_a_restricted_notice_shows_no_municipality(inbox: Inbox) -> None:
    holder = inbox.world.person(lives_in="091")
    inbox.world.allow_protected(inbox.body, pseudonym_of(holder.personal_id))
    desk = InboxDesk(inbox.world, inbox.body, holder)
    row = inbox.send(client=inbox.world.protect(inbox.world.person(lives_in=NOKIA, family_name="Salattu")))
    page = desk.html("?only=restricted")
    assert numbers(page) == [row["number"]]
    [shown] = re.findall(r"<tr id=.*?</tr>", page, re.DOTALL)
    assert "Turvakielto" in shown
    assert "Nokia" not in shown
    assert row["number"] not in numbers(inbox.desk.html("?view=all"))


def test_each_row_of_a_bulk_change_has_its_answer_after_it(inbox: Inbox) -> None:
    free, taken, gone = inbox.send(), inbox.send(), inbox.send()
    inbox.colleague.post("/notices/changes/", notice=[picked(taken)], what="taken")
    inbox.world.database.run(
        "UPDATE notices.notice SET municipality_code = '853' WHERE notice_id = %s", gone["notice_id"]
    )
    chosen = [picked(row) for row in (free, taken, gone)]
    answer = inbox.desk.post("/notices/changes/?sort=-number", notice=chosen, what="taken")
    assert re.fullmatch(r"/notices/\?sort=-number&done=[0-9a-f]{16}#answers", answer.headers["Location"])
    page = inbox.desk.follow(answer)
    text = text_of(page)
    assert "Muutettu: 1 / 3" in text
    assert f"Ilmoitus {gone['number']}: Ilmoitus ei ole enää organisaatiosi saapuneissa." in text
    told = {
        int(number): text_of("<main>" + after)
        for number, after in re.findall(
            r'<tr id="notice-(\d+)"[^>]*kelmu-answered.*?</tr>\s*<tr class="kelmu-answer">(.*?)</tr>',
            page,
            re.DOTALL,
        )
    }
    assert "Otettu käsittelyyn" in told[free["number"]]
    assert "otettu käsittelyyn, Olli Toveri, " in told[taken["number"]]
    assert "Tarkista rivi" in told[taken["number"]]
    assert inbox.row(free["notice_id"])["assignee"] == inbox.desk.pseudonym
    assert inbox.row(taken["notice_id"])["assignee"] == inbox.colleague.pseudonym
    # Another browser is told nothing by the same address, and the page itself says it again.
    where = answer.headers["Location"].partition("#")[0]
    assert "Muutettu:" not in inbox.colleague.html(path=where)
    assert "Muutettu: 1 / 3" in text_of(inbox.desk.html(path=where))
    # Sent again, it changes nothing, and says why.
    again = inbox.desk.follow(inbox.desk.post("/notices/changes/", notice=[picked(free)], what="taken"))
    assert "otettu käsittelyyn, Sinä, " in text_of(again)


def test_a_bulk_change_can_give_to_a_colleague_and_handle_with_an_outcome(inbox: Inbox) -> None:
    row = inbox.send()
    assert f'value="assigned:{inbox.colleague.pseudonym}">Olli Toveri<' in inbox.desk.html("?view=all")
    for what, state, assignee in (
        (f"assigned:{inbox.colleague.pseudonym}", "in_progress", inbox.colleague.pseudonym),
        ("released", "read", None),
        ("marked_unread", "new", None),
        ("marked_read", "read", None),
        ("handled:not_reached", "handled", inbox.desk.pseudonym),
    ):
        inbox.desk.follow(
            inbox.desk.post("/notices/changes/", notice=[picked(inbox.row(row["notice_id"]))], what=what)
        )
        now = inbox.row(row["notice_id"])
        assert (now["state"], now["assignee"]) == (state, assignee), what
    assert "Asiakasta ei tavoitettu" in text_of(inbox.desk.html("?state=handled"))


def test_without_a_choice_nothing_is_changed_and_what_is_chosen_stays(inbox: Inbox) -> None:
    row = inbox.send()
    other = "f" * 64
    for form, said in (
        ({"what": "taken"}, "Valitse vähintään yksi ilmoitus."),
        (
            {"notice": ["nonsense", "::", f"{UUID(int=9)}:0:1"], "what": "taken"},
            "Valitse vähintään yksi",
        ),
        ({"notice": [picked(row)], "what": ""}, "Valitse, mitä valituille ilmoituksille tehdään."),
        ({"notice": [picked(row)], "what": "noted:x"}, "Valitse, mitä"),
        ({"notice": [picked(row)], "what": "handled"}, "Valitse, mitä"),
        ({"notice": [picked(row)], "what": f"assigned:{other}"}, "Valitse, mitä"),
        ({"notice": [f"{UUID(int=n)}:1:{n}" for n in range(1, 202)], "what": "taken"}, "enintään 200"),
    ):
        answer = inbox.desk.post("/notices/changes/?state=new&sort=-number", **form)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in text_of(page)
        assert numbers(page)[0] == row["number"]
        box = re.search(rf'value="{re.escape(picked(row))}"[^>]*>', page)
        assert box is not None
        assert ("checked" in box[0]) == (form.get("notice") == [picked(row)])
    assert inbox.row(row["notice_id"])["version"] == 1


def test_views_are_saved_shown_first_and_removed(inbox: Inbox, mixed: dict[str, dict[str, Any]]) -> None:
    desk = InboxDesk(inbox.world, inbox.body, inbox.world.person(lives_in="091"))
    assert desk.get().status_code == 200
    page = desk.follow(
        desk.post("/notices/views/?urgency=yes&only=overdue&sort=-arrived", name="  Omat   kiireet ")
    )
    assert "Omat kiireet" in text_of(page)
    assert (
        'href="/notices/?urgency=yes&amp;only=overdue&amp;sort=-arrived" aria-current="true">Omat kiireet'
        in page
    )
    for name, said in (
        ("Omat kiireet", "Sinulla on jo samanniminen näkymä."),
        ("", "Kirjoita näkymälle nimi"),
        ("a" * 61, "Kirjoita näkymälle nimi"),
    ):
        answer = desk.post("/notices/views/?kind=immigrant", name=name)
        assert answer.status_code == 422
        assert said in text_of(answer.content.decode())
    desk.follow(desk.post("/notices/views/first/", place="1"))
    opened = desk.get()
    assert (opened.status_code, opened.headers["Location"]) == (
        302, "/notices/?urgency=yes&only=overdue&sort=-arrived",
    )  # fmt: skip
    assert mixed["nokia"]["number"] in numbers(desk.html("?view=all"))
    desk.follow(desk.post("/notices/views/first/", place="0"))
    assert desk.get().status_code == 200
    assert desk.post("/notices/views/remove/", place="7").status_code == 404
    assert desk.post("/notices/views/first/", place="x").status_code == 404
    assert "Omat kiireet" not in text_of(desk.follow(desk.post("/notices/views/remove/", place="1")))


def test_the_poll_tells_numbers_only_and_is_no_sign_of_anybody(inbox: Inbox) -> None:
    page = inbox.desk.html("?view=all")
    found = re.search(r'data-since="([^"]+)"', page)
    assert found is not None
    asked = {"since": unescape(found[1])}
    assert inbox.desk.client.get("/notices/news/", asked).json()["said"] == ""
    inbox.send(family_name="Uutinen")
    entries, seen = len(inbox.entries(inbox.desk)), inbox.desk.kept.seen_at
    with clock.stopped(clock.now() + timedelta(minutes=3)):
        answer = inbox.desk.client.get("/notices/news/", asked)
    assert answer.json()["said"] == "1 uusi – näytä"
    assert set(answer.json()) == {"said", "new"}
    assert len(inbox.entries(inbox.desk)) == entries
    assert inbox.desk.kept.seen_at == seen
    for wrong in ("", "yesterday", "2026-11-24"):
        assert inbox.desk.client.get("/notices/news/", {"since": wrong}).status_code in {200, 204}


def test_the_poll_does_not_read_mandates_again_and_falls_silent_when_they_are_old(inbox: Inbox) -> None:
    desk = InboxDesk(inbox.world, inbox.body, inbox.world.person(lives_in="091"))
    asked = {"since": clock.now().isoformat()}
    assert desk.client.get("/notices/news/", asked).status_code == 200
    inbox.world.database.run(
        "UPDATE identity.acting_session SET refreshed_at = now() - interval '6 minutes' "
        "WHERE official_pseudonym = %s",
        desk.pseudonym,
    )
    before = len(inbox.entries(desk))
    assert desk.client.get("/notices/news/", asked).status_code == 204
    assert len(inbox.entries(desk)) == before


def test_an_idle_session_is_over_although_the_page_polls(inbox: Inbox) -> None:
    desk = InboxDesk(inbox.world, inbox.body, inbox.world.person(lives_in="091"))
    asked = {"since": clock.now().isoformat()}
    with clock.stopped(clock.now() + timedelta(minutes=29)):
        desk.client.get("/notices/news/", asked)
    with clock.stopped(clock.now() + timedelta(minutes=31)):
        assert desk.client.get("/notices/news/", asked).status_code == 401
    assert desk.get().status_code == 401


def test_the_navigation_and_the_start_page_tell_what_waits(
    inbox: Inbox, mixed: dict[str, dict[str, Any]]
) -> None:
    page = inbox.desk.html("?view=all")
    new = re.search(r'href="/notices/\?state=new"[^>]*><span class="kelmu-tiles-count">(\d+)<', page)
    assert new is not None
    assert f"Ilmoitukset ({new[1]})" in page
    start = inbox.desk.html(path="/desk/")
    assert f"Ilmoitukset ({new[1]})" in start
    tiles = re.findall(r'<span class="kelmu-tiles-count">(\d+)</span> <span>([^<]+)<', start)
    assert ("1", "Uutta kiireellistä") in tiles
    assert "Myöhässä" in {label for _count, label in tiles}
    inbox.world.set_source("non_disclosure", available=False)
    try:
        assert "Ilmoituksia ei saatu juuri nyt" in inbox.desk.html(path="/desk/")
        assert inbox.desk.get("?view=all").status_code == 503
    finally:
        inbox.world.set_source("non_disclosure", available=True)


def test_who_has_no_right_has_no_inbox_and_is_told_which_mandate(inbox: Inbox) -> None:
    desk = InboxDesk(inbox.world, inbox.body, mandates=("benefit_view_and_claims",))
    page = desk.html("?view=all", status=403)
    assert "Toimeentulotuen ja sosiaalihuollon" in text_of(page)
    for answer in (
        desk.post("/notices/changes/", what="taken"),
        desk.post("/notices/views/", name="A"),
        desk.get(path="/notices/news/"),
    ):
        assert answer.status_code == 403
    start = desk.html(path="/desk/")
    assert 'href="/notices/"' not in start
    assert "Ilmoitukset" not in start.partition("<main")[0]


def test_the_keys_of_the_list_are_told_and_the_script_asks_whether_they_are_on(inbox: Inbox) -> None:
    keys = text_of(inbox.desk.html(path="/shortcuts/"))
    assert "Ilmoitukset: seuraavalle riville" in keys
    inbox.desk.client.cookies["kelmu_shortcuts"] = "off"
    try:
        assert 'id="kelmu-shortcuts"' not in inbox.desk.html("?view=all")
    finally:
        del inbox.desk.client.cookies["kelmu_shortcuts"]


def test_an_inbox_without_notices_says_which_kind_of_empty_it_is(inbox: Inbox) -> None:
    body: Body = inbox.world.body(county="13")
    desk = InboxDesk(inbox.world, body, inbox.world.person(lives_in="091"))
    assert "Ei avoimia ilmoituksia" in text_of(desk.html())
    assert "Ei uusia ilmoituksia" in text_of(desk.html("?state=new"))
    assert "Mikään ilmoitus ei vastaa rajausta" in text_of(desk.html("?assignee=me"))
