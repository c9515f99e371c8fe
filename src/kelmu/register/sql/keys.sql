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
        ('guardianship', 'person_id, guardianship_number'),
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

-- A first load fills empty tables: it lays their keys and references aside, and takes them up in the transaction that
-- shows the whole feed, table by table, so that each is built and checked at once and not row by row. Meanwhile the
-- tables are empty to everybody. What an inquiry reads before it knows of a person keeps its index: nobody waits for
-- the rows that are being written.
CREATE TABLE register.key_aside (
    table_name text NOT NULL,
    definition text NOT NULL,
    CONSTRAINT key_aside_pk PRIMARY KEY (table_name, definition)
);

-- The tables whose rows are closed and added.
CREATE FUNCTION register.keyed() RETURNS TABLE (table_oid oid, table_name text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $function$
    SELECT c.oid, c.relname::text
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'superseded_at'
    WHERE c.relnamespace = 'register'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname NOT IN ('person_history', 'former_personal_id_history')
    ORDER BY c.relname
$function$;

-- Lay aside what is not laid aside yet; false, and nothing is done, where the register holds anything. Waits two
-- seconds at most for whoever looks up, and makes nobody wait longer.
CREATE FUNCTION register.lay_keys_aside() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $function$
DECLARE
    filled boolean;
    each record;
BEGIN
    IF EXISTS (SELECT FROM register.person) THEN
        RETURN false;
    END IF;
    FOR each IN SELECT 'person' AS table_name UNION ALL SELECT k.table_name FROM register.keyed() k LOOP
        EXECUTE format('LOCK TABLE register.%I IN ACCESS EXCLUSIVE MODE', each.table_name);
        EXECUTE format('SELECT EXISTS (SELECT FROM register.%I)', each.table_name) INTO filled;
        IF filled THEN
            RETURN false;
        END IF;
    END LOOP;
    FOR each IN
        SELECT k.table_name, c.conname AS name, pg_get_constraintdef(c.oid) AS definition
        FROM register.keyed() k JOIN pg_constraint c ON c.conrelid = k.table_oid
        WHERE c.contype = 'f'
    LOOP
        INSERT INTO register.key_aside VALUES (each.table_name, format(
            'ALTER TABLE register.%I ADD CONSTRAINT %I %s', each.table_name, each.name, each.definition));
        EXECUTE format('ALTER TABLE register.%I DROP CONSTRAINT %I', each.table_name, each.name);
    END LOOP;
    FOR each IN
        SELECT k.table_name, i.indexrelid::regclass AS name, pg_get_indexdef(i.indexrelid) AS definition
        FROM register.keyed() k JOIN pg_index i ON i.indrelid = k.table_oid
        WHERE k.table_name NOT IN ('residence', 'non_disclosure_order', 'family_link')
    LOOP
        -- The index of a partitioned table is told as if it were to be made without its partitions.
        INSERT INTO register.key_aside VALUES (each.table_name, replace(each.definition, ' ON ONLY ', ' ON '));
        EXECUTE format('DROP INDEX %s', each.name);
    END LOOP;
    RETURN true;
END
$function$;

-- Take up what is laid aside of a table; whoever reads it meanwhile does not wait.
CREATE FUNCTION register.take_up_keys(of_table text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET maintenance_work_mem = '1GB'
AS $function$
DECLARE
    taken_up text;
BEGIN
    FOR taken_up IN DELETE FROM register.key_aside k WHERE k.table_name = of_table RETURNING k.definition LOOP
        EXECUTE taken_up;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION register.lay_keys_aside(), register.keyed(), register.take_up_keys(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.lay_keys_aside(), register.take_up_keys(text) TO kelmu_feed;
