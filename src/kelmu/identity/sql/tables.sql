-- Acting sessions: which official acts for which organisation now. Only doors read and write them.

CREATE SCHEMA identity;

-- An official as the log knows her: HMAC-SHA256 under a key outside the database, in hexadecimal. A domain, since a
-- CHECK of the table would be parsed anew for each session.
CREATE DOMAIN identity.pseudonym AS text CONSTRAINT pseudonym_shape CHECK (
    length(VALUE) = 64 AND VALUE ~ '^[0-9a-f]+$');

-- `official_person_id` is the official's own person in the register, or NULL if she is not there.
-- Only the SHA-256 of the secret is stored.
CREATE TABLE identity.acting_session (
    acting_session_id uuid CONSTRAINT acting_session_pk PRIMARY KEY,
    secret_hash bytea NOT NULL CONSTRAINT acting_session_secret_key UNIQUE
        CONSTRAINT acting_session_secret_length CHECK (length(secret_hash) = 32),
    official_pseudonym identity.pseudonym NOT NULL,
    official_person_id bigint,
    organisation_id bigint NOT NULL CONSTRAINT acting_session_organisation_fk REFERENCES organisations.organisation,
    agreement_id bigint NOT NULL CONSTRAINT acting_session_agreement_fk REFERENCES organisations.agreement,
    mandates text[] NOT NULL,
    representation_mandates text[] NOT NULL,
    mandate_request_id uuid NOT NULL,
    mandate_digest bytea NOT NULL CONSTRAINT acting_session_digest_length CHECK (length(mandate_digest) = 32),
    channel text NOT NULL CONSTRAINT acting_session_channel_known CHECK (channel IN ('web', 'api')),
    started_at timestamptz NOT NULL DEFAULT now(),
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    end_reason text CONSTRAINT acting_session_end_reason_known CHECK (end_reason IN (
        'signed_out', 'changed_organisation', 'expired', 'mandates_gone')),
    CONSTRAINT acting_session_ended_together CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT acting_session_expires_later CHECK (expires_at > started_at)
);
-- Who is a colleague: a person with a session for the same organisation in the last 12 months.
CREATE INDEX acting_session_colleague_idx ON identity.acting_session (organisation_id, official_person_id, started_at);

GRANT USAGE ON SCHEMA identity TO kelmu_door;
GRANT SELECT, INSERT ON identity.acting_session TO kelmu_door;
GRANT UPDATE (mandates, representation_mandates, mandate_request_id, mandate_digest, refreshed_at, ended_at, end_reason)
    ON identity.acting_session TO kelmu_door;
