"""From a notice to its client's data: a look of its own, with its own purpose and entry."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kelmu.core.personal_id import PersonalId
from kelmu.inquiry import looks
from kelmu.inquiry.doors import Asked
from kelmu.policy.refusals import RefusedByPolicyError
from kelmu.web.access import KelmuRequest
from kelmu.web.clients import answer_look
from kelmu.web.notice_dossier import dossier_decision
from kelmu.web.notice_pages import Problem, opened, shown
from kelmu.web.presentation.client import PAGE_GROUPS
from kelmu.web.presentation.notice_words import WHY_UNCHANGED


def open_client(request: KelmuRequest, notice_id: UUID) -> HttpResponse:
    """Open an inquiry about the notice's client and go on as after a search. Only the number goes with it."""
    session = request.kelmu.session()
    if request.POST.get("told_client") != "on":
        problem = Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("Tell the client that data are fetched, and then confirm it here."),
            field="told-client",
        )
        return shown(request, notice_id, problem)
    decision = dossier_decision(session)
    if decision.grant is None:
        raise RefusedByPolicyError(decision)
    told = opened(request, notice_id)
    if told["read_only"]:
        problem = Problem(HTTPStatus.CONFLICT, WHY_UNCHANGED["read_only"])
        return shown(request, notice_id, problem)
    asked = Asked(
        personal_id=PersonalId.parse(told["client"]["personal_id"]),
        case_reference=_("Notice %(number)s") % {"number": told["number"]},
        told_client=True,
    )
    groups = (*PAGE_GROUPS["summary"], looks.CHANGES)
    return answer_look(request, looks.open_inquiry(session, decision.grant, asked, groups=groups))
