"""What every answer tells the browser not to do. Rules: OWASP ASVS 5.0, V3.4; W3C CSP Level 3."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kelmu.config.environment import WebEnvironment
from kelmu.config.kinds import origin_of

_OFF = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip


def content_security_policy(environment: WebEnvironment) -> str:
    """The policy of every page.

    Browsers hold a form's redirects against ``form-action``, so the services an official is sent to
    from a form (identification, mandates) are named in it.
    """
    outside = (
        environment.oidc_authorization_endpoint or environment.oidc_issuer,
        environment.mandates_url,
        *environment.sign_in_origins,
    )
    origins = " ".join(dict.fromkeys(origin_of(url) for url in outside))
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "font-src 'self'",
            "img-src 'self' data:",  # the design system's icons are data URIs used as masks
            "connect-src 'self'",
            f"form-action 'self' {origins}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


class SecurityHeadersMiddleware:
    """Puts the headers on every answer; pages are never stored anywhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": content_security_policy(settings.KELMU),
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _OFF),
            "X-Frame-Options": "DENY",
            # Static files bring a Cache-Control of their own, which stays.
            "Cache-Control": "no-store",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and add the headers that are not there yet."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response
