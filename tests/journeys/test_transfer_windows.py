"""A notice is passed on between two counties, followed in the windows of an official of each."""

from __future__ import annotations

import io
import itertools
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kelmu.core.personal_id import PersonalId
from tests.journeys.conftest import Arrive
from tests.journeys.service import Official, Service, client_code

pytestmark = pytest.mark.browser

FILES = {"vuokrasopimus.txt": "Vuokra 640 €".encode(), "sähkölasku.txt": "Sähkölasku 120,50 €".encode()}
_keys = itertools.count(1)
_SEND = """
    SELECT door_private.send_notice(p.person_id, 'social_work_need', false, 'housing', now(), NULL, %s, '{}')
    FROM register.person p WHERE p.personal_id = %s
"""
_ATTACH = "INSERT INTO notices.attachment VALUES (%s, %s, %s, 'text/plain', %s, sha256(%s), %s)"


def send_with_files(service: Service) -> tuple[str, int]:
    """A notice about a client of Tampere with two files, as Kela would send it: its id and number."""
    with service.connect("kelmu_admin") as connection:
        code = PersonalId.parse(client_code("ordinary")).value
        row = connection.execute(_SEND.encode(), [f"windows/{next(_keys)}", code]).fetchone()
        assert row is not None
        for place, (name, data) in enumerate(FILES.items(), 1):
            connection.execute(_ATTACH.encode(), [row[0], place, name, len(data), data, data])
        found = connection.execute("SELECT number FROM notices.notice WHERE notice_id = %s", row).fetchone()
        assert found is not None
        return str(row[0]), int(found[0])


class Windows:
    """The windows of both, and one notice in them."""

    def __init__(self, here: Official, there: Official, notice_id: str, number: int) -> None:
        self.desks = {"Pirkanmaa": here, "Varsinais-Suomi": there}
        self.path, self.number = f"/notices/{notice_id}/", number

    def inboxes(self) -> list[str]:
        """Whose inbox it is in."""
        for desk in self.desks.values():
            desk.go("/notices/?sort=-arrived")
        return [
            name for name, desk in self.desks.items() if desk.page.locator(f"#notice-{self.number}").count()
        ]

    def pass_on(self, who: str, place: str, reason: str) -> None:
        """From its page in one window, and the answer to that."""
        desk = self.desks[who]
        desk.go(self.path)
        desk.page.get_by_role("link", name="Siirrä toiseen kuntaan").click()
        desk.page.get_by_label("Mihin kuntaan").select_option(label=place)
        desk.page.get_by_label("Perustelu").fill(reason)
        desk.page.get_by_role("button", name="Siirrä ilmoitus").click()
        expect(desk.page.get_by_role("status").first).to_contain_text(f"{self.number} on siirretty: {place}")

    def take_back(self, who: str) -> None:
        """From the list of what was passed on."""
        desk = self.desks[who]
        desk.go("/notices/transferred/")
        desk.page.locator(f"#notice-{self.number}").get_by_role("button").click()
        desk.page.wait_for_url(f"**{self.path}")

    def chain(self, who: str) -> list[str]:
        """Its way as a window tells it, a line for each move."""
        self.desks[who].go(self.path)
        return self.desks[who].page.locator(".kelmu-moves > li").all_inner_texts()


def archive(desk: Official, path: str) -> dict[str, bytes]:
    """All files of a notice, as one archive saves them."""
    desk.go(path)
    with desk.page.expect_download() as saved:
        desk.page.get_by_role("link", name="Lataa kaikki").click()
    with zipfile.ZipFile(io.BytesIO(Path(saved.value.path()).read_bytes())) as files:
        return {name: files.read(name) for name in files.namelist()}


def test_a_transfer_is_followed_in_two_windows(arrive: Arrive, service: Service) -> None:
    here, there = (
        arrive("pirkanmaa_social_worker").sign_in(),
        arrive("varsinais_suomi_social_worker").sign_in(),
    )
    windows = Windows(here, there, *send_with_files(service))
    assert windows.inboxes() == ["Pirkanmaa"]
    there.page.clock.install()
    there.page.reload()

    windows.pass_on("Pirkanmaa", "Turku", "Asiakas on muuttanut Turkuun")
    # The other window, open all the while, is told of it and shows it when asked.
    there.page.clock.fast_forward(61_000)
    news = there.page.get_by_role("link", name="1 uusi – näytä")
    news.click()
    expect(there.page.locator(f"#notice-{windows.number}")).to_be_visible()
    assert windows.inboxes() == ["Varsinais-Suomi"]

    # Read by the receiver: it can be read on by the sender, and no longer be taken back.
    here.go("/notices/transferred/")
    [way] = windows.chain("Varsinais-Suomi")
    for told in ("Tampere", "Turku", "Pirkanmaan hyvinvointialue", "Asiakas on muuttanut Turkuun"):
        assert told in way, way
    here.page.locator(f"#notice-{windows.number}").get_by_role("button").click()
    assert "Joku ehti ensin" in here.text()
    here.go(windows.path)
    assert "Siirretty" in here.text()
    for work in ("Kirjaa tulos", "Ota itsellesi"):
        expect(here.page.get_by_role("button", name=work)).to_have_count(0)
    expect(here.page.get_by_role("link", name="Siirrä toiseen kuntaan")).to_have_count(0)
    for who in (here, there):
        assert archive(who, windows.path) == FILES

    # Sent back and taken back, and sent back for good; the sender's view does not tell what came after.
    windows.pass_on("Varsinais-Suomi", "Akaa", "Asiakas asuu sittenkin Akaassa")
    assert windows.inboxes() == ["Pirkanmaa"]
    windows.take_back("Varsinais-Suomi")
    assert windows.inboxes() == ["Varsinais-Suomi"]
    windows.pass_on("Varsinais-Suomi", "Akaa", "Asiakas asuu Akaassa kuitenkin")
    assert windows.inboxes() == ["Pirkanmaa"]
    ways = windows.chain("Pirkanmaa")
    assert ["Asiakas on" in ways[0], "sittenkin" in ways[1], "kuitenkin" in ways[2]] == [True] * 3
    assert ["peruttu" in way.lower() for way in ways] == [False, True, False]
    assert archive(here, windows.path) == FILES
    assert len(windows.chain("Varsinais-Suomi")) == 3
    moves = [entry["detail"] for entry in service.entries(kind="notice_work", action="transferred")]
    assert moves.count("done") >= 3
