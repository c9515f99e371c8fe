"""Payments: pieces spread over their payment days, with deductions that add up and states."""

from __future__ import annotations

import numpy as np
import polars as pl

from tools.population.amounts import amounts
from tools.population.days import BankingDays, Ints, PaymentDays, first_of, last_of, month_of
from tools.population.spells import DAY, LUMP_SUM, MONTH, Life

_COLUMNS = (
    "person", "benefit", "decision_number", "decided_on", "cents", "payee", "payee_person", "recovery",
    "enforcement", "others",
)  # fmt: skip
_PERIOD = 28
_HORIZON = 45
_WEEKMASK = {5: "1111100", 6: "1111110"}


def payments_of(pieces: pl.DataFrame, life: Life, banking: BankingDays) -> pl.DataFrame:
    """Every payment of decided pieces from the time told about to 45 days ahead.

    Columns: those of the piece, ``paid_on``, ``period_from``, ``period_to`` (days) and ``gross`` (cents).
    """
    unit = amounts().unit[pieces["benefit"].to_numpy()]
    return pl.concat(
        [
            _monthly(pieces.filter(pl.Series(unit == MONTH)), life, banking),
            _daily(pieces.filter(pl.Series(unit == DAY)), life, banking),
            _once(pieces.filter(pl.Series(unit >= LUMP_SUM)), banking),
        ]
    )


def _repeat(count: Ints) -> tuple[Ints, Ints]:
    """For each repetition: which piece, and the how manieth of it."""
    place = np.repeat(np.arange(count.size), count)
    return place, np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)


def _month_range(life: Life) -> tuple[int, int]:
    low, high = month_of(np.array([life.since, life.as_of + _HORIZON], dtype=np.int64))
    return int(low), int(high)


def _monthly(pieces: pl.DataFrame, life: Life, banking: BankingDays) -> pl.DataFrame:
    low, high = _month_range(life)
    first = np.maximum(month_of(pieces["start"].to_numpy()), low)
    last = np.minimum(month_of(np.minimum(pieces["end"].to_numpy(), life.as_of + _HORIZON)), high)
    place, step = _repeat(np.maximum(last - first + 1, 0))
    month = first[place] + step
    whole = pieces[place].select(_COLUMNS)
    days = PaymentDays(banking, low, high)
    table = amounts()
    benefit = whole["benefit"].to_numpy()
    paid_on = np.zeros(place.size, dtype=np.int64)
    for rule in sorted(set(table.payment_day)):
        chosen = table.paid_by(rule)[benefit]
        if chosen.any():
            paid_on[chosen] = days.of(rule, month[chosen])
    paid_on = np.maximum(paid_on, banking.after(whole["decided_on"].to_numpy(), 2))
    return whole.with_columns(
        paid_on=pl.Series(paid_on),
        period_from=pl.Series(first_of(month)),
        period_to=pl.Series(last_of(month)),
        gross=pl.col("cents"),
    )


