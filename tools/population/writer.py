"""Writing feed files: one CSV a table, and the manifest that says what belongs to the feed."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from types import TracebackType
from typing import BinaryIO
from zoneinfo import ZoneInfo

import polars as pl

from kelmu.feed.manifest import FORMAT, MANIFEST
from tools.population.days import day

SOURCES = (
    "population", "non_disclosure", "matters", "decisions", "payments", "coverage", "recovery",
    "maintenance_collection", "medicine_cap", "third_party_info",
)  # fmt: skip
_FETCHED_AT = time(0, 30, tzinfo=ZoneInfo("Europe/Helsinki"))


class FeedWriter:
    """Appends chunks of tables to the files of a feed; the manifest is written last.

    A feed without a manifest is unfinished and is never loaded.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._digests: dict[str, hashlib._Hash] = {}
        self.rows: dict[str, int] = {}

    def __enter__(self) -> FeedWriter:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / MANIFEST).unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    def append(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Write the rows of a chunk; the first one gives the columns."""
        for name, frame in tables.items():
            first = name not in self._files
            if first:
                self._files[name] = (self.folder / f"{name}.csv").open("wb")
                self._digests[name] = hashlib.sha256()
                self.rows[name] = 0
            buffer = io.BytesIO()
            frame.write_csv(buffer, include_header=first, float_precision=2)
            self._files[name].write(buffer.getbuffer())
            self._digests[name].update(buffer.getbuffer())
            self.rows[name] += frame.height

    def finish(self, as_of: int, made_by: Mapping[str, object]) -> None:
        """Close the files and write the manifest."""
        for file in self._files.values():
            file.close()
        moment = datetime.combine(day(as_of), _FETCHED_AT).astimezone(UTC).isoformat()
        manifest = {
            "format": FORMAT,
            "as_of": moment,
            "made_by": dict(made_by),
            "sources": dict.fromkeys(SOURCES, moment),
            "tables": [
                {
                    "table": name,
                    "file": f"{name}.csv",
                    "rows": self.rows[name],
                    "sha256": self._digests[name].hexdigest(),
                }
                for name in self._files
            ],
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")
