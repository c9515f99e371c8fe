"""The manifest of a feed: which files belong to it, how many rows each has, and their digests."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from kelmu.feed.errors import FeedError
from kelmu.feed.tables import FEED_TABLES

MANIFEST = "manifest.json"
FORMAT = "kelmu-feed-1"
_STRICT = ConfigDict(extra="forbid")
_BLOCK = 1 << 20

Source = Literal[
    "population", "non_disclosure", "matters", "decisions", "payments", "coverage", "recovery",
    "maintenance_collection", "medicine_cap", "third_party_info",
]  # fmt: skip
"""Where the data come from, as ``register.source`` names it."""


@dataclass(frozen=True, config=_STRICT)
class TableFile:
    """One file: a CSV with header, UTF-8. ``rows`` does not count the header."""

    table: str
    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]+\.csv$")]
    rows: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, config=_STRICT)
class Manifest:
    """A whole feed. ``as_of`` is the moment it was drawn; ``sources`` when each source was read."""

    format: Literal["kelmu-feed-1"]
    as_of: AwareDatetime
    sources: Mapping[Source, AwareDatetime]
    tables: tuple[TableFile, ...]
    made_by: Mapping[str, Any] = Field(default_factory=dict)

    def file_of(self, table: str) -> TableFile | None:
        """The file of a table, if the feed has one."""
        return next((file for file in self.tables if file.table == table), None)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a feed and compare every file with it.

    Raises:
        FeedError: no manifest, one that is not as it should be, a table missing or unknown, or a file
            missing or other than the manifest says.
    """
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = TypeAdapter(Manifest).validate_python(document)
    except FileNotFoundError:
        raise FeedError(MANIFEST, "is missing: the folder holds no finished feed") from None
    except (OSError, UnicodeDecodeError):
        raise FeedError(MANIFEST, "cannot be read as UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise FeedError(MANIFEST, "is not JSON", line=error.lineno) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise FeedError(MANIFEST, f"{place}: {first['msg']}") from None
    _check_tables(manifest)
    for file in manifest.tables:
        _check_digest(folder, file)
    return manifest


def _check_tables(manifest: Manifest) -> None:
    known = {table.name for table in FEED_TABLES}
    given = Counter(file.table for file in manifest.tables)
    for name, count in given.items():
        if name not in known:
            raise FeedError(MANIFEST, f"names an unknown table {name}")
        if count > 1:
            raise FeedError(MANIFEST, f"names the table {name} twice")
    for table in FEED_TABLES:
        if table.required and table.name not in given:
            raise FeedError(MANIFEST, f"does not name the table {table.name}: the feed is incomplete")


def _check_digest(folder: Path, file: TableFile) -> None:
    digest = hashlib.sha256()
    try:
        with (folder / file.file).open("rb") as content:
            while block := content.read(_BLOCK):
                digest.update(block)
    except FileNotFoundError:
        raise FeedError(file.file, "is missing") from None
    if digest.hexdigest() != file.sha256:
        raise FeedError(file.file, "is not the file the manifest means: its SHA-256 differs")
