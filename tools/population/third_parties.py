"""What others have told Kela, and who has been a job seeker; both fit the benefits that are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from tools.population.amounts import amounts
from tools.population.days import OPEN, BankingDays, Ints, first_of, last_of, month_of, number
from tools.population.decisions import text_of
from tools.population.people import YEAR
from tools.population.spells import Life

_OUT_OF_WORK = ("UNE-PPR", "UNE-TMT", "UNE-YT", "UNE-SOV")
_OLD_AGE = ("PEN-VE", "PEN-VVE")
_DISABILITY = ("PEN-TK", "PEN-KT")
_COUNTRIES = ("SE", "EE", "DE", "NO")
_REGISTERS_BEGIN = number(date(1996, 1, 2))
_COLUMNS = (
    "person", "sender_kind", "info_kind", "valid_from", "valid_to", "amount", "unit", "received_on",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """``infos`` of third parties (amounts in cents), ``job_seeking`` periods, and whose care another
    country pays for (``insured_abroad``: person, start, country).
    """

    infos: pl.DataFrame
    job_seeking: pl.DataFrame
    insured_abroad: pl.DataFrame


def third_parties(spells: pl.DataFrame, seekers: pl.DataFrame, life: Life, banking: BankingDays) -> Told:
    """Draw what third parties have told of a chunk, given its spells of benefits.

    ``seekers`` (person, start, end) look for work besides those on unemployment benefits.
    """
    periods = ("person", "start", "end")
    seeking = _joined(pl.concat([_of(spells, _OUT_OF_WORK).select(periods), seekers.select(periods)]))
    fund = _earnings_related(seeking, life)
    abroad = _insured_abroad(life)
    infos = [
        fund,
        _statements(seeking),
        _old_age(spells, life),
        _disability(spells),
        _studies(spells, life),
        _foreign(abroad, life),
        *_rare(spells, life),
    ]
    told = pl.concat(infos).filter(
        (pl.col("valid_from") <= pl.col("valid_to")) & (pl.col("valid_from") <= life.as_of - 1)
    )
    received = np.maximum(told["valid_from"].to_numpy() + 6, _REGISTERS_BEGIN)
    received = np.minimum(banking.on_or_after(received), life.as_of)
    return Told(
        told.with_columns(received_on=pl.Series(received))
        .select(_COLUMNS)
        .sort("person", "valid_from", "info_kind"),
        _with_fund(seeking, fund),
        abroad,
    )


def _info(  # noqa: PLR0913 - an information has that many facts
    sender: str, kind: str, person: Ints, start: Ints, end: Ints, *, cents: Ints | None = None,
    unit: str = "month",
) -> pl.DataFrame:  # fmt: skip
    without = cents is None
    frame = pl.DataFrame({"person": person, "valid_from": start, "valid_to": end})
    return frame.with_columns(
        sender_kind=pl.lit(sender),
        info_kind=pl.lit(kind),
        amount=pl.lit(None, dtype=pl.Int64) if cents is None else pl.Series(cents.astype(np.int64)),
        unit=pl.lit(None if without else unit, dtype=pl.String),
    )


def _of(spells: pl.DataFrame, codes: tuple[str, ...]) -> pl.DataFrame:
    return spells.filter(pl.col("benefit").is_in([amounts().index(code) for code in codes]))


def _joined(periods: pl.DataFrame) -> pl.DataFrame:
    """Each one's periods, those that touch or overlap joined: person, start, end."""
    ordered = periods.sort("person", "start")
    before = pl.col("end").cum_max().shift(1).over("person")
    joined = ordered.with_columns(period=(before.is_null() | (pl.col("start") > before + 1)).cum_sum())
    return joined.group_by("period", maintain_order=True).agg(
        pl.col("person").first(), pl.col("start").first(), pl.col("end").max()
    )


