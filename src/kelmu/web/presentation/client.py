"""The frame of every client page: who the client is, why she is looked at, ways to the other pages."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kelmu.inquiry.dossier import Dossier, Person
from kelmu.web.presentation.emptiness import scope_of
from kelmu.web.presentation.labels import DATA_GROUPS, SOURCES, language_name


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
    """The identity bar of a client page."""

    person: Person
    language_name: str
    municipality_name: str | None
    inquiry: InquiryFacts

    @property
    def flagged(self) -> bool:
        """Whether something changes how one acts with this client."""
        return self.person.protected or self.person.under_guardianship or self.person.death_date is not None


@dataclass(frozen=True, slots=True)
class Tab:
    """A link among the pages of one client."""

    name: str
    label: str | Promise
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class ClientFrame:
    """What all pages of one client share. `unread_sources` names the sources that could not be read."""

    banner: Banner
    tabs: tuple[Tab, ...]
    tab: str
    unread_sources: tuple[str | Promise, ...]
    as_of: datetime | None
    former_code: bool

    @property
    def inquiry(self) -> InquiryFacts:
        """The inquiry the pages belong to."""
        return self.banner.inquiry

    @property
    def tab_label(self) -> str | Promise:
        """The name of the page shown."""
        return next((tab.label for tab in self.tabs if tab.name == self.tab), DATA_GROUPS.get(self.tab, ""))


_PAGES: tuple[tuple[str, str | Promise, str], ...] = (
    ("summary", _("Summary"), "client_summary"),
    ("pending", pgettext_lazy("tab", "Pending"), "client_pending"),
    ("decisions", pgettext_lazy("tab", "Decisions"), "client_decisions"),
    ("payments", pgettext_lazy("tab", "Payments"), "client_payments"),
)
_READ_BY_TAB = {
    "summary": ("pending", "decisions", "payments"),
    "pending": ("pending",),
    "decisions": ("decisions",),
    "payments": ("payments",),
}


def client_frame(dossier: Dossier, inquiry: InquiryFacts, *, tab: str) -> ClientFrame:
    """The frame of the page `tab` (`summary`, `pending`, `decisions` or `payments`).

    Pages whose data group the grant does not open have no tab; the page itself still says so when asked for.
    """
    person = dossier.person
    scopes = [scope_of(dossier, group) for group in _READ_BY_TAB[tab]]
    read_at = [scope.as_of for scope in scopes if scope.granted and scope.as_of is not None]
    return ClientFrame(
        banner=Banner(
            person=person,
            language_name=language_name(person.language),
            municipality_name=None if person.protected else inquiry.municipality_name,
            inquiry=inquiry,
        ),
        tabs=tuple(
            Tab(name, label, reverse(route, args=[inquiry.inquiry_id]), current=name == tab)
            for name, label, route in _PAGES
            if name == "summary" or name in inquiry.groups
        ),
        tab=tab,
        unread_sources=tuple(
            SOURCES[name] for name, source in dossier.sources.items() if not source.available
        ),
        as_of=min(read_at, default=None),
        former_code=person.former_code,
    )
