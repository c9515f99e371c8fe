-- The keys of what is known. One row at most is known of a key; only known rows are in it, so that a key stays small
-- however often its row is corrected. Closed rows are found by their person.
DO $keys$
DECLARE
    keyed text;
    key text;
BEGIN
    FOR keyed, key IN VALUES
        ('residence', 'person_id, valid_from'),
        ('non_disclosure_order', 'person_id, valid_from'),
        ('family_link', 'person_id, relative_id, relation, valid_from'),
        ('matter', 'person_id, matter_number'),
        ('decision', 'person_id, decision_number'),
        ('decision_calculation', 'person_id, decision_number'),
        ('decision_member', 'person_id, decision_number, member_person_id'),
        ('payment_commitment', 'person_id, commitment_number'),
        ('coverage', 'person_id, coverage_kind, valid_from'),
        ('recovery', 'person_id, recovery_number'),
        ('maintenance_collection', 'person_id, collection_number'),
        ('medicine_cap', 'person_id, year'),
        ('third_party_info', 'person_id, info_number'),
        ('job_seeking', 'person_id, valid_from')
    LOOP
        EXECUTE pg_catalog.format(
            'CREATE UNIQUE INDEX %I ON register.%I (%s) WHERE superseded_at IS NULL', keyed || '_known', keyed, key);
        EXECUTE pg_catalog.format(
            'CREATE INDEX %I ON register.%I (person_id) WHERE superseded_at IS NOT NULL', keyed || '_closed', keyed);
    END LOOP;
END
$keys$;

-- Payments are more than half of all rows. An index that holds a person once for all her payments of a year takes a
-- quarter of what a unique key of theirs would; that one payment is known of a key is what a feed is checked for and
-- what a merge adds (docs/decisions/0007-a-feed-is-seen-whole.md).
CREATE INDEX payment_known ON register.payment (person_id) WHERE superseded_at IS NULL;
CREATE INDEX payment_closed ON register.payment (person_id) WHERE superseded_at IS NOT NULL;
