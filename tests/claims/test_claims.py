"""A claim from its draft to its end, through the doors: who may, what is refused, and what stays of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from kelmu.core import clock
from tests.claims.desks import NOTE, OTHER_IBAN, ClaimDesk, ClaimDesks, account, set_four_eyes
from tests.world import TURKU, Body, World, pseudonym_of


def told(answer: dict[str, Any]) -> tuple[str, str | None, str, int]:
    return answer["result"], answer["why"], answer["claim"]["state"], answer["claim"]["version"]


def test_a_claim_is_typed_kept_sent_with_a_receipt_and_seen(world: World, desk: ClaimDesk) -> None:
    client = world.person(family_name="Asiakas")
    claim_id = desk.draft(client)
    assert told(desk.keep(claim_id, 1, amount="30o", period_from="1.11.")) == ("done", None, "draft", 2)
    draft = desk.read(claim_id)
    assert draft is not None
    assert draft["typed"] == {"amount": "30o", "period_from": "1.11."}
    assert desk.ids("draft") == {claim_id}
    answer = desk.submit(claim_id, 2, cautions=("late",))
    assert told(answer) == ("done", None, "submitted", 3)
    receipt = answer["claim"]["receipt_number"]
    assert receipt.startswith(f"MV-{clock.today().year}-")
    assert (desk.ids("draft"), desk.ids("sent")) == (set(), {claim_id})
    assert desk.page()["counts"] == {"draft": 0, "sent": 1, "answered": 0, "ended": 0}
    sent = desk.read(claim_id)
    assert sent is not None
    assert sent["client"]["family_name"] == "Asiakas"
    assert sent["account"] == {"name": "Toimeentulotuki", "iban": "FI2112345600000785"}
    assert (sent["amount"], sent["cautions"]) == ("300.00", ["late"])
    assert [(event["what"], event["version"]) for event in sent["history"]] == [("made", 1), ("submitted", 3)]


def test_the_log_says_who_did_what_with_whose_claim(world: World, desk: ClaimDesk) -> None:
    client = world.person()
    claim_id = desk.sent(client)
    desk.read(claim_id)
    desk.names([claim_id])
    kinds = {"claim", "claim_work", "disclosed"}
    entries = [
        entry for entry in world.entries(organisation_id=desk.body.organisation_id) if entry["kind"] in kinds
    ]
    seen = [(entry["kind"], entry["action"], entry["subject_person_id"]) for entry in entries]
    person = client.person_id
    assert seen == [
        ("disclosed", None, person), ("claim_work", "made", person), ("claim_work", "submitted", person),
        ("claim", "open", person), ("disclosed", "open", person), ("claim", "page", None),
        ("disclosed", "page", None),
    ]  # fmt: skip
    assert {entry["purpose"] for entry in entries} == {"payment_claim"}
    mentioned = world.database.run(
        "SELECT count(*) FROM audit.entry_mention WHERE person_id = %s AND entry_id = ANY (%s)", person,
        [entry["entry_id"] for entry in entries if entry["action"] == "page"],
    )  # fmt: skip
    assert mentioned == [(2,)]


def test_the_same_sending_again_has_the_same_receipt_and_no_second_event(
    world: World, desk: ClaimDesk
) -> None:
    claim_id = desk.draft(world.person())
    first, again = desk.submit(claim_id), desk.submit(claim_id)
    assert again == first
    read = desk.read(claim_id)
    assert read is not None
    assert [event["what"] for event in read["history"]] == ["made", "submitted"]
    assert told(desk.submit(claim_id, amount=301)) == ("not_possible", "state", "submitted", 2)


def test_whoever_has_not_seen_the_present_version_changes_nothing(world: World, desk: ClaimDesk) -> None:
    claim_id = desk.draft(world.person())
    desk.keep(claim_id, 1, amount="100")
    assert told(desk.keep(claim_id, 1, amount="200")) == ("changed", None, "draft", 2)
    assert told(desk.submit(claim_id, 1)) == ("changed", None, "draft", 2)
    read = desk.read(claim_id)
    assert read is not None
    assert read["typed"] == {"amount": "100"}
    desk.submit(claim_id, 2)
    assert told(desk.change(claim_id, 2, "withdrawn", NOTE)) == ("changed", None, "submitted", 3)


CLAIMABLE: list[tuple[dict[str, Any], str | None]] = [
    ({"ground": "cfa14", "paid_on": None}, "ground"),  # housing allowance under 14 §
    ({"benefit": "FAM-AD"}, "ground"),  # adoption grant
    ({"benefit": "SOC-PER"}, "ground"),  # basic social assistance
    ({"benefit": "XXX-YY"}, "ground"),
    ({"benefit": "UNE-TMT"}, "in_force"),  # over since 30.4.2026
    ({"benefit": "UNE-TMT", "period_from": date(2026, 4, 1), "period_to": date(2026, 4, 30),
      "basis_from": date(2026, 4, 1)}, None),
    ({"benefit": "UNE-YT", "period_from": date(2026, 4, 30), "basis_from": date(2026, 4, 1)}, "in_force"),
    ({"benefit": "PEN-TE", "ground": "cfa14", "paid_on": None, "period_to": None, "basis_to": None}, None),
    ({"amount": None}, None),
]  # fmt: skip
NEVER: list[tuple[dict[str, Any], str]] = [
    ({"period_to": date(2026, 12, 1)}, "claim_only_what_was_paid"),
    ({"period_from": date(2026, 10, 31)}, "claim_only_what_was_paid"),
    (
        {"benefit": "PEN-TE", "ground": "cfa14", "paid_on": None, "period_to": None},
        "claim_only_what_was_paid",
    ),
    ({"period_to": None, "basis_to": None}, "claim_advance_is_of_a_time"),
    ({"paid_on": None}, "claim_advance_is_of_a_time"),
    ({"benefit": "PEN-TE", "ground": "cfa14"}, "claim_advance_is_of_a_time"),
    ({"amount": 0}, "claim_amount_positive"),
    ({"handler_phone": None}, "claim_sent_is_whole"),
    ({"period_from": date(2026, 11, 30), "period_to": date(2026, 11, 29)}, "claim_period_ordered"),
    ({"cautions": ("perhaps",)}, "claim_cautions_known"),
]


def test_the_door_knows_by_itself_what_can_be_claimed(world: World, desk: ClaimDesk) -> None:
    inquiry_id = desk.inquiry(world.person())
    for changed, why in CLAIMABLE:
        answer = desk.submit(desk.another(inquiry_id), **changed)
        expected = ("done", None) if why is None else ("not_possible", why)
        assert (answer["result"], answer["why"]) == expected, changed


def test_the_table_refuses_what_never_can_be(world: World, desk: ClaimDesk) -> None:
    claim_id = desk.draft(world.person())
    for changed, constraint in NEVER:
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            desk.submit(claim_id, **changed)
        assert refused.value.diag.constraint_name == constraint, changed
    assert desk.ids("draft") == {claim_id}


def test_a_claim_is_paid_to_an_account_of_the_organisation_that_is_in_force(
    world: World, desk: ClaimDesk
) -> None:
    claim_id = desk.draft(world.person())
    other = account(world, world.body())
    ended = account(world, desk.body, iban=OTHER_IBAN, ended=clock.today() - timedelta(days=1))
    for account_id in (other, ended, -1):
        assert told(desk.submit(claim_id, account_id=account_id)) == ("not_possible", "account", "draft", 1)
    known = desk.call("SELECT door.claim_accounts(%s)", desk.secret)
    assert [each["account_id"] for each in known] == [desk.account_id]


def test_a_wrong_account_number_is_not_kept(world: World, body: Body) -> None:
    for wrong in ("FI2112345600000786", "123456-785", "fi2112345600000785", ""):
        with pytest.raises(psycopg.errors.CheckViolation):
            account(world, body, iban=wrong)


def test_a_claim_begins_with_a_client_who_was_shown_for_that_purpose(
    world: World, body: Body, desk: ClaimDesk, desks: ClaimDesks
) -> None:
    client = world.person()
    protected, elsewhere = world.protect(world.person()), world.person(lives_in=TURKU)
    colleague = desks(body, desk.account_id)
    assert desk.start(desk.inquiry(client, purpose="social_assistance")) is None
    assert desk.start(colleague.inquiry(client)) is None
    assert desk.start(uuid4()) is None
    for hidden in (protected, elsewhere):
        assert desk.start(desk.inquiry(hidden)) is None
    # Decided, and not yet shown.
    row = desk.connection.execute(
        "SELECT * FROM door.open_inquiry(%s, 'payment_claim', NULL, NULL, true, %s, '{payments}')",
        [desk.secret, client.personal_id],
    ).fetchone()
    assert row is not None
    assert desk.start(row[0]) is None
    assert desk.page("draft")["total"] == 0
    assert desk.start(desk.inquiry(elsewhere, reason=NOTE)) is not None


def test_an_earlier_claim_of_the_same_client_can_be_copied(world: World, desk: ClaimDesk) -> None:
    client = world.person()
    claim_id = desk.draft(client)
    desk.keep(claim_id, 1, amount="100")
    desk.submit(claim_id, 2)
    copy = desk.start(desk.inquiry(client), claim_id)
    assert copy is not None
    read = desk.read(UUID(copy["claim_id"]))
    assert read is not None
    assert (read["state"], read["typed"]) == ("draft", {"amount": "100"})
    assert [other["claim_id"] for other in read["others"]] == [str(claim_id)]
    assert desk.start(desk.inquiry(world.person()), claim_id) is None


def test_claims_are_their_organisations_and_not_her_familys(
    world: World, body: Body, desk: ClaimDesk, desks: ClaimDesks
) -> None:
    client, relative, later = world.person(), world.person(), world.person()
    claims = [desk.sent(each) for each in (client, relative, later)]
    mother = world.person()
    world.relate(mother, relative, "child", "parent")
    world.protect(later)
    family = desks(body, desk.account_id, official=mother)
    righted = desks(body, desk.account_id, official=(trusted := world.person()))
    world.allow_protected(body, pseudonym_of(trusted.personal_id))
    elsewhere = world.body()
    stranger = desks(elsewhere, account(world, elsewhere))
    for who, seen in ((desk, claims[:2]), (family, claims[:1]), (righted, claims), (stranger, [])):
        assert who.ids() == who.names(claims) == set(seen)
        for claim_id in claims:
            assert (who.read(claim_id) is not None) == (claim_id in seen)
            answer = who.change(claim_id, 99, "withdrawn", NOTE)
            assert (answer is not None) == (claim_id in seen)


def test_no_claims_without_the_mandate(world: World, body: Body, desks: ClaimDesks, desk: ClaimDesk) -> None:
    claim_id = desk.sent(world.person())
    without = desks(body, desk.account_id, mandates=("social_assistance_and_welfare",))
    assert without.call("SELECT door.claim_rows(%s, 'sent', 0, 10)", without.secret) is None
    assert without.call("SELECT door.claim_accounts(%s)", without.secret) is None
    assert without.open([claim_id]) is None
    assert without.change(claim_id, 2, "withdrawn", NOTE) is None
    refused = world.entries(kind="refused", action="claims")
    assert len(refused) == 4


def test_while_orders_of_non_disclosure_cannot_be_read_nobody_sees_any_claim(
    world: World, desk: ClaimDesk
) -> None:
    world.set_source("non_disclosure", available=False)
    try:
        with pytest.raises(psycopg.Error) as refused:
            desk.page()
        assert refused.value.sqlstate == "KL031"
    finally:
        world.set_source("non_disclosure", available=True)


class TestFourEyes:
    def test_whoever_made_or_sent_a_claim_does_not_approve_it(
        self, world: World, body: Body, desk: ClaimDesk, desks: ClaimDesks
    ) -> None:
        set_four_eyes(world, body)
        second, third = desks(body, desk.account_id), desks(body, desk.account_id)
        claim_id = desk.draft(world.person())
        answer = second.submit(claim_id)
        assert told(answer) == ("done", None, "to_approve", 2)
        assert answer["claim"]["receipt_number"] is None
        for who in (desk, second):
            assert told(who.change(claim_id, 2, "approved")) == ("not_possible", "own", "to_approve", 2)
        assert [row["may_approve"] for who in (desk, second, third) for row in who.page("draft")["rows"]] == [
            False, False, True,
        ]  # fmt: skip
        approved = third.change(claim_id, 2, "approved")
        assert told(approved) == ("done", None, "submitted", 3)
        assert approved["claim"]["receipt_number"] is not None

    def test_a_claim_goes_back_to_its_maker_with_a_reason(
        self, world: World, body: Body, desk: ClaimDesk, desks: ClaimDesks
    ) -> None:
        set_four_eyes(world, body)
        colleague = desks(body, desk.account_id)
        claim_id = desk.draft(world.person())
        desk.submit(claim_id)
        assert told(colleague.change(claim_id, 2, "returned", NOTE)) == ("done", None, "draft", 3)
        assert told(desk.submit(claim_id, 3)) == ("done", None, "to_approve", 4)
        read = desk.read(claim_id)
        assert read is not None
        assert [(event["what"], event["note"]) for event in read["history"]] == [
            ("made", None), ("sent_for_approval", None), ("returned", NOTE), ("sent_for_approval", None),
        ]  # fmt: skip

    def test_not_even_the_database_lets_one_person_do_both(
        self, world: World, body: Body, desk: ClaimDesk
    ) -> None:
        set_four_eyes(world, body)
        claim_id = desk.draft(world.person())
        desk.submit(claim_id)
        past = "state = 'submitted', receipt_number = 'MV-1', submitted_at = now()"
        for change in (past, "approved_by = made_by"):
            with pytest.raises(psycopg.errors.CheckViolation):
                world.database.run(f"UPDATE claims.claim SET {change} WHERE claim_id = %s", claim_id)

    def test_an_account_that_has_ended_meanwhile_is_not_approved(
        self, world: World, body: Body, desk: ClaimDesk, desks: ClaimDesks
    ) -> None:
        set_four_eyes(world, body)
        claim_id = desk.draft(world.person())
        desk.submit(claim_id)
        world.database.run("UPDATE claims.account SET valid_to = '2020-01-01'")
        answer = desks(body, desk.account_id).change(claim_id, 2, "approved")
        assert told(answer) == ("not_possible", "account", "to_approve", 2)


POSSIBLE = [
    ("draft", "withdrawn", False), ("draft", "ended", False), ("draft", "discarded", True),
    ("draft", "approved", False), ("submitted", "withdrawn", True), ("submitted", "ended", True),
    ("submitted", "discarded", False), ("submitted", "approved", False), ("submitted", "returned", False),
    ("accepted", "withdrawn", True), ("partly_accepted", "ended", True), ("in_payment", "withdrawn", False),
    ("in_payment", "ended", True), ("refused", "withdrawn", False), ("refused", "ended", False),
    ("ended", "ended", False), ("withdrawn", "withdrawn", False), ("withdrawn", "ended", False),
]  # fmt: skip


def test_what_can_be_done_with_a_claim_in_each_state(world: World, desk: ClaimDesk) -> None:
    inquiry_id = desk.inquiry(world.person())
    for state, what, allowed in POSSIBLE:
        claim_id = desk.another(inquiry_id)
        version = 1
        if state != "draft":
            desk.submit(claim_id)
            version = 2
            world.database.run("UPDATE claims.claim SET state = %s WHERE claim_id = %s", state, claim_id)
        answer = desk.change(
            claim_id, version, what, NOTE if what in {"withdrawn", "ended", "returned"} else None,
            date(2026, 11, 20) if what == "ended" else None,
        )  # fmt: skip
        expected = ("done", None) if allowed else ("not_possible", "state")
        assert (answer["result"], answer["why"]) == expected, (state, what)


def test_a_claim_ends_on_a_day_on_which_it_runs(world: World, desk: ClaimDesk) -> None:
    claim_id = desk.sent(world.person())
    for day in (date(2026, 10, 31), date(2026, 11, 30)):
        assert told(desk.change(claim_id, 2, "ended", NOTE, day)) == ("not_possible", "day", "submitted", 2)
    assert told(desk.change(claim_id, 2, "ended", NOTE, date(2026, 11, 29))) == (
        "done", None, "ended_by_claimant", 3,
    )  # fmt: skip
    assert desk.ids("ended") == {claim_id}
    open_end = desk.sent(
        world.person(), benefit="PEN-TE", ground="cfa14", paid_on=None, period_to=None, basis_to=None
    )
    assert told(desk.change(open_end, 2, "ended", NOTE, date(2030, 1, 1)))[0] == "done"


def test_a_discarded_draft_is_not_there(world: World, desk: ClaimDesk) -> None:
    claim_id = desk.draft(world.person())
    desk.change(claim_id, 1, "discarded")
    assert desk.read(claim_id) is None
    assert desk.ids("draft") == desk.names([claim_id]) == set()


def test_what_happened_cannot_be_changed(world: World, desk: ClaimDesk) -> None:
    desk.sent(world.person())
    for role in ("kelmu_owner", "kelmu_admin"):
        for statement in (
            "UPDATE claims.event SET note = note",
            "DELETE FROM claims.event",
            "TRUNCATE claims.event",
        ):
            with world.database.connect(role) as connection, pytest.raises(psycopg.Error) as refused:
                connection.execute(statement.encode())
            assert refused.value.sqlstate == "KL090"


MISSHAPEN = [
    "SELECT door.change_claim(%s, %s, 1, 'paid')",
    "SELECT door.change_claim(%s, %s, 1, 'withdrawn')",
    "SELECT door.change_claim(%s, %s, 1, 'withdrawn', 'too short')",
    "SELECT door.change_claim(%s, %s, 1, 'approved', 'a note that is not asked for')",
    "SELECT door.change_claim(%s, %s, 1, 'ended', 'a note that is long enough')",
    "SELECT door.change_claim(%s, %s, NULL, 'discarded')",
    "SELECT door.keep_claim(%s, %s, 1, '[]')",
    "SELECT door.keep_claim(%s, %s, 1, '{\"amount\": 1}')",
    "SELECT door.keep_claim(%s, %s, 1, NULL)",
    "SELECT door.open_claims(%s, ARRAY[%s]::uuid[], 'print')",
    "SELECT door.open_claims(%s, ARRAY[%s, gen_random_uuid()]::uuid[], 'open')",
]


def test_calls_of_another_form_are_refused(desk: ClaimDesk) -> None:
    for call in MISSHAPEN:
        with pytest.raises(psycopg.Error) as refused:
            desk.call(call, desk.secret, str(uuid4()))
        assert refused.value.sqlstate == "KL010", call
