"""The test run: its cluster, its databases, and Django pointed at them as the web role."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings

from tests import databases
from tests.databases import Database
from tools.postgres.server import EmbeddedServer
from tools.setup.test_environment import apply

if TYPE_CHECKING:
    from tests.world import World  # which needs the environment that is made below

HOME = "KELMU_TEST_CLUSTER_HOME"
_started: list[EmbeddedServer] = []
_own: list[Database] = []

# The same examples on every machine, and no verdict by the clock of a busy one. What has not been tried
# yet is for `make test ARGS="--hypothesis-profile=explore"`.
settings.register_profile(
    "seeded", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# For whom a failure is enough: an example that fails is not made smaller.
settings.register_profile("unshrunk", settings.get_profile("seeded"), phases=[Phase.explicit, Phase.generate])
settings.load_profile("seeded")


def pytest_configure(config: pytest.Config) -> None:
    """Once a run: cluster and template. Once a process: a database of its own, and Django set up."""
    apply()
    if HOME not in os.environ:
        server = databases.start_cluster(in_memory=True)
        _started.append(server)
        os.environ[HOME] = str(server.home)
        databases.make_template(server)
    server = databases.server_at(os.environ[HOME])
    own = databases.clone(server, f"kelmu_{uuid.uuid4().hex[:12]}")
    _own.append(own)
    os.environ["KELMU_DATABASE_URL"] = own.url()
    import django  # noqa: PLC0415 - only now is the environment whole

    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that started the cluster removes it."""
    while _started:
        databases.remove_cluster(_started.pop())
        os.environ.pop(HOME, None)


@pytest.fixture(scope="session")
def database() -> Database:
    """This process's database; others' entries may be in its log."""
    return _own[0]


@pytest.fixture(scope="module")
def clean_database() -> Iterator[Database]:
    """A database of the module's own, with Django pointed at it while the module runs."""
    own = databases.clone(_own[0].server, f"kelmu_{uuid.uuid4().hex[:12]}")
    databases.point_django_at(own)
    yield own
    databases.point_django_at(_own[0])
    databases.drop(own)


@pytest.fixture
def moment(world: World) -> Iterator[psycopg.Connection]:
    """One transaction, and so one moment, as the superuser, taken back."""
    with world.database.connect("kelmu_admin", autocommit=False) as connection:
        yield connection
        connection.rollback()
