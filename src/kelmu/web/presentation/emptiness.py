"""Why a list is empty, never left to be guessed: nothing, too old, filtered away, no right, not read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kelmu.inquiry.dossier import Dossier


class Reason(StrEnum):
    """Why nothing is shown; the names are those `c-empty` takes."""

    NONE = "none"
    LIMIT = "limit"
    FILTER = "filter"
    NO_RIGHT = "no_right"
    SOURCE_DOWN = "source_down"


@dataclass(frozen=True, slots=True)
class Scope:
    """How far one data group reaches in this dossier.

    `since` is the first day shown, inclusive; None means no limit. `as_of` is when the source was last read.
    """

    group: str
    granted: bool
    available: bool
    since: date | None
    as_of: datetime | None

    def why_empty(self, *, filtered: bool = False) -> Reason:
        """Why a list of this group is empty; `filtered` when rows exist but a filter hides them."""
        if not self.granted:
            return Reason.NO_RIGHT
        if not self.available:
            return Reason.SOURCE_DOWN
        if filtered:
            return Reason.FILTER
        return Reason.LIMIT if self.since is not None else Reason.NONE


def scope_of(dossier: Dossier, group: str) -> Scope:
    """How far `group` reaches in `dossier`; where several rows open it, the widest."""
    limits = [scope.since for scope in dossier.scope if scope.group == group]
    dated = [since for since in limits if since is not None]
    source = dossier.sources.get(group)
    return Scope(
        group=group,
        granted=bool(limits),
        available=group not in dossier.unreadable,
        since=min(dated) if dated and len(dated) == len(limits) else None,
        as_of=None if source is None else source.as_of,
    )
