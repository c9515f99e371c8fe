"""The colleagues a notice can be given to, read once in ten minutes and not for every page.

Reading them leaves an entry that names each of them. What it gave is used again for the same acting session
only, in the memory of this process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from kelmu.core import clock
from kelmu.identity.acting import ActingSession
from kelmu.notices import doors

_KEPT_FOR = timedelta(minutes=10)
_MOST = 500


@dataclass(frozen=True, slots=True)
class Colleague:
    """An official of the same organisation. ``name`` None: the register does not tell it."""

    pseudonym: str
    name: str | None
    you: bool


_kept: OrderedDict[UUID, tuple[datetime, tuple[Colleague, ...]]] = OrderedDict()
_lock = Lock()


def colleague_names(session: ActingSession) -> Mapping[str, str]:
    """Their names by pseudonym; empty where the register does not tell one."""
    return {each.pseudonym: each.name or "" for each in colleagues_of(session)}


def colleagues_of(session: ActingSession) -> tuple[Colleague, ...]:
    """Everybody a notice can be given to, the official herself too, by name."""
    now = clock.now()
    with _lock:
        found = _kept.get(session.session_id)
    if found is not None and now - found[0] < _KEPT_FOR:
        return found[1]
    rows = doors.notice_officials(session.secret) or ()
    told = tuple(
        sorted((Colleague(**row) for row in rows), key=lambda each: (each.name is None, each.name or ""))
    )
    with _lock:
        _kept[session.session_id] = now, told
        _kept.move_to_end(session.session_id)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return told
