"""Notices, and the doors through which they come, are worked on and leave."""

from django.db import migrations

from kelmu.core.sql_migrations import run_doors, run_sql

WORKING_DAYS = "door_private.working_day_after, door_private.is_working_day, door_private.easter"
SENDING = (
    "door_private.send_notice, door_private.is_restricted, door_private.notice_address, "
    "door_private.notice_due_on, door_private.notice_visible_from, door_private.midnight"
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("inquiry", "0001_initial")]

    operations = [
        run_sql("kelmu.notices", "tables.sql", reverse="DROP SCHEMA notices CASCADE"),
        run_doors("kelmu.notices", "working_days.sql", reverse=f"DROP FUNCTION {WORKING_DAYS}"),
        run_doors("kelmu.notices", "sending.sql", reverse=f"DROP FUNCTION {SENDING}"),
    ]
