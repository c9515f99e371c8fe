"""An official who guesses is told so in words, how long to wait, and what to do instead."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.http import HttpResponse

from tests.identity.browsing import Desk, pseudonym, text_of
from tests.world import World, make_personal_id

WORKER = "pirkanmaa_social_worker"


def search(desk: Desk, code: str) -> HttpResponse:
    return desk.post("/clients/", personal_id=code, purpose="social_assistance", told_client="on")


def unknown(world: World) -> str:
    while True:
        code = make_personal_id(date(1961, 5, 17))
        if not world.database.run("SELECT 1 FROM register.person WHERE personal_id = %s", code):
            return code


@pytest.fixture
def guessing(desk: Desk, world: World) -> Desk:
    """An official who has looked up five codes in a row that nobody has."""
    desk.client.cookies["kelmu_language"] = "en"
    desk.sign_in(WORKER)
    for _ in range(5):
        assert search(desk, unknown(world)).status_code == 302
    return desk


def forget(world: World) -> None:
    """Begin anew with what was counted of the official."""
    world.database.run("DELETE FROM inquiry.counted WHERE official_pseudonym = %s", pseudonym(WORKER))
    world.database.run("DELETE FROM inquiry.official_lock WHERE official_pseudonym = %s", pseudonym(WORKER))


@pytest.fixture(autouse=True)
def _anew(world: World) -> None:
    forget(world)


def test_after_five_misses_the_page_says_how_long_to_wait(guessing: Desk, world: World) -> None:
    known = world.person().personal_id
    answer = search(guessing, known)
    assert answer.status_code == 429
    assert 890 <= int(answer.headers["Retry-After"]) <= 900
    assert answer.headers["Cache-Control"] == "no-store"
    page = text_of(answer)
    assert re.search(r"\b15\b", page)
    assert known not in page
    assert search(guessing, unknown(world)).status_code == 429
    entry = world.entries(cause="limit_reached", official_pseudonym=pseudonym(WORKER))[-1]
    assert (entry["kind"], entry["outcome"], entry["subject_person_id"]) == ("inquiry", "refused", None)


def test_the_page_is_the_same_whoever_was_asked_about(guessing: Desk, world: World) -> None:
    pages = [
        re.sub(r'value="[^"]{64}"|data-seconds="\d+"', "*", text_of(search(guessing, code)))
        for code in (world.person().personal_id, unknown(world), world.protect(world.person()).personal_id)
    ]
    assert len(set(pages)) == 1


def test_her_other_work_goes_on_and_signing_in_again_lets_her_look_up(guessing: Desk, world: World) -> None:
    assert search(guessing, unknown(world)).status_code == 429
    assert guessing.get("/desk/").status_code == 200
    guessing.sign_in(WORKER)
    assert search(guessing, world.person().personal_id).status_code == 302


def test_after_twenty_misses_only_a_review_helps_and_the_page_says_so(guessing: Desk, world: World) -> None:
    for _ in range(3):
        guessing.sign_in(WORKER)
        for _ in range(5):
            assert search(guessing, unknown(world)).status_code == 302
    guessing.sign_in(WORKER)
    answer = search(guessing, world.person().personal_id)
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    assert world.entries(kind="locked", official_pseudonym=pseudonym(WORKER))
