-- The document: what the scope of a ticket opens of one person, as JSON text with a fixed order of keys.
-- Amounts are strings in euros, days are ISO 8601. What the scope lacks is not in it; what a non-disclosure
-- order hides is not in it either (municipality, phone, office, payee).

-- The benefits a group is open for, each with the first day it reaches back to (-infinity: no limit).
CREATE FUNCTION door_private.open_benefits(scope jsonb, data_group text)
RETURNS TABLE (benefit_code text, since date)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT b.benefit_code, min(coalesce((s.value ->> 2)::date, '-infinity'))
    FROM jsonb_array_elements(scope) s
    JOIN policy.profile_benefit b ON b.profile_id = (s.value ->> 0)::int
    WHERE s.value ->> 1 = open_benefits.data_group
    GROUP BY b.benefit_code;
END
$function$;

CREATE FUNCTION door_private.granted_groups(scope jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN ARRAY(SELECT DISTINCT s.value ->> 1 FROM jsonb_array_elements(scope) s);
END
$function$;

CREATE FUNCTION door_private.dossier_person(person_id bigint, hidden boolean, former_code boolean, today date)
RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    part json;
BEGIN
    SELECT json_build_object(
        'personal_id', p.personal_id, 'family_name', p.family_name, 'given_names', p.given_names,
        'birth_date', p.birth_date,
        'age', date_part('year', age(coalesce(p.death_date, today), p.birth_date))::int,
        'language', p.language,
        'municipality', CASE WHEN NOT hidden THEN door_private.municipality_of(p.person_id, today) END,
        'protected', hidden,
        'death_date', p.death_date, 'under_guardianship', p.under_guardianship,
        'phone', CASE WHEN NOT hidden THEN p.phone END,
        'former_code', former_code)
    INTO STRICT part
    FROM register.person p
    WHERE p.person_id = dossier_person.person_id;
    RETURN part;
END
$function$;

CREATE FUNCTION door_private.dossier_pending(person_id bigint, scope jsonb, hidden boolean) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    part json;
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'number', m.matter_number, 'benefit', m.benefit_code, 'matter_type', m.matter_type,
        'received_on', m.received_on, 'applied_from', m.applied_from, 'applied_to', m.applied_to,
        'received_by', m.received_by, 'state', m.state, 'missing_attachments', m.missing_attachments,
        'attachments_due_on', m.attachments_due_on, 'urgent', m.urgent, 'due_on', m.due_on,
        'handling_office', CASE WHEN NOT hidden THEN m.handling_office END)
        ORDER BY m.received_on DESC, m.matter_number), '[]')
    INTO part
    FROM register.matter m
    JOIN door_private.open_benefits(scope, 'pending') b ON b.benefit_code = m.benefit_code
    WHERE m.person_id = dossier_pending.person_id AND m.superseded_at IS NULL AND m.state <> 'decided';
    RETURN part;
END
$function$;

-- A decision counts by its day, or while its validity still runs.
CREATE FUNCTION door_private.dossier_decisions(person_id bigint, scope jsonb, today date) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    part json;
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'number', d.decision_number, 'benefit', d.benefit_code, 'decided_on', d.decided_on, 'outcome', d.outcome,
        'valid_from', d.valid_from, 'valid_to', d.valid_to, 'amount', d.amount::text, 'unit', d.unit,
        'gross', d.gross::text, 'reason_code', d.reason_code, 'reason_text', d.reason_text,
        'legal_ground', d.legal_ground, 'payee_kind', d.payee_kind, 'review_on', d.review_on,
        'appeal_until', d.appeal_until, 'replaces', d.replaces_number, 'annulled_on', d.annulled_on)
        ORDER BY d.decided_on DESC, d.decision_number DESC), '[]')
    INTO part
    FROM register.decision d
    JOIN door_private.open_benefits(scope, 'decisions') b ON b.benefit_code = d.benefit_code
    WHERE d.person_id = dossier_decisions.person_id AND d.superseded_at IS NULL
        AND (d.decided_on >= b.since
            OR (d.valid_from IS NOT NULL AND (d.valid_to IS NULL OR d.valid_to >= today)));
    RETURN part;
END
$function$;

-- Payees who are persons are third persons: named only where no order protects them or the client, and
-- then mentioned in the entry.
CREATE FUNCTION door_private.dossier_payments(
    person_id bigint, scope jsonb, hidden boolean, today date, OUT part json, OUT mentioned bigint[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    first_day date := door_private.open_since(scope, 'payments');
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'number', p.payment_number, 'benefit', p.benefit_code, 'paid_on', p.paid_on,
        'period_from', p.period_from, 'period_to', p.period_to, 'gross', p.gross::text, 'tax', p.tax::text,
        'recovery', p.recovery::text, 'paid_to_others', p.paid_to_others::text,
        'enforcement', p.enforcement::text, 'net', p.net::text, 'payee_kind', p.payee_kind,
        'payee_name', CASE
            WHEN hidden THEN NULL
            WHEN p.payee_person_id IS NULL THEN p.payee_name
            ELSE payee.given_names || ' ' || payee.family_name END,
        'account_masked', p.account_masked, 'state', p.state, 'decision', p.decision_number)
        ORDER BY p.paid_on DESC, p.payment_number DESC), '[]'),
        coalesce(array_agg(DISTINCT payee.person_id) FILTER (WHERE payee.person_id IS NOT NULL), '{}')
    INTO part, mentioned
    FROM register.payment p
    JOIN door_private.open_benefits(scope, 'payments') b ON b.benefit_code = p.benefit_code
    LEFT JOIN register.person payee ON payee.person_id = p.payee_person_id
        AND payee.person_id <> p.person_id AND NOT hidden AND payee.protection_known
        AND NOT door_private.is_protected(payee.person_id, today)
    WHERE p.person_id = dossier_payments.person_id AND p.superseded_at IS NULL AND p.paid_on >= b.since
        -- Lets the planner skip the years before the window.
        AND p.paid_on >= first_day;
