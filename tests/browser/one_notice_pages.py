"""The page of one notice in each of its states, with invented data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from kelmu.web.notice_dossier import Way
from kelmu.web.notice_pages import Problem
from kelmu.web.notice_work import FASTER
from kelmu.web.presentation.inbox import Beside, row_of
from kelmu.web.presentation.notice_history import Words, events_of
from kelmu.web.presentation.notice_page import notice_page
from kelmu.web.presentation.notice_transfer import Body, Target, counties_of, moved_of
from kelmu.web.presentation.notice_words import NOTICE_EVENTS, NOTICE_OUTCOMES
from tests.browser.invented import NOW, TODAY

Pages = Iterator[tuple[str, str, dict[str, Any]]]
_ID = "00000000-0000-4000-8000-000000004001"
_YOU, _OLLI = "a" * 64, "b" * 64
_WORDS = Words(
    {"837": "Tampere", "536": "Nokia", "853": "Turku"},
    {1: "Pirkanmaan hyvinvointialue", 2: "Varsinais-Suomen hyvinvointialue"},
    {_OLLI: "Olli Korhonen-Virtanen"},
    _YOU,
)
_LONG = "Sähköyhtiö on katkaisemassa sähköt viikon lopulla.\nPerheessä on lapsia."
_EXPENSES = [
    {"text": "Sähkölasku, loka–marraskuu 2026", "amount": 184.2, "due_on": "2026-11-27"},
    {"text": "Silmälasit", "amount": 240.0, "due_on": None},
]
_MONTHS = [
    {
        "month": month, "decision_number": f"2026/311-00{month[-1]}", "decided_on": f"{month}-03",
        "assistance": 612.4, "income": 88.0, "unemployment": ["job_seeker", "UNE-TMT"],
        "payments": [
            {"payment_number": "1", "paid_on": f"{month}-04", "gross": 400.0},
            {"payment_number": "2", "paid_on": f"{month}-18", "gross": 212.4},
        ],
    }
    for month in ("2026-07", "2026-08", "2026-09", "2026-10")
]  # fmt: skip


def event(
    version: int, what: str, by: str | None = _YOU, note: str | None = None, **after: Any
) -> dict[str, Any]:
    """An entry of the history, so many minutes ago as it is newer than the tenth."""
    return {
        "version": version, "at": (NOW - timedelta(minutes=10 - version)).isoformat(), "what": what,
        "note": note,
        "before": {}, "after": after, "undoes": None, "organisation_id": 1 if by else None, "by": by,
        "by_name": {_YOU: "Aino Virkanen", _OLLI: "Olli Korhonen-Virtanen"}.get(by or ""),
    }  # fmt: skip


_SENT = event(1, "sent", None, municipality="837")
_STEP = {
    "moved_at": (NOW - timedelta(days=3)).isoformat(), "undone_at": None,
    "reason": "Asiakas on muuttanut Nokialle",
    "from": "853", "to": "536", "organisation_id": 2,
}  # fmt: skip


def told(content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A notice as ``door.read_notice`` tells it."""
    return {
        "notice_id": _ID, "number": 4001, "version": 2, "kind": "supplementary_preventive_application",
        "need_reason": None, "urgent": False, "state": "read", "outcome": None, "assignee": None,
        "mine": False,
        "municipality": "837", "restricted": False, "read_only": False, "flagged": False, "moves": 0,
        "sent_at": (NOW - timedelta(days=2)).isoformat(),
        "visible_from": (NOW - timedelta(days=1)).isoformat(),
        "arrived_at": (NOW - timedelta(days=1)).isoformat(), "taken_at": None, "handled_at": None,
        "kela_asked_at": None, "due_on": (TODAY + timedelta(days=6)).isoformat(),
        "client": {
            "personal_id": "010190-999W", "family_name": "Mallikas", "given_names": "Testi Eemeli",
            "birth_date": "1990-01-01", "death_date": None, "language": "fi", "under_guardianship": False,
        },
        "content": content or {}, "attachments": [], "history": [_SENT, event(2, "opened")], "chain": [],
        **more,
    }  # fmt: skip


