"""Size budgets: a file or function that outgrows them does more than one thing."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.checks.findings import ROOT, Finding, text_of

FILE = (300, 500)
TEST_FILE = (400, 400)
FUNCTION = (30, 60)
"""Soft and hard limit, in lines. Over the soft one is a hint, over the hard one fails."""

_SOURCE = {".py", ".sql", ".html", ".css", ".js", ".mjs"}


def _over(limits: tuple[int, int], size: int, path: str, line: int, what: str) -> Iterator[Finding]:
    soft, hard = limits
    if size > soft:
        limit = hard if size > hard else soft
        yield Finding(path, line, f"{what} has {size} lines, the budget is {limit}", is_hint=size <= hard)


def _functions(path: str, text: str) -> Iterator[Finding]:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        yield Finding(path, error.lineno or 1, "cannot be parsed")
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            yield from _over(FUNCTION, size, path, node.lineno, f"function {node.name}")


def budget_findings(files: Iterable[Path], root: Path = ROOT) -> Iterator[Finding]:
    """Files and functions over their budgets."""
    for path in files:
        text = text_of(path) if path.suffix in _SOURCE else None
        if text is None:
            continue
        name = path.relative_to(root).as_posix()
        limits = TEST_FILE if name.startswith("tests/") else FILE
        yield from _over(limits, text.count("\n"), name, 1, "file")
        if path.suffix == ".py":
            yield from _functions(name, text)
