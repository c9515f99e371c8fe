"""The frame of every client page: who the client is, why she is looked at, ways to the other pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kelmu.inquiry.dossier import Dossier, Person
from kelmu.web.presentation.labels import GUARDIAN_KINDS, SOURCES, language_name
from kelmu.web.presentation.news import News, RemovedOfGroup, changed_rows, news_of
from kelmu.web.presentation.recovery import has_open_recovery
from kelmu.web.presentation.terms import Term, terms_of

_OF_AGE = 18
_STALE_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Home:
    """A municipality the client lived in, by its name; the days are inclusive."""

    name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class InquiryFacts:
    """What the page says of the inquiry itself.

    `groups` are the data groups the grant opens. `municipality_name` is that of the client in the page's
    language, None where it is not known or may not be shown; `county_name` is its wellbeing services county.
    `homes` are where she has lived, newest first.
    """

    inquiry_id: str
    purpose_name: str
    opened_at: datetime
    case_reference: str
    groups: frozenset[str]
    municipality_name: str | None = None
    county_name: str | None = None
    homes: tuple[Home, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A way from the client's pages to another."""

    label: str | Promise
    url: str


@dataclass(frozen=True, slots=True)
class Guardians:
    """Who acts for the client in one way; `kind` is the name of its term too."""

    kind: str
    label: str | Promise
    names: tuple[str, ...]


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
    links: tuple[Link, ...] = ()
    homes: tuple[Home, ...] = ()

    @property
    def minor(self) -> bool:
        """Whether the client is under 18 years of age."""
        return self.person.age < _OF_AGE and self.person.death_date is None

    @property
    def guardians(self) -> tuple[Guardians, ...]:
        """Custodians and guardians, those there are."""
        told = self.person.guardians or ()
        return tuple(
            Guardians(kind, label % {"number": len(names)}, names)
            for kind, label in GUARDIAN_KINDS.items()
            if (names := tuple(each.name for each in told if each.kind == kind))
        )

    @property
    def flagged(self) -> bool:
        """Whether something changes how one acts with this client."""
        person = self.person
        return (
            person.protected
            or self.minor
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
    """As of when a source of the page tells; `available` is whether it could be read now.

    `stale`: it could, but what it tells is older than its feed ever is when all is well.
    """

    name: str | Promise
    available: bool
    as_of: datetime
    stale: bool = False


@dataclass(frozen=True, slots=True)
class ClientFrame:
    """What all pages of one client share.

    `unread_sources` names the sources that could not be read; `sources` tells the freshness of each. `news`
    and `changed` tell what was recorded or removed since the organisation last looked, and which rows.
    """

    banner: Banner
    tabs: tuple[Tab, ...]
    tab: str
    unread_sources: tuple[str | Promise, ...]
    sources: tuple[Freshness, ...]
    terms: tuple[Term, ...]
    news: News | None
    changed: Mapping[str, frozenset[str]]
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
    def stale_sources(self) -> tuple[str | Promise, ...]:
        """The sources whose data may be out of date."""
        return tuple(source.name for source in self.sources if source.stale)

    @property
    def removed(self) -> tuple[RemovedOfGroup, ...]:
        """What is gone of the page's own data groups; the summary leads there."""
        return tuple(group for group in self.news.removed if group.page == self.tab) if self.news else ()

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
PAGE_NAMES: dict[str, str | Promise] = {name: label for name, label, _route in _PAGES}
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
            links=_links(inquiry),
            homes=() if person.protected else inquiry.homes,
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
        sources=freshness_of(dossier, PAGE_GROUPS[tab], inquiry.opened_at),
        terms=terms_of(tab),
        news=news_of(dossier, PAGE_GROUPS),
        changed=changed_rows(dossier),
        former_code=person.former_code,
    )


def _links(inquiry: InquiryFacts) -> tuple[Link, ...]:
    """The page for the client and the print, where the grant opens anything they show."""
    sections = [name for name, groups in PAGE_GROUPS.items() if inquiry.groups.intersection(groups)]
    links = []
    if inquiry.groups.intersection(("pending", "decisions", "payments")):
        links.append(Link(_("Show to the client"), reverse("client_meeting", args=[inquiry.inquiry_id])))
    if sections:
        query = urlencode({sections[0]: "on"})
        address = f"{reverse('client_print', args=[inquiry.inquiry_id])}?{query}"
        links.append(Link(_("Print"), address))
    return tuple(links)


def freshness_of(dossier: Dossier, groups: Iterable[str], now: datetime) -> tuple[Freshness, ...]:
    """The sources of `groups` in their order, and that of the client's own facts last, as of `now`."""
    return tuple(
        Freshness(
            SOURCES[name],
            source.available,
            source.as_of,
            stale=source.available and source.as_of < now - _STALE_AFTER,
        )
        for name in (*groups, "person")
        if (source := dossier.sources.get(name)) is not None
    )
