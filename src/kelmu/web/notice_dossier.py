"""For which purpose a notice's client may be looked at, and what opens that."""

from __future__ import annotations

from dataclasses import dataclass

from kelmu.identity.acting import ActingSession
from kelmu.policy import Action, Channel, Decision, decide, policy_data
from kelmu.web.presentation.labels import language

_WIDE_MANDATE = "benefit_view_and_claims"


@dataclass(frozen=True, slots=True)
class Way:
    """How the client's data can be looked at from a notice. ``purpose_name`` empty: they cannot.

    ``asked`` is then the mandate that would open them.
    """

    purpose_name: str
    asked: str = ""


def _purpose(session: ActingSession) -> str:
    """Settled in ``domain/notices.md``: by the wider mandate where the official has it."""
    return "social_care" if _WIDE_MANDATE in session.mandates else "social_assistance_decisions"


def dossier_decision(session: ActingSession) -> Decision:
    """Whether the official may open the client's data from a notice: with a grant, if she may."""
    return decide(session, Action.INQUIRE, _purpose(session), Channel.WEB, today=session.today)


def dossier_way(session: ActingSession) -> Way:
    """The way for an official, or what she lacks."""
    data = policy_data()
    if dossier_decision(session).grant is None:
        return Way("", data.mandates[_WIDE_MANDATE].name(language()))
    return Way(data.purposes[_purpose(session)].name(language()))
