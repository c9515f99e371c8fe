"""A notice is passed on by its page: what is refused and kept, is known first, and is taken back."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from tests.databases import Database
from tests.web.inbox_pages import InboxDesk, text_of
from tests.web.test_notice_page import NOBODYS, Office
from tests.world import TURKU

REASON = "Asiakas on muuttanut pois"
AKAA, OULU = "020", "564"
LIST = "/notices/transferred/"


class Counties(Office):
    """Pirkanmaa, and Varsinais-Suomi (``elsewhere``); Oulu's county has an agreement that has ended."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.world.body(county=None, municipality=OULU, valid_to=date(2020, 1, 1))

    def move(self, notice_id: str, desk: InboxDesk | None = None, **form: Any) -> Any:
        form = {"version": self.version(notice_id), "municipality": TURKU, "reason": REASON, **form}
        return (desk or self.desk).post(f"/notices/{notice_id}/transfer/", **form)


@pytest.fixture(scope="module")
def office(clean_database: Database) -> Counties:
    return Counties(clean_database)


def test_a_notice_leaves_one_inbox_for_the_other_and_comes_back(office: Counties) -> None:
    notice_id = office.opened()
    path = f"/notices/{notice_id}/"
    assert f"{path}transfer/" in office.desk.html(path=path)
    form = office.desk.html(path=f"{path}transfer/")
    county = form.partition('<optgroup label="Varsinais-Suom')[2].partition("</optgroup>")[0]
    assert f'value="{TURKU}"' in county
    assert f'value="{AKAA}"' not in county
    answer = office.move(notice_id)
    assert answer.headers["Location"] == LIST
    page = office.desk.follow(answer)
    assert re.search(r'role="status"><p>Ilmoitus \d+ on siirretty: Turku', page)
    text = text_of(page)
    assert "minuuttia jäljellä" in text
    assert "Asiakas," in text
    assert office.row(notice_id)["municipality_code"] == TURKU
    # Another of the office sees it moved, but takes nothing back; nothing more can be done with it here.
    assert "Peru siirto" not in text_of(office.other.html(path=LIST))
    assert path in office.other.html(path=LIST)
    again = office.move(notice_id, office.other)
    assert again.status_code == 409
    assert REASON in text_of(again.content.decode())
    gone = office.other.html(path=f"{path}transfer/")
    assert "ei voi siirtää" in text_of(gone)
    assert 'name="reason"' not in gone
    back = office.desk.post(f"{path}undo/", version=office.version(notice_id))
    office.desk.follow(back)
    assert office.row(notice_id)["municipality_code"] != TURKU
    assert path not in office.desk.html(path=LIST)


def test_what_the_receiver_has_begun_or_is_old_is_no_longer_taken_back(office: Counties) -> None:
    opened, old = office.opened(), office.opened()
    office.move(opened)
    office.elsewhere.html(path=f"/notices/{opened}/")
    office.move(old)
    assert f"/notices/{old}/undo/" in office.desk.html(path=LIST)
    office.world.database.run(
        "UPDATE notices.transfer SET moved_at = now() - interval '11 minutes' WHERE notice_id = %s", old
    )
    page = office.desk.html(path=LIST)
    for notice_id in (opened, old):
        assert f"/notices/{notice_id}/" in page
        assert f"/notices/{notice_id}/undo/" not in page


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"municipality": ""}, "municipality"),
        ({"municipality": "999"}, "municipality"),
        ({"municipality": "837"}, "municipality"),
        ({"reason": " lyhyt \r\n   "}, "reason"),
        ({"reason": "x" * 256}, "reason"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_kept(
    office: Counties, form: dict[str, Any], field: str
) -> None:
    notice_id = office.opened()
    before = office.row(notice_id)
    answer = office.move(notice_id, **form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in html
    assert f'id="{field}-error"' in html
    if "reason" not in form:
        assert f"{REASON}</textarea>" in html
    else:
        assert f'value="{TURKU}" selected' in html
    assert office.row(notice_id) == before
    assert office.move(notice_id, version="x").status_code == 422


def test_who_is_slower_keeps_what_she_wrote_and_is_told_what_changed(office: Counties) -> None:
    notice_id = office.opened()
    seen = office.version(notice_id)
    office.work(office.other, notice_id, "taken")
    answer = office.move(notice_id, version=seen)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Olli Toveri" in html.partition('role="alert"')[2].partition("</div>")[0]
    assert f"{REASON}</textarea>" in html
    assert f'value="{TURKU}" selected' in html
    [version] = re.findall(r'name="version" value="(\d+)"', html)
    office.desk.follow(office.move(notice_id, version=version))
    handled = office.opened()
    office.work(office.desk, handled, "handled", outcome="contacted")
    assert office.move(handled).status_code == 409
    assert "ota se ensin uudelleen" in text_of(office.desk.html(path=f"/notices/{handled}/transfer/"))


def test_where_nobody_would_see_it_that_is_confirmed_first(office: Counties) -> None:
    notice_id = office.opened()
    before = office.row(notice_id)
    answer = office.move(notice_id, municipality=OULU)
    text = text_of(answer.content.decode())
    assert answer.status_code == 200
    for words in ("koe@koe.example", "Kelan palvelupiste", "sopimus", REASON):
        assert words in text, words
    # What was confirmed is one municipality; another one is asked about anew.
    assert office.move(notice_id, municipality=OULU, confirmed=TURKU).status_code == 200
    edit = office.move(notice_id, municipality=OULU, edit="1").content.decode()
    assert f"{REASON}</textarea>" in edit
    assert f'value="{OULU}" selected' in edit
    assert office.row(notice_id) == before
    office.desk.follow(office.move(notice_id, municipality=OULU, confirmed=OULU))
    assert office.row(notice_id)["municipality_code"] == OULU


def test_the_third_move_is_warned_of_and_what_is_not_yours_is_not_there(office: Counties) -> None:
    notice_id = office.opened()
    path = f"/notices/{notice_id}/transfer/"
    office.world.database.run("UPDATE notices.notice SET moves = 1 WHERE notice_id = %s", notice_id)
    assert "2. siirto" not in text_of(office.desk.html(path=path))
    office.world.database.run("UPDATE notices.notice SET moves = 2 WHERE notice_id = %s", notice_id)
    assert "3. siirto" in text_of(office.desk.html(path=path))
    assert office.move(notice_id, office.elsewhere).status_code == 404
    for each in (path, path.replace(notice_id, NOBODYS)):
        assert office.elsewhere.get(path=each).status_code == 404
    assert "Ei siirrettyjä ilmoituksia" in text_of(office.elsewhere.html(path=LIST))
