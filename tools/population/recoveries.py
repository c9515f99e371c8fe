"""Overpaid benefits and how they are recovered, so that they fit the payments that are told."""

from __future__ import annotations

import numpy as np
import polars as pl

from tools.population.amounts import amounts
from tools.population.days import BankingDays
from tools.population.decisions import text_of
from tools.population.spells import DAY, Life

_MIN_PAYMENTS, _LONGEST_OVERPAID = 6, 7
_STILL = 45
_WHOSE = ("person", "benefit")
_OVER = (
    "paid",
    "paid",
    "paid",
    "paid",
    "paid",
    "open",
    "open",
    "in_enforcement",
    "in_enforcement",
    "written_off",
)
_BILLED = (
    "paid",
    "paid",
    "paid",
    "open",
    "in_enforcement",
    "in_instalments",
    "in_instalments",
    "in_instalments",
)
COLUMNS = (
    "person", "benefit", "overpaid_from", "overpaid_to", "decided_on", "total", "balance", "instalment",
    "set_off", "state",
)  # fmt: skip


def begun(payments: pl.DataFrame) -> pl.DataFrame:
    """Let recovery from a benefit begin within what is told, after the payments that were too large.

    Too few payments are not recovered from. Adds ``overpaid``: the payment is one of those too large.
    """
    kept = pl.col("recovery") > 0
    place = kept.cum_sum().over(_WHOSE, order_by=["paid_on", "period_from"]) - 1
    count = kept.sum().over(_WHOSE)
    first = pl.min_horizontal(count // 3, pl.lit(_LONGEST_OVERPAID))
    recovers = kept & (count >= _MIN_PAYMENTS)
    return payments.with_columns(
        recovery=pl.when(recovers & (place >= first)).then("recovery").otherwise(0),
        # The last before the recovery is paid as it should be: then it was decided.
        overpaid=recovers & (place < first - 1),
    )


def recoveries(payments: pl.DataFrame, life: Life, banking: BankingDays) -> pl.DataFrame:
    """What is owed by whom (``COLUMNS``): recovered from payments, and billed. Amounts are cents."""
    found = pl.concat([_set_off(payments, life, banking), _billed(payments, life, banking)])
    return found.select(COLUMNS).sort("person", "decided_on", "benefit")


def _set_off(payments: pl.DataFrame, life: Life, banking: BankingDays) -> pl.DataFrame:
    """Recovered out of payments: what was kept back so far and what is left make the whole."""
    kept = pl.col("recovery") > 0
    owed = payments.group_by(_WHOSE, maintain_order=True).agg(
        overpaid_from=pl.col("period_from").filter("overpaid").min(),
        overpaid_to=pl.col("period_to").filter("overpaid").max(),
        first=pl.col("paid_on").filter(kept).min(),
        last=pl.col("paid_on").filter(kept).max(),
        recovered=pl.col("recovery").filter(pl.col("state") == "paid").sum(),
        instalment=pl.col("recovery").max(),
    )
    owed = owed.filter(pl.col("first").is_not_null() & pl.col("overpaid_to").is_not_null())
    decided = banking.on_or_before(np.minimum(owed["first"].to_numpy() - 8, life.as_of))
    draw = text_of(_OVER, life.random.integers(0, len(_OVER), owed.height))
    left = pl.col("instalment") * (2 + (pl.col("person") * 31 + pl.col("benefit") * 7) % 22)
    return (
        owed.with_columns(
            decided_on=pl.Series(decided),
            state=pl.when(pl.col("last") >= life.as_of - _STILL)
            .then(pl.lit("in_instalments"))
            .otherwise(draw),
            set_off=pl.lit(value=True),
            overpaid_to=pl.min_horizontal("overpaid_to", pl.Series(decided - 1)),
        )
        .with_columns(
            overpaid_from=pl.min_horizontal("overpaid_from", "overpaid_to"),
            total=pl.col("recovered") + pl.when(pl.col("state") == "paid").then(0).otherwise(left),
            balance=pl.when(pl.col("state").is_in(["paid", "written_off"])).then(0).otherwise(left),
        )
        .select(COLUMNS)
    )


def _billed(payments: pl.DataFrame, life: Life, banking: BankingDays) -> pl.DataFrame:
    """The last payment of a benefit that had ended already, billed afterwards."""
    regular = pl.Series((amounts().unit <= DAY)[payments["benefit"].to_numpy()])
    last = (
        payments.filter(regular & (pl.col("state") == "paid"))
        .sort("paid_on", maintain_order=True)
        .group_by(_WHOSE, maintain_order=True)
        .agg(
            overpaid_from=pl.col("period_from").last(),
            overpaid_to=pl.col("period_to").last(),
            paid_on=pl.col("paid_on").last(),
            total=pl.col("gross").last(),
            recovered=pl.col("recovery").sum(),
        )
        .filter((pl.col("overpaid_to") < life.as_of - 150) & (pl.col("recovered") == 0))
    )
    last = last.filter(pl.Series(life.random.random(last.height) < 0.012 * life.incidents))
    latest = np.maximum(last["paid_on"].to_numpy(), last["overpaid_to"].to_numpy())
    decided = banking.on_or_after(latest + life.days(20, 120, last.height))
    state = text_of(_BILLED, life.random.integers(0, len(_BILLED), last.height))
    months = (life.as_of - decided) // 30
    instalment = np.maximum(last["total"].to_numpy() // 1200 * 100, 2000)
    left = pl.when(pl.col("state") == "in_instalments").then(pl.col("total") - pl.Series(instalment * months))
    return (
        last.with_columns(state=state, decided_on=pl.Series(decided), set_off=pl.lit(value=False))
        .with_columns(balance=left.otherwise("total"))
        .with_columns(state=pl.when(pl.col("balance") <= 0).then(pl.lit("paid")).otherwise("state"))
        .with_columns(
            balance=pl.when(pl.col("state") == "paid").then(0).otherwise("balance"),
            instalment=pl.when(pl.col("state") == "in_instalments").then(pl.Series(instalment)),
        )
        .select(COLUMNS)
    )
