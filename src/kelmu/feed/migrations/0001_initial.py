"""Where a feed waits before it is merged."""

from django.db import migrations

from kelmu.core.sql_migrations import run_sql


class Migration(migrations.Migration):
    initial = True
    dependencies = [("register", "0001_initial")]

    operations = [run_sql("kelmu.feed", "tables.sql", reverse="DROP SCHEMA feed CASCADE")]
