"""What the words at the fields mean, for officials who do not work with benefits every day.

A term has one explanation wherever it stands. `TAB_TERMS` names those of each page of a client in order.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a field and what it means, in one or two sentences."""

    title: str | Promise
    text: str | Promise


TERMS: dict[str, Term] = {
    "guardianship": Term(
        _("Guardianship"),
        _(
            "A guardian has been appointed for the client. Find out what the guardian's task covers before "
            "agreeing on money matters; Kela pays and writes to the guardian as far as it does."
        ),
    ),
    "minor": Term(
        pgettext_lazy("under 18 years of age", "Minor"),
        _(
            "The client is under 18: the custodians act for the client, together unless decided otherwise. "
            "Those the register knows are named beside the client."
        ),
    ),
    "custodian": Term(
        _("Custodian"),
        _(
            "Decides on the minor's affairs, with the other custodian if there is one. Who is under a "
            "non-disclosure order is not named: one name does not mean that there is one custodian only."
        ),
    ),
    "guardian": Term(
        _("Guardian"),
        _(
            "Appointed to act for the client, as far as the task covers: a person or a guardianship office. "
            "Who is under a non-disclosure order is not named."
        ),
    ),
    "stage": Term(
        _("Stage"),
        _(
            "How far Kela has come with the matter. While Kela waits for further information, the time for "
            "deciding it has not begun."
        ),
    ),
    "missing_attachments": Term(
        _("Missing attachments"),
        _("What Kela has asked the client for. The matter is decided without them after the day given."),
    ),
    "due_on": Term(
        _("To be decided by"),
        _(
            "The last day by law. Basic social assistance is decided within seven working days of a complete "
            "application, an urgent one the next working day at the latest."
        ),
    ),
    "outcome": Term(
        _("Outcome"),
        _(
            "Granted in part: less or for a shorter time than was applied for. Lapsed: the application was "
            "not examined. Reviewed: an earlier decision was changed as of a later day."
        ),
    ),
    "payee": Term(
        _("Payee"),
        _(
            "To whom the benefit is paid. It can be somebody else than the client, such as a guardian, the "
            "landlord or a wellbeing services county, by consent or by law."
        ),
    ),
    "grounds": Term(_("Grounds"), _("Why Kela decided so. Of benefits that tell of illness it is not told.")),
    "review_on": Term(
        _("Next review"), _("The day by which Kela checks whether the benefit is still granted as it is.")
    ),
    "appeal_until": Term(
        _("Can be appealed until"),
        _("The last day for an appeal to reach Kela. It is counted from when the client got the decision."),
    ),
    "chain": Term(
        _("Corrected and annulled decisions"),
        _(
            "When Kela corrects a decision, a new one takes its place. An annulled decision has no effect "
            "any more; what was paid on it may be recovered."
        ),
    ),
    "calculation": Term(
        _("Calculation"),
        _(
            "Social assistance is what the income and assets lack of the basic part and the other basic "
            "expenses of the whole household, reckoned for a month."
        ),
    ),
    "basic_part": Term(
        _("Basic part"),
        _("A fixed sum for food, clothes and other daily expenses, by the persons of the household."),
    ),
    "lowered": Term(
        _("Lowered basic part"),
        _(
            "The basic part can be lowered by 20 or 40 per cent for a time, for instance when work or an "
            "employment service was refused without good reason."
        ),
    ),
    "other_expenses": Term(
        _("Other basic expenses"),
        _("Reasonable expenses that are taken as they are, such as rent, electricity and health care."),
    ),
    "passed_on": Term(
        _("Passed on to the county"),
        _(
            "A part of the application is not for Kela to decide. The wellbeing services county examines it "
            "as supplementary or preventive social assistance."
        ),
    ),
    "split": Term(
        _("Paid in parts"), _("The month's assistance is paid on several days, as agreed with the client.")
    ),
    "commitment": Term(
        _("Payment commitments"),
        _("Kela pays the supplier for what the client buys, up to the sum and within the days given."),
    ),
    "gross": Term(_("Gross"), _("The benefit before anything is taken off.")),
    "tax": Term(_("Tax"), _("Tax withheld. Many benefits, such as social assistance, are free of tax.")),
    "recovery": Term(
        _("Recovery"), _("An earlier overpayment to the client, taken back out of this payment by Kela.")
    ),
    "paid_to_others": Term(
        _("To others"),
        _(
            "The part paid out to somebody other than the payee, for instance to a wellbeing services county "
            "on the basis of a payment claim."
        ),
    ),
    "enforcement": Term(_("Enforcement"), _("Garnished by the enforcement authority.")),
    "net": Term(_("Net"), _("What the payee gets in the account. The sums of months are of this.")),
    "payment_state": Term(
        _("State"),
        _(
            "Planned and being paid: still to come. Returned: the money came back to Kela, for instance from "
            "a closed account. Cancelled: it was never paid. Corrected: the payment was changed afterwards."
        ),
    ),
    "social_security": Term(
        pgettext_lazy("insurance coverage", "Finnish social security"),
        _("Right to Kela's benefits, on the ground of residence or work in Finland."),
    ),
    "sickness_insurance": Term(
        pgettext_lazy("insurance coverage", "Finnish health insurance"),
        _("Right to reimbursements of medicines and care and to daily allowances for sickness."),
    ),
    "ehic": Term(
        pgettext_lazy("insurance coverage", "European Health Insurance Card"),
        _("Proves the right to necessary care in EU and EEA countries, Switzerland and the United Kingdom."),
    ),
    "care_certificate": Term(
        pgettext_lazy("insurance coverage", "Certificate of entitlement to medical care"),
        _("Proves the right to medical care in Finland for somebody whom another country insures."),
    ),
    "coverage_ground": Term(_("Ground"), _("What it follows from: residence, work, or EU provisions.")),
    "set_off": Term(
        _("Way of recovery"),
        _("Set off: Kela takes the instalment out of the client's benefits. Otherwise the client pays it."),
    ),
    "balance": Term(_("Balance"), _("What is left to pay back today.")),
    "maintenance_arrears": Term(
        _("Arrears"),
        _("Maintenance unpaid by the liable parent, which Kela collects after paying the child's allowance."),
    ),
    "medicine_cap": Term(
        _("Annual limit"),
        _(
            "When the client's own shares of medicine costs in a calendar year reach the limit, only a fixed "
            "co-payment of 2.50 euros a medicine is left to pay that year."
        ),
    ),
    "initial_deductible": Term(
        _("Initial deductible"),
        _(
            "What the client first pays herself each year before medicines are reimbursed. It counts towards "
            "the limit, and there is none before the year of turning 19."
        ),
    ),
    "info_kind": Term(
        _("Information"),
        _("Told to Kela by somebody else and shown as it came. Ask the sender about its content."),
    ),
}

TAB_TERMS: dict[str, tuple[str, ...]] = {
    "summary": (
        "outcome", "payee", "stage", "missing_attachments", "due_on", "gross", "net", "set_off", "balance",
    ),
    "pending": ("stage", "missing_attachments", "due_on"),
    "decisions": ("outcome", "appeal_until", "chain"),
    "decision": (
        "outcome", "payee", "grounds", "review_on", "appeal_until", "chain", "calculation", "basic_part",
        "lowered", "other_expenses", "passed_on", "split", "commitment",
    ),
    "payments": (
        "payee", "payment_state", "gross", "tax", "recovery", "paid_to_others", "enforcement", "net",
    ),
    "coverage": ("social_security", "sickness_insurance", "ehic", "care_certificate", "coverage_ground"),
    "recovery": ("set_off", "balance", "maintenance_arrears"),
    "medicine": ("medicine_cap", "initial_deductible"),
    "from_others": ("info_kind",),
}  # fmt: skip
"""The terms of each page, listed at its foot too: in a narrow window a table has no headings to ask at."""


def terms_of(page: str) -> tuple[Term, ...]:
    """The terms of a page of a client; none for a page that has none."""
    return tuple(TERMS[name] for name in TAB_TERMS.get(page, ()))
