"""The front page: what the service is, or the desk of an official who acts for an organisation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kelmu.core.errors import SourceDown
from kelmu.identity.acting import ActingSession
from kelmu.inquiry import doors
from kelmu.notices.doors import Page, notice_rows
from kelmu.policy import Channel, purposes_for
from kelmu.web.access import KelmuRequest
from kelmu.web.clients import search_form
from kelmu.web.new_notices import sees_notices
from kelmu.web.presentation.desk import Desk, RecentInquiry
from kelmu.web.presentation.inbox import Tile, desk_tiles


def home(request: KelmuRequest) -> HttpResponse:
    """Signed out: what it is. Signed in: on to the desk."""
    if request.acting is not None:
        return HttpResponseRedirect(reverse("desk"))
    return render(request, "kelmu/home.html")


def desk(request: KelmuRequest) -> HttpResponse:
    """The desk: the search, and the official's own look-ups that are still open (one entry names them)."""
    session = request.kelmu.session()
    may_look_up = bool(purposes_for(session, Channel.WEB, session.today))
    tiles, unread = _notices(session)
    recent = _recent(session)
    context = {
        "desk": Desk(recent=recent, may_look_up=may_look_up, notices=tiles, notices_unread=unread),
        **(search_form(request) if may_look_up else {}),
    }
    return render(request, "kelmu/home.html", context)


def _notices(session: ActingSession) -> tuple[tuple[Tile, ...] | None, bool]:
    """What waits in the inbox, in numbers; and whether that could not be read."""
    if not sees_notices(session):
        return None, False
    new_urgent = Page(filter={"states": ["new"], "urgent": True}, rows=1)
    try:
        told = notice_rows(session.secret, new_urgent)
    except SourceDown:
        return None, True
    return (desk_tiles(told["counts"], told["total"], today=session.today) if told else None), False


def _recent(session: ActingSession) -> tuple[RecentInquiry, ...]:
    with transaction.atomic(durable=True):
        rows = doors.recent_inquiries(session.secret)
    return tuple(
        RecentInquiry(
            inquiry_id=row["inquiry_id"],
            opened_at=datetime.fromisoformat(row["opened_at"]),
            initials=row["initials"],
        )
        for row in rows
    )
