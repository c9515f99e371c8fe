"""The frame of every client page: who the client is, why she is looked at, ways to the other pages."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kelmu.inquiry.dossier import Dossier, Person
from kelmu.web.presentation.labels import SOURCES, language_name
from kelmu.web.presentation.recovery import has_open_recovery
from kelmu.web.presentation.terms import Term, terms_of


@dataclass(frozen=True, slots=True)
class InquiryFacts:
    """What the page says of the inquiry itself.

    `groups` are the data groups the grant opens. `municipality_name` is that of the client in the page's
    language, None where it is not known or may not be shown.
    """

    inquiry_id: str
    purpose_name: str
    opened_at: datetime
    case_reference: str
    groups: frozenset[str]
    municipality_name: str | None = None


@dataclass(frozen=True, slots=True)
class Banner:
    """The identity bar of a client page.

    `recovery_open`: an overpayment is being recovered. Only pages that read recoveries can tell.
    """

    person: Person
    language_name: str
    municipality_name: str | None
    inquiry: InquiryFacts
    recovery_open: bool = False

    @property
    def flagged(self) -> bool:
        """Whether something changes how one acts with this client."""
        person = self.person
        return (
            person.protected
            or person.under_guardianship
            or person.death_date is not None
            or self.recovery_open
        )


@dataclass(frozen=True, slots=True)
class Tab:
    """A link among the pages of one client."""

    name: str
    label: str | Promise
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Freshness:
    """As of when a source of the page tells; `available` is whether it could be read now."""

    name: str | Promise
    available: bool
    as_of: datetime


@dataclass(frozen=True, slots=True)
class ClientFrame:
    """What all pages of one client share.

    `unread_sources` names the sources that could not be read; `sources` tells the freshness of each.
    """

    banner: Banner
    tabs: tuple[Tab, ...]
    tab: str
    unread_sources: tuple[str | Promise, ...]
    sources: tuple[Freshness, ...]
    terms: tuple[Term, ...]
    former_code: bool

    @property
    def inquiry(self) -> InquiryFacts:
        """The inquiry the pages belong to."""
        return self.banner.inquiry

    @property
    def some_read(self) -> bool:
        """Whether any source of the page could be read."""
        return any(source.available for source in self.sources)

    @property
    def tab_label(self) -> str | Promise:
        """The name of the page shown."""
        return next(label for name, label, _route in _PAGES if name == self.tab)


_PAGES: tuple[tuple[str, str | Promise, str], ...] = (
    ("summary", _("Summary"), "client_summary"),
    ("pending", pgettext_lazy("tab", "Pending"), "client_pending"),
    ("decisions", pgettext_lazy("tab", "Decisions"), "client_decisions"),
    ("payments", pgettext_lazy("tab", "Payments"), "client_payments"),
    ("coverage", pgettext_lazy("tab", "Insurance"), "client_coverage"),
    ("recovery", pgettext_lazy("tab", "Recovery"), "client_recovery"),
    ("medicine", pgettext_lazy("tab", "Medicine costs"), "client_medicine"),
    ("from_others", pgettext_lazy("tab", "Information from others"), "client_from_others"),
)
PAGE_GROUPS: dict[str, tuple[str, ...]] = {
    "summary": ("pending", "decisions", "payments", "recovery"),
    "pending": ("pending",),
    "decisions": ("decisions",),
    "payments": ("payments",),
    "coverage": ("coverage",),
    "recovery": ("recovery", "maintenance_collection"),
    "medicine": ("medicine_cap",),
    "from_others": ("third_party_info",),
}
"""The data groups each page shows, and so asks for: no page reads more than it shows."""


def client_frame(dossier: Dossier, inquiry: InquiryFacts, *, tab: str) -> ClientFrame:
    """The frame of the page `tab`, one of `PAGE_GROUPS`.

    Pages none of whose data groups the grant opens have no tab; the page itself still says so when asked for.
    """
    person = dossier.person
    return ClientFrame(
        banner=Banner(
            person=person,
            language_name=language_name(person.language),
            municipality_name=None if person.protected else inquiry.municipality_name,
            inquiry=inquiry,
            recovery_open=has_open_recovery(dossier),
        ),
        tabs=tuple(
            Tab(name, label, reverse(route, args=[inquiry.inquiry_id]), current=name == tab)
            for name, label, route in _PAGES
            if name == "summary" or inquiry.groups.intersection(PAGE_GROUPS[name])
        ),
        tab=tab,
        unread_sources=tuple(
            SOURCES[name] for name, source in dossier.sources.items() if not source.available
        ),
        sources=_freshness(dossier, tab),
        terms=terms_of(tab),
        former_code=person.former_code,
    )


def _freshness(dossier: Dossier, tab: str) -> tuple[Freshness, ...]:
    """The sources of what the page shows, in its order, and that of the client's own facts last."""
    return tuple(
        Freshness(SOURCES[name], source.available, source.as_of)
        for name in (*PAGE_GROUPS[tab], "person")
        if (source := dossier.sources.get(name)) is not None
    )
