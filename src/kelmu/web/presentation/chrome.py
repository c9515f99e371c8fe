"""What surrounds every page: who is signed in, for whom, and the ways around."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kelmu.identity.acting import ActingSession
from kelmu.policy.decisions import purposes_for
from kelmu.policy.loader import policy_data
from kelmu.policy.vocabulary import Channel
from kelmu.web.presentation.labels import language

COLOR_SCHEME_COOKIE = "kelmu_color_scheme"
COLOR_SCHEMES = ("auto", "light", "dark")


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
class Chrome:
    """The frame around a page's content.

    Texts are in the page's language; empty where nobody is signed in.
    """

    official_name: str
    organisation_name: str
    mandate_names: tuple[str, ...]
    navigation: tuple[NavigationItem, ...]
    languages: tuple[LanguageChoice, ...]
    color_scheme: str
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
            navigation=() if acting is None else _navigation(request.path, acting),
            languages=_languages(),
            color_scheme=color_scheme_of(request),
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


def color_scheme_of(request: HttpRequest) -> str:
    """The colour scheme the official chose; `auto`, which follows the machine, unless she chose one."""
    chosen = request.COOKIES.get(COLOR_SCHEME_COOKIE, "")
    return chosen if chosen in COLOR_SCHEMES else "auto"


def _navigation(path: str, acting: ActingSession) -> tuple[NavigationItem, ...]:
    """What the official has rights to; what she has not is absent, and the mandates page tells why."""
    items = [(_("Help"), reverse("help"))]
    if purposes_for(acting, Channel.WEB, acting.today):
        items.insert(0, (pgettext_lazy("navigation", "Client"), reverse("clients")))
    return tuple(NavigationItem(label, url, current=path.startswith(url)) for label, url in items)


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
