"""What every action asks, who holds a mandate of a feature, and what a refusal says."""

from __future__ import annotations

import pytest

from kelmu.policy import Action, Cause, Channel, Decision, decide
from kelmu.policy.refusals import NO_AGREEMENT, RefusedByPolicyError
from kelmu.policy.vocabulary import Feature
from tests.policy.actors import ASSISTANCE, MANDATES, TODAY, TYPES, VIEW, acting

ASKED: dict[Action, tuple[str, Feature | None]] = {
    Action.PUBLIC: ("", None),
    Action.SIGN_IN: ("", None),
    Action.IDENTIFIED: ("identification", None),
    Action.ACT: ("identification acting", None),
    Action.NOTICES: ("identification acting", Feature.NOTICES),
    Action.NOTICE_NEWS: ("identification acting by_itself", Feature.NOTICES),
    Action.DESK: ("identification acting", Feature.DESK),
    Action.INQUIRE: ("identification acting inquiry", None),
    Action.KEEP_DRAFT: ("identification acting inquiry by_itself", None),
    Action.CLAIMS: ("identification acting", Feature.CLAIMS),
    Action.VIEW_CLIENT: ("identification acting inquiry purpose", None),
}
DESK_MANDATE = "kela_desk"


@pytest.mark.parametrize("action", Action)
def test_every_action_asks_what_it_is_known_to_ask(action: Action) -> None:
    asked = {
        "identification": action.needs_identification, "acting": action.needs_acting,
        "inquiry": action.opens_inquiry, "purpose": action.needs_purpose, "by_itself": action.by_itself,
    }  # fmt: skip
    assert (" ".join(name for name, needed in asked.items() if needed), action.feature) == ASKED[action]


@pytest.mark.parametrize("action", [Action.NOTICES, Action.NOTICE_NEWS, Action.CLAIMS, Action.DESK])
@pytest.mark.parametrize("organisation_type", TYPES)
def test_a_feature_is_open_to_a_holder_of_its_mandate_where_the_type_has_it(
    organisation_type: str, action: Action
) -> None:
    having = {"kela"} if action is Action.DESK else {"wellbeing_county", "helsinki", "aland_municipality"}
    mandate = {Action.DESK: DESK_MANDATE, Action.CLAIMS: VIEW}.get(action, ASSISTANCE)

    def decided(*mandates: str) -> Decision:
        return decide(acting(organisation_type, mandates), action, None, Channel.WEB, today=TODAY)

    if organisation_type not in having:
        nowhere = Decision(allowed=False, cause=Cause.PURPOSE_NOT_ALLOWED)
        assert decided() == decided(*MANDATES) == nowhere
        return
    missing = Decision(allowed=False, cause=Cause.MISSING_MANDATE, missing_mandates=(mandate,))
    other = ASSISTANCE if mandate == VIEW else VIEW
    assert decided() == decided(other) == decided(*(set(MANDATES) - {mandate})) == missing
    assert decided(mandate) == decided(mandate, other) == Decision(allowed=True)


def test_a_representation_mandate_opens_no_feature() -> None:
    session = acting(mandates=(), representation=MANDATES)
    assert not decide(session, Action.NOTICES, None, Channel.WEB, today=TODAY).allowed


def test_a_refusal_carries_the_decision_and_its_text_says_nothing_of_it() -> None:
    assert Decision(allowed=False, cause=Cause.NO_AGREEMENT) == NO_AGREEMENT
    refusal = RefusedByPolicyError(NO_AGREEMENT)
    assert (refusal.decision, str(refusal)) == (NO_AGREEMENT, "refused by policy")
