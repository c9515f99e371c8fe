"""The pick rules are read strictly: a fault is told with file and line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kelmu.core.data_files import DataFileError
from kelmu.notices.pick_rule_file import pick_rules, read_pick_rules
from kelmu.notices.pick_rules import PickKind

HEADER = (
    "kind,version,valid_from,valid_to,months,over_percent,running_months,from_age,under_age,"
    "unemployment_benefits,residence_grounds,within_years,source"
)
YOUNG = "unemployed_under_25,1,2017-10-30,,4,50,2,,25,UNE-TMT,,,somewhere"
OLDER = "unemployed_25_plus,1,2017-10-30,,12,50,2,25,,UNE-TMT,,,somewhere"
NEWCOMER = "immigrant,1,2017-10-30,,2,50,2,,,,refugee,3,somewhere"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., object]:
    def reading(*lines: str) -> object:
        file = tmp_path / "pick_rules.csv"
        file.write_text("\n".join([HEADER, *lines]) + "\n")
        return read_pick_rules(file)

    return reading


def test_this_version_has_a_rule_in_force_for_each_kind() -> None:
    in_force = {rule.kind: rule for rule in pick_rules() if rule.valid.contains(date(2026, 11, 24))}
    assert {kind: rule.months for kind, rule in in_force.items()} == {
        PickKind.UNEMPLOYED_UNDER_25: 4, PickKind.UNEMPLOYED_25_PLUS: 12, PickKind.IMMIGRANT: 2,
    }  # fmt: skip


def test_versions_of_a_kind_follow_each_other(read: Callable[..., object]) -> None:
    ended = YOUNG.replace("2017-10-30,,", "2017-10-30,2026-12-31,")
    later = YOUNG.replace(",1,2017-10-30", ",2,2027-01-01")
    assert read(ended, OLDER, NEWCOMER, later)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (YOUNG.replace("under_25", "under_26"), "unknown kind"),
        (YOUNG.replace(",1,", ",,"), "version is empty"),
        (YOUNG.replace(",1,", ",2,"), "version 2 of unemployed_under_25 stands where 1 belongs"),
        (YOUNG.replace("2017-10-30", ""), "valid_from is empty"),
        (YOUNG.replace("2017-10-30", "30.10.2017"), "valid_from is '30.10.2017'"),
        (YOUNG.replace("2017-10-30,,", "2017-10-30,2017-10-29,"), "valid_to is before valid_from"),
        (YOUNG.replace(",4,", ",,"), "months is empty"),
        (YOUNG.replace(",4,", ",0,"), "no whole number above zero"),
        (YOUNG.replace(",4,", ",400,"), "more than 60 is a mistake"),
        (YOUNG.replace(",50,", ",100,"), "more than 99 is a mistake"),
        (YOUNG.replace("UNE-TMT", "UNE-XXX"), "unknown benefit 'UNE-XXX'"),
        (YOUNG.replace("UNE-TMT", "UNE-TMT UNE-TMT"), "names a code twice"),
        (YOUNG.replace(",somewhere", ","), "source is empty"),
        (YOUNG.replace(",,,somewhere", ",,3,somewhere"), "stand together or not at all"),
        (NEWCOMER.replace("refugee,3", "refugee,"), "stand together or not at all"),
    ],
)
def test_a_faulty_line_is_refused_by_its_place(read: Callable[..., object], line: str, message: str) -> None:
    with pytest.raises(DataFileError, match=r"^pick_rules\.csv:2: ") as raised:
        read(line, OLDER, NEWCOMER)
    assert message in str(raised.value)


@pytest.mark.parametrize("last_day", ["", "2027-01-01", "2030-12-31"])
def test_two_versions_may_not_hold_on_one_day(read: Callable[..., object], last_day: str) -> None:
    earlier = YOUNG.replace("2017-10-30,,", f"2017-10-30,{last_day},")
    later = YOUNG.replace(",1,2017-10-30", ",2,2027-01-01")
    with pytest.raises(DataFileError, match=r"^pick_rules\.csv:5: holds on a day on which version 1 does"):
        read(earlier, OLDER, NEWCOMER, later)


def test_a_kind_without_a_rule_is_refused(read: Callable[..., object]) -> None:
    with pytest.raises(DataFileError, match=r"^pick_rules\.csv:3: no line .* is a rule for immigrant"):
        read(YOUNG, OLDER)
