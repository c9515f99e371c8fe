-- The log: who looked at whom, for whom, why, and what came of it. Append-only by privilege and by trigger.
-- Entries hold values, not foreign keys: the log outlives what it describes. No benefit data, no identity
-- codes. Nothing here deletes.

CREATE SCHEMA audit;

-- Lists of values as domains: a CHECK of the table would be parsed anew for each entry.
CREATE DOMAIN audit.entry_kind AS text CONSTRAINT entry_kind_known CHECK (VALUE IN (
    'signed_in', 'signed_out', 'sign_in_failed', 'access_refused',
    'acting_begun', 'acting_refreshed', 'acting_ended',
    'refused', 'inquiry', 'reason_given', 'view', 'disclosed', 'use', 'notice', 'notice_work', 'list',
    'claim', 'claim_work',
    'not_there', 'difference', 'locked', 'released'));
CREATE DOMAIN audit.outcome AS text CONSTRAINT outcome_known CHECK (VALUE IN (
    'given', 'not_available', 'own_data', 'reason_needed', 'refused'));
CREATE DOMAIN audit.case_reference AS text CONSTRAINT case_reference_short CHECK (length(VALUE) <= 100);
CREATE DOMAIN audit.reason AS text CONSTRAINT reason_short CHECK (length(VALUE) <= 255);

CREATE TABLE audit.entry (
    entry_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT entry_pk PRIMARY KEY,
    event_id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT entry_event_id_key UNIQUE,
    -- When it happened by the database's clock, and the transaction it was committed by.
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind audit.entry_kind NOT NULL,
    acting_session_id uuid,
    official_pseudonym text,
    official_person_id bigint,
    organisation_id bigint,
    business_id text,
    organisation_type text,
    agreement_id bigint,
    mandates text[] NOT NULL DEFAULT '{}',
    mandate_request_id uuid,
    mandate_digest bytea,
    channel text,
    action text,
    purpose text,
    case_reference audit.case_reference,
    told_client boolean,
    reason audit.reason,
    vouched boolean NOT NULL DEFAULT false,
    inquiry_id uuid,
    -- The client; NULL where the code was unknown.
    subject_person_id bigint,
    -- The door's decision: outcome to the caller, the true rule, and the facts it rests on.
    outcome audit.outcome,
    rule text,
    cause text,
    facts jsonb,
    scope jsonb,
    -- A former identity code was typed, and its last day: with the subject's number it names both codes, her present
    -- one and the one typed, without either.
    former_code boolean,
    former_until date,
    data_groups text[] NOT NULL DEFAULT '{}',
    fields text[] NOT NULL DEFAULT '{}',
    document_digest bytea,
    policy_digest text,
    for_review boolean NOT NULL DEFAULT false,
    detail text,
    CONSTRAINT entry_decision_has_rule CHECK (outcome IS NULL OR rule IS NOT NULL),
    CONSTRAINT entry_disclosure_has_digest CHECK (kind <> 'disclosed' OR document_digest IS NOT NULL)
);
CREATE INDEX entry_session_idx ON audit.entry (acting_session_id, at);
CREATE INDEX entry_organisation_idx ON audit.entry (organisation_id, at);
-- When an official last signed in, for the limits.
CREATE INDEX entry_signed_in_idx ON audit.entry (official_pseudonym, at) WHERE kind = 'signed_in';
CREATE INDEX entry_inquiry_idx ON audit.entry (inquiry_id) WHERE inquiry_id IS NOT NULL;
CREATE INDEX entry_subject_idx ON audit.entry (subject_person_id, at) WHERE subject_person_id IS NOT NULL;

-- Persons other than the client whose data are in an answer (a payee, a client named in a list of inquiries).
CREATE TABLE audit.entry_mention (
    entry_id bigint NOT NULL CONSTRAINT entry_mention_entry_fk REFERENCES audit.entry,
    person_id bigint NOT NULL,
    CONSTRAINT entry_mention_pk PRIMARY KEY (person_id, entry_id)
);

CREATE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'KL090';
END
$function$;

CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON audit.entry
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON audit.entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER entry_mention_append_only BEFORE UPDATE OR DELETE ON audit.entry_mention
    FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER entry_mention_no_truncate BEFORE TRUNCATE ON audit.entry_mention
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

GRANT USAGE ON SCHEMA audit TO kelmu_door, kelmu_auditor;
GRANT SELECT, INSERT ON audit.entry, audit.entry_mention TO kelmu_door;
GRANT SELECT ON audit.entry, audit.entry_mention TO kelmu_auditor;
