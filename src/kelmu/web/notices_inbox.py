"""Page 23: the inbox of notices. Its only personal data are the names of its clients, with one entry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from kelmu.core.door import MandatesStale
from kelmu.core.errors import Refused
from kelmu.notices import doors
from kelmu.notices.doors import Page
from kelmu.notices.saved_views import MOST, SavedView, saved_views
from kelmu.organisations.queries import served_municipalities
from kelmu.web.access import KelmuRequest
from kelmu.web.colleagues import colleague_names
from kelmu.web.notice_answers import kept_answers
from kelmu.web.presentation.inbox import (
    Answer,
    Beside,
    Row,
    answer_of,
    pager_of,
    picked_of,
    row_of,
    tiles_of,
)
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.notice_filter import (
    EVERYTHING,
    InboxFilter,
    address_query,
    chips_of,
    chosen_of,
    door_filter,
    headings_of,
)
from kelmu.web.presentation.notice_history import Words
from kelmu.web.presentation.notice_words import NOTICE_OUTCOMES
from kelmu.web.typed import whole_number

ROWS = 50
MOST_AT_ONCE = 200
_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as the panel lists it."""

    place: int
    name: str
    query: str
    current: bool
    shown_first: bool


@dataclass(frozen=True)
class Listed:
    """The rows of one page of the list, and those chosen besides them (``picked``, at most 200 in all)."""

    rows: list[Mapping[str, Any]]
    picked: list[str]
    checked: Collection[str]
    total: int
    page: int
    counts: Mapping[str, int]
    now: str


def inbox(request: KelmuRequest) -> HttpResponse:
    """The list; where it is opened without any filter, the view the official wants to see first."""
    views = saved_views(request.kelmu.session().secret)
    first = next((view for view in views if view.shown_first), None)
    if first is not None and not request.GET:
        return HttpResponseRedirect(reverse("notices") + _query_of(first))
    return inbox_page(request, views)


