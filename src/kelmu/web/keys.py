"""The service's public keys, for the identification provider to fetch."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from kelmu.web.access import KelmuRequest


def jwks(request: KelmuRequest) -> HttpResponse:
    """The JWK set (RFC 7517): present and upcoming public keys; may be kept for an hour."""
    response = JsonResponse(request.kelmu.identity.party.keys.published)
    response.headers["Content-Type"] = "application/jwk-set+json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
