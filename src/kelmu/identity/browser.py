"""What Kelmu keeps about one browser: one sealed text in Django's session.

The seal is bound to the session's id, so the text cannot be carried to another session, and its key
is not in the database. Anything that does not open counts as nobody signed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from kelmu.core.personal_id import PersonalId
from kelmu.identity.mandates.live import LiveMandates
from kelmu.identity.oidc.attempts import Attempt, take_attempt, with_attempt
from kelmu.identity.sealing import BrokenSealError, seal, unseal

_NAME = "kelmu"


@dataclass(frozen=True)
class Official:
    """The person signed in. Times are aware; ``pseudonym`` stands for her in the log."""

    personal_id: PersonalId
    display_name: str = field(repr=False)
    pseudonym: str
    level: str
    signed_in_at: datetime


class BrowserSession:
    """The sealed content, opened. Nothing is kept until ``save`` or ``renew``."""

    def __init__(self, session: SessionBase, key: bytes) -> None:
        self._session = session
        self._key = key
        self._content = self._opened()

    def _opened(self) -> dict[str, Any]:
        text = self._session.get(_NAME)
        if not isinstance(text, str):
            return {}
        try:
            return unseal(text, self._key, self._session.session_key or "")
        except BrokenSealError:
            return {}

    def save(self) -> None:
        """Seal the content under the session's present id, and store it now.

        Django's middleware stores nothing when the answer is a 5xx; what was used up or ended must
        stay so then, too.
        """
        if self._session.session_key is None:
            self._session.create()
        self._session[_NAME] = seal(self._content, self._key, self._session.session_key or "")
        self._session.save()

    def renew(self) -> None:
        """Move to a new session id, as at sign-in and at the beginning of acting, and save.

        The answer must not be a 5xx: the browser would not learn the new id.
        """
        self._session.cycle_key()
        self.save()

    def clear(self) -> None:
        """Forget everything and let the session go."""
        self._session.flush()
        self._content = {}

    # -- signing in

    def add_attempt(self, attempt: Attempt) -> None:
        """Remember a sign-in under way."""
        self._content["attempts"] = with_attempt(self._content.get("attempts", []), attempt)

    def take_attempt(self, state: str, now: datetime) -> Attempt | None:
        """The sign-in of this state, once; None when it is unknown or too old."""
        found, self._content["attempts"] = take_attempt(self._content.get("attempts", []), state, now)
        return found

    @property
    def official(self) -> Official | None:
        """Who is signed in."""
        kept = self._content.get("official")
        return _official(kept) if kept else None

    def sign_in(self, official: Official) -> None:
        """Begin anew with this official; only other tabs' sign-ins under way are kept."""
        attempts = self._content.get("attempts", [])
        for name in list(self._session.keys()):
            del self._session[name]
        self._content = {
            "attempts": attempts,
            "official": {
                "personal_id": official.personal_id.value,
                "display_name": official.display_name,
                "pseudonym": official.pseudonym,
                "level": official.level,
                "signed_in_at": official.signed_in_at.isoformat(),
            },
            "seen_at": official.signed_in_at.isoformat(),
        }

    @property
    def seen_at(self) -> datetime | None:
        """The last request of the official, to the minute."""
        kept = self._content.get("seen_at")
        return datetime.fromisoformat(kept) if kept else None

    def see(self, now: datetime) -> None:
        """Note a request."""
        self._content["seen_at"] = now.isoformat()

    # -- mandates and acting

    def add_selection(self, selection: Mapping[str, Any]) -> None:
        """Remember a mandate selection under way."""
        self._content["selections"] = [*self._content.get("selections", []), dict(selection)][-8:]

    def take_selection(self, state: str) -> dict[str, Any] | None:
        """The mandate selection of this state, once."""
        kept = self._content.get("selections", [])
        self._content["selections"] = [entry for entry in kept if entry["state"] != state]
        return next((entry for entry in kept if entry["state"] == state), None)

    @property
    def live_mandates(self) -> LiveMandates | None:
        """The mandate session mandates are read again with."""
        kept = self._content.get("live_mandates")
        return LiveMandates.from_json(kept) if kept else None

    @live_mandates.setter
    def live_mandates(self, live: LiveMandates | None) -> None:
        self._content["live_mandates"] = live.as_json() if live else None

    @property
    def offer(self) -> dict[str, Any] | None:
        """What can be chosen, as the last reading of mandates gave it."""
        return self._content.get("offer")

    @offer.setter
    def offer(self, offer: dict[str, Any] | None) -> None:
        self._content["offer"] = offer

    @property
    def acting_secret(self) -> str | None:
        """The secret of the acting session."""
        return self._content.get("acting_secret")

    @acting_secret.setter
    def acting_secret(self, secret: str | None) -> None:
        self._content["acting_secret"] = secret


def _official(kept: Mapping[str, Any]) -> Official:
    return Official(
        personal_id=PersonalId.parse(kept["personal_id"]),
        display_name=kept["display_name"],
        pseudonym=kept["pseudonym"],
        level=kept["level"],
        signed_in_at=datetime.fromisoformat(kept["signed_in_at"]),
    )
