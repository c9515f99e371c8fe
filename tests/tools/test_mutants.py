"""The faults put into policy and door are the ones meant, and every one of them is a change."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bench.mutants.python_source import python_mutants
from bench.mutants.sql_source import function_mutants, privilege_mutants

ROOT = Path(__file__).resolve().parents[2]
PYTHON = '''
def may(age: int | None, held: set[str]) -> bool:
    """Whether she may."""
    if age >= 18 and not held:
        check(age)
        return True
    return any(each for each in held if each != "x")
'''
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
        SELECT FROM t WHERE t.code = asked AND t.valid_from <= today
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
