"""The page to turn to the client, and the print of her data. Each is a look of its own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from kelmu.core import clock
from kelmu.inquiry import looks
from kelmu.web.access import KelmuRequest
from kelmu.web.client_pages import frame_of, instead_of_data
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.meeting import GROUPS, meeting_page, spoken_language
from kelmu.web.presentation.printing import PrintAsked, print_page, print_sections


def meeting(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """The page for the client's own eyes, in her language where the service has it, or in the one chosen."""
    session = request.kelmu.session()
    look = looks.view(session, inquiry_id, groups=GROUPS, action="meeting")
    if look.dossier is None:
        return instead_of_data(request, look)
    spoken = spoken_language(look.dossier.person, str(request.GET.get("language", "")), language())
    with translation.override(spoken):
        page = meeting_page(look.dossier, today=session.today)
        answer = render(request, "kelmu/clients/meeting.html", {"page": page, "inquiry_id": inquiry_id})
    answer.headers["Content-Language"] = spoken
    return answer


def print_view(request: KelmuRequest, inquiry_id: UUID) -> HttpResponse:
    """The sections chosen, ready for the browser to print; nothing is read that is not printed."""
    session = request.kelmu.session()
    sections = print_sections(request.GET)
    asked = PrintAsked(sections, str(request.GET.get("period", "")))
    look = looks.view(session, inquiry_id, groups=asked.groups, action="print")
    if look.dossier is None:
        return instead_of_data(request, look)
    now = clock.now()
    page = print_page(
        look.dossier,
        asked,
        granted=frozenset(look.grant.groups),
        today=session.today,
        now=now,
    )
    context = {
        "frame": frame_of(look, look.dossier, "summary"),
        "page": page,
        "printed_at": now,
        "official_name": request.kelmu.official_name,
    }
    return render(request, "kelmu/clients/print.html", context)
