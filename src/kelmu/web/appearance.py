"""The quick switches of every page: language and colours, kept as the settings page keeps them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from kelmu.web.paths import safe_path
from kelmu.web.presentation.preferences import COLOR_SCHEME_COOKIE, COLOR_SCHEMES, keep


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the posted `language` or `color_scheme` and return to `next`; unknown ones change nothing."""
    response = HttpResponseRedirect(safe_path(request.POST.get("next")))
    language = request.POST.get("language", "")
    if language in {code for code, _name in settings.LANGUAGES}:
        keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    color_scheme = request.POST.get("color_scheme", "")
    if color_scheme in COLOR_SCHEMES:
        keep(response, COLOR_SCHEME_COOKIE, color_scheme)
    return response
