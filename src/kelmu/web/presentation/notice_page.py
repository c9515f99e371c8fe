"""One notice as its page shows it: what it says, how it stands, what can be done with it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kelmu.web.presentation.inbox import due_note
from kelmu.web.presentation.labels import Label, benefit_name, language_name
from kelmu.web.presentation.notice_history import Event, Step, Undo, Words, events_of, steps_of, undo_of
from kelmu.web.presentation.notice_words import NEED_REASONS, NOTICE_KINDS, NOTICE_OUTCOMES, NOTICE_STATES
from kelmu.web.presentation.told import client_name, moment

_JOB_SEEKER = "job_seeker"


@dataclass(frozen=True, slots=True)
class Client:
    """Whom the notice is about."""

    name: str
    personal_id: str
    birth_date: date
    language_name: str
    death_date: date | None
    under_guardianship: bool


@dataclass(frozen=True, slots=True)
class Expense:
    """An expense applied for; amounts are euros."""

    text: str
    amount: Decimal | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that made a month count."""

    number: str
    paid_on: date
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Month:
    """A month that counted, and what it rests on. ``unemployment``: how the client was unemployed then."""

    first_day: date
    decision_number: str
    decided_on: date
    assistance: Decimal
    income: Decimal
    payments: tuple[Payment, ...]
    unemployment: str


