from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import polars.selectors as cs
import pytest

from tools.population.__main__ import populate

AS_OF = date(2026, 11, 24)


@dataclass(frozen=True)
class Feed:
    """The files of one run, read as tables."""

    folder: Path

    def __getitem__(self, table: str) -> pl.DataFrame:
        frame = pl.read_parquet(self.folder / f"{table}-*.parquet")
        return frame.with_columns(cs.decimal().cast(pl.Float64))


@pytest.fixture(scope="session")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Feed:
    folder = tmp_path_factory.mktemp("feed")
    populate(persons=2_000, seed=7, folder=folder, as_of=AS_OF)
    return Feed(folder)
