"""``kelmu settings-reference``: every setting, written from the settings themselves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import time
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from kelmu.config.environment import ALL_GROUPS, variable_name
from kelmu.config.kinds import Form
from kelmu.config.reading import Group, is_secret

_INTRODUCTION = """\
# Settings

<!-- Written by `make reference`; a test fails when it lags behind the code. -->

Kelmu reads its settings from the environment and from nowhere else. A missing or nonsensical one
stops the start with one line that names it. The web process reads every group but the last three and
refuses to start where it can see the owner's password; migrations read only *Ownership*, loading of
register data only *Feeding*, the worker only *Working*. A secret can also be given as `NAME_FILE`, the path
of a file that holds it. No secret has a default.
"""
_PLAIN: dict[object, str] = {
    time: "a time of the day, as 05:00", bool: "true or false", int: "whole number", float: "number",
    str: "text", SecretStr: "text", Path: "path",
}  # fmt: skip


def run() -> int:
    """Print the reference."""
    sys.stdout.write(reference())
    return 0


def reference() -> str:
    """The settings reference as Markdown."""
    return "\n".join([_INTRODUCTION, *(part for group in ALL_GROUPS for part in _section(group))])


def _section(group: type[Group]) -> Iterator[str]:
    yield f"## {group.__name__}\n\n{(group.__doc__ or '').strip().replace('``', '`')}\n"
    for name, field in group.model_fields.items():
        yield f"### `{variable_name(name)}`\n\n{field.description}\n\n{_facts(field)}\n"


def _facts(field: FieldInfo) -> str:
    facts = [_form(field.annotation, field.metadata)]
    if is_secret(field):
        facts.append("secret")
    facts.append("required" if field.is_required() else f"default: {_default(field.default)}")
    line = "; ".join(facts)
    return f"{line[0].upper()}{line[1:]}."


def _form(annotation: Any, metadata: list[Any]) -> str:
    if get_origin(annotation) is Annotated:
        annotation, *metadata = get_args(annotation)
    named = next((item.text for item in metadata if isinstance(item, Form)), None)
    if named:
        return named
    if get_origin(annotation) in {Union, UnionType}:  # `X | None`, with and without Annotated inside
        return _form(next(kind for kind in get_args(annotation) if kind is not NoneType), metadata)
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{word}`" for word in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return " or ".join(f"`{member.value}`" for member in annotation)
    return _PLAIN[annotation] + _bounds(metadata)


def _bounds(metadata: list[Any]) -> str:
    words = []
    for item in metadata:
        match item:
            case Ge(ge=least):
                words.append(f"from {least}")
            case Gt(gt=below):
                words.append(f"over {below}")
            case Le(le=most):
                words.append(f"to {most}")
            case Lt(lt=above):
                words.append(f"under {above}")
    return f" {' '.join(words)}" if words else ""


def _default(value: object) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{' '.join(value) if isinstance(value, tuple) else value}`"
