-- What is corrected stays readable: history of what has one row a person, and who loaded what when.
--
-- A row of register.person or register.former_personal_id is what is known now. Whatever changes or removes
-- it, triggers keep what it said with the time from which and until which it was known (recorded_at
-- inclusive, superseded_at exclusive), in a table that the feed cannot write.

ALTER TABLE register.former_personal_id ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now();

CREATE TABLE register.person_history (
    LIKE register.person,
    superseded_at timestamptz NOT NULL,
    CONSTRAINT person_history_pk PRIMARY KEY (person_id, recorded_at),
    CONSTRAINT person_history_person_fk FOREIGN KEY (person_id) REFERENCES register.person
);

CREATE TABLE register.former_personal_id_history (
    LIKE register.former_personal_id,
    superseded_at timestamptz NOT NULL,
    CONSTRAINT former_personal_id_history_pk PRIMARY KEY (personal_id, recorded_at),
    CONSTRAINT former_personal_id_history_person_fk FOREIGN KEY (person_id) REFERENCES register.person
);

CREATE FUNCTION register.recorded_now() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    new.recorded_at := now();
    RETURN new;
END
$function$;
CREATE TRIGGER person_recorded_now BEFORE UPDATE ON register.person
    FOR EACH ROW EXECUTE FUNCTION register.recorded_now();
CREATE TRIGGER former_personal_id_recorded_now BEFORE UPDATE ON register.former_personal_id
    FOR EACH ROW EXECUTE FUNCTION register.recorded_now();

-- What was known for no time at all is no history.
CREATE FUNCTION register.keep_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    INSERT INTO register.person_history SELECT o.*, now() FROM old_rows o WHERE o.recorded_at < now();
    RETURN NULL;
END
$function$;
CREATE TRIGGER person_keeps_history AFTER UPDATE ON register.person
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION register.keep_person();

CREATE FUNCTION register.keep_former_personal_id() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    INSERT INTO register.former_personal_id_history SELECT o.*, now() FROM old_rows o WHERE o.recorded_at < now();
    RETURN NULL;
END
$function$;
CREATE TRIGGER former_personal_id_keeps_history AFTER UPDATE ON register.former_personal_id
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION register.keep_former_personal_id();
CREATE TRIGGER former_personal_id_keeps_removed AFTER DELETE ON register.former_personal_id
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION register.keep_former_personal_id();

-- A row is closed once, at the time of the transaction that closes it, and never opened again.
CREATE FUNCTION register.close_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF old.superseded_at IS NOT NULL OR new.superseded_at IS DISTINCT FROM now() THEN
        RAISE EXCEPTION 'a row is closed once, now' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN new;
END
$function$;

-- One row a load of a feed. `feed_id` is the feed's own name, `follows` the one before it (a delta's).
-- `merged_at` is the time at which everything the run brought was recorded.
CREATE TABLE register.feed_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT feed_run_pk PRIMARY KEY,
    feed_id text NOT NULL,
    kind text NOT NULL CONSTRAINT feed_run_kind_known CHECK (kind IN ('full', 'delta')),
    follows text,
    manifest_digest bytea NOT NULL,
    as_of timestamptz NOT NULL,
    loaded_by text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    merged_at timestamptz,
    state text NOT NULL DEFAULT 'loading' CONSTRAINT feed_run_state_known CHECK (
        state IN ('loading', 'merged', 'refused', 'interrupted')),
    faults bigint NOT NULL DEFAULT 0,
    CONSTRAINT feed_run_merged_at_when_merged CHECK ((state = 'merged') = (merged_at IS NOT NULL)),
    CONSTRAINT feed_run_delta_follows CHECK ((kind = 'delta') = (follows IS NOT NULL))
);
CREATE UNIQUE INDEX feed_run_merged_once ON register.feed_run (feed_id) WHERE state = 'merged';

-- Rows of the feed, and what became of them: new, changed (one closed, one added), closed.
CREATE TABLE register.feed_run_table (
    run_id bigint CONSTRAINT feed_run_table_run_fk REFERENCES register.feed_run,
    table_name text,
    rows_in bigint NOT NULL,
    added bigint NOT NULL,
    changed bigint NOT NULL,
    closed bigint NOT NULL,
    CONSTRAINT feed_run_table_pk PRIMARY KEY (run_id, table_name)
);

-- Plans after a load rest on what the planner knows of the tables. Only an owner may tell it before
-- PostgreSQL 17; the feed calls this once a load is committed.
CREATE FUNCTION register.learn_sizes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    ANALYZE register.person, register.former_personal_id, register.residence, register.non_disclosure_order,
        register.family_link, register.guardianship, register.matter, register.decision, register.decision_calculation,
        register.decision_member, register.payment_commitment, register.payment, register.coverage,
        register.recovery, register.maintenance_collection, register.medicine_cap, register.third_party_info,
        register.job_seeking, register.person_history;
END
$function$;
