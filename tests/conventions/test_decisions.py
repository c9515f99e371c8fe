"""Decision records can be found by number, file name and title, and these agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DECISIONS = Path(__file__).resolve().parents[2] / "docs" / "decisions"
RECORDS = sorted(DECISIONS.glob("*.md"))


def slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower().replace("'", "")).strip("-")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_number_file_name_and_title_agree(record: Path) -> None:
    number, _, name = record.stem.partition("-")
    first_line = record.read_text(encoding="utf-8").splitlines()[0]

    match = re.fullmatch(r"# (\d{4})\. (.+)", first_line)
    assert match, f"the first line of {record.name} must be '# {number}. Title'"
    assert match[1] == number
    assert slug(match[2]) == name


def test_numbers_run_from_zero_without_gaps_or_repetitions() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(len(RECORDS)))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_each_record_says_when_why_and_what_follows(record: Path) -> None:
    text = record.read_text(encoding="utf-8")

    assert re.search(
        r"^Date: \d{4}-\d{2}-\d{2}\. Status: (accepted|superseded by \d{4})\.$", text, re.MULTILINE
    )
    for heading in ("## Context", "## Decision", "## Consequences"):
        assert heading in text
