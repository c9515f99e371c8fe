"""Lists in a database of the module's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.databases import Database
from tests.lists.desks import ListDesks
from tests.world import World


@pytest.fixture
def world(clean_database: Database) -> World:
    return World(clean_database)


@pytest.fixture
def desks(world: World) -> Iterator[ListDesks]:
    made = ListDesks(world)
    yield made
    made.close()
