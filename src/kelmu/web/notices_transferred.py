"""Page 26: what the organisation has passed on in the last 30 days, and what of it can be taken back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kelmu.core import clock
from kelmu.notices import doors
from kelmu.notices.doors import Page
from kelmu.organisations.queries import municipalities
from kelmu.web.access import KelmuRequest
from kelmu.web.notice_transfer import own_transfers
from kelmu.web.notices_inbox import rows_of
from kelmu.web.presentation.inbox import Beside, row_of
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.notice_transfer import Moved, moved_of

MOST = 200


def transferred(request: KelmuRequest) -> HttpResponse:
    """The list, newest first. How those others have received go on is not told."""
    session = request.kelmu.session()
    told = rows_of(request, Page(folder="moved", sort="-arrived", rows=MOST))
    rows = told["rows"]
    ids = [UUID(each["notice_id"]) for each in rows]
    clients = doors.notice_names(session.secret, ids)
    places = municipalities(each["municipality"] for each in rows if each["municipality"])
    own, now = own_transfers(request), clock.now()
    every: list[Moved] = []
    for each, notice_id in zip(rows, ids, strict=True):
        code = each["municipality"]
        place = places[code].name(language()) if code in places else ""
        beside = Beside(clients.get(notice_id), place, "", reverse("notice", args=[notice_id]), checked=False)
        row = row_of(each, beside, today=session.today)
        every.append(moved_of(row, each["version"], own=own.get(row.notice_id) == each["version"], now=now))
    latest = list(own)[-1:]
    context = {
        "recent": [each for each in every if each.minutes],
        "older": [each for each in every if not each.minutes],
        "done": next((e.row for e in every if e.minutes and [e.row.notice_id] == latest), None),
        "total": told["total"],
        "most": MOST,
    }
    return render(request, "kelmu/notices/transferred.html", context)
