"""``make check``: everything that can be judged without running the service. Every check runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools.checks.budgets import budget_findings
from tools.checks.committed import committed_findings
from tools.checks.findings import ROOT, Finding, committed_files
from tools.checks.own_rules import rule_findings
from tools.checks.translations import message_findings
from tools.setup.test_environment import apply

_CODE = ("src", "tools", "tests", "bench")


def _run(program: str, *arguments: str) -> bool:
    """Run a program of the environment this one runs in."""
    path = Path(sys.executable).with_name(program)
    return subprocess.run([path, *arguments], cwd=ROOT, check=False).returncode == 0


def _report(findings: list[Finding]) -> bool:
    for finding in sorted(findings, key=lambda found: (found.is_hint, found.path, found.line)):
        print(f"  {finding}")
    return all(finding.is_hint for finding in findings)


def _folders() -> list[str]:
    return [name for name in _CODE if any((ROOT / name).rglob("*.py"))]


def _migrations_are_complete() -> bool:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kelmu.config.static_settings"
    return _run("django-admin", "makemigrations", "--check", "--dry-run")


CHECKS: dict[str, Callable[[], bool]] = {
    "format": lambda: _run("ruff", "format", "--check", "."),
    "lint": lambda: _run("ruff", "check", "."),
    "types": lambda: _run("mypy", *_folders()),
    "layers": lambda: _run("lint-imports", "--no-logo"),
    "budgets": lambda: _report(list(budget_findings(committed_files()))),
    "committed-files": lambda: _report(list(committed_findings(committed_files()))),
    "own-rules": lambda: _report(list(rule_findings(committed_files()))),
    "messages": lambda: _report(list(message_findings())),
    "migrations": _migrations_are_complete,
}


def main() -> int:
    """Run the checks named on the command line, or all; 1 if any fails."""
    apply()
    chosen = sys.argv[1:] or list(CHECKS)
    failed = []
    for name in chosen:
        print(f"== {name}", flush=True)
        started = time.monotonic()
        if not CHECKS[name]():
            failed.append(name)
        print(f"   {'FAILED' if name in failed else 'ok'} ({time.monotonic() - started:.1f} s)", flush=True)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
