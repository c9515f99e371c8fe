"""What policy refuses, as an error that each face answers in its own way."""

from __future__ import annotations

from kelmu.core.errors import Refused
from kelmu.policy.decisions import Decision
from kelmu.policy.vocabulary import Cause

NO_AGREEMENT = Decision(allowed=False, cause=Cause.NO_AGREEMENT)
"""The decision where the door itself found no agreement in force."""


class RefusedByPolicyError(Refused):
    """The decision, as a refusal: the answer says the cause, and the log has it."""

    def __init__(self, decision: Decision) -> None:
        super().__init__("refused by policy")
        self.decision = decision
