"""A ticket on its way from the search to the page it is read on, kept for one redirect.

It lies in the browser's session on our side; without the acting session's secret, which lies there only
sealed, it opens nothing, and after 30 seconds nothing at all.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

_NAME = "tickets"
_KEPT = 5


def keep_ticket(session: SessionBase, inquiry_id: UUID, ticket: str) -> None:
    """Keep the ticket of an inquiry opened a moment ago."""
    kept = [pair for pair in session.get(_NAME, []) if pair[0] != str(inquiry_id)]
    session[_NAME] = [*kept, [str(inquiry_id), ticket]][-_KEPT:]


def take_ticket(session: SessionBase, inquiry_id: UUID) -> str | None:
    """The ticket kept for an inquiry, once."""
    kept = session.get(_NAME, [])
    found = next((ticket for key, ticket in kept if key == str(inquiry_id)), None)
    if found is not None:
        session[_NAME] = [pair for pair in kept if pair[1] != found]
    return found
