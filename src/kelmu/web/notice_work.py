"""Work on one notice: each change names the version it was decided on, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kelmu.core.errors import NotThere, Unprocessable
from kelmu.notices import doors
from kelmu.notices.doors import Answer
from kelmu.web.access import KelmuRequest
from kelmu.web.colleagues import colleagues_of
from kelmu.web.notice_pages import Problem, back_to, shown
from kelmu.web.presentation.notice_words import NOTICE_OUTCOMES, WHY_UNCHANGED
from kelmu.web.typed import clean, whole_number

LONGEST_NOTE = 2000
_PLAIN = frozenset({"taken", "released", "marked_unread", "reopened"})
_FIELDS = ("note", "outcome", "assignee")
_WHY: dict[str, str | Promise] = {
    **WHY_UNCHANGED,
    "too_late": pgettext_lazy(
        "why a notice was not changed",
        "It can no longer be taken back: ten minutes have passed, or somebody has gone on with it.",
    ),
}
FASTER = gettext_lazy(
    "Somebody was faster: the notice has changed since you opened it. Your change was not made. What you "
    "chose and wrote is kept below; look at what has changed and send it again if it is still right."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change as it was asked for. ``note``: what was written besides it."""

    what: str
    value: str | None
    note: str
    typed: dict[str, str]


def work(request: KelmuRequest, notice_id: UUID) -> HttpResponse:
    """Make the change whose button was pressed. A note that was written is added with it."""
    version = version_of(request)
    asked = _asked(request)
    if isinstance(asked, Problem):
        return shown(request, notice_id, asked)
    secret = request.kelmu.session().secret
    answer = doors.change_notice(secret, notice_id, version, asked.what, asked.value)
    problem = problem_of(answer, asked.typed)
    if problem is not None:
        return shown(request, notice_id, problem)
    done, now = [asked.what], _version(answer)
    if asked.note and asked.what != "noted":
        noted = doors.change_notice(secret, notice_id, now, "noted", asked.note)
        problem = problem_of(noted, {"note": asked.note})
        if problem is not None:
            return shown(request, notice_id, problem)
        done, now = [*done, "noted"], _version(noted)
    return back_to(request, notice_id, now, *done)


def undo(request: KelmuRequest, notice_id: UUID) -> HttpResponse:
    """Take back the official's own latest change, a transfer too, within ten minutes."""
    answer = doors.undo_notice(request.kelmu.session().secret, notice_id, version_of(request))
    problem = problem_of(answer, {})
    if problem is not None:
        return shown(request, notice_id, problem)
    return back_to(request, notice_id, _version(answer), "undone")


def version_of(request: KelmuRequest) -> int:
    """The version the page was made of.

    Raises:
        Unprocessable: the form is not one of ours.
    """
    version = whole_number(request.POST.get("version", ""))
    if version is None or not 0 < version < 2**31:
        raise Unprocessable("no version")
    return version


def _version(answer: Answer | None) -> int:
    version: int = answer["notice"]["version"] if answer else 0
    return version


def problem_of(answer: Answer | None, typed: dict[str, str]) -> Problem | None:
    """What a door's answer says of a change that was not made; None: it was.

    Raises:
        NotThere: the notice is not there, or not for this official.
    """
    if answer is None:
        raise NotThere("no such notice")
    match answer["result"]:
        case "done":
            return None
        case "changed":
            return Problem(HTTPStatus.CONFLICT, FASTER, typed=typed, changes=answer["changes"])
        case _:
            return Problem(HTTPStatus.CONFLICT, _WHY[answer["why"]], typed=typed)


def _asked(request: KelmuRequest) -> Asked | Problem:
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    what, note = request.POST.get("what", ""), clean(typed["note"])
    wrong, field, value = "", "", None
    match what:
        case "handled":
            value = typed["outcome"]
            if value not in NOTICE_OUTCOMES:
                wrong, field = _("Outcome: choose what came of the notice."), "outcome-contacted"
        case "assigned":
            value = typed["assignee"]
            if value not in {each.pseudonym for each in colleagues_of(request.kelmu.session())}:
                wrong, field = _("Colleague: choose whom you give the notice to."), "assignee"
        case "noted":
            value = note
            if not note:
                wrong, field = _("Note: write the note first."), "note"
        case _ if what not in _PLAIN:
            raise Unprocessable("no such change")
    if len(note) > LONGEST_NOTE:
        wrong, field = _("Note: shorten it to at most %(most)s characters.") % {"most": LONGEST_NOTE}, "note"
    if wrong:
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, wrong, field=field, typed=typed)
    return Asked(what, value, note, typed)
