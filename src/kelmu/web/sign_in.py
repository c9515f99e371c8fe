"""Signing in and out: pages 2 and 5 of the page map."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kelmu.identity.mandates.errors import MandateError
from kelmu.identity.oidc.errors import SignInError, SignInFault
from kelmu.identity.oidc.request import end_session_address
from kelmu.identity.selecting import begin_selection
from kelmu.identity.signing_in import begin_sign_in, finish_sign_in
from kelmu.identity.signing_in import sign_out as end_everything
from kelmu.web.access import KelmuRequest
from kelmu.web.paths import safe_path, with_next

_ENDINGS = frozenset({"signed_out", "idle", "ended"})


@dataclass(frozen=True)
class Failure:
    """A sign-in that did not succeed, in words: what happened, why, and what to do next."""

    title: str | Promise
    text: str | Promise
    steps: tuple[str | Promise, ...]
    status: HTTPStatus = HTTPStatus.FORBIDDEN


_AGAIN = _("Start the sign-in again with the button below.")
_ONE_TAB = _("Finish the sign-in in the window where you started it.")
_TELL = _("If this goes on, tell your organisation's contact person for Kelmu what this page says.")
_LATER = _("Try again after a few minutes. There is no other way to sign in meanwhile.")

FAILURES: dict[SignInFault, Failure] = {
    SignInFault.CANCELLED: Failure(
        _("You cancelled the sign-in"),
        _("You are not signed in."),
        (_AGAIN,),
        HTTPStatus.OK,
    ),
    SignInFault.LEVEL_TOO_LOW: Failure(
        _("The identification was not strong enough"),
        _("Kelmu can be used only after strong electronic identification."),
        (_("Sign in again with online bank credentials, a mobile certificate or a certificate card."),),
    ),
    SignInFault.TEST_IDENTITY: Failure(
        _("A test identity cannot be used here"),
        _("You identified yourself with the credentials of a test person."),
        (_("Sign in again with your own credentials."),),
    ),
    SignInFault.NO_IDENTITY_CODE: Failure(
        _("This means of identification cannot be used in Kelmu"),
        _("It gives no Finnish personal identity code, and mandates are found by the code."),
        (
            _("Sign in again with Finnish bank credentials, a mobile certificate or a certificate card."),
            _("If you have none of these, ask your organisation's contact person for Kelmu how to get them."),
        ),
    ),
    SignInFault.REGISTER_UNREAD: Failure(
        _("Your data could not be checked in the Population Information System"),
        _("Suomi.fi identified you but could not read the register. Without that nobody is let in."),
        (_LATER, _TELL),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
    SignInFault.CODE_REFUSED: Failure(
        _("This sign-in has been used already"),
        _("A sign-in can be finished only once and within a minute. The page may have been reloaded."),
        (_AGAIN, _TELL),
        HTTPStatus.BAD_REQUEST,
    ),
    SignInFault.WRONG_NONCE: Failure(
        _("The answer does not belong to this sign-in"),
        _("For safety the sign-in was stopped, and you are not signed in."),
        (_ONE_TAB, _AGAIN, _TELL),
        HTTPStatus.BAD_REQUEST,
    ),
    SignInFault.UNKNOWN_STATE: Failure(
        _("This sign-in is no longer under way"),
        _("It took more than 15 minutes, was finished already, or was started in another browser."),
        (_ONE_TAB, _AGAIN),
        HTTPStatus.BAD_REQUEST,
    ),
    SignInFault.BAD_TOKEN: Failure(
        _("The identification service's answer could not be trusted"),
        _("It was not protected as agreed, or was not meant for Kelmu. You are not signed in."),
        (_AGAIN, _TELL),
        HTTPStatus.BAD_GATEWAY,
    ),
    SignInFault.UNKNOWN_KEY: Failure(
        _("The identification service has signed with a key that is not known"),
        _("Its keys may just have been changed. For safety the sign-in was stopped."),
        (_("Wait a minute and start the sign-in again with the button below."), _TELL),
        HTTPStatus.BAD_GATEWAY,
    ),
    SignInFault.WRONG_ISSUER: Failure(
        _("The answer came from another identification service"),
        _("It was not the service you were sent to. For safety the sign-in was stopped."),
        (_("Close this window and start the sign-in in Kelmu, not from a link or a bookmark."), _TELL),
        HTTPStatus.BAD_REQUEST,
    ),
    SignInFault.WRONG_TIME: Failure(
        _("The time of the identification does not match"),
        _("It was made at another time than this sign-in, or the clocks of the services differ."),
        (_AGAIN, _TELL),
        HTTPStatus.BAD_GATEWAY,
    ),
    SignInFault.PROVIDER_DOWN: Failure(
        _("The identification service cannot be reached"),
        _("Suomi.fi identification does not answer now. The fault is not in your credentials."),
        (_LATER, _TELL),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
    SignInFault.PROVIDER_ERROR: Failure(
        _("The identification service reported an error"),
        _("Suomi.fi identification could not finish the sign-in."),
        (_AGAIN, _TELL),
        HTTPStatus.BAD_GATEWAY,
    ),
}


def sign_in(request: KelmuRequest) -> HttpResponse:
    """Page 2: what is needed; the button sends the browser to the identification provider."""
    if request.method != "POST":
        idle_minutes = int(request.kelmu.identity.idle.total_seconds() // 60)
        context = {"next_path": safe_path(request.GET.get("next")), "idle_minutes": idle_minutes}
        return render(request, "kelmu/sign_in/sign_in.html", context)
    known = request.kelmu
    return_path = safe_path(request.POST.get("next"))
    try:
        address = begin_sign_in(known.identity, known.browser, return_path, get_language() or "fi")
    except SignInError as error:
        return _failed(request, error.fault)
    return _seen_off(address)


def sign_in_return(request: KelmuRequest) -> HttpResponse:
    """The provider's answer. Identified: on to the mandates at once. Otherwise: the page of the cause."""
    known = request.kelmu
    try:
        return_path = finish_sign_in(known.identity, known.browser, request.GET.dict())
    except SignInError as error:
        return _failed(request, error.fault)
    official = known.browser.official
    assert official is not None
    request.official_name = official.display_name
    try:
        address = begin_selection(
            known.identity, known.browser, official, return_path, get_language() or "fi"
        )
    except MandateError:
        # Not the page itself: with a 5xx the browser would not learn the session's new id.
        return HttpResponseRedirect(with_next(reverse("organisation_unavailable"), return_path))
    return _seen_off(address)


