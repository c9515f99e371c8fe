from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.databases import Database
from tools.cast import load_cast
from tools.cast.agreements import agreements_document


@pytest.fixture
def owner(clean_database: Database) -> Iterator[psycopg.Connection]:
    with clean_database.connect("kelmu_owner") as connection:
        yield connection


@pytest.fixture(scope="session")
def cast_agreements() -> str:
    """The cast's agreements as text, officials under made-up pseudonyms."""
    codes = [person.personal_id for person in load_cast().people]
    return agreements_document(load_cast(), lambda code: f"{codes.index(code):064x}")


@pytest.fixture
def file(tmp_path: Path, cast_agreements: str) -> Path:
    path = tmp_path / "agreements.toml"
    path.write_text(cast_agreements, encoding="utf-8")
    return path
