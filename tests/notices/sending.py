"""Sends notices as the doors do, through the function that only doors call."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from kelmu.core import clock
from tests.world import Somebody, World

KINDS = (
    "social_work_need", "supplementary_preventive_application", "lowered_basic_part", "unemployed_under_25",
    "unemployed_25_plus", "immigrant",
)  # fmt: skip
BOUND_TO_DECISION = KINDS[1:3]
_keys = itertools.count(1)


@dataclass
class Sender:
    """Whoever sends: a run, or Kela's side."""

    world: World

    def send(
        self, client: Somebody, kind: str = "social_work_need", *, urgent: bool = False,
        sent_at: datetime | None = None, released_on: date | None = None, key: str | None = None,
        **content: Any,
    ) -> UUID | None:  # fmt: skip
        """A notice about a client; None: its key is there already."""
        with self.world.database.connect("kelmu_admin") as connection:
            return self.send_over(
                connection, client, kind, urgent=urgent, sent_at=sent_at, released_on=released_on, key=key,
                **content,
            )  # fmt: skip

    def send_over(
        self, connection: psycopg.Connection, client: Somebody, kind: str = "social_work_need", *,
        urgent: bool = False, sent_at: datetime | None = None, released_on: date | None = None,
        key: str | None = None, **content: Any,
    ) -> UUID | None:  # fmt: skip
        """The same over a connection."""
        row = connection.execute(
            "SELECT door_private.send_notice(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                client.person_id, kind, urgent, "livelihood" if kind == "social_work_need" else None,
                sent_at or clock.now(), released_on, key or f"test/{next(_keys)}", Jsonb(content),
            ],
        ).fetchone()  # fmt: skip
        assert row is not None
        made: UUID | None = row[0]
        return made

    def notice(self, notice_id: UUID | None) -> dict[str, Any]:
        """The workflow row."""
        rows: list[tuple[Any, ...]] = self.world.database.run(
            "SELECT to_jsonb(n) FROM notices.notice n WHERE n.notice_id = %s", notice_id
        )
        return dict(rows[0][0])
