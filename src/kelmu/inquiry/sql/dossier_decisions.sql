-- Decisions, with what belongs to them: the reckoning of basic social assistance, payment commitments, and the
-- persons a decision is about besides the client.

-- The reckoning, by decision (euros a month). `balance` is what is left over, or lacking where it is negative.
CREATE FUNCTION door_private.decision_calculations(person_id bigint)
RETURNS TABLE (decision_number text, part json)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT c.decision_number, json_build_object(
        'adults', c.adults, 'children', c.children, 'basic_part', c.basic_part::text,
        'lowered_percent', c.lowered_percent, 'lowered_from', c.lowered_from, 'lowered_to', c.lowered_to,
        'other_basic_expenses', c.other_basic_expenses::text, 'income', c.income::text,
        'assets', c.assets::text,
        'balance', (c.income + c.assets - c.basic_part - c.other_basic_expenses)::text,
        'split_days', c.split_days, 'passed_on', c.passed_on)
    FROM register.decision_calculation c
    WHERE c.person_id = decision_calculations.person_id AND c.superseded_at IS NULL;
END
$function$;

CREATE FUNCTION door_private.decision_commitments(person_id bigint)
RETURNS TABLE (decision_number text, part json)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT c.decision_number, json_agg(json_build_object(
        'number', c.commitment_number, 'kind', c.commitment_kind, 'amount', c.amount::text,
        'valid_from', c.valid_from, 'valid_to', c.valid_to)
        ORDER BY c.valid_from, c.commitment_number)
    FROM register.payment_commitment c
    WHERE c.person_id = decision_commitments.person_id AND c.superseded_at IS NULL
    GROUP BY c.decision_number;
END
$function$;

-- Third persons, in limited form: role, given names and year of birth. Who is under an order is left out, and
-- so is everybody where the client is (`hidden`).
CREATE FUNCTION door_private.decision_members(person_id bigint, hidden boolean, today date)
RETURNS TABLE (decision_number text, part json, named bigint[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT m.decision_number, json_agg(json_build_object(
        'role', m.member_role, 'given_names', p.given_names, 'birth_year', date_part('year', p.birth_date)::int)
        ORDER BY m.member_role DESC, p.birth_date, p.person_id),
        array_agg(p.person_id)
    FROM register.decision_member m
    JOIN register.person p ON p.person_id = m.member_person_id
    WHERE m.person_id = decision_members.person_id AND m.superseded_at IS NULL
        AND NOT hidden AND p.protection_known AND NOT door_private.is_protected(p.person_id, today)
    GROUP BY m.decision_number;
END
$function$;

-- A decision counts by its day, or while its validity still runs. Why a benefit that tells of illness was
-- decided as it was, is not told.
CREATE FUNCTION door_private.dossier_decisions(
    person_id bigint, scope door_private.scope_row[], hidden boolean, today date,
    OUT part json, OUT mentioned bigint[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'number', d.decision_number, 'benefit', d.benefit_code, 'decided_on', d.decided_on, 'outcome', d.outcome,
        'valid_from', d.valid_from, 'valid_to', d.valid_to, 'amount', d.amount::text, 'unit', d.unit,
        'gross', d.gross::text,
        'reason_code', CASE WHEN NOT benefit.health THEN d.reason_code END,
        'reason_text', CASE WHEN NOT benefit.health THEN d.reason_text END,
        'legal_ground', d.legal_ground, 'payee_kind', d.payee_kind, 'review_on', d.review_on,
        'appeal_until', d.appeal_until, 'replaces', d.replaces_number, 'annulled_on', d.annulled_on,
        'calculation', c.part, 'commitments', coalesce(k.part, '[]'), 'members', coalesce(m.part, '[]'))
        ORDER BY d.decided_on DESC, d.decision_number DESC), '[]'),
        coalesce(string_to_array(string_agg(array_to_string(m.named, ','), ','), ',')::bigint[], '{}')
    INTO part, mentioned
    FROM register.decision d
    JOIN policy.benefit benefit ON benefit.code = d.benefit_code
    LEFT JOIN door_private.decision_calculations(dossier_decisions.person_id) c ON c.decision_number = d.decision_number
    LEFT JOIN door_private.decision_commitments(dossier_decisions.person_id) k ON k.decision_number = d.decision_number
    LEFT JOIN door_private.decision_members(dossier_decisions.person_id, hidden, today) m
        ON m.decision_number = d.decision_number
    WHERE d.person_id = dossier_decisions.person_id AND d.superseded_at IS NULL
        AND EXISTS (
            SELECT FROM unnest(scope) s JOIN policy.profile_benefit b USING (profile_id)
            WHERE s.data_group = 'decisions' AND b.benefit_code = d.benefit_code
                AND (d.decided_on >= s.since
                    OR (d.valid_from IS NOT NULL AND (d.valid_to IS NULL OR d.valid_to >= today))));
END
$function$;
