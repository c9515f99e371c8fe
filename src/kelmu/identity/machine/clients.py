"""The client behind a token, and its official for one call, as the door tells them."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kelmu.core import clock
from kelmu.core.door import ask, ask_object, ask_value, json_of
from kelmu.core.personal_id import PersonalId
from kelmu.identity.acting import ActingSession, AgreementSummary, OrganisationSummary, codes
from kelmu.identity.pseudonym import official_pseudonym


@dataclass(frozen=True, slots=True)
class MachineClient:
    """An organisation's system, with its organisation, agreement and mandates as they are now.

    ``token`` opens the doors and is never shown. ``mandates`` are those the agreement gives the
    organisation's systems. ``today`` is the door's day in Europe/Helsinki.
    """

    token: str = field(repr=False)
    client_id: str
    name: str
    organisation: OrganisationSummary
    agreement: AgreementSummary
    agreement_number: str
    mandates: frozenset[str]
    policy_digest: str
    today: date


@dataclass(frozen=True, slots=True)
class VouchedOfficial:
    """Whom the client names as asking: the organisation's own id of her and, if given, her identity code."""

    official_id: str
    personal_id: PersonalId | None = None

    def pseudonym(self, organisation: OrganisationSummary, key: bytes) -> str:
        """The name the log knows the official by: the same as in the web channel where the code is known."""
        if self.personal_id is not None:
            return official_pseudonym(self.personal_id, key)
        text = f"api\0{organisation.business_id}\0{self.official_id}"
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def use_assertion(client_id: str, jti: str, expires_at: datetime) -> bool:
    """Take an assertion's ``jti`` for good; False if it was used before."""
    taken = ask_value(
        "SELECT door.use_api_assertion(%s, %s, %s)",
        [client_id, hashlib.sha256(jti.encode()).digest(), expires_at],
    )
    return bool(taken)


def issue_token(client_id: str, token: str) -> int:
    """Record a token of a client that has proved who it is; the seconds it is good for.

    Raises:
        NoAgreement: the client or its agreement is not in force for this channel.
    """
    digest = hashlib.sha256(token.encode()).digest()
    return int(ask_value("SELECT door.issue_api_token(%s, %s)", [client_id, digest]))


def client_of_token(token: str) -> MachineClient | None:
    """The client a token stands for, or None where it stands for nobody any more."""
    data = ask_object("SELECT door.api_client(%s)", [token])
    if data is None:
        return None
    return MachineClient(
        token=token,
        client_id=data["client_id"],
        name=data["name"],
        organisation=OrganisationSummary.from_json(data["organisation"]),
        agreement=AgreementSummary.from_json(data["agreement"]),
        agreement_number=data["agreement_number"],
        mandates=codes(data["mandates"]),
        policy_digest=data["policy_digest"] or "",
        today=date.fromisoformat(data["today"]),
    )


_REMEMBERED_FOR = timedelta(minutes=1)
_remembered: dict[str, tuple[datetime, MachineClient]] = {}


def remembered_client(token: str) -> MachineClient | None:
    """Whose token it is, as the door told at most a minute ago; who was not told then is asked for now.

    For what asks the door about the token all the same, as ``begin_machine_acting`` does: whose a token is
    never changes, but whether it is still good does, and so do agreement and mandates.
    """
    now = clock.now()
    known = _remembered.get(token)
    if known is not None and _is_fresh(known[0], now):
        return known[1]
    client = client_of_token(token)
    for held, (asked_at, _client) in _remembered.copy().items():
        if not _is_fresh(asked_at, now):
            _remembered.pop(held, None)
    if client is not None:
        _remembered[token] = (now, client)
    return client


def _is_fresh(asked_at: datetime, now: datetime) -> bool:
    return timedelta(0) <= now - asked_at < _REMEMBERED_FOR


def begin_machine_acting(client: MachineClient, official: VouchedOfficial, key: bytes) -> ActingSession:
    """Act for one call: an acting session of channel ``api``, good for a minute, with its entry.

    Args:
        client: whose token asks; the door checks the token and the agreement itself.
        official: whom the client vouches for.
        key: of the pseudonyms.

    Raises:
        NoActingSession: the token is no longer good.
        NoAgreement: the agreement is not in force for this channel.
    """
    row = ask(
        "SELECT secret, facts FROM door.begin_machine_acting(%s, %s, %s, %s)",
        [
            client.token,
            official.pseudonym(client.organisation, key),
            official.official_id,
            None if official.personal_id is None else official.personal_id.value,
        ],
    )
    assert row is not None
    return ActingSession.from_json(json_of(row[1]), str(row[0]))
