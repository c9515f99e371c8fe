"""Sessions, codes and tokens of the simulator, with their lives and single uses."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

SESSION_LIFE = timedelta(hours=12)
CODE_LIFE = timedelta(minutes=5)
TOKEN_LIFE = timedelta(minutes=10)


def now() -> datetime:
    """The simulator's clock."""
    return datetime.now(UTC)


@dataclass
class Session:
    """An official made known: what she chose, and until when it counts."""

    session_id: str
    user_id: str
    personal_id: str = field(repr=False)
    expires_at: datetime
    chosen: tuple[str, ...] | None = None


@dataclass
class Code:
    """A single-use code for one token."""

    session_id: str
    redirect_uri: str
    expires_at: datetime
    used: bool = False


@dataclass
class Store:
    """Everything that lives while the process does. ``renewal`` says whether refresh tokens are honoured."""

    renewal: bool = True
    sessions: dict[str, Session] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)

    def register(self, personal_id: str) -> Session:
        """A new session for a person."""
        session = Session(secrets.token_hex(16), uuid.uuid4().hex, personal_id, now() + SESSION_LIFE)
        self.sessions[session.session_id] = session
        return session

    def session(self, session_id: str) -> Session | None:
        """A session that is known and has not ended."""
        session = self.sessions.get(session_id)
        return session if session and session.expires_at > now() else None

    def of_user(self, user_id: str) -> Session | None:
        """The session behind a selection page's ``user``."""
        found = (s for s in self.sessions.values() if s.user_id == user_id and s.expires_at > now())
        return next(found, None)

    def choose(self, session: Session, chosen: tuple[str, ...], redirect_uri: str) -> str:
        """Keep the choice and give a code for the browser to carry."""
        session.chosen = chosen
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(session.session_id, redirect_uri, now() + CODE_LIFE)
        return code

    def redeem(self, code: str, redirect_uri: str) -> dict[str, object] | None:
        """Tokens for a code, once."""
        found = self.codes.get(code)
        if not found or found.used or found.expires_at <= now() or found.redirect_uri != redirect_uri:
            return None
        found.used = True
        return self._tokens(found.session_id)

    def renew(self, refresh_token: str) -> dict[str, object] | None:
        """New tokens for a refresh token, once."""
        session_id = self.refresh.pop(refresh_token, None)
        if session_id is None or not self.renewal or self.session(session_id) is None:
            return None
        return self._tokens(session_id)

    def opens(self, access_token: str, session_id: str) -> bool:
        """Whether a token is alive and belongs to the session."""
        owner, expires_at = self.access.get(access_token, ("", now()))
        return owner == session_id and expires_at > now()

    def expire_tokens(self) -> None:
        """End every access token now."""
        self.access.clear()

    def expire_sessions(self) -> None:
        """End every session and everything that hangs on it."""
        for session in self.sessions.values():
            session.expires_at = now()
        self.access.clear()
        self.refresh.clear()

    def _tokens(self, session_id: str) -> dict[str, object]:
        access, refresh = str(uuid.uuid4()), str(uuid.uuid4())
        self.access[access] = (session_id, now() + TOKEN_LIFE)
        self.refresh[refresh] = session_id
        return {
            "access_token": access,
            "token_type": "bearer",
            "refresh_token": refresh,
            "expires_in": int(TOKEN_LIFE.total_seconds()) - 1,
            "scope": "read write trust",
        }
