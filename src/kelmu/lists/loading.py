"""What the migration makes of the kinds: their rows, their functions, and the one that chooses."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import sql

from kelmu.lists.kinds import ListDefinition, list_definitions

_KIND = sql.SQL(
    "INSERT INTO lists.kind"
    " (kind, begins, every_months, published_day, follows, compared, hidden, revealing) VALUES ({});\n"
)
_BRANCH = """\
    WHEN '{kind}' THEN
        RETURN QUERY SELECT * FROM door_private.list_{kind}(list_rows.first_day, list_rows.last_day);
"""
_CHOICE = """\
-- The rows of a kind for a period, as its file defines them.
CREATE FUNCTION door_private.list_rows(kind text, first_day date, last_day date)
RETURNS SETOF door_private.list_row
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    CASE kind
{branches}    END CASE;
END
$function$;
"""


def kinds_sql() -> str:
    """The rows of ``lists.kind``."""
    return "".join(_kind_sql(each) for each in list_definitions().values())


def definitions_sql() -> str:
    """The function of each kind, and ``door_private.list_rows``."""
    kinds = list_definitions()
    branches = "".join(_BRANCH.format(kind=kind.value) for kind in kinds)
    return "\n".join([*(each.sql for each in kinds.values()), _CHOICE.format(branches=branches)])


def drop_definitions_sql() -> str:
    """Takes ``definitions_sql`` back."""
    return f"DROP FUNCTION {', '.join(_functions(list_definitions()))}"


def _functions(kinds: Iterable[str]) -> list[str]:
    return ["door_private.list_rows", *(f"door_private.list_{kind}" for kind in kinds)]


def _kind_sql(each: ListDefinition) -> str:
    values = [
        each.kind.value, each.begins, each.every_months, each.published_day, each.follows,
        None if each.compared is None else list(each.compared), each.hidden, list(each.revealing),
    ]  # fmt: skip
    return _KIND.format(sql.SQL(", ").join(sql.Literal(value) for value in values)).as_string()
