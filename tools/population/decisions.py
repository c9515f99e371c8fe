"""Decisions: one for each piece of a spell, and those that gave nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tools.population.amounts import UNITS, amounts
from tools.population.days import OPEN, BankingDays, Ints, last_of, month_of
from tools.population.spells import LUMP_SUM, MONTH, PAYEE_KINDS, Life

_REFUSABLE = ("HOU-YAT", "SOC-PER", "SIC-SPR", "PEN-TK", "DIS-16-1", "UNE-PPR", "HOU-EAT")
_REASONS = (
    ("H01", "Tulot ylittävät etuuden tulorajan."),
    ("H02", "Etuuden myöntämisen edellytykset eivät täyty."),
    ("H03", "Hakemus on tullut hakuajan jälkeen."),
    ("H04", "Pyydettyjä selvityksiä ei ole toimitettu."),
)
_NO_GRANT = ("refused", "refused", "refused", "refused", "lapsed", "withdrawn")


@dataclass
class Numbers:
    """Running numbers of a whole run, carried from chunk to chunk; each of several lanes has its own."""

    decision: int = 0
    matter: int = 0
    payment: int = 0
    recovery: int = 0
    collection: int = 0
    info: int = 0
    commitment: int = 0
    guardianship: int = 0
    lane: int = 0
    lanes: int = 1

    def decisions(self, count: int) -> pl.Series:
        """So many new decision numbers."""
        self.decision += count
        return self._numbered("P", self.decision - count, count, 10)

    def matters(self, count: int) -> pl.Series:
        """So many new matter numbers."""
        self.matter += count
        return self._numbered("V", self.matter - count, count, 10)

    def payments(self, count: int) -> pl.Series:
        """So many new payment numbers."""
        self.payment += count
        return self._running(self.payment - count, count)

    def recoveries(self, count: int) -> pl.Series:
        """So many new numbers of recoveries."""
        self.recovery += count
        return self._numbered("T", self.recovery - count, count, 10)

    def collections(self, count: int) -> pl.Series:
        """So many new numbers of maintenance collections."""
        self.collection += count
        return self._numbered("E", self.collection - count, count, 10)

    def guardianships(self, count: int) -> pl.Series:
        """So many new numbers of custodians and guardians."""
        self.guardianship += count
        return self._numbered("H", self.guardianship - count, count, 10)

    def infos(self, count: int) -> pl.Series:
        """So many new numbers of third parties' information."""
        self.info += count
        return self._numbered("U", self.info - count, count, 10)

    def commitments(self, count: int) -> pl.Series:
        """So many new numbers of payment commitments."""
        self.commitment += count
        return self._numbered("S", self.commitment - count, count, 10)

    def _running(self, after: int, count: int) -> pl.Series:
        return pl.int_range(after, after + count, eager=True) * self.lanes + self.lane + 1

    def _numbered(self, letter: str, after: int, count: int, width: int) -> pl.Series:
        running = self._running(after, count).cast(pl.String).str.zfill(width)
        return pl.select(pl.lit(letter) + running).to_series()


def text_of(values: tuple[str, ...], places: Ints) -> pl.Series:
    """The text at each place of a short list; null for a negative place."""
    return pl.Series([*values, None], dtype=pl.String).gather(np.where(places < 0, len(values), places))


def decided(pieces: pl.DataFrame, life: Life, banking: BankingDays, numbers: Numbers) -> pl.DataFrame:
    """Add ``decision_number``, ``decided_on``, ``outcome`` and ``replaces_number`` to pieces."""
    unit = amounts().unit[pieces["benefit"].to_numpy()]
    start = pieces["start"].to_numpy()
    begins = pieces["begins"].to_numpy()
    size = pieces.height
    lag = np.where(unit == MONTH, life.days(-15, 30, size), life.days(5, 30, size))
    lag = np.where(unit >= LUMP_SUM, life.days(1, 20, size), lag)
    lag = np.where(begins, lag, -life.days(6, 28, size))
    on = banking.on_or_before(np.minimum(start + lag, life.as_of))
    partly = life.random.random(size) < 0.06
    outcome = np.where(begins, np.where(partly, 1, 0), 2)
    number = numbers.decisions(size)
    return pieces.with_columns(
        decision_number=number,
        decided_on=pl.Series(on),
        outcome=text_of(("granted", "partly", "reviewed"), outcome),
        replaces_number=pl.when(pl.Series(pieces["piece"].to_numpy() > 0)).then(number.shift(1)),
    )


def decision_rows(pieces: pl.DataFrame, banking: BankingDays) -> pl.DataFrame:
    """Rows of the decision table for decided pieces; days are numbers, amounts cents."""
    table = amounts()
    benefit = pieces["benefit"].to_numpy()
    unit = table.unit[benefit]
    end = pieces["end"].to_numpy()
    start = pieces["start"].to_numpy()
    review = (benefit == table.index("HOU-YAT")) & (end >= OPEN)
    on = pieces["decided_on"].to_numpy()
    return pieces.select(
        "person",
        "decision_number",
        benefit_code=text_of(table.codes, benefit),
        decided_on="decided_on",
        outcome="outcome",
        valid_from=pl.Series(start),
        valid_to=pl.Series(end),
        amount="cents",
        unit=text_of(UNITS, unit),
        reason_code=pl.lit(None, dtype=pl.String),
        reason_text=pl.lit(None, dtype=pl.String),
        legal_ground=text_of(table.laws, benefit).replace("", None),
        payee_kind=text_of(PAYEE_KINDS, pieces["payee"].to_numpy()),
        review_on=pl.Series(np.where(review, last_of(month_of(start) + 11), OPEN)),
        appeal_until=pl.Series(banking.on_or_after(on + 37)),
        replaces_number="replaces_number",
        annulled_on=pl.lit(OPEN),
    )


def refusals(life: Life, banking: BankingDays, numbers: Numbers) -> pl.DataFrame:
    """Decisions that gave nothing, in the shape of ``decision_rows``."""
    random = life.random
    age = life.people.age()
    who = np.flatnonzero((age >= 18) & life.people.alive & life.chance(0.035))
    table = amounts()
    benefit = np.array([table.index(code) for code in _REFUSABLE])[
        random.integers(0, len(_REFUSABLE), who.size)
    ]
    on = banking.on_or_before(life.as_of - life.days(0, life.as_of - life.since, who.size))
    start = on - life.days(0, 25, who.size)
    benefit = np.where(start > table.valid_to[benefit], table.index("UNE-YT"), benefit)
    start = np.clip(start, table.valid_from[benefit], table.valid_to[benefit])
    reason = random.integers(0, len(_REASONS), who.size)
    nothing = pl.lit(None, dtype=pl.String)
    return pl.DataFrame({"person": who}).select(
        "person",
        decision_number=numbers.decisions(who.size),
        benefit_code=text_of(table.codes, benefit),
        decided_on=pl.Series(on),
        outcome=text_of(_NO_GRANT, random.integers(0, len(_NO_GRANT), who.size)),
        valid_from=pl.Series(start),
        valid_to=pl.Series(np.full(who.size, OPEN)),
        amount=pl.lit(None, dtype=pl.Int64),
        unit=nothing,
        reason_code=text_of(tuple(code for code, _ in _REASONS), reason),
        reason_text=text_of(tuple(text for _, text in _REASONS), reason),
        legal_ground=text_of(table.laws, benefit).replace("", None),
        payee_kind=nothing,
        review_on=pl.Series(np.full(who.size, OPEN)),
        appeal_until=pl.Series(banking.on_or_after(on + 37)),
        replaces_number=nothing,
        annulled_on=pl.lit(OPEN),
    )
