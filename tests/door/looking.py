"""The calls of a look, as the web role makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from tests.world import Body, Somebody

GROUPS = ["decisions", "payments", "pending"]


@dataclass
class Desk:
    """One connection of the web role and one acting session's secret."""

    connection: psycopg.Connection
    secret: str

    def call(self, query: LiteralString, *values: Any) -> Any:
        row = self.connection.execute(query, values).fetchone()
        return row[0] if row and len(row) == 1 else row

    def open(
        self, personal_id: str, *, purpose: str = "social_assistance", reason: str | None = None,
        groups: list[str] | None = None,
    ) -> tuple[UUID, str]:  # fmt: skip
        opened: tuple[UUID, str] = self.call(
            "SELECT * FROM door.open_inquiry(%s, %s, %s, %s, true, %s, %s)",
            self.secret, purpose, "case-1", reason, personal_id, GROUPS if groups is None else groups,
        )  # fmt: skip
        return opened

    def view(self, inquiry_id: UUID, groups: list[str]) -> str | None:
        ticket: str | None = self.call("SELECT door.open_view(%s, %s, %s)", self.secret, inquiry_id, groups)
        return ticket

    def reason(self, inquiry_id: UUID, reason: str) -> str | None:
        ticket: str | None = self.call("SELECT door.give_reason(%s, %s, %s)", self.secret, inquiry_id, reason)
        return ticket

    def outcome(self, ticket: str) -> dict[str, Any] | None:
        answer: dict[str, Any] | None = self.call("SELECT door.read_outcome(%s, %s)", self.secret, ticket)
        return answer

    def decided(self, personal_id: str, **how: Any) -> tuple[str, str]:
        """Outcome and true rule of opening a person."""
        _, ticket = self.open(personal_id, **how)
        answer = self.outcome(ticket)
        assert answer is not None
        return answer["sql_decision"]["outcome"], answer["sql_decision"]["rule"]

    def read(self, ticket: str) -> str | None:
        document: str | None = self.call("SELECT door.read_dossier(%s, %s)", self.secret, ticket)
        return document


@dataclass(frozen=True)
class Scene:
    """What the tests of a module share: an official who acts for a body, and a client of its area."""

    body: Body
    official: Somebody
    client: Somebody
    secret: str


@dataclass(frozen=True)
class Moment:
    """One transaction, taken back at its end: what is changed in it is asked about in it, without limits."""

    connection: psycopg.Connection
    scene: Scene

    def change(self, query: Any, *values: Any) -> None:
        self.connection.execute(query, values)

    def entry(
        self, personal_id: str, *, secret: str | None = None, purpose: str = "social_assistance",
        reason: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """What is written when a person is opened; by the scene's official, unless told otherwise."""
        opened = self.connection.execute(
            "SELECT inquiry_id FROM door.open_inquiry(%s, %s, 'case-1', %s, true, %s, %s)",
            [secret or self.scene.secret, purpose, reason, personal_id, GROUPS],
        ).fetchone()
        query = "SELECT to_jsonb(e) FROM audit.entry e WHERE inquiry_id = %s"
        [[entry]] = self.connection.execute(query, opened).fetchall()
        assert isinstance(entry, dict)
        return entry

    def facts(self, personal_id: str, secret: str | None = None) -> dict[str, Any]:
        """What was true of a person who was opened."""
        facts: dict[str, Any] = self.entry(personal_id, secret=secret)["facts"]
        return facts
