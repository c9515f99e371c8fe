"""Hand-written SQL as Django migrations: one file each, reviewed as SQL and loaded as it is."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

Text = Callable[[], str]
"""Made only when the step runs."""


def read_sql(package: str, name: str) -> str:
    """The text of ``<package>/sql/<name>``."""
    return (files(package) / "sql" / name).read_text(encoding="utf-8")


def run_sql(package: str, name: str, *, reverse: str) -> migrations.RunPython:
    """A migration step that runs one SQL file whole, as one simple query.

    Args:
        package: dotted name of the capability, such as ``kelmu.register``.
        name: file name in its ``sql`` folder.
        reverse: the SQL that takes it back.
    """
    return run_sql_text(lambda: read_sql(package, name), reverse=lambda: reverse)


def run_sql_text(text: Text, *, reverse: Text) -> migrations.RunPython:
    """A migration step that runs SQL which is made of several files, as one simple query."""

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _execute(editor, text())

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _execute(editor, reverse())

    return migrations.RunPython(forwards, backwards)


def run_doors(package: str, name: str, *, reverse: str) -> migrations.RunPython:
    """A migration step that runs one file of door functions, leaving them owned by ``kelmu_door``.

    The door role may create functions only while the step runs (design "The door", Roles).
    """
    return run_door_text(lambda: read_sql(package, name), reverse=lambda: reverse)


def run_door_text(text: Text, *, reverse: Text) -> migrations.RunPython:
    """The same for door functions that are made of several files."""

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _as_door(editor, text())

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _as_door(editor, reverse())

    return migrations.RunPython(forwards, backwards)


def _as_door(editor: BaseDatabaseSchemaEditor, text: str) -> None:
    _execute(editor, "GRANT CREATE ON SCHEMA door, door_private TO kelmu_door; SET LOCAL ROLE kelmu_door")
    _execute(editor, text)
    _execute(editor, "RESET ROLE; REVOKE CREATE ON SCHEMA door, door_private FROM kelmu_door")


def _execute(editor: BaseDatabaseSchemaEditor, text: str) -> None:
    # The driver's own cursor without parameters: the file holds several statements and bare % signs.
    connection = editor.connection.connection
    assert connection is not None
    connection.execute(text.encode())
