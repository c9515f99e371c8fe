"""Puts a fault into Python that is loaded already, by giving a function the code of its faulty twin.

Whoever imported the function holds the same function, so this is the fault itself, as long as nothing was
computed with the function before: only functions that nobody called while everything was imported and
collected are dealt with so.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any


class Calls:
    """Names of the functions of some files that are called between ``begin`` and ``end``."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder.resolve())
        self.names: set[str] = set()

    def begin(self) -> None:
        """From now on."""
        sys.setprofile(self._note)

    def end(self) -> None:
        """Until now."""
        sys.setprofile(None)

    def _note(self, frame: Any, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(self._folder):
            self.names.add(f"{Path(frame.f_code.co_filename).name}::{outermost(frame.f_code.co_qualname)}")


def outermost(name: str) -> str:
    """The function or method a nested function, lambda or comprehension belongs to."""
    return name.partition(".<locals>")[0]


def code_at(text: str, place: str) -> CodeType | None:
    """The code of the function or method at a place such as ``decide`` or ``PersonFacts.from_json``."""
    code: CodeType | None = compile(text, "faulty", "exec", dont_inherit=True)
    for name in place.split("."):
        code = next(
            (each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == name), None
        ) if code else None  # fmt: skip
    return code if code and code.co_flags & 2 else None  # 2: optimised, so a function's, not a class's


def swap(path: str, place: str, text: str) -> None:
    """Give the loaded function the code that ``text`` has at the place.

    Raises:
        LookupError: there is no such function.
    """
    found: Any = importlib.import_module(path.removeprefix("src/").removesuffix(".py").replace("/", "."))
    for name in place.split("."):
        found = vars(found)[name]
    code = code_at(text, place)
    function = _function_of(found)
    if code is None or function is None:
        raise LookupError(place)
    function.__code__ = code


def _function_of(found: Any) -> FunctionType | None:
    """The function within what decorators have made of it."""
    for name in ("__func__", "fget", "func", "__wrapped__"):
        inner: Callable[..., Any] | None = getattr(found, name, None)
        if inner is not None and not isinstance(found, FunctionType):
            return _function_of(inner)
    return found if isinstance(found, FunctionType) else None
