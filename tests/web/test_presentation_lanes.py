"""The lanes figure: what is drawn is what was granted and paid, and it can be seen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kelmu.web.presentation.lanes import granted_spans, lanes_figure
from tests.browser.gallery import gallery
from tests.browser.invented import DECISIONS, DOSSIER, NO_RIGHTS, NOTHING_IN_LIMIT, PAYMENTS, PROTECTED, TODAY
from tools.frontend.stamps import ROOT

THEME = ROOT / "build" / "theme" / "kelmu.css"
STYLES = ROOT / "src" / "kelmu" / "web" / "static" / "kelmu" / "figures.css"
_MODEL = replace(DECISIONS[0], replaces=None, calculation=None)

days = st.dates(min_value=TODAY - timedelta(days=700), max_value=TODAY + timedelta(days=200))
periods = st.tuples(days, st.one_of(st.none(), st.integers(0, 200)))
kinds = st.sampled_from(["granted", "partly", "reviewed", "refused", "withdrawn", "lapsed"])


@given(st.lists(st.tuples(periods, kinds), max_size=8), days)
def test_a_day_is_under_a_bar_exactly_when_a_decision_grants_it(
    drawn: list[tuple[tuple[date, int | None], str]], day: date
) -> None:
    decisions = [
        replace(
            _MODEL,
            number=str(i),
            outcome=outcome,
            valid_from=start,
            valid_to=None if length is None else start + timedelta(days=length),
        )
        for i, ((start, length), outcome) in enumerate(drawn)
    ]
    for kind, outcomes in (("granted", {"granted", "reviewed"}), ("reduced", {"partly"})):
        drawn_over = any(
            span.start <= day and (span.end is None or day <= span.end)
            for span in granted_spans(decisions)
            if span.kind == kind
        )
        assert drawn_over is any(
            item.outcome in outcomes
            and item.valid_from is not None
            and item.valid_from <= day
            and (item.valid_to is None or day <= item.valid_to)
            for item in decisions
        )


def test_neighbouring_periods_are_one_bar_and_a_gap_parts_them() -> None:
    months = [(date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28)),
              (date(2026, 4, 1), date(2026, 4, 30))]  # fmt: skip
    decisions = [replace(_MODEL, number=str(a), valid_from=a, valid_to=b) for a, b in months]
    spans = granted_spans(reversed(decisions))
    assert [(span.start, span.end) for span in spans] == [(date(2026, 1, 1), date(2026, 2, 28)), months[2]]


def test_a_replaced_decision_grants_until_the_day_before_the_new_one() -> None:
    old = replace(_MODEL, number="1", outcome="partly", valid_from=date(2026, 1, 1), valid_to=None)
    new = replace(_MODEL, number="2", replaces="1", valid_from=date(2026, 3, 1), valid_to=None)
    spans = granted_spans([old, new])
    assert [(span.kind, span.start, span.end) for span in spans] == [
        ("reduced", date(2026, 1, 1), date(2026, 2, 28)),
        ("granted", date(2026, 3, 1), None),
    ]
    assert granted_spans([old, replace(new, valid_from=date(2025, 12, 1))])[0].kind == "granted"
    assert granted_spans([replace(old, annulled_on=TODAY)]) == []


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_the_axis_is_thirteen_months_with_today_in_the_last_but_one(today: date) -> None:
    payments = (replace(PAYMENTS[0], paid_on=today),)
    figure = lanes_figure(replace(DOSSIER, decisions=(), payments=payments), today=today)
    assert figure is not None
    places = [float(column.x.rstrip("%")) for column in figure.columns]
    assert len(places) == 13
    assert places == sorted(places)
    assert places[11] < float(figure.today_x.rstrip("%")) < places[12]
    assert (figure.start.day, (figure.end + timedelta(days=1)).day) == (1, 1)
    assert [column.year for column in figure.columns if column.year] == [
        str(year) for year in range(figure.start.year, figure.end.year + 1)
    ]


def test_everything_drawn_lies_within_the_figure() -> None:
    figure = lanes_figure(DOSSIER, today=TODAY)
    assert figure is not None
    assert [lane.benefit for lane in figure.lanes][-1] == "Elatustuki"
    for lane in figure.lanes:
        for bar in lane.bars:
            left, width = float(bar.x.rstrip("%")), float(bar.width.rstrip("%"))
            assert 0 <= left < left + width <= 100.001
        assert all(0 <= float(dot.x.rstrip("%")) <= 100 for dot in lane.dots)


def test_payments_that_came_back_are_not_drawn() -> None:
    returned = tuple(replace(item, state="returned") for item in PAYMENTS)
    figure = lanes_figure(replace(DOSSIER, payments=returned), today=TODAY)
    assert figure is not None
    assert figure.paid == 0
    assert not any(lane.dots for lane in figure.lanes)


def test_without_anything_to_draw_there_is_no_figure() -> None:
    assert lanes_figure(NOTHING_IN_LIMIT, today=TODAY) is None
    assert lanes_figure(NO_RIGHTS, today=TODAY) is None
    missing = lanes_figure(PROTECTED, today=TODAY)
    assert missing is not None
    assert (missing.payments.available, missing.decisions.available) == (False, True)


def test_the_figure_is_named_described_and_followed_by_its_table() -> None:
    html = dict(gallery("en"))["client_summary"]
    assert re.search(r'<svg[^>]* role="img" aria-labelledby="lanes-title lanes-description"', html)
    assert '<title id="lanes-title">' in html
    assert "payments made 12" in html
    assert html.index("</svg>") < html.index("The timeline as a table") < html.index("Payments in the next")
    assert "style=" not in html


@cache
def _tokens(scheme: str) -> dict[str, str]:
    """The theme's colours in a scheme: the ones written last for it win."""
    css = THEME.read_text("utf-8")
    start = css.index(f'[data-color-scheme="{scheme}"]')
    block = css[start : css.index("}", start)]
    return dict(re.findall(r"--ds-color-([\w-]+):\s*(#[0-9a-fA-F]{6})", block))


def _contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("drawn", "least"),
    [
        ("accent-base-default", 3.0),
        ("violet-base-default", 3.0),
        ("success-base-default", 3.0),
        ("neutral-border-default", 3.0),
        ("danger-text-subtle", 4.5),
        ("neutral-text-subtle", 4.5),
        ("neutral-text-default", 4.5),
        ("warning-text-subtle", 4.5),
    ],
)
def test_what_is_drawn_stands_out_from_the_page(scheme: str, drawn: str, least: float) -> None:
    assert f"--ds-color-{drawn})" in STYLES.read_text("utf-8")
    tokens = _tokens(scheme)
    assert _contrast(tokens[drawn], tokens["neutral-background-default"]) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("bar", ["accent", "violet", "success"])
def test_a_dot_stands_out_from_its_bar(scheme: str, bar: str) -> None:
    """By its fill or by the ring around it, for both kinds of dot."""
    tokens = _tokens(scheme)
    inks = (tokens["neutral-text-default"], tokens["neutral-background-default"])
    assert max(_contrast(ink, tokens[f"{bar}-base-default"]) for ink in inks) >= 3.0
