"""Who reads which list, what is on it, and what the log says of it."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from kelmu.core import clock
from tests.databases import Database
from tests.lists.desks import (
    CHILD_CARE,
    LONG_UNEMPLOYED,
    VETERANS,
    ListDesk,
    ListDesks,
    latest,
    paid_child_care,
    run,
)
from tests.world import TAMPERE, TURKU, Body, Somebody, World

PERIOD = latest(CHILD_CARE)
FIRST = PERIOD.first_day
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def people(clean_database: Database) -> dict[str, Somebody]:
    """Who is paid child care allowance: two in Tampere, one protected there and one in Turku."""
    world = World(clean_database)
    people = {
        "one": world.person(family_name="Aalto", given_names="Aino"),
        "two": world.person(family_name="Öberg", given_names="Ulla"),
        "protected": world.protect(world.person(family_name="Salattu", given_names="Saara")),
        "unknown": world.person(family_name="Tuntematon", given_names="Taru", protection_known=False),
        "elsewhere": world.person(family_name="Virtanen", given_names="Vilma", lives_in=TURKU),
    }
    for place, each in enumerate(people.values(), start=1):
        paid_child_care(world, each, PERIOD, gross=100 * place, net=100 * place)
    carer = {"payee_kind": "care_provider", "payee_name": "Päiväkoti Mansikka, Tampere"}
    paid_child_care(world, people["protected"], PERIOD, benefit_code="FAM-YHT-R", gross=50, net=50, **carer)
    for kind in (CHILD_CARE, VETERANS, LONG_UNEMPLOYED):
        run(clean_database, kind, latest(kind).first_day)
    return people


@pytest.fixture
def body(world: World, people: dict[str, Somebody]) -> Body:
    """The city of Tampere; its agreement lets officials have the right to protected persons."""
    return world.body("municipality", municipality=TAMPERE, protected_persons=True)


@pytest.fixture
def desk(body: Body, desks: ListDesks) -> ListDesk:
    return desks(body)


def codes(people: dict[str, Somebody], *names: str) -> set[str]:
    return {people[name].personal_id for name in names}


def refused(world: World, body: Body) -> list[tuple[str, str]]:
    entries = world.entries(organisation_id=body.organisation_id, kind="refused")
    return [(entry["cause"], entry["detail"]) for entry in entries]


def test_a_municipality_sees_its_own_rows_and_nobody_elses(
    desk: ListDesk, people: dict[str, Somebody]
) -> None:
    told = desk.list(CHILD_CARE, FIRST)
    assert {row["person"]["personal_id"] for row in told["rows"]} == codes(people, "one", "two")
    assert told["total"] == {"rows": 2, "amount": 300}
    assert [run["municipality"] for run in told["runs"]] == [TAMPERE]


def test_a_county_sees_all_its_municipalities_and_no_kind_that_is_not_its(
    world: World, desks: ListDesks, people: dict[str, Somebody]
) -> None:
    county = world.body()
    desk = desks(county)
    told = desk.list(VETERANS, latest(VETERANS).first_day)
    assert len(told["runs"]) == 23
    assert desk.open(CHILD_CARE, FIRST) is None
    assert refused(world, county) == [("missing_mandate", CHILD_CARE)]


@pytest.mark.parametrize(
    ("organisation_type", "mandates", "kind"),
    [
        ("municipality", (), CHILD_CARE),
        ("municipality", ("labour_market_subsidy_material",), CHILD_CARE),
        ("municipality", ("child_care_material",), LONG_UNEMPLOYED),
        ("municipality", ("front_veterans_material",), VETERANS),
        ("wellbeing_county", ("child_care_material",), CHILD_CARE),
        ("hus", ("labour_market_subsidy_material",), LONG_UNEMPLOYED),
        ("municipality", ("child_care_material",), "no_such_kind"),
    ],
)  # fmt: skip
def test_without_the_mandate_of_the_kind_under_the_type_there_is_nothing(
    world: World, people: dict[str, Somebody], desks: ListDesks, organisation_type: str,
    mandates: tuple[str, ...], kind: str,
) -> None:  # fmt: skip
    body = world.body(organisation_type, municipality=TAMPERE)
    desk = desks(body, mandates=mandates)
    assert desk.periods(kind) is None
    assert desk.open(kind, FIRST) is None
    assert refused(world, body) == [("missing_mandate", kind)] * 2


def test_an_agreement_that_has_ended_opens_nothing_not_even_what_a_ticket_was_given_for(
    world: World, body: Body, desk: ListDesk
) -> None:
    ticket = desk.open(CHILD_CARE, FIRST)
    world.change_agreement(body, valid_to=clock.today() - DAY)
    assert desk.read(ticket) is None
    assert desk.periods(CHILD_CARE) is None
    assert desk.open(CHILD_CARE, FIRST) is None
    assert refused(world, body) == [("missing_mandate", CHILD_CARE)] * 3


def test_another_municipality_is_not_there(desk: ListDesk, world: World) -> None:
    assert desk.open(CHILD_CARE, FIRST, municipality=TURKU) is None
    assert desk.open(CHILD_CARE, FIRST - 40 * DAY) is None
    entries = world.entries(organisation_id=desk.body.organisation_id, kind="not_there")
    assert [entry["detail"] for entry in entries] == ["list", "list"]


def test_who_acts_for_a_municipality_sees_that_municipalitys_lists_and_nothing_else(
    body: Body, desks: ListDesks, people: dict[str, Somebody]
) -> None:
    desk = desks.representing(body, ("child_care_material",))
    assert desk.codes(CHILD_CARE, FIRST) == codes(people, "one", "two")
    assert desk.open(LONG_UNEMPLOYED, latest(LONG_UNEMPLOYED).first_day) is None


def test_a_list_is_seen_from_its_day(desk: ListDesk, clean_database: Database) -> None:
    periods = desk.periods(CHILD_CARE)
    assert periods is not None
    assert [each["first_day"] for each in periods] == [FIRST.isoformat()]
    clean_database.run("ALTER TABLE lists.run DISABLE TRIGGER USER")
    early = "UPDATE lists.run SET published_on = published_on + 400 * %s WHERE kind = %s"
    clean_database.run(early, 1, CHILD_CARE)
    try:
        assert desk.periods(CHILD_CARE) == []
        assert desk.open(CHILD_CARE, FIRST) is None
    finally:
        clean_database.run(early, -1, CHILD_CARE)
        clean_database.run("ALTER TABLE lists.run ENABLE TRIGGER USER")
    assert desk.open(CHILD_CARE, FIRST) is not None


def test_protected_persons_are_on_no_plain_list_and_nothing_tells_that_they_were_left_out(
    desk: ListDesk, people: dict[str, Somebody]
) -> None:
    told = desk.list(CHILD_CARE, FIRST)
    text = json.dumps(told, ensure_ascii=False)
    for name in ("protected", "unknown"):
        assert people[name].personal_id not in text
    assert (told["found"], told["total"]["rows"], told["total"]["amount"]) == (2, 2, 300)


def test_they_are_on_the_restricted_list_for_who_has_the_right_without_where_they_are(
    world: World, desks: ListDesks, body: Body, people: dict[str, Somebody]
) -> None:
    desk = desks(body, protected_right=True)
    told = desk.list(CHILD_CARE, FIRST, restricted=True)
    assert {row["person"]["personal_id"] for row in told["rows"]} == codes(people, "protected", "unknown")
    assert all(row["municipality"] is None and "care_provider" not in row["content"] for row in told["rows"])
    [entry] = world.entries(organisation_id=body.organisation_id, kind="list")
    assert entry["for_review"]
    assert desk.codes(CHILD_CARE, FIRST) == codes(people, "one", "two")


def test_without_the_right_there_is_no_restricted_list(world: World, desk: ListDesk) -> None:
    assert desk.open(CHILD_CARE, FIRST, restricted=True) is None
    assert refused(world, desk.body) == [("no_right", CHILD_CARE)]


def test_no_list_is_seen_while_orders_of_non_disclosure_cannot_be_read(world: World, desk: ListDesk) -> None:
    ticket = desk.open(CHILD_CARE, FIRST)
    world.set_source("non_disclosure", available=False)
    try:
        for ask in (lambda: desk.open(CHILD_CARE, FIRST), lambda: desk.read(ticket)):
            with pytest.raises(psycopg.Error) as raised:
                ask()
            assert raised.value.sqlstate == "KL031"
    finally:
        world.set_source("non_disclosure", available=True)


def test_rows_have_no_names_until_they_are_opened(desk: ListDesk, people: dict[str, Somebody]) -> None:
    told = desk.list(CHILD_CARE, FIRST, action="view")
    assert not told["named"]
    assert [row["person"] for row in told["rows"]] == [None, None]
    text = json.dumps(told, ensure_ascii=False)
    assert "Aalto" not in text
    assert people["one"].personal_id not in text
    assert desk.list(CHILD_CARE, FIRST, action="names")["named"]


@pytest.mark.parametrize("asked", [{"search": "aalto"}, {"sort": "name"}])
def test_rows_without_names_are_neither_searched_nor_sorted_by_them(
    desk: ListDesk, asked: dict[str, Any]
) -> None:
    ticket = desk.open(CHILD_CARE, FIRST, action="view")
    with pytest.raises(psycopg.Error) as raised:
        desk.read(ticket, **asked)
    assert raised.value.sqlstate == "KL010"


@pytest.mark.parametrize("search", ["aalto", "AINO", "lto ai"])
def test_a_search_looks_inside_the_list(desk: ListDesk, people: dict[str, Somebody], search: str) -> None:
    told = desk.list(CHILD_CARE, FIRST, search=search)
    assert [row["person"]["family_name"] for row in told["rows"]] == ["Aalto"]
    # What is found is less; what is added up is the list.
    assert (told["found"], told["total"]["rows"]) == (1, 2)
    code = people["two"].personal_id.lower()
    assert desk.codes(CHILD_CARE, FIRST, search=code) == codes(people, "two")
    assert desk.list(CHILD_CARE, FIRST, search=people["protected"].personal_id)["rows"] == []
    assert desk.list(CHILD_CARE, FIRST, search="%")["rows"] == []


def test_a_page_is_sorted_and_cut(desk: ListDesk) -> None:
    def names(**asked: Any) -> list[str]:
        return [row["person"]["family_name"] for row in desk.list(CHILD_CARE, FIRST, **asked)["rows"]]

    assert names(sort="name") == ["Aalto", "Öberg"]
    assert names(sort="name", descending=True) == ["Öberg", "Aalto"]
    assert names(sort="amount", descending=True, rows=1) == ["Öberg"]
    assert names(sort="amount", skip=1, rows=1) == ["Öberg"]


def test_every_fetch_is_in_the_log_with_the_digest_of_its_run(
    world: World, desk: ListDesk, clean_database: Database
) -> None:
    desk.list(CHILD_CARE, FIRST, action="view")
    [entry] = world.entries(organisation_id=desk.body.organisation_id, kind="list")
    [(number, digest)] = clean_database.run(
        "SELECT run_id, digest::text FROM lists.run WHERE kind = %s AND municipality_code = %s",
        CHILD_CARE,
        TAMPERE,
    )
    assert entry["document_digest"] == digest
    assert entry["scope"]["runs"] == [number]
    assert (entry["action"], entry["purpose"]) == ("view", "list_child_care")
    [given] = world.entries(organisation_id=desk.body.organisation_id, kind="disclosed")
    assert given["detail"] == entry["event_id"]
    assert "rows" in given["fields"]


def test_the_digest_of_what_was_read_is_of_exactly_those_bytes(world: World, desk: ListDesk) -> None:
    ticket = desk.open(CHILD_CARE, FIRST)
    text = desk.call("SELECT door.read_list(%s, %s, NULL, NULL, NULL, false, 0, 50)", desk.secret, ticket)
    [given] = world.entries(organisation_id=desk.body.organisation_id, kind="disclosed")
    assert given["document_digest"] == f"\\x{hashlib.sha256(text.encode()).hexdigest()}"


def test_whose_lists_were_opened_is_found_by_person(
    world: World, desk: ListDesk, people: dict[str, Somebody], clean_database: Database
) -> None:
    desk.list(CHILD_CARE, FIRST)
    [(count,)] = clean_database.run(
        "SELECT count(*) FROM audit.entry e WHERE e.kind = 'list' AND e.organisation_id = %s AND EXISTS ("
        "SELECT FROM lists.run_row w WHERE w.person_id = %s AND e.scope -> 'runs' @> to_jsonb(w.run_id))",
        desk.body.organisation_id, people["one"].person_id,
    )  # fmt: skip
    assert count == 1


def test_a_ticket_reads_once_and_only_for_its_session(desk: ListDesk, body: Body, desks: ListDesks) -> None:
    ticket = desk.open(CHILD_CARE, FIRST)
    assert desks(body).read(ticket) is None
    assert desk.read(ticket) is not None
    assert desk.read(ticket) is None


def test_nothing_is_read_before_the_entry_is_committed(desk: ListDesk, clean_database: Database) -> None:
    with clean_database.connect(autocommit=False) as web:
        row = web.execute(
            "SELECT door.open_list(%s, %s, %s, NULL, 'names', false)", [desk.secret, CHILD_CARE, FIRST]
        ).fetchone()
        assert row is not None
        with pytest.raises(psycopg.Error) as raised:
            web.execute(
                "SELECT door.read_list(%s, %s, NULL, NULL, NULL, false, 0, 50)", [desk.secret, row[0]]
            )
        assert raised.value.sqlstate == "KL020"


def test_a_ticket_of_another_kind_of_look_opens_no_list(desk: ListDesk, clean_database: Database) -> None:
    ticket = desk.open(CHILD_CARE, FIRST)
    with pytest.raises(psycopg.Error) as raised:
        desk.call("SELECT door.read_dossier(%s, %s)", desk.secret, ticket)
    assert raised.value.sqlstate == "KL021"


@pytest.mark.parametrize(
    "form",
    [
        {"change": "gone"}, {"skip": -1}, {"rows": 0}, {"rows": 201}, {"rows": None}, {"search": "x" * 101},
        {"descending": None},
    ],
)  # fmt: skip
def test_a_page_of_another_form_is_refused(desk: ListDesk, form: dict[str, Any]) -> None:
    ticket = desk.open(CHILD_CARE, FIRST)
    with pytest.raises(psycopg.Error) as raised:
        desk.read(ticket, **form)
    assert raised.value.sqlstate == "KL010"


def test_where_protected_persons_live_is_neither_asked_nor_sorted_by(
    desks: ListDesks, body: Body, people: dict[str, Somebody]
) -> None:
    desk = desks(body, protected_right=True)
    ticket = desk.open(CHILD_CARE, FIRST, restricted=True)
    for ask in (
        lambda: desk.open(CHILD_CARE, FIRST, restricted=True, municipality=TAMPERE),
        lambda: desk.read(ticket, sort="municipality"),
    ):
        with pytest.raises(psycopg.Error) as raised:
            ask()
        assert raised.value.sqlstate == "KL010"
