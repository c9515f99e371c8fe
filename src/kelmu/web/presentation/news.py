"""What has been recorded since the organisation last looked at this client."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from kelmu.inquiry.dossier import Dossier
from kelmu.web.presentation.labels import DATA_GROUPS


@dataclass(frozen=True, slots=True)
class NewOfGroup:
    """How many rows of a data group are new or changed; `page` is the name of the page that shows them."""

    label: str | Promise
    count: int
    page: str


@dataclass(frozen=True, slots=True)
class News:
    """The news of the data groups on a page.

    `since` is when the organisation was last told any of them, None where it never was. `unseen` are those it
    was never told though others it was.
    """

    groups: tuple[NewOfGroup, ...]
    since: datetime | None
    unseen: tuple[str | Promise, ...]

    @property
    def count(self) -> int:
        """How many rows are new or changed in all."""
        return sum(group.count for group in self.groups)


def news_of(dossier: Dossier, pages: Mapping[str, tuple[str, ...]]) -> News | None:
    """The news of `dossier`; `pages` are the data groups of each page. None where nobody asked for them."""
    if not dossier.changes:
        return None
    page_of = {group: page for page, groups in pages.items() if page != "summary" for group in groups}
    moments = [change.since for change in dossier.changes if change.since is not None]
    return News(
        groups=tuple(
            NewOfGroup(DATA_GROUPS[change.group], len(change.rows), page_of[change.group])
            for change in dossier.changes
            if change.rows
        ),
        since=max(moments, default=None),
        unseen=tuple(
            DATA_GROUPS[change.group] for change in dossier.changes if change.since is None and moments
        ),
    )


def changed_rows(dossier: Dossier) -> dict[str, frozenset[str]]:
    """The keys of the rows that are new or changed, by data group."""
    return {change.group: frozenset(change.rows) for change in dossier.changes or ()}
