"""Every client of the cast, asked by page and by machine interface: the same data and the same entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.calling import System
from tests.databases import Database
from tests.door import many
from tests.identity.browsing import Desk, official, organisation
from tests.identity.test_cast_matrix import arrive
from tests.simulators import Simulators, Visitor, running
from tests.world import Body, World
from tools.cast import load_cast

PUBLIC_URL = "http://127.0.0.1:8000"
OFFICIAL, AGREEMENT, PURPOSE = "pirkanmaa_social_worker", "KELMU-2023-0008", "social_assistance"
REASON = "A reason long enough for the test"
CASE = "A-17/2026"
PAGES = ("", "pending/", "decisions/", "payments/", "coverage/", "recovery/", "medicine/", "from-others/")
OWN_TO_A_LOOK = {
    "entry_id", "event_id", "at", "transaction_id", "acting_session_id", "inquiry_id", "channel", "vouched",
    "mandate_request_id", "mandate_digest", "data_groups", "scope", "for_review",
}  # fmt: skip
"""What two looks at the same client cannot share; groups and scope are compared apart."""
FACTS_OF_THE_SESSION = {"many_persons"}


@pytest.fixture(scope="module")
def module_world(clean_database: Database, tmp_path_factory: pytest.TempPathFactory) -> World:
    many.load_register(clean_database, tmp_path_factory.mktemp("feed"), persons=200)
    world = World(clean_database)
    world.lift_limits()
    return world


@pytest.fixture(scope="module")
def simulators() -> Iterator[Simulators]:
    with running(PUBLIC_URL) as both:
        yield both


@pytest.fixture(scope="module")
def page(module_world: World, simulators: Simulators) -> Iterator[Desk]:
    visitor = Visitor()
    desk = Desk(visitor)
    arrive(desk, official(OFFICIAL))
    yield desk
    visitor.close()


@pytest.fixture(scope="module")
def system(module_world: World) -> System:
    [(organisation_id, agreement_id)] = module_world.database.run(
        "SELECT organisation_id, agreement_id FROM organisations.agreement WHERE number = %s", AGREEMENT
    )
    body = Body(int(str(organisation_id)), int(str(agreement_id)), organisation("pirkanmaa").business_id)
    [right] = official(OFFICIAL).rights
    return System(module_world, body).register(mandates=tuple(right.mandates))


@pytest.fixture(scope="module")
def token(system: System) -> str:
    return system.token()


class Asked:
    """The entries of one way of asking about a client, and the persons mentioned in them."""

    def __init__(self, world: World, since: int) -> None:
        self.entries = [
            entry
            for entry in world.entries()
            if entry["entry_id"] > since and entry["kind"] in {"inquiry", "reason_given", "view", "disclosed"}
        ]
        ids = [entry["entry_id"] for entry in self.entries]
        self.mentioned = set(
            world.database.run("SELECT person_id FROM audit.entry_mention WHERE entry_id = ANY (%s)", ids)
        )

    def decisions(self) -> list[dict[str, Any]]:
        """What was decided at last, without what belongs to one look only."""
        decided = [entry for entry in self.entries if entry["kind"] in {"inquiry", "reason_given"}][-1:]
        kept = []
        for entry in decided:
            told = {name: value for name, value in entry.items() if name not in OWN_TO_A_LOOK | {"kind"}}
            told["facts"] = {k: v for k, v in entry["facts"].items() if k not in FACTS_OF_THE_SESSION}
            kept.append(told | {"detail": None})
        return kept

    def told(self, what: str) -> set[str]:
        """The data groups or fields disclosed. What has changed since the last look only pages ask."""
        names = {n for entry in self.entries if entry["kind"] == "disclosed" for n in entry[what]}
        return {name for name in names if not name.startswith("changes.")}

    def scope(self) -> set[tuple[Any, ...]]:
        return {tuple(row) for entry in self.entries if entry["scope"] for row in entry["scope"]}


def last_entry(world: World) -> int:
    [(last,)] = world.database.run("SELECT coalesce(max(entry_id), 0) FROM audit.entry")
    return int(str(last))


def by_page(world: World, page: Desk, code: str) -> Asked:
    since = last_entry(world)
    answer = page.post("/clients/", personal_id=code, purpose=PURPOSE, told_client="on", case_reference=CASE)
    where = answer.headers.get("Location", "")
    if "/confirm/" in where:
        answer = page.post(where, reason=REASON)
        where = answer.headers.get("Location", "")
    if answer.status_code == 302:
        for tab in PAGES:
            assert page.get(where + tab).status_code == 200, (where, tab)
    return Asked(world, since)


def by_interface(world: World, system: System, token: str, code: str, *, reason: bool) -> Asked:
    since = last_entry(world)
    told: dict[str, Any] = {
        "personal_id": code, "case_reference": CASE,
        "official": {"id": "u-1", "personal_id": official(OFFICIAL).personal_id},
    }  # fmt: skip
    system.inquire(None, token, **told, **({"reason": REASON} if reason else {}))
    return Asked(world, since)


@pytest.mark.parametrize("key", [client.key for client in load_cast().clients])
def test_page_and_interface_tell_and_write_the_same(
    module_world: World, page: Desk, system: System, token: str, key: str
) -> None:
    client = load_cast().client(key)
    for code in filter(None, (client.personal_id, client.former_personal_id)):
        shown = by_page(module_world, page, code)
        reasoned = any(entry["kind"] == "reason_given" for entry in shown.entries)
        answered = by_interface(module_world, system, token, code, reason=reasoned)
        assert shown.decisions() == answered.decisions()
        assert len(shown.decisions()) == 1
        assert shown.told("data_groups") == answered.told("data_groups")
        assert shown.told("fields") == answered.told("fields")
        assert shown.mentioned == answered.mentioned
        if answered.told("data_groups"):
            assert shown.scope() == answered.scope()
            assert {entry["channel"] for entry in shown.entries} == {"web"}
            assert {entry["channel"] for entry in answered.entries} == {"api"}


def test_most_of_the_cast_was_told_of_either_way(module_world: World) -> None:
    """Without this, the test above could compare refusals only."""
    rows = module_world.database.run(
        "SELECT channel, count(DISTINCT subject_person_id) FROM audit.entry "
        "WHERE kind = 'disclosed' GROUP BY channel ORDER BY channel"
    )
    assert [str(channel) for channel, _count in rows] == ["api", "web"]
    assert rows[0][1] == rows[1][1]
    assert int(str(rows[0][1])) > len(load_cast().clients) // 2
