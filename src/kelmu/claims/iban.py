"""Account numbers of payees (ISO 13616): the country's length and form, and the two check digits."""

from __future__ import annotations

from stdnum import iban
from stdnum.exceptions import ValidationError


class IbanError(ValueError):
    """What was typed is no account number; it is never repeated."""


def parse_iban(text: str) -> str:
    """The account number without spaces, in capitals.

    Raises:
        IbanError: unknown country, wrong length or form, or the check digits do not fit.
    """
    try:
        return str(iban.validate("".join(text.split())))
    except ValidationError:
        raise IbanError from None
