"""A desk of Pirkanmaa in a database of the module's own."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.databases import Database
from tests.door.looking import Desk, Moment, Scene
from tests.world import NO_LIMITS, Body, Somebody, World


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


@pytest.fixture
def body(world: World) -> Body:
    """A county that serves Pirkanmaa."""
    return world.body()


@pytest.fixture
def official(world: World) -> Somebody:
    """An official who is herself in the register, and lives elsewhere."""
    return world.person(lives_in="091", family_name="Virkanen")


@pytest.fixture
def client(world: World) -> Somebody:
    """A client of the area, with a payment."""
    somebody = world.person(family_name="Asiakas")
    world.payment(somebody)
    return somebody


@pytest.fixture
def desk(world: World, body: Body, official: Somebody) -> Iterator[Desk]:
    """The official's desk: the web role's connection and her secret."""
    with world.database.connect() as connection:
        yield Desk(connection, world.begin(body, official))


@pytest.fixture
def frozen(moment: psycopg.Connection, desk: Desk) -> Desk:
    """The same desk within one moment, on the superuser's connection, and taken back."""
    moment.execute("SELECT")
    return Desk(moment, desk.secret)


@pytest.fixture
def unlimited(world: World) -> Iterator[None]:
    """For tests in which one official asks more than one would be let: limits out of her reach."""
    world.lift_limits()
    yield
    world.set_limits()


@pytest.fixture(scope="module")
def scene(database: Database) -> Scene:
    """An official, her body and a client of its area, for a whole module."""
    world = World(database)
    body, official = world.body(), world.person(lives_in="091", family_name="Virkanen")
    return Scene(body, official, world.person(family_name="Asiakas"), world.begin(body, official))


@pytest.fixture
def ask(moment: psycopg.Connection, scene: Scene) -> Moment:
    """A moment of the scene, in which anybody may ask as often as a test needs."""
    moment.execute(NO_LIMITS)
    return Moment(moment, scene)
