"""Drafts: an official's own words in a form she has not sent, kept 12 hours for her and nobody else.

They are sealed here, bound to official, organisation and form; the database cannot open them. Who is offered
which is the door's business (``sql/drafts.sql``).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kelmu.core.door import ask, ask_value
from kelmu.identity.sealing import BrokenSealError, seal, unseal


class Form(StrEnum):
    """A form with drafts. A reason belongs to the inquiry that waits for it, the search to none."""

    SEARCH = "search"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, by field name, and when it was kept (aware)."""

    text: Mapping[str, str] = field(repr=False)
    kept_at: datetime


@dataclass(frozen=True)
class Drawer:
    """The drafts of one official acting for one organisation.

    ``secret`` is her acting session's, ``seal_key`` the service's 32 bytes.
    """

    secret: str = field(repr=False)
    pseudonym: str
    organisation_id: int
    seal_key: bytes = field(repr=False)

    def keep(self, form: Form, text: Mapping[str, str], inquiry_id: UUID | None = None) -> datetime | None:
        """Keep what is typed, in place of what was kept; when it was kept.

        None: it cannot be kept, because the inquiry is not there or its card was never shown.

        Raises:
            NoActingSession: the acting session is over.
            Unprocessable: the text is longer than any of the forms takes.
        """
        sealed = seal(dict(text), self.seal_key, self._context(form))
        kept: datetime | None = ask_value(
            "SELECT door.keep_draft(%s, %s, %s, %s, %s)",
            [self.secret, form.value, inquiry_id, self._mark_key(), sealed],
        )
        return kept

    def offered(self, form: Form, inquiry_id: UUID | None = None) -> Draft | None:
        """The draft to offer where the form opens.

        Raises:
            NoActingSession, MandatesStale: as every door.
        """
        row = ask(
            "SELECT sealed, kept_at FROM door.draft(%s, %s, %s, %s)",
            [self.secret, form.value, inquiry_id, self._mark_key()],
        )
        if row is None:
            return None
        try:
            return Draft(unseal(row[0], self.seal_key, self._context(form)), row[1])
        except BrokenSealError:
            # Sealed with a key the service had before.
            return None

    def forget(self, form: Form, inquiry_id: UUID | None = None) -> None:
        """Forget a draft that was sent or thrown away; it need not be there."""
        ask("SELECT door.forget_draft(%s, %s, %s)", [self.secret, form.value, inquiry_id])

    def _context(self, form: Form) -> str:
        return f"draft {form.value} {self.pseudonym} {self.organisation_id}"

    def _mark_key(self) -> bytes:
        """What the door makes a client's mark with: on a copy of the table alone no code can be tried."""
        return hmac.new(self.seal_key, b"marks of drafts", hashlib.sha256).digest()
