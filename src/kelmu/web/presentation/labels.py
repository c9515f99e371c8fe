"""The words for the register's codes, one place for all of them.

Keys are the values the register's CHECK constraints allow; a test compares the two. Colour marks only what
changes how one acts, so that a table stays quiet: what is as usual is neutral.
"""

from dataclasses import dataclass

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, npgettext_lazy, pgettext_lazy
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

COVERAGE_KINDS: dict[str, str | Promise] = {
    "social_security": pgettext_lazy("insurance coverage", "Finnish social security"),
    "sickness_insurance": pgettext_lazy("insurance coverage", "Finnish health insurance"),
    "ehic": pgettext_lazy("insurance coverage", "European Health Insurance Card"),
    "kela_card": pgettext_lazy("insurance coverage", "Kela card"),
    "care_certificate": pgettext_lazy("insurance coverage", "Certificate of entitlement to medical care"),
    "posted_worker": pgettext_lazy("insurance coverage", "Posted worker"),
}

COVERAGE_GROUNDS: dict[str, str | Promise] = {
    "residence": pgettext_lazy("ground of insurance coverage", "Residence"),
    "work": pgettext_lazy("ground of insurance coverage", "Work"),
    "eu": pgettext_lazy("ground of insurance coverage", "EU provisions"),
}

RECOVERY_STATES: dict[str, Label] = {
    "open": Label(pgettext_lazy("state of a recovery", "Open"), "warning"),
    "in_instalments": Label(pgettext_lazy("state of a recovery", "Paid in instalments"), "info"),
    "in_enforcement": Label(pgettext_lazy("state of a recovery", "In enforcement"), "danger"),
    "paid": Label(pgettext_lazy("state of a recovery", "Paid back"), quiet=True),
    "written_off": Label(pgettext_lazy("state of a recovery", "Written off"), quiet=True),
}

COLLECTION_STATES: dict[str, Label] = {
    "open": Label(pgettext_lazy("state of a collection of maintenance", "Open"), "warning"),
    "in_enforcement": Label(
        pgettext_lazy("state of a collection of maintenance", "In enforcement"), "danger"
    ),
    "paid": Label(pgettext_lazy("state of a collection of maintenance", "Paid"), quiet=True),
    "ended": Label(pgettext_lazy("state of a collection of maintenance", "Ended"), quiet=True),
}

SENDER_KINDS: dict[str, str | Promise] = {
    "unemployment_fund": pgettext_lazy("sender of information", "Unemployment fund"),
    "employment_authority": pgettext_lazy("sender of information", "Employment authority"),
    "pension_institution": pgettext_lazy("sender of information", "Pension institution"),
    "insurance_institution": pgettext_lazy("sender of information", "Insurance institution"),
    "study_register": pgettext_lazy("sender of information", "National study register"),
    "prison_service": pgettext_lazy("sender of information", "Prison and Probation Service"),
    "foreign_institution": pgettext_lazy("sender of information", "Foreign institution"),
}

INFO_KINDS: dict[str, str | Promise] = {
    "earnings_related_allowance": pgettext_lazy("kind of information", "Earnings-related allowance"),
    "employment_statement": pgettext_lazy("kind of information", "Labour policy statement"),
    "earnings_pension": pgettext_lazy("kind of information", "Earnings-related pension"),
    "accident_pension": pgettext_lazy("kind of information", "Accident pension"),
    "studies": pgettext_lazy("kind of information", "Studies"),
    "custody": pgettext_lazy("kind of information", "Time in prison"),
    "foreign_benefit": pgettext_lazy("kind of information", "Benefit from another country"),
}

COMMITMENT_KINDS: dict[str, str | Promise] = {
    "pharmacy": pgettext_lazy("payment commitment", "To a pharmacy"),
    "grocery": pgettext_lazy("payment commitment", "To a grocery"),
    "electricity": pgettext_lazy("payment commitment", "For electricity"),
    "other": pgettext_lazy("payment commitment", "Other"),
}

MEMBER_ROLES: dict[str, str | Promise] = {
    "spouse": pgettext_lazy("member of a household", "Spouse"),
    "child": pgettext_lazy("member of a household", "Child"),
}

GUARDIAN_KINDS: dict[str, str | Promise] = {
    "custodian": npgettext_lazy("who acts for a client", "Custodian", "Custodians", "number"),
    "guardian": npgettext_lazy("who acts for a client", "Guardian", "Guardians", "number"),
}
"""To be filled with the ``number`` of them."""

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


def country_name(code: str) -> str:
    """The name of a country in the page's language by its ISO 3166 code; the bare code where it has none."""
    name: str | None = Locale(language()).territories.get(code.upper())
    return name or code
