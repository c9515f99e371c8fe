"""A claim's client: an inquiry of its own, opened for payment claims, before anything is claimed of her."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kelmu.claims import doors
from kelmu.core.errors import NotThere, Unprocessable
from kelmu.core.personal_id import PersonalId
from kelmu.inquiry import looks
from kelmu.inquiry.doors import Asked
from kelmu.inquiry.dossier import Dossier
from kelmu.inquiry.errors import InquiryNotThere
from kelmu.policy import Action, Channel, decide
from kelmu.policy.refusals import RefusedByPolicyError
from kelmu.web.access import KelmuRequest
from kelmu.web.client_pages import CLAIM_PURPOSE, instead_of_data

GROUPS = ("decisions", "payments")
"""What the checks of a claim rest on."""
_OPENED = "claim_inquiries"
_MOST_KEPT = 20


def start(request: KelmuRequest) -> HttpResponse:
    """Begin a claim about the client of an open inquiry."""
    inquiry_id = _uuid(request.POST.get("inquiry", ""))
    return _begun(request, inquiry_id, None)


def open_client(request: KelmuRequest, claim_id: UUID) -> HttpResponse:
    """Open an inquiry about a claim's client: to go on with the draft, or for a copy of the claim."""
    session = request.kelmu.session()
    copied = request.POST.get("what") == "copy"
    back = reverse("claim", args=[claim_id]) if copied else reverse("claim_check", args=[claim_id])
    if request.POST.get("told_client") != "on":
        return HttpResponseRedirect(f"{back}?told=no", status=HTTPStatus.SEE_OTHER)
    decision = decide(session, Action.INQUIRE, CLAIM_PURPOSE, Channel.WEB, today=session.today)
    if decision.grant is None:
        raise RefusedByPolicyError(decision)
    told = doors.claim(session.secret, claim_id)
    if told is None:
        raise NotThere("no such claim")
    asked = Asked(
        personal_id=PersonalId.parse(told["client"]["personal_id"]),
        case_reference=told["receipt_number"] or "",
        told_client=True,
    )
    look = looks.open_inquiry(session, decision.grant, asked, groups=GROUPS, read=True)
    if look.dossier is None:
        _remember(request, claim_id, look.inquiry_id)
        return instead_of_data(request, look)
    if copied:
        return _begun(request, look.inquiry_id, claim_id)
    _remember(request, claim_id, look.inquiry_id)
    return HttpResponseRedirect(back, status=HTTPStatus.SEE_OTHER)


def dossier_of(request: KelmuRequest, claim_id: UUID, personal_id: str) -> Dossier | None:
    """Decisions and payments of a claim's client, by the inquiry opened for it; None: none is open."""
    opened = dict(request.session.get(_OPENED, [])).get(str(claim_id))
    if opened is None:
        return None
    try:
        look = looks.view(request.kelmu.session(), UUID(opened), groups=GROUPS)
    except InquiryNotThere:
        return None
    if look.dossier is None or look.dossier.person.personal_id != personal_id:
        return None
    return look.dossier


def _begun(request: KelmuRequest, inquiry_id: UUID, copied: UUID | None) -> HttpResponse:
    answer = doors.start_claim(request.kelmu.session().secret, inquiry_id, copied)
    if answer is None:
        raise NotThere("no inquiry a claim can begin with")
    claim_id = UUID(answer["claim"]["claim_id"])
    _remember(request, claim_id, inquiry_id)
    address = reverse("claim_step", args=[claim_id, "benefit"])
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


def _remember(request: KelmuRequest, claim_id: UUID, inquiry_id: UUID) -> None:
    kept = [pair for pair in request.session.get(_OPENED, []) if pair[0] != str(claim_id)]
    request.session[_OPENED] = [*kept, [str(claim_id), str(inquiry_id)]][-_MOST_KEPT:]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unprocessable("no inquiry") from None
