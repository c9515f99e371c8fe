-- Data groups besides matters, decisions and payments. Those without benefit codes reach back to the first
-- day of the group's rows in the scope (`since`); those with them to the first day of each benefit. Days are
-- inclusive.

-- By the end of its period, or while it runs.
CREATE FUNCTION door_private.dossier_coverage(person_id bigint, since date) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    part json;
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'kind', c.coverage_kind, 'ground', c.ground, 'country', c.country, 'valid_from', c.valid_from,
        'valid_to', c.valid_to)
        ORDER BY c.valid_from DESC, c.coverage_kind), '[]')
    INTO part
    FROM register.coverage c
    WHERE c.person_id = dossier_coverage.person_id AND c.superseded_at IS NULL
        AND (c.valid_to IS NULL OR c.valid_to >= since);
    RETURN part;
END
$function$;

-- While it is open, or by the day of its decision.
CREATE FUNCTION door_private.dossier_recovery(person_id bigint, scope door_private.scope_row[]) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    part json;
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'number', r.recovery_number, 'benefit', r.benefit_code, 'overpaid_from', r.overpaid_from,
        'overpaid_to', r.overpaid_to, 'decided_on', r.decided_on, 'total', r.total::text,
        'balance', r.balance::text, 'instalment', r.instalment::text, 'set_off', r.set_off, 'state', r.state)
        ORDER BY r.decided_on DESC, r.recovery_number DESC), '[]')
    INTO part
    FROM register.recovery r
    WHERE r.person_id = dossier_recovery.person_id AND r.superseded_at IS NULL
        AND EXISTS (
            SELECT FROM unnest(scope) s JOIN policy.profile_benefit b USING (profile_id)
            WHERE s.data_group = 'recovery' AND b.benefit_code = r.benefit_code
                AND (r.decided_on >= s.since OR r.state NOT IN ('paid', 'written_off')));
    RETURN part;
END
$function$;

-- As a recovery. The child is a third person: named only where no order protects it or the client, and then
-- mentioned in the entry.
CREATE FUNCTION door_private.dossier_maintenance(
    person_id bigint, scope door_private.scope_row[], hidden boolean, today date,
    OUT part json, OUT mentioned bigint[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'number', m.collection_number, 'benefit', m.benefit_code, 'child_given_names', child.given_names,
        'decided_on', m.decided_on, 'arrears', m.arrears::text, 'monthly', m.monthly::text, 'state', m.state)
        ORDER BY m.decided_on DESC, m.collection_number DESC), '[]'),
        coalesce(array_agg(DISTINCT child.person_id) FILTER (WHERE child.person_id IS NOT NULL), '{}')
    INTO part, mentioned
    FROM register.maintenance_collection m
    LEFT JOIN register.person child ON child.person_id = m.child_person_id
        AND NOT hidden AND child.protection_known AND NOT door_private.is_protected(child.person_id, today)
    WHERE m.person_id = dossier_maintenance.person_id AND m.superseded_at IS NULL
        AND EXISTS (
            SELECT FROM unnest(scope) s JOIN policy.profile_benefit b USING (profile_id)
            WHERE s.data_group = 'maintenance_collection' AND b.benefit_code = m.benefit_code
                AND (m.decided_on >= s.since OR m.state NOT IN ('paid', 'ended')));
END
$function$;

-- Sums of the calendar years that touch the window; never which medicines.
CREATE FUNCTION door_private.dossier_medicine_cap(person_id bigint, since date, today date) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    part json;
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'year', c.year, 'accrued', c.accrued::text, 'cap', c.cap::text,
        'remaining', greatest(c.cap - c.accrued, 0::numeric(12, 2))::text,
        'initial_deductible_met', c.initial_deductible_met, 'reached_on', c.reached_on,
        'updated_at', to_char(c.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        ORDER BY c.year DESC), '[]')
    INTO part
    FROM register.medicine_cap c
    WHERE c.person_id = dossier_medicine_cap.person_id AND c.superseded_at IS NULL
        AND make_date(c.year, 12, 31) >= since AND make_date(c.year, 1, 1) <= today;
    RETURN part;
END
$function$;

-- By the end of its period, or while it is open.
CREATE FUNCTION door_private.dossier_third_party_info(person_id bigint, since date) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    part json;
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'number', i.info_number, 'sender_kind', i.sender_kind, 'info_kind', i.info_kind,
        'valid_from', i.valid_from, 'valid_to', i.valid_to, 'amount', i.amount::text, 'unit', i.unit,
        'received_on', i.received_on)
        ORDER BY i.valid_from DESC, i.info_number DESC), '[]')
    INTO part
    FROM register.third_party_info i
    WHERE i.person_id = dossier_third_party_info.person_id AND i.superseded_at IS NULL
        AND (i.valid_to IS NULL OR i.valid_to >= since);
    RETURN part;
END
$function$;
