"""Authorities, areas and agreements."""

from django.db import migrations

from kelmu.core.sql_migrations import run_sql


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [run_sql("kelmu.organisations", "tables.sql", reverse="DROP SCHEMA organisations CASCADE")]
