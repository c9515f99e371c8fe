"""The business id (Y-tunnus): ``NNNNNNN-C``, weights 7 9 10 5 8 4 2 modulo 11."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus

_LENGTH = 9
_WRITTEN = re.compile(r"[0-9]{7}-[0-9]")
_OLD_FORM = re.compile(r"[0-9]{6}-[0-9]")
_WITHOUT_HYPHEN = re.compile(r"[0-9]{8}")


class BusinessIdFault(Enum):
    """What is wrong with a text that is not a business id; the first that applies."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    SHAPE = "shape"
    CHECK_DIGIT = "check_digit"


class BusinessIdError(ValueError):
    """The text is not a business id; ``reason`` says why."""

    def __init__(self, reason: BusinessIdFault) -> None:
        super().__init__(f"not a business id: {reason.value}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class BusinessId:
    """A valid business id; ``value`` is its written form with hyphen, 9 characters.

    Raises:
        BusinessIdError: the value is not a valid id in its written form (see ``parse``).
    """

    value: str

    def __post_init__(self) -> None:
        fault = _fault(self.value)
        if fault is not None:
            raise BusinessIdError(fault)

    @classmethod
    def parse(cls, text: str) -> BusinessId:
        """Read what was typed or received: white space anywhere, no hyphen, or the old six-digit form.

        Raises:
            BusinessIdError: with the first ``BusinessIdFault`` that applies.
        """
        squeezed = "".join(text.split())
        if _OLD_FORM.fullmatch(squeezed):
            squeezed = f"0{squeezed}"
        elif _WITHOUT_HYPHEN.fullmatch(squeezed):
            squeezed = f"{squeezed[:7]}-{squeezed[7]}"
        return cls(squeezed)

    def __str__(self) -> str:
        return self.value


def _fault(value: str) -> BusinessIdFault | None:
    if not value:
        return BusinessIdFault.EMPTY
    if len(value) > _LENGTH:
        return BusinessIdFault.TOO_LONG
    if not _WRITTEN.fullmatch(value):
        return BusinessIdFault.SHAPE
    try:
        ytunnus.validate(value)
    except ValidationError:
        return BusinessIdFault.CHECK_DIGIT
    return None
