"""An official who makes claims: the web role's connection, her secret, and the doors."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from tests.world import LONG_AGO, Body, Somebody, World, make_personal_id, pseudonym_of

IBAN = "FI2112345600000785"
OTHER_IBAN = "FI4950009420028730"
NOTE = "The client has moved away"
NOVEMBER = {
    "benefit": "HOU-YAT", "ground": "sta23", "period_from": date(2026, 11, 1),
    "period_to": date(2026, 11, 30), "amount": 300, "basis_from": date(2026, 11, 1),
    "basis_to": date(2026, 11, 30), "paid_on": date(2026, 11, 5),
    "reference": "12344", "handler_name": "Tuuli Koe", "handler_phone": "03 1234 567", "message": None,
}  # fmt: skip


def set_four_eyes(world: World, body: Body) -> None:
    """The organisation wants four eyes."""
    world.database.run(
        "INSERT INTO claims.setting VALUES (%s, true)", body.organisation_id, role="kelmu_owner"
    )


def account(world: World, body: Body, *, iban: str = IBAN, ended: date | None = None) -> int:
    """An account of an organisation."""
    [(made,)] = world.database.run(
        "INSERT INTO claims.account (organisation_id, name, iban, valid_from, valid_to) "
        "VALUES (%s, 'Toimeentulotuki', %s, %s, %s) RETURNING account_id",
        body.organisation_id, iban, LONG_AGO, ended, role="kelmu_owner",
    )  # fmt: skip
    assert isinstance(made, int)
    return made


@dataclass
class ClaimDesk:
    """One official acting for a body that has an account."""

    connection: psycopg.Connection
    secret: str
    body: Body
    account_id: int

    def call(self, query: str, *values: Any) -> Any:
        row = self.connection.execute(query.encode(), values).fetchone()
        return row[0] if row else None

    def inquiry(self, client: Somebody, *, purpose: str = "payment_claim", reason: str | None = None) -> UUID:
        """An inquiry about a client in which she was shown, if she may be."""
        row = self.connection.execute(
            "SELECT * FROM door.open_inquiry(%s, %s, NULL, %s, true, %s, %s)",
            [self.secret, purpose, reason, client.personal_id, ["decisions", "payments"]],
        ).fetchone()
        assert row is not None
        inquiry_id: UUID = row[0]
        if (
            self.call("SELECT door.read_outcome(%s, %s)", self.secret, row[1])["sql_decision"]["outcome"]
            == "given"
        ):
            self.call("SELECT door.read_dossier(%s, %s)", self.secret, row[1])
        return inquiry_id

    def start(self, inquiry_id: UUID, copied: UUID | None = None) -> dict[str, Any] | None:
        answer = self.call("SELECT door.start_claim(%s, %s, %s)", self.secret, inquiry_id, copied)
        return None if answer is None else dict(answer["claim"])

    def draft(self, client: Somebody) -> UUID:
        """A draft about a client."""
        return self.another(self.inquiry(client))

    def another(self, inquiry_id: UUID) -> UUID:
        """A draft about the client of an inquiry."""
        made = self.start(inquiry_id)
        assert made is not None
        return UUID(made["claim_id"])

    def keep(self, claim_id: UUID, version: int, **typed: Any) -> Any:
        return self.call(
            "SELECT door.keep_claim(%s, %s, %s, %s)", self.secret, claim_id, version, Jsonb(typed)
        )

    def submit(
        self, claim_id: UUID, version: int = 1, *, cautions: tuple[str, ...] = (), **changed: Any
    ) -> Any:
        wanted = {**NOVEMBER, "account_id": self.account_id, **changed}
        names = (
            "benefit", "ground", "period_from", "period_to", "amount", "basis_from", "basis_to", "paid_on",
            "account_id", "reference", "handler_name", "handler_phone", "message",
        )  # fmt: skip
        return self.call(
            f"SELECT door.submit_claim({', '.join(['%s'] * 17)})",
            self.secret, claim_id, version, *(wanted[name] for name in names), list(cautions),
        )  # fmt: skip

    def sent(self, client: Somebody, **changed: Any) -> UUID:
        """A claim on its way to Kela."""
        claim_id = self.draft(client)
        assert self.submit(claim_id, **changed)["result"] == "done"
        return claim_id

    def change(
        self, claim_id: UUID, version: int, what: str, note: str | None = None, ended_on: date | None = None
    ) -> Any:
        return self.call(
            "SELECT door.change_claim(%s, %s, %s, %s, %s, %s)", self.secret, claim_id, version, what, note,
            ended_on,
        )  # fmt: skip

    def page(self, folder: str = "sent") -> dict[str, Any]:
        answer: dict[str, Any] = self.call("SELECT door.claim_rows(%s, %s, 0, 200)", self.secret, folder)
        return answer

    def ids(self, folder: str = "sent") -> set[UUID]:
        return {UUID(row["claim_id"]) for row in self.page(folder)["rows"]}

    def open(self, claim_ids: list[UUID], action: str = "open") -> str | None:
        ticket: str | None = self.call("SELECT door.open_claims(%s, %s, %s)", self.secret, claim_ids, action)
        return ticket

    def read(self, claim_id: UUID) -> dict[str, Any] | None:
        ticket = self.open([claim_id])
        text = None if ticket is None else self.call("SELECT door.read_claims(%s, %s)", self.secret, ticket)
        return None if text is None else json.loads(text)

    def names(self, claim_ids: list[UUID]) -> set[UUID]:
        ticket = self.open(claim_ids, "page")
        text = self.call("SELECT door.read_claims(%s, %s)", self.secret, ticket)
        return {UUID(each["claim_id"]) for each in json.loads(text)}


@dataclass
class ClaimDesks:
    """Makes desks, and closes their connections."""

    world: World
    opened: list[ClaimDesk] = field(default_factory=list)

    def __call__(
        self, body: Body, account_id: int, *, official: Somebody | None = None,
        mandates: tuple[str, ...] = ("benefit_view_and_claims",), pseudonym: str | None = None,
    ) -> ClaimDesk:  # fmt: skip
        """A new desk of a body; its official is unknown to the register unless told."""
        code = official.personal_id if official else make_personal_id(date(1970, 1, 1))
        secret = self.world.begin(
            body, official, mandates=mandates, pseudonym=pseudonym or pseudonym_of(code)
        )
        self.opened.append(ClaimDesk(self.world.database.connect(), secret, body, account_id))
        return self.opened[-1]

    def close(self) -> None:
        """At the end of a test."""
        while self.opened:
            self.opened.pop().connection.close()
