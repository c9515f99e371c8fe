-- Who may do what with the register: doors read, the feed writes.
GRANT USAGE ON SCHEMA register TO kelmu_door, kelmu_feed;
GRANT USAGE ON DOMAIN register.euros, register.benefit_code, register.personal_id TO kelmu_door, kelmu_feed;
GRANT SELECT ON ALL TABLES IN SCHEMA register TO kelmu_door, kelmu_feed;
REVOKE SELECT ON register.person_history, register.former_personal_id_history, register.feed_run,
    register.feed_run_table FROM kelmu_door;
-- When a row is recorded or closed nobody chooses: the columns left out fill themselves.
DO $insert$
DECLARE
    written text;
    columns text;
BEGIN
    FOR written, columns IN
        SELECT c.relname, pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'register'::regnamespace AND c.relkind IN ('r', 'p')
            AND c.relname NOT IN ('person_history', 'former_personal_id_history', 'feed_run', 'feed_run_table')
            AND a.attnum > 0 AND a.attname NOT IN ('recorded_at', 'superseded_at')
        GROUP BY c.relname
    LOOP
        EXECUTE pg_catalog.format('GRANT INSERT (%s) ON register.%I TO kelmu_feed', columns, written);
    END LOOP;
END
$insert$;
GRANT INSERT (feed_id, kind, follows, manifest_digest, as_of, loaded_by) ON register.feed_run TO kelmu_feed;
GRANT INSERT ON register.feed_run_table TO kelmu_feed;
-- History stays: the feed may only close a row, never change what it said, and triggers keep what it changes
-- of a person.
DO $close$
DECLARE
    history text;
BEGIN
    FOREACH history IN ARRAY ARRAY[
        'residence', 'non_disclosure_order', 'family_link', 'guardianship', 'matter', 'decision',
        'decision_calculation', 'decision_member', 'payment_commitment', 'payment', 'coverage', 'recovery', 'maintenance_collection',
        'medicine_cap', 'third_party_info', 'job_seeking'
    ] LOOP
        EXECUTE pg_catalog.format('GRANT UPDATE (superseded_at) ON register.%I TO kelmu_feed', history);
        EXECUTE pg_catalog.format(
            'CREATE TRIGGER %I BEFORE UPDATE ON register.%I FOR EACH ROW EXECUTE FUNCTION register.close_once()',
            history || '_closes_once', history);
    END LOOP;
END
$close$;
GRANT UPDATE ON register.source, register.person TO kelmu_feed;
GRANT UPDATE, DELETE ON register.former_personal_id TO kelmu_feed;
GRANT UPDATE (state, ended_at, merged_at, faults) ON register.feed_run TO kelmu_feed;
GRANT EXECUTE ON FUNCTION register.learn_sizes() TO kelmu_feed;
-- What a feed refers to besides the register.
GRANT USAGE ON SCHEMA organisations TO kelmu_feed;
GRANT SELECT ON organisations.municipality TO kelmu_feed;
