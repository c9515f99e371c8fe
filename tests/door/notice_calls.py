"""Every door of notices, called once for the watch over what they read."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from tests.door.test_plans import Watched

Call = Callable[["Watched"], Callable[[], object]]
_numbers = itertools.count(1)
MANDATES = ("social_assistance_and_welfare", "benefit_view_and_claims")


def _secret(watched: Watched) -> str:
    secret: str = watched.world.begin(watched.body, watched.official, mandates=MANDATES)
    return secret


def _kela(watched: Watched) -> str:
    body = watched.world.body("kela", county=None, municipality="091")
    secret: str = watched.world.begin(body, watched.official, mandates=("kela_desk",))
    return secret


def _sent(watched: Watched) -> uuid.UUID:
    """A notice about the client, sent as a run would."""
    [(made,)] = watched.world.database.run(
        "SELECT door_private.send_notice("
        "p.person_id, 'social_work_need', false, 'housing', now(), NULL, %s, '{}') "
        "FROM register.person p WHERE p.personal_id = %s",
        f"plans/{next(_numbers)}", watched.client,
    )  # fmt: skip
    assert isinstance(made, uuid.UUID)
    return made


def _with_notice(query: LiteralString, *more: Any) -> Call:
    def prepared(watched: Watched) -> Callable[[], object]:
        secret, sent = _secret(watched), _sent(watched)
        return lambda: watched.desk.call(query, secret, sent, *more)

    return prepared


def _read(open_it: LiteralString, read_it: LiteralString) -> Call:
    def prepared(watched: Watched) -> Callable[[], object]:
        secret, sent = _secret(watched), _sent(watched)
        ticket = watched.desk.call(open_it, secret, sent)
        watched.connection.commit()
        return lambda: watched.desk.call(read_it, secret, ticket)

    return prepared


def _undo(watched: Watched) -> Callable[[], object]:
    secret, sent = _secret(watched), _sent(watched)
    watched.desk.call("SELECT door.change_notice(%s, %s, 1, 'taken')", secret, sent)
    return lambda: watched.desk.call("SELECT door.undo_notice(%s, %s, 2)", secret, sent)


def _take_in(watched: Watched) -> Callable[[], object]:
    secret, number = _kela(watched), f"plans-{next(_numbers)}"
    return lambda: watched.desk.call(
        "SELECT door.take_in_notice(%s, %s, %s, 'social_work_need', false, 'other', %s, '{}', '{}', '{}')",
        secret, number, watched.client, Jsonb({}),
    )  # fmt: skip


def _ask(watched: Watched) -> Callable[[], object]:
    secret, sent = _kela(watched), _sent(watched)
    [(number,)] = watched.world.database.run("SELECT number FROM notices.notice WHERE notice_id = %s", sent)
    return lambda: watched.desk.call("SELECT door.ask_for_answer(%s, %s)", secret, number)


def _system(watched: Watched) -> tuple[str, str]:
    """The secret of a system's call, and its token."""
    world, number = watched.world, next(_numbers)
    world.change_agreement(watched.body, machine_mandates=list(MANDATES))
    world.database.run(
        "INSERT INTO organisations.api_client (client_id, agreement_id, name, valid_from) "
        "VALUES (%s, %s, 'Plans', '2020-01-01')", f"plans-{number}", watched.body.agreement_id,
        role="kelmu_owner",
    )  # fmt: skip
    token = f"token of plans {number}"
    watched.desk.call("SELECT door.issue_api_token(%s, sha256(%s))", f"plans-{number}", token.encode())
    return watched.world.begin(watched.body, watched.official, mandates=MANDATES, channel="api"), token


def _feed(query: LiteralString) -> Call:
    def prepared(watched: Watched) -> Callable[[], object]:
        _sent(watched)
        secret, token = _system(watched)
        return lambda: watched.desk.call(query, secret, token)

    return prepared


def _read_feed(watched: Watched) -> Callable[[], object]:
    _sent(watched)
    secret, token = _system(watched)
    ticket = watched.desk.call("SELECT door.open_notice_feed(%s, %s, NULL, 50)", secret, token)
    watched.connection.commit()
    return lambda: watched.desk.call("SELECT door.read_notice_feed(%s, %s)", secret, ticket)


def _alone(query: LiteralString, who: Callable[[Watched], str] = _secret) -> Call:
    def prepared(watched: Watched) -> Callable[[], object]:
        secret = who(watched)
        return lambda: watched.desk.call(query, secret)

    return prepared


CALLS: dict[str, Call] = {
    "notice_rows": _alone("SELECT door.notice_rows(%s, 'inbox', '{}', 'due', 0, 50, NULL)"),
    "notice_rows, moved": _alone("SELECT door.notice_rows(%s, 'moved', '{}', 'due', 0, 50, NULL)"),
    "open_notice_page": _with_notice("SELECT door.open_notice_page(%s, ARRAY[%s])"),
    "read_notice_page": _read(
        "SELECT door.open_notice_page(%s, ARRAY[%s])", "SELECT door.read_notice_page(%s, %s)"
    ),
    "open_notice": _with_notice("SELECT door.open_notice(%s, %s, 'open')"),
    "read_notice": _read("SELECT door.open_notice(%s, %s, 'open')", "SELECT door.read_notice(%s, %s)"),
    "read_attachments": _read(
        "SELECT door.open_notice(%s, %s, 'attachments')", "SELECT * FROM door.read_attachments(%s, %s)"
    ),
    "change_notice": _with_notice("SELECT door.change_notice(%s, %s, 1, 'handled', 'no_need')"),
    "change_notices": _with_notice(
        "SELECT door.change_notices(%s, jsonb_build_array(jsonb_build_object('notice_id', %s, "
        "'version', 1)), 'handled', 'no_need')"
    ),
    "notice_news": _alone("SELECT door.notice_news(%s, now())"),
    "notice_views": _alone("SELECT door.notice_views(%s)"),
    "save_notice_view": _alone("SELECT door.save_notice_view(%s, 'Plans', '{}', 'due')"),
    "remove_notice_view": _alone("SELECT door.remove_notice_view(%s, 1)"),
    "default_notice_view": _alone("SELECT door.default_notice_view(%s, 1)"),
    "transfer_notice": _with_notice("SELECT door.transfer_notice(%s, %s, 1, '853', 'She has moved there')"),
    "undo_notice": _undo,
    "notice_officials": _alone("SELECT door.notice_officials(%s)"),
    "transfer_targets": _alone("SELECT door.transfer_targets(%s)"),
    "take_in_notice": _take_in,
    "notice_figures": _alone("SELECT door.notice_figures(%s, '2025-01-01', '2025-12-31')"),
    "open_notice_feed": _feed("SELECT door.open_notice_feed(%s, %s, NULL, 50)"),
    "read_notice_feed": _read_feed,
    "acknowledge_notices": _feed("SELECT door.acknowledge_notices(%s, %s, 0)"),
    "notice_answers": _alone("SELECT door.notice_answers(%s, 0, 100)", _kela),
    "acknowledge_answers": _alone("SELECT door.acknowledge_answers(%s, 0)", _kela),
    "ask_for_answer": _ask,
    "desk_notices": _alone("SELECT door.desk_notices(%s)", _kela),
}
