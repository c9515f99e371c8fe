"""Matters: those pending, and those behind the decisions of the last months."""

from __future__ import annotations

import numpy as np
import polars as pl

from tools.population.amounts import amounts
from tools.population.days import OPEN, BankingDays, Ints, first_of, last_of, month_of
from tools.population.decisions import Numbers, text_of
from tools.population.spells import Life

STATUTORY_WORKING_DAYS = 7
"""Basic social assistance is decided within seven working days (Act on Social Assistance 14 a §)."""
OFFICES = (
    "Läntinen vakuutuspiiri", "Eteläinen vakuutuspiiri", "Itäinen vakuutuspiiri", "Pohjoinen vakuutuspiiri",
    "Keskinen vakuutuspiiri",
)  # fmt: skip
_KINDS = ("first_application", "continuation", "review", "change_notice", "appeal")
_STATES = ("received", "waiting_for_information", "in_processing")
_CHANNELS = ("web", "paper", "phone")
_ATTACHMENTS = (
    ("tiliote",),
    ("vuokrasopimus",),
    ("palkkalaskelma", "tiliote"),
    ("lääkärinlausunto",),
    ("opiskelutodistus",),
)
_BY_AGE = {
    18: (
        "SOC-PER",
        "HOU-YAT",
        "UNE-YT",
        "STU-OR",
        "SIC-SPR",
        "FAM-LL",
        "FAM-VR",
        "FAM-KHT-R",
        "PEN-TK",
        "REH-KR",
    ),
    65: ("HOU-EAT", "PEN-VE", "DIS-HT-1", "DIS-HT-2", "MED-MAT", "SOC-PER"),
}
_RECENT = 120


def pending(life: Life, banking: BankingDays, numbers: Numbers) -> pl.DataFrame:
    """Matters waiting for a decision, for about one adult in sixteen."""
    random = life.random
    age = life.people.age()
    who = np.flatnonzero((age >= 18) & life.people.alive & life.chance(0.062))
    table = amounts()
    draw = random.random(who.size)
    benefit = np.zeros(who.size, dtype=np.int64)
    for from_age, codes in _BY_AGE.items():
        chosen = age[who] >= from_age
        places = np.array([table.index(code) for code in codes])
        benefit[chosen] = places[(draw[chosen] * len(codes)).astype(np.int64)]
    benefit = np.where(life.as_of < table.valid_from[benefit], table.index("UNE-TMT"), benefit)
    social = benefit == table.index("SOC-PER")
    received = life.as_of - np.where(social, life.days(0, 11, who.size), life.days(0, 60, who.size))
    state = np.searchsorted([0.35, 0.6], random.random(who.size))
    missing = state == 1
    attachments = np.where(missing, random.integers(0, len(_ATTACHMENTS), who.size), -1)
    applied_from = first_of(month_of(received) + np.where(social, 1, 0))
    kind = np.minimum(random.geometric(0.5, who.size) - 1, len(_KINDS) - 1)
    return pl.DataFrame({"person": who}).select(
        "person",
        matter_number=numbers.matters(who.size),
        benefit_code=text_of(table.codes, benefit),
        matter_type=text_of(_KINDS, kind),
        received_on=pl.Series(received),
        applied_from=pl.Series(applied_from),
        applied_to=pl.Series(np.where(social, last_of(month_of(applied_from)), OPEN)),
        received_by=text_of(_CHANNELS, np.searchsorted([0.82, 0.96], random.random(who.size))),
        state=text_of(_STATES, state),
        missing_attachments=_attachments(attachments),
        attachments_due_on=pl.Series(np.where(missing, banking.on_or_after(received + 14), OPEN)),
        urgent=pl.Series(social & (random.random(who.size) < 0.08)),
        due_on=pl.Series(np.where(social, banking.after(received, STATUTORY_WORKING_DAYS), OPEN)),
        handling_office=text_of(OFFICES, (who * 31 + benefit) % len(OFFICES)),
        decided_on=pl.lit(int(OPEN)),
    )


def _attachments(places: Ints) -> pl.Series:
    """The attachments at each place of the list; none for a negative place."""
    lists = pl.Series([*(list(words) for words in _ATTACHMENTS), []], dtype=pl.List(pl.String))
    return lists.gather(np.where(places < 0, len(_ATTACHMENTS), places))


def behind_decisions(decisions: pl.DataFrame, life: Life, numbers: Numbers) -> pl.DataFrame:
    """The decided matters behind the new grants and refusals of the last months.

    Columns as those of ``pending`` and, to be joined back, ``decision_number``.
    """
    recent = decisions.filter(
        (pl.col("decided_on") > life.as_of - _RECENT)
        & (pl.col("outcome") != "reviewed")
        & pl.col("replaces_number").is_null()
    )
    size = recent.height
    random = life.random
    on = recent["decided_on"].to_numpy()
    social = (recent["benefit_code"] == "SOC-PER").to_numpy()
    received = on - np.where(social, life.days(1, 9, size), life.days(3, 40, size))
    return recent.select(
        "person",
        matter_number=numbers.matters(size),
        benefit_code="benefit_code",
        matter_type=text_of(_KINDS, np.where(social, 1, np.searchsorted([0.6, 0.9], random.random(size)))),
        received_on=pl.Series(received),
        applied_from="valid_from",
        applied_to="valid_to",
        received_by=text_of(_CHANNELS, np.searchsorted([0.82, 0.96], random.random(size))),
        state=pl.lit("decided"),
        missing_attachments=pl.lit([], dtype=pl.List(pl.String)),
        attachments_due_on=pl.lit(OPEN),
        urgent=pl.lit(value=False),
        due_on=pl.lit(OPEN),
        handling_office=text_of(OFFICES, recent["person"].to_numpy() % len(OFFICES)),
        decided_on="decided_on",
        decision_number="decision_number",
    )
