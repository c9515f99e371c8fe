-- Payment claims: what an organisation asks Kela to pay it of a client's benefit. Only doors read and write them. Days
-- are inclusive, amounts euros.

CREATE SCHEMA claims;

-- 'to_approve' waits for a colleague where the organisation wants four eyes; 'discarded' is a draft nobody wants.
CREATE DOMAIN claims.state AS text CONSTRAINT claim_state_known CHECK (VALUE IN (
    'draft', 'to_approve', 'discarded', 'submitted', 'received', 'more_information', 'accepted', 'partly_accepted',
    'refused', 'in_payment', 'ended', 'withdrawn', 'ended_by_claimant'));
CREATE DOMAIN claims.ground AS text CONSTRAINT claim_ground_known CHECK (VALUE IN ('sta23', 'cfa14'));
CREATE DOMAIN claims.words AS text CONSTRAINT claim_words_length CHECK (length(VALUE) BETWEEN 1 AND 2000);

-- ISO 13616: country, check digits, account; with the first four characters last and letters as numbers, the rest of a
-- division by 97 is 1.
CREATE FUNCTION claims.is_iban(account text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $function$
    SELECT CASE WHEN account ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' THEN (
        SELECT string_agg(
            CASE WHEN c ~ '[0-9]' THEN c ELSE (ascii(c) - 55)::text END, '' ORDER BY place)::numeric % 97 = 1
        FROM regexp_split_to_table(substr(account, 5) || left(account, 4), '') WITH ORDINALITY AS split (c, place))
        ELSE false END
$function$;

-- How an organisation wants its claims made.
CREATE TABLE claims.setting (
    organisation_id bigint CONSTRAINT setting_pk PRIMARY KEY
        CONSTRAINT setting_organisation_fk REFERENCES organisations.organisation,
    four_eyes boolean NOT NULL
);

-- The organisation's own register of accounts. An account is ended by its `valid_to`, never removed.
CREATE TABLE claims.account (
    account_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT account_pk PRIMARY KEY,
    organisation_id bigint NOT NULL CONSTRAINT account_organisation_fk REFERENCES organisations.organisation,
    name text NOT NULL CONSTRAINT account_name_length CHECK (length(name) BETWEEN 1 AND 100),
    iban text NOT NULL CONSTRAINT account_iban_right CHECK (claims.is_iban(iban)),
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT account_once UNIQUE (organisation_id, iban, valid_from),
    -- For what names an account with its organisation.
    CONSTRAINT account_of_organisation_key UNIQUE (account_id, organisation_id),
    CONSTRAINT account_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);

CREATE SEQUENCE claims.receipt;

