"""The cast as a chunk: officials in the register and demo clients, with fixed person ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import polars as pl

from tools.cast import AssistanceFact, Cast, Client, Official, RelationKind
from tools.population.amounts import amounts
from tools.population.cast_spells import ASSISTANCE, CastSpells, first_day, months_ago
from tools.population.chunks import Chunk, Run
from tools.population.days import OPEN, first_of, last_of, month_of, number
from tools.population.homes import Homes, places
from tools.population.identity_codes import SIGNS
from tools.population.matters import OFFICES, STATUTORY_WORKING_DAYS
from tools.population.people import YEAR, People
from tools.population.spells import Life

_REVERSE = {
    "child": "parent",
    "parent": "child",
    "sibling": "sibling",
    "spouse": "spouse",
    "co_parent": "co_parent",
}
_MARRIED_DAYS_AGO, _PARTED_DAYS_AGO = 4000, 900

Person = Official | Client


def people_in_register(cast: Cast) -> tuple[Person, ...]:
    """Whom the register knows, in the order of person ids."""
    known = [person for person in cast.people if person.person_id is not None]
    return tuple(sorted(known, key=lambda person: person.person_id or 0))


def codes_of(cast: Cast) -> Iterator[str]:
    """Every identity code of the cast, present and former; those not in the register too."""
    for person in cast.people:
        if person.personal_id is not None:
            yield person.personal_id
        if isinstance(person, Client) and person.former_personal_id is not None:
            yield person.former_personal_id


def birth_of(code: str) -> int:
    """The birth day an identity code tells, as a number."""
    century = next(place for place, signs in enumerate(SIGNS) if code[6] in signs)
    return number(date(1800 + 100 * century + int(code[4:6]), int(code[2:4]), int(code[:2])))


def cast_chunk(run: Run, cast: Cast, random: np.random.Generator) -> Chunk:
    """The cast's people with the facts ``cast.toml`` tells of them."""
    everybody = people_in_register(cast)
    place = {person.key: at for at, person in enumerate(everybody)}
    people = _people(run, everybody, place)
    life = Life(random, people, _homes(run, everybody, people), run.since, incidents=False)
    facts = CastSpells(run, place, people)
    for at, person in enumerate(everybody):
        for spell in person.spells:
            facts.add(at, spell, person.assistance if isinstance(person, Client) else AssistanceFact())
    return Chunk(
        life=life,
        person_ids=np.array([person.person_id for person in everybody], dtype=np.int64),
        codes=pl.Series([person.personal_id for person in everybody]),
        spells=facts.book.spells(),
        assistance=facts.assistance(),
        pending=_pending(run, everybody),
        links=_links(run, everybody, people, place),
        former_codes=_former_codes(run, everybody),
        persons=_persons(run, everybody),
        events=_events(run, everybody),
        annulled=_annulled(everybody),
    )


def _open_day(run: Run, in_days: int) -> int:
    return int(run.banking.on_or_after(np.array([run.as_of + in_days], dtype=np.int64))[0])


def _clients(everybody: Sequence[Person]) -> Iterator[tuple[int, Client]]:
    for at, person in enumerate(everybody):
        if isinstance(person, Client):
            yield at, person


def _people(run: Run, everybody: Sequence[Person], place: dict[str, int]) -> People:
    size = len(everybody)
    codes = [person.personal_id or "" for person in everybody]
    people = People(
        as_of=run.as_of,
        birth=np.array([birth_of(code) for code in codes], dtype=np.int64),
        death=np.full(size, OPEN),
        male=np.array([int(code[9]) % 2 == 1 for code in codes]),
        mother=np.full(size, -1), father=np.full(size, -1), partner=np.full(size, -1),
        partner_from=np.full(size, OPEN), married=np.zeros(size, dtype=bool), former=np.full(size, -1),
        former_from=np.full(size, OPEN), former_to=np.full(size, OPEN),
    )  # fmt: skip
    for at, client in _clients(everybody):
        if client.died_days_ago is not None:
            people.death[at] = run.as_of - client.died_days_ago
    for at, client in _clients(everybody):
        for relation in client.relations:
            if relation.relation in {"parent", "child"}:
                other = place[relation.person]
                child, parent = (at, other) if relation.relation == "parent" else (other, at)
                (people.father if people.male[parent] else people.mother)[child] = parent
            if relation.relation == "spouse":
                _marry(run, people, at, place[relation.person])
    return people


def _marry(run: Run, people: People, one: int, other: int) -> None:
    since, _ = _link_days(run, people, "spouse", one, other)
    for at, partner in ((one, other), (other, one)):
        people.partner[at], people.partner_from[at], people.married[at] = partner, since, True


def _homes(run: Run, everybody: Sequence[Person], people: People) -> Homes:
    size = len(everybody)
    codes = places().codes
    custodian = np.where(people.age() < 18, np.where(people.mother >= 0, people.mother, people.father), -1)
    homes = Homes(
        household=np.where(custodian >= 0, custodian, np.arange(size)),
        custodian=custodian,
        municipality=np.array([codes.index(person.municipality or "") for person in everybody]),
        language=np.zeros(size, dtype=np.int64),
        family_name=np.zeros(size, dtype=np.int64),
        given_names=pl.Series([person.given_names for person in everybody]),
        moved=np.full(size, OPEN), moved_from=np.zeros(size, dtype=np.int64), immigrated=np.full(size, OPEN),
        protected_from=np.full(size, OPEN), protected_to=np.full(size, OPEN),
        left_country=np.full(size, OPEN),
    )  # fmt: skip
    for at, client in _clients(everybody):
        if client.moved_from is not None and client.moved_months_ago is not None:
            homes.moved[at] = first_day(run, client.moved_months_ago) + 14
            homes.moved_from[at] = codes.index(client.moved_from)
        if client.first_residence_months_ago is not None:
            homes.immigrated[at] = first_day(run, client.first_residence_months_ago) + 9
        if client.protected:
            homes.protected_from[at] = run.as_of - 300
            homes.protected_to[at] = run.as_of + 1525
    return homes


