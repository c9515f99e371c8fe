"""Notices in a database of the module's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Database
from tests.notices.desks import Desks
from tests.notices.sending import Sender
from tests.world import World


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
