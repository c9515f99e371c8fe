"""Payment claims, and the doors through which they are made, seen and changed."""

from django.db import migrations

from kelmu.core.sql_migrations import run_doors, run_sql

SEEING = (
    "door.claim_accounts, door.claim_rows, door_private.claims_seen, door_private.claim_row, "
    "door_private.find_claim, door_private.may_claim, door_private.claim_sight"
)
READING = (
    "door.read_claims, door_private.claim_document, door_private.other_claims, door_private.claim_history, "
    "door.open_claims, door_private.claims_among"
)
WORK = (
    "door.change_claim, door_private.changed_claim, door.submit_claim, door_private.with_receipt, "
    "door_private.claim_fault, door.keep_claim, door.start_claim, door_private.claim_worked, "
    "door_private.apply_claim"
)


class Migration(migrations.Migration):
    initial = True
    # Whom somebody may see is asked as for notices.
    dependencies = [("notices", "0001_initial")]

    operations = [
        run_sql("kelmu.claims", "tables.sql", reverse="DROP SCHEMA claims CASCADE"),
        run_doors("kelmu.claims", "seeing.sql", reverse=f"DROP FUNCTION {SEEING}"),
        run_doors("kelmu.claims", "reading.sql", reverse=f"DROP FUNCTION {READING}"),
        run_doors("kelmu.claims", "work.sql", reverse=f"DROP FUNCTION {WORK}"),
    ]
