"""Inquiries and tickets, and the doors through which data about a client leave."""

from django.db import migrations

from kelmu.core.sql_migrations import run_doors, run_sql

DECISION = (
    "door_private.decide_and_log, door_private.new_ticket, door_private.person_outcome, "
    "door_private.cause, door_private.scope, door_private.person_facts, door_private.is_protected, "
    "door_private.in_area, door_private.municipality_of"
)
DOSSIER = (
    "door_private.document_fields, door_private.dossier, door_private.dossier_scope, "
    "door_private.dossier_sources, door_private.dossier_payments, "
    "door_private.dossier_pending, door_private.dossier_person"
)
DECISIONS = (
    "door_private.dossier_decisions, door_private.decision_members, door_private.decision_commitments, "
    "door_private.decision_calculations"
)
GUARDIANS = "door_private.dossier_guardians"
GONE = "door_private.dossier_gone, door_private.closed_after"
CHANGES = "door_private.dossier_changes, door_private.last_told, door_private.recorded_after"
TYPES = "door_private.scope_row"
GROUPS = (
    "door_private.dossier_third_party_info, door_private.dossier_medicine_cap, "
    "door_private.dossier_maintenance, door_private.dossier_recovery, door_private.dossier_coverage"
)
LIMITS = (
    "door_private.release_official, door.held_for, door_private.refuse_for_now, door_private.count_outcome, "
    "door_private.many_persons, door_private.held_until, door_private.await_turn"
)
OPEN = (
    "door.open_view, door.give_reason, door.open_inquiry, door_private.own_inquiry, "
    "door_private.purge_content"
)
READ = (
    "door.recent_inquiries, door.report_difference, door.read_dossier, door.read_outcome, "
    "door_private.use_ticket, door_private.durable_entry, door_private.own_ticket, door_private.flush_log"
)
DRAFTS = (
    "door.forget_draft, door.draft, door.keep_draft, door_private.draft_mark, door_private.draft_session, "
    "door_private.purge_drafts"
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("register", "0001_initial"), ("policy", "0001_initial"), ("identity", "0001_initial")]

    operations = [
        run_sql("kelmu.inquiry", "tables.sql", reverse="DROP SCHEMA inquiry CASCADE"),
        run_sql(
            "kelmu.inquiry",
            "limit_tables.sql",
            reverse="DROP TABLE inquiry.official_lock, inquiry.counted, inquiry.limits",
        ),
        run_sql("kelmu.inquiry", "draft_tables.sql", reverse="DROP TABLE inquiry.draft"),
        run_doors("kelmu.inquiry", "limits.sql", reverse=f"DROP FUNCTION {LIMITS}"),
        run_doors("kelmu.inquiry", "decision.sql", reverse=f"DROP FUNCTION {DECISION}"),
        run_doors("kelmu.inquiry", "dossier.sql", reverse=f"DROP FUNCTION {DOSSIER}; DROP TYPE {TYPES}"),
        run_doors("kelmu.inquiry", "dossier_decisions.sql", reverse=f"DROP FUNCTION {DECISIONS}"),
        run_doors("kelmu.inquiry", "dossier_guardians.sql", reverse=f"DROP FUNCTION {GUARDIANS}"),
        run_doors("kelmu.inquiry", "dossier_gone.sql", reverse=f"DROP FUNCTION {GONE}"),
        run_doors("kelmu.inquiry", "dossier_changes.sql", reverse=f"DROP FUNCTION {CHANGES}"),
        run_doors("kelmu.inquiry", "dossier_groups.sql", reverse=f"DROP FUNCTION {GROUPS}"),
        run_doors("kelmu.inquiry", "doors_open.sql", reverse=f"DROP FUNCTION {OPEN}"),
        run_doors("kelmu.inquiry", "doors_read.sql", reverse=f"DROP FUNCTION {READ}"),
        run_doors("kelmu.inquiry", "drafts.sql", reverse=f"DROP FUNCTION {DRAFTS}"),
    ]
