"""The log, and the schemas the doors live in."""

from django.db import migrations

from kelmu.core.sql_migrations import run_sql


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        run_sql("kelmu.audit", "tables.sql", reverse="DROP SCHEMA audit CASCADE"),
        run_sql("kelmu.audit", "door_schemas.sql", reverse="DROP SCHEMA door, door_private CASCADE"),
    ]
