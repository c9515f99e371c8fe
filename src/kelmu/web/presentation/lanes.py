"""The lanes figure: a lane for each benefit, with the periods granted and the days of payment.

Positions are per cent of the width of the drawing, so that it fills whatever room a page has; heights are
pixels. The table beside the figure tells the same in words, for who cannot see it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from textwrap import shorten

from kelmu.core.formats import format_month_short
from kelmu.inquiry.dossier import Decision, Dossier, Payment
from kelmu.policy.rules import months_before
from kelmu.web.presentation.emptiness import Scope, scope_of
from kelmu.web.presentation.labels import benefit_name, language
from kelmu.web.presentation.payments import NOT_COUNTED, TO_COME

LANE_HEIGHT = 40
_TOP = 44
_BOTTOM = 20
_BAR_TOP = 20
_BAR_HEIGHT = 14
_MONTHS_BACK = 11
_NAME_LENGTH = 34
_COLORS = 3
_KINDS = {"granted": "granted", "reviewed": "granted", "partly": "reduced", "ended": "ended"}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A period granted; both ends inclusive, None is open.

    `kind`: `granted`, `reduced` (granted in part, or with a lowered basic part), or `ended` by a decision.
    """

    start: date
    end: date | None
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A span as it is drawn."""

    kind: str
    x: str
    y: str
    width: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A day of payment as it is drawn; `kind`: `paid` or `planned`."""

    kind: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Column:
    """A month of the axis. `year` is written at the first month and at each January, else None."""

    x: str
    label: str
    year: str | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One benefit. `label` is its name, shortened for the drawing; `color` counts from 1.

    `paid` counts the payments made within the figure; `latest` and `coming` are days of payment.
    """

    benefit: str
    label: str
    color: int
    label_y: str
    middle_y: str
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    granted: tuple[Span, ...]
    reduced: tuple[Span, ...]
    paid: int
    latest: date | None
    coming: date | None


@dataclass(frozen=True, slots=True)
class Lanes:
    """The figure from `start` to `end`, both inclusive; `today` is where the line of today stands.

    `decisions` and `payments` tell which of the two it is drawn from.
    """

    lanes: tuple[Lane, ...]
    columns: tuple[Column, ...]
    start: date
    end: date
    today: date
    today_x: str
    floor: str
    height: str
    paid: int
    has_reduced: bool
    has_ended: bool
    has_planned: bool
    decisions: Scope
    payments: Scope


@dataclass(frozen=True, slots=True)
class _Axis:
    start: date
    end: date
    today: date

    @property
    def half_day(self) -> float:
        """Half the width of a day: marks stand in the middle of theirs."""
        return 50 / ((self.end - self.start).days + 1)

    def place(self, day: date) -> float:
        """Where `day` begins, from 0 to 100."""
        whole = (self.end - self.start).days + 1
        return min(max((day - self.start).days / whole * 100, 0.0), 100.0)

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end


def lanes_figure(dossier: Dossier, *, today: date) -> Lanes | None:
    """The figure from eleven months before the month of `today` to the end of the month after it.

    Benefits that run today come first, each part by name.

    None where neither a decision nor a payment of those months may be shown.
    """
    axis = _axis(today)
    spans, payments = _spans(dossier.decisions or (), axis), _payments(dossier.payments or (), axis)
    benefits = sorted(
        {*spans, *payments}, key=lambda code: (not _runs(spans.get(code, ()), today), benefit_name(code))
    )
    if not benefits:
        return None
    lanes = tuple(
        _lane(axis, place, benefit, spans.get(benefit, ()), payments.get(benefit, ()))
        for place, benefit in enumerate(benefits)
    )
    return Lanes(
        lanes=lanes,
        columns=_columns(axis),
        start=axis.start,
        end=axis.end,
        today=today,
        today_x=_percent(axis.place(today) + axis.half_day),
        floor=str(_TOP + LANE_HEIGHT * len(lanes)),
        height=str(_TOP + LANE_HEIGHT * len(lanes) + _BOTTOM),
        paid=sum(lane.paid for lane in lanes),
        has_reduced=any(lane.reduced for lane in lanes),
        has_ended=any(bar.kind == "ended" for lane in lanes for bar in lane.bars),
        has_planned=any(dot.kind == "planned" for lane in lanes for dot in lane.dots),
        decisions=scope_of(dossier, "decisions"),
        payments=scope_of(dossier, "payments"),
    )


def granted_spans(decisions: Iterable[Decision]) -> list[Span]:
    """The periods `decisions` of one benefit grant, in the order of time, neighbours of a kind made one.

    An annulled decision grants nothing. One that a later decision replaced grants until the later begins.
    """
    standing = [item for item in decisions if item.annulled_on is None]
    begins = {item.replaces: item.valid_from for item in standing if item.replaces and item.valid_from}
    spans = []
    for item in standing:
        kind, start, end = _kind(item), item.valid_from, item.valid_to
        if kind is None or start is None or (kind == "ended" and end is None):
            continue
        if item.number in begins:
            until = begins[item.number] - _ONE_DAY
            end = until if end is None else min(end, until)
        if end is None or start <= end:
            spans.append(Span(start, end, kind))
    return _joined(sorted(spans, key=lambda span: (span.start, span.kind)))


def _kind(decision: Decision) -> str | None:
    """What a decision's period is drawn as; None where it grants or ends nothing."""
    kind = _KINDS.get(decision.outcome)
    lowered = decision.calculation is not None and decision.calculation.lowered_percent is not None
    return "reduced" if lowered and kind == "granted" else kind


