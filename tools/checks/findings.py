"""What a check finds, and the files it looks at."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be. A hint is shown and does not fail the check."""

    path: str
    line: int
    text: str
    is_hint: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'(hint) ' if self.is_hint else ''}{self.text}"


def committed_files(root: Path = ROOT) -> list[Path]:
    """The files that are committed or would be: everything git does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := root / name).is_file()]


def text_of(path: Path) -> str | None:
    """The text of a file; ``None`` if it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
