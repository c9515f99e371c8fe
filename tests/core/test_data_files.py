"""Data files are read strictly: every fault stops, and names file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kelmu.core.data_files import DataFileError, Row, digest, read_rows


def read(tmp_path: Path, text: str | bytes) -> tuple[Row, ...]:
    file = tmp_path / "things.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_rows(file, ("code", "name"))


def test_rows_know_their_line(tmp_path: Path) -> None:
    rows = read(tmp_path, 'code,name\na,"An, or other"\nb,\n')
    assert [(row.line, row["code"], row["name"]) for row in rows] == [(2, "a", "An, or other"), (3, "b", "")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "things.csv:1: the columns must be code,name"),
        ("code,name\n", "things.csv:1: has no lines"),
        ("name,code\na,b\n", "things.csv:1: the columns must be code,name"),
        ("\ufeffcode,name\na,b\n", "things.csv:1: the columns must be code,name"),
        ("code,name\na,b\nc\n", "things.csv:3: 1 fields where 2 belong"),
        ("code,name\na,b\n\nc,d\n", "things.csv:3: 0 fields where 2 belong"),
        ("code,name\na,b,c\n", "things.csv:2: 3 fields where 2 belong"),
        ("code,name\na, b\n", "things.csv:2: name has space at its edge or an unprintable character"),
        ('code,name\na,"b\nc"\n', "things.csv:3: name has space at its edge or an unprintable character"),
        ("code,name\na,b\u200b\n", "things.csv:2: name has space at its edge or an unprintable character"),
        ("code,name\na,b\nc,d\na,b\n", "things.csv:4: repeats line 2"),
        ('code,name\na,"b"c\n', "things.csv:2: ',' expected after '\"'"),
        ('code,name\na,"b\n', "things.csv:2: unexpected end of data"),
        (b"code,name\na,b\nc,\xe4\n", "things.csv:3: not UTF-8"),
    ],
)
def test_each_fault_of_a_file_is_told_with_its_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(DataFileError) as raised:
        read(tmp_path, text)
    assert str(raised.value) == message


def row(value: str) -> Row:
    return Row("f.csv", 7, {"x": value})


def test_fields_are_read_as_what_they_are() -> None:
    assert (row("1").flag("x"), row("").flag("x")) == (True, False)
    assert (row("2026-05-01").day("x"), row("").day("x")) == (date(2026, 5, 1), None)
    assert (row("24").number("x"), row("").number("x")) == (24, None)
    assert (row("A B-C").codes("x"), row("").codes("x")) == (("A", "B-C"), ())
    assert row("b").one_of("x", {"a", "b"}) == "b"


@pytest.mark.parametrize("text", ["0", "yes", "true"])
def test_a_flag_is_one_or_nothing(text: str) -> None:
    with pytest.raises(DataFileError, match=r"f\.csv:7"):
        row(text).flag("x")


@pytest.mark.parametrize("text", ["2026-02-30", "1.5.2026", "20260501", "2026-W18-5"])
def test_a_day_is_written_one_way(text: str) -> None:
    with pytest.raises(DataFileError, match=r"f\.csv:7"):
        row(text).day("x")


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "012", "²", "x"])
def test_a_number_is_whole_and_above_zero(text: str) -> None:
    with pytest.raises(DataFileError, match=r"f\.csv:7"):
        row(text).number("x")


@pytest.mark.parametrize("text", ["A  B", "A A"])
def test_codes_are_apart_and_named_once(text: str) -> None:
    with pytest.raises(DataFileError, match=r"f\.csv:7"):
        row(text).codes("x")


def test_a_needed_field_is_filled_and_known() -> None:
    with pytest.raises(DataFileError, match="x is empty"):
        row("").filled("x")
    with pytest.raises(DataFileError, match="unknown x 'c'"):
        row("c").one_of("x", {"a"})


def test_the_digest_changes_with_any_byte_and_not_with_the_order(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("a")
    other.write_text("b")
    before = digest([one, other])
    assert before == digest([other, one])
    other.write_text("c")
    assert digest([one, other]) != before