def _runs(spans: Iterable[Span], day: date) -> bool:
    return any(span.start <= day and (span.end is None or day <= span.end) for span in spans)


def _joined(spans: list[Span]) -> list[Span]:
    """Spans of a kind that touch or overlap, as one."""
    joined: list[Span] = []
    for span in spans:
        last = next((each for each in reversed(joined) if each.kind == span.kind), None)
        if last is None or (last.end is not None and last.end + _ONE_DAY < span.start):
            joined.append(span)
            continue
        end = None if last.end is None or span.end is None else max(last.end, span.end)
        joined[joined.index(last)] = Span(last.start, end, span.kind)
    return joined


def _axis(today: date) -> _Axis:
    first = months_before(today.replace(day=1), _MONTHS_BACK)
    after_next = (today.replace(day=1) + timedelta(days=62)).replace(day=1)
    return _Axis(first, after_next - _ONE_DAY, today)


def _spans(decisions: Iterable[Decision], axis: _Axis) -> dict[str, tuple[Span, ...]]:
    by_benefit: dict[str, list[Decision]] = {}
    for item in decisions:
        by_benefit.setdefault(item.benefit, []).append(item)
    within = {
        benefit: tuple(
            span
            for span in granted_spans(items)
            if span.start <= axis.end and (span.end is None or axis.start <= span.end)
        )
        for benefit, items in by_benefit.items()
    }
    return {benefit: spans for benefit, spans in within.items() if spans}


def _payments(payments: Iterable[Payment], axis: _Axis) -> dict[str, tuple[Payment, ...]]:
    by_benefit: dict[str, list[Payment]] = {}
    for item in sorted(payments, key=lambda item: item.paid_on):
        if item.state not in NOT_COUNTED and axis.holds(item.paid_on):
            by_benefit.setdefault(item.benefit, []).append(item)
    return {benefit: tuple(items) for benefit, items in by_benefit.items()}


def _lane(axis: _Axis, place: int, benefit: str, spans: Iterable[Span], payments: Iterable[Payment]) -> Lane:
    top = _TOP + place * LANE_HEIGHT
    middle = str(top + _BAR_TOP + _BAR_HEIGHT // 2)
    name = benefit_name(benefit)
    paid = [item for item in payments if item.state not in TO_COME]
    planned = [item for item in payments if item.state in TO_COME]
    return Lane(
        benefit=name,
        label=shorten(name, _NAME_LENGTH, placeholder="\u00a0…"),
        color=place % _COLORS + 1,
        label_y=str(top + _BAR_TOP - 5),
        middle_y=middle,
        bars=tuple(_bar(axis, span, str(top + _BAR_TOP)) for span in spans),
        dots=tuple(_dot(axis, item, middle) for item in payments),
        granted=tuple(span for span in spans if span.kind != "reduced"),
        reduced=tuple(span for span in spans if span.kind == "reduced"),
        paid=len(paid),
        latest=max((item.paid_on for item in paid), default=None),
        coming=min((item.paid_on for item in planned if axis.today <= item.paid_on), default=None),
    )


def _bar(axis: _Axis, span: Span, y: str) -> Bar:
    left = axis.place(span.start)
    right = 100.0 if span.end is None else axis.place(span.end + _ONE_DAY)
    return Bar(kind=span.kind, x=_percent(left), y=y, width=_percent(right - left))


def _dot(axis: _Axis, payment: Payment, y: str) -> Dot:
    kind = "planned" if payment.state in TO_COME else "paid"
    return Dot(kind=kind, x=_percent(axis.place(payment.paid_on) + axis.half_day), y=y)


def _columns(axis: _Axis) -> tuple[Column, ...]:
    months = [axis.start]
    while (after := (months[-1] + timedelta(days=31)).replace(day=1)) <= axis.end:
        months.append(after)
    years = [True, *(before.year != month.year for before, month in pairwise(months))]
    return tuple(
        Column(
            x=_percent(axis.place(month)),
            label=format_month_short(month, language()),
            year=str(month.year) if new_year else None,
        )
        for month, new_year in zip(months, years, strict=True)
    )


def _percent(value: float) -> str:
    return f"{value:.3f}%"
