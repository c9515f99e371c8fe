"""How one official wants her pages: kept in cookies of her browser, which no script can read, for a year."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COLOR_SCHEME_COOKIE = "kelmu_color_scheme"
DENSITY_COOKIE = "kelmu_density"
SHORTCUTS_COOKIE = "kelmu_shortcuts"

COLOR_SCHEMES = ("auto", "light", "dark")
"""The first follows the machine, and is the one used where none was chosen."""
DENSITIES = ("comfortable", "compact")
"""Rows of about 40 px, which is used where none was chosen, or of 31 to 34 px."""
SHORTCUTS = ("on", "off")
"""Keys of one character (WCAG 2.1.4: they can be turned off). On where nothing was chosen."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What was chosen, or the first of each where nothing, or nothing we know, was."""

    color_scheme: str = COLOR_SCHEMES[0]
    density: str = DENSITIES[0]
    shortcuts: bool = True


def preferences_of(request: HttpRequest) -> Preferences:
    """The preferences of the browser that asks."""
    return Preferences(
        color_scheme=_chosen(request, COLOR_SCHEME_COOKIE, COLOR_SCHEMES),
        density=_chosen(request, DENSITY_COOKIE, DENSITIES),
        shortcuts=_chosen(request, SHORTCUTS_COOKIE, SHORTCUTS) == "on",
    )


def keep(response: HttpResponse, name: str, value: str) -> None:
    """Let the browser keep a preference for a year."""
    response.set_cookie(
        name,
        value,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _chosen(request: HttpRequest, cookie: str, allowed: tuple[str, ...]) -> str:
    chosen = request.COOKIES.get(cookie, "")
    return chosen if chosen in allowed else allowed[0]
