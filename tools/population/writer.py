"""Writing feed files: Parquet or CSV, in parts of about as many rows, and the manifest that names them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl
import polars.selectors as cs

from kelmu.feed.manifest import FORMAT, MANIFEST
from tools.population.days import day

FileFormat = Literal["parquet", "csv"]
SOURCES = (
    "population", "non_disclosure", "matters", "decisions", "payments", "coverage", "recovery",
    "maintenance_collection", "medicine_cap", "third_party_info",
)  # fmt: skip
ROWS_A_FILE = 500_000
"""A file is written once so many rows wait for it, so that memory does not grow with the feed."""
_FETCHED_AT = time(0, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
_ROW_GROUP = 100_000


class FeedWriter:
    """Takes chunks of tables and writes them to files; the manifest is written last.

    A feed without a manifest is unfinished and is never loaded.
    """

    def __init__(self, folder: Path, file_format: FileFormat = "parquet") -> None:
        self.folder = folder
        self._format = file_format
        self._waiting: dict[str, list[pl.DataFrame]] = {}
        self._parts: list[dict[str, object]] = []
        self.rows: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        for old in (*folder.glob("*.csv"), *folder.glob("*.parquet")):
            old.unlink()

    def append(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Take the rows of a chunk; the first one gives the columns."""
        for name, frame in tables.items():
            waiting = self._waiting.setdefault(name, [])
            waiting.append(frame)
            self.rows[name] = self.rows.get(name, 0) + frame.height
            if sum(each.height for each in waiting) >= ROWS_A_FILE:
                self._write(name)

    def finish(self, feed_id: str, as_of: int, made_by: Mapping[str, object]) -> None:
        """Write what waits and the manifest, of a full feed."""
        written = {part["table"] for part in self._parts}
        for name, waiting in self._waiting.items():
            if waiting and (any(frame.height for frame in waiting) or name not in written):
                self._write(name)
        moment = datetime.combine(day(as_of), _FETCHED_AT).astimezone(UTC).isoformat()
        manifest = {
            "format": FORMAT,
            "kind": "full",
            "feed_id": feed_id,
            "as_of": moment,
            "made_by": dict(made_by),
            "sources": dict.fromkeys(SOURCES, moment),
            "tables": self._parts,
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")

    def _write(self, name: str) -> None:
        frame = pl.concat(self._waiting[name])
        self._waiting[name] = []
        number = 1 + sum(part["table"] == name for part in self._parts)
        path = self.folder / f"{name}-{number:03d}.{self._format}"
        write_table(frame, path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._parts.append({"table": name, "file": path.name, "rows": frame.height, "sha256": digest})


def write_table(frame: pl.DataFrame, path: Path) -> None:
    """Write one file of a feed, in the format its name ends with."""
    if path.suffix == ".parquet":
        frame.write_parquet(path, compression_level=1, row_group_size=_ROW_GROUP)
        return
    lists = cs.by_dtype(pl.List(pl.String), pl.List(pl.Int16))
    joined = lists.cast(pl.List(pl.String)).list.join("|")
    flat = frame.with_columns(
        pl.when(joined != "").then(joined).name.keep(),
        cs.datetime().dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    flat.write_csv(path)
