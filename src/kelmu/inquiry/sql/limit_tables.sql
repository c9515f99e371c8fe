-- Limits against guessing and misuse, and what they are counted from. Only doors read and write them; the
-- figures are the owner's.

-- A figure that is NULL does not limit. Persons beyond the figure are asked about; misses beyond it refused.
CREATE TABLE inquiry.limits (
    channel text CONSTRAINT limits_pk PRIMARY KEY CONSTRAINT limits_channel_known CHECK (channel IN ('web', 'api')),
    -- Different persons within that time: every further one needs a reason.
    persons_per_official integer CONSTRAINT limits_persons_positive CHECK (persons_per_official > 0),
    persons_per_organisation integer CONSTRAINT limits_all_persons_positive CHECK (persons_per_organisation > 0),
    persons_within interval NOT NULL,
    -- Misses one after another since the official's last sign-in: she waits, or signs in again.
    misses_in_a_row integer CONSTRAINT limits_row_positive CHECK (misses_in_a_row > 0),
    wait interval NOT NULL,
    -- Misses within that time: the official is stopped until her use has been reviewed, and an
    -- organisation until some of its misses are older.
    misses_per_official integer CONSTRAINT limits_misses_positive CHECK (misses_per_official > 0),
    misses_per_organisation integer CONSTRAINT limits_all_misses_positive CHECK (misses_per_organisation > 0),
    misses_within interval NOT NULL
);
-- A machine opens for many officials at once, and its organisation vouches for each: only its misses count.
INSERT INTO inquiry.limits VALUES
    ('web', 30, 600, '10 minutes', 5, '15 minutes', 20, 1000, '24 hours'),
    ('api', NULL, NULL, '10 minutes', NULL, '15 minutes', NULL, 1000, '24 hours');

-- One row per inquiry, with the latest outcome its official was told. `code_mark` tells equal codes of one
-- session from others; it is made with the session's secret, which is stored nowhere, so nobody can go back
-- from it to a code, and an unknown code is counted like any other.
CREATE TABLE inquiry.counted (
    inquiry_id uuid CONSTRAINT counted_pk PRIMARY KEY
        CONSTRAINT counted_inquiry_fk REFERENCES inquiry.inquiry,
    official_pseudonym text NOT NULL,
    organisation_id bigint NOT NULL,
    code_mark bytea NOT NULL,
    outcome text NOT NULL,
    opened_at timestamptz NOT NULL,
    told_at timestamptz NOT NULL
);
CREATE INDEX counted_official_opened_idx ON inquiry.counted (official_pseudonym, opened_at);
CREATE INDEX counted_organisation_opened_idx ON inquiry.counted (organisation_id, opened_at);
CREATE INDEX counted_official_given_idx ON inquiry.counted (official_pseudonym, told_at) WHERE outcome = 'given';
CREATE INDEX counted_official_miss_idx ON inquiry.counted (official_pseudonym, told_at)
    WHERE outcome IN ('not_available', 'reason_needed');
CREATE INDEX counted_organisation_miss_idx ON inquiry.counted (organisation_id, told_at)
    WHERE outcome IN ('not_available', 'reason_needed');

-- An official who may open nothing until her use has been reviewed.
CREATE TABLE inquiry.official_lock (
    official_lock_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT official_lock_pk PRIMARY KEY,
    official_pseudonym text NOT NULL,
    locked_at timestamptz NOT NULL DEFAULT now(),
    released_at timestamptz,
    release_reason text CONSTRAINT official_lock_reason_length CHECK (length(release_reason) BETWEEN 10 AND 255),
    CONSTRAINT official_lock_released_together CHECK ((released_at IS NULL) = (release_reason IS NULL))
);
CREATE UNIQUE INDEX official_lock_open_key ON inquiry.official_lock (official_pseudonym) WHERE released_at IS NULL;
CREATE INDEX official_lock_released_idx ON inquiry.official_lock (official_pseudonym, released_at);

GRANT SELECT ON inquiry.limits TO kelmu_door;
GRANT SELECT, INSERT ON inquiry.counted, inquiry.official_lock TO kelmu_door;
GRANT UPDATE (outcome, told_at) ON inquiry.counted TO kelmu_door;
GRANT UPDATE (released_at, release_reason) ON inquiry.official_lock TO kelmu_door;
