"""Keeping the session on: what the session dialog of every page asks for."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from kelmu.core.errors import NotSignedIn
from kelmu.web.access import KelmuRequest
from kelmu.web.presentation.chrome import session_left


def extend(request: KelmuRequest) -> HttpResponse:
    """The official is here: the guard has noted it. Answers when the session ends now.

    Nothing else is read or changed; mandates are read again by the next page that needs them.
    """
    left = session_left(request)
    if left is None:
        raise NotSignedIn("nobody is identified")
    return JsonResponse({"seconds": left.seconds, "final": left.final})