def inbox_page(
    request: KelmuRequest,
    views: tuple[SavedView, ...],
    *,
    error: str = "",
    view_error: str = "",
    picked: Collection[str] = (),
) -> HttpResponse:
    """The page of the filter in the address, with what was wrong in a form of it, whose choices it keeps."""
    session = request.kelmu.session()
    places, officials = dict(filter_places(request)), colleague_names(session)
    words = Words(places, {}, officials, request.kelmu.signed_in().pseudonym)
    named = [(key, words.official(key)) for key in officials if key != words.you]
    form = InboxFilter(request.GET, municipalities=places.items(), colleagues=named)
    listed = _listed(request, form, picked)
    request.new_notices = listed.counts["new"]
    answers = kept_answers(request)
    names = {key: words.official(key) for key in officials}
    told = {each["notice_id"]: answer_of(each, answers.what, names) for each in answers.rows}
    rows = _rows(request, form, listed, words, told)
    context = {
        "form": form,
        "tiles": tiles_of(listed.counts, form.chosen, today=session.today),
        "chips": chips_of(form),
        "headings": headings_of(form),
        "rows": rows,
        "extra": listed.picked,
        "all_picked": request.GET.get("select") == "all",
        "picked_count": len(listed.picked) + sum(row.checked for row in rows),
        "pager": pager_of(form.chosen, form.order, page=listed.page, size=ROWS, total=listed.total),
        "counts": listed.counts,
        "now": listed.now,
        "query": address_query(form.chosen, form.order, listed.page),
        "everything": EVERYTHING,
        "most": MOST_AT_ONCE,
        "colleagues": named,
        "outcomes": tuple(NOTICE_OUTCOMES.items()),
        "only_new": form.chosen == (("state", "new"),),
        "answers": [told[each["notice_id"]] for each in answers.rows],
        "done_count": sum(answer.done for answer in told.values()),
        "views": [_view(view, form) for view in views],
        "views_full": len(views) >= MOST,
        "error": error,
        "view_error": view_error,
        "typed_name": request.POST.get("name", "") if view_error else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error or view_error else HTTPStatus.OK
    return render(request, "kelmu/notices/inbox.html", context, status=status)


def news(request: KelmuRequest) -> HttpResponse:
    """How many came since the page was made, for its script: numbers only, and no sign that anybody is there.

    Nothing at all where the mandates have not been read in time: only the official's own doing reads them.
    """
    try:
        since = datetime.fromisoformat(request.GET.get("since", ""))
        told = doors.notice_news(request.kelmu.session().secret, since if since.tzinfo else None)
    except (ValueError, MandatesStale):
        told = None
    if told is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    came = told["came"]
    said = ngettext("%(number)s new – show", "%(number)s new ones – show", came) % {"number": came}
    return JsonResponse({"said": said if came else "", "new": told["new"]})


def _query_of(view: SavedView) -> str:
    return address_query(chosen_of(view.filter), view.sort)


def _view(view: SavedView, form: InboxFilter) -> View:
    current = set(chosen_of(view.filter)) == set(form.chosen) and view.sort == form.order
    return View(view.place, view.name, _query_of(view), current, view.shown_first)


def filter_places(request: KelmuRequest) -> list[tuple[str, str]]:
    """Code and name of each municipality the organisation serves, as a filter offers them."""
    session = request.kelmu.session()
    served = served_municipalities(session.organisation.organisation_id, session.today)
    return [(each.code, each.name(language())) for each in served]


def _listed(request: KelmuRequest, form: InboxFilter, picked: Collection[str]) -> Listed:
    asked = Page(filter=door_filter(form.chosen), sort=form.order, rows=ROWS)
    page = _page_number(request.GET.get("page", ""))
    answer = rows_of(request, replace(asked, skip=(page - 1) * ROWS))
    if not answer["rows"] and answer["total"]:
        page = -(-answer["total"] // ROWS)
        answer = rows_of(request, replace(asked, skip=(page - 1) * ROWS))
    rows = answer["rows"]
    here = {row["notice_id"] for row in rows}
    checked, others = {each.partition(":")[0] for each in picked}, []
    match request.GET.get("select", ""):
        case "page":
            checked = here
        case "all":
            every = rows_of(request, replace(asked, rows=MOST_AT_ONCE))["rows"]
            checked = {row["notice_id"] for row in every}
            others = [picked_of(row) for row in every if row["notice_id"] not in here]
    return Listed(rows, others, checked, answer["total"], page, answer["counts"], answer["now"])


def rows_of(request: KelmuRequest, page: Page) -> Mapping[str, Any]:
    """The rows the door tells of a page.

    Raises:
        Refused: the official may not see notices.
    """
    answer = doors.notice_rows(request.kelmu.session().secret, page)
    if answer is None:
        raise Refused("no right to notices")
    return answer


def _page_number(text: str) -> int:
    return min(whole_number(text) or 1, _MOST_PAGES)


def _rows(
    request: KelmuRequest, form: InboxFilter, listed: Listed, words: Words, answers: Mapping[str, Answer]
) -> list[Row]:
    session = request.kelmu.session()
    ids = [UUID(row["notice_id"]) for row in listed.rows]
    clients = doors.notice_names(session.secret, ids)
    back = address_query(form.chosen, form.order, listed.page)
    return [
        row_of(
            row,
            Beside(
                named=clients.get(notice_id),
                municipality=words.place(row["municipality"]),
                assignee=words.official(row["assignee"]),
                url=notice_address(notice_id, back),
                checked=row["notice_id"] in listed.checked,
                answer=answers.get(row["notice_id"]),
            ),
            today=session.today,
        )
        for row, notice_id in zip(listed.rows, ids, strict=True)
    ]


def notice_address(notice_id: UUID, back: str) -> str:
    """A notice's page, which knows the list it was opened from."""
    return f"{reverse('notice', args=[notice_id])}?{urlencode({'list': back.removeprefix('?')})}"


def list_address(request: KelmuRequest, number: int) -> str:
    """Back from a notice to its row in the list it was opened from: the same filter, order and page.

    What the address says of the list is read anew: only what is a filter goes on.
    """
    query = request.GET.get("list", "")
    form = InboxFilter(QueryDict(query[:4000]), municipalities=filter_places(request))
    page = _page_number(form.data.get("page", ""))
    return f"{reverse('notices')}{address_query(form.chosen, form.order, page)}#notice-{number}"
