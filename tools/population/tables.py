"""From places and numbers to the rows of the feed: person ids, days, euros, names of payees."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl

from tools.population.amounts import amounts
from tools.population.days import OPEN, Ints
from tools.population.decisions import Numbers, text_of
from tools.population.homes import LANGUAGES, places, residences
from tools.population.homes import names as name_lists
from tools.population.identity_codes import IdentityCodes
from tools.population.people import YEAR
from tools.population.spells import COUNTY, GUARDIAN, LANDLORD, PAYEE_KINDS, Life

LANDLORDS = (
    "Asunto Oy Kuusikallio", "Asunto Oy Lehtokulma", "Kiinteistö Oy Harjunpiha", "Vuokrakodit Mänty Oy",
    "Asuntosäätiö Koivula", "Opiskelija-asunnot Tammi Oy", "Kotipiha Vuokrat Oy", "Asunto Oy Rantaraitti",
)  # fmt: skip
GUARDIANSHIP_OFFICE = "Edunvalvontatoimisto"
GROUNDS = (
    "work", "family", "study", "international_protection", "temporary_protection", "eu_registration",
    "refugee", "family_of_protected", "ingrian_return",
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What payees are called: the persons of the chunk and the county of each one's home."""

    person: pl.Series
    county: pl.Series

    @classmethod
    def of(cls, persons: pl.DataFrame, life: Life) -> Names:
        """The names of a chunk."""
        full = persons.select(pl.concat_str("family_name", "given_names", separator=" ")).to_series()
        return cls(
            full, pl.Series([county_names()[code] for code in places().codes]).gather(life.homes.municipality)
        )


@cache
def county_names() -> dict[str, str]:
    """Finnish name of the wellbeing services county (or Helsinki, Åland) of each municipality."""
    data = files("kelmu.organisations") / "data"
    with (data / "wellbeing_counties.csv").open(encoding="utf-8") as file:
        counties = {row["code"]: row["name_fi"] for row in csv.DictReader(file)}
    with (data / "municipalities.csv").open(encoding="utf-8") as file:
        return {row["code"]: counties[row["county_code"]] for row in csv.DictReader(file)}


def drawn_persons(life: Life) -> pl.DataFrame:
    """Names and other facts of drawn people, in the order of the chunk."""
    random, people, homes = life.random, life.people, life.homes
    adult = people.age() >= 16
    phone = adult & life.chance(0.55) & people.alive
    # Subscriber numbers beginning with 000 are nobody's.
    digits = pl.Series(random.integers(0, 10000, people.count)).cast(pl.String).str.zfill(4)
    guarded = people.alive & life.chance(
        np.interp(people.age(), [17.9, 18, 65, 75, 90], [0, 0.006, 0.01, 0.03, 0.1])
    )
    came = homes.immigrated < OPEN
    ground = np.where(came, random.integers(0, len(GROUNDS), people.count), -1)
    return pl.DataFrame(
        {
            "family_name": text_of(name_lists().family, homes.family_name),
            "given_names": homes.given_names,
            "language": text_of(LANGUAGES, homes.language),
            "phone": pl.select(pl.when(pl.Series(phone)).then(pl.lit("+358 50 000 ") + digits)).to_series(),
            "under_guardianship": guarded,
            "protection_known": ~life.chance(0.0002),
            "residence_ground": text_of(GROUNDS, ground),
            "first_residence": homes.immigrated,
        }
    )


def drawn_former_codes(life: Life, codes: IdentityCodes) -> pl.DataFrame:
    """A few people have had another identity code before."""
    who = np.flatnonzero(life.chance(0.0006) & (life.people.age() > 3))
    given = codes.give(life.random, life.people.birth[who], life.people.male[who])
    changed = life.as_of - life.days(30, 2.5 * YEAR, who.size)
    return pl.DataFrame({"person": who, "personal_id": given, "valid_to": changed})


def as_day(column: str) -> pl.Expr:
    """A day number as a date; OPEN is no date."""
    return pl.when(pl.col(column) < int(OPEN)).then(pl.col(column)).cast(pl.Int32).cast(pl.Date).alias(column)


