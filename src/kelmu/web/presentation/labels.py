"""The words for the register's codes, one place for all of them.

Keys are the values the register's CHECK constraints allow; a test compares the two. Colour marks only what
changes how one acts, so that a table stays quiet: what is as usual is neutral.
"""

from dataclasses import dataclass

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kelmu.benefits.catalogue import catalogue
from kelmu.core.formats import known_language


@dataclass(frozen=True, slots=True)
class Label:
    """A word for a code. `color` is a colour of the design system; `quiet` ones are written as plain text."""

    text: str | Promise
    color: str = "neutral"
    quiet: bool = False


MATTER_TYPES: dict[str, str | Promise] = {
    "first_application": pgettext_lazy("matter type", "First application"),
    "continuation": pgettext_lazy("matter type", "Application for continuation"),
    "review": pgettext_lazy("matter type", "Review"),
    "change_notice": pgettext_lazy("matter type", "Notice of change"),
    "appeal": pgettext_lazy("matter type", "Appeal"),
    "recovery_matter": pgettext_lazy("matter type", "Recovery of overpayment"),
}

MATTER_STATES: dict[str, Label] = {
    "received": Label(pgettext_lazy("matter state", "Received"), "neutral"),
    "waiting_for_information": Label(
        pgettext_lazy("matter state", "Waiting for further information"), "warning"
    ),
    "in_processing": Label(pgettext_lazy("matter state", "Being processed"), "info"),
    "decided": Label(pgettext_lazy("matter state", "Decided"), "success"),
}

RECEIVED_BY: dict[str, str | Promise] = {
    "web": pgettext_lazy("received by", "Online"),
    "paper": pgettext_lazy("received by", "On paper"),
    "phone": pgettext_lazy("received by", "By phone"),
}

OUTCOMES: dict[str, Label] = {
    "granted": Label(pgettext_lazy("outcome of a decision", "Granted"), "success"),
    "partly": Label(pgettext_lazy("outcome of a decision", "Granted in part"), "warning"),
    "refused": Label(pgettext_lazy("outcome of a decision", "Refused"), "danger"),
    "ended": Label(pgettext_lazy("outcome of a decision", "Ended")),
    "reviewed": Label(pgettext_lazy("outcome of a decision", "Reviewed"), "info"),
    "withdrawn": Label(pgettext_lazy("outcome of a decision", "Withdrawn")),
    "lapsed": Label(pgettext_lazy("outcome of a decision", "Lapsed without examination")),
}

UNITS: dict[str, str | Promise] = {
    "month": pgettext_lazy("unit of an amount", "per month"),
    "day": pgettext_lazy("unit of an amount", "per day"),
    "lump_sum": pgettext_lazy("unit of an amount", "lump sum"),
    "reimbursement": pgettext_lazy("unit of an amount", "reimbursement"),
}

PAYEE_KINDS: dict[str, str | Promise] = {
    "client": pgettext_lazy("payee", "Client"),
    "spouse": pgettext_lazy("payee", "Spouse"),
    "guardian": pgettext_lazy("payee", "Guardian"),
    "county": pgettext_lazy("payee", "Wellbeing services county"),
    "municipality": pgettext_lazy("payee", "Municipality"),
    "employer": pgettext_lazy("payee", "Employer"),
    "landlord": pgettext_lazy("payee", "Landlord"),
    "care_provider": pgettext_lazy("payee", "Care provider"),
}

PAYMENT_STATES: dict[str, Label] = {
    "planned": Label(pgettext_lazy("state of a payment", "Planned"), "info"),
    "in_payment": Label(pgettext_lazy("state of a payment", "Being paid"), "info"),
    "paid": Label(pgettext_lazy("state of a payment", "Paid"), quiet=True),
    "returned": Label(pgettext_lazy("state of a payment", "Returned"), "danger"),
    "cancelled": Label(pgettext_lazy("state of a payment", "Cancelled"), "neutral"),
    "corrected": Label(pgettext_lazy("state of a payment", "Corrected"), "warning"),
}

DATA_GROUPS: dict[str, str | Promise] = {
    "pending": pgettext_lazy("data group", "Pending matters"),
    "decisions": pgettext_lazy("data group", "Decisions"),
    "payments": pgettext_lazy("data group", "Payments"),
    "coverage": pgettext_lazy("data group", "Insurance coverage"),
    "recovery": pgettext_lazy("data group", "Recovery of overpayments"),
    "maintenance_collection": pgettext_lazy("data group", "Collection of maintenance"),
    "medicine_cap": pgettext_lazy("data group", "Annual limit on medicine costs"),
    "third_party_info": pgettext_lazy("data group", "Information from others"),
    "claims": pgettext_lazy("data group", "Payment claims"),
}

# Named as in the dossier: by data group, `person` and `non_disclosure`.
SOURCES: dict[str, str | Promise] = {
    "person": pgettext_lazy("source", "Population information"),
    "non_disclosure": pgettext_lazy("source", "Non-disclosure orders"),
    "pending": pgettext_lazy("source", "Pending matters"),
    "decisions": pgettext_lazy("source", "Decisions"),
    "payments": pgettext_lazy("source", "Payments"),
    "coverage": pgettext_lazy("source", "Insurance coverage"),
    "recovery": pgettext_lazy("source", "Recovery of overpayments"),
    "maintenance_collection": pgettext_lazy("source", "Collection of maintenance"),
    "medicine_cap": pgettext_lazy("source", "Annual limit on medicine costs"),
    "third_party_info": pgettext_lazy("source", "Information from others"),
}

PERIOD_PRESETS: dict[str, str | Promise] = {
    "3m": _("3 months"),
    "12m": _("12 months"),
    "this_year": _("This year"),
    "last_year": _("Last year"),
    "all": _("All"),
}


def language() -> str:
    """The language of the present page: `fi`, `sv` or `en`."""
    return known_language(get_language() or "fi")


def benefit_name(code: str) -> str:
    """The name of a benefit in the page's language, capitalised. KeyError for a code not in the catalogue."""
    return capfirst(catalogue().name(code, language()))


def language_name(code: str) -> str:
    """The name of a client's language of service in the page's language; the bare code where it has none."""
    try:
        name = Locale.parse(code).get_language_name(language())
    except (UnknownLocaleError, ValueError):
        name = None
    return name or code