END
$function$;

-- Freshness of the sources behind the groups shown.
CREATE FUNCTION door_private.dossier_sources(granted text[]) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    part json;
BEGIN
    SELECT coalesce(json_object_agg(
        CASE s.source WHEN 'matters' THEN 'pending' WHEN 'population' THEN 'person' ELSE s.source END,
        json_build_object(
            'available', s.available,
            'as_of', to_char(s.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        ORDER BY s.source), '{}')
    INTO part
    FROM register.source s
    WHERE s.source IN ('population', 'non_disclosure')
        OR CASE s.source WHEN 'matters' THEN 'pending' ELSE s.source END = ANY (granted);
    RETURN part;
END
$function$;

CREATE FUNCTION door_private.source_available(source text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN coalesce((SELECT s.available FROM register.source s WHERE s.source = source_available.source), false);
END
$function$;

-- One group of the document, and the third persons named in it. NULL where its source cannot be read, which
-- is not the same as empty.
CREATE FUNCTION door_private.dossier_group(
    person_id bigint, scope jsonb, data_group text, hidden boolean, today date,
    OUT part json, OUT mentioned bigint[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    mentioned := '{}';
    IF NOT door_private.source_available(CASE data_group WHEN 'pending' THEN 'matters' ELSE data_group END) THEN
        RETURN;
    END IF;
    CASE data_group
        WHEN 'pending' THEN part := door_private.dossier_pending(person_id, scope, hidden);
        WHEN 'decisions' THEN part := door_private.dossier_decisions(person_id, scope, today);
        WHEN 'payments' THEN
            SELECT g.part, g.mentioned INTO STRICT part, mentioned
            FROM door_private.dossier_payments(person_id, scope, hidden, today) g;
        WHEN 'coverage' THEN part := door_private.dossier_coverage(person_id, scope);
        WHEN 'recovery' THEN part := door_private.dossier_recovery(person_id, scope);
        WHEN 'maintenance_collection' THEN
            SELECT g.part, g.mentioned INTO STRICT part, mentioned
            FROM door_private.dossier_maintenance(person_id, scope, hidden, today) g;
        WHEN 'medicine_cap' THEN part := door_private.dossier_medicine_cap(person_id, scope, today);
        WHEN 'third_party_info' THEN part := door_private.dossier_third_party_info(person_id, scope);
    END CASE;
END
$function$;

-- The groups granted, each with the first day it reaches back to (null: no limit).
CREATE FUNCTION door_private.dossier_scope(scope jsonb) RETURNS json
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT json_agg(json_build_object('group', w.data_group, 'since', w.since) ORDER BY w.data_group)
        FROM (
            SELECT s.value ->> 1 AS data_group,
                CASE WHEN bool_or(s.value ->> 2 IS NULL) THEN NULL ELSE min((s.value ->> 2)::date) END AS since
            FROM jsonb_array_elements(scope) s
            GROUP BY 1) w);
END
$function$;

-- The whole document.
CREATE FUNCTION door_private.dossier(
    person_id bigint, scope jsonb, former_code boolean, OUT document text, OUT mentioned bigint[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    today date := door_private.today();
    -- Protection that cannot be read any more hides what an order would.
    hidden boolean := door_private.is_protected(person_id, today)
        OR NOT door_private.source_available('non_disclosure');
    granted text[] := door_private.granted_groups(scope);
    data_group text;
    found_group record;
    parts text[] := '{}';
    named bigint[] := '{}';
BEGIN
    parts := parts || ('"person": ' || door_private.dossier_person(person_id, hidden, former_code, today)::text);
    FOREACH data_group IN ARRAY ARRAY[
        'pending', 'decisions', 'payments', 'coverage', 'recovery', 'maintenance_collection', 'medicine_cap',
        'third_party_info'
    ] LOOP
        CONTINUE WHEN data_group <> ALL (granted);
        SELECT g.part, g.mentioned INTO STRICT found_group
        FROM door_private.dossier_group(person_id, scope, data_group, hidden, today) g;
        parts := parts || format('"%s": %s', data_group, coalesce(found_group.part::text, 'null'));
        named := named || found_group.mentioned;
    END LOOP;
    parts := parts || ('"sources": ' || door_private.dossier_sources(granted)::text);
    parts := parts || ('"scope": ' || door_private.dossier_scope(scope)::text);
    document := '{' || array_to_string(parts, ', ') || '}';
    mentioned := ARRAY(SELECT DISTINCT n FROM unnest(named) n);
END
$function$;

-- The data groups a document holds.
CREATE FUNCTION door_private.document_groups(document json) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN ARRAY(
        SELECT k FROM json_object_keys(document) k WHERE k NOT IN ('sources', 'scope') ORDER BY k);
END
$function$;

-- The fields a document holds, as group.field. Rows of a group all have the same fields.
CREATE FUNCTION door_private.document_fields(document json) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN ARRAY(
        SELECT part.key || '.' || field
        FROM json_each(document) part
        CROSS JOIN LATERAL json_object_keys(
            CASE json_typeof(part.value)
                WHEN 'array' THEN coalesce(part.value -> 0, '{}') WHEN 'object' THEN part.value ELSE '{}' END) field
        WHERE part.key NOT IN ('sources', 'scope')
        ORDER BY 1);
END
$function$;
