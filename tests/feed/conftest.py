from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tools.population.__main__ import populate


@dataclass(frozen=True)
class Files:
    """A feed's folder that a test may damage."""

    folder: Path

    def edit(self, name: str, change: Callable[[bytes], bytes]) -> Files:
        """Change a file; the manifest stays as it was."""
        path = self.folder / name
        path.write_bytes(change(path.read_bytes()))
        return self

    def reseal(self) -> Files:
        """Make the manifest's digests those of the files, so that only their content is wrong."""
        path = self.folder / "manifest.json"
        manifest = json.loads(path.read_text())
        for table in manifest["tables"]:
            table["sha256"] = hashlib.sha256((self.folder / table["file"]).read_bytes()).hexdigest()
        path.write_text(json.dumps(manifest))
        return self


@pytest.fixture(scope="session")
def whole_feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feed")
    populate(persons=300, seed=11, folder=folder, as_of=date(2026, 11, 24))
    return folder


@pytest.fixture
def files(whole_feed: Path, tmp_path: Path) -> Files:
    return Files(Path(shutil.copytree(whole_feed, tmp_path / "feed")))
