-- Acting sessions: which official acts for which organisation now. Only doors read and write them.

CREATE SCHEMA identity;

-- Domains, since a CHECK of the table would be parsed anew for each session.
-- An official as the log knows her: HMAC-SHA256 under a key outside the database, in hexadecimal.
CREATE DOMAIN identity.pseudonym AS text CONSTRAINT pseudonym_shape CHECK (
    length(VALUE) = 64 AND VALUE ~ '^[0-9a-f]+$');
CREATE DOMAIN identity.digest AS bytea CONSTRAINT digest_length CHECK (length(VALUE) = 32);
CREATE DOMAIN identity.channel AS text CONSTRAINT channel_known CHECK (VALUE IN ('web', 'api'));
CREATE DOMAIN identity.end_reason AS text CONSTRAINT end_reason_known CHECK (VALUE IN (
    'signed_out', 'changed_organisation', 'expired', 'mandates_gone'));

-- `official_person_id` is the official's own person in the register, or NULL if she is not there.
-- Only the SHA-256 of the secret is stored.
CREATE TABLE identity.acting_session (
    acting_session_id uuid CONSTRAINT acting_session_pk PRIMARY KEY,
    secret_hash identity.digest NOT NULL CONSTRAINT acting_session_secret_key UNIQUE,
    official_pseudonym identity.pseudonym NOT NULL,
    official_person_id bigint,
    organisation_id bigint NOT NULL,
    agreement_id bigint NOT NULL,
    mandates text[] NOT NULL,
    representation_mandates text[] NOT NULL,
    mandate_request_id uuid NOT NULL,
    mandate_digest identity.digest NOT NULL,
    channel identity.channel NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason identity.end_reason,
    CONSTRAINT acting_session_agreement_fk FOREIGN KEY (agreement_id, organisation_id)
        REFERENCES organisations.agreement (agreement_id, organisation_id),
    CONSTRAINT acting_session_ended_together CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT acting_session_expires_later CHECK (expires_at > started_at)
);
-- Who is a colleague: a person with a session for the same organisation in the last 12 months.
CREATE INDEX acting_session_colleague_idx ON identity.acting_session (organisation_id, official_person_id, started_at);

GRANT USAGE ON SCHEMA identity TO kelmu_door;
GRANT SELECT, INSERT ON identity.acting_session TO kelmu_door;
GRANT UPDATE (mandates, representation_mandates, mandate_request_id, mandate_digest, refreshed_at, ended_at, end_reason)
    ON identity.acting_session TO kelmu_door;
