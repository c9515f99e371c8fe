"""Write ``docs/reference/`` anew. A test fails when a page lags behind what it describes."""

from __future__ import annotations

import sys

from kelmu.config.commands import settings_reference
from tools.checks.findings import ROOT
from tools.reference import audit_events, feed_format, policy_matrix

PAGES = {
    "settings.md": settings_reference.reference,
    "audit-events.md": audit_events.reference,
    "feed-format.md": feed_format.reference,
    "policy-matrix.md": policy_matrix.reference,
}
"""What writes each page."""
FOLDER = ROOT / "docs" / "reference"


def main() -> int:
    """Write every page."""
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
