"""Acting sessions, their doors, and the web's own session table."""

from django.db import migrations

from kelmu.core.sql_migrations import run_doors, run_sql

DOORS = (
    "door.begin_acting, door.refresh_acting, door.end_acting, door.acting, door.log_refusal, "
    "door.log_access_refusal, door.log_sign_in, door_private.in_force, door_private.session, "
    "door_private.log, door_private.new_secret, door_private.today, door_private.find_person, "
    "door_private.agreement_facts, door_private.acting_facts"
)

MACHINE_DOORS = (
    "door.use_api_assertion, door.issue_api_token, door.api_client, door.begin_machine_acting, "
    "door_private.client_of_token"
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("audit", "0001_initial"),
        ("organisations", "0001_initial"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        run_sql("kelmu.identity", "tables.sql", reverse="DROP SCHEMA identity CASCADE"),
        run_doors("kelmu.identity", "doors.sql", reverse=f"DROP FUNCTION {DOORS} CASCADE"),
        run_sql(
            "kelmu.identity",
            "machine_tables.sql",
            reverse="DROP TABLE identity.api_token, identity.api_assertion",
        ),
        run_doors("kelmu.identity", "machine_doors.sql", reverse=f"DROP FUNCTION {MACHINE_DOORS}"),
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON public.django_session TO kelmu_web",
            "REVOKE ALL ON public.django_session FROM kelmu_web",
        ),
    ]
