"""What has been recorded or removed since the organisation last looked at this client."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

from kelmu.inquiry.dossier import Change, Dossier, Gone
from kelmu.web.presentation.labels import COVERAGE_KINDS, DATA_GROUPS, benefit_name

_REMOVED: dict[str, str | Promise] = {
    "pending": ngettext_lazy(
        "%(number)s pending matter has been removed from the register",
        "%(number)s pending matters have been removed from the register",
        "number",
    ),
    "decisions": ngettext_lazy(
        "%(number)s decision has been removed from the register",
        "%(number)s decisions have been removed from the register",
        "number",
    ),
    "payments": ngettext_lazy(
        "%(number)s payment has been removed from the register",
        "%(number)s payments have been removed from the register",
        "number",
    ),
    "coverage": ngettext_lazy(
        "%(number)s period of insurance coverage has been removed from the register",
        "%(number)s periods of insurance coverage have been removed from the register",
        "number",
    ),
    "recovery": ngettext_lazy(
        "%(number)s recovery of overpayments has been removed from the register",
        "%(number)s recoveries of overpayments have been removed from the register",
        "number",
    ),
    "maintenance_collection": ngettext_lazy(
        "%(number)s collection of maintenance has been removed from the register",
        "%(number)s collections of maintenance have been removed from the register",
        "number",
    ),
    "medicine_cap": ngettext_lazy(
        "The medicine costs of %(number)s year have been removed from the register",
        "The medicine costs of %(number)s years have been removed from the register",
        "number",
    ),
    "third_party_info": ngettext_lazy(
        "%(number)s piece of information from others has been removed from the register",
        "%(number)s pieces of information from others have been removed from the register",
        "number",
    ),
}


@dataclass(frozen=True, slots=True)
class NewOfGroup:
    """How many rows of a data group are new or changed; `page` is the name of the page that shows them."""

    label: str | Promise
    count: int
    page: str


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A row the register no longer holds: the benefit or the kind of coverage, its day and its number."""

    what: str | Promise
    day: date | None
    number: str


@dataclass(frozen=True, slots=True)
class RemovedOfGroup:
    """What the register no longer holds of a data group; `text` tells how many of what in words."""

    text: str | Promise
    rows: tuple[RemovedRow, ...]
    page: str


@dataclass(frozen=True, slots=True)
class News:
    """The news of the data groups on a page.

    `groups` are new or changed rows, `removed` what is gone. `since` is when the organisation was last told
    any of them, None where it never was. `unseen` are those it was never told though others it was.
    """

    groups: tuple[NewOfGroup, ...]
    removed: tuple[RemovedOfGroup, ...]
    since: datetime | None
    unseen: tuple[str | Promise, ...]

    @property
    def count(self) -> int:
        """How many rows are new or changed in all."""
        return sum(group.count for group in self.groups)

    @property
    def removed_count(self) -> int:
        """How many rows are gone in all."""
        return sum(len(group.rows) for group in self.removed)


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
        removed=tuple(_removed(change, page_of[change.group]) for change in dossier.changes if change.gone),
        since=max(moments, default=None),
        unseen=tuple(
            DATA_GROUPS[change.group] for change in dossier.changes if change.since is None and moments
        ),
    )


def _removed(change: Change, page: str) -> RemovedOfGroup:
    rows = tuple(_removed_row(change.group, gone) for gone in change.gone)
    return RemovedOfGroup(_REMOVED[change.group] % {"number": len(rows)}, rows, page)


def _removed_row(group: str, gone: Gone) -> RemovedRow:
    if group == "coverage":
        # Coverage has no number: its kind and first day are its name.
        return RemovedRow(COVERAGE_KINDS[gone.number.partition(" ")[0]], gone.day, "")
    return RemovedRow(benefit_name(gone.benefit) if gone.benefit else "", gone.day, gone.number)


def changed_rows(dossier: Dossier) -> dict[str, frozenset[str]]:
    """The keys of the rows that are new or changed, by data group."""
    return {change.group: frozenset(change.rows) for change in dossier.changes or ()}
