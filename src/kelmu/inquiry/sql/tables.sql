-- Inquiries, what was typed while a reason is asked, and tickets. Only doors read and write them.

CREATE SCHEMA inquiry;

-- One authorised look-up. `person_id` is NULL when the code is unknown: the row exists all the same,
-- so that an unknown code leaves the same trace as any other.
CREATE TABLE inquiry.inquiry (
    inquiry_id uuid CONSTRAINT inquiry_pk PRIMARY KEY,
    acting_session_id uuid NOT NULL CONSTRAINT inquiry_session_fk REFERENCES identity.acting_session,
    person_id bigint,
    former_code boolean NOT NULL,
    former_until date,
    purpose text NOT NULL,
    case_reference text,
    told_client boolean NOT NULL,
    data_groups text[] NOT NULL,
    -- Equal for equal codes of one session, and nothing else can be told from it.
    code_mark bytea NOT NULL,
    -- Opened after so many others that a reason is needed, whoever it is.
    many_persons boolean NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX inquiry_session_idx ON inquiry.inquiry (acting_session_id, opened_at);

-- The reason given for an inquiry: from then on it counts for that inquiry only.
CREATE TABLE inquiry.inquiry_reason (
    inquiry_id uuid CONSTRAINT inquiry_reason_pk PRIMARY KEY
        CONSTRAINT inquiry_reason_inquiry_fk REFERENCES inquiry.inquiry,
    reason text NOT NULL CONSTRAINT inquiry_reason_length CHECK (length(reason) BETWEEN 10 AND 255),
    given_at timestamptz NOT NULL DEFAULT now()
);

-- What was typed at a page, kept 15 minutes while a reason is waited for.
CREATE TABLE inquiry.inquiry_content (
    inquiry_id uuid CONSTRAINT inquiry_content_pk PRIMARY KEY
        CONSTRAINT inquiry_content_inquiry_fk REFERENCES inquiry.inquiry,
    personal_id text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX inquiry_content_expiry_idx ON inquiry.inquiry_content (expires_at);

-- A ticket lets one read happen, once, within 30 seconds, by the session it was made for.
-- Only the SHA-256 of the ticket is stored.
CREATE TABLE inquiry.ticket (
    ticket_hash identity.digest CONSTRAINT ticket_pk PRIMARY KEY,
    entry_id bigint NOT NULL CONSTRAINT ticket_entry_key UNIQUE CONSTRAINT ticket_entry_fk REFERENCES audit.entry,
    acting_session_id uuid NOT NULL CONSTRAINT ticket_session_fk REFERENCES identity.acting_session,
    -- NULL where no inquiry is read.
    inquiry_id uuid CONSTRAINT ticket_inquiry_fk REFERENCES inquiry.inquiry,
    issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    used_at timestamptz
);

GRANT USAGE ON SCHEMA inquiry TO kelmu_door;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA inquiry TO kelmu_door;
GRANT UPDATE (used_at) ON inquiry.ticket TO kelmu_door;
-- The typed code must not outlive its 15 minutes.
GRANT DELETE ON inquiry.inquiry_content TO kelmu_door;
