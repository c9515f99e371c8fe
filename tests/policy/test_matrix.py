"""The whole matrix of policy equals the reviewed text."""

from __future__ import annotations

import os
from pathlib import Path

from tests.policy import matrix

REVIEWED = Path(__file__).with_name("matrix.txt")


def test_the_matrix_is_the_reviewed_one() -> None:
    """``KELMU_UPDATE=1`` writes it anew; read the difference before committing it."""
    written = matrix.text()
    if os.environ.get("KELMU_UPDATE") == "1":
        REVIEWED.write_text(written, encoding="utf-8")
    assert written == REVIEWED.read_text(encoding="utf-8")