def as_euros(column: str) -> pl.Expr:
    """Cents as euros with two decimals."""
    return (pl.col(column) / 100).cast(pl.Decimal(12, 2)).alias(column)


def with_ids(frame: pl.DataFrame, person_ids: Ints, column: str = "person") -> pl.DataFrame:
    """Put the person id first in place of the place in the chunk."""
    ids = pl.Series("person_id", person_ids).gather(frame[column])
    return frame.drop(column).insert_column(0, ids)


def person_rows(persons: pl.DataFrame, person_ids: Ints, codes: pl.Series, life: Life) -> pl.DataFrame:
    """Rows of ``register.person``."""
    return persons.select(
        pl.Series("person_id", person_ids),
        codes.alias("personal_id"),
        "family_name",
        "given_names",
        pl.Series("birth_date", life.people.birth),
        pl.Series("death_date", life.people.death),
        "language",
        "phone",
        "under_guardianship",
        "protection_known",
        "residence_ground",
        first_residence_date="first_residence",
    ).with_columns(as_day("birth_date"), as_day("death_date"), as_day("first_residence_date"))


def former_rows(former: pl.DataFrame, person_ids: Ints) -> pl.DataFrame:
    """Rows of ``register.former_personal_id``."""
    return with_ids(former, person_ids).select("personal_id", "person_id", as_day("valid_to"))


def residence_rows(life: Life, person_ids: Ints) -> pl.DataFrame:
    """Rows of ``register.residence``."""
    return with_ids(residences(life.people, life.homes), person_ids, "place").with_columns(
        as_day("valid_from"), as_day("valid_to")
    )


def protection_rows(life: Life, person_ids: Ints) -> pl.DataFrame:
    """Rows of ``register.non_disclosure_order``."""
    who = np.flatnonzero(life.homes.protected_from < OPEN)
    frame = pl.DataFrame(
        {
            "person": who,
            "valid_from": life.homes.protected_from[who],
            "valid_to": life.homes.protected_to[who],
        }
    )
    return with_ids(frame, person_ids).with_columns(as_day("valid_from"), as_day("valid_to"))


def link_rows(links: pl.DataFrame, person_ids: Ints) -> pl.DataFrame:
    """Rows of ``register.family_link``."""
    relative = pl.Series("relative_id", person_ids).gather(links["relative"])
    frame = with_ids(links, person_ids, "place").with_columns(relative)
    return frame.select("person_id", "relative_id", "relation", as_day("valid_from"), as_day("valid_to"))


def matter_rows(waiting: pl.DataFrame, behind: pl.DataFrame, person_ids: Ints) -> pl.DataFrame:
    """Rows of ``register.matter``: pending ones and those behind decisions."""
    frame = pl.concat([waiting, behind.drop("decision_number")])
    days = ("received_on", "applied_from", "applied_to", "attachments_due_on", "due_on", "decided_on")
    return (
        with_ids(frame, person_ids)
        .with_columns(as_day(day) for day in days)
        .sort("person_id", "matter_number")
    )


def decision_rows(decisions: pl.DataFrame, behind: pl.DataFrame, person_ids: Ints) -> pl.DataFrame:
    """Rows of ``register.decision``."""
    known = behind.select("decision_number", "matter_number")
    frame = with_ids(decisions, person_ids).join(
        known, on="decision_number", how="left", maintain_order="left"
    )
    frame = frame.with_columns(gross="amount")
    days = ("decided_on", "valid_from", "valid_to", "review_on", "appeal_until", "annulled_on")
    return (
        frame.with_columns(*(as_day(day) for day in days), as_euros("amount"), as_euros("gross"))
        .select(
            "person_id", "decision_number", "matter_number", "benefit_code", "decided_on", "outcome",
            "valid_from", "valid_to", "amount", "unit", "gross", "reason_code", "reason_text", "legal_ground",
            "payee_kind", "review_on", "appeal_until", "replaces_number", "annulled_on",
        )
        .sort("person_id", "decision_number")
    )  # fmt: skip


