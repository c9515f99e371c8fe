"""A whole environment to take one thing out of."""

from __future__ import annotations

import os
import secrets

import pytest


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The test environment turned into one that production accepts."""
    values = {
        "KELMU_ENVIRONMENT": "production",
        "KELMU_PUBLIC_URL": "https://kelmu.example",
        "KELMU_BEHIND_TLS_PROXY": "true",
        "KELMU_OIDC_ISSUER": "https://identification.example",
        "KELMU_OIDC_LEVELS": "http://ftn.ficora.fi/2017/loa2",
        "KELMU_MANDATES_URL": "https://mandates.example",
        "KELMU_DATABASE_URL": "postgresql://kelmu_web:secret@db.example/kelmu?sslmode=verify-full",
        "KELMU_SECRET_KEY": secrets.token_urlsafe(48),
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    return monkeypatch
