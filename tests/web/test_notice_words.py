"""Every code of a notice that the database allows, or a door answers, has a word."""

from __future__ import annotations

import re

import pytest

from kelmu.core.sql_migrations import read_sql
from kelmu.web.presentation import notice_words as words

TABLES = read_sql("kelmu.notices", "tables.sql")


def _codes(constraint: str) -> set[str]:
    allowed = re.search(constraint + r" CHECK \((?:VALUE|\w+) IN \((.*?)\)\)", TABLES, re.DOTALL)
    assert allowed is not None
    return set(re.findall(r"'(\w+)'", allowed[1]))


@pytest.mark.parametrize(
    ("constraint", "told"),
    [
        ("notice_kind_known", words.NOTICE_KINDS),
        ("notice_outcome_known", words.NOTICE_OUTCOMES),
        ("notice_content_need_reason_known", words.NEED_REASONS),
        ("event_what_known", words.NOTICE_EVENTS),
    ],
)
def test_every_code_of_a_notice_has_a_word(constraint: str, told: dict[str, object]) -> None:
    assert set(told) == _codes(constraint)


def test_every_state_of_a_notice_has_a_word() -> None:
    """`transferred` is what doors answer of one that was sent away."""
    assert set(words.NOTICE_STATES) == {*_codes("notice_state_known"), "transferred"}


def test_every_reason_why_a_change_is_not_possible_has_a_word() -> None:
    work = read_sql("kelmu.notices", "work.sql")
    told = re.search(r"or why it cannot be: ([\w,\s-]+?)\.", work)
    assert told is not None
    assert set(words.WHY_UNCHANGED) == {*re.findall(r"\w+", told[1].replace("--", "")), "read_only"}
