"""Systems that ask, in a database of the module's own."""

from __future__ import annotations

import pytest

from tests.api.calling import System
from tests.databases import Database
from tests.world import Body, Somebody, World


@pytest.fixture
def world(clean_database: Database) -> World:
    return World(clean_database)


@pytest.fixture
def body(world: World) -> Body:
    return world.body(channels=("web", "api"))


@pytest.fixture
def system(world: World, body: Body) -> System:
    return System(world, body).register()


@pytest.fixture
def official(world: World) -> Somebody:
    """An official who is herself in the register, and lives elsewhere."""
    return world.person(lives_in="091")
