"""What a refusal page says: which of the three causes, and whom to turn to."""

from dataclasses import dataclass

from kelmu.policy.vocabulary import Cause


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal in words: names are in the page's language.

    `missing_mandates`: any one of them would open what was asked. `contact_email`: whom to ask about
    agreements.
    """

    cause: Cause
    organisation_name: str
    business_id: str
    missing_mandates: tuple[str, ...] = ()
    purpose_name: str = ""
    contact_email: str = ""
