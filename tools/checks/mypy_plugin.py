"""Django's mypy plugin imports the settings; give it a test environment to import them in."""

from __future__ import annotations

import sys
from pathlib import Path

# mypy loads this file by its path, with nothing of ours importable yet; it wants its own first entry kept.
_ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(_ROOT), str(_ROOT / "src")]

from mypy_django_plugin.main import plugin  # noqa: E402 - the path first

from tools.setup.test_environment import apply  # noqa: E402 - the path first

apply()

__all__ = ["plugin"]
