-- Kela's data about persons. Only the feed writes here and only doors read.
--
-- Everything of a person is keyed by person_id first (Kela's own person number, given by the feed).
-- Two times: valid_from/valid_to say when a fact holds (days, inclusive, valid_to NULL = still);
-- recorded_at/superseded_at say when the register knew it. A row with superseded_at IS NULL is what is
-- known now; a correction supersedes a row and adds another, so what an official saw can be shown again.
-- Keys are in keys.sql. In large tables columns of eight bytes come first, then those of four: no byte is lost
-- between them.
-- Amounts are euros. Benefit codes are those of the benefit catalogue (policy.benefit).

CREATE SCHEMA register;

CREATE DOMAIN register.euros AS numeric(12, 2);
CREATE DOMAIN register.benefit_code AS text CHECK (VALUE ~ '^[A-Z]{3}(-[A-Z0-9]+)+$');
CREATE DOMAIN register.personal_id AS text CHECK (
    VALUE ~ '^[0-9]{6}[-+ABCDEFYXWVU][0-9]{3}[0-9ABCDEFHJKLMNPRSTUVWXY]$');

-- Each outside source of the register: when it was last read, and whether it can be read now.
CREATE TABLE register.source (
    source text CONSTRAINT source_pk PRIMARY KEY CONSTRAINT source_known CHECK (source IN (
        'population', 'non_disclosure', 'matters', 'decisions', 'payments', 'coverage', 'recovery',
        'maintenance_collection', 'medicine_cap', 'third_party_info')),
    available boolean NOT NULL,
    as_of timestamptz NOT NULL
);

-- `personal_id` is the present identity code. `protection_known` false: the non-disclosure flag is missing.
CREATE TABLE register.person (
    person_id bigint CONSTRAINT person_pk PRIMARY KEY,
    personal_id register.personal_id NOT NULL CONSTRAINT person_personal_id_key UNIQUE,
    family_name text NOT NULL CONSTRAINT person_family_name_filled CHECK (family_name <> ''),
    given_names text NOT NULL CONSTRAINT person_given_names_filled CHECK (given_names <> ''),
    birth_date date NOT NULL,
    death_date date,
    language text NOT NULL CONSTRAINT person_language_shape CHECK (language ~ '^[a-z]{2,3}$'),
    phone text,
    under_guardianship boolean NOT NULL DEFAULT false,
    protection_known boolean NOT NULL DEFAULT true,
    residence_ground text,
    first_residence_date date,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT person_death_after_birth CHECK (death_date IS NULL OR birth_date <= death_date)
);

CREATE TABLE register.former_personal_id (
    personal_id register.personal_id CONSTRAINT former_personal_id_pk PRIMARY KEY,
    person_id bigint NOT NULL CONSTRAINT former_personal_id_person_fk REFERENCES register.person,
    valid_to date NOT NULL
);

CREATE TABLE register.residence (
    person_id bigint NOT NULL CONSTRAINT residence_person_fk REFERENCES register.person,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    valid_from date NOT NULL,
    valid_to date,
    municipality_code text NOT NULL CONSTRAINT residence_municipality_fk REFERENCES organisations.municipality,
    CONSTRAINT residence_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);

CREATE TABLE register.non_disclosure_order (
    person_id bigint NOT NULL CONSTRAINT non_disclosure_person_fk REFERENCES register.person,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    CONSTRAINT non_disclosure_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);

-- Both directions are stored: `relative_id` is person_id's child, parent, sibling, spouse or the other
-- parent of a shared child. A former spouse is a spouse row with valid_to in the past.
CREATE TABLE register.family_link (
    person_id bigint NOT NULL CONSTRAINT family_link_person_fk REFERENCES register.person,
    relative_id bigint NOT NULL CONSTRAINT family_link_relative_fk REFERENCES register.person,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    valid_from date NOT NULL,
    valid_to date,
    relation text NOT NULL CONSTRAINT family_link_relation_known CHECK (
        relation IN ('child', 'parent', 'sibling', 'spouse', 'co_parent')),
    CONSTRAINT family_link_two_persons CHECK (person_id <> relative_id)
);

-- Who acts for a person: custodians while she is a minor, a guardian by an appointment. A guardian is a person of the
-- register or, by its name, an office.
CREATE TABLE register.guardianship (
    person_id bigint NOT NULL CONSTRAINT guardianship_person_fk REFERENCES register.person,
    guardian_person_id bigint CONSTRAINT guardianship_guardian_fk REFERENCES register.person,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    valid_from date NOT NULL,
    valid_to date,
    guardianship_number text NOT NULL,
    guardian_kind text NOT NULL CONSTRAINT guardianship_kind_known CHECK (
        guardian_kind IN ('custodian', 'guardian')),
    guardian_name text CONSTRAINT guardianship_name_filled CHECK (guardian_name <> ''),
    CONSTRAINT guardianship_person_or_office CHECK ((guardian_person_id IS NULL) <> (guardian_name IS NULL)),
    CONSTRAINT guardianship_two_persons CHECK (person_id <> guardian_person_id),
    CONSTRAINT guardianship_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);

CREATE TABLE register.matter (
    person_id bigint NOT NULL CONSTRAINT matter_person_fk REFERENCES register.person,
    matter_number text NOT NULL,
    benefit_code register.benefit_code NOT NULL,
    matter_type text NOT NULL CONSTRAINT matter_type_known CHECK (matter_type IN (
        'first_application', 'continuation', 'review', 'change_notice', 'appeal', 'recovery_matter')),
    received_on date NOT NULL,
    applied_from date,
    applied_to date,
    received_by text NOT NULL CONSTRAINT matter_received_by_known CHECK (received_by IN ('web', 'paper', 'phone')),
    state text NOT NULL CONSTRAINT matter_state_known CHECK (state IN (
        'received', 'waiting_for_information', 'in_processing', 'decided')),
    missing_attachments text[] NOT NULL DEFAULT '{}',
    attachments_due_on date,
    urgent boolean NOT NULL DEFAULT false,
    due_on date,
    handling_office text,
    decided_on date,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    CONSTRAINT matter_decided_together CHECK ((state = 'decided') = (decided_on IS NOT NULL)),
    CONSTRAINT matter_applied_ordered CHECK (applied_to IS NULL OR applied_from <= applied_to)
);

CREATE TABLE register.decision (
    person_id bigint NOT NULL CONSTRAINT decision_person_fk REFERENCES register.person,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    decided_on date NOT NULL,
    valid_from date,
    valid_to date,
    review_on date,
    appeal_until date,
    annulled_on date,
    decision_number text NOT NULL,
    matter_number text,
    benefit_code register.benefit_code NOT NULL,
    outcome text NOT NULL CONSTRAINT decision_outcome_known CHECK (outcome IN (
        'granted', 'partly', 'refused', 'ended', 'reviewed', 'withdrawn', 'lapsed')),
    amount register.euros,
    unit text CONSTRAINT decision_unit_known CHECK (unit IN ('month', 'day', 'lump_sum', 'reimbursement')),
    gross register.euros,
    reason_code text,
    reason_text text,
    legal_ground text,
    payee_kind text CONSTRAINT decision_payee_kind_known CHECK (payee_kind IN (
        'client', 'spouse', 'guardian', 'county', 'municipality', 'employer', 'landlord', 'care_provider')),
    replaces_number text,
    CONSTRAINT decision_amount_with_unit CHECK ((amount IS NULL) = (unit IS NULL)),
    CONSTRAINT decision_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);

-- A promise to pay a shop or a supplier for what the client needs, up to `amount` euros, within its days.
CREATE TABLE register.payment_commitment (
    person_id bigint NOT NULL CONSTRAINT payment_commitment_person_fk REFERENCES register.person,
    commitment_number text NOT NULL,
    decision_number text NOT NULL,
    commitment_kind text NOT NULL CONSTRAINT payment_commitment_kind_known CHECK (commitment_kind IN (
        'pharmacy', 'grocery', 'electricity', 'other')),
    amount register.euros NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    CONSTRAINT payment_commitment_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);

-- Partitioned by year of the payment day; the migration makes the partitions. What is not deducted is empty, not
-- zero. Of the account only its last four characters ever come here. `state_on`: the day on which it was returned or
-- corrected; empty where that is not known, and for all others.
CREATE TABLE register.payment (
    person_id bigint NOT NULL CONSTRAINT payment_person_fk REFERENCES register.person,
    payment_number bigint NOT NULL,
    payee_person_id bigint,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    paid_on date NOT NULL,
    period_from date,
    period_to date,
    state_on date,
    decision_number text,
    benefit_code register.benefit_code NOT NULL,
    gross register.euros NOT NULL,
    tax register.euros,
    recovery register.euros,
    paid_to_others register.euros,
    enforcement register.euros,
    net register.euros NOT NULL,
    payee_kind text NOT NULL CONSTRAINT payment_payee_kind_known CHECK (payee_kind IN (
        'client', 'spouse', 'guardian', 'county', 'municipality', 'employer', 'landlord', 'care_provider')),
    payee_name text,
    account_end text CONSTRAINT payment_account_end_four CHECK (char_length(account_end) = 4),
    state text NOT NULL CONSTRAINT payment_state_known CHECK (state IN (
        'planned', 'in_payment', 'paid', 'returned', 'cancelled', 'corrected')),
    CONSTRAINT payment_adds_up CHECK (
        gross - coalesce(tax, 0) - coalesce(recovery, 0) - coalesce(paid_to_others, 0) - coalesce(enforcement, 0)
        = net),
    CONSTRAINT payment_state_day_of_turned CHECK (state_on IS NULL OR state IN ('returned', 'corrected')),
    CONSTRAINT payment_nothing_is_empty CHECK (0 NOT IN (tax, recovery, paid_to_others, enforcement)),
    CONSTRAINT payment_period_ordered CHECK (period_to IS NULL OR period_from <= period_to)
) PARTITION BY RANGE (paid_on);

-- Insurance coverage and documents about it. `country`: ISO 3166 code of the country that insures.
CREATE TABLE register.coverage (
    person_id bigint NOT NULL CONSTRAINT coverage_person_fk REFERENCES register.person,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    valid_from date NOT NULL,
    valid_to date,
    coverage_kind text NOT NULL CONSTRAINT coverage_kind_known CHECK (coverage_kind IN (
        'social_security', 'sickness_insurance', 'ehic', 'kela_card', 'care_certificate', 'posted_worker')),
    ground text CONSTRAINT coverage_ground_known CHECK (ground IN ('residence', 'work', 'eu')),
    country text,
    CONSTRAINT coverage_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);

-- An overpaid benefit recovered from the person. `instalment` is a month's; `set_off`: taken from benefits.
CREATE TABLE register.recovery (
    person_id bigint NOT NULL CONSTRAINT recovery_person_fk REFERENCES register.person,
    recovery_number text NOT NULL,
    benefit_code register.benefit_code NOT NULL,
    overpaid_from date NOT NULL,
    overpaid_to date NOT NULL,
    decided_on date NOT NULL,
    total register.euros NOT NULL,
    balance register.euros NOT NULL,
    instalment register.euros,
    set_off boolean NOT NULL DEFAULT false,
    state text NOT NULL CONSTRAINT recovery_state_known CHECK (state IN (
        'open', 'in_instalments', 'in_enforcement', 'paid', 'written_off')),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    CONSTRAINT recovery_balance_within_total CHECK (balance BETWEEN 0 AND total),
    CONSTRAINT recovery_overpaid_ordered CHECK (overpaid_from <= overpaid_to),
    CONSTRAINT recovery_over_without_balance CHECK (state NOT IN ('paid', 'written_off') OR balance = 0)
);

CREATE TABLE register.maintenance_collection (
    person_id bigint NOT NULL CONSTRAINT maintenance_collection_person_fk REFERENCES register.person,
    collection_number text NOT NULL,
    benefit_code register.benefit_code NOT NULL,
    child_person_id bigint NOT NULL CONSTRAINT maintenance_collection_child_fk REFERENCES register.person,
    decided_on date NOT NULL,
    arrears register.euros NOT NULL,
    monthly register.euros NOT NULL,
    state text NOT NULL CONSTRAINT maintenance_collection_state_known CHECK (state IN ('open', 'in_enforcement', 'paid', 'ended')),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz
);

-- Never which medicines. initial_deductible_met is true also in the years of a child, which have none.
CREATE TABLE register.medicine_cap (
    person_id bigint NOT NULL CONSTRAINT medicine_cap_person_fk REFERENCES register.person,
    updated_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    reached_on date,
    year smallint NOT NULL,
    initial_deductible_met boolean NOT NULL,
    accrued register.euros NOT NULL,
    cap register.euros NOT NULL,
    CONSTRAINT medicine_cap_reached_when_full CHECK (reached_on IS NULL OR accrued >= cap)
);

CREATE TABLE register.third_party_info (
    person_id bigint NOT NULL CONSTRAINT third_party_info_person_fk REFERENCES register.person,
    info_number text NOT NULL,
    sender_kind text NOT NULL CONSTRAINT third_party_info_sender_known CHECK (sender_kind IN (
        'unemployment_fund', 'employment_authority', 'pension_institution', 'insurance_institution',
        'study_register', 'prison_service', 'foreign_institution')),
    info_kind text NOT NULL CONSTRAINT third_party_info_kind_known CHECK (info_kind IN (
        'earnings_related_allowance', 'employment_statement', 'earnings_pension', 'accident_pension',
        'studies', 'custody', 'foreign_benefit')),
    valid_from date NOT NULL,
    valid_to date,
    amount register.euros,
    unit text CONSTRAINT third_party_info_unit_known CHECK (unit IN ('month', 'day')),
    received_on date NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    CONSTRAINT third_party_info_amount_with_unit CHECK ((amount IS NULL) = (unit IS NULL)),
    CONSTRAINT third_party_info_period_ordered CHECK (valid_to IS NULL OR valid_from <= valid_to)
);

CREATE TABLE register.job_seeking (
    person_id bigint NOT NULL CONSTRAINT job_seeking_person_fk REFERENCES register.person,
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz
);
