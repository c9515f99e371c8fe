"""An official at the desk of notices: the web role's connection, her secret, and the doors."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from tests.world import Body, Somebody, World, make_personal_id, pseudonym_of

MANDATE = "social_assistance_and_welfare"
KELA_DESK = "kela_desk"
REASON = "The client has moved there"


@dataclass
class NoticeDesk:
    """One official acting for a body."""

    connection: psycopg.Connection
    secret: str
    body: Body
    pseudonym: str

    def call(self, query: str, *values: Any) -> Any:
        row = self.connection.execute(query.encode(), values).fetchone()
        return row[0] if row else None

    def page(
        self, *, folder: str = "inbox", sort: str = "due", skip: int = 0, rows: int = 200, since: Any = None,
        **asked: Any,
    ) -> dict[str, Any]:  # fmt: skip
        answer: dict[str, Any] = self.call(
            "SELECT door.notice_rows(%s, %s, %s, %s, %s, %s, %s)",
            self.secret, folder, Jsonb(asked), sort, skip, rows, since,
        )  # fmt: skip
        return answer

    def ids(self, **asked: Any) -> list[UUID]:
        """The notices of a page, in its order."""
        return [UUID(row["notice_id"]) for row in self.page(**asked)["rows"]]

    def row(self, notice_id: UUID | None, **asked: Any) -> dict[str, Any]:
        """One row of a page."""
        [row] = [row for row in self.page(**asked)["rows"] if UUID(row["notice_id"]) == notice_id]
        return dict(row)

    def open(self, notice_id: UUID | None, action: str = "open", place: int | None = None) -> str | None:
        ticket: str | None = self.call(
            "SELECT door.open_notice(%s, %s, %s, %s)", self.secret, notice_id, action, place
        )
        return ticket

    def read(self, notice_id: UUID | None, action: str = "open") -> dict[str, Any] | None:
        """Open and read; None: not there."""
        ticket = self.open(notice_id, action)
        text = None if ticket is None else self.call("SELECT door.read_notice(%s, %s)", self.secret, ticket)
        return None if text is None else json.loads(text)

    def names(self, notice_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
        ticket = self.call("SELECT door.open_notice_page(%s, %s)", self.secret, notice_ids)
        text = self.call("SELECT door.read_notice_page(%s, %s)", self.secret, ticket)
        return {UUID(each["notice_id"]): each for each in json.loads(text)}

    def files(self, notice_id: UUID | None, place: int | None = None) -> list[tuple[Any, ...]]:
        ticket = self.open(notice_id, "attachments", place)
        return self.connection.execute(
            "SELECT place, name, media_type, bytes FROM door.read_attachments(%s, %s)", [self.secret, ticket]
        ).fetchall()

    def change(self, notice_id: UUID | None, version: int, what: str, value: str | None = None) -> Any:
        return self.call(
            "SELECT door.change_notice(%s, %s, %s, %s, %s)", self.secret, notice_id, version, what, value
        )

    def transfer(self, notice_id: UUID | None, version: int, municipality: str, reason: str = REASON) -> Any:
        return self.call(
            "SELECT door.transfer_notice(%s, %s, %s, %s, %s)", self.secret, notice_id, version, municipality,
            reason,
        )  # fmt: skip

    def undo(self, notice_id: UUID | None, version: int) -> Any:
        return self.call("SELECT door.undo_notice(%s, %s, %s)", self.secret, notice_id, version)

    def take_in(
        self, client: Somebody, kela_number: str, kind: str = "social_work_need", *, urgent: bool = False,
        files: tuple[tuple[str, str, bytes], ...] = (), **content: Any,
    ) -> Any:  # fmt: skip
        """Kela's side sends a notice."""
        return self.call(
            "SELECT door.take_in_notice(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            self.secret, kela_number, client.personal_id, kind, urgent,
            "livelihood" if kind == "social_work_need" else None, Jsonb(content),
            [name for name, _, _ in files], [kind for _, kind, _ in files], [data for _, _, data in files],
        )  # fmt: skip


@dataclass
class Desks:
    """Makes desks, and closes their connections."""

    world: World
    opened: list[NoticeDesk] = field(default_factory=list)

    def __call__(
        self, body: Body, official: Somebody | None = None, *, mandates: tuple[str, ...] = (MANDATE,),
        channel: str = "web",
    ) -> NoticeDesk:  # fmt: skip
        """A new desk of a body; its official is unknown to the register unless told."""
        code = official.personal_id if official else make_personal_id(date(1970, 1, 1))
        pseudonym = pseudonym_of(code)
        secret = self.world.begin(body, official, mandates=mandates, channel=channel, pseudonym=pseudonym)
        self.opened.append(NoticeDesk(self.world.database.connect(), secret, body, pseudonym))
        return self.opened[-1]

    def close(self) -> None:
        """At the end of a test."""
        while self.opened:
            self.opened.pop().connection.close()
