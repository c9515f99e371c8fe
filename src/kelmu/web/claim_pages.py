"""Pages 31 and 33: the organisation's payment claims, and one claim with what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kelmu.claims import doors
from kelmu.core.errors import NotThere, Unprocessable
from kelmu.core.formats import DateFormatError, parse_date
from kelmu.web.access import KelmuRequest
from kelmu.web.presentation.claim_page import claim_page, row_of
from kelmu.web.presentation.claim_words import CHANGED, CLAIM_EVENTS, FOLDERS, WHY_NOT
from kelmu.web.typed import clean, whole_number

ROWS = 50
_DONE = "claim_done"
_NOTED = frozenset({"returned", "withdrawn", "ended"})
_PLAIN = frozenset({"approved", "discarded"})
SHORTEST, LONGEST = 10, 255


@dataclass(frozen=True, slots=True)
class Tab:
    """A folder of the list and how many claims it has."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Problem:
    """Why nothing was done. ``place``: where it is mended; ``typed`` is kept in the form."""

    status: HTTPStatus
    text: str | Promise
    place: str = ""
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)


def claims(request: KelmuRequest) -> HttpResponse:
    """The organisation's claims of a folder, the latest changed first; names by an entry of their own."""
    secret = request.kelmu.session().secret
    folder = request.GET.get("folder", "sent")
    if folder not in FOLDERS:
        raise NotThere("no such folder")
    page = max(whole_number(request.GET.get("page", "")) or 1, 1)
    told = doors.claim_rows(secret, folder, skip=(min(page, 10**6) - 1) * ROWS, rows=ROWS)
    if told is None:
        raise NotThere("no claims")
    ids = [UUID(each["claim_id"]) for each in told["rows"]]
    clients = doors.claim_names(secret, ids)
    tabs = [
        Tab(f"{label} ({told['counts'][code]})", f"?{urlencode({'folder': code})}", code == folder)
        for code, label in FOLDERS.items()
    ]
    context = {
        "tabs": tabs,
        "folder": folder,
        "folder_name": FOLDERS[folder],
        "rows": [row_of(each, clients.get(key)) for each, key in zip(told["rows"], ids, strict=True)],
        "total": told["total"],
        "newer": f"?{urlencode({'folder': folder, 'page': page - 1})}" if page > 1 else "",
        "older": f"?{urlencode({'folder': folder, 'page': page + 1})}" if page * ROWS < told["total"] else "",
    }
    return render(request, "kelmu/claims/list.html", context)


def claim(request: KelmuRequest, claim_id: UUID) -> HttpResponse:
    """One claim: its receipt, what it says, what happened to it, and what can be done."""
    return shown(request, claim_id)


def change(request: KelmuRequest, claim_id: UUID) -> HttpResponse:
    """Approve, return, remove, withdraw or end a claim."""
    version = version_of(request)
    asked = _asked(request)
    if isinstance(asked, Problem):
        return shown(request, claim_id, asked)
    answer = doors.change_claim(request.kelmu.session().secret, claim_id, version, asked)
    if answer is None:
        raise NotThere("no such claim")
    if answer["result"] != "done":
        text = CHANGED if answer["result"] == "changed" else WHY_NOT[answer["why"]]
        return shown(request, claim_id, Problem(HTTPStatus.CONFLICT, text, typed=_typed(request)))
    if asked.what == "discarded":
        address = f"{reverse('claims')}?{urlencode({'folder': 'draft'})}"
        return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
    return back_to(request, claim_id, answer["claim"]["version"])


def shown(request: KelmuRequest, claim_id: UUID, problem: Problem | None = None) -> HttpResponse:
    """The page of a claim, with what was not done and what was typed.

    Raises:
        NotThere: it is not there, or not for this official.
    """
    told = doors.claim(request.kelmu.session().secret, claim_id)
    if told is None:
        raise NotThere("no such claim")
    page = claim_page(told)
    just_done = request.session.get(_DONE) == [str(claim_id), page.version]
    context = {
        "page": page,
        "done": CLAIM_EVENTS[told["history"][-1]["what"]] if just_done else "",
        "problem": problem,
        "typed": problem.typed if problem else {},
        "not_told": request.GET.get("told") == "no",
        "least": SHORTEST,
        "most": LONGEST,
    }
    return render(request, "kelmu/claims/claim.html", context, status=problem.status if problem else 200)


def back_to(request: KelmuRequest, claim_id: UUID, version: int) -> HttpResponse:
    """To the claim after a change; it says what was done for as long as nothing else is."""
    request.session[_DONE] = [str(claim_id), version]
    return HttpResponseRedirect(reverse("claim", args=[claim_id]), status=HTTPStatus.SEE_OTHER)


def version_of(request: KelmuRequest) -> int:
    """The version the page was made of.

    Raises:
        Unprocessable: the form is not one of ours.
    """
    version = whole_number(request.POST.get("version", ""))
    if version is None or not 0 < version < 2**31:
        raise Unprocessable("no version")
    return version


def _typed(request: KelmuRequest) -> dict[str, str]:
    return {name: clean(request.POST.get(name, "")) for name in ("what", "note", "ended_on")}


def _asked(request: KelmuRequest) -> doors.Change | Problem:
    typed = _typed(request)
    what, note = typed["what"], typed["note"]
    if what in _PLAIN:
        return doors.Change(what)
    if what not in _NOTED:
        raise Unprocessable("no such change")
    day, wrong, place = None, "", ""
    if what == "ended":
        try:
            day = parse_date(typed["ended_on"], today=request.kelmu.session().today)
        except DateFormatError:
            wrong, place = _("Last day: enter it in the form d.m.yyyy."), "ended-on"
    if not wrong and not SHORTEST <= len(note) <= LONGEST:
        wrong = _("Reason: write why, in %(least)s to %(most)s characters.") % {
            "least": SHORTEST,
            "most": LONGEST,
        }
        place = f"note-{what}"
    if wrong:
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, wrong, place, typed)
    return doors.Change(what, note, day)
