"""One chunk of people with everything the register holds about them, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from tools.population import tables
from tools.population.annulments import Decided, drawn_annulments, told_annulments, with_annulled
from tools.population.assistance import Assistance, applicants, assistance_rows
from tools.population.days import BankingDays, Ints
from tools.population.decisions import Numbers, decided, decision_rows, refusals
from tools.population.families import families
from tools.population.guardians import guardianship_rows
from tools.population.homes import settle
from tools.population.households import members
from tools.population.identity_codes import IdentityCodes
from tools.population.links import family_links
from tools.population.matters import behind_decisions, pending
from tools.population.other_tables import OtherFacts, other_tables
from tools.population.payments import payments_of, settled
from tools.population.pensioners import pensioners, reimbursements
from tools.population.people import make_people
from tools.population.recoveries import begun
from tools.population.spells import Life, SpellBook, clipped, pieces_of, with_deductions
from tools.population.working_age import conscripts, working_age

YEARS = 3
"""Years of history, unless told otherwise."""
_DAYS_MORE = 85
"""Days before them, so that those years are whole."""


@dataclass
class Run:
    """What a whole run shares: the day, the banks, and what is given once only."""

    as_of: int
    codes: IdentityCodes
    years: int = YEARS
    numbers: Numbers = field(default_factory=Numbers)
    banking: BankingDays = field(default_factory=BankingDays)

    @property
    def since(self) -> int:
        """The first day with payments."""
        return self.as_of - 365 * self.years - _DAYS_MORE


@dataclass
class Chunk:
    """People with their codes and facts, before they become tables."""

    life: Life
    person_ids: Ints
    codes: pl.Series
    spells: pl.DataFrame
    assistance: Assistance
    pending: pl.DataFrame
    links: pl.DataFrame
    former_codes: pl.DataFrame
    persons: pl.DataFrame
    refused: pl.DataFrame | None = None
    events: pl.DataFrame | None = None
    annulled: pl.DataFrame | None = None


def drawn_chunk(run: Run, random: np.random.Generator, first_id: int, count: int) -> Chunk:
    """Draw so many people with ids from ``first_id`` on."""
    people = make_people(random, count, run.as_of)
    homes = settle(random, people)
    life = Life(random, people, homes, run.since)
    book = SpellBook()
    at_home = families(book, life)
    jobless = working_age(book, life, at_home)
    conscripts(book, life)
    pensioners(book, life)
    reimbursements(book, life)
    return Chunk(
        life=life,
        person_ids=np.arange(first_id, first_id + count, dtype=np.int64),
        codes=run.codes.give(random, people.birth, people.male),
        spells=book.spells(),
        assistance=applicants(life, jobless),
        pending=pending(life, run.banking, run.numbers),
        links=family_links(people),
        former_codes=tables.drawn_former_codes(life, run.codes),
        persons=tables.drawn_persons(life),
        refused=refusals(life, run.banking, run.numbers),
    )


def chunk_tables(run: Run, chunk: Chunk) -> Mapping[str, pl.DataFrame]:
    """The register's tables for a chunk, as the feed has them, each in the order of persons."""
    life = chunk.life
    spells = with_deductions(clipped(chunk.spells, life.people, run.since), life)
    pieces = decided(pieces_of(spells, life), life, run.banking, run.numbers)
    assistance = assistance_rows(chunk.assistance, life, run.banking, run.numbers)
    granted = [decision_rows(pieces, run.banking), assistance.decisions]
    decisions = pl.concat(granted if chunk.refused is None else [*granted, chunk.refused])
    known = _corrected(run, chunk, Decided(decisions, assistance.calculations))
    decisions = known.decisions
    behind = behind_decisions(decisions, life, run.numbers)
    payments = pl.concat([payments_of(pieces, life, run.banking), assistance.payments], how="diagonal")
    payments = settled(begun(payments), life, run.banking, chunk.events)
    names = tables.Names.of(chunk.persons, life)
    return {
        "person": tables.person_rows(chunk.persons, chunk.person_ids, chunk.codes, life),
        "former_personal_id": tables.former_rows(chunk.former_codes, chunk.person_ids),
        "residence": tables.residence_rows(life, chunk.person_ids),
        "non_disclosure_order": tables.protection_rows(life, chunk.person_ids),
        "family_link": tables.link_rows(chunk.links, chunk.person_ids),
        "guardianship": guardianship_rows(
            life, chunk.persons["under_guardianship"], run.numbers, chunk.person_ids
        ),
        "matter": tables.matter_rows(chunk.pending, behind, chunk.person_ids),
        "decision": tables.decision_rows(decisions, behind, chunk.person_ids),
        "decision_calculation": tables.calculation_rows(known.calculations, chunk.person_ids),
        "decision_member": tables.member_rows(members(decisions, known.calculations, life), chunk.person_ids),
        "payment_commitment": tables.commitment_rows(assistance.commitments, chunk.person_ids),
        "payment": tables.payment_rows(payments, run.numbers, chunk.person_ids, names),
        **other_tables(
            OtherFacts(chunk.persons, spells, chunk.assistance.seekers(run.as_of), payments),
            life, chunk.person_ids, run.banking, run.numbers,
        ),
    }  # fmt: skip


def _corrected(run: Run, chunk: Chunk, known: Decided) -> Decided:
    """Decisions with the annulled ones before them: those told of the cast, or some drawn."""
    if chunk.annulled is None:
        times = drawn_annulments(known.decisions)
    else:
        times = told_annulments(known.decisions, chunk.annulled)
    return with_annulled(known, times, run.banking, run.numbers)
