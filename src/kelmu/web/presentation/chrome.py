"""What surrounds every page: who is signed in, for whom, and the ways around."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kelmu.core import clock
from kelmu.identity.acting import ActingSession
from kelmu.identity.presence import SessionEnd
from kelmu.policy.decisions import decide, purposes_for
from kelmu.policy.loader import policy_data
from kelmu.policy.vocabulary import Action, Channel
from kelmu.web.new_notices import new_notices, sees_notices
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.preferences import Preferences, preferences_of
from kelmu.web.presentation.shortcuts import Shortcut, shortcuts_of

# Answers to other services; asked for again they would be a new, failing attempt.
_ASKED_ONCE = frozenset({"sign_in_return", "organisation_return"})


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One link of the main navigation."""

    label: str | Promise
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language the service is offered in, by its own name."""

    code: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class SessionLeft:
    """In how many whole seconds the session ends; `final` when being here does not put it off any more."""

    seconds: int
    final: bool


@dataclass(frozen=True, slots=True)
class Chrome:
    """The frame around a page's content.

    Texts are in the page's language; empty where nobody is signed in.
    """

    official_name: str
    organisation_name: str
    mandate_names: tuple[str, ...]
    navigation: tuple[NavigationItem, ...]
    languages: tuple[LanguageChoice, ...]
    preferences: Preferences
    shortcuts: tuple[Shortcut, ...]
    session: SessionLeft | None
    here: str
    resume: str
    version: str

    @property
    def signed_in(self) -> bool:
        """Whether an official is identified."""
        return bool(self.official_name)

    @property
    def acting(self) -> bool:
        """Whether she acts for an organisation."""
        return bool(self.organisation_name)


def chrome(request: HttpRequest) -> dict[str, Chrome]:
    """Context processor: the variable `chrome` of every template.

    Reads `official_name` and `acting` of the request, which the session's middleware sets; without them the
    page is that of nobody.
    """
    acting: ActingSession | None = getattr(request, "acting", None)
    return {
        "chrome": Chrome(
            official_name=getattr(request, "official_name", None) or "",
            organisation_name="" if acting is None else organisation_name(acting),
            mandate_names=() if acting is None else mandate_names(acting.mandates),
            navigation=() if acting is None else _navigation(request, acting),
            languages=_languages(),
            preferences=preferences_of(request),
            shortcuts=shortcuts_of(acting),
            session=session_left(request),
            here=_here(request),
            resume=_resume(request),
            version=_version(),
        )
    }


def organisation_name(acting: ActingSession) -> str:
    """The name of the organisation acted for, in the page's language."""
    organisation = acting.organisation
    names = {"fi": organisation.name_fi, "sv": organisation.name_sv, "en": organisation.name_en}
    return names[language()] or organisation.name_fi


def mandate_names(codes: frozenset[str]) -> tuple[str, ...]:
    """Names of mandates in the page's language, in alphabetical order; unknown codes are left out."""
    mandates = policy_data().mandates
    return tuple(sorted(mandates[code].name(language()) for code in codes if code in mandates))


def session_left(request: HttpRequest) -> SessionLeft | None:
    """When the official's session ends, if nothing more is heard of her; None when nobody is signed in."""
    end: SessionEnd | None = getattr(request, "session_end", None)
    if end is None:
        return None
    seconds = int((end.at - clock.now()).total_seconds())
    return SessionLeft(max(seconds, 0), end.final)


def _here(request: HttpRequest) -> str:
    """Where a switch of language or colours leads back to: this page, if it can be asked for again."""
    match = request.resolver_match
    if match is None:
        return request.get_full_path() if request.method == "GET" else reverse("home")
    if match.url_name in _ASKED_ONCE:
        return reverse("home")
    methods: frozenset[str] = getattr(match.func, "methods", frozenset())
    if request.method == "GET":
        return request.get_full_path()
    return request.path if "GET" in methods else reverse("home")


def _resume(request: HttpRequest) -> str:
    """Where one goes on when the session has ended on this page and one has signed in again."""
    match = request.resolver_match
    action = getattr(match.func, "action", None) if match else None
    return reverse("clients") if action and action.needs_purpose else _here(request)


def _navigation(request: HttpRequest, acting: ActingSession) -> tuple[NavigationItem, ...]:
    """What the official has rights to; what she has not is absent, and the mandates page tells why."""
    items: list[tuple[str | Promise, str]] = []
    if purposes_for(acting, Channel.WEB, acting.today):
        items.append((pgettext_lazy("navigation", "Client"), reverse("clients")))
    if sees_notices(acting):
        items.append((_notices_label(new_notices(request, acting)), reverse("notices")))
    if decide(acting, Action.CLAIMS, None, Channel.WEB, today=acting.today).allowed:
        items.append((pgettext_lazy("navigation", "Payment claims"), reverse("claims")))
    items.append((_("Help"), reverse("help")))
    return tuple(NavigationItem(label, url, current=request.path.startswith(url)) for label, url in items)


def _notices_label(new: int | None) -> str | Promise:
    if not new:
        return pgettext_lazy("navigation", "Notices")
    return pgettext("navigation", "Notices (%(new)s)") % {"new": new}


def _languages() -> tuple[LanguageChoice, ...]:
    return tuple(
        LanguageChoice(code, get_language_info(code)["name_local"], current=code == get_language())
        for code, _name in settings.LANGUAGES
    )


def _version() -> str:
    try:
        return version("kelmu")
    except PackageNotFoundError:  # run from its source tree, not installed
        return ""