def _pending(run: Run, everybody: Sequence[Person]) -> pl.DataFrame:
    table = amounts()
    rows = []
    for at, client in _clients(everybody):
        for fact in client.pending:
            received = run.as_of - fact.received_days_ago
            social = fact.benefit == ASSISTANCE
            first = int(first_of(month_of(np.array([received])))[0])
            due = int(run.banking.after(np.array([received]), STATUTORY_WORKING_DAYS)[0])
            due_in = fact.attachments_due_in_days
            assert fact.benefit in table.codes
            rows.append(
                {
                    "person": at,
                    "benefit_code": fact.benefit,
                    "matter_type": fact.matter_type,
                    "received_on": received,
                    "applied_from": first,
                    "applied_to": int(last_of(month_of(np.array([received])))[0]) if social else int(OPEN),
                    "received_by": "web",
                    "state": fact.state,
                    "missing_attachments": list(fact.missing),
                    "attachments_due_on": int(OPEN) if due_in is None else _open_day(run, due_in),
                    "urgent": fact.urgent,
                    "due_on": due if social else int(OPEN),
                    "handling_office": OFFICES[0],
                    "decided_on": int(OPEN),
                }
            )
    frame = pl.DataFrame(rows, schema_overrides={"missing_attachments": pl.List(pl.String)})
    return frame.insert_column(1, run.numbers.matters(frame.height).alias("matter_number"))


def _links(run: Run, everybody: Sequence[Person], people: People, place: dict[str, int]) -> pl.DataFrame:
    rows: set[tuple[int, int, str, int, int]] = set()
    for at, client in _clients(everybody):
        for fact in client.relations:
            other = place[fact.person]
            relation = "spouse" if fact.relation == "former_spouse" else fact.relation
            since, until = _link_days(run, people, fact.relation, at, other)
            rows |= {(at, other, relation, since, until), (other, at, _REVERSE[relation], since, until)}
    return pl.DataFrame(
        sorted(rows), schema=["place", "relative", "relation", "valid_from", "valid_to"], orient="row"
    )


def _link_days(run: Run, people: People, kind: RelationKind, one: int, other: int) -> tuple[int, int]:
    """First and last day of a link between two of the cast."""
    if kind == "former_spouse":
        return run.as_of - _MARRIED_DAYS_AGO, run.as_of - _PARTED_DAYS_AGO
    if kind == "co_parent":
        return run.as_of - _MARRIED_DAYS_AGO + 400, int(OPEN)
    younger = int(max(people.birth[one], people.birth[other]))
    if kind == "spouse":
        return younger + int(28 * YEAR), int(min(people.death[one], people.death[other]))
    return younger, int(OPEN)


def _former_codes(run: Run, everybody: Sequence[Person]) -> pl.DataFrame:
    rows = [
        (at, client.former_personal_id, run.as_of - 410)
        for at, client in _clients(everybody)
        if client.former_personal_id is not None
    ]
    return pl.DataFrame(rows, schema=["person", "personal_id", "valid_to"], orient="row")


def _persons(run: Run, everybody: Sequence[Person]) -> pl.DataFrame:
    clients = [person if isinstance(person, Client) else None for person in everybody]
    arrivals = [client.first_residence_months_ago if client else None for client in clients]
    return pl.DataFrame(
        {
            "family_name": [person.family_name for person in everybody],
            "given_names": [person.given_names for person in everybody],
            "language": [person.language for person in everybody],
            "phone": [
                f"+358 50 000 0{person.person_id}" if person.person_id and person.person_id % 3 else None
                for person in everybody
            ],
            "under_guardianship": [bool(client and client.guardianship) for client in clients],
            "protection_known": [client is None or client.protection_known for client in clients],
            "residence_ground": [client.residence_ground if client else None for client in clients],
            "first_residence": [int(OPEN) if ago is None else first_day(run, ago) + 9 for ago in arrivals],
        },
        schema_overrides={"residence_ground": pl.String, "phone": pl.String},
    )


def _events(run: Run, everybody: Sequence[Person]) -> pl.DataFrame:
    table = amounts()
    rows = [
        (at, table.index(event.benefit), months_ago(run, event.months_ago), event.state)
        for at, client in _clients(everybody)
        for event in client.events
    ]
    return pl.DataFrame(rows, schema=["person", "benefit", "month", "state"], orient="row")


def _annulled(everybody: Sequence[Person]) -> pl.DataFrame:
    rows = [(at, fact.benefit, fact.times) for at, client in _clients(everybody) for fact in client.annulled]
    return pl.DataFrame(
        rows,
        schema={"person": pl.Int64, "benefit_code": pl.String, "times": pl.Int64},
        orient="row",
    )
