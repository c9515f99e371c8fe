-- The policy as the door's own SQL reads it: a copy of the data files the package carries, loaded whole
-- by kelmu.policy.actions.load_policy. What a profile row's scope stands for is worked out here again
-- (policy.expand_profiles), so that the door does not rest on Python's reading.

CREATE SCHEMA policy;

-- Every policy that has been current, by the digest of its files; entries of the log name it.
CREATE TABLE policy.version (
    digest text CONSTRAINT version_pk PRIMARY KEY CONSTRAINT version_digest_shape CHECK (digest ~ '^[0-9a-f]{64}$'),
    loaded_at timestamptz NOT NULL DEFAULT now(),
    is_current boolean NOT NULL
);
CREATE UNIQUE INDEX version_one_current ON policy.version (is_current) WHERE is_current;

-- profile_type: whose profile rows the type has; NULL opens no inquiry. national_area: not asked for the
-- area, nor for what only a reason could open. everybody_outside: has no area of its own.
CREATE TABLE policy.organisation_type (
    code text CONSTRAINT organisation_type_pk PRIMARY KEY,
    profile_type text CONSTRAINT organisation_type_profile_fk REFERENCES policy.organisation_type
        DEFERRABLE INITIALLY DEFERRED,
    national_area boolean NOT NULL,
    everybody_outside boolean NOT NULL
);

-- health: tells of illness or treatment. Days are inclusive; NULL means not known, or still in force.
CREATE TABLE policy.benefit (
    code text CONSTRAINT benefit_pk PRIMARY KEY
        CONSTRAINT benefit_code_shape CHECK (code ~ '^[A-Z]{3}(-[A-Z0-9]+)+$'),
    health boolean NOT NULL,
    claim_grounds text[] NOT NULL CONSTRAINT benefit_claim_grounds_known CHECK (
        claim_grounds <@ ARRAY['sta23', 'cfa14']),
    valid_from date,
    valid_to date,
    CONSTRAINT benefit_period_ordered CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)
);

CREATE TABLE policy.mandate (
    code text CONSTRAINT mandate_pk PRIMARY KEY
);

CREATE TABLE policy.purpose (
    code text CONSTRAINT purpose_pk PRIMARY KEY,
    minor_allowed boolean NOT NULL
);

-- profile_id is the line in profiles.csv. lookback_months NULL means no limit.
CREATE TABLE policy.profile (
    profile_id integer CONSTRAINT profile_pk PRIMARY KEY,
    organisation_type text NOT NULL CONSTRAINT profile_type_fk REFERENCES policy.organisation_type,
    mandate text NOT NULL CONSTRAINT profile_mandate_fk REFERENCES policy.mandate,
    purpose text NOT NULL CONSTRAINT profile_purpose_fk REFERENCES policy.purpose,
    channels text[] NOT NULL CONSTRAINT profile_channels_known CHECK (
        cardinality(channels) > 0 AND channels <@ ARRAY['web', 'api']),
    legal_basis text NOT NULL CONSTRAINT profile_legal_basis_filled CHECK (legal_basis <> ''),
    data_group text NOT NULL CONSTRAINT profile_data_group_known CHECK (data_group IN (
        'pending', 'decisions', 'payments', 'coverage', 'recovery', 'maintenance_collection', 'medicine_cap',
        'third_party_info', 'claims')),
    benefit_scope text[] NOT NULL CONSTRAINT profile_benefit_scope_filled CHECK (cardinality(benefit_scope) > 0),
    lookback_months integer CONSTRAINT profile_lookback_positive CHECK (lookback_months > 0)
);
CREATE INDEX profile_opening_idx ON policy.profile (organisation_type, purpose);

-- The benefits a profile row opens; only policy.expand_profiles writes it.
CREATE TABLE policy.profile_benefit (
    profile_id integer CONSTRAINT profile_benefit_profile_fk REFERENCES policy.profile,
    benefit_code text CONSTRAINT profile_benefit_benefit_fk REFERENCES policy.benefit,
    CONSTRAINT profile_benefit_pk PRIMARY KEY (profile_id, benefit_code)
);

-- feature_id is the line in features.csv.
CREATE TABLE policy.feature (
    feature_id integer CONSTRAINT feature_pk PRIMARY KEY,
    organisation_type text NOT NULL CONSTRAINT feature_type_fk REFERENCES policy.organisation_type,
    mandate text NOT NULL CONSTRAINT feature_mandate_fk REFERENCES policy.mandate,
    feature text NOT NULL CONSTRAINT feature_known CHECK (feature IN (
        'notices', 'documents', 'claims', 'lists', 'review', 'desk', 'administration')),
    list_kind text,
    purpose text NOT NULL CONSTRAINT feature_purpose_fk REFERENCES policy.purpose,
    legal_basis text NOT NULL CONSTRAINT feature_legal_basis_filled CHECK (legal_basis <> ''),
    CONSTRAINT feature_list_kind_with_lists CHECK ((feature = 'lists') = (list_kind IS NOT NULL)),
    CONSTRAINT feature_once UNIQUE NULLS NOT DISTINCT (organisation_type, mandate, feature, list_kind)
);

-- Works out anew which benefits each profile row opens. Returns how many pairs there are.
--   '*'          every benefit that does not tell of illness or treatment
--   'claimable'  every benefit with a claim ground, whatever it tells of: it stands for full codes
--   full code    that benefit
--   prefix       whole dash-separated parts; never a benefit that tells of illness or treatment
CREATE FUNCTION policy.expand_profiles() RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    pairs bigint;
BEGIN
    DELETE FROM policy.profile_benefit;
    INSERT INTO policy.profile_benefit (profile_id, benefit_code)
    SELECT p.profile_id, b.code
    FROM policy.profile p
    CROSS JOIN policy.benefit b
    WHERE b.code = ANY (p.benefit_scope)
        OR ('claimable' = ANY (p.benefit_scope) AND cardinality(b.claim_grounds) > 0)
        OR (NOT b.health AND (
            '*' = ANY (p.benefit_scope)
            OR EXISTS (
                SELECT FROM unnest(p.benefit_scope) AS token
                WHERE string_to_array(token, '-')
                    = (string_to_array(b.code, '-'))[1:cardinality(string_to_array(token, '-'))])));
    GET DIAGNOSTICS pairs = ROW_COUNT;
    RETURN pairs;
END
$function$;

GRANT USAGE ON SCHEMA policy TO kelmu_door;
GRANT SELECT ON ALL TABLES IN SCHEMA policy TO kelmu_door;
