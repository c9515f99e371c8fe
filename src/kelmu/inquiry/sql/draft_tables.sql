-- Drafts: what an official has typed into a form and not sent. Only doors read and write them.

-- `sealed` cannot be opened in the database. `code_mark` says for which client a reason is meant: equal for
-- equal codes of one official and organisation; it is made with a key the database is not given to keep, so
-- nobody can try codes on it. A row without text holds the mark of an inquiry whose card was shown, because
-- the typed code itself is gone after 15 minutes.
CREATE TABLE inquiry.draft (
    official_pseudonym text NOT NULL,
    organisation_id bigint NOT NULL CONSTRAINT draft_organisation_fk REFERENCES organisations.organisation,
    form text NOT NULL CONSTRAINT draft_form_known CHECK (form IN ('search', 'reason')),
    code_mark bytea NOT NULL,
    -- The inquiry that waits for the reason; a reason sent there forgets the draft.
    inquiry_id uuid CONSTRAINT draft_inquiry_fk REFERENCES inquiry.inquiry,
    sealed text CONSTRAINT draft_sealed_length CHECK (length(sealed) BETWEEN 1 AND 6000),
    kept_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT draft_pk PRIMARY KEY (official_pseudonym, organisation_id, form, code_mark),
    CONSTRAINT draft_mark_of_reason CHECK (
        (form = 'search' AND length(code_mark) = 0 AND inquiry_id IS NULL)
        OR (form = 'reason' AND length(code_mark) = 32 AND inquiry_id IS NOT NULL)),
    CONSTRAINT draft_lives_twelve_hours CHECK (expires_at <= kept_at + interval '12 hours')
);
CREATE INDEX draft_expiry_idx ON inquiry.draft (expires_at);

GRANT SELECT, INSERT, DELETE ON inquiry.draft TO kelmu_door;
GRANT UPDATE (inquiry_id, sealed, kept_at, expires_at) ON inquiry.draft TO kelmu_door;
