"""Kela's data about persons; payments partitioned by year."""

from django.db import migrations

from kelmu.core.sql_migrations import run_sql


class Migration(migrations.Migration):
    initial = True
    dependencies = [("organisations", "0001_initial"), ("identity", "0001_initial")]

    operations = [
        run_sql("kelmu.register", "tables.sql", reverse="DROP SCHEMA register CASCADE"),
        run_sql("kelmu.register", "decision_tables.sql", reverse=""),
        run_sql("kelmu.register", "history.sql", reverse=""),
        # Partitions have no privileges of their own: they are reached through their table only.
        run_sql("kelmu.register", "privileges.sql", reverse=""),
        run_sql("kelmu.register", "partitions.sql", reverse=""),
        run_sql("kelmu.register", "keys.sql", reverse=""),
    ]
