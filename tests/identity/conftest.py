"""The real simulators as processes, once a test process; every test begins with all switches off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kelmu.identity.configuration import Identity, identity
from tests.databases import Database
from tests.identity.browsing import Desk
from tests.simulators import Simulators, Visitor, running
from tests.world import World

PUBLIC_URL = "http://127.0.0.1:8000"


@pytest.fixture(scope="package")
def _running() -> Iterator[Simulators]:
    with running(PUBLIC_URL) as both:
        yield both


@pytest.fixture
def simulators(_running: Simulators) -> Iterator[Simulators]:
    yield _running
    _running.reset()


@pytest.fixture
def config(simulators: Simulators) -> Identity:
    """The service's identity configuration, pointed at the simulators."""
    return identity()


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    person = Visitor()
    yield person
    person.close()


@pytest.fixture
def world(clean_database: Database, simulators: Simulators) -> World:
    """A database of the module's own with the cast's agreements, and the simulators running."""
    return World(clean_database)


@pytest.fixture
def desk(world: World, visitor: Visitor) -> Desk:
    """A browser nobody has signed in with yet."""
    return Desk(visitor)
