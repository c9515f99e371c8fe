-- What belongs to a decision: its reckoning and the persons it is about besides the client.

-- The reckoning of a basic social assistance decision (euros a month). Surplus or deficit (negative) is
-- income + assets - basic_part - other_basic_expenses. `split_days`: the days of the month on which it is
-- paid in parts; empty: in one sum. `passed_on`: a part of the application was passed on to the county.
CREATE TABLE register.decision_calculation (
    person_id bigint NOT NULL CONSTRAINT decision_calculation_person_fk REFERENCES register.person,
    decision_number text NOT NULL,
    adults smallint NOT NULL,
    children smallint NOT NULL,
    basic_part register.euros NOT NULL,
    lowered_percent smallint CONSTRAINT decision_calculation_lowered_known CHECK (lowered_percent IN (20, 40)),
    lowered_from date,
    lowered_to date,
    other_basic_expenses register.euros NOT NULL,
    income register.euros NOT NULL,
    assets register.euros NOT NULL DEFAULT 0,
    split_days smallint[] NOT NULL DEFAULT '{}' CONSTRAINT decision_calculation_split_known CHECK (
        split_days <@ '{1, 9, 16, 23}'),
    passed_on boolean NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    CONSTRAINT decision_calculation_lowered_together CHECK ((lowered_percent IS NULL) = (lowered_from IS NULL))
);

-- Members of the household a social assistance decision is about; children of a child benefit
-- decision, or of a child care allowance.
CREATE TABLE register.decision_member (
    person_id bigint NOT NULL CONSTRAINT decision_member_person_fk REFERENCES register.person,
    decision_number text NOT NULL,
    member_person_id bigint NOT NULL CONSTRAINT decision_member_member_fk REFERENCES register.person,
    member_role text NOT NULL CONSTRAINT decision_member_role_known CHECK (member_role IN ('spouse', 'child')),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,
    CONSTRAINT decision_member_two_persons CHECK (person_id <> member_person_id)
);
