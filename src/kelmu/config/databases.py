"""Django's database settings out of a connection URL."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from kelmu.config.environment import Database
from kelmu.config.kinds import connection_parameters

_PREPARED_AFTER = 5
"""How often a connection runs a statement before it prepares it. Django would prepare none unless told."""
_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def _database(url: SecretStr, options: dict[str, Any]) -> dict[str, Any]:
    parameters = dict(connection_parameters(url))
    named = {_NAMES[name]: parameters.pop(name) for name in tuple(parameters) if name in _NAMES}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        **named,
        "OPTIONS": {**parameters, "server_side_binding": True, **options},
    }


def web_database(settings: Database) -> dict[str, Any]:
    """The pooled connection of the web process.

    Parameters are bound on the server, so that no identity code ever stands in a statement's text.
    """
    pool = {
        "min_size": settings.database_pool_min,
        "max_size": settings.database_pool_max,
        "timeout": settings.database_pool_timeout_seconds,
    }
    options = {"pool": pool, "application_name": "kelmu-web", "prepare_threshold": _PREPARED_AFTER}
    return _database(settings.database_url, options)


def owner_database(url: SecretStr) -> dict[str, Any]:
    """The connection of a migration: one, not pooled, with the lock and statement limits of a deployment."""
    limits = "-c lock_timeout=5s -c statement_timeout=15min"
    return _database(url, {"application_name": "kelmu-migrate", "options": limits})
