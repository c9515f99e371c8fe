"""The last step of a claim: everything on one page, what to know before it is sent, and the sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise

from kelmu.benefits.catalogue import ClaimGround
from kelmu.claims import doors
from kelmu.claims.matrix import claimable, provisions
from kelmu.claims.rules import (
    Caution,
    Claim,
    Claimable,
    Granted,
    Known,
    Other,
    Timing,
    cautions,
    latest_net,
    overlapping,
    settled_order,
    timing,
)
from kelmu.core.errors import NotThere
from kelmu.core.formats import FINLAND
from kelmu.core.period import Period
from kelmu.inquiry.dossier import Dossier
from kelmu.web.access import KelmuRequest
from kelmu.web.claim_client import dossier_of
from kelmu.web.claim_pages import back_to, version_of
from kelmu.web.claim_steps import Draft, opened_draft
from kelmu.web.presentation.claim_words import CHANGED, CLAIM_GROUNDS, WHY_NOT
from kelmu.web.presentation.labels import benefit_name
from kelmu.web.presentation.told import moment

_GRANTED = frozenset({"granted", "partly", "reviewed"})
_PAID = frozenset({"planned", "in_payment", "paid", "corrected"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim as it is checked. ``others``: the organisation's own that overlap, as they would be settled."""

    claim: Claim
    benefit: str
    ground: str | Promise
    account: str
    timing: Timing | None
    cautions: tuple[Caution, ...]
    others: tuple[Other, ...]
    net: Decimal | None


def check(request: KelmuRequest, claim_id: UUID) -> HttpResponse:
    """Everything that was typed, held against the client's decisions and payments; and the claim sent."""
    draft = opened_draft(request, claim_id)
    if draft is None:
        return HttpResponseRedirect(reverse("claim", args=[claim_id]))
    wrong = draft.first_fault()
    if wrong is not None:
        return HttpResponseRedirect(reverse("claim_step", args=[claim_id, wrong]))
    dossier = dossier_of(request, claim_id, draft.told["client"]["personal_id"])
    sending = _sending(draft)
    if request.method != "POST" or dossier is None:
        status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
        return _shown(request, draft, sending, dossier, status=status)
    checked = _checked(draft, sending, dossier, draft.today)
    answer = doors.submit_claim(
        request.kelmu.session().secret, claim_id, version_of(request), sending, checked.cautions
    )
    if answer is None:
        raise NotThere("no such claim")
    if answer["result"] == "done":
        return back_to(request, claim_id, answer["claim"]["version"])
    problem = CHANGED if answer["result"] == "changed" else WHY_NOT[answer["why"]]
    return _shown(request, draft, sending, dossier, problem, HTTPStatus.CONFLICT)


def _sending(draft: Draft) -> doors.Sending:
    period, account = draft.form("period"), draft.form("account")
    assert period.is_valid()
    assert account.is_valid()
    values = account.cleaned_data
    return doors.Sending(
        claim=period.claim(),  # type: ignore[attr-defined] # the form of that step
        account_id=values["account"],
        reference=values["reference"] or None,
        handler_name=values["handler_name"],
        handler_phone=values["handler_phone"],
        message=values["message"] or None,
    )


def _checked(draft: Draft, sending: doors.Sending, dossier: Dossier, today: date) -> Checked:
    claim = sending.claim
    benefit = claimable(claim.benefit)
    assert isinstance(benefit, Claimable)
    known = _known(draft, dossier, claim.benefit)
    order = {ground: each.order for ground, each in provisions().items()}
    return Checked(
        claim=claim,
        benefit=benefit_name(claim.benefit),
        ground=CLAIM_GROUNDS[claim.ground],
        account=dict(draft.accounts)[str(sending.account_id)],
        timing=timing(benefit.paid, today, claim.period),
        cautions=cautions(claim, benefit, known, today),
        others=settled_order(overlapping(claim.period, known.others), order),
        net=latest_net(known.nets),
    )


def _known(draft: Draft, dossier: Dossier, benefit: str) -> Known:
    granted = tuple(
        Granted(each.decided_on, Period(each.valid_from, each.valid_to))
        for each in dossier.decisions or ()
        if each.benefit == benefit and each.outcome in _GRANTED and each.valid_from
    )
    nets = tuple(
        (each.paid_on, each.net)
        for each in dossier.payments or ()
        if each.benefit == benefit and each.state in _PAID
    )
    others = tuple(
        Other(
            each["receipt_number"],
            ClaimGround(each["ground"]),
            Period(
                date.fromisoformat(each["period_from"]),
                date.fromisoformat(each["period_to"]) if each["period_to"] else None,
            ),
            moment(each["submitted_at"]).astimezone(FINLAND).date(),
        )
        for each in draft.told["others"]
        if each["benefit"] == benefit
    )
    return Known(granted=granted, nets=nets, others=others)


def _shown(  # noqa: PLR0913, PLR0917 - what the page is made of
    request: KelmuRequest,
    draft: Draft,
    sending: doors.Sending,
    dossier: Dossier | None,
    problem: str | Promise = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        "claim_id": draft.told["claim_id"],
        "version": draft.told["version"],
        "client": draft.told["client"],
        "step": "check",
        "sending": sending,
        "checked": None if dossier is None else _checked(draft, sending, dossier, draft.today),
        "not_told": request.GET.get("told") == "no",
        "problem": problem,
    }
    return render(request, "kelmu/claims/check.html", context, status=status)