def sign_out(request: KelmuRequest) -> HttpResponse:
    """End everything that is open here, then tell the provider; the page that follows holds nobody's data."""
    config = request.kelmu.identity
    known = request.kelmu.official is not None
    end_everything(config, request.kelmu.browser)
    there = (
        end_session_address(config.party, config.signed_out_uri, get_language() or "fi") if known else None
    )
    response = HttpResponseRedirect(there or f"{reverse('session_ended')}?reason=signed_out")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def session_ended(request: KelmuRequest) -> HttpResponse:
    """Page 5: that the session is over, and why; a cover page that names nobody, whoever asks for it."""
    request.official_name, request.acting, request.session_end = None, None, None
    reason = request.GET.get("reason", "")
    context = {
        "reason": reason if reason in _ENDINGS else "ended",
        "sign_in_url": with_next(reverse("sign_in"), safe_path(request.GET.get("next"))),
        "draft_kept": True if request.GET.get("draft") == "1" else None,
    }
    return render(request, "kelmu/session_ended.html", context)


def _failed(request: KelmuRequest, fault: SignInFault) -> HttpResponse:
    failure = FAILURES[fault]
    context = {"failure": failure, "fault": fault.value}
    return render(request, "kelmu/sign_in/failed.html", context, status=failure.status)


def _seen_off(address: str) -> HttpResponse:
    """To another service by GET, whatever the method was here (303)."""
    response = HttpResponse(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = address
    return response
