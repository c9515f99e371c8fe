"""Rows of the feed for coverage, recovery, maintenance, medicine caps, third parties and job seeking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tools.population.amounts import amounts
from tools.population.coverage import coverages
from tools.population.days import BankingDays, Ints
from tools.population.decisions import Numbers, text_of
from tools.population.maintenance import collections
from tools.population.medicine import medicine_caps
from tools.population.recoveries import recoveries
from tools.population.spells import Life
from tools.population.tables import as_day, as_euros, with_ids
from tools.population.third_parties import third_parties

_COLLECTED = "FAM-EA"


@dataclass(frozen=True)
class OtherFacts:
    """What these tables are made of: the persons' facts, their spells and their settled payments.

    ``seekers`` (person, start, end) look for work without an unemployment benefit.
    """

    persons: pl.DataFrame
    spells: pl.DataFrame
    seekers: pl.DataFrame
    payments: pl.DataFrame


def other_tables(
    facts: OtherFacts, life: Life, person_ids: Ints, banking: BankingDays, numbers: Numbers
) -> Mapping[str, pl.DataFrame]:
    """The tables of a chunk, each in the order of persons."""
    told = third_parties(facts.spells, facts.seekers, life, banking)
    owed = recoveries(facts.payments, life, banking)
    collected = collections(facts.spells, life, banking)
    return {
        "coverage": _coverage(coverages(life, facts.persons, told.insured_abroad), person_ids),
        "recovery": _recovery(owed, numbers, person_ids),
        "maintenance_collection": _collection(collected, numbers, person_ids),
        "medicine_cap": _medicine_cap(medicine_caps(facts.spells, life), person_ids),
        "third_party_info": _info(told.infos, numbers, person_ids),
        "job_seeking": with_ids(told.job_seeking, person_ids).with_columns(
            as_day("valid_from"), as_day("valid_to")
        ),
    }


def _coverage(rows: pl.DataFrame, person_ids: Ints) -> pl.DataFrame:
    return with_ids(rows, person_ids).with_columns(as_day("valid_from"), as_day("valid_to"))


def _recovery(rows: pl.DataFrame, numbers: Numbers, person_ids: Ints) -> pl.DataFrame:
    frame = rows.with_columns(
        recovery_number=numbers.recoveries(rows.height),
        benefit_code=text_of(amounts().codes, rows["benefit"].to_numpy()),
    )
    days = ("overpaid_from", "overpaid_to", "decided_on")
    return with_ids(frame, person_ids).select(
        "person_id", "recovery_number", "benefit_code", *(as_day(name) for name in days), as_euros("total"),
        as_euros("balance"), as_euros("instalment"), "set_off", "state",
    )  # fmt: skip


def _collection(rows: pl.DataFrame, numbers: Numbers, person_ids: Ints) -> pl.DataFrame:
    child = pl.Series("child_person_id", person_ids).gather(rows["child"])
    frame = rows.with_columns(
        child, collection_number=numbers.collections(rows.height), benefit_code=pl.lit(_COLLECTED)
    )
    return with_ids(frame, person_ids).select(
        "person_id", "collection_number", "benefit_code", "child_person_id", as_day("decided_on"),
        as_euros("arrears"), as_euros("monthly"), "state",
    )  # fmt: skip


def _medicine_cap(rows: pl.DataFrame, person_ids: Ints) -> pl.DataFrame:
    evening = as_day("updated_on").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") + pl.duration(hours=21)
    updated = evening.alias("updated_at")
    return with_ids(rows, person_ids).select(
        "person_id", "year", as_euros("accrued"), as_euros("cap"), "initial_deductible_met",
        as_day("reached_on"), updated,
    )  # fmt: skip


def _info(rows: pl.DataFrame, numbers: Numbers, person_ids: Ints) -> pl.DataFrame:
    frame = with_ids(rows.with_columns(info_number=numbers.infos(rows.height)), person_ids)
    return frame.select(
        "person_id", "info_number", "sender_kind", "info_kind", as_day("valid_from"), as_day("valid_to"),
        as_euros("amount"), "unit", as_day("received_on"),
    )  # fmt: skip
