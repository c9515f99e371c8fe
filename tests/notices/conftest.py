"""Notices in a database of the module's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Database
from tests.notices.desks import Desks, NoticeDesk
from tests.notices.sending import Sender
from tests.world import Body, World


@pytest.fixture
def world(clean_database: Database) -> World:
    return World(clean_database)


@pytest.fixture
def sender(world: World) -> Sender:
    return Sender(world)


@pytest.fixture
def desks(world: World) -> Iterator[Desks]:
    made = Desks(world)
    yield made
    made.close()


@pytest.fixture
def body(world: World) -> Body:
    """A county that serves Pirkanmaa; its agreement lets officials have the right to protected clients."""
    return world.body(protected_persons=True)


@pytest.fixture
def desk(world: World, body: Body, desks: Desks) -> NoticeDesk:
    """The desk of an official of the county who lives elsewhere and has no such right."""
    return desks(body, world.person(lives_in="091"))
