"""The pages of notices in each of their states, with invented data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kelmu.web.notices_inbox import View
from kelmu.web.presentation.inbox import Beside, answer_of, pager_of, row_of, tiles_of
from kelmu.web.presentation.notice_filter import (
    EVERYTHING,
    InboxFilter,
    address_query,
    chips_of,
    headings_of,
)
from kelmu.web.presentation.notice_words import NOTICE_KINDS, NOTICE_OUTCOMES
from tests.browser.invented import NOW, TODAY

Pages = Iterator[tuple[str, str, dict[str, Any]]]
_PLACES = (("536", "Nokia"), ("837", "Tampere"))
_COLLEAGUES = (("a" * 64, "Kalle Korhonen-Virtanen"), ("b" * 64, "Åsa Öhman"))
COUNTS = {
    "new": 7, "read": 3, "in_progress": 5, "mine": 2, "nobodys": 9, "urgent": 1, "due_today": 2, "overdue": 3,
    "restricted": 1, "flagged": 1,
}  # fmt: skip
_NOTHING = dict.fromkeys(COUNTS, 0)
_VIEWS = (
    View(1, "Omat kiireelliset", "?urgency=yes", current=False, shown_first=True),
    View(
        2,
        "Nokian uudet ilmoitukset, jotka odottavat käsittelijää",
        "?state=new",
        current=True,
        shown_first=False,
    ),
)
_STATES = ("new", "read", "in_progress", "handled")


def _told(number: int, kind: str) -> dict[str, Any]:
    state = _STATES[number % 4]
    return {
        "notice_id": f"00000000-0000-4000-8000-{number:012}", "number": 4_000 + number, "version": 1,
        "kind": kind, "urgent": number == 1, "arrived_at": (NOW - timedelta(days=number)).isoformat(),
        "due_on": (TODAY + timedelta(days=number - 2)).isoformat(), "municipality": "837",
        "restricted": number == 2, "kela_asked_at": "2026-11-24T07:00:00+02:00" if number in (3, 4) else None,
        "moves": 3 if number == 3 else 0, "flagged": number == 3, "state": state,
        "outcome": "contacted" if state == "handled" else None,
    }  # fmt: skip


_CAME_OF_IT: tuple[dict[str, Any], ...] = (
    {"result": "done", "why": None, "changes": []},
    {"result": "not_possible", "why": "handled", "changes": []},
    {"result": "changed", "why": None, "changes": [["taken", "a" * 64, NOW.isoformat()]]},
    {"result": "not_there", "why": None, "changes": []},
)


def _inbox(
    query: str = "", *, counts: Mapping[str, int] = COUNTS, rows: bool = True, total: int = 6,
    answered: bool = False, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    form = InboxFilter(QueryDict(query), municipalities=_PLACES, colleagues=_COLLEAGUES)
    told = [_told(number, kind) for number, kind in enumerate(NOTICE_KINDS, 1)] if rows else []
    answers = [
        answer_of({**came, "number": each["number"]}, "taken", dict(_COLLEAGUES))
        for came, each in zip(_CAME_OF_IT, told, strict=False)
        if answered
    ]
    return {
        "form": form,
        "tiles": tiles_of(counts, form.chosen, today=TODAY),
        "chips": chips_of(form),
        "headings": headings_of(form),
        "rows": [
            row_of(
                each,
                Beside(
                    named=None
                    if number == 4
                    else {
                        "family_name": "Mallikas",
                        "given_names": "Testi Eemeli",
                        "birth_date": "1990-01-01",
                    },
                    municipality="Tampere",
                    assignee=_COLLEAGUES[0][1] if each["state"] == "in_progress" else "",
                    url=f"/notices/{each['notice_id']}/",
                    checked=bool(more.get("picked_count")),
                    answer=answers[number] if number < len(answers) else None,
                ),
                today=TODAY,
            )
            for number, each in enumerate(told)
        ],
        "pager": pager_of(form.chosen, form.order, page=1, size=50, total=total),
        "counts": counts,
        "now": NOW.isoformat(),
        "query": address_query(form.chosen, form.order),
        "everything": EVERYTHING,
        "error": "",
        "view_error": "",
        "most": 200,
        "colleagues": _COLLEAGUES,
        "outcomes": tuple(NOTICE_OUTCOMES.items()),
        "only_new": form.chosen == (("state", "new"),),
        "answers": answers,
        "done_count": sum(answer.done for answer in answers),
        **more,
    }  # fmt: skip


def notice_pages() -> Pages:
    """Name, template and context of each."""
    inbox = "notices/inbox"
    yield "notices", inbox, _inbox()
    filters = (
        "state=new&kind=immigrant&urgency=yes&assignee=me&only=overdue&municipality=536"
        "&due_from=2026-11-02&sort=-arrived"
    )
    yield "notices_filtered", inbox, _inbox(filters, views=_VIEWS, total=230)
    yield "notices_wrong_day", inbox, _inbox("arrived_from=31.11.2026&due_from=2.11.2026&due_to=1.11.2026")
    nothing_chosen = _("Choose at least one notice.")
    yield "notices_nothing_chosen", inbox, _inbox(error=nothing_chosen)
    yield (
        "notices_all_chosen",
        inbox,
        _inbox(total=230, all_picked=True, picked_count=200, extra=("x",) * 194),
    )
    yield "notices_answered", inbox, _inbox(answered=True)
    name_taken = _("You have a view of that name. Choose another name, or remove the earlier view first.")
    yield (
        "notices_view_taken",
        inbox,
        _inbox("state=new", view_error=name_taken, typed_name="Omat", views=_VIEWS),
    )
    yield "notices_views_full", inbox, _inbox("state=new", views=_VIEWS, views_full=True)
    yield "notices_none", inbox, _inbox(rows=False, counts=_NOTHING, total=0)
    yield "notices_none_new", inbox, _inbox("state=new", rows=False, counts=_NOTHING, total=0)
    yield "notices_too_narrow", inbox, _inbox("kind=immigrant&urgency=yes", rows=False, total=0)
