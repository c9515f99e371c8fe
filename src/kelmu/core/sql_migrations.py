"""Hand-written SQL as Django migrations: one file each, reviewed as SQL and loaded as it is."""

from __future__ import annotations

from importlib.resources import files

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


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

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _execute(editor, read_sql(package, name))

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _execute(editor, reverse)

    return migrations.RunPython(forwards, backwards)


def _execute(editor: BaseDatabaseSchemaEditor, text: str) -> None:
    # The driver's own cursor without parameters: the file holds several statements and bare % signs.
    connection = editor.connection.connection
    assert connection is not None
    connection.execute(text.encode())
