"""Page 32: a claim is made in steps. What is typed is kept at each of them, right or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kelmu.claims import doors
from kelmu.claims.doors import Answer
from kelmu.core.errors import NotThere
from kelmu.web.access import KelmuRequest
from kelmu.web.claim_pages import version_of
from kelmu.web.presentation.claim_forms import STEPS, AccountForm, BenefitForm, PeriodForm
from kelmu.web.presentation.claim_page import grouped
from kelmu.web.presentation.claim_words import CHANGED
from kelmu.web.typed import clean


@dataclass(frozen=True)
class Draft:
    """A draft as it was typed, and what its forms need: the accounts of today, and the day."""

    told: Answer
    accounts: list[tuple[str, str]]
    today: date

    @property
    def typed(self) -> Mapping[str, str]:
        """The fields, by name."""
        typed: Mapping[str, str] = self.told["typed"]
        return typed

    def form(self, step: str, typed: Mapping[str, str] | None = None, *, blank: bool = False) -> forms.Form:
        """The form of a step with what was typed; ``blank``: as it is shown first, without any fault."""
        data = None if blank else {**self.typed, **(typed or {})}
        match step:
            case "benefit":
                form: forms.Form = BenefitForm(data)
            case "period":
                form = PeriodForm(
                    data,
                    ground=self.typed.get("ground", ""),
                    benefit=self.typed.get("benefit", ""),
                    today=self.today,
                )
            case _:
                form = AccountForm(data, accounts=self.accounts)
        if blank:
            form.initial = {name: self.typed.get(name, "") for name in form.fields}
        return form

    def first_fault(self) -> str | None:
        """The first step at which something is missing or wrong; None: the claim can be checked."""
        return next((step for step in STEPS if not self.form(step).is_valid()), None)


def step(request: KelmuRequest, claim_id: UUID, step: str) -> HttpResponse:
    """One step: the form, and on to the next one once what was typed is right."""
    if step not in STEPS:
        raise NotThere("no such step")
    draft = opened_draft(request, claim_id)
    if draft is None:
        return HttpResponseRedirect(reverse("claim", args=[claim_id]))
    before = STEPS[: STEPS.index(step)]
    wrong = next((each for each in before if not draft.form(each).is_valid()), None)
    if wrong is not None:
        return HttpResponseRedirect(reverse("claim_step", args=[claim_id, wrong]))
    if request.method != "POST":
        return _shown(request, draft, step, draft.form(step, blank=True), draft.told["version"])
    version = version_of(request)
    form = draft.form(step, blank=True)
    typed = {name: clean(request.POST.get(name, ""))[:2000] for name in form.fields}
    answer = doors.keep_claim(request.kelmu.session().secret, claim_id, version, {**draft.typed, **typed})
    if answer is None:
        raise NotThere("no such claim")
    form = draft.form(step, typed)
    if answer["result"] != "done":
        form.add_error(None, str(CHANGED))
        return _shown(request, draft, step, form, draft.told["version"], HTTPStatus.CONFLICT)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _shown(request, draft, step, form, answer["claim"]["version"], status)
    return HttpResponseRedirect(_after(claim_id, step), status=HTTPStatus.SEE_OTHER)


def opened_draft(request: KelmuRequest, claim_id: UUID) -> Draft | None:
    """The draft, with an entry that says it was opened; None: it has been sent.

    Raises:
        NotThere: it is not there, or not for this official.
    """
    session = request.kelmu.session()
    told = doors.claim(session.secret, claim_id)
    if told is None:
        raise NotThere("no such claim")
    if told["state"] != "draft":
        return None
    known = doors.claim_accounts(session.secret) or ()
    accounts = [(str(each["account_id"]), f"{each['name']}, {grouped(each['iban'])}") for each in known]
    return Draft(told, accounts, session.today)


def _after(claim_id: UUID, step: str) -> str:
    place = STEPS.index(step) + 1
    if place == len(STEPS):
        return reverse("claim_check", args=[claim_id])
    return reverse("claim_step", args=[claim_id, STEPS[place]])


def _shown(  # noqa: PLR0913, PLR0917 - what the page is made of
    request: KelmuRequest,
    draft: Draft,
    step: str,
    form: forms.Form,
    version: int,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        "claim_id": draft.told["claim_id"],
        "client": draft.told["client"],
        "step": step,
        "form": form,
        "version": version,
        "no_accounts": step == "account" and not draft.accounts,
    }
    return render(request, "kelmu/claims/step.html", context, status=status)
