"""For whom one acts: page 3 of the page map, and the ways through the mandate selection."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kelmu.core.door import NoAgreement
from kelmu.identity import doors
from kelmu.identity.mandates.errors import MandateError, MandateFault
from kelmu.identity.presence import known_acting
from kelmu.identity.selecting import (
    Offer,
    begin_acting,
    begin_selection,
    continue_acting,
    finish_selection,
    kept_offer,
    read_again,
    stop_acting,
)
from kelmu.web import error_pages
from kelmu.web.access import Context, KelmuRequest
from kelmu.web.offers import Assessment, Choice, assess
from kelmu.web.paths import safe_path, with_next

LAST_CHOICE_COOKIE = "kelmu_last_choice"
_PAGES = {
    "mandates_incomplete": ("kelmu/organisation/incomplete.html", HTTPStatus.SERVICE_UNAVAILABLE),
    "missing_mandate": ("kelmu/organisation/missing_mandate.html", HTTPStatus.FORBIDDEN),
    "no_agreement": ("kelmu/organisation/no_agreement.html", HTTPStatus.FORBIDDEN),
    "no_organisation": ("kelmu/organisation/no_organisation.html", HTTPStatus.FORBIDDEN),
}


class ChoiceForm(forms.Form):
    """Which organisation, under which agreement."""

    agreement = forms.ChoiceField(
        label=_("Organisation"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the organisation you act for."),
            "invalid_choice": _("Choose one of the organisations listed."),
        },
    )

    def __init__(self, data: object, choices: tuple[Choice, ...]) -> None:
        super().__init__(data)  # type: ignore[arg-type] # a QueryDict, or None
        field = self.fields["agreement"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(choice.value, choice.name) for choice in choices]


def organisation(request: KelmuRequest) -> HttpResponse:
    """Choose for whom to act, or, when acting, change it."""
    known = request.kelmu
    offer = kept_offer(known.browser)
    if request.method == "POST":
        return _choose(request, offer)
    if known.acting is not None:
        return render(request, "kelmu/organisation/change.html")
    if offer is None:
        context = {"next_path": safe_path(request.GET.get("next"))}
        return render(request, "kelmu/organisation/select.html", context)
    return _show(request, offer, assess(offer.read), None)


def organisation_unavailable(request: KelmuRequest) -> HttpResponse:
    """Mandates could not be read; the way to try again."""
    retry_url = with_next(reverse("organisation"), safe_path(request.GET.get("next")))
    return error_pages.mandates_down(request, MandateFault.DOWN, retry_url)


def organisation_select(request: KelmuRequest) -> HttpResponse:
    """To the mandate selection."""
    return _to_selection(request, safe_path(request.POST.get("next")))


def organisation_change(request: KelmuRequest) -> HttpResponse:
    """End acting for the present organisation, with every client opened, and select again."""
    stop_acting(request.kelmu.browser, "changed_organisation")
    request.acting = None
    return _to_selection(request, reverse("home"))


def organisation_return(request: KelmuRequest) -> HttpResponse:
    """Back from the mandate selection: on with the same organisation, with the only one, or to the choice."""
    known = request.kelmu
    official = known.signed_in()
    try:
        offer = finish_selection(known.identity, known.browser, official, request.GET.dict())
        if _went_on(known, offer):
            return HttpResponseRedirect(offer.return_path)
    except MandateError as error:
        return _selection_failed(request, error.fault)
    request.acting = None
    found = assess(offer.read)
    if found.cause:
        _log_refusals(known, offer, found)
    if len(found.choices) == 1:
        return _begin(request, offer, found.choices[0])
    return HttpResponseRedirect(reverse("organisation"))


def _went_on(known: Context, offer: Offer) -> bool:
    """Whether the present acting session goes on with the new reading; it is ended if it does not."""
    acting = known_acting(known.browser)
    if acting is None:
        return False
    business_id = acting.organisation.business_id
    if offer.read.of(business_id) is None:
        stop_acting(known.browser, "changed_organisation")
        return False
    going_on = continue_acting(known.browser, acting.secret, business_id, offer.read)
    if going_on:
        known.browser.offer = None
        known.browser.save()
    return going_on


def _choose(request: KelmuRequest, offer: Offer | None) -> HttpResponse:
    known = request.kelmu
    if offer is None:
        return HttpResponseRedirect(reverse("organisation"))
    try:
        offer = read_again(known.identity, known.browser, offer)
    except MandateError as error:
        if error.fault is MandateFault.EXPIRED:
            return _to_selection(request, offer.return_path)
        return error_pages.mandates_down(request, error.fault)
    found = assess(offer.read)
    form = ChoiceForm(request.POST, found.choices)
    if found.cause or not form.is_valid():
        return _show(request, offer, found, form)
    wanted = form.cleaned_data["agreement"]
    return _begin(request, offer, next(choice for choice in found.choices if choice.value == wanted))


def _begin(request: KelmuRequest, offer: Offer, choice: Choice) -> HttpResponse:
    known = request.kelmu
    try:
        begin_acting(known.browser, known.signed_in(), choice.agreement, offer)
    except NoAgreement:
        doors.log_access_refusal(
            known.signed_in().pseudonym, choice.agreement.business_id, "no_agreement", offer.read.request_id
        )
        return HttpResponseRedirect(reverse("organisation"))
    response = HttpResponseRedirect(offer.return_path)
    response.set_cookie(
        LAST_CHOICE_COOKIE,
        choice.value,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _show(request: KelmuRequest, offer: Offer, found: Assessment, form: ChoiceForm | None) -> HttpResponse:
    """The choice, or the page of what is lacking."""
    if found.cause:
        template, status = _PAGES[found.cause]
        context = {
            "found": found,
            "agreements_contact": request.kelmu.identity.agreements_contact,
            "next_path": offer.return_path,
        }
        return render(request, template, context, status=status)
    last = request.COOKIES.get(LAST_CHOICE_COOKIE, "")
    choices = sorted(found.choices, key=lambda choice: choice.value != last)
    shown = form or ChoiceForm(None, found.choices)
    chosen = form["agreement"].value() if form else choices[0].value if choices[0].value == last else None
    context = {
        "form": shown,
        "choices": choices,
        "chosen": chosen,
        "found": found,
        "next_path": offer.return_path,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "kelmu/organisation/choose.html", context, status=status)


def _to_selection(request: KelmuRequest, return_path: str) -> HttpResponse:
    known = request.kelmu
    known.browser.offer = None
    known.browser.save()
    try:
        address = begin_selection(
            known.identity, known.browser, known.signed_in(), return_path, get_language() or "fi"
        )
    except MandateError as error:
        return error_pages.mandates_down(request, error.fault, reverse("organisation"))
    response = HttpResponse(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = address
    return response


def _selection_failed(request: KelmuRequest, fault: MandateFault) -> HttpResponse:
    request.acting = None
    if fault in {MandateFault.CANCELLED, MandateFault.EXPIRED, MandateFault.UNKNOWN_STATE}:
        cancelled = fault is MandateFault.CANCELLED
        status = HTTPStatus.OK if cancelled else HTTPStatus.BAD_REQUEST
        context = {"cancelled": cancelled, "next_path": reverse("home")}
        return render(request, "kelmu/organisation/select.html", context, status=status)
    return error_pages.mandates_down(request, fault, reverse("organisation"))


def _log_refusals(known: Context, offer: Offer, found: Assessment) -> None:
    """One entry an organisation that cannot be acted for; one without an organisation when there is none."""
    pseudonym, request_id = known.signed_in().pseudonym, offer.read.request_id
    assert found.cause is not None
    business_ids: list[str | None] = [o.business_id for o in offer.read.organisations]
    for business_id in business_ids or [None]:
        doors.log_access_refusal(pseudonym, business_id, found.cause, request_id)
