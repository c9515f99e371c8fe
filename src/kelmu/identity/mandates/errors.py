"""Why mandates could not be read. All of them fail closed: no mandates, no access."""

from __future__ import annotations

from enum import StrEnum


class MandateFault(StrEnum):
    """The cause as the page, the log and the tests name it."""

    CANCELLED = "cancelled"
    """The person left the selection without choosing."""
    EXPIRED = "expired"
    """The mandate session, the code or the token no longer counts; a new selection is needed."""
    UNKNOWN_STATE = "unknown_state"
    """The answer belongs to no selection under way in this browser."""
    INCOMPLETE = "incomplete"
    """A source register could not be read, so the answer is not whole (``complete: false``)."""
    DOWN = "down"
    """The service cannot be reached or answers nonsense."""
    REFUSED = "refused"
    """The service refuses this service (credentials, clock, interface): a matter for the maintainers."""


class MandateError(Exception):
    """Mandates could not be read. ``detail`` is for the log: a fixed phrase, never a value received."""

    def __init__(self, fault: MandateFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail
