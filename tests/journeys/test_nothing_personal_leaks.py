"""No identity code and no name reaches any log, the database's included, whatever way it was sent."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import Arrive
from tests.journeys.service import Official, Service

pytestmark = pytest.mark.browser

REASON = "Asiakas on muuttamassa alueellemme"


def marked_people(service: Service) -> list[tuple[str, str, str]]:
    """50 persons of the register: code, family name, given names."""
    with service.connect("kelmu_feed") as feed:
        rows = feed.execute(
            "SELECT personal_id, family_name, given_names FROM register.person "
            "ORDER BY person_id DESC LIMIT 50"
        ).fetchall()
    assert len(rows) == 50
    return [(str(row[0]), str(row[1]), str(row[2])) for row in rows]


def send(official: Official, path: str, **form: str) -> str:
    """Post a form with the browser's own session, faster than by hand; returns where it led."""
    request = official.page.context.request
    token = official.page.locator("form.kelmu-search [name=csrfmiddlewaretoken]").first.get_attribute("value")
    answer = request.post(
        official.service.address + path,
        form=dict[str, str | float | bool]({"csrfmiddlewaretoken": token or "", **form}),
        headers={"Origin": official.service.address},
        max_redirects=5,
    )
    return answer.url


def test_50_marked_persons_leave_no_mark_in_any_output(arrive: Arrive, service: Service) -> None:
    official = arrive("pirkanmaa_social_worker").sign_in()
    official.go("/clients/")
    people = marked_people(service)
    for number, (code, family_name, given_names) in enumerate(people):
        form = {
            "personal_id": code,
            "purpose": "social_assistance",
            "told_client": "on",
            "case_reference": "",
        }
        where = send(official, "/clients/", **form)
        found = re.search(r"/clients/(?:confirm/)?([0-9a-f-]{36})/", where)
        if found and "confirm" in where:
            send(official, f"/clients/confirm/{found[1]}/", reason=f"{REASON} {number}")
        if found:
            for page in ("pending", "decisions", "payments"):
                official.page.context.request.get(f"{service.address}/clients/{found[1]}/{page}/")
        # Every way to send it wrong: check character, purpose, address, header, no token, another form.
        wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
        send(official, "/clients/", **{**form, "personal_id": wrong})
        send(official, "/clients/", **{**form, "purpose": "no_such"})
        request = official.page.context.request
        request.get(f"{service.address}/clients/{code}/?q={code}&name={family_name}")
        request.get(f"{service.address}/clients/{code}/decisions/{code}/", headers={"X-Request-Id": code})
        request.post(f"{service.address}/clients/", form=dict[str, str | float | bool](form))
        request.post(f"{service.address}/appearance/", form={"next": f"/{code}", "language": given_names})
    outputs = service.outputs()
    assert outputs.count('"route": "clients"') > 50
    stored = stored_texts(service)
    for code, family_name, given_names in people:
        for mark in (code, code[:-1], f"{given_names} {family_name}", f"{family_name} {given_names}"):
            assert mark not in outputs
        assert code not in stored


def stored_texts(service: Service) -> str:
    """The log, the sessions, the acting sessions and the tickets as text."""
    with service.connect("kelmu_owner") as owner:
        sessions = owner.execute("SELECT string_agg(s::text, ' ') FROM public.django_session s").fetchone()
        owner.execute("SET ROLE kelmu_door")
        rows = owner.execute(
            "SELECT (SELECT string_agg(e::text, ' ') FROM audit.entry e), "
            "(SELECT string_agg(s::text, ' ') FROM identity.acting_session s), "
            "(SELECT string_agg(t::text, ' ') FROM inquiry.ticket t), "
            "(SELECT string_agg(i::text, ' ') FROM inquiry.inquiry i)"
        ).fetchone()
    assert rows is not None
    return f"{sessions} {rows}"


def test_what_an_official_typed_while_a_reason_is_asked_is_gone_after_15_minutes(service: Service) -> None:
    with service.connect("kelmu_owner") as owner:
        owner.execute("SET ROLE kelmu_door")
        kept = owner.execute(
            "SELECT count(*) FROM inquiry.inquiry_content WHERE expires_at > now() + interval '15 minutes'"
        ).fetchone()
    assert kept == (0,)
