"""Payment commitments given with decisions of basic social assistance."""

from __future__ import annotations

import numpy as np
import polars as pl

from tools.population.days import Ints, last_of, month_of
from tools.population.decisions import Numbers, text_of

KINDS = ("pharmacy", "grocery", "electricity", "other")
_EVERY_MONTHS = (1, 7, 4, 9)
"""A spell with a kind of commitment has it in its first month and then every so many months."""
_LEAST = (15_00, 30_00, 40_00, 20_00)
_MOST = (120_00, 150_00, 280_00, 200_00)


def mask_of(kinds: tuple[str, ...]) -> int:
    """A set of kinds as bits, one for each of ``KINDS``."""
    return sum(1 << KINDS.index(kind) for kind in kinds)


def commitments(decided: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """The commitments of decided months, valid to the end of the month; amounts are cents.

    Args:
        decided: ``person``, ``decision_number``, ``decided_on``, ``start`` (first day of the month),
            ``step`` (months since the spell began) and ``commitments`` (bits of ``mask_of``).
        numbers: of the run.
    """
    step, mask = decided["step"].to_numpy(), decided["commitments"].to_numpy()
    parts = [
        decided.filter(pl.Series(((mask >> kind) & 1 == 1) & (step % months == 0))).with_columns(
            kind=pl.lit(kind)
        )
        for kind, months in enumerate(_EVERY_MONTHS)
    ]
    rows = pl.concat(parts).sort("person", "start", "kind")
    kind, start = rows["kind"].to_numpy(), rows["start"].to_numpy()
    return rows.select(
        "person",
        "decision_number",
        commitment_number=numbers.commitments(rows.height),
        commitment_kind=text_of(KINDS, kind),
        amount=pl.Series(_cents(kind, rows["person"].to_numpy() * 37 + rows["step"].to_numpy() * 11)),
        valid_from=pl.max_horizontal("start", "decided_on"),
        valid_to=pl.Series(last_of(month_of(start))),
    )


def _cents(kind: Ints, seed: Ints) -> Ints:
    least, most = np.array(_LEAST)[kind], np.array(_MOST)[kind]
    # Whole five euros.
    return np.asarray((least + (seed * 977) % (most - least)) // 500 * 500)