def _earnings_related(seeking: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Some had their fund's allowance before their first time on Kela's benefits."""
    first = seeking.unique("person", keep="first", maintain_order=True)
    first = first.filter(pl.Series(life.random.random(first.height) < 0.25 * life.incidents))
    who, until = first["person"].to_numpy(), first["start"].to_numpy() - 1
    start = np.maximum(until - life.days(60, 400, who.size), life.people.birth[who] + int(18 * YEAR))
    cents = life.random.integers(5200, 9600, who.size)
    told = _info(
        "unemployment_fund", "earnings_related_allowance", who, start, until, cents=cents, unit="day"
    )
    return told.filter(pl.col("valid_from") <= pl.col("valid_to"))


def _with_fund(seeking: pl.DataFrame, fund: pl.DataFrame) -> pl.DataFrame:
    """Job seeking includes the time on the fund's allowance."""
    earlier = fund.select("person", "valid_from", start=pl.col("valid_to") + 1)
    return (
        seeking.join(earlier, on=["person", "start"], how="left", maintain_order="left")
        .select("person", valid_from=pl.coalesce("valid_from", "start"), valid_to="end")
        .sort("person", "valid_from")
    )


def _statements(seeking: pl.DataFrame) -> pl.DataFrame:
    who, start, end = (seeking[name].to_numpy() for name in ("person", "start", "end"))
    return _info("employment_authority", "employment_statement", who, start, end)


def _old_age(spells: pl.DataFrame, life: Life) -> pl.DataFrame:
    """Earnings pensions: the larger, the smaller the national pension."""
    people = life.people
    share = np.zeros(people.count, dtype=np.int64)
    national = _of(spells, _OLD_AGE)
    share[national["person"].to_numpy()] = national["permille"].to_numpy()
    receives = (people.age() >= 65) & (people.death > life.since) & life.chance(0.97 if life.incidents else 1)
    who = np.flatnonzero(receives)
    small = np.maximum(1000 - share[who], 0) * 140 + life.random.integers(3800, 9900, who.size)
    large = life.random.integers(128_000, 365_000, who.size)
    start = first_of(month_of(people.birth[who] + int(65 * YEAR)) + 1)
    end = people.death[who].copy()
    dead = end < OPEN
    end[dead] = last_of(month_of(end[dead]))
    cents = np.where(share[who] > 0, small, large)
    return _info("pension_institution", "earnings_pension", who, start, end, cents=cents)


def _disability(spells: pl.DataFrame) -> pl.DataFrame:
    pension = _of(spells, _DISABILITY).filter(pl.col("permille") < 900)
    who, start, end, share = (pension[name].to_numpy() for name in ("person", "start", "end", "permille"))
    return _info("pension_institution", "earnings_pension", who, start, end, cents=(1000 - share) * 130)


def _studies(spells: pl.DataFrame, life: Life) -> pl.DataFrame:
    """One right to study from the first to the last time of a study grant."""
    grant = (
        _of(spells, ("STU-OR",))
        .group_by("person", maintain_order=True)
        .agg(pl.col("start").min(), pl.col("end").max())
    )
    goes_on = pl.when(pl.col("end") >= life.as_of).then(int(OPEN)).otherwise("end")
    grant = grant.with_columns(end=goes_on)
    return _info(
        "study_register", "studies", *(grant[name].to_numpy() for name in ("person", "start", "end"))
    )


def _insured_abroad(life: Life) -> pl.DataFrame:
    """Older people with a pension from another country, which pays for their care."""
    people, homes = life.people, life.homes
    share = np.where(homes.immigrated < OPEN, 0.2, 0.006) * life.incidents
    who = np.flatnonzero(
        (people.age() >= 66) & people.alive & (homes.left_country == OPEN) & life.chance(share)
    )
    start = np.maximum(
        people.birth[who] + int(65.5 * YEAR),
        np.where(homes.immigrated[who] < OPEN, homes.immigrated[who], people.birth[who]),
    )
    country = text_of(_COUNTRIES, life.random.integers(0, len(_COUNTRIES), who.size))
    found = pl.DataFrame({"person": who, "start": start, "country": country})
    return found.filter(pl.col("start") < life.as_of - 30)


def _foreign(abroad: pl.DataFrame, life: Life) -> pl.DataFrame:
    who, start = abroad["person"].to_numpy(), abroad["start"].to_numpy()
    cents = life.random.integers(8_000, 92_000, who.size)
    return _info("foreign_institution", "foreign_benefit", who, start, np.full(who.size, OPEN), cents=cents)


def _rare(spells: pl.DataFrame, life: Life) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Accident pensions, and time in custody of people without benefits."""
    age, random = life.people.age(), life.random
    adult = (age >= 21) & (age < 64) & life.people.alive
    hurt = np.flatnonzero(adult & life.chance(0.004 * life.incidents))
    since = life.as_of - life.days(200, 9 * YEAR, hurt.size)
    since = np.maximum(first_of(month_of(since)), life.people.birth[hurt] + int(18 * YEAR))
    without: npt.NDArray[np.bool_] = np.ones(life.people.count, dtype=bool)
    without[spells["person"].to_numpy()] = False
    held = np.flatnonzero(adult & without & life.chance(0.003 * life.incidents))
    start = life.as_of - life.days(20, 900, held.size)
    return (
        _info(
            "insurance_institution", "accident_pension", hurt, since, np.full(hurt.size, OPEN),
            cents=random.integers(22_000, 164_000, hurt.size),
        ),
        _info("prison_service", "custody", held, start, start + life.days(14, 400, held.size)),
    )  # fmt: skip
