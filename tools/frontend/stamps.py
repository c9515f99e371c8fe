"""Remembers what a build step was made from, so that an unchanged one is skipped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def fingerprint(files: Iterable[Path], *facts: str) -> str:
    """A digest of the contents and names of `files`, in their order, and of `facts`."""
    digest = hashlib.sha256("\0".join(facts).encode())
    for file in files:
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether the step that left `stamp` was made from what `wanted` says."""
    return stamp.is_file() and stamp.read_text(encoding="ascii") == wanted


def keep(stamp: Path, wanted: str) -> None:
    """Note that the step is done."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted, encoding="ascii")