-- `amount` a month or a payment, NULL: the whole benefit. `basis_from` to `basis_to`: the days for which assistance was
-- paid, or of the care; `paid_on`: the first day on which assistance was paid. `cautions`: what its sender was told and
-- sent it all the same. A draft has only what was typed. `version` grows by one with each change.
CREATE TABLE claims.claim (
    claim_id uuid CONSTRAINT claim_pk PRIMARY KEY,
    organisation_id bigint NOT NULL CONSTRAINT claim_organisation_fk REFERENCES organisations.organisation,
    person_id bigint NOT NULL CONSTRAINT claim_person_fk REFERENCES register.person,
    state claims.state NOT NULL DEFAULT 'draft',
    version integer NOT NULL DEFAULT 1 CONSTRAINT claim_version_positive CHECK (version > 0),
    made_by identity.pseudonym NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    receipt_number text CONSTRAINT claim_receipt_key UNIQUE,
    benefit_code register.benefit_code,
    ground claims.ground,
    period_from date,
    period_to date,
    amount register.euros CONSTRAINT claim_amount_positive CHECK (amount > 0),
    basis_from date,
    basis_to date,
    paid_on date,
    account_id bigint,
    reference text CONSTRAINT claim_reference_length CHECK (length(reference) BETWEEN 1 AND 35),
    handler_name text CONSTRAINT claim_handler_name_length CHECK (length(handler_name) BETWEEN 1 AND 100),
    handler_phone text CONSTRAINT claim_handler_phone_length CHECK (length(handler_phone) BETWEEN 1 AND 30),
    message claims.words,
    cautions text[] NOT NULL DEFAULT '{}' CONSTRAINT claim_cautions_known CHECK (
        cautions <@ ARRAY['late', 'after_decision', 'overlap', 'over_net']),
    needs_approval boolean NOT NULL DEFAULT false,
    submitted_by identity.pseudonym,
    approved_by identity.pseudonym,
    submitted_at timestamptz,
    ended_on date,
    CONSTRAINT claim_account_fk FOREIGN KEY (account_id, organisation_id)
        REFERENCES claims.account (account_id, organisation_id),
    CONSTRAINT claim_sent_is_whole CHECK (state IN ('draft', 'discarded') OR num_nulls(
        benefit_code, ground, period_from, basis_from, account_id, handler_name, handler_phone, submitted_by) = 0),
    CONSTRAINT claim_receipt_when_sent CHECK (
        (state IN ('draft', 'to_approve', 'discarded')) = (receipt_number IS NULL)
        AND (receipt_number IS NULL) = (submitted_at IS NULL)),
    CONSTRAINT claim_period_ordered CHECK (period_from <= period_to AND basis_from <= basis_to),
    CONSTRAINT claim_only_what_was_paid CHECK (
        basis_from <= period_from AND (basis_to IS NULL OR coalesce(period_to <= basis_to, false))),
    CONSTRAINT claim_advance_is_of_a_time CHECK (
        CASE ground WHEN 'sta23' THEN num_nulls(period_to, paid_on) = 0 WHEN 'cfa14' THEN paid_on IS NULL END),
    CONSTRAINT claim_four_eyes CHECK (approved_by NOT IN (made_by, submitted_by)),
    CONSTRAINT claim_approved_where_wanted CHECK (
        NOT needs_approval OR state IN ('draft', 'to_approve', 'discarded') OR approved_by IS NOT NULL),
    CONSTRAINT claim_ended_on_a_day CHECK ((state = 'ended_by_claimant') = (ended_on IS NOT NULL))
);
CREATE INDEX claim_organisation_idx ON claims.claim (organisation_id, changed_at);
CREATE INDEX claim_person_idx ON claims.claim (person_id, organisation_id);

-- The form of a claim as it was typed, by its fields.
CREATE TABLE claims.typed (
    claim_id uuid CONSTRAINT typed_pk PRIMARY KEY CONSTRAINT typed_claim_fk REFERENCES claims.claim,
    typed jsonb NOT NULL CONSTRAINT typed_object CHECK (jsonb_typeof(typed) = 'object'),
    CONSTRAINT typed_length CHECK (length(typed::text) <= 8000)
);

-- What happened to a claim, in order. Typing into a draft is a version without an event.
CREATE TABLE claims.event (
    claim_id uuid CONSTRAINT event_claim_fk REFERENCES claims.claim,
    version integer,
    at timestamptz NOT NULL DEFAULT now(),
    what text NOT NULL CONSTRAINT event_what_known CHECK (what IN (
        'made', 'sent_for_approval', 'returned', 'approved', 'submitted', 'discarded', 'withdrawn', 'ended')),
    state claims.state NOT NULL,
    by_official identity.pseudonym NOT NULL,
    note claims.words,
    CONSTRAINT event_pk PRIMARY KEY (claim_id, version)
);

CREATE FUNCTION claims.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RAISE EXCEPTION 'the history of claims is append-only' USING ERRCODE = 'KL090';
END
$function$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON claims.event
    FOR EACH ROW EXECUTE FUNCTION claims.refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON claims.event
    FOR EACH STATEMENT EXECUTE FUNCTION claims.refuse_change();

GRANT USAGE ON SCHEMA claims TO kelmu_door;
GRANT SELECT ON ALL TABLES IN SCHEMA claims TO kelmu_door;
GRANT USAGE ON SEQUENCE claims.receipt TO kelmu_door;
GRANT INSERT ON claims.claim, claims.typed, claims.event TO kelmu_door;
GRANT UPDATE (state, version, changed_at, receipt_number, benefit_code, ground, period_from, period_to, amount,
    basis_from, basis_to, paid_on, account_id, reference, handler_name, handler_phone, message, cautions, needs_approval,
    submitted_by, approved_by, submitted_at, ended_on) ON claims.claim TO kelmu_door;
GRANT UPDATE (typed) ON claims.typed TO kelmu_door;
