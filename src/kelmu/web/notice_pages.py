"""Pages 24: one notice, and its print. Each opening is an entry of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise

from kelmu.core import clock
from kelmu.core.errors import NotThere
from kelmu.notices import doors
from kelmu.notices.doors import Answer
from kelmu.organisations.queries import municipalities, organisation_names
from kelmu.web.access import KelmuRequest
from kelmu.web.colleagues import colleague_names, colleagues_of
from kelmu.web.notice_dossier import dossier_way
from kelmu.web.notices_inbox import list_address
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.notice_history import Event, Words, events_of
from kelmu.web.presentation.notice_page import NoticePage, notice_page
from kelmu.web.presentation.notice_words import NOTICE_EVENTS, NOTICE_OUTCOMES

_DONE = "notice_done"


@dataclass(frozen=True)
class Problem:
    """Why what was asked was not done. ``field``: where it is mended; ``typed`` is kept in the form.

    ``changes``: what others did meanwhile, as the door's answer tells it.
    """

    status: HTTPStatus
    text: str | Promise
    advice: str | Promise = ""
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    changes: list[Mapping[str, Any]] = field(default_factory=list)
    field: str = ""


def notice(request: KelmuRequest, notice_id: UUID) -> HttpResponse:
    """The notice; one that is new is read from now on."""
    return shown(request, notice_id)


def shown(request: KelmuRequest, notice_id: UUID, problem: Problem | None = None) -> HttpResponse:
    """The page of a notice, with what was not done and what was typed.

    Raises:
        NotThere: it is not there, or not for this official.
    """
    told = opened(request, notice_id)
    words = words_of(request, told)
    page = page_of(request, told, words)
    context = {
        "page": page,
        "done": _done(request, page),
        "problem": problem,
        "changes": changes_of(problem, words),
        "typed": problem.typed if problem else {},
        "outcomes": tuple(NOTICE_OUTCOMES.items()),
        "colleagues": _others(request, page, told["assignee"], words),
        "dossier": dossier_way(request.kelmu.session()),
        "list_url": list_address(request, page.number),
        "list_query": list_query(request),
    }
    status = problem.status if problem else HTTPStatus.OK
    return render(request, "kelmu/notices/notice.html", context, status=status)


def print_view(request: KelmuRequest, notice_id: UUID) -> HttpResponse:
    """The notice ready for the browser to print, with an entry that says so. It is not marked as read."""
    told = opened(request, notice_id, "print")
    page = page_of(request, told, words_of(request, told))
    context = {"page": page, "printed_at": clock.now(), "official_name": request.kelmu.official_name}
    return render(request, "kelmu/notices/print.html", context)


def opened(request: KelmuRequest, notice_id: UUID, action: str = "open") -> Answer:
    """The notice as the door tells it, with an entry that says so.

    Raises:
        NotThere: it is not there, or not for this official.
    """
    told = doors.notice(request.kelmu.session().secret, notice_id, action=action)
    if told is None:
        raise NotThere("no such notice")
    return told


def page_of(request: KelmuRequest, told: Answer, words: Words) -> NoticePage:
    """The notice in words, as it stands today."""
    return notice_page(told, words, today=request.kelmu.session().today, now=clock.now())


def words_of(request: KelmuRequest, told: Answer) -> Words:
    """The names by which a notice, its history and its way are told."""
    codes = {each["after"].get("municipality") for each in told["history"]} | {told["municipality"]}
    codes |= {each[end] for each in told["chain"] for end in ("from", "to")}
    bodies = {each["organisation_id"] for part in ("history", "chain") for each in told[part]}
    officials: Mapping[str, str] = {}
    if not told["read_only"]:
        officials = colleague_names(request.kelmu.session())
    return Words(
        {code: each.name(language()) for code, each in municipalities(c for c in codes if c).items()},
        {key: each.name(language()) for key, each in organisation_names(b for b in bodies if b).items()},
        officials,
        request.kelmu.signed_in().pseudonym,
    )


def _others(
    request: KelmuRequest, page: NoticePage, assignee: str | None, words: Words
) -> list[tuple[str, str]]:
    """Whom it can be given to: everybody but who has it, and the official herself, who takes it."""
    if "assigned" not in page.may:
        return []
    return [
        (each.pseudonym, words.official(each.pseudonym))
        for each in colleagues_of(request.kelmu.session())
        if not each.you and each.pseudonym != assignee
    ]


def changes_of(problem: Problem | None, words: Words) -> tuple[Event, ...]:
    """What others did meanwhile; none of it is a note's text."""
    if problem is None:
        return ()
    return events_of([{**each, "note": ""} for each in problem.changes], words)


def list_query(request: KelmuRequest) -> str:
    """The query that keeps the list a notice was opened from; empty where it was opened by itself."""
    kept = request.GET.get("list", "")[:4000]
    return f"?{urlencode({'list': kept})}" if kept else ""


def back_to(request: KelmuRequest, notice_id: UUID, version: int, *done: str) -> HttpResponse:
    """To the notice after a change; it says what was done for as long as nothing else is."""
    request.session[_DONE] = [str(notice_id), version, list(done)]
    address = reverse("notice", args=[notice_id]) + list_query(request)
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


def _done(request: KelmuRequest, page: NoticePage) -> list[str | Promise]:
    notice_id, version, done = request.session.get(_DONE, ["", 0, []])
    if (notice_id, version) != (page.notice_id, page.version):
        return []
    return [NOTICE_EVENTS[each] for each in done]
