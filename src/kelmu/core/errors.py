# ruff: noqa: N818 - these are named for what happened, as an edge reads them: raise Refused, raise NotThere
"""What can go wrong on a request, and the HTTP status each says it with.

Capabilities derive their own exceptions from these; only here a status is given. No message may
hold anything about a person.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar


class KelmuError(Exception):
    """The root of Kelmu's own exceptions that an edge turns into an answer."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR


class NotSignedIn(KelmuError):
    """Nobody is identified, or nobody is acting for an organisation, where the action needs it."""

    status = HTTPStatus.UNAUTHORIZED


class Refused(KelmuError):
    """The official is known and has no right to what was asked."""

    status = HTTPStatus.FORBIDDEN


class NotThere(KelmuError):
    """There is no such thing, or not for this acting session; the two are never told apart."""

    status = HTTPStatus.NOT_FOUND


class Conflict(KelmuError):
    """What was asked does not fit the present state, such as an inquiry that needs a reason first."""

    status = HTTPStatus.CONFLICT


class Unprocessable(KelmuError):
    """What was sent is well-formed but cannot be acted on, such as a wrong check character."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooMany(KelmuError):
    """More was asked in a time than is allowed."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class SourceDown(KelmuError):
    """Something outside (a source, the mandate service, the database) did not answer as it should."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
