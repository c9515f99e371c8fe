"""What a page tells, as lines of text for the organisation's own case notes: nobody is named in them."""

from functools import singledispatch

from django.utils.translation import gettext as _

from kelmu.core.formats import DASH, format_date, format_money, format_period
from kelmu.inquiry.dossier import Payment
from kelmu.web.presentation.decisions import DecisionPage, DecisionRow
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.payments import PaymentRow, PaymentsPage, Sums
from kelmu.web.presentation.pending import MatterRow
from kelmu.web.presentation.summary import SummaryPage


@singledispatch
def case_note(page: object) -> str:
    """The page as text, a line for each row, in the page's language.

    Raises:
        TypeError: the page has no text.
    """
    raise TypeError(type(page).__name__)


@case_note.register
def _payments(page: PaymentsPage) -> str:
    sums = [_sum_line(_("Paid, in all: net %(net)s, gross %(gross)s."), page.paid)]
    if page.planned:
        sums.append(_sum_line(_("To be paid, in all: net %(net)s, gross %(gross)s."), page.planned))
    return "\n".join([*map(_payment_line, page.rows), *sums])


@case_note.register
def _decision(page: DecisionPage) -> str:
    row = page.row
    lines = [_decision_line(row)]
    if row.decision.legal_ground:
        lines.append(_("Provision: %(provision)s") % {"provision": row.decision.legal_ground})
    if row.decision.annulled_on:
        lines.append(_("The decision was annulled on %(date)s.") % {"date": _day(row.decision.annulled_on)})
    if row.replaced_by:
        lines.append(_("The decision was replaced by %(number)s.") % {"number": row.replaced_by})
    return "\n".join(lines)


@case_note.register
def _summary(page: SummaryPage) -> str:
    parts = [
        (page.scopes["pending"], _("Pending matters"), [_matter_line(row) for row in page.pending]),
        (
            page.scopes["decisions"],
            _("Current benefits"),
            [_decision_line(each.row) for each in page.current],
        ),
        (page.scopes["payments"], _("Coming payments"), [_payment_line(row) for row in page.upcoming]),
    ]
    lines: list[str] = []
    for scope, title, rows in parts:
        if scope.granted:
            lines += [f"{title}:", *(rows or [_("none") if scope.available else _("could not be fetched")])]
    return "\n".join(lines)


def _day(value: object) -> str:
    return format_date(value, language()) if value else DASH  # type: ignore[arg-type] # a date where there is one


def _payment_line(row: PaymentRow) -> str:
    payment = row.payment
    words = {
        "day": _day(payment.paid_on),
        "benefit": row.benefit,
        "period": format_period(payment.period_from, payment.period_to, language()) or DASH,
        "state": row.state.text,
        "payee": row.payee,
    }
    return _sum_line(
        _("%(day)s %(benefit)s, %(period)s: net %(net)s, gross %(gross)s. %(state)s. Payee: %(payee)s."),
        payment,
        **words,
    )


def _sum_line(text: str, amounts: Payment | Sums, **words: object) -> str:
    euros = {"net": format_money(amounts.net, language()), "gross": format_money(amounts.gross, language())}
    return text % {**words, **euros}


def _decision_line(row: DecisionRow) -> str:
    decision = row.decision
    words = {
        "benefit": row.benefit,
        "number": decision.number,
        "day": _day(decision.decided_on),
        "outcome": row.outcome.text,
        "period": format_period(decision.valid_from, decision.valid_to, language()) or DASH,
    }
    line = _("%(benefit)s, decision %(number)s of %(day)s: %(outcome)s, %(period)s") % words
    if decision.amount is None:
        return line
    return f"{line}, {format_money(decision.amount, language())} {row.unit}"


def _matter_line(row: MatterRow) -> str:
    words = {
        "benefit": row.benefit,
        "matter": row.matter_type,
        "day": _day(row.matter.received_on),
        "state": row.state.text,
    }
    return _("%(benefit)s (%(matter)s), received %(day)s: %(state)s") % words
