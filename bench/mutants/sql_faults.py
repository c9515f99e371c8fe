"""The small faults that can be put into a function of the door."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.mutants.sql_tokens import Token, tokens

_COMPARISONS = {"=": "<>", "<>": "=", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_WORDS = {"true": "false", "false": "true", "min": "max", "bool_or": "bool_and", "DESC": "", "DISTINCT": ""}
# Where an operand of AND and OR begins or ends, at its own depth.
_CONDITION_STARTS = {"WHERE", "ON", "IF", "ELSIF", "WHEN", "HAVING"}
_CONDITION_ENDS = {
    "THEN", "ORDER", "GROUP", "RETURNING", "LIMIT", "LOOP", "END", "JOIN", "LEFT", "CROSS", "UNION", "INTO",
    "FROM", "FOR", "ELSE", "WHERE", "SET", "VALUES", "SELECT", "AS", "RETURN",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Replace the text from ``begin`` to ``end``."""

    begin: int
    end: int
    replacement: str
    says: str


def faults(text: str) -> list[Fault]:
    """Every fault of one function, in the order of the text."""
    found = tokens(text)
    body = next((index for index, token in enumerate(found) if token.text in {"AS", "ATOMIC"}), 0)
    every = [*_header(text), *_single(text, found[body:]), *_predicates(text, found[body:])]
    # What says true already, as in JOIN … ON true, is no fault when it says true.
    changing = [fault for fault in every if text[fault.begin : fault.end] != fault.replacement]
    return sorted(changing, key=lambda fault: (fault.begin, fault.end, fault.replacement))


def _header(text: str) -> Iterator[Fault]:
    for pattern in (r" SECURITY DEFINER", r" SET search_path = pg_catalog, pg_temp"):
        match = re.search(pattern, text)
        if match:
            yield Fault(match.start(), match.end(), "", f"dropped: {pattern.strip()}")


def _single(text: str, found: Sequence[Token]) -> Iterator[Fault]:
    for index, token in enumerate(found):
        before = found[index - 1].text if index else ""
        after = found[index + 1].text if index + 1 < len(found) else ""
        if token.kind == "operator" and token.text in _COMPARISONS:
            yield _replace(text, token, _COMPARISONS[token.text])
        elif token.kind == "word":
            yield from _word(text, token, before, after)
        elif token.kind == "number" and token.text.isdigit():
            yield _replace(text, token, str(int(token.text) + 1))
        elif token.kind == "string" and before == "interval":
            yield _replace(text, token, re.sub(r"\d+", lambda number: str(int(number[0]) + 1), token.text))
        if token.text in {"PERFORM", "DELETE"}:
            end = next(later for later in found[index:] if later.text == ";").begin
            yield Fault(token.begin, end, "NULL", f"dropped: {_line(text[token.begin : end])}")


def _word(text: str, token: Token, before: str, after: str) -> Iterator[Fault]:
    if token.text in {"AND", "OR"}:
        yield _replace(text, token, "OR" if token.text == "AND" else "AND")
    elif token.text == "NOT":
        yield _replace(text, token, "")
    elif (token.text == "NULL" and before == "IS") or (token.text == "DISTINCT" and before == "IS"):
        yield _replace(text, token, f"NOT {token.text}")
    elif token.text in _WORDS and (token.text not in {"min", "bool_or"} or after == "("):
        yield _replace(text, token, _WORDS[token.text])


def _predicates(text: str, found: Sequence[Token]) -> Iterator[Fault]:
    """Each operand of AND by true, of OR by false; a condition that stands alone by both."""
    for index, token in enumerate(found):
        opens = token.text in _CONDITION_STARTS or _is_connective(found, index)
        if token.kind != "word" or not opens or (index and found[index - 1].text == "END"):
            continue
        yield from _operand_after(text, found, index)
        if _is_connective(found, index) and not _follows_start(found, index):
            yield from _operand_before(text, found, index)


def _operand_after(text: str, found: Sequence[Token], index: int) -> Iterator[Fault]:
    token = found[index]
    last = index
    while last + 1 < len(found) and not _ends(found, last + 1, token.depth):
        last += 1
    if last == index:
        return
    following = found[last + 1] if last + 1 < len(found) else None
    connective = token.text if token.text in {"AND", "OR"} else following.text if following else ""
    begin, end = found[index + 1].begin, found[last].end
    for value in {"AND": ("true",), "OR": ("false",)}.get(connective, ("true", "false")):
        yield Fault(begin, end, value, f"always {value}: {_line(text[begin:end])}")


def _operand_before(text: str, found: Sequence[Token], index: int) -> Iterator[Fault]:
    """The first operand of a chain that begins with a bracket or an assignment, not with a keyword."""
    token = found[index]
    first = index
    while first > 0 and not _begins(found, first - 1, token.depth):
        first -= 1
    if first == index:
        return
    begin, end = found[first].begin, found[index - 1].end
    value = "true" if token.text == "AND" else "false"
    yield Fault(begin, end, value, f"always {value}: {_line(text[begin:end])}")


def _follows_start(found: Sequence[Token], index: int) -> bool:
    """Whether the operand before a connective has been dealt with from its other end."""
    first = index
    while first > 0 and not _begins(found, first - 1, found[index].depth):
        first -= 1
    return first > 0 and (found[first - 1].text in _CONDITION_STARTS or _is_connective(found, first - 1))


def _is_connective(found: Sequence[Token], index: int) -> bool:
    if found[index].text == "OR":
        return True
    if found[index].text != "AND":
        return False
    for earlier in reversed(found[:index]):
        if earlier.depth == found[index].depth and earlier.text in {
            "AND",
            "OR",
            "BETWEEN",
            "WHERE",
            "IF",
            "ON",
        }:
            return earlier.text != "BETWEEN"
        if earlier.depth < found[index].depth:
            return True
    return True


def _ends(found: Sequence[Token], index: int, depth: int) -> bool:
    token = found[index]
    if token.depth < depth:
        return True
    if token.text == "FROM" and found[index - 1].text == "DISTINCT":
        return False
    return token.depth == depth and (
        token.text in {",", ";"} or token.text in _CONDITION_ENDS or _is_connective(found, index)
    )


def _begins(found: Sequence[Token], index: int, depth: int) -> bool:
    token = found[index]
    if token.depth < depth:
        return True
    return token.depth == depth and (
        token.text in {",", ";", ":=", "=>", "RETURN", *_CONDITION_STARTS, *_CONDITION_ENDS}
        or _is_connective(found, index)
    )


def _replace(text: str, token: Token, by: str) -> Fault:
    around = text[max(0, token.begin - 25) : token.end + 25]
    return Fault(token.begin, token.end, by, f"{token.text} becomes {by or 'nothing'} in {_line(around)}")


def _line(text: str) -> str:
    return " ".join(text.split())[:70]
