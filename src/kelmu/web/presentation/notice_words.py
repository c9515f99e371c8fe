"""The words for the codes of notices, one place for every page that shows them.

Keys are those of the database's domains and of what the doors answer; a test compares them. Colour marks only
what changes how one acts.
"""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from kelmu.web.presentation.labels import Label

NOTICE_KINDS: dict[str, str | Promise] = {
    "social_work_need": pgettext_lazy("kind of notice", "Need for social work"),
    "supplementary_preventive_application": pgettext_lazy(
        "kind of notice", "Supplementary or preventive social assistance"
    ),
    "lowered_basic_part": pgettext_lazy("kind of notice", "Reduced basic amount"),
    "unemployed_under_25": pgettext_lazy("kind of notice", "Unemployed under 25, 4 months"),
    "unemployed_25_plus": pgettext_lazy("kind of notice", "Unemployed 25 or over, 12 months"),
    "immigrant": pgettext_lazy("kind of notice", "Immigrant, 2 months"),
}

NEED_REASONS: dict[str, str | Promise] = {
    "life_management": pgettext_lazy("need for social work", "Life management"),
    "livelihood": pgettext_lazy("need for social work", "Livelihood"),
    "housing": pgettext_lazy("need for social work", "Housing"),
    "health": pgettext_lazy("need for social work", "State of health"),
    "other": pgettext_lazy("need for social work", "Other"),
}

NOTICE_STATES: dict[str, Label] = {
    "new": Label(pgettext_lazy("state of a notice", "New"), "info"),
    "read": Label(pgettext_lazy("state of a notice", "Read"), quiet=True),
    "in_progress": Label(pgettext_lazy("state of a notice", "Being handled"), quiet=True),
    "handled": Label(pgettext_lazy("state of a notice", "Handled"), "success"),
    # How one that was sent away stands in the list of those.
    "transferred": Label(pgettext_lazy("state of a notice", "Transferred")),
}

NOTICE_OUTCOMES: dict[str, str | Promise] = {
    "contacted": pgettext_lazy("outcome of a notice", "Client contacted"),
    "invited_to_assessment": pgettext_lazy(
        "outcome of a notice", "Invited to an assessment of service needs"
    ),
    "already_a_client": pgettext_lazy("outcome of a notice", "Already a client"),
    "no_need": pgettext_lazy("outcome of a notice", "No need"),
    "not_reached": pgettext_lazy("outcome of a notice", "Client not reached"),
    "wrong_person": pgettext_lazy("outcome of a notice", "Wrong person"),
}

NOTICE_EVENTS: dict[str, str | Promise] = {
    "sent": pgettext_lazy("what happened to a notice", "Sent"),
    "opened": pgettext_lazy("what happened to a notice", "Opened"),
    "marked_read": pgettext_lazy("what happened to a notice", "Marked as read"),
    "marked_unread": pgettext_lazy("what happened to a notice", "Marked as unread"),
    "taken": pgettext_lazy("what happened to a notice", "Taken"),
    "assigned": pgettext_lazy("what happened to a notice", "Assigned"),
    "released": pgettext_lazy("what happened to a notice", "Released"),
    "noted": pgettext_lazy("what happened to a notice", "Note added"),
    "handled": pgettext_lazy("what happened to a notice", "Handled"),
    "reopened": pgettext_lazy("what happened to a notice", "Reopened"),
    "transferred": pgettext_lazy("what happened to a notice", "Transferred"),
    "undone": pgettext_lazy("what happened to a notice", "Change taken back"),
    "kela_asked": pgettext_lazy("what happened to a notice", "Kela asked for an answer"),
}

WHY_UNCHANGED: dict[str, str | Promise] = {
    "handled": pgettext_lazy("why a notice was not changed", "It has already been handled."),
    "not_handled": pgettext_lazy("why a notice was not changed", "It has not been handled."),
    "not_new": pgettext_lazy(
        "why a notice was not changed", "It is not new: somebody has already opened it."
    ),
    "not_read": pgettext_lazy(
        "why a notice was not changed",
        "Only a notice that is read and has no handler can be marked as unread.",
    ),
    "not_assigned": pgettext_lazy("why a notice was not changed", "It has no handler."),
    "assignee": pgettext_lazy("why a notice was not changed", "That colleague may not see this notice."),
    "read_only": pgettext_lazy(
        "why a notice was not changed", "It has been transferred, and can only be read here."
    ),
}
"""The reasons why ``door.change_notice`` answers that a change is not possible."""
