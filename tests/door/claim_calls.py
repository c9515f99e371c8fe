"""Every door of claims, called once for the watch over what they read."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, LiteralString

if TYPE_CHECKING:
    from tests.door.test_plans import Watched

Call = Callable[["Watched"], Callable[[], object]]
_SUBMIT: LiteralString = (
    "SELECT door.submit_claim(%s, %s, 1, 'HOU-YAT', 'sta23', '2026-11-01', '2026-11-30', 300, '2026-11-01', "
    "'2026-11-30', '2026-11-05', %s, NULL, 'Koe', '03', NULL, '{}')"
)


def _begun(watched: Watched) -> tuple[str, uuid.UUID]:
    """The secret of an official, and her inquiry in which the client was shown."""
    secret: str = watched.world.begin(watched.body, watched.official)
    inquiry_id, ticket = watched.desk.call(
        "SELECT * FROM door.open_inquiry(%s, 'payment_claim', NULL, NULL, true, %s, '{payments}')",
        secret, watched.client,
    )  # fmt: skip
    watched.connection.commit()
    watched.desk.call("SELECT door.read_dossier(%s, %s)", secret, ticket)
    watched.connection.commit()
    return secret, inquiry_id


def _draft(watched: Watched) -> tuple[str, uuid.UUID, int]:
    """A draft, and the organisation's account."""
    secret, inquiry_id = _begun(watched)
    made = watched.desk.call("SELECT door.start_claim(%s, %s)", secret, inquiry_id)
    [(account,)] = watched.world.database.run(
        "INSERT INTO claims.account (organisation_id, name, iban, valid_from) "
        "VALUES (%s, 'Plans', 'FI2112345600000785', '2020-01-01') "
        "ON CONFLICT ON CONSTRAINT account_once DO UPDATE SET name = excluded.name RETURNING account_id",
        watched.body.organisation_id, role="kelmu_owner",
    )  # fmt: skip
    watched.connection.commit()
    assert isinstance(account, int)
    return secret, uuid.UUID(made["claim"]["claim_id"]), account


def _start(watched: Watched) -> Callable[[], object]:
    secret, inquiry_id = _begun(watched)
    return lambda: watched.desk.call("SELECT door.start_claim(%s, %s)", secret, inquiry_id)


def _with_draft(query: LiteralString, *more: Any) -> Call:
    def prepared(watched: Watched) -> Callable[[], object]:
        secret, claim_id, _ = _draft(watched)
        return lambda: watched.desk.call(query, secret, claim_id, *more)

    return prepared


def _submit(watched: Watched) -> Callable[[], object]:
    secret, claim_id, account = _draft(watched)
    return lambda: watched.desk.call(_SUBMIT, secret, claim_id, account)


def _sent(watched: Watched) -> tuple[str, uuid.UUID]:
    secret, claim_id, account = _draft(watched)
    watched.desk.call(_SUBMIT, secret, claim_id, account)
    watched.connection.commit()
    return secret, claim_id


def _change(watched: Watched) -> Callable[[], object]:
    secret, claim_id = _sent(watched)
    return lambda: watched.desk.call(
        "SELECT door.change_claim(%s, %s, 2, 'withdrawn', 'It was a mistake')", secret, claim_id
    )


def _read(action: str) -> Call:
    def prepared(watched: Watched) -> Callable[[], object]:
        secret, claim_id = _sent(watched)
        ticket = watched.desk.call("SELECT door.open_claims(%s, ARRAY[%s], %s)", secret, claim_id, action)
        watched.connection.commit()
        return lambda: watched.desk.call("SELECT door.read_claims(%s, %s)", secret, ticket)

    return prepared


def _rows(watched: Watched) -> Callable[[], object]:
    secret, _ = _sent(watched)
    return lambda: watched.desk.call("SELECT door.claim_rows(%s, 'sent', 0, 50)", secret)


def _accounts(watched: Watched) -> Callable[[], object]:
    secret, _, _ = _draft(watched)
    return lambda: watched.desk.call("SELECT door.claim_accounts(%s)", secret)


CALLS: dict[str, Call] = {
    "start_claim": _start,
    "keep_claim": _with_draft("SELECT door.keep_claim(%s, %s, 1, '{}')"),
    "submit_claim": _submit,
    "change_claim": _change,
    "claim_rows": _rows,
    "claim_accounts": _accounts,
    "open_claims": _with_draft("SELECT door.open_claims(%s, ARRAY[%s], 'open')"),
    "open_claims, a page": _with_draft("SELECT door.open_claims(%s, ARRAY[%s], 'page')"),
    "read_claims": _read("open"),
    "read_claims, a page": _read("page"),
}
