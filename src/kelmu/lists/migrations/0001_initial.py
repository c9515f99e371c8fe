"""Recipient lists: what was on them, who may read them, and how they are made."""

from django.db import migrations

from kelmu.core.sql_migrations import run_door_text, run_doors, run_sql, run_sql_text
from kelmu.lists.loading import definitions_sql, drop_definitions_sql, kinds_sql

RULES = "door_private.payment_events, door_private.day_reached, door_private.weekdays"
RUNNING = "door.run_list, door_private.list_period"
SEEING = (
    "door.list_periods, door_private.seen_runs, door_private.list_sight_or_refusal, door_private.list_sight"
)
READING = (
    "door.read_list, door_private.list_head, door_private.use_list_ticket, door_private.list_changes, "
    "door_private.rows_of_runs, door_private.compared_runs, door.open_list, door_private.runs_digest"
)


class Migration(migrations.Migration):
    initial = True
    # Served municipalities and the entry of what was read are told by the functions of notices.
    dependencies = [("notices", "0001_initial")]

    operations = [
        run_sql("kelmu.lists", "tables.sql", reverse="DROP SCHEMA lists CASCADE"),
        run_sql_text(kinds_sql, reverse=lambda: "DELETE FROM lists.kind"),
        run_doors(
            "kelmu.lists",
            "rules.sql",
            reverse=f"DROP FUNCTION {RULES}; DROP TYPE door_private.list_row",
        ),
        run_door_text(definitions_sql, reverse=drop_definitions_sql),
        run_doors("kelmu.lists", "running.sql", reverse=f"DROP FUNCTION {RUNNING}"),
        run_doors(
            "kelmu.lists",
            "seeing.sql",
            reverse=f"DROP FUNCTION {SEEING}; DROP TYPE door_private.list_sight",
        ),
        run_doors("kelmu.lists", "reading.sql", reverse=f"DROP FUNCTION {READING}"),
    ]
