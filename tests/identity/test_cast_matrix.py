"""Every route tried as every member of the cast, against a reviewed file (KELMU_UPDATE=1 writes it anew)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from uuid import UUID

import pytest
from django.http import HttpResponse

from kelmu.identity import doors
from kelmu.policy import Channel, purposes_for
from kelmu.web.access import Guard
from tests.identity.browsing import Desk
from tests.identity.test_guard import address, routes
from tests.simulators import Visitor
from tests.world import Somebody, World
from tools.cast import Official, load_cast

MATRIX = Path(__file__).with_name("cast_matrix.txt")
# They end what the other routes are tried with, or lead out of the service.
_LEFT_OUT = {"sign_out", "sign_in", "organisation_select", "organisation_change", "organisation_return"}


def arrive(desk: Desk, official: Official) -> str:
    """Bring an official as far as she gets; says where that is."""
    answer = desk.identify(official.key)
    if answer.status_code not in {302, 303}:
        return f"sign-in {answer.status_code}"
    answer = desk.select(answer, [right.organisation for right in official.rights])
    if answer.status_code == 302 and answer.headers["Location"].startswith("/organisation/"):
        page = desk.get("/organisation/")
        offered = re.findall(r'name="agreement" value="(\d+)"', page.content.decode())
        if not offered:
            return f"no organisation {page.status_code}"
        answer = desk.post("/organisation/", agreement=offered[0])
    return f"acts {answer.status_code}" if answer.status_code in {302, 303} else f"stays {answer.status_code}"


def tried(desk: Desk, somebody_elses: UUID) -> dict[str, int]:
    """The status each route answers with."""
    statuses = {}
    for route in routes():
        guard = route.callback
        assert isinstance(guard, Guard)
        name = str(route.name)
        if name in _LEFT_OUT:
            continue
        path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(somebody_elses), address(route))
        for method in sorted(guard.methods):
            answer: HttpResponse = desk.get(path) if method == "GET" else desk.post(path)
            statuses[f"{method} {name}"] = answer.status_code
    return statuses


def searched(desk: Desk, client: Somebody) -> str:
    """What a search for the client comes to, for each purpose she may choose."""
    found = doors.acting(desk.kept.acting_secret or "")
    if found is None:
        return "-"
    outcomes = []
    for purpose in purposes_for(found[0], Channel.WEB, found[0].today):
        answer = desk.post(
            "/clients/", personal_id=client.personal_id, purpose=purpose.code, told_client="on"
        )
        where = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", answer.headers.get("Location", ""))
        outcomes.append(f"{purpose.code}={answer.status_code}{' ' + where if where else ''}")
    return ", ".join(outcomes) or "no purpose"


@pytest.fixture
def client(world: World) -> Somebody:
    return world.person()


def test_every_route_answers_every_member_of_the_cast_as_reviewed(
    world: World, visitor: Visitor, client: Somebody
) -> None:
    first = Desk(visitor)
    arrive(first, load_cast().official("pirkanmaa_social_worker"))
    answer = first.post(
        "/clients/", personal_id=client.personal_id, purpose="social_assistance", told_client="on"
    )
    somebody_elses = UUID(answer.headers["Location"].strip("/").rsplit("/", 1)[1])
    lines = []
    for official in load_cast().officials:
        own = Visitor()
        desk = Desk(own)
        lines.append(f"{official.key}: {arrive(desk, official)}; search: {searched(desk, client)}")
        statuses = tried(desk, somebody_elses)
        grouped: dict[int, list[str]] = {}
        for name, status in statuses.items():
            grouped.setdefault(status, []).append(name)
        lines += [f"    {status}: {', '.join(names)}" for status, names in sorted(grouped.items())]
        own.close()
    text = "\n".join(lines) + "\n"
    if os.environ.get("KELMU_UPDATE"):
        MATRIX.write_text(text)
    assert text == MATRIX.read_text()
