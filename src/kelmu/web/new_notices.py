"""How many notices are new, for the navigation of every page: asked at most twice a minute in a session."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from kelmu.core.errors import KelmuError
from kelmu.identity.acting import ActingSession
from kelmu.notices import doors
from kelmu.policy.decisions import decide
from kelmu.policy.vocabulary import Action, Channel

_KEPT_S = 30


def sees_notices(acting: ActingSession) -> bool:
    """Whether agreement and mandates open notices to the official."""
    return decide(acting, Action.NOTICES, None, Channel.WEB, today=acting.today).allowed


def new_notices(request: HttpRequest, acting: ActingSession) -> int | None:
    """The number, for an official who sees notices; None where it is not known now.

    A page that knows it has put it on the request (``new_notices``), as has one that may not ask. It is a
    number of the organisation's inbox and tells of nobody.
    """
    key = f"new-notices-{acting.session_id}"
    if hasattr(request, "new_notices"):
        told: int | None = request.new_notices
        if told is not None:
            cache.set(key, told, _KEPT_S)
        return told
    kept: int | None = cache.get(key)
    if kept is not None:
        return kept
    try:
        answer = doors.notice_news(acting.secret)
    except KelmuError:
        return None
    number: int | None = None if answer is None else answer["new"]
    cache.set(key, number, _KEPT_S)
    return number
