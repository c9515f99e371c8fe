"""Page 4: every mandate and what it opens; signed in also what one has and lacks."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from kelmu.identity.acting import ActingSession
from kelmu.policy.content import Mandate
from kelmu.policy.loader import policy_data
from kelmu.web.access import KelmuRequest
from kelmu.web.openings import Words, opened, opened_by
from kelmu.web.presentation.chrome import organisation_name
from kelmu.web.presentation.labels import language


@dataclass(frozen=True)
class MandateRow:
    """One mandate in words.

    ``held`` is ``own``, ``representation`` or, where it is not held, ``missing``; ``not_for_us`` where
    it would open nothing under the agreement acted under; None when nobody acts.
    """

    name: str
    opens: tuple[Words, ...]
    held: str | None


def mandates(request: KelmuRequest) -> HttpResponse:
    """The list of all mandates, for everybody."""
    acting = request.kelmu.acting
    rows = [_row(mandate, acting) for mandate in policy_data().mandates.values()]
    context = {
        "rows": rows,
        "missing": [row for row in rows if row.held == "missing"],
        "organisation_name": organisation_name(acting) if acting else "",
        "business_id": acting.organisation.business_id if acting else "",
    }
    return render(request, "kelmu/mandates/mandates.html", context)


def _row(mandate: Mandate, acting: ActingSession | None) -> MandateRow:
    name = mandate.name(language())
    if acting is None:
        return MandateRow(name, opened_by(mandate.code), None)
    agreement = acting.agreement
    opens = opened(agreement.organisation_type, agreement.data_groups, {mandate.code}, frozenset())
    return MandateRow(name, opens or opened_by(mandate.code), _held(mandate.code, acting, useful=bool(opens)))


def _held(code: str, acting: ActingSession, *, useful: bool) -> str:
    if code in acting.mandates:
        return "own"
    if code in acting.representation_mandates:
        return "representation"
    return "missing" if useful else "not_for_us"
