"""Finding a client: the search, and the reason where one is needed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kelmu.inquiry import looks
from kelmu.inquiry.doors import Asked
from kelmu.inquiry.drafts import Form
from kelmu.inquiry.errors import InquiryNotThere
from kelmu.policy import Action, Channel, Outcome, decide, purposes_for
from kelmu.policy.refusals import RefusedByPolicyError
from kelmu.web import drafts, error_pages
from kelmu.web.access import KelmuRequest
from kelmu.web.presentation.client import PAGE_GROUPS
from kelmu.web.presentation.forms import ReasonForm, SearchForm
from kelmu.web.presentation.labels import language
from kelmu.web.tickets import keep_ticket

_PURPOSE = "purpose"


def search_form(request: KelmuRequest) -> dict[str, Any]:
    """What a page with the search form needs: the form with the purposes her mandates open, and its draft.

    The purpose asked for in the address is shown first, else the one last chosen.
    """
    session = request.kelmu.session()
    purposes = purposes_for(session, Channel.WEB, session.today)
    opened = drafts.open_form(request, Form.SEARCH)
    form = SearchForm(
        request.POST if request.method == "POST" else None,
        purposes=[(purpose.code, purpose.name(language())) for purpose in purposes],
        initial={
            "purpose": request.session.get(_PURPOSE, ""),
            **opened.text,
            **({"purpose": asked} if (asked := request.GET.get(_PURPOSE)) else {}),
        },
    )
    return {"form": form, "opened": opened}


def search(request: KelmuRequest) -> HttpResponse:
    """The search: a form, and what came of it. The identity code travels only in the body."""
    context = search_form(request)
    if request.method != "POST":
        context["reason_kept"] = request.GET.get("draft") == Form.REASON
        return render(request, "kelmu/clients/search.html", context)
    form: SearchForm = context["form"]
    if not form.is_valid():
        return render(request, "kelmu/clients/search.html", context, status=422)
    session = request.kelmu.session()
    purpose = form.cleaned_data["purpose"]
    decision = decide(session, Action.INQUIRE, purpose, Channel.WEB, today=session.today)
    if decision.grant is None:
        raise RefusedByPolicyError(decision)
    request.session[_PURPOSE] = purpose
    asked = Asked(
        personal_id=form.cleaned_data["personal_id"],
        case_reference=form.cleaned_data["case_reference"],
        told_client=form.cleaned_data["told_client"],
    )
    groups = (*PAGE_GROUPS["summary"], looks.CHANGES)
    look = looks.open_inquiry(session, decision.grant, asked, groups=groups)
    drafts.drawer_of(request).forget(Form.SEARCH)
    return answer_look(request, look)


def confirm(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """The interruption card: a reason is needed, never which rule asked."""
    opened = drafts.open_form(request, Form.REASON, inquiry_id)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial=dict(opened.text))
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "inquiry_id": inquiry_id, "opened": opened}
        status = 422 if request.method == "POST" else 200
        return render(request, "kelmu/clients/confirm.html", context, status=status)
    try:
        look = looks.give_reason(
            request.kelmu.session(),
            inquiry_id,
            reason=form.cleaned_data["reason"].strip(),
            groups=PAGE_GROUPS["summary"],
        )
    except InquiryNotThere:
        # Her own inquiry that nobody waits for any more: not there either way, but the words are not lost.
        drafts.keep_typed(drafts.drawer_of(request), Form.REASON, inquiry_id, request.POST)
        return render(request, "kelmu/clients/reason_too_late.html", status=409)
    drafts.drawer_of(request).forget(Form.REASON, inquiry_id)
    return answer_look(request, look)


def answer_look(request: KelmuRequest, look: looks.Look) -> HttpResponse:
    """One of the four outcomes; nothing else about the person is ever told."""
    match look.outcome:
        case Outcome.GIVEN:
            if look.ticket is not None:
                keep_ticket(request.session, look.inquiry_id, look.ticket)
            return HttpResponseRedirect(reverse("client_summary", args=[look.inquiry_id]))
        case Outcome.REASON_NEEDED:
            return HttpResponseRedirect(reverse("client_confirm", args=[look.inquiry_id]))
        case Outcome.OWN_DATA:
            return render(request, "kelmu/clients/own_data.html", status=403)
        case Outcome.NOT_AVAILABLE:
            return error_pages.not_available(request)
