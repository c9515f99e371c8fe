-- Run once in each Kelmu database by a database administrator, before the first migration.
-- The database belongs to kelmu_owner. Safe to run again.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kelmu_owner, kelmu_web, kelmu_worker;
GRANT CREATE ON SCHEMA public TO kelmu_owner;

-- Whatever is created later starts closed.
ALTER DEFAULT PRIVILEGES FOR ROLE kelmu_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE kelmu_owner REVOKE ALL ON TYPES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE kelmu_door REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE kelmu_door REVOKE ALL ON TYPES FROM PUBLIC;

-- Counters teach: rows read and written, WAL positions and table sizes would let a caller tell an unknown
-- client from a known one inside a transaction she then rolls back. Only monitoring and the doors see them.
DO $counters$
DECLARE
    counter regprocedure;
BEGIN
    FOR counter IN
        SELECT p.oid FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND (
            p.proname LIKE 'pg\_stat\_get\_%'
            OR p.proname LIKE 'pg\_current\_wal%'
            OR p.proname IN (
                'pg_logical_emit_message', 'pg_relation_size', 'pg_table_size', 'pg_total_relation_size',
                'pg_indexes_size', 'pg_database_size', 'pg_tablespace_size', 'pg_control_checkpoint',
                'pg_control_system', 'pg_control_recovery', 'pg_control_init', 'pg_lock_status'))
    LOOP
        EXECUTE pg_catalog.format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', counter);
        EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO pg_monitor', counter);
    END LOOP;
END
$counters$;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_current_wal_insert_lsn(), pg_catalog.pg_current_wal_flush_lsn() TO kelmu_door;
DO $flush$
DECLARE
    flush regprocedure;
BEGIN
    FOR flush IN SELECT p.oid FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = 'pg_logical_emit_message'
    LOOP
        EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO kelmu_door', flush);
    END LOOP;
END
$flush$;
