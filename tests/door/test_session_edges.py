"""The moments and codes on which an acting session and the client it asks for hang by a hair."""

from __future__ import annotations

from datetime import date, timedelta
from typing import LiteralString

import psycopg
import pytest

from kelmu.core import clock
from tests.databases import Database
from tests.door.looking import Desk
from tests.door.test_tickets import refused_with
from tests.world import Body, Somebody, World, make_personal_id

TODAY = clock.today()
REFUSAL: LiteralString = "SELECT door.log_refusal(%s, 'inquire', 'p', 'c', %s)"


@pytest.mark.parametrize(
    ("column", "over", "still", "code"),
    [
        ("expires_at", "0 seconds", "1 millisecond", "KL002"),
        ("refreshed_at", "-5 minutes", "-299.999 seconds", "KL003"),
    ],
)
def test_a_session_opens_doors_until_its_last_moment_and_not_at_it(
    moment: psycopg.Connection, desk: Desk, column: str, over: str, still: str, code: str
) -> None:
    change = f"UPDATE identity.acting_session SET {column} = now() + %s::interval".encode()
    moment.execute(change, [still])
    moment.execute(REFUSAL, [desk.secret, []])
    moment.execute(change, [over])
    with refused_with(code):
        moment.execute(REFUSAL, [desk.secret, []])


def test_an_agreement_put_off_to_another_day_opens_nothing_today(
    desk: Desk, world: World, body: Body, client: Somebody
) -> None:
    assert desk.decided(client.personal_id) == ("given", "given")
    world.change_agreement(body, valid_from=TODAY + timedelta(days=1))
    assert desk.decided(client.personal_id) == ("refused", "no_agreement")


def test_the_mandates_missing_are_kept_up_to_500_characters(desk: Desk, world: World, body: Body) -> None:
    desk.call(REFUSAL, desk.secret, ["m" * 60] * 20)
    [entry] = world.entries(kind="refused", organisation_id=body.organisation_id)
    assert len(entry["detail"]) == 500


def asked_for(desk: Desk, world: World, code: str) -> tuple[int | None, bool, str | None]:
    inquiry_id, _ = desk.open(code)
    [entry] = world.entries(inquiry_id=str(inquiry_id), kind="inquiry")
    return entry["subject_person_id"], entry["former_code"], entry["former_until"]


def test_a_code_nobody_has_or_had_is_no_former_code(desk: Desk, world: World) -> None:
    assert asked_for(desk, world, make_personal_id(date(1961, 7, 8))) == (None, False, None)


def test_a_code_that_somebody_has_now_is_hers_whoever_had_it_before(
    desk: Desk, world: World, client: Somebody, database: Database
) -> None:
    world.insert(
        "former_personal_id", personal_id=client.personal_id, person_id=world.person().person_id,
        valid_to=date(1999, 1, 2),
    )  # fmt: skip
    try:
        assert asked_for(desk, world, client.personal_id) == (client.person_id, False, None)
    finally:
        database.run("DELETE FROM register.former_personal_id WHERE personal_id = %s", client.personal_id)