@dataclass(frozen=True, slots=True)
class File:
    """An attachment. ``name`` is empty where it may not be shown."""

    place: int
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class Content:
    """What came with the notice. None and empty: it was not told."""

    phone: str
    contact_language: str
    interpreter: bool | None
    contact_wish: str
    free_text: str
    expenses: tuple[Expense, ...]
    decision_number: str
    decided_on: date | None
    decision_from: date | None
    decision_to: date | None
    lowered_percent: int | None
    lowered_from: date | None
    lowered_to: date | None
    lowered_reason: str
    months_counted: int | None
    spell_from: date | None
    months: tuple[Month, ...]

    @property
    def expenses_sum(self) -> Decimal | None:
        """What is applied for in all; None where a sum is not told for each."""
        amounts = [each.amount for each in self.expenses]
        return sum((each for each in amounts if each), Decimal()) if amounts and None not in amounts else None


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The whole of one notice in words. ``may`` are the changes that can be made now."""

    notice_id: str
    number: int
    version: int
    kind: str | Promise
    need_reason: str | Promise
    urgent: bool
    state: Label
    outcome: str | Promise
    assignee: str | Promise
    mine: bool
    municipality: str
    restricted: bool
    read_only: bool
    flagged: bool
    moves: int
    sent_at: datetime
    visible_from: datetime
    arrived_at: datetime
    taken_at: datetime | None
    handled_at: datetime | None
    kela_asked_at: datetime | None
    due_on: date
    due_note: str
    overdue: bool
    client: Client
    content: Content
    files: tuple[File, ...]
    events: tuple[Event, ...]
    steps: tuple[Step, ...]
    undo: Undo | None
    may: frozenset[str]


def notice_page(told: Mapping[str, Any], words: Words, *, today: date, now: datetime) -> NoticePage:
    """What ``door.read_notice`` answered, in words."""
    due_on = date.fromisoformat(told["due_on"])
    note, late = ("", False) if told["read_only"] else due_note(due_on, told["state"], today=today)
    return NoticePage(
        notice_id=told["notice_id"],
        number=told["number"],
        version=told["version"],
        kind=NOTICE_KINDS[told["kind"]],
        need_reason=NEED_REASONS[told["need_reason"]] if told["need_reason"] else "",
        urgent=told["urgent"],
        state=NOTICE_STATES[told["state"]],
        outcome=NOTICE_OUTCOMES[told["outcome"]] if told["outcome"] else "",
        assignee=words.official(told["assignee"]),
        mine=told["mine"],
        municipality=words.place(told["municipality"]),
        restricted=told["restricted"],
        read_only=told["read_only"],
        flagged=told["flagged"],
        moves=told["moves"],
        sent_at=moment(told["sent_at"]),
        visible_from=moment(told["visible_from"]),
        arrived_at=moment(told["arrived_at"]),
        taken_at=_moment_or_none(told["taken_at"]),
        handled_at=_moment_or_none(told["handled_at"]),
        kela_asked_at=_moment_or_none(told["kela_asked_at"]),
        due_on=due_on,
        due_note=note,
        overdue=late,
        client=_client(told["client"]),
        content=_content(told["content"]),
        files=tuple(_file(each) for each in told["attachments"]),
        events=events_of(told["history"], words),
        steps=steps_of(told["chain"], words),
        undo=undo_of(told["history"], told["version"], words.you, now=now),
        may=_possible(told),
    )


def _possible(told: Mapping[str, Any]) -> frozenset[str]:
    if told["read_only"]:
        return frozenset()
    if told["state"] == "handled":
        return frozenset({"reopened", "noted"})
    more = {"released"} if told["assignee"] else set()
    more |= {"marked_unread"} if told["state"] == "read" else set()
    more |= set() if told["mine"] else {"taken"}
    return frozenset({"assigned", "noted", "handled", "transferred", *more})


def _client(told: Mapping[str, Any]) -> Client:
    return Client(
        name=client_name(told),
        personal_id=told["personal_id"],
        birth_date=date.fromisoformat(told["birth_date"]),
        language_name=language_name(told["language"]) if told["language"] else "",
        death_date=_day(told["death_date"]),
        under_guardianship=told["under_guardianship"],
    )


def _content(told: Mapping[str, Any]) -> Content:
    language = told.get("contact_language")
    return Content(
        phone=told.get("phone") or "",
        contact_language=language_name(language) if language else "",
        interpreter=told.get("interpreter"),
        contact_wish=told.get("contact_wish") or "",
        free_text=told.get("free_text") or "",
        expenses=tuple(
            Expense(each["text"], _euros(each.get("amount")), _day(each.get("due_on")))
            for each in told.get("expenses") or ()
        ),
        decision_number=told.get("decision_number") or "",
        decided_on=_day(told.get("decided_on")),
        decision_from=_day(told.get("decision_from")),
        decision_to=_day(told.get("decision_to")),
        lowered_percent=told.get("lowered_percent"),
        lowered_from=_day(told.get("lowered_from")),
        lowered_to=_day(told.get("lowered_to")),
        lowered_reason=told.get("lowered_reason") or "",
        months_counted=told.get("months_counted"),
        spell_from=_month_day(told["spell_from"]) if told.get("spell_from") else None,
        months=tuple(_month(each) for each in told.get("months") or ()),
    )


def _month(told: Mapping[str, Any]) -> Month:
    return Month(
        first_day=_month_day(told["month"]),
        decision_number=told["decision_number"],
        decided_on=date.fromisoformat(told["decided_on"]),
        assistance=Decimal(str(told["assistance"])),
        income=Decimal(str(told["income"])),
        payments=tuple(
            Payment(each["payment_number"], date.fromisoformat(each["paid_on"]), Decimal(str(each["gross"])))
            for each in told["payments"]
        ),
        unemployment=", ".join(
            _("Job seeker") if each == _JOB_SEEKER else benefit_name(each) for each in told["unemployment"]
        ),
    )


def _file(told: Mapping[str, Any]) -> File:
    return File(told["place"], told["name"] or "", size_words(told["size"]))


def size_words(size: int) -> str:
    """How big a file of so many bytes is."""
    thousands = -(-size // 1000)
    if thousands < 1000:
        return _("%(size)s kB") % {"size": thousands}
    return _("%(size)s MB") % {"size": -(-thousands // 1000)}


def _euros(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _month_day(text: str) -> date:
    return date.fromisoformat(f"{text[:7]}-01")


def _moment_or_none(text: str | None) -> datetime | None:
    return moment(text) if text else None
