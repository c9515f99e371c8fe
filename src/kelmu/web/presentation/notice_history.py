"""What happened to a notice, whose hands it went through, and what of it can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kelmu.web.presentation.notice_filter import handler_mark
from kelmu.web.presentation.notice_words import NOTICE_EVENTS, NOTICE_OUTCOMES
from kelmu.web.presentation.told import moment, undo_until

_NEVER_UNDONE = frozenset({"sent", "opened", "undone", "kela_asked"})


@dataclass(frozen=True, slots=True)
class Words:
    """Names by which a notice is told: municipalities by code, bodies by id, colleagues by pseudonym."""

    places: Mapping[str, str]
    bodies: Mapping[int, str]
    officials: Mapping[str, str]
    you: str

    def place(self, code: str | None) -> str:
        """A municipality; empty where it is not told."""
        return self.places.get(code, code) if code else ""

    def official(self, pseudonym: str | None) -> str:
        """A colleague; empty where there is none."""
        if not pseudonym:
            return ""
        if pseudonym == self.you:
            return pgettext("handler of a notice", "You")
        return self.officials.get(pseudonym) or handler_mark(pseudonym)

    def who(self, event: Mapping[str, Any]) -> str:
        """Who did something: a colleague, another body, or the service itself (empty)."""
        if event["by"]:
            return event["by_name"] or self.official(event["by"])
        return self.bodies.get(event["organisation_id"], "") if event["organisation_id"] else ""


@dataclass(frozen=True, slots=True)
class Event:
    """A step in the history. ``detail`` tells what it changed to."""

    what: str | Promise
    at: datetime
    who: str
    detail: str | Promise
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """A move from one municipality to another; empty names are not told."""

    moved_at: datetime
    undone_at: datetime | None
    origin: str
    target: str
    body: str
    reason: str


@dataclass(frozen=True, slots=True)
class Undo:
    """A change that can still be taken back, until when, and how many minutes that is."""

    what: str | Promise
    until: datetime
    minutes: int


def events_of(told: Sequence[Mapping[str, Any]], words: Words) -> tuple[Event, ...]:
    """The history, newest first."""
    by_version = {each["version"]: each for each in told}
    return tuple(_event(each, by_version, words) for each in reversed(told))


def _event(told: Mapping[str, Any], by_version: Mapping[int, Mapping[str, Any]], words: Words) -> Event:
    return Event(
        NOTICE_EVENTS[told["what"]],
        moment(told["at"]),
        words.who(told),
        _detail(told, by_version, words),
        told["note"] or "",
    )


def _detail(
    told: Mapping[str, Any], by_version: Mapping[int, Mapping[str, Any]], words: Words
) -> str | Promise:
    after = told["after"]
    match told["what"]:
        case "handled":
            return NOTICE_OUTCOMES[after["outcome"]]
        # Whom another body gave it to is that body's own.
        case "assigned" if told["by"]:
            name = words.officials.get(after["assignee"]) or words.official(after["assignee"])
            return _("Handler: %(name)s") % {"name": name}
        case "transferred":
            return words.place(after.get("municipality"))
        case "undone" if told["undoes"] in by_version:
            return NOTICE_EVENTS[by_version[told["undoes"]]["what"]]
        case _:
            return ""


def steps_of(told: Sequence[Mapping[str, Any]], words: Words) -> tuple[Step, ...]:
    """The way of a notice from municipality to municipality, oldest first."""
    return tuple(
        Step(
            moment(each["moved_at"]),
            moment(each["undone_at"]) if each["undone_at"] else None,
            words.place(each["from"]),
            words.place(each["to"]),
            words.bodies.get(each["organisation_id"], "") if each["organisation_id"] else "",
            each["reason"],
        )
        for each in told
    )


def undo_of(history: Sequence[Mapping[str, Any]], version: int, you: str, *, now: datetime) -> Undo | None:
    """The official's own latest change, if it can be taken back now; the door decides it anew."""
    latest = next((each for each in reversed(history) if each["what"] != "noted"), None)
    if latest is None or latest["what"] in _NEVER_UNDONE or latest["by"] != you:
        return None
    if history[-1]["version"] != version:
        return None
    until, minutes = undo_until(moment(latest["at"]), now)
    return Undo(NOTICE_EVENTS[latest["what"]], until, minutes) if minutes else None
