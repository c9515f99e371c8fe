"""The inbox of notices as its page shows it: tiles, rows, what came of a bulk change, pages of the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from kelmu.core.formats import format_moment
from kelmu.web.presentation.labels import Label, language
from kelmu.web.presentation.notice_filter import Pairs, address_query
from kelmu.web.presentation.notice_words import (
    NOTICE_EVENTS,
    NOTICE_KINDS,
    NOTICE_OUTCOMES,
    NOTICE_STATES,
    WHY_UNCHANGED,
)
from kelmu.web.presentation.told import client_name, moment


@dataclass(frozen=True, slots=True)
class Tile:
    """A count that leads to the list of what it counts. ``late``: what should have been done already."""

    label: str | Promise
    count: int
    query: str
    current: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a change of one notice, in words, and what to do now."""

    number: int
    done: bool
    text: str | Promise
    advice: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A notice in the list. Empty texts are what it has not; ``picked`` is its box's value."""

    notice_id: str
    number: int
    picked: str
    checked: bool
    url: str
    kind: str | Promise
    urgent: bool
    name: str
    birth_date: date | None
    municipality: str
    restricted: bool
    arrived_at: datetime
    due_on: date
    due_note: str
    overdue: bool
    state: Label
    outcome: str | Promise
    assignee: str | Promise
    flagged: bool
    kela_asks: bool
    moves: int
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Pager:
    """Where in the list the page is; numbers count from 1. ``earlier``, ``later``: queries, or empty."""

    first: int
    last: int
    total: int
    page: int
    pages: int
    earlier: str
    later: str


_TILES: dict[str, tuple[str | Promise, Callable[[str], Pairs]]] = {
    "new": (pgettext_lazy("tile of notices", "New"), lambda _day: (("state", "new"),)),
    "mine": (pgettext_lazy("tile of notices", "Yours"), lambda _day: (("assignee", "me"),)),
    "nobodys": (
        pgettext_lazy("tile of notices", "Without a handler"), lambda _day: (("assignee", "nobody"),)
    ),
    "urgent": (pgettext_lazy("tile of notices", "Urgent"), lambda _day: (("urgency", "yes"),)),
    "due_today": (
        pgettext_lazy("tile of notices", "Due today"), lambda day: (("due_from", day), ("due_to", day))
    ),
    "overdue": (pgettext_lazy("tile of notices", "Overdue"), lambda _day: (("only", "overdue"),)),
    "restricted": (pgettext_lazy("tile of notices", "Restricted"), lambda _day: (("only", "restricted"),)),
    "flagged": (pgettext_lazy("tile of notices", "Moved many times"), lambda _day: (("only", "flagged"),)),
}  # fmt: skip
_SELDOM = {"restricted", "flagged"}


def tiles_of(counts: Mapping[str, int], chosen: Pairs, *, today: date) -> tuple[Tile, ...]:
    """The tiles; those that are seldom needed only where they count anything or are in use."""
    tiles = {name: _tile(name, counts, chosen, today) for name in _TILES}
    return tuple(tile for name, tile in tiles.items() if tile.count or tile.current or name not in _SELDOM)


def _tile(name: str, counts: Mapping[str, int], chosen: Pairs, today: date) -> Tile:
    label, filter_ = _TILES[name]
    pairs: Pairs = filter_(today.isoformat())
    late = name == "overdue" and counts[name] > 0
    return Tile(label, counts[name], address_query(pairs), set(chosen) == set(pairs), late)


def desk_tiles(counts: Mapping[str, int], new_urgent: int, *, today: date) -> tuple[Tile, ...]:
    """What the start page tells of the inbox: what to do first; nothing that counts none."""
    urgent = Tile(
        pgettext("tile of notices", "New urgent"),
        new_urgent,
        address_query((("state", "new"), ("urgency", "yes"))),
        late=True,
    )
    others = (_tile(name, counts, (), today) for name in ("new", "mine", "due_today", "overdue"))
    return tuple(tile for tile in (urgent, *others) if tile.count)


