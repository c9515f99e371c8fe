"""One inquiry over the machine channel: the same looks as the page's, the same bytes, the same rules."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from django.http import HttpResponse

from kelmu.api import problems
from kelmu.api.authentication import ApiRequest
from kelmu.api.schemas import InquiryIn
from kelmu.core.door import NoAgreement
from kelmu.core.errors import Refused, SourceDown
from kelmu.identity import doors
from kelmu.identity.acting import ActingSession
from kelmu.identity.configuration import identity
from kelmu.identity.machine.clients import MachineClient, VouchedOfficial, begin_machine_acting
from kelmu.inquiry import looks
from kelmu.inquiry.doors import Asked
from kelmu.inquiry.errors import InquiryNotAvailable
from kelmu.policy import Action, Cause, Channel, Decision, Outcome, decide, policy_digest

_log = structlog.get_logger("kelmu.api")
_NO_AGREEMENT = Decision(allowed=False, cause=Cause.NO_AGREEMENT)


class RefusedByPolicyError(Refused):
    """The decision, as a refusal of what the client asked."""

    def __init__(self, decision: Decision) -> None:
        super().__init__("refused by policy")
        self.decision = decision


def no_agreement(client: MachineClient) -> RefusedByPolicyError:
    """The refusal where the agreement is not in force, with its entry."""
    doors.log_access_refusal(None, client.organisation.business_id, Cause.NO_AGREEMENT, None)
    return RefusedByPolicyError(_NO_AGREEMENT)


def make_inquiry(request: ApiRequest, body: InquiryIn) -> HttpResponse:
    """Act for one call, open, decide, read.

    Raises:
        RefusedByPolicyError: agreement, mandates or purpose do not allow it; the log has it.
        SourceDown: the database does not answer, or holds another policy than this release.
    """
    session = act(request.auth, VouchedOfficial(body.official.id, body.official.personal_id))
    decision = decide(session, Action.INQUIRE, body.purpose, Channel.API, today=session.today)
    if decision.grant is None:
        cause = decision.cause or Cause.PURPOSE_NOT_ALLOWED
        doors.log_refusal(session.secret, Action.INQUIRE, cause, decision.missing_mandates, body.purpose)
        raise RefusedByPolicyError(decision)
    asked = Asked(
        personal_id=body.personal_id,
        case_reference=body.case_reference,
        told_client=body.told_client,
        reason=body.reason,
    )
    try:
        look = looks.open_inquiry(session, decision.grant, asked, read=True)
    except InquiryNotAvailable:
        return problems.problem(problems.NOT_AVAILABLE)
    return _answer(look)


def act(client: MachineClient, official: VouchedOfficial) -> ActingSession:
    """Act for one call.

    Raises:
        RefusedByPolicyError: the agreement is not in force for this channel; the log has it.
        SourceDown: the database holds another policy than this release.
    """
    try:
        session = begin_machine_acting(client, official, identity().pseudonym_key)
    except NoAgreement:
        raise no_agreement(client) from None
    if session.policy_digest != policy_digest():
        _log.error("policy_differs")
        raise SourceDown("the database holds another policy than this release")
    return session


def _answer(look: looks.Look) -> HttpResponse:
    """One of the four outcomes; nothing else about the person is ever told."""
    match look.outcome:
        case Outcome.GIVEN:
            assert look.document is not None
            # The door's own text, byte for byte: its SHA-256 stands in the entry.
            return HttpResponse(
                look.document.encode(),
                status=HTTPStatus.OK,
                content_type="application/json",
                headers={"Kelmu-Inquiry": str(look.inquiry_id)},
            )
        case Outcome.REASON_NEEDED:
            return problems.problem(problems.REASON_NEEDED)
        case Outcome.OWN_DATA:
            return problems.problem(problems.OWN_DATA)
        case Outcome.NOT_AVAILABLE:
            return problems.problem(problems.NOT_AVAILABLE)