def _daily(pieces: pl.DataFrame, life: Life, banking: BankingDays) -> pl.DataFrame:
    """Paid afterwards for each four weeks, by benefit days of a five or six day week."""
    start = pieces["start"].to_numpy()
    end = np.minimum(pieces["end"].to_numpy(), life.as_of)
    skipped = np.maximum(-((start - life.since) // _PERIOD), 0)
    total = np.where(
        pieces["end"].to_numpy() <= life.as_of, -(-(end - start + 1) // _PERIOD), (end - start + 1) // _PERIOD
    )
    place, step = _repeat(np.maximum(total - skipped, 0))
    begin = start[place] + _PERIOD * (skipped[place] + step)
    until = np.minimum(begin + _PERIOD - 1, end[place])
    whole = pieces[place].select(_COLUMNS)
    week = amounts().week[whole["benefit"].to_numpy()]
    days = np.zeros(place.size, dtype=np.int64)
    for length, mask in _WEEKMASK.items():
        chosen = week == length
        low, high = begin[chosen].astype("datetime64[D]"), (until[chosen] + 1).astype("datetime64[D]")
        days[chosen] = np.busday_count(low, high, weekmask=mask)
    paid_on = banking.after(np.maximum(until, whole["decided_on"].to_numpy()), 3)
    return whole.with_columns(
        paid_on=pl.Series(paid_on),
        period_from=pl.Series(begin),
        period_to=pl.Series(until),
        gross=pl.col("cents") * pl.Series(days),
    ).filter(pl.col("gross") > 0)


def _once(pieces: pl.DataFrame, banking: BankingDays) -> pl.DataFrame:
    whole = pieces.select(*_COLUMNS, "start")
    return whole.select(
        *_COLUMNS,
        paid_on=pl.Series(banking.after(whole["decided_on"].to_numpy(), 2)),
        period_from="start",
        period_to="start",
        gross="cents",
    )


def settled(
    payments: pl.DataFrame, life: Life, banking: BankingDays, events: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Add ``tax``, ``paid_to_others``, ``net``, ``state`` and ``state_on``; gross less all deductions is net.

    Past payments are paid but for a few that were returned, corrected or cancelled; those returned
    or corrected are followed by a payment that stands in their place. ``events`` (person, benefit,
    month of the payment day, state) sets states of its own.
    """
    table = amounts()
    benefit, person = payments["benefit"].to_numpy(), payments["person"].to_numpy()
    gross = payments["gross"].to_numpy()
    percent = table.tax_percent[benefit]
    # Everybody has a tax percent of her own, near the usual.
    percent = np.where(percent > 0, np.maximum(percent + (person * 7919) % 11 - 5, 0), 0)
    tax = gross * percent // 100
    left = gross - tax
    recovery = np.minimum(payments["recovery"].to_numpy(), left // 3)
    enforcement = np.minimum(payments["enforcement"].to_numpy(), left // 3)
    others = left * payments["others"].to_numpy() // 1000
    frame = payments.with_columns(
        tax=pl.Series(tax),
        recovery=pl.Series(recovery),
        enforcement=pl.Series(enforcement),
        paid_to_others=pl.Series(others),
        net=pl.Series(left - recovery - enforcement - others),
        state=_states(payments, life, banking),
    )
    if events is not None:
        month = pl.Series("month", month_of(frame["paid_on"].to_numpy()))
        frame = frame.with_columns(month).join(
            events, on=["person", "benefit", "month"], how="left", suffix="_event", maintain_order="left"
        )
        frame = frame.with_columns(state=pl.coalesce("state_event", "state")).drop("state_event", "month")
    return _followed_up(frame, life, banking)


def _states(payments: pl.DataFrame, life: Life, banking: BankingDays) -> pl.Series:
    paid_on = pl.Series(payments["paid_on"])
    soon = int(banking.after(np.array([life.as_of], dtype=np.int64), 2)[0])
    draw = pl.Series(life.random.random(payments.height) + (0 if life.incidents else 1))
    return pl.select(
        pl.when(paid_on > soon)
        .then(pl.lit("planned"))
        .when(paid_on > life.as_of)
        .then(pl.lit("in_payment"))
        .when(paid_on > life.as_of - 5)
        .then(pl.lit("paid"))
        .when(draw < 0.0025)
        .then(pl.lit("returned"))
        .when(draw < 0.0045)
        .then(pl.lit("corrected"))
        .when(draw < 0.005)
        .then(pl.lit("cancelled"))
        .otherwise(pl.lit("paid"))
    ).to_series()


def _followed_up(frame: pl.DataFrame, life: Life, banking: BankingDays) -> pl.DataFrame:
    none = pl.lit(None, dtype=pl.Int64)
    again = frame.filter(pl.col("state").is_in(["returned", "corrected"]))
    more = pl.when(pl.col("state") == "corrected").then(1250).otherwise(0)
    turned_on = pl.Series(banking.after(again["paid_on"].to_numpy(), 3))
    paid_on = banking.after(again["paid_on"].to_numpy(), 8)
    follow_up = again.with_columns(
        gross=pl.col("gross") + more, net=pl.col("net") + more, paid_on=pl.Series(paid_on)
    ).with_columns(
        state=pl.when(pl.col("paid_on") <= life.as_of).then(pl.lit("paid")).otherwise(pl.lit("planned"))
    )
    rest = frame.filter(~pl.col("state").is_in(["returned", "corrected"]))
    known = [again.with_columns(state_on=turned_on), follow_up.with_columns(state_on=none)]
    return pl.concat([rest.with_columns(state_on=none), *known])
