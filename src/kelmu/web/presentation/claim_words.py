"""The words of payment claims: states, grounds, what stops one, and what to know before it is sent."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kelmu.claims.rules import Stop
from kelmu.web.presentation.labels import Label

Words = str | Promise

CLAIM_STATES: dict[str, Label] = {
    "draft": Label(pgettext_lazy("state of a claim", "Draft")),
    "to_approve": Label(pgettext_lazy("state of a claim", "Waiting for approval"), "warning"),
    "submitted": Label(pgettext_lazy("state of a claim", "Submitted"), "info"),
    "received": Label(pgettext_lazy("state of a claim", "Received"), "info"),
    "more_information": Label(pgettext_lazy("state of a claim", "Kela asks for more information"), "warning"),
    "accepted": Label(pgettext_lazy("state of a claim", "Accepted"), "success"),
    "partly_accepted": Label(pgettext_lazy("state of a claim", "Partly accepted"), "warning"),
    "refused": Label(pgettext_lazy("state of a claim", "Refused"), "danger"),
    "in_payment": Label(pgettext_lazy("state of a claim", "In payment"), "success"),
    "ended": Label(pgettext_lazy("state of a claim", "Ended")),
    "withdrawn": Label(pgettext_lazy("state of a claim", "Withdrawn")),
    "ended_by_claimant": Label(pgettext_lazy("state of a claim", "Ended by the claimant")),
}

CLAIM_GROUNDS: dict[str, Words] = {
    "sta23": _("Act on Social Assistance, section 23: assistance as an advance against a benefit"),
    "cfa14": _("Act on Client Fees, section 14: care arranged by the claimant"),
}

HEADINGS: dict[str, Words] = {
    "Families": pgettext_lazy("heading of benefits", "Families"),
    "Pensions": pgettext_lazy("heading of benefits", "Pensions"),
    "Unemployment": pgettext_lazy("heading of benefits", "Unemployment"),
    "Disability": pgettext_lazy("heading of benefits", "Disability"),
    "Study": pgettext_lazy("heading of benefits", "Study"),
    "Social assistance": pgettext_lazy("heading of benefits", "Social assistance"),
    "Rehabilitation": pgettext_lazy("heading of benefits", "Rehabilitation"),
    "Sickness": pgettext_lazy("heading of benefits", "Sickness"),
    "Housing": pgettext_lazy("heading of benefits", "Housing"),
}

FOLDERS: dict[str, Words] = {
    "draft": pgettext_lazy("claims", "Drafts"),
    "sent": pgettext_lazy("claims", "Sent"),
    "answered": pgettext_lazy("claims", "Answered"),
    "ended": pgettext_lazy("claims", "Ended"),
}

CLAIM_EVENTS: dict[str, Words] = {
    "made": pgettext_lazy("what happened to a claim", "Begun"),
    "sent_for_approval": pgettext_lazy("what happened to a claim", "Sent for approval"),
    "returned": pgettext_lazy("what happened to a claim", "Returned to be corrected"),
    "approved": pgettext_lazy("what happened to a claim", "Approved and submitted"),
    "submitted": pgettext_lazy("what happened to a claim", "Submitted"),
    "discarded": pgettext_lazy("what happened to a claim", "Draft removed"),
    "withdrawn": pgettext_lazy("what happened to a claim", "Withdrawn"),
    "ended": pgettext_lazy("what happened to a claim", "Reported as ended"),
}

_IN_WRITING: Words = _(
    "Make the claim in writing: form EV 241N or a letter that names the client, the benefit, the provision, "
    "the period, the sum and the account. Send it by secure e-mail to kumppanit.liitteet@kela.fi or by post "
    "to Kela."
)

STOPS: dict[Stop, Words] = {
    Stop.NOT_CLAIMABLE: _("No payment claim can be made of this benefit."),
    Stop.IN_WRITING: _("This benefit can be claimed in writing only, not in this service."),
    Stop.DETAILS_IN_WRITING: _(
        "A claim of maintenance needs the child, the liable parent and each instalment, and is made in "
        "writing."
    ),
    Stop.GROUND: _("This benefit cannot be claimed under this section. Choose another section or benefit."),
    Stop.BENEFIT_NOT_IN_FORCE: _("The benefit was not in force on all of these days."),
    Stop.OPEN_END: _("Enter the last day: an advance is claimed for days that have an end."),
    Stop.OUTSIDE_ASSISTANCE: _("The period may contain only days for which assistance was paid."),
    Stop.OUTSIDE_CARE: _("The period may contain only days of the care."),
}
STOP_ADVICE: dict[Stop, Words] = {
    Stop.IN_WRITING: _IN_WRITING,
    Stop.DETAILS_IN_WRITING: _IN_WRITING,
}

CAUTIONS: dict[str, Words] = {
    "late": pgettext_lazy("caution about a claim", "Too late for the next payment"),
    "after_decision": pgettext_lazy(
        "caution about a claim", "Assistance was paid after the benefit decision"
    ),
    "overlap": pgettext_lazy("caution about a claim", "Overlaps an earlier claim"),
    "over_net": pgettext_lazy("caution about a claim", "More than was paid out last"),
}

WHY_NOT: dict[str, Words] = {
    "state": pgettext_lazy(
        "why a claim was not changed", "It is no longer in a state in which that is possible."
    ),
    "own": pgettext_lazy(
        "why a claim was not changed", "Whoever made or sent a claim cannot approve it: a colleague has to."
    ),
    "account": pgettext_lazy(
        "why a claim was not changed", "The account is no longer in use. Choose another one."
    ),
    "ground": pgettext_lazy(
        "why a claim was not changed", "This benefit cannot be claimed under this section."
    ),
    "in_force": pgettext_lazy(
        "why a claim was not changed", "The benefit was not in force on all of these days."
    ),
    "day": pgettext_lazy(
        "why a claim was not changed",
        "The last day must be one of the claim's period, and before its present end.",
    ),
}
CHANGED: Words = _(
    "Somebody was faster: the claim has changed since you opened it. Nothing was done. Look at it and try "
    "again."
)
