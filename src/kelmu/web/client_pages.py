"""The pages of one client: each is a look of its own, decided again and logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kelmu.inquiry import looks
from kelmu.inquiry.dossier import Dossier
from kelmu.inquiry.errors import InquiryNotThere
from kelmu.organisations.queries import municipalities
from kelmu.policy import Action, Channel, Outcome, decide, policy_data
from kelmu.web import error_pages
from kelmu.web.access import KelmuRequest
from kelmu.web.presentation.client import PAGE_GROUPS, ClientFrame, Home, InquiryFacts, client_frame
from kelmu.web.presentation.coverage import coverage_page
from kelmu.web.presentation.decisions import decision_page, decisions_page
from kelmu.web.presentation.from_others import from_others_page
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.medicine import medicine_page
from kelmu.web.presentation.payments import payments_page
from kelmu.web.presentation.pending import pending_page
from kelmu.web.presentation.recovery import recovery_page
from kelmu.web.presentation.summary import summary_page
from kelmu.web.tickets import take_ticket

CLAIM_PURPOSE = "payment_claim"
PageModel = Callable[[Dossier], Any]


def summary(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """The summary: read with the ticket of the search that led here, or as a look of its own."""
    today = request.kelmu.session().today
    ticket = take_ticket(request.session, inquiry_id)
    if ticket is not None:
        # Too late, or used in another tab: a look of its own, below.
        with suppress(InquiryNotThere):
            look = looks.read(request.kelmu.session(), ticket, groups=PAGE_GROUPS["summary"])
            return _shown(request, look, "summary", lambda dossier: summary_page(dossier, today=today))
    return _page(request, inquiry_id, "summary", lambda dossier: summary_page(dossier, today=today))


def pending(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """Pending matters."""
    today = request.kelmu.session().today
    return _page(request, inquiry_id, "pending", lambda dossier: pending_page(dossier, today=today))


def decisions(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """Decisions, filtered by the query."""
    today = request.kelmu.session().today
    return _page(
        request,
        inquiry_id,
        "decisions",
        lambda dossier: decisions_page(dossier, _query(request), today=today),
    )


def decision(request: KelmuRequest, inquiry_id: UUID, number: str) -> HttpResponse:
    """One decision of the client; one that is not in the dossier is not there."""
    today = request.kelmu.session().today

    def found(dossier: Dossier) -> Any:
        page = decision_page(dossier, number, _query(request), today=today)
        if page is None:
            raise InquiryNotThere("no such decision")
        return page

    return _page(request, inquiry_id, "decisions", found, template="decision")


def payments(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """Payments by month, for the period of the query."""
    today = request.kelmu.session().today
    return _page(
        request,
        inquiry_id,
        "payments",
        lambda dossier: payments_page(dossier, _query(request), today=today),
    )


def coverage(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """Insurance coverage: periods and documents."""
    today = request.kelmu.session().today
    return _page(request, inquiry_id, "coverage", lambda dossier: coverage_page(dossier, today=today))


def recovery(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """Recovery of overpayments, and collection of maintenance."""
    return _page(request, inquiry_id, "recovery", recovery_page)


def medicine(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """The annual limit on medicine costs."""
    today = request.kelmu.session().today
    return _page(request, inquiry_id, "medicine", lambda dossier: medicine_page(dossier, today=today))


def from_others(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """What other parties have told Kela."""
    today = request.kelmu.session().today
    return _page(request, inquiry_id, "from_others", lambda dossier: from_others_page(dossier, today=today))


def _query(request: KelmuRequest) -> Mapping[str, str]:
    return {name: str(value) for name, value in request.GET.items()}


def _page(
    request: KelmuRequest, inquiry_id: UUID, tab: str, model: PageModel, *, template: str = ""
) -> HttpResponse:
    look = looks.view(request.kelmu.session(), inquiry_id, groups=(*PAGE_GROUPS[tab], looks.CHANGES))
    return _shown(request, look, tab, model, template=template)


def _shown(
    request: KelmuRequest, look: looks.Look, tab: str, model: PageModel, *, template: str = ""
) -> HttpResponse:
    if look.dossier is None:
        return instead_of_data(request, look)
    context = {
        "frame": frame_of(look, look.dossier, tab),
        "page": model(look.dossier),
        "may_claim": look.grant.purpose == CLAIM_PURPOSE and _may_claim(request),
    }
    return render(request, f"kelmu/clients/{template or tab}.html", context)


def _may_claim(request: KelmuRequest) -> bool:
    """Whether a claim can be made about the client of an inquiry that was opened for that."""
    session = request.kelmu.session()
    return decide(session, Action.CLAIMS, None, Channel.WEB, today=session.today).allowed


def instead_of_data(request: KelmuRequest, look: looks.Look) -> HttpResponse:
    """The answer to a look that gave nothing: the way to a reason, or the page of its outcome."""
    if look.outcome is Outcome.REASON_NEEDED:
        return HttpResponseRedirect(reverse("client_confirm", args=[look.inquiry_id]))
    if look.outcome is Outcome.OWN_DATA:
        return render(request, "kelmu/clients/own_data.html", status=403)
    return error_pages.not_available(request)


def frame_of(look: looks.Look, dossier: Dossier, tab: str) -> ClientFrame:
    """What all pages of one client share, on the page ``tab``."""
    person = dossier.person
    homes = person.residences or ()
    codes = {*(home.municipality for home in homes), *([person.municipality] if person.municipality else [])}
    places = municipalities(codes) if codes else {}
    present = places.get(person.municipality or "")
    facts = InquiryFacts(
        inquiry_id=str(look.inquiry_id),
        purpose_name=policy_data().purposes[look.grant.purpose].name(language()),
        opened_at=look.opened_at,
        case_reference=look.case_reference,
        groups=frozenset(look.grant.groups),
        municipality_name=present.name(language()) if present else None,
        county_name=present.county.name(language()) if present else None,
        homes=tuple(
            Home(places[home.municipality].name(language()), home.valid_from, home.valid_to)
            for home in homes
            if home.municipality in places
        ),
    )
    return client_frame(dossier, facts, tab=tab)