def calculation_rows(calculations: pl.DataFrame, person_ids: Ints) -> pl.DataFrame:
    """Rows of ``register.decision_calculation``."""
    sums = ("basic_part", "other_basic_expenses", "income", "assets")
    return (
        with_ids(calculations, person_ids)
        .with_columns(as_day("lowered_from"), as_day("lowered_to"), *(as_euros(name) for name in sums))
        .sort("person_id", "decision_number")
    )


def member_rows(members: pl.DataFrame, person_ids: Ints) -> pl.DataFrame:
    """Rows of ``register.decision_member``."""
    member = pl.Series("member_person_id", person_ids).gather(members["member"])
    frame = with_ids(members.with_columns(member), person_ids)
    return frame.select("person_id", "decision_number", "member_person_id", "member_role")


def commitment_rows(commitments: pl.DataFrame, person_ids: Ints) -> pl.DataFrame:
    """Rows of ``register.payment_commitment``."""
    return with_ids(commitments, person_ids).select(
        "person_id", "commitment_number", "decision_number", "commitment_kind", as_euros("amount"),
        as_day("valid_from"), as_day("valid_to"),
    )  # fmt: skip


def payment_rows(payments: pl.DataFrame, numbers: Numbers, person_ids: Ints, names: Names) -> pl.DataFrame:
    """Rows of ``register.payment``, a person's in the order of their days."""
    frame = payments.sort(
        "person", "paid_on", "benefit", "decision_number", "period_from", maintain_order=True
    )
    deductions = ("tax", "recovery", "paid_to_others", "enforcement")
    payee_person = frame["payee_person"].to_numpy()
    payee_id = np.where(payee_person >= 0, person_ids[np.maximum(payee_person, 0)], -1)
    frame = frame.with_columns(
        payment_number=numbers.payments(frame.height),
        benefit_code=text_of(amounts().codes, frame["benefit"].to_numpy()),
        payee_kind=text_of(PAYEE_KINDS, frame["payee"].to_numpy()),
        payee_person_id=pl.Series(payee_id),
        payee_name=_payee_names(frame, names),
        account_end=_accounts(frame),
    ).with_columns(payee_person_id=pl.when(pl.col("payee_person_id") >= 0).then("payee_person_id"))
    days = ("paid_on", "period_from", "period_to")
    return with_ids(frame, person_ids).select(
        "person_id", as_day(days[0]), "payment_number", "decision_number", "benefit_code", as_day(days[1]),
        as_day(days[2]), as_euros("gross"), *(_nothing_if_zero(as_euros(name)) for name in deductions),
        as_euros("net"), "payee_kind", "payee_person_id", "payee_name",
        "account_end", "state", as_day("state_on"),
    )  # fmt: skip


def _nothing_if_zero(sum_: pl.Expr) -> pl.Expr:
    return pl.when(sum_ != 0).then(sum_)


def _payee_names(frame: pl.DataFrame, names: Names) -> pl.Series:
    """The name of a payee other than the client."""
    payee = pl.col("payee")
    person = frame["person"].to_numpy()
    relative = names.person.gather(np.maximum(frame["payee_person"].to_numpy(), 0))
    return frame.select(
        pl.when(payee == LANDLORD)
        .then(text_of(LANDLORDS, person % len(LANDLORDS)))
        .when(payee == COUNTY)
        .then(names.county.gather(person))
        .when((payee == GUARDIAN) & (pl.col("payee_person") >= 0))
        .then(relative)
        .when(payee == GUARDIAN)
        .then(pl.lit(GUARDIANSHIP_OFFICE))
    ).to_series()


def _accounts(frame: pl.DataFrame) -> pl.Series:
    """The last four digits of an account number; the same for a payee each time."""
    owner = np.where(
        frame["payee"].to_numpy() == LANDLORD,
        frame["person"].to_numpy() % len(LANDLORDS),
        frame["person"].to_numpy() * 7919 + frame["payee"].to_numpy() * 131 + 4711,
    )
    return pl.Series(owner % 10000).cast(pl.String).str.zfill(4)
