"""How pages look to one official: language and colour scheme, kept in two cookies of her browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kelmu.web.presentation.chrome import COLOR_SCHEME_COOKIE, COLOR_SCHEMES


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the posted `language` or `color_scheme` and return to `next`; unknown ones change nothing."""
    response = HttpResponseRedirect(_way_back(request))
    language = request.POST.get("language", "")
    if language in {code for code, _name in settings.LANGUAGES}:
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    color_scheme = request.POST.get("color_scheme", "")
    if color_scheme in COLOR_SCHEMES:
        _keep(response, COLOR_SCHEME_COOKIE, color_scheme)
    return response


def _way_back(request: HttpRequest) -> str:
    """The page one came from, if it is ours."""
    wanted = request.POST.get("next", "")
    # Only a path: an absolute address would do for our own host too, but none of our pages sends one.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("home")


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
