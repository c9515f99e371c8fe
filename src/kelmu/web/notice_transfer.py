"""Page 25: a notice is passed on to another municipality, with the reason why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kelmu.core.errors import Refused
from kelmu.notices import doors
from kelmu.notices.doors import Answer
from kelmu.organisations.queries import municipalities, organisation_names
from kelmu.web.access import KelmuRequest
from kelmu.web.notice_pages import Problem, changes_of, list_query, opened, page_of, words_of
from kelmu.web.notice_work import problem_of, version_of
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.notice_transfer import Body, Target, counties_of
from kelmu.web.typed import clean

SHORTEST, LONGEST = 10, 255
FLAGGED_FROM = 3
_MOVED = "notices_moved"
_MOST_KEPT = 20


@dataclass(frozen=True)
class Form:
    """What is in the form. ``version``: None is the present one; ``confirm``: what must be known first."""

    typed: Mapping[str, str]
    version: int | None = None
    problem: Problem | None = None
    confirm: Body | None = None


def transfer(request: KelmuRequest, notice_id: UUID) -> HttpResponse:
    """The form; or the notice passed on, once what was typed is right and what must be known is confirmed."""
    if request.method != "POST":
        return _shown(request, notice_id, Form({}))
    version = version_of(request)
    typed = {name: clean(request.POST.get(name, "")) for name in ("municipality", "reason")}
    if "edit" in request.POST:
        return _shown(request, notice_id, Form(typed, version))
    bodies = _bodies(request)
    wrong, field = _wrong(typed, bodies)
    if wrong:
        problem = Problem(HTTPStatus.UNPROCESSABLE_ENTITY, wrong, field=field, typed=typed)
        return _shown(request, notice_id, Form(typed, version, problem))
    code = typed["municipality"]
    if not bodies[code]["reached"] and request.POST.get("confirmed") != code:
        return _shown(request, notice_id, Form(typed, version, confirm=_body(bodies[code])))
    secret = request.kelmu.session().secret
    answer = doors.transfer_notice(secret, notice_id, version, municipality=code, reason=typed["reason"])
    refused = _problem_of(answer, typed)
    if refused is not None or answer is None:
        return _shown(request, notice_id, Form(typed, problem=refused))
    _keep(request, notice_id, answer["notice"]["version"])
    return HttpResponseRedirect(reverse("notices_transferred"), status=HTTPStatus.SEE_OTHER)


def own_transfers(request: KelmuRequest) -> dict[str, int]:
    """The notices this session has passed on lately, and the versions that came of it; newest last."""
    return dict(request.session.get(_MOVED, []))


def _keep(request: KelmuRequest, notice_id: UUID, version: int) -> None:
    kept = own_transfers(request)
    kept.pop(str(notice_id), None)
    request.session[_MOVED] = [*kept.items(), (str(notice_id), version)][-_MOST_KEPT:]


def _problem_of(answer: Answer | None, typed: dict[str, str]) -> Problem | None:
    if answer is not None and answer["result"] == "not_possible" and answer["why"] == "same_municipality":
        text = _("Municipality: the notice is there already. Choose another one.")
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, text, field="municipality", typed=typed)
    return problem_of(answer, typed)


def _bodies(request: KelmuRequest) -> dict[str, Mapping[str, Any]]:
    targets = doors.transfer_targets(request.kelmu.session().secret)
    if targets is None:
        raise Refused("no right to notices")
    return {each["code"]: each["body"] for each in targets}


def _wrong(typed: Mapping[str, str], bodies: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong in the form and where; empty where nothing is."""
    if typed["municipality"] not in bodies:
        return _("Municipality: choose where you transfer the notice to."), "municipality"
    length, limits = len(typed["reason"]), {"least": SHORTEST, "most": LONGEST}
    if length < SHORTEST:
        return _("Reason: write why, in at least %(least)s characters.") % limits, "reason"
    if length > LONGEST:
        text = _("Reason: shorten it to at most %(most)s characters. It has %(length)s now.")
        return text % {**limits, "length": length}, "reason"
    return "", ""


def _body(told: Mapping[str, Any]) -> Body:
    key = told["organisation_id"]
    named = organisation_names([key]).get(key) if key else None
    return Body(named.name(language()) if named else "", (told["contact_email"] or "") if named else "")


def _shown(request: KelmuRequest, notice_id: UUID, form: Form) -> HttpResponse:
    told = opened(request, notice_id)
    words = words_of(request, told)
    page = page_of(request, told, words)
    chosen = form.typed.get("municipality", "")
    targets: list[Target] = []
    if "transferred" in page.may:
        targets = [
            Target(code, each.name(language()), each.county.name(language()), code == chosen)
            for code, each in municipalities(_bodies(request)).items()
        ]
    context = {
        "page": page,
        "problem": form.problem,
        "changes": changes_of(form.problem, words),
        "typed": form.typed,
        "version": form.version or page.version,
        "confirm": form.confirm if targets else None,
        "target": next((each for each in targets if each.chosen), None),
        "counties": counties_of(targets),
        "next_move": page.moves + 1,
        "many_moves": page.moves + 1 >= FLAGGED_FROM,
        "least": SHORTEST,
        "most": LONGEST,
        "list_query": list_query(request),
    }
    status = form.problem.status if form.problem else HTTPStatus.OK
    return render(request, "kelmu/notices/transfer.html", context, status=status)
