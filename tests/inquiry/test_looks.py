"""A look from Python: given, asked, refused, different; each with its trace."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from kelmu.core import clock
from kelmu.core.personal_id import PersonalId
from kelmu.identity.acting import ActingSession
from kelmu.inquiry import looks
from kelmu.inquiry.doors import Asked
from kelmu.inquiry.errors import InquiryNotAvailable, InquiryNotThere, InquiryRefused
from kelmu.policy import Action, Cause, Channel, Grant, Outcome, decide
from tests.inquiry.conftest import acting
from tests.world import Body, Somebody, World


def grant_for(session: ActingSession, purpose: str = "social_assistance") -> Grant:
    grant = decide(session, Action.INQUIRE, purpose, Channel.WEB, today=session.today).grant
    assert grant is not None
    return grant


def asked(somebody: Somebody, reason: str | None = None) -> Asked:
    return Asked(PersonalId.parse(somebody.personal_id), "case 7", told_client=True, reason=reason)


def opened(session: ActingSession, somebody: Somebody, reason: str | None = None) -> looks.Look:
    return looks.open_inquiry(session, grant_for(session), asked(somebody, reason))


def test_a_given_look_reads_the_typed_dossier(session: ActingSession, world: World) -> None:
    client = world.person()
    world.payment(client, gross=700, tax=88, net=612)
    look = opened(session, client)
    assert (look.outcome, look.dossier) == (Outcome.GIVEN, None)
    found = looks.read(session, look.ticket or "")
    assert found.dossier is not None
    [payment] = found.dossier.payments or ()
    assert (payment.gross, payment.tax, payment.net) == (
        Decimal("700.00"),
        Decimal("88.00"),
        Decimal("612.00"),
    )
    assert found.dossier.pending == ()
    assert found.case_reference == "case 7"
    entry = world.entries(inquiry_id=look.inquiry_id)[-1]
    assert entry["document_digest"] == rf"\x{hashlib.sha256((found.document or '').encode()).hexdigest()}"


def test_a_further_page_is_a_view_with_its_own_entry(session: ActingSession, world: World) -> None:
    client = world.person()
    look = opened(session, client)
    page = looks.view(session, look.inquiry_id, groups=["payments"])
    assert page.dossier is not None
    assert (page.dossier.payments, page.dossier.decisions) == ((), None)
    kinds = [(entry["kind"], entry["data_groups"]) for entry in world.entries(inquiry_id=look.inquiry_id)[1:]]
    assert kinds == [("view", ["payments"]), ("disclosed", ["payments", "person"])]


def test_a_reason_opens_what_needed_one(session: ActingSession, world: World) -> None:
    outsider = world.person(lives_in="853")
    look = opened(session, outsider)
    assert look.outcome is Outcome.REASON_NEEDED
    reasoned = looks.give_reason(session, look.inquiry_id, reason="Moves to our county next week")
    assert reasoned.outcome is Outcome.GIVEN
    assert looks.read(session, reasoned.ticket or "").dossier is not None


def test_a_look_not_given_reads_nothing(session: ActingSession, world: World, official: Somebody) -> None:
    relative = world.person()
    world.relate(official, relative, "sibling", "sibling")
    look = opened(session, relative, reason="a reason long enough")
    assert look.outcome is Outcome.NOT_AVAILABLE
    page = looks.view(session, look.inquiry_id, groups=["payments"])
    assert (page.outcome, page.dossier) == (Outcome.NOT_AVAILABLE, None)


def test_what_is_not_there_says_so_after_its_entry_is_kept(
    session: ActingSession, world: World, body: Body
) -> None:
    attempts: list[Callable[[], looks.Look]] = [
        lambda: looks.view(session, uuid4(), groups=["payments"]),
        lambda: looks.read(session, "0" * 64),
        lambda: looks.give_reason(session, uuid4(), reason="a reason long enough"),
    ]
    for attempt in attempts:
        with pytest.raises(InquiryNotThere):
            attempt()
    assert len(world.entries(organisation_id=body.organisation_id, kind="not_there")) == 3


def test_a_group_the_purpose_does_not_open_is_refused_in_words(session: ActingSession, world: World) -> None:
    client = world.person()
    look = looks.open_inquiry(session, grant_for(session, "client_fees"), asked(client))
    with pytest.raises(InquiryRefused) as raised:
        looks.view(session, look.inquiry_id, groups=["pending"])
    assert raised.value.decision.cause is Cause.PURPOSE_NOT_ALLOWED


def test_an_agreement_that_ends_stops_the_next_page(session: ActingSession, world: World, body: Body) -> None:
    look = opened(session, world.person())
    world.change_agreement(body, valid_to=clock.today() - timedelta(days=2))
    with pytest.raises(InquiryRefused) as raised:
        looks.view(acting(world, session.secret), look.inquiry_id, groups=["payments"])
    assert raised.value.decision.cause is Cause.NO_AGREEMENT
    assert world.entries(inquiry_id=look.inquiry_id)[-1]["cause"] == "no_agreement"


@pytest.mark.parametrize(
    "change",
    [
        (
            "UPDATE policy.profile SET lookback_months = 600 "
            "WHERE purpose = 'social_assistance' AND data_group = 'payments'"
        ),
        "UPDATE policy.purpose SET minor_allowed = NOT minor_allowed WHERE code = 'social_assistance'",
        "UPDATE policy.organisation_type SET everybody_outside = true WHERE code = 'wellbeing_county'",
    ],
    ids=["reaches back further", "other rule for minors", "same facts"],
)
def test_where_policy_and_door_differ_nothing_is_shown_and_an_alarm_is_raised(
    session: ActingSession, world: World, body: Body, change: str
) -> None:
    minor = world.person(born=clock.today() - timedelta(days=4000))
    with world.database.connect("kelmu_owner", autocommit=False) as owner:
        owner.execute(change.encode())
        owner.commit()
        try:
            if "everybody_outside" in change:
                assert opened(session, minor).outcome is Outcome.REASON_NEEDED
                return
            with pytest.raises(InquiryNotAvailable):
                opened(session, minor)
        finally:
            undo = change.replace("= 600", "= 24").replace("outside = true", "outside = false")
            owner.execute(undo.encode())
            owner.commit()
    [alarm] = world.entries(organisation_id=body.organisation_id, kind="difference")
    assert alarm["detail"] == "given given"
    assert not world.entries(organisation_id=body.organisation_id, kind="disclosed")


def test_opening_inside_a_transaction_is_refused_before_anything_is_asked(
    session: ActingSession, world: World
) -> None:
    client = world.person()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        opened(session, client)
