"""The page an official turns to the client: plain words, nothing of third persons, log or case."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kelmu.core.formats import LANGUAGES
from kelmu.inquiry.dossier import Dossier, Person
from kelmu.web.presentation.decisions import DecisionRow, decision_rows
from kelmu.web.presentation.emptiness import Scope, scope_of
from kelmu.web.presentation.labels import language, language_name
from kelmu.web.presentation.payments import PaymentRow, upcoming_rows
from kelmu.web.presentation.pending import MatterRow, matter_rows
from kelmu.web.presentation.summary import UPCOMING_DAYS, CurrentBenefit, current_benefits

GROUPS = ("pending", "decisions", "payments")
"""The data groups the page shows."""
_STATES: dict[str, str | Promise] = {
    "received": pgettext_lazy("to the client", "Kela has received it."),
    "waiting_for_information": pgettext_lazy("to the client", "Kela waits for something from you."),
    "in_processing": pgettext_lazy("to the client", "Kela is working on it."),
    "decided": pgettext_lazy("to the client", "Kela has decided it."),
}
_OUTCOMES: dict[str, str | Promise] = {
    "granted": pgettext_lazy("to the client", "Kela has granted it to you."),
    "partly": pgettext_lazy("to the client", "Kela has granted a part of what you applied for."),
    "refused": pgettext_lazy("to the client", "Kela has not granted it."),
    "ended": pgettext_lazy("to the client", "The benefit has ended."),
    "reviewed": pgettext_lazy("to the client", "Kela has changed the benefit."),
    "withdrawn": pgettext_lazy("to the client", "The application was withdrawn."),
    "lapsed": pgettext_lazy("to the client", "Kela did not examine the application."),
}
_TO_ACCOUNT = _("It is paid into your account.")
_TO_LANDLORD = _("It is paid to your landlord.")
_TO_OTHERS = _("It is paid to another payee.")


@dataclass(frozen=True, slots=True)
class ComingPayment:
    """A payment on its way. `paid_to` is a sentence that names nobody."""

    day: date
    benefit: str
    net: Decimal
    paid_to: str | Promise


@dataclass(frozen=True, slots=True)
class PendingMatter:
    """A matter at Kela, in plain words."""

    row: MatterRow
    state: str | Promise


@dataclass(frozen=True, slots=True)
class LanguageOffered:
    """A language the page can be turned to."""

    code: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """What comes next, what Kela waits for, what is on its way and what runs now.

    A part is None where it may not be seen; `scopes` tell what could not be read.
    """

    given_name: str
    payments: tuple[ComingPayment, ...]
    waiting: tuple[MatterRow, ...]
    pending: tuple[PendingMatter, ...]
    current: tuple[CurrentBenefit, ...]
    latest: DecisionRow | None
    latest_words: str | Promise
    scopes: dict[str, Scope]
    languages: tuple[LanguageOffered, ...]
    days: int = UPCOMING_DAYS


def spoken_language(person: Person, asked: str, present: str) -> str:
    """The language to speak with the client: the one asked for, else hers, else that of the page."""
    return next(each for each in (asked, person.language, present) if each in LANGUAGES)


def meeting_page(dossier: Dossier, *, today: date) -> MeetingPage:
    """The page on `today`, in the page's language."""
    matters = matter_rows(dossier, today=today)
    decisions = decision_rows(dossier)
    upcoming = upcoming_rows(dossier, today=today, days=UPCOMING_DAYS)
    latest = decisions[0] if decisions else None
    return MeetingPage(
        given_name=dossier.person.given_names.partition(" ")[0],
        payments=tuple(_payment(row) for row in upcoming),
        waiting=tuple(row for row in matters if row.matter.missing_attachments),
        pending=tuple(PendingMatter(row, _STATES[row.matter.state]) for row in matters),
        current=current_benefits(decisions, upcoming, today=today),
        latest=latest,
        latest_words="" if latest is None else _OUTCOMES[latest.decision.outcome],
        scopes={group: scope_of(dossier, group) for group in GROUPS},
        languages=tuple(LanguageOffered(each, language_name(each), each == language()) for each in LANGUAGES),
    )


def _payment(row: PaymentRow) -> ComingPayment:
    paid_to = {"client": _TO_ACCOUNT, "landlord": _TO_LANDLORD}.get(row.payment.payee_kind, _TO_OTHERS)
    return ComingPayment(row.payment.paid_on, row.benefit, row.payment.net, paid_to)
