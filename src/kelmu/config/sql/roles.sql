-- The roles of Kelmu, made once per cluster by a database administrator (superuser), before the
-- database is created. Passwords are set apart from this file. Safe to run again.
-- Source of each right: shared design "The door", section Roles; docs/decisions/0003-the-door.md.

DO $roles$
DECLARE
    login_role text;
BEGIN
    FOREACH login_role IN ARRAY ARRAY[
        'kelmu_owner', 'kelmu_web', 'kelmu_worker', 'kelmu_sequencer', 'kelmu_feed', 'kelmu_auditor', 'kelmu_monitor'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = login_role) THEN
            EXECUTE pg_catalog.format('CREATE ROLE %I', login_role);
        END IF;
        EXECUTE pg_catalog.format(
            'ALTER ROLE %I LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', login_role);
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'kelmu_door') THEN
        CREATE ROLE kelmu_door;
    END IF;
    ALTER ROLE kelmu_door NOLOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
END
$roles$;

-- The owner runs migrations and hands functions to the door; it never acts with the door's rights by itself.
ALTER ROLE kelmu_owner INHERIT;
GRANT kelmu_door TO kelmu_owner WITH INHERIT FALSE, SET TRUE, ADMIN FALSE;

-- Statistics only, for monitoring.
GRANT pg_monitor TO kelmu_monitor WITH INHERIT TRUE, SET FALSE;

ALTER ROLE kelmu_web SET statement_timeout = '5s';
ALTER ROLE kelmu_web SET lock_timeout = '2s';
ALTER ROLE kelmu_web SET idle_in_transaction_session_timeout = '10s';
