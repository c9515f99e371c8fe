"""The faults put into policy and door are the ones meant, and every one of them is a change."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

from bench.mutants.python_source import python_mutants
from bench.mutants.sql_source import function_mutants, privilege_mutants
from bench.mutants.swapping import swap

ROOT = Path(__file__).resolve().parents[2]
PYTHON = '''
def may(age: int | None, held: set[str]) -> bool:
    """Whether she may."""
    if age >= 18 and not held:
        check(age)
        return True
    return any(each for each in held if each != "x")
'''
LOADED = """
import functools

@functools.lru_cache
def month_of():
    return 1

class Thing:
    @classmethod
    def kept(cls):
        return 3

    @staticmethod
    def made():
        return 5

    @property
    def shown(self):
        return 7
"""
SQL = """
CREATE FUNCTION door.look(asked text, today date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    -- A comment with = and AND in it.
    IF asked IS NULL THEN
        RAISE EXCEPTION 'asked AND nothing = there' USING ERRCODE = 'KL010';
    END IF;
    PERFORM door_private.log(asked, told => true);
    RETURN EXISTS (
        SELECT FROM t LEFT JOIN u ON true WHERE t.code = asked AND t.valid_from <= today
            AND (t.valid_to IS NULL OR t.valid_to >= today) AND t.at > now() - interval '5 minutes');
END
$function$;

GRANT EXECUTE ON FUNCTION door.look(text, date) TO kelmu_web;
GRANT SELECT, INSERT ON t TO kelmu_door;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
"""


@pytest.fixture
def python(tmp_path: Path) -> set[str]:
    (tmp_path / "m.py").write_text(PYTHON)
    return {ast.unparse(ast.parse(mutant.text)) for mutant in python_mutants(tmp_path, "m.py", "policy")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("age >= 18", "age > 18"),
        ("18", "19"),
        ("age >= 18 and (not held)", "age >= 18 or not held"),
        ("age >= 18 and (not held)", "age >= 18"),
        ("age >= 18 and (not held)", "not held"),
        ("not held", "held"),
        ("if age >= 18 and (not held)", "if False"),
        ("if age >= 18 and (not held)", "if True"),
        ("check(age)", "pass"),
        ("return True", "return False"),
        (" if each != 'x'", ""),
        ("each != 'x'", "each == 'x'"),
    ],
)
def test_python_gets_each_small_fault(python: set[str], before: str, after: str) -> None:
    whole = ast.unparse(ast.parse(PYTHON))
    assert before in whole
    assert ast.unparse(ast.parse(whole.replace(before, after, 1))) in python


def test_types_are_left_alone(python: set[str]) -> None:
    assert all("age: int | None" in text for text in python)


def test_a_fault_in_a_body_can_be_put_into_what_is_loaded_one_in_a_default_cannot(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("def wait(seconds: int = 3) -> bool:\n    return seconds > 5\n")
    by_key = {mutant.key: mutant.swappable for mutant in python_mutants(tmp_path, "m.py", "policy")}
    assert by_key["m.py::wait: 3 becomes 4 #1"] is False
    assert by_key["m.py::wait: 5 becomes 6 #1"] is True


def test_a_method_that_loses_its_super_cannot_be_put_into_what_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(
        "class Refused(Exception):\n    def __init__(self) -> None:\n        super().__init__('no')\n"
    )
    [dropped] = [
        mutant for mutant in python_mutants(tmp_path, "m.py", "policy") if "dropped: super()" in mutant.key
    ]
    assert not dropped.swappable


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        ("month_of", "return 1", "return 2"),
        ("Thing.kept", "return 3", "return 4"),
        ("Thing.made", "return 5", "return 6"),
        ("Thing.shown", "return 7", "return 8"),
    ],
)
def test_whoever_holds_a_function_meets_the_fault_put_into_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, before: str, after: str
) -> None:
    (tmp_path / "swapped_in_test.py").write_text(LOADED)
    monkeypatch.syspath_prepend(str(tmp_path))
    loaded = importlib.import_module("swapped_in_test")
    try:
        month_of, thing = loaded.month_of, loaded.Thing()
        swap("src/swapped_in_test.py", place, LOADED.replace(before, after))
        answers = f"return {month_of()}{thing.kept()}{thing.made()}{thing.shown}"
        assert answers == "return 1357".replace(before[-1], after[-1])
    finally:
        del sys.modules["swapped_in_test"]


@pytest.fixture
def sql(tmp_path: Path) -> set[str]:
    (tmp_path / "d.sql").write_text(SQL)
    found = [*function_mutants(tmp_path, "d.sql", "door"), *privilege_mutants(tmp_path, "d.sql", "door")]
    assert all(mutant.text != SQL for mutant in found)
    return {" ".join(mutant.text.split()) for mutant in found}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("t.code = asked", "t.code <> asked"),
        ("t.code = asked AND", "true AND"),
        ("t.valid_from <= today", "true"),
        ("t.valid_from <= today", "t.valid_from < today"),
        ("(t.valid_to IS NULL OR t.valid_to >= today)", "true"),
        ("t.valid_to IS NULL OR", "false OR"),
        ("OR t.valid_to >= today", "OR false"),
        ("t.valid_to IS NULL OR t.valid_to", "t.valid_to IS NULL AND t.valid_to"),
        ("asked IS NULL", "asked IS NOT NULL"),
        ("IF asked IS NULL THEN", "IF false THEN"),
        ("IF asked IS NULL THEN", "IF true THEN"),
        ("5 minutes", "6 minutes"),
        ("told => true", "told => false"),
        ("PERFORM door_private.log(asked, told => true);", "NULL;"),
        (" SECURITY DEFINER", ""),
        (" SET search_path = pg_catalog, pg_temp", ""),
        ("GRANT EXECUTE ON FUNCTION door.look(text, date) TO kelmu_web;", ""),
        ("TO kelmu_web", "TO PUBLIC"),
        ("GRANT SELECT, INSERT ON t", "GRANT ALL ON t"),
        ("REVOKE ALL ON SCHEMA public FROM PUBLIC;", ""),
    ],
)
def test_sql_gets_each_small_fault(sql: set[str], before: str, after: str) -> None:
    whole = " ".join(SQL.split())
    assert before in whole
    assert " ".join(whole.replace(before, after, 1).split()) in sql


def test_comments_and_texts_are_left_alone(sql: set[str]) -> None:
    assert all("-- A comment with = and AND in it." in text for text in sql)
    assert all("'asked AND nothing = there'" in text for text in sql)


def test_keys_tell_mutants_apart() -> None:
    found = function_mutants(ROOT, "src/kelmu/inquiry/sql/decision.sql", "door")
    assert len({mutant.key for mutant in found}) == len(found) > 100