def due_note(due_on: date, state: str, *, today: date) -> tuple[str, bool]:
    """How long there is until a decision is due, in days of the calendar, and whether that is past."""
    if state == "handled":
        return "", False
    days = (due_on - today).days
    if days == 0:
        return _("due today"), False
    if days < 0:
        return ngettext("%(days)s day overdue", "%(days)s days overdue", -days) % {"days": -days}, True
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}, False


@dataclass(frozen=True, slots=True)
class Beside:
    """What a row is told with besides its workflow. ``named``: its client, None where not read."""

    named: Mapping[str, Any] | None
    municipality: str
    assignee: str
    url: str
    checked: bool
    answer: Answer | None = None


def picked_of(told: Mapping[str, Any]) -> str:
    """What stands for a row of ``door.notice_rows`` in a form: the notice, its version, its number."""
    return f"{told['notice_id']}:{told['version']}:{told['number']}"


def row_of(told: Mapping[str, Any], beside: Beside, *, today: date) -> Row:
    """A row of ``door.notice_rows`` in words."""
    named = beside.named
    due_on = date.fromisoformat(told["due_on"])
    note, late = due_note(due_on, told["state"], today=today)
    return Row(
        notice_id=told["notice_id"],
        number=told["number"],
        picked=picked_of(told),
        checked=beside.checked,
        url=beside.url,
        kind=NOTICE_KINDS[told["kind"]],
        urgent=told["urgent"],
        name=client_name(named) if named else "",
        birth_date=date.fromisoformat(named["birth_date"]) if named else None,
        municipality=beside.municipality,
        restricted=told["restricted"],
        arrived_at=moment(told["arrived_at"]),
        due_on=due_on,
        due_note=note,
        overdue=late,
        state=NOTICE_STATES[told["state"]],
        outcome=NOTICE_OUTCOMES[told["outcome"]] if told["outcome"] else "",
        assignee=beside.assignee,
        flagged=told["flagged"],
        kela_asks=told["kela_asked_at"] is not None and told["state"] != "handled",
        moves=told["moves"],
        answer=beside.answer,
    )


def pager_of(chosen: Pairs, order: str, *, page: int, size: int, total: int) -> Pager:
    """The pages of a list of ``total`` rows, ``size`` on each."""
    pages = max(1, -(-total // size))
    return Pager(
        first=min(total, (page - 1) * size + 1),
        last=min(total, page * size),
        total=total,
        page=page,
        pages=pages,
        earlier=address_query(chosen, order, page - 1) if page > 1 else "",
        later=address_query(chosen, order, page + 1) if page < pages else "",
    )


_ADVICE: dict[str, str | Promise] = {
    "handled": pgettext_lazy("what to do now", "Open it, if it has to be taken up again."),
    "not_read": pgettext_lazy("what to do now", "Release it first, if it has a handler."),
    "assignee": pgettext_lazy("what to do now", "Choose another colleague."),
    "read_only": pgettext_lazy("what to do now", "The receiver goes on with it."),
}


def answer_of(told: Mapping[str, Any], what: str, names: Mapping[str, str | Promise]) -> Answer:
    """What came of one row of a bulk change, as it was kept (``notices_bulk``)."""
    number: int = told["number"]
    match told["result"]:
        case "done":
            return Answer(number, done=True, text=NOTICE_EVENTS[what])
        case "not_possible":
            why: str = told["why"]
            return Answer(number, done=False, text=WHY_UNCHANGED[why], advice=_ADVICE.get(why, ""))
        case "changed":
            happened = "; ".join(_happened(each, names) for each in told["changes"])
            return Answer(
                number,
                done=False,
                text=_("It has changed since you saw it: %(happened)s.") % {"happened": happened},
                advice=_("Look at the row, and choose again if you still want to."),
            )
        case _:
            return Answer(
                number,
                done=False,
                text=_("It is no longer in your organisation's inbox."),
                advice=_("It may have been transferred. Nothing needs to be done here."),
            )


def _happened(change: Sequence[str], names: Mapping[str, str | Promise]) -> str:
    what, by, at = change
    when = format_moment(moment(at), language())
    words = str(NOTICE_EVENTS[what]).lower()
    return f"{words}, {names[by]}, {when}" if by in names else f"{words}, {when}"
