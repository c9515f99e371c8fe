"""The barest Django view that asks two doors: what Django itself costs here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kelmu.core.door import ask


def two_calls(request: HttpRequest) -> HttpResponse:
    """Two door calls, and the second's answer."""
    ask("SELECT door.acting(%s)", [request.headers["Secret"]])
    row = ask("SELECT door.api_client(%s)", [request.headers["Token"]])
    assert row is not None
    body = str(row[0]).encode()
    return HttpResponse(body, content_type="application/json", headers={"Content-Length": str(len(body))})


urlpatterns = [path("", two_calls)]
