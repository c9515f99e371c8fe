"""Notices, and the doors through which they come, are worked on and leave."""

from django.db import migrations

from kelmu.core.sql_migrations import run_doors, run_sql

WORKING_DAYS = "door_private.working_day_after, door_private.is_working_day, door_private.easter"
SENDING = (
    "door_private.send_notice, door_private.is_restricted, door_private.notice_address, "
    "door_private.notice_due_on, door_private.notice_visible_from, door_private.midnight"
)
PICK_TABLES = "DROP TABLE notices.first_batch, notices.pick, notices.pick_run, notices.pick_rule"
PICKS = (
    "door.pick_notices, door_private.send_picks, door_private.look_for_picks, door_private.release_picks, "
    "door_private.present_pick_run, door_private.release_day"
)
SEEING = (
    "door_private.has_open_notice, door_private.find_notice, door_private.as_sent_away, "
    "door_private.sent_away, door_private.may_see, door_private.restricted_now, "
    "door_private.sight_or_refusal, door_private.sight, door_private.served_municipalities, "
    "door_private.feature_purpose"
)
LISTING = (
    "door.notice_rows, door_private.notice_counts, door_private.passing, door_private.listed_notices, "
    "door_private.notices_seen, door_private.notices_of, door_private.notice_row, door_private.told_work"
)
OPENING = (
    "door.open_notice, door.read_notice_page, door.open_notice_page, door_private.seen_among, "
    "door_private.log_disclosed, door_private.use_notice_ticket"
)
NEWS = "door.notice_news"
SAVED_VIEWS = (
    "door.default_notice_view, door.remove_notice_view, door.save_notice_view, door.notice_views, "
    "door_private.is_notice_filter, door_private.are_texts, door_private.hold_views, "
    "door_private.view_session"
)
READING = (
    "door.read_attachments, door.read_notice, door_private.notice_document, "
    "door_private.notice_client, door_private.notice_attachments, door_private.notice_chain, "
    "door_private.notice_history, door_private.official_name"
)
WORK = (
    "door.notice_officials, door.change_notices, door.change_notice, door_private.change_one, "
    "door_private.require_known_change, door_private.are_changes, door_private.changed_notice, "
    "door_private.may_be_assigned, door_private.worked, door_private.apply_change, "
    "door_private.workflow"
)
TRANSFER = (
    "door.undo_notice, door_private.undoable, door.transfer_notice, door.transfer_targets, "
    "door_private.no_body, door_private.notice_bodies"
)
INTAKE = "door.take_in_notice, door_private.message_digest"
FIGURES = (
    "door.notice_figures, door_private.month_figures, door_private.counted_moves, "
    "door_private.counted_notices, door_private.told_parts, door_private.told_share, door_private.told_count"
)
FEED = (
    "door.acknowledge_notices, door.read_notice_feed, door.open_notice_feed, "
    "door_private.extend_feed, door_private.feed_client"
)
ASKING = "door.ask_for_answer"
DESK = "door.desk_notices, door.acknowledge_answers, door.notice_answers, door_private.desk_purpose"
DELIVERY = (
    "door.worker_figures, door.retry_answers, door.stuck_answers, door.settle_answer, door.claim_answer, "
    "door_private.delivery_is_stuck, door_private.delivery_pause, door_private.answer_message"
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("inquiry", "0001_initial")]

    operations = [
        run_sql("kelmu.notices", "tables.sql", reverse="DROP SCHEMA notices CASCADE"),
        run_doors("kelmu.notices", "working_days.sql", reverse=f"DROP FUNCTION {WORKING_DAYS}"),
        run_doors("kelmu.notices", "sending.sql", reverse=f"DROP FUNCTION {SENDING}"),
        run_doors(
            "kelmu.notices", "seeing.sql", reverse=f"DROP FUNCTION {SEEING}; DROP TYPE door_private.sight"
        ),
        run_doors(
            "kelmu.notices", "listing.sql", reverse=f"DROP FUNCTION {LISTING}; DROP TYPE door_private.listed"
        ),
        run_doors("kelmu.notices", "news.sql", reverse=f"DROP FUNCTION {NEWS}"),
        run_doors("kelmu.notices", "opening.sql", reverse=f"DROP FUNCTION {OPENING}"),
        run_doors("kelmu.notices", "reading.sql", reverse=f"DROP FUNCTION {READING}"),
        run_doors("kelmu.notices", "work.sql", reverse=f"DROP FUNCTION {WORK}"),
        run_doors("kelmu.notices", "transfer.sql", reverse=f"DROP FUNCTION {TRANSFER}"),
        run_doors("kelmu.notices", "intake.sql", reverse=f"DROP FUNCTION {INTAKE}"),
        run_sql(
            "kelmu.notices", "feed_tables.sql", reverse="DROP TABLE notices.feed_item, notices.feed_client"
        ),
        run_doors("kelmu.notices", "feed.sql", reverse=f"DROP FUNCTION {FEED}"),
        run_doors("kelmu.notices", "figures.sql", reverse=f"DROP FUNCTION {FIGURES}"),
        run_doors("kelmu.notices", "desk.sql", reverse=f"DROP FUNCTION {DESK}"),
        run_sql("kelmu.notices", "saved_view_tables.sql", reverse="DROP TABLE notices.saved_view"),
        run_doors("kelmu.notices", "saved_views.sql", reverse=f"DROP FUNCTION {SAVED_VIEWS}"),
        run_sql("kelmu.notices", "pick_tables.sql", reverse=PICK_TABLES),
        run_doors("kelmu.notices", "picks.sql", reverse="DROP FUNCTION door_private.due_picks"),
        run_doors("kelmu.notices", "pick_doors.sql", reverse=f"DROP FUNCTION {PICKS}"),
        run_doors("kelmu.notices", "delivery.sql", reverse=f"DROP FUNCTION {DELIVERY}"),
        run_doors("kelmu.notices", "asking.sql", reverse=f"DROP FUNCTION {ASKING}"),
    ]
