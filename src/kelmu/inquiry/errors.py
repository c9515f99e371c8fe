"""What can come in the way of a look."""

from __future__ import annotations

from kelmu.core.errors import NotThere, Refused, TooMany
from kelmu.policy import Decision


class InquiryNotThere(NotThere):
    """There is no such inquiry or ticket, or not for this acting session."""


class InquiryRefused(Refused):
    """Agreement, mandates or purpose no longer allow the inquiry; ``decision`` says why."""

    def __init__(self, decision: Decision) -> None:
        super().__init__("the inquiry is refused")
        self.decision = decision


class InquiryNotAvailable(Refused):
    """The ordinary refusal about a person, where policy and the door did not decide alike."""


class InquiryHeld(TooMany):
    """A limit against guessing is reached: nobody is looked up now.

    ``wait_seconds`` says for how long; None: until the official's use has been reviewed.
    """

    def __init__(self, wait_seconds: int | None) -> None:
        super().__init__("a limit is reached")
        self.wait_seconds = wait_seconds
