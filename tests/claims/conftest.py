"""Claims in a database of the module's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.claims.desks import ClaimDesk, ClaimDesks, account
from tests.databases import Database
from tests.world import Body, World


@pytest.fixture
def world(clean_database: Database) -> World:
    return World(clean_database)


@pytest.fixture
def desks(world: World) -> Iterator[ClaimDesks]:
    made = ClaimDesks(world)
    yield made
    made.close()


@pytest.fixture
def body(world: World) -> Body:
    """A county that serves Pirkanmaa; its agreement lets officials have the right to protected clients."""
    return world.body(protected_persons=True)


@pytest.fixture
def desk(world: World, body: Body, desks: ClaimDesks) -> ClaimDesk:
    """The desk of an official of the county who lives elsewhere, and the county's account."""
    return desks(body, account(world, body), official=world.person(lives_in="091"))
