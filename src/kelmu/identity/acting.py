"""The acting session: who acts for whom, under which agreement and mandates, now.

The door makes it and keeps it (``door.begin_acting``); this is what it tells of it
(``door.acting``). Everything that is allowed rests on these facts, read again on every request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrganisationSummary:
    """The organisation acted for; its names in the three languages."""

    organisation_id: int
    business_id: str
    name_fi: str
    name_sv: str
    name_en: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> OrganisationSummary:
        """Read what a door tells of an organisation; KeyError or ValueError if it is not whole."""
        return cls(
            organisation_id=int(data["organisation_id"]),
            business_id=data["business_id"],
            name_fi=data["name_fi"],
            name_sv=data["name_sv"],
            name_en=data["name_en"],
        )


@dataclass(frozen=True, slots=True)
class AgreementSummary:
    """The agreement acted under: the ceiling of all access.

    ``valid_from`` and ``valid_to`` are inclusive; ``valid_to`` is None while no end is set.
    """

    agreement_id: int
    organisation_type: str
    channels: frozenset[str]
    data_groups: frozenset[str]
    valid_from: date
    valid_to: date | None
    legal_basis: str
    contact_email: str

    def in_force(self, day: date) -> bool:
        """Whether ``day`` falls within the agreement, first and last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AgreementSummary:
        """Read what a door tells of an agreement; KeyError, TypeError or ValueError if it is not whole."""
        end = data["valid_to"]
        return cls(
            agreement_id=int(data["agreement_id"]),
            organisation_type=data["organisation_type"],
            channels=codes(data["channels"]),
            data_groups=codes(data["data_groups"]),
            valid_from=date.fromisoformat(data["valid_from"]),
            valid_to=None if end is None else date.fromisoformat(end),
            legal_basis=data["legal_basis"],
            contact_email=data["contact_email"],
        )


@dataclass(frozen=True, slots=True)
class ActingSession:
    """The facts of one acting session as the door keeps them.

    ``secret`` opens the other doors and is never shown. ``mandates`` are those held in the
    organisation itself (asiointivaltuus), ``representation_mandates`` those held through another
    organisation (edustamisvaltuus). ``policy_digest`` is that of the policy the door holds, empty while
    it holds none. ``today`` is the door's day in Europe/Helsinki.
    """

    session_id: UUID
    secret: str = field(repr=False)
    organisation: OrganisationSummary
    agreement: AgreementSummary
    mandates: frozenset[str]
    representation_mandates: frozenset[str]
    channel: str
    refreshed_at: datetime
    expires_at: datetime
    policy_digest: str
    today: date

    def agreement_in_force(self, today: date) -> bool:
        """Whether the agreement holds on ``today``, first and last day included."""
        return self.agreement.in_force(today)

    @classmethod
    def from_json(cls, data: Mapping[str, Any], secret: str) -> ActingSession:
        """Read what ``door.acting(secret)`` returned.

        Args:
            data: keys as the fields here; ``organisation`` and ``agreement`` are objects, times ISO 8601
                with offset, days ``YYYY-MM-DD``. The key ``stale`` is for the caller and not kept.
            secret: the secret the door was asked with; the door never returns it.

        Raises:
            KeyError, TypeError, ValueError: a fact is missing or is not what it should be. Nothing is
                guessed: a session that cannot be read whole gives no rights.
        """
        return cls(
            session_id=UUID(data["session_id"]),
            secret=secret,
            organisation=OrganisationSummary.from_json(data["organisation"]),
            agreement=AgreementSummary.from_json(data["agreement"]),
            mandates=codes(data["mandates"]),
            representation_mandates=codes(data["representation_mandates"]),
            channel=data["channel"],
            refreshed_at=_moment(data["refreshed_at"]),
            expires_at=_moment(data["expires_at"]),
            policy_digest=data["policy_digest"] or "",
            today=date.fromisoformat(data["today"]),
        )


def codes(value: Any) -> frozenset[str]:
    """A list of codes as a door tells it, as a set; TypeError if it is none."""
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise TypeError("expected a list of codes")
    return frozenset(value)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("expected a time with an offset")
    return moment
