-- Who may do what with the register: doors read, the feed writes.
GRANT USAGE ON SCHEMA register TO kelmu_door, kelmu_feed;
GRANT USAGE ON DOMAIN register.euros, register.benefit_code, register.personal_id TO kelmu_door, kelmu_feed;
GRANT SELECT ON ALL TABLES IN SCHEMA register TO kelmu_door, kelmu_feed;
GRANT INSERT ON ALL TABLES IN SCHEMA register TO kelmu_feed;
-- History stays: the feed may only close a row, never change what it said.
DO $close$
DECLARE
    history text;
BEGIN
    FOREACH history IN ARRAY ARRAY[
        'residence', 'non_disclosure_order', 'family_link', 'matter', 'decision', 'decision_calculation',
        'decision_member', 'payment_commitment', 'payment',
        'coverage', 'recovery', 'maintenance_collection', 'medicine_cap', 'third_party_info', 'job_seeking'
    ] LOOP
        EXECUTE pg_catalog.format('GRANT UPDATE (superseded_at) ON register.%I TO kelmu_feed', history);
    END LOOP;
END
$close$;
GRANT UPDATE ON register.source, register.person TO kelmu_feed;