def context(notice: dict[str, Any], problem: Problem | None = None, **more: Any) -> dict[str, Any]:
    """What the page is made of."""
    return {
        "page": notice_page(notice, _WORDS, today=TODAY, now=NOW),
        "problem": problem,
        "changes": events_of(problem.changes, _WORDS) if problem else (),
        "typed": problem.typed if problem else {},
        "done": [],
        "outcomes": tuple(NOTICE_OUTCOMES.items()),
        "colleagues": [(_OLLI, "Olli Korhonen-Virtanen")],
        "dossier": Way("Sosiaalihuolto"),
        "list_url": "/notices/?view=all#notice-4001",
        "list_query": "",
        **more,
    }


def one_notice_pages() -> Pages:
    """Name, template and context of each."""
    page = "notices/notice"
    whole = {
        "phone": "040 000 0000", "contact_language": "so", "interpreter": True,
        "contact_wish": "Iltapäivisin",
        "free_text": _LONG, "expenses": _EXPENSES, "decision_number": "2026/311-009",
        "decided_on": "2026-11-20",
        "decision_from": "2026-11-01", "decision_to": "2026-11-30",
    }  # fmt: skip
    files = [
        {"place": 1, "name": "sähkölasku marraskuu.pdf", "size": 240_000},
        {"place": 2, "name": "kuva.jpg", "size": 3_400_000},
    ]
    yield "notice", page, context(told(whole, urgent=True, attachments=files))
    taken = [
        _SENT,
        event(2, "opened", _OLLI),
        event(3, "taken"),
        event(4, "noted", note="Soitettu, ei vastannut."),
    ]
    mine = {"state": "in_progress", "assignee": _YOU, "mine": True, "taken_at": NOW.isoformat(), "version": 4}
    asked = {"kela_asked_at": NOW.isoformat(), "due_on": (TODAY - timedelta(days=3)).isoformat()}
    months = {
        "rule": "unemployed_under_25/1",
        "spell_from": "2026-07",
        "months_counted": 4,
        "months": _MONTHS,
    }
    yield (
        "notice_taken",
        page,
        context(
            told(months, kind="unemployed_under_25", history=taken, **mine, **asked),
            done=[NOTICE_EVENTS["taken"], NOTICE_EVENTS["noted"]],
        ),
    )
    yield from _handled(page)
    yield from _moved(page, whole)
    yield from _transfers()
    yield from _transferred()


def _handled(page: str) -> Pages:
    handled = {"state": "handled", "outcome": "contacted", "handled_at": NOW.isoformat(), "version": 3}
    lowered = {
        "lowered_percent": 20, "lowered_from": "2026-11-01", "lowered_to": "2026-12-31",
        "lowered_reason": "Kieltäytynyt työstä", "decided_on": "2026-11-20",
    }  # fmt: skip
    yield (
        "notice_handled",
        page,
        context(
            told(
                lowered,
                kind="lowered_basic_part",
                history=[_SENT, event(2, "opened"), event(3, "handled", _OLLI, outcome="contacted")],
                **handled,
            )
        ),
    )
    faster = Problem(
        HTTPStatus.CONFLICT,
        FASTER,
        typed={"note": "Soitin asiakkaalle", "outcome": "contacted"},
        changes=[event(3, "taken", _OLLI)],
    )
    yield "notice_somebody_faster", page, context(told(), faster)
    for field in ("note", "outcome-contacted", "assignee", "told-client"):
        wrong = Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Korjaa tämä", field=field)
        yield f"notice_wrong_{field}", page, context(told(), wrong)


