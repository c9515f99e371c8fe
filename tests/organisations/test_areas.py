"""Counties and municipalities: strictly read, loaded again without harm, merged ones followed."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from kelmu.core.data_files import DataFileError
from kelmu.organisations.areas import load_areas, read_municipalities

HEADER = "code,name_fi,name_sv,county_code,valid_from,valid_to,successor\n"


def test_loading_again_changes_nothing(owner: psycopg.Connection) -> None:
    query = "SELECT count(*), min(xmin::text), max(xmin::text) FROM organisations.municipality"
    assert load_areas(owner) == (23, 309)
    before = owner.execute(query).fetchone()
    assert load_areas(owner) == (23, 309)
    assert owner.execute(query).fetchone() == before


def test_a_merged_municipality_leads_to_the_present_one(owner: psycopg.Connection) -> None:
    load_areas(owner)
    row = owner.execute(
        "SELECT present_code, successor, valid_to::text FROM organisations.municipality WHERE code = '588'"
    ).fetchone()
    assert row == ("507", "507", "2024-12-31")
    others = owner.execute(
        "SELECT count(*) FROM organisations.municipality WHERE valid_to IS NULL AND present_code <> code"
    ).fetchone()
    assert others == (0,)


def test_a_chain_of_mergers_ends_at_the_last(tmp_path: Path) -> None:
    path = tmp_path / "municipalities.csv"
    path.write_text(
        HEADER + "001,A,A,08,,2010-12-31,002\n002,B,B,08,2011-01-01,2012-12-31,003\n003,C,C,08,2013-01-01,,\n"
    )
    assert [m.present_code for m in read_municipalities(path, {"08"})] == ["003", "003", "003"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("001,A,A,99,,,\n", ":2: unknown county_code"),
        ("001,A,A,08,,2010-12-31,777\n", ":2: unknown successor"),
        ("001,A,A,08,,,002\n002,B,B,08,,,\n", ":2: successor and valid_to"),
        ("001,A,A,08,,,\n001,B,B,08,,,\n", ":3: the code 001 stands twice"),
        ("001,A,A,08,,2010-12-31,002\n002,B,B,08,,2010-12-31,001\n", ":2: its successors go in a circle"),
        ("001,,A,08,,,\n", ":2: name_fi is empty"),
    ],
)
def test_a_wrong_file_is_refused_with_file_and_line(tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "municipalities.csv"
    path.write_text(HEADER + lines)
    with pytest.raises(DataFileError, match=f"municipalities.csv{message}"):
        read_municipalities(path, {"08"})
