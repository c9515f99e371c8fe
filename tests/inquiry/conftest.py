"""Looks in a database of the module's own, through Django's connection as the web role."""

from __future__ import annotations

import json

import pytest

from kelmu.identity.acting import ActingSession
from tests.databases import Database
from tests.world import Body, Somebody, World


@pytest.fixture
def world(clean_database: Database) -> World:
    return World(clean_database)


@pytest.fixture
def body(world: World) -> Body:
    return world.body()


@pytest.fixture
def official(world: World) -> Somebody:
    return world.person(lives_in="091")


@pytest.fixture
def session(world: World, body: Body, official: Somebody) -> ActingSession:
    """The official's acting session as the door tells it."""
    return acting(world, world.begin(body, official))


def acting(world: World, secret: str) -> ActingSession:
    [(facts,)] = world.database.run("SELECT door.acting(%s)::text", secret, role="kelmu_web")
    return ActingSession.from_json(json.loads(str(facts)), secret)
