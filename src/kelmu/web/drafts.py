"""Drafts of forms: kept while one types, offered where the form opens, saved from a form that is too late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.db import OperationalError
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from kelmu.core.errors import KelmuError, NotThere, Unprocessable
from kelmu.core.formats import format_time
from kelmu.identity.acting import ActingSession
from kelmu.identity.browser import BrowserSession, Official
from kelmu.identity.configuration import Identity
from kelmu.identity.presence import known_acting
from kelmu.inquiry.drafts import Draft, Drawer, Form
from kelmu.web.access import KelmuRequest, TooLate
from kelmu.web.paths import safe_path
from kelmu.web.presentation.labels import language

# The identity code is never kept, nor that the client was told: the draft does not know of whom it was said.
_FIELDS = {Form.SEARCH: ("case_reference", "purpose"), Form.REASON: ("reason",)}


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form with drafts as a page shows it.

    ``draft`` is what is kept of it, ``used`` whether its text was put into the form.
    """

    form: Form
    inquiry_id: UUID | None = None
    draft: Draft | None = None
    used: bool = False

    @property
    def fields(self) -> str:
        """The names of the fields that are kept, with spaces between."""
        return " ".join(_FIELDS[self.form])

    @property
    def text(self) -> Mapping[str, str]:
        """What to put into the form."""
        return self.draft.text if self.draft and self.used else {}


def open_form(request: KelmuRequest, form: Form, inquiry_id: UUID | None = None) -> OpenForm:
    """The form with its draft: offered, or put in where the official has asked for it."""
    if request.method == "POST":
        # What she has just typed stands in it.
        return OpenForm(form, inquiry_id)
    draft = drawer_of(request).offered(form, inquiry_id)
    return OpenForm(form, inquiry_id, draft, used=draft is not None and request.GET.get("draft") == "use")


def drawer_of(request: KelmuRequest) -> Drawer:
    """The drafts of the official for the organisation she acts for."""
    known = request.kelmu
    return _drawer(known.identity, known.signed_in(), known.session())


def keep(request: KelmuRequest) -> HttpResponse:
    """Keep what is typed, for the page's script; what is kept is forgotten where the fields are empty.

    Answers what to say of it, with an empty text where nothing is kept.
    """
    kept_at = keep_typed(drawer_of(request), *_wanted(request), request.POST)
    if kept_at is None:
        return JsonResponse({"said": ""})
    time = format_time(kept_at, language())
    return JsonResponse({"said": _("Saved as a draft at %(time)s.") % {"time": time}})


def discard(request: KelmuRequest) -> HttpResponse:
    """Throw a draft away, and back to the form."""
    drawer_of(request).forget(*_wanted(request))
    return HttpResponseRedirect(safe_path(request.POST.get("next")), status=HTTPStatus.SEE_OTHER)


def keep_typed(
    drawer: Drawer, form: Form, inquiry_id: UUID | None, typed: Mapping[str, str]
) -> datetime | None:
    """Keep what stands in a form; when it was kept. None: nothing does, and what was kept is forgotten.

    Raises:
        NotThere: it cannot be kept, because the inquiry is not there.
    """
    text = {name: typed.get(name, "") for name in _FIELDS[form]}
    if not _is_typed(form, text):
        drawer.forget(form, inquiry_id)
        return None
    kept_at = drawer.keep(form, text, inquiry_id)
    if kept_at is None:
        raise NotThere("no such inquiry")
    return kept_at


def keeper(form: Form | None) -> TooLate:
    """What keeps the text of a form that comes too late; None: of the form the request names."""

    def too_late(
        request: KelmuRequest, config: Identity, browser: BrowserSession, parameters: dict[str, object]
    ) -> bool | None:
        if not any(_is_typed(each, request.POST) for each in Form):
            return None
        official = browser.official
        try:
            acting = known_acting(browser) if official else None
            if official is None or acting is None:
                return False
            inquiry_id = parameters.get("inquiry_id")
            what = (form, inquiry_id if isinstance(inquiry_id, UUID) else None) if form else _wanted(request)
            return keep_typed(_drawer(config, official, acting), *what, request.POST) is not None
        except (KelmuError, OperationalError):
            return False

    return too_late


def _is_typed(form: Form, text: Mapping[str, str]) -> bool:
    """Whether anything was typed that is worth keeping: a purpose is only chosen."""
    return bool(text.get(_FIELDS[form][0], "").strip())


def _drawer(config: Identity, official: Official, acting: ActingSession) -> Drawer:
    organisation = acting.organisation.organisation_id
    return Drawer(acting.secret, official.pseudonym, organisation, config.seal_key)


def _wanted(request: KelmuRequest) -> tuple[Form, UUID | None]:
    """The form and the inquiry a request names."""
    inquiry = request.POST.get("inquiry", "")
    try:
        return Form(request.POST.get("form", "")), UUID(inquiry) if inquiry else None
    except ValueError:
        raise Unprocessable("no such form") from None
