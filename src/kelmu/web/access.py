"""The one way into every view: who is it, for whom does she act, may she; then the view; errors as pages.

A view never runs without a decision. Refusals are logged here, outside any transaction of the view,
so that no rollback can take the entry with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from kelmu.core.door import MandatesStale, NoAgreement
from kelmu.core.errors import KelmuError, NotSignedIn, NotThere, Refused, SourceDown, TooMany
from kelmu.identity import doors
from kelmu.identity.acting import ActingSession
from kelmu.identity.browser import BrowserSession, Official
from kelmu.identity.configuration import Identity, identity
from kelmu.identity.mandates.errors import MandateError, MandateFault
from kelmu.identity.presence import (
    SessionEnd,
    SessionOverError,
    current_acting,
    known_acting,
    present_official,
    session_end,
)
from kelmu.identity.selecting import begin_selection
from kelmu.inquiry.errors import InquiryNotAvailable
from kelmu.policy.decisions import Decision, decide
from kelmu.policy.loader import policy_digest
from kelmu.policy.refusals import NO_AGREEMENT, RefusedByPolicyError
from kelmu.policy.vocabulary import Action, Channel
from kelmu.web import error_pages
from kelmu.web.paths import next_query, resume_path

_log = structlog.get_logger("kelmu.access")
# What comes between an official and her form without any doing of hers: its text is kept.
_LATE = (MandateError, NotSignedIn, SourceDown, TooMany)


@dataclass(frozen=True)
class Context:
    """What a view knows of the request besides the request: made by the guard, never by a view."""

    action: Action
    official: Official | None
    acting: ActingSession | None
    decision: Decision
    browser: BrowserSession = field(repr=False)
    identity: Identity = field(repr=False)

    @property
    def official_name(self) -> str | None:
        """The official's name as shown to herself."""
        return self.official.display_name if self.official else None

    def signed_in(self) -> Official:
        """The official, where the action needs one."""
        if self.official is None:
            raise NotSignedIn("nobody is identified")
        return self.official

    def session(self) -> ActingSession:
        """The acting session, where the action needs one."""
        if self.acting is None:
            raise NotSignedIn("nobody acts for an organisation")
        return self.acting


class KelmuRequest(HttpRequest):
    """A request that has passed the guard."""

    kelmu: Context
    official_name: str | None
    acting: ActingSession | None
    session_end: SessionEnd | None
    draft_kept: bool | None
    new_notices: int | None


View = Callable[..., HttpResponse]
TooLate = Callable[[KelmuRequest, Identity, BrowserSession, dict[str, object]], "bool | None"]
"""Keeps the text of a form that nobody takes any more. True: kept; False: it cannot be; None: it is empty."""


