"""Where somebody lives, what protects her, and what the entry of a decision says of it, at their edges."""

from __future__ import annotations

from datetime import date, timedelta
from typing import LiteralString

import pytest

from kelmu.core import clock
from tests.door.looking import GROUPS, Desk, Moment, Scene
from tests.world import LONG_AGO, TAMPERE, TURKU, Somebody, World, make_personal_id

TODAY = clock.today()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
EARLIER = LONG_AGO - timedelta(days=9)
UNKNOWN = make_personal_id(date(1957, 4, 5), 978)
REASON = "a reason long enough"
VIEW, FURTHER = "benefit_view_and_claims", "social_assistance_and_welfare"
ORDER: LiteralString = "INSERT INTO register.non_disclosure_order (person_id, valid_from, valid_to, \
    superseded_at) VALUES (%s, %s, %s, CASE WHEN %s THEN now() END)"
RESIDENCE: LiteralString = "INSERT INTO register.residence (person_id, municipality_code, valid_from, \
    valid_to, superseded_at) VALUES (%s, %s, %s, %s, CASE WHEN %s THEN now() END)"
SINCE_LONG = (TAMPERE, LONG_AGO, None, False)


@pytest.mark.parametrize(
    ("rows", "inside"),
    [
        ([SINCE_LONG], True),
        ([(TAMPERE, LONG_AGO, TODAY, False)], True),
        ([(TAMPERE, LONG_AGO, TOMORROW, False)], True),
        ([(TAMPERE, LONG_AGO, YESTERDAY, False)], False),
        ([(TAMPERE, TODAY, None, False)], True),
        ([(TAMPERE, TOMORROW, None, False)], False),
        ([SINCE_LONG, (TURKU, YESTERDAY, None, False)], False),
        ([SINCE_LONG, (TURKU, TODAY, None, False)], False),
        ([SINCE_LONG, (TURKU, TOMORROW, None, False)], True),
        ([SINCE_LONG, (TURKU, YESTERDAY, None, True)], True),
        ([SINCE_LONG, (TURKU, EARLIER, None, False)], True),
    ],
)
def test_a_client_lives_where_she_moved_last_of_what_the_register_knows_now(
    ask: Moment, scene: Scene, rows: list[tuple[object, ...]], *, inside: bool
) -> None:
    person_id = scene.client.person_id
    # Another's death is nothing to her.
    ask.change("UPDATE register.person SET death_date = %s WHERE person_id <> %s", YESTERDAY, person_id)
    ask.change("DELETE FROM register.residence WHERE person_id = %s", person_id)
    for row in rows:
        ask.change(RESIDENCE, person_id, *row)
    assert ask.facts(scene.client.personal_id)["outside_area"] is not inside


def test_the_dead_live_where_they_lived_last(ask: Moment, scene: Scene) -> None:
    person_id = scene.client.person_id
    ask.change("UPDATE register.person SET death_date = %s WHERE person_id = %s", TODAY, person_id)
    ask.change("DELETE FROM register.residence WHERE person_id = %s", person_id)
    ask.change(RESIDENCE, person_id, TURKU, EARLIER, LONG_AGO, False)
    ask.change(RESIDENCE, person_id, TAMPERE, LONG_AGO, YESTERDAY, False)
    assert not ask.facts(scene.client.personal_id)["outside_area"]


def test_any_of_an_organisations_areas_serves_and_no_other(ask: Moment, scene: Scene, world: World) -> None:
    body = world.body("municipality", municipality=TAMPERE)
    secret, near, far = world.begin(body), scene.client, world.person(lives_in=TURKU)

    def outside() -> list[bool]:
        return [ask.facts(code, secret)["outside_area"] for code in (near.personal_id, far.personal_id)]

    assert outside() == [False, True]
    ask.change(
        "INSERT INTO organisations.area (organisation_id, municipality_code, valid_from) VALUES (%s, %s, %s)",
        body.organisation_id, TURKU, LONG_AGO,
    )  # fmt: skip
    assert outside() == [False, False]


