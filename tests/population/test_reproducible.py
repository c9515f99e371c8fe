"""The same seed, size and day give the same bytes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.population.conftest import AS_OF
from tools.population import lanes
from tools.population.__main__ import populate


def digests(
    folder: Path, *, seed: int = 3, persons: int = 400, as_of: date = AS_OF, chunk: int = 150
) -> list[str]:
    populate(persons=persons, seed=seed, folder=folder, as_of=as_of, chunk=chunk)
    manifest = json.loads((folder / "manifest.json").read_text())
    return [table["sha256"] for table in manifest["tables"]]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert (tmp_path / "a" / "manifest.json").read_bytes() == (tmp_path / "b" / "manifest.json").read_bytes()


def test_another_seed_or_day_gives_others(tmp_path: Path) -> None:
    assert digests(tmp_path / "a") != digests(tmp_path / "b", seed=4)
    assert digests(tmp_path / "a") != digests(tmp_path / "b", as_of=date(2026, 11, 25))


@pytest.mark.parametrize("as_of", [date(2026, 1, 1), date(2026, 4, 30), date(2026, 5, 1), date(2028, 2, 29)])
def test_any_day_of_the_years_to_come_can_be_told_about(tmp_path: Path, as_of: date) -> None:
    assert digests(tmp_path, as_of=as_of)


def test_too_few_persons_for_the_cast_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="persons are needed"):
        populate(persons=10, seed=1, folder=tmp_path, as_of=AS_OF)


def test_processes_give_the_bytes_that_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together = digests(tmp_path / "a")
    monkeypatch.setattr(lanes, "FEW", 0)
    assert digests(tmp_path / "b") == together
