-- Computed notices: the rules, the runs, and whom they picked. Only doors read and write here.

-- The rules as the package carries them (data/pick_rules.csv); a version that was loaded never changes but for its
-- last day. Days are inclusive. What is empty or NULL is not asked.
CREATE TABLE notices.pick_rule (
    kind text NOT NULL CONSTRAINT pick_rule_kind_known CHECK (
        kind IN ('unemployed_under_25', 'unemployed_25_plus', 'immigrant')),
    version smallint NOT NULL CONSTRAINT pick_rule_version_positive CHECK (version > 0),
    valid_from date NOT NULL,
    valid_to date,
    months smallint NOT NULL CONSTRAINT pick_rule_months_positive CHECK (months > 0),
    over_percent smallint NOT NULL CONSTRAINT pick_rule_over_percent_known CHECK (over_percent BETWEEN 1 AND 99),
    running_months smallint NOT NULL CONSTRAINT pick_rule_running_months_positive CHECK (running_months > 0),
    from_age smallint,
    under_age smallint,
    unemployment_benefits text[] NOT NULL,
    residence_grounds text[] NOT NULL,
    within_years smallint,
    source text NOT NULL CONSTRAINT pick_rule_source_filled CHECK (source <> ''),
    CONSTRAINT pick_rule_pk PRIMARY KEY (kind, version),
    CONSTRAINT pick_rule_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CONSTRAINT pick_rule_years_with_grounds CHECK ((residence_grounds = '{}') = (within_years IS NULL))
);

-- A run looks through the register in the order of persons up to `looked_to`; only then it says when each pick may
-- be seen, and sends. `given_up`: it broke off while looking, and a run of another day took its place.
CREATE TABLE notices.pick_run (
    pick_run_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pick_run_pk PRIMARY KEY,
    judged_on date NOT NULL,
    state text NOT NULL DEFAULT 'looking' CONSTRAINT pick_run_state_known CHECK (
        state IN ('looking', 'sending', 'done', 'given_up')),
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    persons bigint NOT NULL,
    looked_at bigint NOT NULL DEFAULT 0,
    looked_to bigint NOT NULL DEFAULT -1,
    picked bigint NOT NULL DEFAULT 0,
    sent bigint NOT NULL DEFAULT 0,
    CONSTRAINT pick_run_ended_when_over CHECK ((state IN ('done', 'given_up')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX pick_run_one_at_a_time ON notices.pick_run ((true)) WHERE state IN ('looking', 'sending');

-- Whom a run picked, for which spell: its first and last month as they were known then. The rows stay when the
-- notice is sent: they say which spells have had theirs. `source_key` is made once, here, and never worked out again.
CREATE TABLE notices.pick (
    person_id bigint NOT NULL CONSTRAINT pick_person_fk REFERENCES register.person,
    kind text NOT NULL,
    first_month date NOT NULL,
    last_month date NOT NULL,
    rule_version smallint NOT NULL,
    pick_run_id bigint NOT NULL CONSTRAINT pick_run_fk REFERENCES notices.pick_run,
    -- Until it is sent.
    content jsonb,
    released_on date,
    source_key text GENERATED ALWAYS AS (
        'pick/' || kind || '/' || person_id::text || '/'
        || (extract(year FROM first_month) * 100 + extract(month FROM first_month))::integer::text) STORED
        CONSTRAINT pick_source_key_key UNIQUE,
    state text NOT NULL DEFAULT 'waiting' CONSTRAINT pick_state_known CHECK (state IN ('waiting', 'sent')),
    CONSTRAINT pick_pk PRIMARY KEY (person_id, kind, first_month),
    CONSTRAINT pick_rule_fk FOREIGN KEY (kind, rule_version) REFERENCES notices.pick_rule (kind, version),
    CONSTRAINT pick_months_ordered CHECK (first_month <= last_month),
    CONSTRAINT pick_content_until_sent CHECK ((content IS NOT NULL) = (state = 'waiting'))
);
CREATE INDEX pick_waiting_idx ON notices.pick (pick_run_id, released_on, person_id) WHERE state = 'waiting';

-- In which municipality a kind has had its first batch, when, and how many it had.
CREATE TABLE notices.first_batch (
    kind text,
    municipality_code text CONSTRAINT first_batch_municipality_fk REFERENCES organisations.municipality,
    sent_on date NOT NULL,
    persons bigint NOT NULL,
    CONSTRAINT first_batch_pk PRIMARY KEY (kind, municipality_code)
);

GRANT SELECT ON notices.pick_rule, notices.pick_run, notices.pick, notices.first_batch TO kelmu_door;
GRANT INSERT ON notices.pick_run, notices.pick, notices.first_batch TO kelmu_door;
GRANT UPDATE (state, ended_at, looked_at, looked_to, picked, sent) ON notices.pick_run TO kelmu_door;
GRANT UPDATE (content, released_on, state) ON notices.pick TO kelmu_door;
-- What a run that broke off had picked and not sent.
GRANT DELETE ON notices.pick TO kelmu_door;
