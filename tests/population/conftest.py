from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tools.population.__main__ import populate

AS_OF = date(2026, 11, 24)
DAYS = (
    "birth_date", "death_date", "valid_from", "valid_to", "paid_on", "period_from", "period_to", "decided_on",
    "received_on", "due_on", "first_residence_date", "appeal_until", "attachments_due_on",
    "overpaid_from", "overpaid_to", "reached_on", "annulled_on", "lowered_from", "lowered_to",
)  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """The files of one run, read as tables."""

    folder: Path

    def __getitem__(self, table: str) -> pl.DataFrame:
        frame = pl.read_csv(self.folder / f"{table}.csv", infer_schema_length=None)
        return frame.with_columns(
            pl.col(day).cast(pl.String).str.to_date() for day in DAYS if day in frame.columns
        )


@pytest.fixture(scope="session")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Feed:
    folder = tmp_path_factory.mktemp("feed")
    populate(persons=2_000, seed=7, folder=folder, as_of=AS_OF)
    return Feed(folder)
