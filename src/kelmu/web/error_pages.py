"""Errors as pages: one page per status, in words, with what to do next."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kelmu.core.errors import KelmuError, NotSignedIn, NotThere
from kelmu.identity.acting import ActingSession
from kelmu.identity.configuration import identity
from kelmu.identity.mandates.errors import MandateFault
from kelmu.inquiry.errors import InquiryHeld
from kelmu.policy.decisions import Decision
from kelmu.policy.loader import policy_data
from kelmu.web.paths import with_next
from kelmu.web.presentation.chrome import organisation_name
from kelmu.web.presentation.errors import Refusal
from kelmu.web.presentation.labels import language

_PAGES = frozenset({401, 403, 404, 409, 422, 429, 503})


def page(request: HttpRequest, error: KelmuError, resume: str = "") -> HttpResponse:
    """The page of an error. ``resume``: where to return after signing in."""
    status = int(error.status) if int(error.status) in _PAGES else int(HTTPStatus.INTERNAL_SERVER_ERROR)
    context: dict[str, object] = {}
    if isinstance(error, NotSignedIn):
        context |= {"next_url": resume, "draft_kept": getattr(request, "draft_kept", None)}
    for name in ("explanation", "back_url", "wait_seconds", "source"):
        value = getattr(error, name, None)
        if value is not None:
            context[name] = value
    if isinstance(error, InquiryHeld):
        context |= {"held": True, "wait_minutes": -(-(error.wait_seconds or 0) // 60)}
    response = render(request, f"kelmu/errors/{status}.html", context, status=status)
    if "wait_seconds" in context:
        response.headers["Retry-After"] = str(context["wait_seconds"])
    return response


def refusal(request: HttpRequest, acting: ActingSession, decision: Decision | None) -> HttpResponse:
    """403: which of agreement, mandate and purpose is missing."""
    mandates = policy_data().mandates
    missing = decision.missing_mandates if decision else ()
    said = Refusal(
        cause=decision.cause if decision else None,  # type: ignore[arg-type] # None: the page's general words
        organisation_name=organisation_name(acting),
        business_id=acting.organisation.business_id,
        missing_mandates=tuple(mandates[code].name(language()) for code in missing if code in mandates),
        contact_email=identity().agreements_contact,
    )
    return render(request, "kelmu/errors/403.html", {"refusal": said}, status=403)


def not_available(request: HttpRequest) -> HttpResponse:
    """403: the ordinary refusal about a person, the same whatever the rule."""
    return render(request, "kelmu/clients/not_available.html", status=403)


def session_over(request: HttpRequest, reason: str, resume: str) -> HttpResponse:
    """401: the session has just been ended."""
    context = {
        "reason": reason,
        "sign_in_url": with_next(reverse("sign_in"), resume),
        "draft_kept": getattr(request, "draft_kept", None),
    }
    return render(request, "kelmu/session_ended.html", context, status=401)


def mandates_down(request: HttpRequest, fault: MandateFault, retry_url: str = "") -> HttpResponse:
    """503: mandates cannot be read, so nothing can be shown."""
    context = {"incomplete": fault is MandateFault.INCOMPLETE, "retry_url": retry_url or request.path}
    return render(request, "kelmu/organisation/unavailable.html", context, status=503)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for addresses that lead nowhere."""
    del exception
    return page(request, NotThere("no such page"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for what nobody foresaw."""
    return render(request, "kelmu/errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view for a form that does not come from our own page, or from one too old."""
    del reason
    explanation = _("The form was too old or did not come from this service. Nothing was saved.")
    return render(request, "kelmu/errors/422.html", {"explanation": explanation}, status=403)
