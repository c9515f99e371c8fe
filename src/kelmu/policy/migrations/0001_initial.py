"""The policy as the door reads it."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from kelmu.core.sql_migrations import run_sql


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []

    operations: ClassVar[list[Operation]] = [
        run_sql("kelmu.policy", "tables.sql", reverse="DROP SCHEMA policy CASCADE")
    ]
