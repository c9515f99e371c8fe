"""The set-wise SQL picks the same persons for the same reasons as the pure functions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kelmu.feed.loading import load_feed
from kelmu.notices.pick_explanation import explanation
from kelmu.notices.pick_loading import load_pick_rules
from kelmu.notices.pick_rule_file import pick_rules
from kelmu.notices.pick_rules import Person, PickKind, picks
from tests.databases import Database
from tests.notices.pick_facts import Found, picked_in_sql, read_persons, write_persons
from tests.notices.pick_households import nearly, persons
from tools.cast import load_cast
from tools.population.__main__ import populate

DAYS = (date(2026, 1, 1), date(2026, 1, 31), date(2024, 2, 29), date(2026, 3, 1), date(2026, 11, 24))
AS_OF = date(2026, 11, 24)
_numbers = itertools.count(700_000_000)


def picked_in_python(everybody: Sequence[Person], on: date) -> list[Found]:
    found = [pick for person in everybody for pick in picks(person, pick_rules(), on)]
    return sorted(
        (pick.person_id, str(pick.rule.kind), pick.rule.version, pick.first_month, pick.last_month,
         explanation(pick))
        for pick in found
    )  # fmt: skip


@pytest.fixture(scope="module")
def register(
    clean_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    """Connections of the feed and of the superuser, to a synthetic population with its cast."""
    folder = tmp_path_factory.mktemp("feed")
    populate(persons=3_000, seed=5, folder=folder, as_of=AS_OF)
    with clean_database.connect("kelmu_owner") as owner:
        load_pick_rules(owner)
    with clean_database.connect("kelmu_feed") as feeder, clean_database.connect("kelmu_admin") as admin:
        load_feed(feeder, folder)
        yield feeder, admin


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), on=st.sampled_from(DAYS))
def test_generated_persons_are_picked_alike(
    register: tuple[psycopg.Connection, psycopg.Connection], data: st.DataObject, on: date
) -> None:
    feeder, admin = register
    drawn = data.draw(st.lists(persons(on), min_size=1, max_size=12))
    everybody = [replace(person, person_id=next(_numbers)) for person in drawn]
    write_persons(feeder, everybody)
    first, last = everybody[0].person_id, everybody[-1].person_id
    assert picked_in_sql(admin, on, first - 1, last) == picked_in_python(everybody, on)


@pytest.mark.parametrize("on", DAYS)
def test_persons_who_differ_in_one_thing_are_picked_alike(
    register: tuple[psycopg.Connection, psycopg.Connection], on: date
) -> None:
    feeder, admin = register
    everybody = [replace(person, person_id=next(_numbers)) for person in nearly(on)]
    write_persons(feeder, everybody)
    first, last = everybody[0].person_id, everybody[-1].person_id
    expected = picked_in_python(everybody, on)
    assert picked_in_sql(admin, on, first - 1, last) == expected
    assert 100 < len(expected) < len(everybody)


def test_each_kind_finds_the_demo_clients_that_show_it(
    register: tuple[psycopg.Connection, psycopg.Connection],
) -> None:
    found = {(person, kind) for person, kind, *_ in picked_in_sql(register[1], AS_OF, 0, 999)}
    shown = {
        ("young_unemployed", PickKind.UNEMPLOYED_UNDER_25),
        ("long_unemployed", PickKind.UNEMPLOYED_25_PLUS),
        ("refugee", PickKind.IMMIGRANT),
    }
    assert {(load_cast().client(key).person_id, kind) for key, kind in shown} <= found
    assert load_cast().client("nothing").person_id not in {person for person, _ in found}


def test_a_synthetic_population_with_its_cast_is_picked_alike(
    register: tuple[psycopg.Connection, psycopg.Connection],
) -> None:
    _, admin = register
    for on in (AS_OF, date(2026, 10, 31), date(2026, 6, 15)):
        found = picked_in_sql(admin, on, 0, 10**12)
        assert found == picked_in_python(read_persons(admin, on), on)
        assert {kind for _, kind, *_ in found} == set(PickKind)
