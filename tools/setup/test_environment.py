"""A complete environment for tests and for tools that must import Django's settings.

Keys are made once for each process tree: a child inherits them through the environment.
Usage, before anything of Django is imported::

    from tools.setup.test_environment import apply
    apply(KELMU_DATABASE_URL=server.url("kelmu_web", name))
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def rsa_key_file(path: Path) -> Path:
    """Write a new RSA key (PEM, mode 0600) unless the file exists already."""
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(pem)
    return path


def _plain() -> dict[str, str]:
    return {
        "KELMU_ENVIRONMENT": "test",
        "KELMU_PUBLIC_URL": "http://127.0.0.1:8000",
        "KELMU_SECRET_KEY": secrets.token_urlsafe(48),
        "KELMU_SESSION_SEAL_KEY": secrets.token_hex(32),
        "KELMU_PSEUDONYM_KEY": secrets.token_hex(32),
        # Nobody listens there: a test that needs the database says which.
        "KELMU_DATABASE_URL": "postgresql://kelmu_web:none@127.0.0.1:1/none",
        "KELMU_AGREEMENTS_CONTACT": "sopimukset@kela.example",
        "KELMU_OIDC_ISSUER": "http://localhost:1",
        "KELMU_OIDC_CLIENT_ID": "kelmu",
        "KELMU_OIDC_LEVELS": "http://ftn.ficora.fi/2017/loatest2 http://ftn.ficora.fi/2017/loatest3",
        "KELMU_MANDATES_URL": "http://localhost:1",
        "KELMU_MANDATES_CLIENT_ID": "kelmu001",
        "KELMU_MANDATES_API_KEY": secrets.token_urlsafe(24),
        "KELMU_MANDATES_OAUTH_PASSWORD": secrets.token_urlsafe(24),
    }


def apply(**overrides: str) -> None:
    """Complete ``os.environ``: overrides win, then what is there already, then fresh test values."""
    os.environ.update(overrides)
    for name, value in _plain().items():
        os.environ.setdefault(name, value)
    for name in ("KELMU_OIDC_SIGNING_KEY_FILE", "KELMU_OIDC_ENCRYPTION_KEY_FILE"):
        if name not in os.environ:
            # Kept for the user between runs: making an RSA key takes longer than a test.
            folder = Path(tempfile.gettempdir()) / f"kelmu-test-keys-{os.geteuid()}"
            folder.mkdir(mode=0o700, exist_ok=True)
            os.environ[name] = str(rsa_key_file(folder / f"{name.lower()}.pem"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kelmu.config.settings")
    # Playwright's blocking interface leaves its event loop marked as running in the thread it shares with
    # the tests that follow, and Django would refuse them the database. Nothing runs beside them there.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
