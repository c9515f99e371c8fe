-- Authorities, the areas they serve, and their agreements with Kela.

CREATE SCHEMA organisations;

CREATE TABLE organisations.county (
    code text CONSTRAINT county_pk PRIMARY KEY CONSTRAINT county_code_shape CHECK (code ~ '^[0-9]{2}$'),
    name_fi text NOT NULL CONSTRAINT county_name_fi_filled CHECK (name_fi <> ''),
    name_sv text NOT NULL CONSTRAINT county_name_sv_filled CHECK (name_sv <> ''),
    name_en text NOT NULL CONSTRAINT county_name_en_filled CHECK (name_en <> '')
);

-- Days are inclusive. `successor` is the municipality this one merged into;
-- `present_code` follows the chain to the one that exists now (itself, if it does).
CREATE TABLE organisations.municipality (
    code text CONSTRAINT municipality_pk PRIMARY KEY CONSTRAINT municipality_code_shape CHECK (code ~ '^[0-9]{3}$'),
    name_fi text NOT NULL CONSTRAINT municipality_name_fi_filled CHECK (name_fi <> ''),
    name_sv text NOT NULL CONSTRAINT municipality_name_sv_filled CHECK (name_sv <> ''),
    county_code text NOT NULL CONSTRAINT municipality_county_fk REFERENCES organisations.county,
    valid_from date,
    valid_to date,
    successor text CONSTRAINT municipality_successor_fk REFERENCES organisations.municipality DEFERRABLE INITIALLY DEFERRED,
    present_code text NOT NULL CONSTRAINT municipality_present_fk REFERENCES organisations.municipality DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT municipality_period_ordered CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to),
    CONSTRAINT municipality_successor_after_end CHECK (successor IS NULL OR valid_to IS NOT NULL)
);

CREATE TABLE organisations.organisation (
    organisation_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT organisation_pk PRIMARY KEY,
    business_id text NOT NULL CONSTRAINT organisation_business_id_key UNIQUE
        CONSTRAINT organisation_business_id_shape CHECK (business_id ~ '^[0-9]{7}-[0-9]$'),
    name_fi text NOT NULL CONSTRAINT organisation_name_fi_filled CHECK (name_fi <> ''),
    name_sv text NOT NULL CONSTRAINT organisation_name_sv_filled CHECK (name_sv <> ''),
    name_en text NOT NULL CONSTRAINT organisation_name_en_filled CHECK (name_en <> '')
);

-- What an organisation serves: a whole county or one municipality, for a period (days inclusive).
CREATE TABLE organisations.area (
    area_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT area_pk PRIMARY KEY,
    organisation_id bigint NOT NULL CONSTRAINT area_organisation_fk REFERENCES organisations.organisation,
    county_code text CONSTRAINT area_county_fk REFERENCES organisations.county,
    municipality_code text CONSTRAINT area_municipality_fk REFERENCES organisations.municipality,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT area_one_kind CHECK (num_nonnulls(county_code, municipality_code) = 1),
    CONSTRAINT area_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE INDEX area_organisation_idx ON organisations.area (organisation_id);

-- An agreement is the ceiling of all access: type, data groups, channels, legal basis, days (inclusive).
-- `machine_mandates` are the mandate codes the organisation's own system may use (machine channel).
CREATE TABLE organisations.agreement (
    agreement_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT agreement_pk PRIMARY KEY,
    organisation_id bigint NOT NULL CONSTRAINT agreement_organisation_fk REFERENCES organisations.organisation,
    number text NOT NULL CONSTRAINT agreement_number_key UNIQUE,
    organisation_type text NOT NULL CONSTRAINT agreement_type_known CHECK (organisation_type IN (
        'wellbeing_county', 'helsinki', 'hus', 'aland_municipality', 'municipality', 'reception_centre',
        'employment_authority', 'unemployment_fund', 'pension_institution', 'insurance_institution',
        'legal_aid_office', 'state_treasury', 'kela')),
    data_groups text[] NOT NULL CONSTRAINT agreement_groups_known CHECK (data_groups <@ ARRAY[
        'pending', 'decisions', 'payments', 'coverage', 'recovery', 'maintenance_collection', 'medicine_cap',
        'third_party_info', 'claims']),
    channels text[] NOT NULL CONSTRAINT agreement_channels_known CHECK (
        cardinality(channels) > 0 AND channels <@ ARRAY['web', 'api']),
    legal_basis text NOT NULL CONSTRAINT agreement_legal_basis_filled CHECK (legal_basis <> ''),
    protected_persons boolean NOT NULL DEFAULT false,
    machine_mandates text[] NOT NULL DEFAULT '{}',
    contact_email text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    -- For what names an agreement with its organisation.
    CONSTRAINT agreement_of_organisation_key UNIQUE (agreement_id, organisation_id),
    CONSTRAINT agreement_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE INDEX agreement_organisation_idx ON organisations.agreement (organisation_id);

-- A right given to one official under one agreement (so far: to see persons under a non-disclosure order).
-- The official is named by her keyed pseudonym, never by her identity code.
CREATE TABLE organisations.official_right (
    official_right_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT official_right_pk PRIMARY KEY,
    agreement_id bigint NOT NULL CONSTRAINT official_right_agreement_fk REFERENCES organisations.agreement,
    official_pseudonym text NOT NULL CONSTRAINT official_right_pseudonym_shape CHECK (official_pseudonym ~ '^[0-9a-f]{64}$'),
    official_right text NOT NULL CONSTRAINT official_right_known CHECK (official_right IN ('protected_persons')),
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT official_right_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CONSTRAINT official_right_once UNIQUE (agreement_id, official_pseudonym, official_right, valid_from)
);

-- An organisation's own system that may ask over the machine interface, and the public keys it signs with.
-- Days are inclusive. A client is ended by its `valid_to`, never removed; a key may be.
CREATE TABLE organisations.api_client (
    client_id text CONSTRAINT api_client_pk PRIMARY KEY
        CONSTRAINT api_client_id_shape CHECK (client_id ~ '^[a-z0-9][a-z0-9-]{2,62}$'),
    agreement_id bigint NOT NULL CONSTRAINT api_client_agreement_fk REFERENCES organisations.agreement,
    name text NOT NULL CONSTRAINT api_client_name_filled CHECK (name <> ''),
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT api_client_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE TABLE organisations.api_client_key (
    client_id text CONSTRAINT api_client_key_client_fk REFERENCES organisations.api_client,
    key_id text CONSTRAINT api_client_key_id_filled CHECK (key_id <> ''),
    -- A public JSON Web Key (RFC 7517): nothing secret.
    jwk jsonb NOT NULL CONSTRAINT api_client_key_public CHECK (jwk ? 'kty' AND NOT jwk ?| ARRAY['d', 'k', 'p', 'q']),
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT api_client_key_pk PRIMARY KEY (client_id, key_id),
    CONSTRAINT api_client_key_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);

GRANT USAGE ON SCHEMA organisations TO kelmu_door, kelmu_web, kelmu_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA organisations TO kelmu_door;
GRANT SELECT ON organisations.county, organisations.municipality, organisations.organisation, organisations.area,
    organisations.agreement TO kelmu_web, kelmu_worker;
GRANT SELECT ON organisations.api_client, organisations.api_client_key TO kelmu_web;