def _moved(page: str, whole: dict[str, Any]) -> Pages:
    moved: dict[str, Any] = {
        "moves": 3,
        "flagged": True,
        "chain": [_STEP, {**_STEP, "undone_at": NOW.isoformat()}],
    }
    yield "notice_moved", page, context(told(kind="social_work_need", need_reason="housing", **moved))
    restricted = {**moved, "restricted": True, "municipality": None}
    restricted["chain"] = [{**_STEP, "from": None, "to": None, "organisation_id": None}]
    no_names = [{"place": 1, "name": None, "size": 900}]
    yield (
        "notice_restricted",
        page,
        context(told(attachments=no_names, **restricted), dossier=Way("", "Valtuus")),
    )
    gone: dict[str, Any] = {"read_only": True, "state": "transferred", "chain": [_STEP], "version": 3}
    history = [_SENT, event(2, "opened"), event(3, "transferred", municipality="853")]
    yield "notice_sent_away", page, context(told(whole, history=history, **gone))
    yield (
        "notice_print",
        "notices/print",
        {**context(told(whole, **moved)), "printed_at": NOW, "official_name": "Aino Virkanen"},
    )


def _transfer(notice: dict[str, Any], problem: Problem | None = None, **more: Any) -> dict[str, Any]:
    made = context(notice, problem)
    moves = made["page"].moves + 1
    turku = Target("853", "Turku", "Varsinais-Suomi", chosen="853" in made["typed"].values())
    targets = [Target("536", "Nokia", "Pirkanmaa"), Target("837", "Tampere", "Pirkanmaa"), turku]
    may = "transferred" in made["page"].may
    return {
        **made, "version": 2, "confirm": None, "target": turku, "next_move": moves, "many_moves": moves >= 3,
        "counties": counties_of(targets) if may else (), "least": 10, "most": 255, **more,
    }  # fmt: skip


def _transfers() -> Pages:
    page = "notices/transfer"
    yield "notice_transfer", page, _transfer(told())
    yield "notice_transfer_third", page, _transfer(told(moves=2, chain=[_STEP, _STEP]))
    typed = {"municipality": "853", "reason": "Asiakas on muuttanut Turkuun"}
    for field in ("municipality", "reason"):
        wrong = Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Korjaa tämä", field=field, typed=typed)
        yield f"notice_transfer_wrong_{field}", page, _transfer(told(), wrong)
    faster = Problem(HTTPStatus.CONFLICT, FASTER, typed=typed, changes=[event(3, "taken", _OLLI)])
    yield "notice_transfer_faster", page, _transfer(told(), faster)
    body = Body("Varsinais-Suomen hyvinvointialue", "kelmu@varsinais-suomi.example")
    yield "notice_transfer_confirm", page, _transfer(told(), typed=typed, confirm=body)
    yield "notice_transfer_nobody", page, _transfer(told(), typed=typed, confirm=Body("", ""))
    yield "notice_transfer_handled", page, _transfer(told(state="handled"), typed=typed)
    yield "notice_transfer_gone", page, _transfer(told(read_only=True, state="transferred"))


def _transferred() -> Pages:
    page = "notices/transferred"
    client = {"family_name": "Mallikas", "given_names": "Testi Eemeli", "birth_date": "1990-01-01"}
    moved = []
    for number, (minutes, restricted, named) in enumerate(
        ((3, False, client), (9000, False, client), (9001, True, None))
    ):
        arrived = (NOW - timedelta(minutes=minutes)).isoformat()
        place = "" if restricted else "Turku"
        more: dict[str, Any] = {"state": "transferred", "moves": 3, "flagged": True, "restricted": restricted}
        row = row_of(
            told(number=4001 + number, arrived_at=arrived, urgent=True, **more),
            Beside(named, place, "", f"/notices/{_ID}/", checked=False),
            today=TODAY,
        )
        moved.append(moved_of(row, 3, own=True, now=NOW))
    whole = {"recent": moved[:1], "older": moved[1:], "done": moved[0].row, "total": 201, "most": 200}
    yield "notices_transferred", page, whole
    yield "notices_transferred_restricted", page, {**whole, "recent": [], "done": moved[2].row}
    yield "notices_transferred_none", page, {"recent": [], "older": [], "done": None, "total": 0, "most": 200}
