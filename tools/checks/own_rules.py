"""Rules of this project that no general linter knows: what the product's source may do, and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.checks.findings import ROOT, Finding, text_of

_PRODUCT = "src/kelmu/"
_CLOCK = {"src/kelmu/core/clock.py"}
_SQL = {
    "src/kelmu/core/door.py",
    # Organisations, areas, agreements and their clients are the only tables the web role may read.
    "src/kelmu/organisations/queries.py",
    "src/kelmu/organisations/api_clients.py",
    "src/kelmu/identity/agreements.py",
    # Whether the database answers at all.
    "src/kelmu/web/health.py",
}
_NOW = {"now", "utcnow", "today"}
_CLASSES_OF_TIME = {"datetime", "date", "timezone"}
_UNSAFE_IMPORTS = {"pickle", "marshal", "shelve", "random"}
_MACHINE_FACE = "src/kelmu/api/"

_TEMPLATE_LINES = (
    (re.compile(r"\|\s*safe(?:seq)?\b"), "marks text as safe"),
    (re.compile(r"{%\s*autoescape\s+off"), "turns escaping off"),
    (re.compile(r"<[^>]*\sstyle\s*="), "has a style of its own, which the pages' policy forbids"),
    (re.compile(r"<style\b"), "has a style sheet inside"),
    (re.compile(r"<[^>]*\son[a-z]+\s*="), "has a script in an attribute"),
    (re.compile(r"<script(?![^>]*\bsrc=)"), "has a script inside"),
    (re.compile(r"javascript:"), "has a script as an address"),
    (re.compile(r"""<(?:script|link|img|iframe|object|embed)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//"""),
     "loads from elsewhere"),
)  # fmt: skip


def rule_findings(files: Iterable[Path], root: Path = ROOT) -> Iterator[Finding]:
    """What breaks the rules, in the product's modules and templates."""
    for path in files:
        name = path.relative_to(root).as_posix()
        text = text_of(path) if name.startswith(_PRODUCT) else None
        if text is None:
            continue
        if name.endswith(".html"):
            yield from _in_template(name, text)
        elif name.endswith(".py"):
            yield from (Finding(name, line, what) for line, what in _in_module(name, ast.parse(text)))


def _in_template(name: str, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, what in _TEMPLATE_LINES:
            if pattern.search(line):
                yield Finding(name, number, what)


def _in_module(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((node.lineno, what) for what in _in_call(name, node))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, what) for what in _in_import(name, node))


def _in_call(name: str, call: ast.Call) -> Iterator[str]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    owner_name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    if called in {"mark_safe", "SafeString"} and not all(
        isinstance(each, ast.Constant) for each in call.args
    ):
        yield "marks as safe what is not a text of this file"
    if name not in _CLOCK and owner_name in _CLASSES_OF_TIME and called in _NOW:
        yield "asks the time elsewhere than core.clock"
    if name not in _CLOCK and (owner_name, called) == ("time", "time"):
        yield "asks the time elsewhere than core.clock"
    if called in {"eval", "exec"} and owner is None:
        yield "runs text as a program"


def _in_import(name: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    names = {each.name for each in node.names}
    module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
    if module == "django.db" and names & {"connection", "connections"} and name not in _SQL:
        yield "speaks SQL elsewhere than where the web role's few statements are"
    if "csrf_exempt" in names and not name.startswith(_MACHINE_FACE):
        yield "takes a form from anywhere"
    if ({module.split(".")[0]} | ({each.split(".")[0] for each in names} if not module else set())) & (
        _UNSAFE_IMPORTS
    ):
        yield "uses a module that neither keeps nor makes secrets safely"
