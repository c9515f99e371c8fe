"""The doors of notices for systems: the feed of an organisation's inbox, and Kela's side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb

from kelmu.core.door import ask_object, ask_objects, ask_text, ask_value
from kelmu.core.personal_id import PersonalId
from kelmu.notices.doors import Answer


@dataclass(frozen=True, slots=True)
class File:
    """A file that comes with a notice: its name without any folder, its media type, its bytes."""

    name: str = field(repr=False)
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A notice as Kela's back office sends it, under its own number."""

    kela_number: str
    personal_id: PersonalId
    kind: str
    urgent: bool
    need_reason: str | None
    content: Mapping[str, Any] = field(repr=False)
    files: Sequence[File] = ()


def notice_feed(secret: str, token: str, *, after: int | None, rows: int) -> str | None:
    """The next notices of a client's sequence: the door's exact text. None: no right to notices.

    An entry that names all of them, then the reading: two transactions.
    """
    ticket = ask_text("SELECT door.open_notice_feed(%s, %s, %s, %s)", [secret, token, after, rows])
    if ticket is None:
        return None
    return ask_text("SELECT door.read_notice_feed(%s, %s)", [secret, ticket])


def acknowledge_notices(secret: str, token: str, up_to: int) -> int | None:
    """``door.acknowledge_notices``: the place the client has acknowledged now."""
    place: int | None = ask_value("SELECT door.acknowledge_notices(%s, %s, %s)", [secret, token, up_to])
    return place


def take_in_notice(secret: str, message: Message) -> Answer | None:
    """``door.take_in_notice``: what became of the message; None: not Kela's side."""
    return ask_object(
        "SELECT door.take_in_notice(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            secret,
            message.kela_number,
            message.personal_id.value,
            message.kind,
            message.urgent,
            message.need_reason,
            Jsonb(dict(message.content)),
            [each.name for each in message.files],
            [each.media_type for each in message.files],
            [each.data for each in message.files],
        ],
    )


def notice_answers(secret: str, *, after: int, rows: int) -> Sequence[Answer] | None:
    """``door.notice_answers``: answers to Kela that it has not acknowledged, in order."""
    return ask_objects("SELECT door.notice_answers(%s, %s, %s)", [secret, after, rows])


def acknowledge_answers(secret: str, up_to: int) -> int | None:
    """``door.acknowledge_answers``: how many that were new."""
    kept: int | None = ask_value("SELECT door.acknowledge_answers(%s, %s)", [secret, up_to])
    return kept


def ask_for_answer(secret: str, number: int) -> Answer | None:
    """``door.ask_for_answer``: what there is; None: not Kela's side, or no such notice."""
    return ask_object("SELECT door.ask_for_answer(%s, %s)", [secret, number])


def desk_notices(secret: str) -> Sequence[Answer] | None:
    """``door.desk_notices``: what Kela's desk looks after."""
    return ask_objects("SELECT door.desk_notices(%s)", [secret])
