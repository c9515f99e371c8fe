"""The source keeps to its budgets and holds nothing that must not be committed; the checks see faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.checks.budgets import budget_findings
from tools.checks.committed import committed_findings
from tools.checks.findings import committed_files

FAULTS = {
    "registry": 'resolved = "https://registry.npmjs.org/left-pad"',
    "index": "--extra-" + "index-url somewhere",
    "machine path": 'path = "/home' + '/somebody/kelmu"',
    "private key": "-----BEGIN PRIVATE KEY-----",
    "token": "ghp_" + "a1" * 18,
    "secret": 'api_key = "q7Zk3vX9pLm2Rt8WyB4nHs6d"',
    "lint": "import os  # noqa: F401",
    "types": "x = y  # type: ignore[assignment]",
    "identity code": "010190-123M",
}
FINE = {
    "artificial identity code": "010190-9123",
    "specimen code": "131052-308T",
    "reason for lint": "import os  # noqa: F401 - re-exported",
    "reason for types": "x = y  # type: ignore[assignment] # the stub is wrong",
    "address": "https://www.suomi.fi/valtuudet",
    "passed on": 'password = passwords["kelmu_web"]',
}


def faults_in(line: str, folder: Path) -> list[str]:
    file = folder / "file.txt"
    file.write_text(f"first line\n{line}\n")
    return [finding.text for finding in committed_findings([file], folder)]


@pytest.mark.parametrize("line", FAULTS.values(), ids=FAULTS.keys())
def test_what_must_not_be_committed_is_found(line: str, tmp_path: Path) -> None:
    assert len(faults_in(line, tmp_path)) == 1


@pytest.mark.parametrize("line", FINE.values(), ids=FINE.keys())
def test_what_may_be_committed_is_let_through(line: str, tmp_path: Path) -> None:
    assert faults_in(line, tmp_path) == []


def test_nothing_committed_is_what_must_not_be() -> None:
    assert [str(finding) for finding in committed_findings(committed_files())] == []


def test_every_file_and_function_is_within_its_hard_budget() -> None:
    assert [str(finding) for finding in budget_findings(committed_files()) if not finding.is_hint] == []


def test_a_file_or_function_over_its_budget_is_found(tmp_path: Path) -> None:
    long_function = "def long():\n" + "    pass\n" * 60
    (tmp_path / "functions.py").write_text(long_function)
    (tmp_path / "long.sql").write_text("SELECT 1;\n" * 501)
    (tmp_path / "soft.css").write_text("a { }\n" * 301)

    found = budget_findings(
        [tmp_path / "functions.py", tmp_path / "long.sql", tmp_path / "soft.css"], tmp_path
    )
    assert [(finding.path, finding.is_hint) for finding in found] == [
        ("functions.py", False), ("long.sql", False), ("soft.css", True),
    ]  # fmt: skip