class Guard:
    """A view behind its action. ``action`` and ``methods`` are there for the test over all routes."""

    def __init__(
        self, view: View, action: Action, methods: Iterable[str], too_late: TooLate | None = None
    ) -> None:
        self.too_late = too_late
        self.view = view
        self.action = action
        self.methods = frozenset(methods)
        # Django names a route's view by these.
        self.__module__ = view.__module__
        self.__name__ = self.__qualname__ = getattr(view, "__name__", type(view).__name__)
        self.__doc__ = view.__doc__

    def __call__(self, request: KelmuRequest, **parameters: object) -> HttpResponse:
        """Answer the request."""
        method = "GET" if request.method == "HEAD" else request.method
        if method not in self.methods:
            return HttpResponseNotAllowed(sorted(self.methods))
        request.official_name, request.acting, request.session_end = None, None, None
        request.draft_kept = None
        try:
            return self._guarded(request, parameters)
        except (SessionOverError, MandateError, Http404, OperationalError, KelmuError) as error:
            if isinstance(error, _LATE):
                config = identity()
                self._keep_text(request, config, BrowserSession(request.session, config.seal_key), parameters)
            return self._answer(request, error)

    def _answer(self, request: KelmuRequest, error: Exception) -> HttpResponse:
        # The page of an error asks the database nothing more.
        request.new_notices = None
        match error:
            case SessionOverError():
                answer = error_pages.session_over(request, error.reason, self._resume(request))
            case MandateError():
                answer = self._mandates_unknown(request, error)
            case MandatesStale():
                answer = self._mandates_unknown(request, MandateError(MandateFault.EXPIRED, "not in time"))
            case InquiryNotAvailable():
                # Its alarm is an entry already.
                answer = error_pages.not_available(request)
            case NoAgreement():
                answer = self._refused(request, RefusedByPolicyError(NO_AGREEMENT))
            case OperationalError():
                _log.error("database_down", error_type=type(error).__name__)
                answer = error_pages.page(request, SourceDown("the database does not answer"))
            case KelmuError():
                answer = self._refused(request, error)
            case _:
                answer = error_pages.page(request, NotThere("no such thing"))
        return answer

    def _guarded(self, request: KelmuRequest, parameters: dict[str, object]) -> HttpResponse:
        config = identity()
        browser = BrowserSession(request.session, config.seal_key)
        official = self._official(request, config, browser, parameters)
        request.official_name = official.display_name if official else None
        request.session_end = session_end(config, browser)
        acting = self._acting(config, browser) if official else None
        request.acting = acting
        if self.action.needs_identification and official is None:
            raise NotSignedIn("nobody is identified")
        if self.action.needs_acting and acting is None:
            return HttpResponseRedirect(f"{reverse('organisation')}?{next_query(self._resume(request))}")
        decision = self._decide(acting)
        request.kelmu = Context(self.action, official, acting, decision, browser, config)
        if not decision.allowed:
            raise RefusedByPolicyError(decision)
        return self.view(request, **parameters)

    def _official(
        self, request: KelmuRequest, config: Identity, browser: BrowserSession, parameters: dict[str, object]
    ) -> Official | None:
        try:
            return present_official(
                config,
                browser,
                noted=not self.action.by_itself,
                before_end=lambda: self._keep_text(request, config, browser, parameters),
            )
        except SessionOverError:
            if self.action.needs_identification:
                raise
            return None

    def _keep_text(
        self, request: KelmuRequest, config: Identity, browser: BrowserSession, parameters: dict[str, object]
    ) -> None:
        """Keep what was typed into a form that comes too late, where that can be done."""
        if self.too_late and request.method == "POST" and not request.draft_kept:
            request.draft_kept = self.too_late(request, config, browser, parameters)

    def _acting(self, config: Identity, browser: BrowserSession) -> ActingSession | None:
        fresh = self.action.needs_acting and not self.action.by_itself
        return current_acting(config, browser) if fresh else known_acting(browser)

    def _decide(self, acting: ActingSession | None) -> Decision:
        if acting is None or not self.action.needs_acting:
            return Decision(allowed=True)
        if acting.policy_digest != policy_digest():
            _log.error("policy_differs")
            raise SourceDown("the database holds another policy than this release")
        # The purpose of an open inquiry is the inquiry's; the view that finds the inquiry decides with it.
        action = Action.INQUIRE if self.action.needs_purpose else self.action
        return decide(acting, action, None, Channel.WEB, today=acting.today)

    def _resume(self, request: KelmuRequest, *, session_goes_on: bool = False) -> str:
        """Where to go on: an inquiry's page only where its acting session may go on."""
        dies = self.action.needs_purpose and not session_goes_on
        path = resume_path(request, repeatable="GET" in self.methods, of_inquiry=dies)
        # The reason is offered where the same client is searched again: the page there says so.
        return f"{path}?draft=reason" if dies and request.draft_kept else path

    def _refused(self, request: KelmuRequest, error: KelmuError) -> HttpResponse:
        acting = request.acting
        if isinstance(error, Refused) and acting is not None:
            decision = error.decision if isinstance(error, RefusedByPolicyError) else None
            cause = decision.cause if decision and decision.cause else "no_right"
            missing = decision.missing_mandates if decision else ()
            doors.log_refusal(acting.secret, self.action.value, cause, missing)
            return error_pages.refusal(request, acting, decision)
        return error_pages.page(request, error, self._resume(request))

    def _mandates_unknown(self, request: KelmuRequest, error: MandateError) -> HttpResponse:
        """Mandates could not be read in time: through the selection again, or a page; never any client."""
        request.acting = None
        if error.fault is not MandateFault.EXPIRED:
            return error_pages.mandates_down(request, error.fault)
        config = identity()
        browser = BrowserSession(request.session, config.seal_key)
        official = browser.official
        if official is None:
            return error_pages.page(request, NotSignedIn("nobody is identified"), self._resume(request))
        try:
            address = begin_selection(
                config,
                browser,
                official,
                self._resume(request, session_goes_on=True),
                get_language() or "fi",
            )
        except MandateError as worse:
            return error_pages.mandates_down(request, worse.fault)
        return HttpResponseRedirect(address)
