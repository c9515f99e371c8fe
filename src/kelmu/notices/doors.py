"""The doors of notices as Python calls: one short statement each, outside a transaction one of its own.

What they answer is the door's JSON, whose members the SQL files describe. None: not there for this session,
or no right to notices; the two are never told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from kelmu.core.door import ask_object, ask_objects, ask_rows, ask_text

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a notice, under its name; ``place`` counts from 1."""

    place: int
    name: str = field(repr=False)
    media_type: str
    sha256: bytes
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of the inbox are asked for; the members of ``filter`` are those of ``door.notice_rows``.

    ``since``: rows that came after this moment are counted.
    """

    folder: str = "inbox"
    filter: Mapping[str, Any] = field(default_factory=dict)
    sort: str = "due"
    skip: int = 0
    rows: int = 50
    since: datetime | None = None


def notice_rows(secret: str, page: Page) -> Answer | None:
    """``door.notice_rows``: workflow values of a page, its total and the folder's counts; no names."""
    values = [
        secret, page.folder, Jsonb(dict(page.filter)), page.sort, page.skip, page.rows, page.since,
    ]  # fmt: skip
    return ask_object("SELECT door.notice_rows(%s, %s, %s, %s, %s, %s, %s)", values)


def notice_news(secret: str, since: datetime | None = None) -> Answer | None:
    """``door.notice_news``: how many notices are new, and how many of them came after a moment; no entry."""
    return ask_object("SELECT door.notice_news(%s, %s)", [secret, since])


def notice_names(secret: str, notice_ids: Iterable[UUID]) -> Mapping[UUID, Answer]:
    """Names and birth dates of a page's clients: an entry that names all of them, then the reading.

    Two doors in two transactions, so the caller must have none open. Of an empty page neither is asked.
    """
    ids = list(notice_ids)
    if not ids:
        return {}
    ticket = ask_text("SELECT door.open_notice_page(%s, %s)", [secret, ids])
    if ticket is None:
        return {}
    named = ask_objects("SELECT door.read_notice_page(%s, %s)", [secret, ticket])
    return {UUID(each["notice_id"]): each for each in named or ()}


def open_notice(
    secret: str, notice_id: UUID, *, action: str = "open", place: int | None = None
) -> str | None:
    """``door.open_notice``: a ticket. ``action`` is ``open``, ``print`` or ``attachments``."""
    return ask_text("SELECT door.open_notice(%s, %s, %s, %s)", [secret, notice_id, action, place])


def read_notice(secret: str, ticket: str) -> Answer | None:
    """``door.read_notice``: the whole of one notice."""
    return ask_object("SELECT door.read_notice(%s, %s)", [secret, ticket])


def notice(secret: str, notice_id: UUID, *, action: str = "open") -> Answer | None:
    """One notice, opened and read in two transactions."""
    ticket = open_notice(secret, notice_id, action=action)
    return None if ticket is None else read_notice(secret, ticket)


def attachments(secret: str, notice_id: UUID, place: int | None = None) -> list[Attachment]:
    """All files of a notice, or the one at a place; empty: not there."""
    ticket = open_notice(secret, notice_id, action="attachments", place=place)
    if ticket is None:
        return []
    rows = ask_rows(
        "SELECT place, name, media_type, sha256, bytes FROM door.read_attachments(%s, %s)", [secret, ticket]
    )
    return [Attachment(*row) for row in rows]


def change_notice(
    secret: str, notice_id: UUID, version: int, what: str, value: str | None = None
) -> Answer | None:
    """``door.change_notice``: what came of it, and the notice as it is now."""
    return ask_object(
        "SELECT door.change_notice(%s, %s, %s, %s, %s)", [secret, notice_id, version, what, value]
    )


def change_notices(
    secret: str, changes: Iterable[tuple[UUID, int]], what: str, value: str | None = None
) -> Sequence[Answer] | None:
    """``door.change_notices``: the same change to several notices; an answer for each, in their order.

    Args:
        secret: the acting session's.
        changes: 1 to 200 notices, each once, with the versions the official has seen.
        what: as ``change_notice`` takes it, but no note.
        value: as ``change_notice`` takes it.
    """
    asked = [{"notice_id": str(notice_id), "version": version} for notice_id, version in changes]
    return ask_objects("SELECT door.change_notices(%s, %s, %s, %s)", [secret, Jsonb(asked), what, value])


def transfer_notice(
    secret: str, notice_id: UUID, version: int, *, municipality: str, reason: str
) -> Answer | None:
    """``door.transfer_notice``: what came of it, and the body that serves the target."""
    return ask_object(
        "SELECT door.transfer_notice(%s, %s, %s, %s, %s)", [secret, notice_id, version, municipality, reason]
    )


def undo_notice(secret: str, notice_id: UUID, version: int) -> Answer | None:
    """``door.undo_notice``: the official's own latest change is taken back, within 10 minutes."""
    return ask_object("SELECT door.undo_notice(%s, %s, %s)", [secret, notice_id, version])


def notice_figures(secret: str, first: date, last: date) -> Answer | None:
    """``door.notice_figures``: volumes, take-up, lateness and transfers of 1 to 12 months that have ended."""
    return ask_object("SELECT door.notice_figures(%s, %s, %s)", [secret, first, last])


def transfer_targets(secret: str) -> Sequence[Answer] | None:
    """``door.transfer_targets``: every municipality, with the body that serves it."""
    return ask_objects("SELECT door.transfer_targets(%s)", [secret])


def notice_officials(secret: str) -> Sequence[Answer] | None:
    """``door.notice_officials``: the colleagues a notice can be given to; one entry."""
    return ask_objects("SELECT door.notice_officials(%s)", [secret])
