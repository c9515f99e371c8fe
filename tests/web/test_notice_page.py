"""One notice as officials work on it: what its page tells, each change, its files, the client's data."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from uuid import UUID, uuid4

import pytest

from kelmu.core import clock
from kelmu.web.notice_files import safe_names
from tests.databases import Database
from tests.notices.sending import Sender
from tests.web.inbox_pages import InboxDesk, text_of
from tests.world import TAMPERE, World

NOBODYS = str(uuid4())
FILES = (("päätös.pdf", b"%PDF-1.7"), ("kuva.txt", "ääkkösiä".encode()), ("KUVA.TXT", b"toinen"))


class Office:
    """A county with two officials, and another county; made once for all tests of the module."""

    def __init__(self, database: Database) -> None:
        self.world = World(database)
        self.sender = Sender(self.world)
        self.body = self.world.body(protected_persons=True)
        self.official = self.world.person(lives_in="091", given_names="Maija", family_name="Käsittelijä")
        self.colleague = self.world.person(lives_in="091", given_names="Olli", family_name="Toveri")
        self.desk = InboxDesk(self.world, self.body, self.official)
        self.other = InboxDesk(self.world, self.body, self.colleague)
        self.elsewhere = InboxDesk(self.world, self.world.body(county="05"))

    def send(self, **how: Any) -> str:
        client = how.pop("client", None) or self.world.person(lives_in=TAMPERE, family_name="Asiakas")
        return str(self.sender.send(client, how.pop("kind", "social_work_need"), **how))

    def version(self, notice_id: str) -> str:
        return str(self.row(notice_id)["version"])

    def row(self, notice_id: str) -> dict[str, Any]:
        return self.sender.notice(UUID(notice_id))

    def opened(self, **how: Any) -> str:
        """A notice that the first official has opened."""
        notice_id = self.send(**how)
        self.desk.html(path=f"/notices/{notice_id}/")
        return notice_id

    def work(self, desk: InboxDesk, notice_id: str, what: str, **form: str) -> Any:
        form.setdefault("version", self.version(notice_id))
        return desk.post(f"/notices/{notice_id}/work/", what=what, **form)


@pytest.fixture(scope="module")
def office(clean_database: Database) -> Office:
    return Office(clean_database)


def test_the_page_tells_who_why_when_and_the_clock_of_the_law(office: Office) -> None:
    client = office.world.person(lives_in=TAMPERE, family_name="Mattila", given_names="Sirpa")
    notice_id = office.send(
        client=client, kind="supplementary_preventive_application", urgent=True,
        decided_on=clock.today().isoformat(), decision_number="2026/77", decision_from="2026-11-01",
        decision_to="2026-11-30", phone="040 555", contact_language="so", interpreter=True,
        contact_wish="iltapäivisin", free_text="Sähkö katkeaa\n<b>pian</b>",
        expenses=[
            {"text": "Sähkölasku", "amount": 120.5, "due_on": "2026-12-01"}, {"text": "Lääke", "amount": 9.5},
        ],
    )  # fmt: skip
    before = len(office.world.entries(official_pseudonym=office.desk.pseudonym))
    html = office.desk.html(path=f"/notices/{notice_id}/")
    text = text_of(html)
    for told in (
        "Mattila, Sirpa", client.personal_id, "Täydentävä tai ehkäisevä toimeentulotuki", "Kiireellinen",
        "2026/77", "1.–30.11.2026", "040 555", "somali", "tulkki tarvitaan", "iltapäivisin", "Sähkölasku",
        "120,50", "130,00", "1.12.2026", "Ratkaistava viimeistään", "Tampere", "Historia",
    ):  # fmt: skip
        assert told in text.replace("\xa0", " "), told
    assert "&lt;b&gt;pian" in html
    # One opening with its reading; no name and no code in the title or any address.
    new = office.world.entries(official_pseudonym=office.desk.pseudonym)[before:]
    assert [e["action"] for e in new if e["kind"] == "notice"] == ["open"]
    addresses = re.findall(r'(?:href|action)="([^"]*)"', html)
    for secret in ("Mattila", client.personal_id):
        assert secret not in html.partition("</title>")[0]
        assert not [address for address in addresses if secret in address]
    assert office.row(notice_id)["state"] == "read"


def test_a_computed_notice_tells_the_months_and_payments_it_rests_on(office: Office) -> None:
    month = {
        "month": "2026-10", "decision_number": "2026/9", "decided_on": "2026-10-02", "assistance": 555.4,
        "income": 12.0, "payments": [{"payment_number": "7", "paid_on": "2026-10-05", "gross": 543.4}],
        "unemployment": ["job_seeker"],
    }  # fmt: skip
    notice_id = office.send(
        kind="immigrant", rule="immigrant/1", spell_from="2026-09", months_counted=2, months=[month]
    )
    text = text_of(office.desk.html(path=f"/notices/{notice_id}/")).replace("\xa0", " ")
    for told in ("10/2026", "2026/9", "555,40", "12,00", "5.10.2026", "543,40", "Työnhakija", "9/2026"):
        assert told in text, told


def test_what_is_not_there_and_what_is_not_yours_are_told_in_the_same_words(office: Office) -> None:
    notice_id = office.send()
    files = f"/notices/{notice_id}/attachments/"
    for path in (f"/notices/{notice_id}/", f"/notices/{notice_id}/print/", files, f"{files}1/"):
        texts = {
            re.sub(r"\s+", " ", text_of(office.elsewhere.html(path=each, status=404)))
            for each in (path, path.replace(notice_id, NOBODYS))
        }
        assert len(texts) == 1, path
    for action in ("work", "undo", "client"):
        form = {"version": "1", "what": "taken", "told_client": "on"}
        answer = office.elsewhere.post(f"/notices/{notice_id}/{action}/", **form)
        assert answer.status_code == 404, action
    assert office.row(notice_id)["version"] == 1


def test_take_give_release_unread_outcome_and_reopening_by_its_page(office: Office) -> None:
    notice_id = office.opened()
    for desk, what, form, state, told in (
        (office.desk, "marked_unread", {}, "new", "Merkitty lukemattomaksi"),
        (office.desk, "taken", {}, "in_progress", "Otettu käsittelyyn"),
        (office.desk, "assigned", {"assignee": office.other.pseudonym}, "in_progress", "Toveri"),
        (office.other, "released", {}, "read", "Vapautettu"),
        (office.other, "handled", {"outcome": "not_reached", "note": "Soitettu"}, "handled", "Soitettu"),
        (office.desk, "reopened", {}, "in_progress", "Otettu uudelleen"),
    ):  # fmt: skip
        page = desk.follow(office.work(desk, notice_id, what, **form))
        if what != "marked_unread":
            assert office.row(notice_id)["state"] == state, what
            assert told in text_of(page) or 'role="status"' in page, what
            assert re.search(r'role="status"><p>[^<]+</p>', page), what
    assert office.row(notice_id)["assignee"] == office.desk.pseudonym


def test_who_is_slower_is_told_what_changed_by_whom_and_keeps_what_she_wrote(office: Office) -> None:
    notice_id = office.opened()
    seen = office.version(notice_id)
    office.work(office.other, notice_id, "taken")
    form = {"version": seen, "outcome": "contacted", "note": "Soitin <asiakkaalle>"}
    answer = office.work(office.desk, notice_id, "handled", **form)
    html = answer.content.decode()
    assert answer.status_code == 409
    said = html.partition('role="alert"')[2].partition("</div>")[0]
    assert "Otettu käsittelyyn" in said
    assert "Olli Toveri" in said
    assert "Soitin &lt;asiakkaalle&gt;</textarea>" in html
    assert re.search(r'value="contacted"[^>]* checked', html)
    assert office.row(notice_id)["state"] == "in_progress"
    # Ready to be sent again: the page has the present version.
    [version] = set(re.findall(r'name="version" value="(\d+)"', html))
    office.desk.follow(office.work(office.desk, notice_id, "handled", **{**form, "version": version}))
    assert office.row(notice_id)["outcome"] == "contacted"
    # What is no longer possible is told too, and keeps the note.
    answer = office.work(office.other, notice_id, "taken", note="Vielä tämä")
    assert answer.status_code == 409
    assert "Vielä tämä</textarea>" in answer.content.decode()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"what": "handled", "outcome": "won"}, "outcome-contacted"),
        ({"what": "assigned", "assignee": "a" * 64}, "assignee"),
        ({"what": "noted", "note": " \r\n "}, "note"),
        ({"what": "taken", "note": "x" * 2001}, "note"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_kept(
    office: Office, form: dict[str, str], field: str
) -> None:
    notice_id = office.opened()
    answer = office.work(office.desk, notice_id, **form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in html
    assert f'id="{field}"' in html
    assert office.row(notice_id)["state"] == "read"
    for version in ("", "x", "0", "9" * 30):
        assert office.work(office.desk, notice_id, "taken", version=version).status_code == 422
    assert office.work(office.desk, notice_id, "sold").status_code == 422


def test_a_change_is_taken_back_within_ten_minutes_and_only_by_its_maker(office: Office) -> None:
    notice_id = office.opened()
    page = office.desk.follow(office.work(office.desk, notice_id, "taken"))
    assert "minuuttia jäljellä" in text_of(page)
    path = f"/notices/{notice_id}/undo/"
    assert path not in office.other.html(path=f"/notices/{notice_id}/")
    assert office.other.post(path, version=office.version(notice_id)).status_code == 409
    assert "Muutos peruttu" in text_of(
        office.desk.follow(office.desk.post(path, version=office.version(notice_id)))
    )
    assert office.row(notice_id)["state"] == "read"
    office.work(office.desk, notice_id, "taken")
    office.world.database.run(
        "UPDATE notices.event SET at = now() - interval '11 minutes' WHERE notice_id = %s", UUID(notice_id)
    )
    assert path not in office.desk.html(path=f"/notices/{notice_id}/")
    answer = office.desk.post(path, version=office.version(notice_id))
    assert answer.status_code == 409
    assert "ei voi enää perua" in text_of(answer.content.decode())


def test_files_are_opened_one_by_one_or_as_one_archive_each_with_an_entry(office: Office) -> None:
    notice_id = office.send()
    for place, (name, data) in enumerate(FILES, 1):
        office.world.database.run(
            "INSERT INTO notices.attachment VALUES (%s, %s, %s, %s, %s, %s, %s)", UUID(notice_id), place,
            name,
            "application/pdf" if name.endswith("pdf") else "text/plain", len(data), b"0" * 32, data,
        )  # fmt: skip
    base = f"/notices/{notice_id}/attachments/"
    one = office.desk.get(path=f"{base}2/")
    assert (one.status_code, one.content) == (200, FILES[1][1])
    assert one.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert one.headers["Content-Disposition"] == 'inline; filename="kuva.txt"'
    first = office.desk.get(path=f"{base}1/")
    assert "filename*=utf-8''p%C3%A4%C3%A4t%C3%B6s.pdf" in first.headers["Content-Disposition"]
    every = office.desk.get(path=base)
    assert every.headers["Content-Disposition"].startswith("attachment;")
    for answer in (one, first, every):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(every.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "päätös.pdf": FILES[0][1], "kuva.txt": FILES[1][1], "KUVA (2).TXT": FILES[2][1]
        }  # fmt: skip
    for place in (0, 4, 99_999_999_999):
        assert office.desk.get(path=f"{base}{place}/").status_code == 404
    entries = office.world.entries(official_pseudonym=office.desk.pseudonym, action="attachments")
    assert [e["scope"]["place"] for e in entries if e["kind"] == "notice"][:3] == [2, 1, None]


def test_names_of_files_are_kept_safe_and_distinct() -> None:
    pdf = "application/pdf"
    given = [
        "..",
        "CON.pdf",
        "a\u202efdp.exe",
        'lasku: "5/2026".PDF',
        " .x. ",
        "a" * 200 + ".pdf",
        "A.pdf",
        "a.PDF",
    ]
    made = safe_names((name, pdf) for name in given)
    assert made[:5] == ["_.pdf", "_CON.pdf", "a_fdp.exe.pdf", "lasku_ _5_2026_.PDF", "x.pdf"]
    assert len(made[5]) < 130
    assert made[6:] == ["A.pdf", "a (2).PDF"]
    assert len({name.casefold() for name in made}) == len(made)


def test_a_protected_clients_notice_never_tells_where(office: Office) -> None:
    client = office.world.protect(office.world.person(lives_in=TAMPERE, family_name="Suojattu"))
    notice_id = office.send(client=client, phone="050 123")
    assert office.desk.get(path=f"/notices/{notice_id}/").status_code == 404
    official = office.world.person(lives_in="091")
    desk = InboxDesk(office.world, office.body, official)
    office.world.allow_protected(office.body, desk.pseudonym)
    for path in (f"/notices/{notice_id}/", f"/notices/{notice_id}/print/"):
        html = desk.html(path=path)
        assert "Suojattu" in html
        for place in ("Tampere", "050 123", "837"):
            assert place not in html.partition("<main")[2].partition("</main>")[0], (path, place)


def test_the_clients_data_open_as_a_look_of_its_own_with_its_purpose(office: Office) -> None:
    client = office.world.person(lives_in=TAMPERE, family_name="Katsottava")
    notice_id = office.send(client=client)
    path = f"/notices/{notice_id}/client/"
    assert office.desk.post(path).status_code == 422
    assert not office.world.entries(subject_person_id=client.person_id, kind="inquiry")
    answer = office.desk.post(path, told_client="on")
    assert answer.status_code == 302
    assert client.personal_id not in answer.headers["Location"]
    assert "Katsottava" in office.desk.html(path=answer.headers["Location"])
    narrow = InboxDesk(office.world, office.body, mandates=("social_assistance_and_welfare",))
    purposes = [
        e["purpose"]
        for e in office.world.entries(subject_person_id=client.person_id)
        if e["kind"] != "notice"
    ]
    assert "social_care" in purposes
    page = text_of(narrow.html(path=f"/notices/{notice_id}/"))
    narrow_answer = narrow.post(path, told_client="on")
    assert ("Avaa asiakkaan etuustiedot" in page) is (narrow_answer.status_code == 302)
