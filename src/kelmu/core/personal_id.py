"""The personal identity code (henkilötunnus) as a type that cannot leak or be wrong.

``DDMMYY`` + century sign + ``NNN`` + check character; decree in force 2023-01-01, which added the
signs Y X W V U (1900s) and B C D E F (2000s). The code is not unique without its sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NoReturn

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fi import hetu

_LENGTH = 11
_SHAPE = re.compile(r"[0-9]{6}[-+ABCDEFYXWVU][0-9]{3}[0-9ABCDEFHJKLMNPRSTUVWXY]")
_CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
_FIRST_ARTIFICIAL = 900


class PersonalIdFault(Enum):
    """What is wrong with a text that is not an identity code; the first that applies."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    SHAPE = "shape"
    DATE = "date"
    CHECK_CHARACTER = "check_character"


class PersonalIdError(ValueError):
    """The text is not an identity code. ``reason`` says why; the text itself is nowhere in it."""

    def __init__(self, reason: PersonalIdFault) -> None:
        super().__init__(f"not a personal identity code: {reason.value}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PersonalId:
    """A valid identity code, with its sign as given. Shown masked; refuses to be pickled.

    ``value`` is the only way to the 11 characters.

    Raises:
        PersonalIdError: the value is not a valid code in its written form (see ``parse``).
    """

    value: str = field(repr=False)

    def __post_init__(self) -> None:
        fault = _fault(self.value)
        if fault is not None:
            raise PersonalIdError(fault)

    @classmethod
    def parse(cls, text: str) -> PersonalId:
        """Read what a person typed or a message brought: white space anywhere and lower case are allowed.

        Artificial codes (900-999) are accepted as well as real ones; see ``is_artificial``. Whether
        the birth date lies in the future is not this type's business.

        Raises:
            PersonalIdError: with the first ``PersonalIdFault`` that applies.
        """
        # Beyond ASCII, upper-casing turns other letters into valid ones (long s into S), so it is not tried.
        squeezed = "".join(text.split())
        return cls(squeezed.upper() if squeezed.isascii() else squeezed)

    @property
    def birth_date(self) -> date:
        """The day of birth the code tells."""
        return _birth_date(self.value)

    @property
    def is_artificial(self) -> bool:
        """Whether the number is 900-999, which no person ever gets."""
        return int(self.value[7:10]) >= _FIRST_ARTIFICIAL

    def __repr__(self) -> str:
        return "PersonalId(******-****)"

    __str__ = __repr__

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("an identity code is not pickled: caches and job arguments must not hold it")

    def __copy__(self) -> PersonalId:
        return self

    def __deepcopy__(self, _memo: dict[int, object]) -> PersonalId:
        return self


def _birth_date(value: str) -> date:
    return date(_CENTURIES[value[6]] + int(value[4:6]), int(value[2:4]), int(value[:2]))


def _fault(value: str) -> PersonalIdFault | None:
    if not value:
        return PersonalIdFault.EMPTY
    if len(value) > _LENGTH:
        return PersonalIdFault.TOO_LONG
    if not _SHAPE.fullmatch(value):
        return PersonalIdFault.SHAPE
    try:
        hetu.validate(value, allow_temporary=True)
        _birth_date(value)
    except InvalidChecksum:
        return PersonalIdFault.CHECK_CHARACTER
    except (ValidationError, ValueError):
        # What is left of the checks is the day and the number 000 or 001, which is given to nobody.
        return PersonalIdFault.SHAPE if int(value[7:10]) < 2 else PersonalIdFault.DATE
    return None
