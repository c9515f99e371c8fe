"""What has been done already: digests of what a step was made from, kept beside the data it made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path


def digest_of(paths: Iterable[Path], *words: str) -> str:
    """A digest of files' names and contents, and of some words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        digest.update(f"\0{path.name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


class Done:
    """Remembers which steps were done from what."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._steps: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def same(self, step: str, fingerprint: str) -> bool:
        """Whether the step was done, from the very same."""
        return self._steps.get(step) == fingerprint

    def record(self, step: str, fingerprint: str) -> None:
        """Note that the step is done."""
        self._steps[step] = fingerprint
        self._write()

    def forget(self) -> None:
        """Note that nothing is done."""
        self._steps.clear()
        self._write()

    def _write(self) -> None:
        temporary = self.path.with_suffix(".new")
        temporary.write_text(json.dumps(self._steps, indent=1), encoding="utf-8")
        temporary.replace(self.path)
