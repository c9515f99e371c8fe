"""The demo's own secrets: made once, kept in `.data/` for the user only (mode 0600)."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from tools.setup.test_environment import rsa_key_file


def _new() -> dict[str, str]:
    return {
        "KELMU_SECRET_KEY": secrets.token_urlsafe(48),
        "KELMU_SESSION_SEAL_KEY": secrets.token_hex(32),
        "KELMU_PSEUDONYM_KEY": secrets.token_hex(32),
        "KELMU_MANDATES_API_KEY": secrets.token_urlsafe(24),
        "KELMU_MANDATES_OAUTH_PASSWORD": secrets.token_urlsafe(24),
        "KELMU_KELA_KEY": secrets.token_urlsafe(48),
    }


def demo_secrets(folder: Path) -> Mapping[str, str]:
    """Secrets and key files as environment variables, the same at every start."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    values = _new() | kept
    if values != kept:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(values, file, indent=1)
    return values | {
        "KELMU_OIDC_SIGNING_KEY_FILE": str(rsa_key_file(folder / "signing.pem")),
        "KELMU_OIDC_ENCRYPTION_KEY_FILE": str(rsa_key_file(folder / "encryption.pem")),
    }
