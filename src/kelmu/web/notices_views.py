"""Saving the filter and order of the inbox under a name, removing such a view, and choosing the first one."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kelmu.core.errors import NotThere, Refused
from kelmu.notices.saved_views import (
    LONGEST_NAME,
    MOST,
    Saving,
    remove_view,
    save_view,
    saved_views,
    show_first,
)
from kelmu.web.access import KelmuRequest
from kelmu.web.notices_inbox import filter_places, inbox_page
from kelmu.web.presentation.notice_filter import EVERYTHING, InboxFilter, address_query, door_filter
from kelmu.web.typed import whole_number


def save(request: KelmuRequest) -> HttpResponse:
    """Save the view in the address under the name in the form."""
    secret = request.kelmu.session().secret
    name = " ".join(request.POST.get("name", "").split())
    form = InboxFilter(request.GET, municipalities=filter_places(request))
    error = ""
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        error = _("Write a name of at most %(most)s characters for the view.") % {"most": LONGEST_NAME}
    else:
        saved = save_view(secret, name, door_filter(form.chosen), form.order)
        if saved is None:
            raise Refused("no right to notices")
        error = _said(saved)
    if error:
        return inbox_page(request, saved_views(secret), view_error=error)
    return _to(address_query(form.chosen, form.order))


def remove(request: KelmuRequest) -> HttpResponse:
    """Remove a view; the list stays as it is."""
    if not remove_view(request.kelmu.session().secret, _place(request)):
        raise NotThere("no such view")
    return _to(_here(request))


def first(request: KelmuRequest) -> HttpResponse:
    """Open the inbox with a view from now on, or with no view (place 0)."""
    place = _place(request)
    if not show_first(request.kelmu.session().secret, place or None):
        raise NotThere("no such view")
    return _to(_here(request))


def _said(saved: Saving) -> str:
    match saved:
        case Saving.NAME_TAKEN:
            return _("You have a view of that name. Choose another name, or remove the earlier view first.")
        case Saving.FULL:
            return _("You have %(most)s views, which is the most. Remove one of them first.") % {"most": MOST}
        case _:
            return ""


def _place(request: KelmuRequest) -> int:
    place = whole_number(request.POST.get("place", ""))
    return place if place is not None and place <= MOST else -1


def _here(request: KelmuRequest) -> str:
    form = InboxFilter(request.GET, municipalities=filter_places(request))
    return address_query(form.chosen, form.order) if form.chosen else EVERYTHING


def _to(query: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('notices')}{query}", status=HTTPStatus.SEE_OTHER)
