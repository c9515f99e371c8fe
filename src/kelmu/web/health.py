"""For whoever watches the service: does it live, can it answer."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpResponse

from kelmu.web.access import KelmuRequest


def live(request: KelmuRequest) -> HttpResponse:
    """The process answers."""
    del request
    return HttpResponse("live\n", content_type="text/plain")


def ready(request: KelmuRequest) -> HttpResponse:
    """The database answers too; 503 where it does not."""
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
