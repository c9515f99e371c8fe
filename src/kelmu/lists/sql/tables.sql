-- Recipient lists: what was on them, run by run. Only doors read and write here.

CREATE SCHEMA lists;

-- The kinds as their files (definitions/*.sql) say; the migration fills it. A list tells of a period of `every_months`
-- months, the first of a year's beginning in January, and is seen from `published_day` of the month after it.
-- `follows`: who was on the list before is compared by person; otherwise only with the run it supersedes.
-- `compared`: the columns whose change is told; NULL: all. `hidden`: rows have no names until these are opened.
-- `revealing`: the columns that tell where somebody is, left out where she is under a non-disclosure order.
CREATE TABLE lists.kind (
    kind text CONSTRAINT kind_pk PRIMARY KEY,
    begins date NOT NULL CONSTRAINT kind_begins_with_a_month CHECK (extract(day FROM begins) = 1),
    every_months smallint NOT NULL CONSTRAINT kind_every_months_known CHECK (every_months IN (1, 2, 3, 4, 6, 12)),
    published_day smallint NOT NULL CONSTRAINT kind_published_day_in_any_month CHECK (published_day BETWEEN 1 AND 28),
    follows boolean NOT NULL,
    compared text[],
    hidden boolean NOT NULL,
    revealing text[] NOT NULL
);

-- One list: of a kind, a period (days inclusive) and a municipality, as it was known when it was made. It never
-- changes: what is known later makes another one of the next version, which supersedes it. `run_id` is its number.
-- `digest`: SHA-256 of the digests of its rows in the order of their keys.
CREATE TABLE lists.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT run_pk PRIMARY KEY,
    kind text NOT NULL CONSTRAINT run_kind_fk REFERENCES lists.kind,
    first_day date NOT NULL,
    last_day date NOT NULL,
    published_on date NOT NULL,
    municipality_code text NOT NULL CONSTRAINT run_municipality_fk REFERENCES organisations.municipality,
    version smallint NOT NULL CONSTRAINT run_version_positive CHECK (version > 0),
    supersedes bigint CONSTRAINT run_supersedes_fk REFERENCES lists.run CONSTRAINT run_superseded_once UNIQUE,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    row_count integer NOT NULL,
    amount register.euros,
    digest bytea NOT NULL,
    CONSTRAINT run_once UNIQUE (kind, municipality_code, first_day, version),
    CONSTRAINT run_days_ordered CHECK (first_day <= last_day AND last_day < published_on),
    CONSTRAINT run_later_versions_supersede CHECK ((version = 1) = (supersedes IS NULL))
);

-- A row is somebody, or something about somebody: its key is the same from run to run. Names and identity codes are
-- the register's, as they are when a list is read. `amount`: what is added up, euros.
CREATE TABLE lists.run_row (
    person_id bigint NOT NULL CONSTRAINT run_row_person_fk REFERENCES register.person,
    run_id bigint NOT NULL CONSTRAINT run_row_run_fk REFERENCES lists.run,
    amount register.euros,
    row_key text NOT NULL,
    content jsonb NOT NULL,
    CONSTRAINT run_row_pk PRIMARY KEY (run_id, row_key)
);
-- Which lists somebody was on: every entry about a list in the log names its runs.
CREATE INDEX run_row_person_idx ON lists.run_row (person_id, run_id);

CREATE FUNCTION lists.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RAISE EXCEPTION 'a run never changes' USING ERRCODE = 'integrity_constraint_violation';
END
$function$;
CREATE TRIGGER run_never_changes BEFORE UPDATE OR DELETE ON lists.run
    FOR EACH ROW EXECUTE FUNCTION lists.refuse_change();
CREATE TRIGGER run_row_never_changes BEFORE UPDATE OR DELETE ON lists.run_row
    FOR EACH ROW EXECUTE FUNCTION lists.refuse_change();

GRANT USAGE ON SCHEMA lists TO kelmu_door;
GRANT SELECT ON lists.kind, lists.run, lists.run_row TO kelmu_door;
GRANT INSERT ON lists.run, lists.run_row TO kelmu_door;
