"""Mutants of Python: conditions, comparisons, connectives, constants, arithmetic, checks and raises."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.mutants.model import Mutant, numbered
from bench.mutants.swapping import code_at

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.BitXor: ast.BitAnd,
}  # fmt: skip
_NOT_BEHAVIOUR = {"annotation", "returns", "type_params"}


@dataclass(frozen=True)
class _Fault:
    """Put ``replacement`` where ``original`` stands, in ``place``."""

    original: ast.AST
    replacement: ast.AST
    place: str
    says: str


def python_mutants(root: Path, path: str, package: str) -> list[Mutant]:
    """Every mutant of one file, in the order of the text."""
    tree = ast.parse((root / path).read_text(encoding="utf-8"))
    faults = list(_faults(tree, "module"))
    keys = numbered(f"{path}::{fault.place}: {fault.says}" for fault in faults)
    before = ast.unparse(tree) + "\n"
    found = []
    for key, fault in zip(keys, faults, strict=True):
        text = _changed(tree, fault)
        found.append(
            Mutant(key, package, path, fault.place, text, swappable=_in_a_body(before, text, fault.place))
        )
    return found


def _in_a_body(before: str, after: str, place: str) -> bool:
    """Not in a default, a decorator or a class; nor what takes its ``super()`` from a method."""
    code, original = code_at(after, place), code_at(before, place)
    if code is None or original is None or code == original:
        return False
    # A function takes no code that closes over other names than its own did.
    return code.co_freevars == original.co_freevars


def _changed(tree: ast.Module, fault: _Fault) -> str:
    memo = {id(fault.original): fault.replacement}
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree, memo))) + "\n"


def _faults(node: ast.AST, place: str) -> Iterator[_Fault]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        place = node.name if place == "module" else f"{place}.{node.name}"
    for replacement, says in _replacements(node):
        yield _Fault(node, replacement, place, says)
    for name, value in ast.iter_fields(node):
        if name in _NOT_BEHAVIOUR or (name == "decorator_list" and isinstance(node, ast.FunctionDef)):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_dull(child):
                yield from _faults(child, place)


def _is_dull(node: ast.AST) -> bool:
    """Keywords that say how a class is laid out, not what it does; imports for type checkers."""
    if isinstance(node, ast.keyword):
        return node.arg in {"slots", "kw_only", "repr", "maxsize", "strict"}
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _replacements(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    match node:
        case ast.Compare(ops=ops):
            for index, operator in enumerate(ops):
                changed = copy.deepcopy(node)
                changed.ops[index] = _COMPARISONS[type(operator)]()
                yield changed, _says(node, changed)
        case ast.BoolOp():
            yield from _connectives(node)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand, _says(node, node.operand)
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC:
            changed_sum = ast.BinOp(node.left, _ARITHMETIC[type(operator)](), node.right)
            yield changed_sum, _says(node, changed_sum)
        case ast.Constant(value=int() as value):
            changed_value = (not value) if isinstance(value, bool) else value + 1
            yield ast.Constant(changed_value), f"{value} becomes {changed_value}"
        case ast.If() | ast.IfExp():
            yield from _conditions(node)
        case ast.comprehension(ifs=[_, *_]):
            without = copy.deepcopy(node)
            without.ifs = []
            yield without, f"filter dropped: {ast.unparse(node.ifs[0])}"
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield ast.Pass(), f"dropped: {ast.unparse(node)[:60]}"
        case _:
            return


def _connectives(node: ast.BoolOp) -> Iterator[tuple[ast.AST, str]]:
    swapped = ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    yield swapped, _says(node, swapped)
    for index in range(len(node.values)):
        rest = [value for place, value in enumerate(node.values) if place != index]
        left = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        yield left, f"dropped of {ast.unparse(node)[:60]}: {ast.unparse(node.values[index])[:60]}"


def _conditions(node: ast.If | ast.IfExp) -> Iterator[tuple[ast.AST, str]]:
    for value in (True, False):
        changed = copy.copy(node)
        changed.test = ast.Constant(value)
        yield changed, f"condition always {value}: {ast.unparse(node.test)[:60]}"


def _says(before: ast.AST, after: ast.AST) -> str:
    return f"{ast.unparse(before)[:60]} becomes {ast.unparse(after)[:60]}"
