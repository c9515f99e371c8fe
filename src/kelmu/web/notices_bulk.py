"""The same change to the notices that are chosen in the inbox: one call, an answer for each row."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kelmu.core.errors import Refused
from kelmu.notices import doors
from kelmu.notices.saved_views import saved_views
from kelmu.web.access import KelmuRequest
from kelmu.web.colleagues import colleagues_of
from kelmu.web.notice_answers import keep_answers
from kelmu.web.notices_inbox import MOST_AT_ONCE, inbox_page
from kelmu.web.presentation.notice_words import NOTICE_OUTCOMES

PLAIN = ("taken", "released", "marked_read", "marked_unread")


def change(request: KelmuRequest) -> HttpResponse:
    """Change what is chosen, and back to the list as it was, which tells what came of each.

    Without a choice of rows, or of what to do, the list is shown again with what is chosen kept.
    """
    # Those of other pages of the list come in one field.
    picked = [*request.POST.getlist("notice"), *request.POST.get("also", "").split()]
    rows = _rows(picked)
    what, _colon, value = request.POST.get("what", "").partition(":")
    error = ""
    if not rows:
        error = _("Choose at least one notice.")
    elif len(rows) > MOST_AT_ONCE:
        error = _("At most %(most)s notices can be changed at a time.") % {"most": MOST_AT_ONCE}
    elif not _known(request, what, value):
        error = _("Choose what to do with the notices you have chosen.")
    session = request.kelmu.session()
    if error:
        return inbox_page(request, saved_views(session.secret), error=error, picked=picked)
    changes = [(UUID(notice_id), version) for notice_id, (version, _number) in rows.items()]
    told = doors.change_notices(session.secret, changes, what, value or None)
    if told is None:
        raise Refused("no right to notices")
    name = keep_answers(request, what, told, {key: number for key, (_version, number) in rows.items()})
    return HttpResponseRedirect(_back(request, name), status=HTTPStatus.SEE_OTHER)


def _known(request: KelmuRequest, what: str, value: str) -> bool:
    match what:
        case "handled":
            return value in NOTICE_OUTCOMES
        case "assigned":
            return value in {each.pseudonym for each in colleagues_of(request.kelmu.session())}
        case _:
            return what in PLAIN and not value


def _rows(picked: list[str]) -> dict[str, tuple[int, int]]:
    """Version and number by notice, each once; what is no notice is left out."""
    found: dict[str, tuple[int, int]] = {}
    for each in picked:
        parts = each.split(":")
        try:
            notice_id, version, number = str(UUID(parts[0])), int(parts[1]), int(parts[2])
        except (ValueError, IndexError):
            continue
        if 0 < version < 2**31 and 0 < number < 2**63:
            found.setdefault(notice_id, (version, number))
    return found


def _back(request: KelmuRequest, name: str) -> str:
    query = request.GET.copy()
    for gone in ("select", "done"):
        query.pop(gone, None)
    query["done"] = name
    return f"{reverse('notices')}?{query.urlencode()}#answers"