def test_an_order_protects_on_its_days_and_nobody_else(ask: Moment, scene: Scene) -> None:
    ask.change(ORDER, scene.official.person_id, LONG_AGO, None, False)
    protects = {
        (LONG_AGO, None, False): True, (TODAY, None, False): True, (LONG_AGO, TODAY, False): True,
        (LONG_AGO, TOMORROW, False): True, (TOMORROW, None, False): False,
        (LONG_AGO, YESTERDAY, False): False, (LONG_AGO, None, True): False,
    }  # fmt: skip
    found = {}
    for row in protects:
        ask.change("DELETE FROM register.non_disclosure_order WHERE person_id = %s", scene.client.person_id)
        ask.change(ORDER, scene.client.person_id, *row)
        found[row] = ask.facts(scene.client.personal_id)["protected"]
    assert found == protects


@pytest.mark.parametrize(
    ("organisation_type", "channel", "answers"),
    [
        (
            "wellbeing_county", "web",
            {
                (VIEW, "social_assistance"): None,
                (VIEW, "social_assistance_decisions"): "missing_mandate",
                (FURTHER, "social_assistance"): "missing_mandate",
                (FURTHER, "social_assistance_decisions"): None,
                (VIEW, "pension_decision"): "purpose_not_allowed",
                ("other", "pension_decision"): "missing_mandate",
            },
        ),
        (
            "hus", "web",
            {
                (VIEW, "social_assistance"): "purpose_not_allowed",
                ("other", "social_assistance"): "purpose_not_allowed",
            },
        ),
        # Its rows are the machine's alone: no mandate of a person would open anything.
        (
            "unemployment_fund", "web",
            {
                (VIEW, "earnings_related_allowance"): "purpose_not_allowed",
                ("other", "earnings_related_allowance"): "purpose_not_allowed",
            },
        ),
        (
            "unemployment_fund", "api",
            {
                (VIEW, "earnings_related_allowance"): None,
                ("other", "earnings_related_allowance"): "missing_mandate",
            },
        ),
    ],
)  # fmt: skip
def test_a_mandate_is_missing_only_where_one_would_open_something(
    ask: Moment, scene: Scene, world: World, organisation_type: str, channel: str,
    answers: dict[tuple[str, str], str | None],
) -> None:  # fmt: skip
    body = world.body(organisation_type, channels=("web", "api"))
    secret = world.begin(body, scene.official, channel=channel)
    found = {}
    for mandate, purpose in answers:
        ask.change("UPDATE identity.acting_session SET mandates = %s WHERE agreement_id = %s", [mandate],
                   body.agreement_id)  # fmt: skip
        entry = ask.entry(scene.client.personal_id, secret=secret, purpose=purpose)
        found[mandate, purpose] = entry["cause"]
        assert entry["outcome"] == ("given" if entry["cause"] is None else "refused")
    assert found == answers


def test_reviewed_is_what_was_given_on_a_reason_or_to_an_official_not_in_the_register(
    ask: Moment, scene: Scene, world: World
) -> None:
    reviewed = {
        (True, True, None): ("given", False), (True, True, REASON): ("given", True),
        (True, False, None): ("reason_needed", False), (True, False, REASON): ("not_available", False),
        (False, True, None): ("given", True), (False, True, REASON): ("given", True),
        (False, False, None): ("reason_needed", False), (False, False, REASON): ("not_available", False),
    }  # fmt: skip
    secrets = {True: scene.secret, False: world.begin(scene.body)}
    found = {}
    for official_known, code_known, reason in reviewed:
        code = scene.client.personal_id if code_known else UNKNOWN
        entry = ask.entry(code, secret=secrets[official_known], reason=reason)
        found[official_known, code_known, reason] = (entry["outcome"], entry["for_review"])
    assert found == reviewed


def test_a_further_view_is_not_counted(desk: Desk, world: World, client: Somebody) -> None:
    query: LiteralString = "SELECT outcome, told_at FROM inquiry.counted WHERE inquiry_id = %s"
    inquiry_id, _ = desk.open(client.personal_id)
    [counted] = world.database.run(query, inquiry_id)
    assert counted[0] == "given"
    for groups in (GROUPS, []):
        assert desk.view(inquiry_id, groups)
        assert world.database.run(query, inquiry_id) == [counted]
