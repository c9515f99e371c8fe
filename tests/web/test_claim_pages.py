"""A payment claim by its pages: steps, draft as typed, check, sending, four eyes, end and withdrawal."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from kelmu.core import clock
from tests.claims.desks import NOTE, account, set_four_eyes
from tests.databases import Database
from tests.web.inbox_pages import InboxDesk, text_of
from tests.world import Body, Somebody, World

BENEFIT = {"benefit": "HOU-YAT", "ground": "sta23"}
PERIOD = {
    "period_from": "1.11.2026", "period_to": "30.11.2026", "basis_from": "1.11.2026",
    "basis_to": "30.11.2026", "paid_on": "5.11.2026", "whole": "no", "amount": "300,00 €",
}  # fmt: skip
ACCOUNT = {
    "reference": "1234", "handler_name": "Tuuli Koe", "handler_phone": "03 123", "message": "Kiitos",
}  # fmt: skip


class Office:
    """A county with an account and two officials."""

    def __init__(self, database: Database) -> None:
        self.world = World(database)
        self.body: Body = self.world.body()
        self.account = str(account(self.world, self.body))
        self.desk, self.other = (InboxDesk(self.world, self.body) for _ in range(2))

    def begun(self, client: Somebody | None = None) -> str:
        """A claim begun from a search; its path."""
        desk = self.desk
        answer = desk.post(
            "/clients/", personal_id=(client or self.world.person()).personal_id, purpose="payment_claim",
            told_client="on",
        )  # fmt: skip
        summary = desk.html(path=answer.headers["Location"])
        found = re.search(r'name="inquiry" value="([^"]+)"', summary)
        assert found is not None
        answer = desk.post("/claims/start/", inquiry=found[1])
        assert answer.status_code == 303
        return answer.headers["Location"].removesuffix("benefit/")

    def version(self, path: str) -> str:
        claim_id = path.split("/")[2]
        [(version,)] = self.world.database.run(
            "SELECT version FROM claims.claim WHERE claim_id = %s", claim_id
        )
        return str(version)

    def typed(self, path: str, step: str, **form: str) -> Any:
        return self.by(self.desk, path, step, **form)

    def by(self, desk: InboxDesk, path: str, step: str, **form: str) -> Any:
        return desk.post(f"{path}{step}/", version=self.version(path), **form)

    def checked(self, client: Somebody | None = None, **changed: str) -> str:
        """A claim filled in up to its check; its path."""
        path = self.begun(client)
        for step, form in (("benefit", BENEFIT), ("period", PERIOD), ("account", ACCOUNT)):
            wanted = {**form, **{name: changed[name] for name in form.keys() & changed.keys()}}
            if step == "account":
                wanted["account"] = self.account
            answer = self.typed(path, step, **wanted)
            assert answer.status_code == 303, text_of(answer.content.decode())
        return path

    def sent(self) -> str:
        path = self.checked()
        answer = self.typed(path, "check")
        assert answer.headers["Location"] == path
        return path


@pytest.fixture(scope="module")
def office(clean_database: Database) -> Office:
    made = Office(clean_database)
    made.world.lift_limits()
    return made


def test_a_claim_from_the_search_to_its_receipt(office: Office) -> None:
    client = office.world.person(family_name="Asiakas")
    path = office.checked(client)
    check = text_of(office.desk.html(path=f"{path}check/"))
    assert "300,00" in check
    assert "FI21 1234 5600 0007 85" in check
    answer = office.typed(path, "check")
    page = office.desk.follow(answer)
    receipt = re.search(r"MV-\d{4}-\d{6}", page)
    assert receipt is not None
    assert 'role="status"' in page
    assert "Asiakas" in text_of(page)
    rows = office.desk.html(path="/claims/")
    assert receipt[0] in rows
    assert "Asiakas" in rows
    # A sent claim has no steps any more.
    assert office.desk.get(path=f"{path}period/").headers["Location"] == path


def test_what_is_wrong_is_kept_as_typed_and_told_at_its_field(office: Office) -> None:
    path = office.begun()
    office.typed(path, "benefit", **BENEFIT)
    answer = office.typed(path, "period", **{**PERIOD, "period_from": "31.11.", "amount": "30o"})
    assert answer.status_code == 422
    page = office.desk.html(path=f"{path}period/")
    assert 'value="31.11."' in page
    assert 'value="30o"' in page
    # Neither can the next steps be reached.
    assert office.desk.get(path=f"{path}check/").headers["Location"] == f"{path}period/"
    for wrong, told in (
        ({"period_to": "1.12.2026"}, "vain päiviä, joilta tukea on maksettu"),
        ({"period_to": ""}, "Anna päivä"),
        ({"basis_to": "31.10.2026"}, "ennen ensimmäistä"),
        ({"amount": "0"}, "euroina"),
        ({"amount": ""}, "koko etuutta"),
        ({"paid_on": "eilen"}, "muodossa"),
    ):
        answer = office.typed(path, "period", **{**PERIOD, **wrong})
        assert answer.status_code == 422, wrong
        assert told in text_of(answer.content.decode()), wrong


def test_what_cannot_be_claimed_here_says_where_it_can(office: Office) -> None:
    path = office.begun()
    for benefit, ground, told in (
        ("HOU-YAT", "cfa14", "ei voi vaatia tämän säännöksen"),
        ("FAM-AD", "sta23", "ei voi tehdä maksuvaatimusta"),
        ("SOC-PER", "sta23", "kumppanit.liitteet@kela.fi"),
        ("HOU-EAT", "cfa14", "EV 241N"),
        ("FAM-ET", "sta23", "kumppanit.liitteet@kela.fi"),
        ("", "", "Valitse etuus"),
    ):
        answer = office.typed(path, "benefit", benefit=benefit, ground=ground)
        assert answer.status_code == 422, benefit
        assert told in text_of(answer.content.decode()), benefit


def test_everything_to_know_is_told_before_it_is_sent_and_kept_with_it(office: Office) -> None:
    client, today = office.world.person(), clock.today()
    office.world.payment(client, benefit_code="HOU-YAT", gross=100, net=100)
    office.world.insert(
        "decision", person_id=client.person_id, decision_number="D-1", benefit_code="HOU-YAT",
        decided_on=today - timedelta(days=9), valid_from=date(2026, 1, 1), outcome="granted",
    )  # fmt: skip
    days = {
        "period_from": f"{today - timedelta(days=5):%d.%m.%Y}",
        "period_to": f"{today + timedelta(days=40):%d.%m.%Y}",
    }  # fmt: skip
    days |= {"basis_from": days["period_from"], "basis_to": days["period_to"]}
    days["paid_on"] = f"{today - timedelta(days=4):%d.%m.%Y}"
    first = office.checked(client, **days)
    office.typed(first, "check")
    path = office.checked(client, **days)
    page = text_of(office.desk.html(path=f"{path}check/"))
    assert "on enemmän kuin" in page
    assert "Päätöksen jälkeen maksettu tuki" in page
    assert re.search(r"MV-\d{4}-\d{6}", page)
    assert office.desk.follow(office.typed(path, "check")).count("<li>") > 2
    [(cautions,)] = office.world.database.run(
        "SELECT cautions FROM claims.claim WHERE claim_id = %s", path.split("/")[2]
    )
    assert {"after_decision", "overlap", "over_net"} <= set(cautions)  # type: ignore[call-overload] # a list


def test_a_draft_is_gone_on_with_by_a_colleague_who_opens_the_client_herself(office: Office) -> None:
    path = office.checked()
    other = office.other
    assert office.by(other, path, "check").status_code == 409
    page = other.html(path=f"{path}check/")
    assert "told_client" in page
    assert other.post(f"{path}client/", what="continue").headers["Location"] == f"{path}check/?told=no"
    assert "told-client-error" in other.html("?told=no", path=f"{path}check/")
    assert (
        other.post(f"{path}client/", what="continue", told_client="on").headers["Location"] == f"{path}check/"
    )
    assert other.follow(office.by(other, path, "check"))


def test_a_claim_is_copied_ended_and_withdrawn(office: Office) -> None:
    path = office.sent()
    answer = office.desk.post(f"{path}client/", what="copy", told_client="on")
    copy = answer.headers["Location"]
    assert copy.endswith("/benefit/")
    assert copy != f"{path}benefit/"
    assert 'value="HOU-YAT" selected' in office.desk.html(path=copy)
    for form, status in (
        ({"what": "ended", "ended_on": "31.2.", "note": NOTE}, 422),
        ({"what": "ended", "ended_on": "20.11.2026", "note": "liian"}, 422),
        ({"what": "ended", "ended_on": "30.11.2026", "note": NOTE}, 409),
        ({"what": "withdrawn", "note": ""}, 422),
        ({"what": "paid"}, 422),
        ({"what": "ended", "ended_on": "20.11.2026", "note": NOTE}, 303),
        ({"what": "withdrawn", "note": NOTE}, 409),
    ):
        answer = office.typed(path, "change", **form)
        assert answer.status_code == status, form
    assert NOTE in office.desk.html(path=path)
    withdrawn = office.sent()
    office.desk.follow(office.typed(withdrawn, "change", what="withdrawn", note=NOTE))
    assert (
        office.typed(office.begun(), "change", what="discarded").headers["Location"]
        == "/claims/?folder=draft"
    )


def test_whoever_has_not_seen_the_present_version_loses_nothing(office: Office) -> None:
    path = office.begun()
    stale = office.version(path)
    office.typed(path, "benefit", **BENEFIT)
    answer = office.desk.post(f"{path}benefit/", version=stale, benefit="FAM-LL", ground="cfa14")
    assert answer.status_code == 409
    assert 'value="FAM-LL" selected' in answer.content.decode()
    assert office.desk.post(f"{path}benefit/", version="x").status_code == 422


def test_four_eyes_by_the_pages(clean_database: Database) -> None:
    office = Office(clean_database)
    set_four_eyes(office.world, office.body)
    path = office.sent()
    own = office.desk.html(path=path)
    assert 'value="approved"' not in own
    assert office.typed(path, "change", what="approved").status_code == 409
    seen = office.other.html(path=path)
    assert 'value="approved"' in seen
    assert "Voit hyväksyä" in text_of(office.other.html("?folder=draft", path="/claims/"))
    assert "MV-" in office.other.follow(office.by(office.other, path, "change", what="approved"))


def test_without_the_mandate_there_are_no_claims(office: Office) -> None:
    desk = InboxDesk(office.world, office.body, mandates=("social_assistance_and_welfare",))
    path = office.sent()
    for address in ("/claims/", path, f"{path}check/"):
        assert desk.get(path=address).status_code == 403
    assert "/claims/" not in desk.html(path="/desk/")
    assert office.desk.get(path=f"/claims/{UUID(int=1)}/").status_code == 404
    assert office.desk.get("?folder=none", path="/claims/").status_code == 404
    assert office.desk.get(path=f"{path}other/").status_code == 404
