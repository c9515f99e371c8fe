"""The manifest of a feed: its place in the sequence, its files, how many rows each has, their digests."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from kelmu.feed.errors import Fault, Faults, FeedError
from kelmu.feed.tables import FEED_TABLES, TABLE_OF, FeedTable

MANIFEST = "manifest.json"
FORMAT = "kelmu-feed-2"
_STRICT = ConfigDict(extra="forbid")
_BLOCK = 1 << 20
_MOST_FILES = 30_000
_FeedId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]

Source = Literal[
    "population", "non_disclosure", "matters", "decisions", "payments", "coverage", "recovery",
    "maintenance_collection", "medicine_cap", "third_party_info",
]  # fmt: skip
"""Where the data come from, as ``register.source`` names it."""


@dataclass(frozen=True, config=_STRICT)
class TableFile:
    """One file of a table. ``rows`` does not count a CSV's header."""

    table: str
    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_][a-z0-9_.-]*\.(csv|parquet)$")]
    rows: Annotated[int, Field(ge=0, lt=1 << 31)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, config=_STRICT)
class Manifest:
    """What a feed says of itself.

    ``feed_id`` names it once and for all; ``follows`` is the feed that must have been loaded last (of a
    delta, and of nothing else). ``as_of`` is the moment it was drawn; ``sources`` when each source was
    read. A table may lie in several files, read in the manifest's order.
    """

    format: Literal["kelmu-feed-2"]
    kind: Literal["full", "delta"]
    feed_id: _FeedId
    as_of: AwareDatetime
    sources: Mapping[Source, AwareDatetime]
    tables: tuple[TableFile, ...]
    follows: _FeedId | None = None
    made_by: Mapping[str, Any] = Field(default_factory=dict)

    @property
    def is_delta(self) -> bool:
        """Whether it brings changes only."""
        return self.kind == "delta"

    def brought(self) -> Iterator[tuple[FeedTable, int]]:
        """The tables it says something of, in the order in which they are loaded, with their rows.

        A full feed says something of every table: of one without rows that it is empty.
        """
        for table in FEED_TABLES:
            rows = sum(file.rows for file in self.tables if file.table == table.name)
            if rows or not self.is_delta:
                yield table, rows

    def files(self) -> Iterator[tuple[int, TableFile]]:
        """The files with their place in the manifest, in the order in which tables are loaded."""
        order = {table.name: place for place, table in enumerate(FEED_TABLES)}
        yield from sorted(enumerate(self.tables), key=lambda each: (order[each[1].table], each[0]))


@dataclass(frozen=True, config=_STRICT)
class Feed:
    """A manifest with the digest of its bytes, which stands for the whole feed."""

    manifest: Manifest
    digest: bytes


def read_manifest(folder: Path) -> Feed:
    """Read the manifest of a feed and compare every file with it.

    Raises:
        FeedError: no manifest, one that is not as it should be, a table missing or unknown, or files
            missing or other than the manifest says; every such fault is told.
    """
    content = _content(folder)
    try:
        manifest = TypeAdapter(Manifest).validate_python(json.loads(content.decode("utf-8")))
    except UnicodeDecodeError:
        raise FeedError.of(MANIFEST, "cannot be read as UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise FeedError([Fault(MANIFEST, error.lineno, None, "is not JSON")]) from None
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        places = [(".".join(str(step) for step in each["loc"]), each["msg"]) for each in found]
        raise FeedError(Fault(MANIFEST, None, None, f"{place}: {says}") for place, says in places) from None
    faults = Faults()
    faults.extend(Fault(MANIFEST, None, None, problem) for problem in _problems(manifest))
    faults.refuse()
    faults.extend(fault for file in manifest.tables if (fault := _other_file(folder, file)))
    faults.refuse()
    return Feed(manifest, hashlib.sha256(content).digest())


def _content(folder: Path) -> bytes:
    try:
        return (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise FeedError.of(MANIFEST, "is missing: the folder holds no finished feed") from None
    except OSError:
        raise FeedError.of(MANIFEST, "cannot be read") from None


def _problems(manifest: Manifest) -> Iterator[str]:
    if manifest.is_delta != (manifest.follows is not None):
        yield "follows: a delta names the feed it follows, a full feed names none"
    given = Counter(file.table for file in manifest.tables)
    yield from (f"names an unknown table {name}" for name in given if name not in TABLE_OF)
    for name, count in Counter(file.file for file in manifest.tables).items():
        if count > 1:
            yield f"names the file {name} twice"
    if len(manifest.tables) > _MOST_FILES:
        yield f"names more than {_MOST_FILES:,} files"
    if not manifest.is_delta:
        missing = (table.name for table in FEED_TABLES if table.name not in given)
        yield from (f"does not name the table {name}: the feed is incomplete" for name in missing)


def _other_file(folder: Path, file: TableFile) -> Fault | None:
    """What is wrong with a file as a whole: it is missing, or its digest differs."""
    try:
        with (folder / file.file).open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return Fault(file.file, None, None, "is missing")
    except OSError:
        return Fault(file.file, None, None, "cannot be read")
    if digest != file.sha256:
        return Fault(file.file, None, None, "is not the file the manifest means: its SHA-256 differs")
    return None
