"""One inquiry over the machine channel: the same looks as the page's, the same bytes, the same rules."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse

from kelmu.api import problems
from kelmu.api.acting import allowed
from kelmu.api.authentication import ApiRequest
from kelmu.api.schemas import InquiryIn
from kelmu.inquiry import looks
from kelmu.inquiry.doors import Asked
from kelmu.inquiry.errors import InquiryNotAvailable
from kelmu.policy import Action, Outcome


def make_inquiry(request: ApiRequest, body: InquiryIn) -> HttpResponse:
    """Act for one call, open, decide, read.

    Raises:
        RefusedByPolicyError: agreement, mandates or purpose do not allow it; the log has it.
        SourceDown: the database does not answer, or holds another policy than this release.
    """
    session, decision = allowed(request.auth, body.official.vouched(), Action.INQUIRE, body.purpose)
    assert decision.grant is not None
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
