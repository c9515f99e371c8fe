-- Where a feed waits before it is merged. Unlogged: after a crash of the server they are empty, and what was
-- staged is not known as staged either. Only the feed reads and writes here; a refused feed leaves nothing.
CREATE SCHEMA feed;

-- One table for each of the register's that a feed brings, with the same columns of plain types and without
-- rules, so that every row can be told what is wrong with it. `feed_file` is the file's place in the
-- manifest, `feed_line` the row's line in it; `feed_removed`: the row is to be closed.
DO $staging$
DECLARE
    staged text;
    columns text;
BEGIN
    FOREACH staged IN ARRAY ARRAY[
        'person', 'former_personal_id', 'residence', 'non_disclosure_order', 'family_link', 'guardianship', 'matter',
        'decision', 'decision_calculation', 'decision_member', 'payment_commitment', 'payment', 'coverage',
        'recovery', 'maintenance_collection', 'medicine_cap', 'third_party_info', 'job_seeking'
    ] LOOP
        SELECT pg_catalog.string_agg(
            pg_catalog.format('%I %s', a.attname, pg_catalog.format_type(
                CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END,
                CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE a.atttypmod END)), ', ' ORDER BY a.attnum)
        INTO STRICT columns
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = ('register.' || staged)::regclass AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attname NOT IN ('recorded_at', 'superseded_at');
        EXECUTE pg_catalog.format(
            'CREATE UNLOGGED TABLE feed.%I (feed_line integer NOT NULL, feed_file smallint NOT NULL, '
            'feed_removed boolean NOT NULL, %s) WITH (autovacuum_enabled = false)', staged, columns);
    END LOOP;
END
$staging$;

-- Which files of which feed are staged whole.
CREATE UNLOGGED TABLE feed.staged_file (
    manifest_digest bytea NOT NULL,
    feed_file smallint CONSTRAINT staged_file_pk PRIMARY KEY,
    staged_rows bigint NOT NULL,
    faults bigint NOT NULL
);

CREATE FUNCTION feed.learn_sizes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    ANALYZE feed.person, feed.former_personal_id, feed.residence, feed.non_disclosure_order, feed.family_link,
        feed.guardianship, feed.matter, feed.decision, feed.decision_calculation, feed.decision_member,
        feed.payment_commitment, feed.payment, feed.coverage, feed.recovery, feed.maintenance_collection, feed.medicine_cap,
        feed.third_party_info, feed.job_seeking;
END
$function$;

-- What kind of value stands in a cell, so that a report can tell it without the value.
CREATE FUNCTION feed.value_class(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $function$
    SELECT CASE
        WHEN value IS NULL OR value = '' THEN 'nothing'
        WHEN value ~ '^[0-9]+$' THEN 'digits'
        WHEN value ~ '^[-+.,0-9]+$' THEN 'digits and signs'
        WHEN value ~ '^[[:alpha:]]+$' THEN 'letters'
        WHEN value ~ '^[[:alnum:]]+$' THEN 'letters and digits'
        ELSE 'other characters'
    END
$function$;

GRANT USAGE ON SCHEMA feed TO kelmu_feed;
GRANT SELECT, INSERT, TRUNCATE ON ALL TABLES IN SCHEMA feed TO kelmu_feed;
GRANT EXECUTE ON FUNCTION feed.learn_sizes(), feed.value_class(text) TO kelmu_feed;
