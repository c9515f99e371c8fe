-- The document: what the scope of a ticket opens of one person, as JSON text with a fixed order of keys.
-- Amounts are strings in euros, days are ISO 8601. What the scope lacks is not in it; what a non-disclosure
-- order hides is not in it either (municipality, phone, office, payee).

-- A profile row the scope names, and the first day it reaches back to (-infinity: no limit). A row of a benefit is
-- open to a group where any of the group's profile rows opens that benefit as far back.
CREATE TYPE door_private.scope_row AS (profile_id integer, data_group text, since date);

-- What the law leaves of a dead client: guardianship ended with the death, and the telephone may be answered by
-- others. Where she lived is told as it was recorded, a merged municipality by its old code.
CREATE FUNCTION door_private.dossier_person(
    person_id bigint, hidden boolean, former_code boolean, guardians json, today date
) RETURNS json
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
        'residences', CASE WHEN NOT hidden THEN (
            SELECT coalesce(json_agg(json_build_object(
                'municipality', r.municipality_code, 'valid_from', r.valid_from, 'valid_to', r.valid_to)
                ORDER BY r.valid_from DESC), '[]')
            FROM register.residence r
            WHERE r.person_id = p.person_id AND r.superseded_at IS NULL) END,
        'protected', hidden,
        'death_date', p.death_date, 'under_guardianship', p.under_guardianship AND p.death_date IS NULL,
        'guardians', guardians,
        'phone', CASE WHEN NOT hidden AND p.death_date IS NULL THEN p.phone END,
        'former_code', former_code)
    INTO STRICT part
    FROM register.person p
    WHERE p.person_id = dossier_person.person_id;
    RETURN part;
END
$function$;

CREATE FUNCTION door_private.dossier_pending(
    person_id bigint, scope door_private.scope_row[], hidden boolean
) RETURNS json
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
    WHERE m.person_id = dossier_pending.person_id AND m.superseded_at IS NULL AND m.state <> 'decided'
        AND EXISTS (
            SELECT FROM unnest(scope) s JOIN policy.profile_benefit b USING (profile_id)
            WHERE s.data_group = 'pending' AND b.benefit_code = m.benefit_code);
    RETURN part;
END
$function$;

-- Payees who are persons are third persons: named only where no order protects them or the client, and
-- then mentioned in the entry.
CREATE FUNCTION door_private.dossier_payments(
    person_id bigint, scope door_private.scope_row[], first_day date, hidden boolean, today date,
    OUT part json, OUT mentioned bigint[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    SELECT coalesce(json_agg(json_build_object(
        'number', p.payment_number::text, 'benefit', p.benefit_code, 'paid_on', p.paid_on,
        'period_from', p.period_from, 'period_to', p.period_to, 'gross', p.gross::text, 'tax', coalesce(p.tax, 0.00)::text,
        'recovery', coalesce(p.recovery, 0.00)::text, 'paid_to_others', coalesce(p.paid_to_others, 0.00)::text,
        'enforcement', coalesce(p.enforcement, 0.00)::text, 'net', p.net::text, 'payee_kind', p.payee_kind,
        'payee_name', CASE
            WHEN hidden THEN NULL
            WHEN p.payee_person_id IS NULL THEN p.payee_name
            ELSE payee.given_names || ' ' || payee.family_name END,
        'account_masked', 'FI** **** **** **' || overlay(p.account_end PLACING ' ' FROM 3 FOR 0), 'state', p.state, 'decision', p.decision_number)
        ORDER BY p.paid_on DESC, p.payment_number DESC), '[]'),
        coalesce(array_agg(DISTINCT payee.person_id) FILTER (WHERE payee.person_id IS NOT NULL), '{}')
    INTO part, mentioned
    FROM register.payment p
    LEFT JOIN register.person payee ON payee.person_id = p.payee_person_id
        AND payee.person_id <> p.person_id AND NOT hidden AND payee.protection_known
        AND NOT door_private.is_protected(payee.person_id, today)
    WHERE p.person_id = dossier_payments.person_id AND p.superseded_at IS NULL
        -- Lets the planner skip the years before the window.
        AND p.paid_on >= first_day
        AND EXISTS (
            SELECT FROM unnest(scope) s JOIN policy.profile_benefit b USING (profile_id)
            WHERE s.data_group = 'payments' AND b.benefit_code = p.benefit_code AND p.paid_on >= s.since);
END
$function$;

-- Freshness of the sources behind the groups shown, and which of them can be read now.
CREATE FUNCTION door_private.dossier_sources(granted text[], OUT part json, OUT readable text[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    SELECT coalesce(json_object_agg(
            n.name,
            json_build_object(
                'available', s.available,
                'as_of', to_char(s.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
            ORDER BY s.source), '{}'),
        coalesce(array_agg(n.name) FILTER (WHERE s.available), '{}')
    INTO part, readable
    FROM register.source s
    CROSS JOIN LATERAL (
        SELECT CASE s.source WHEN 'matters' THEN 'pending' WHEN 'population' THEN 'person' ELSE s.source END AS name) n
    WHERE n.name IN ('person', 'non_disclosure') OR n.name = ANY (granted);
END
$function$;

-- The groups granted, each with the first day it reaches back to: for the document (null: no limit), and as
-- lists in the same order (-infinity).
CREATE FUNCTION door_private.dossier_scope(
    scope door_private.scope_row[], OUT part json, OUT granted text[], OUT since date[]
)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    SELECT json_agg(json_build_object('group', w.data_group, 'since', nullif(w.since, '-infinity'))),
        coalesce(array_agg(w.data_group), '{}'), array_agg(w.since)
    INTO part, granted, since
    FROM (SELECT s.data_group, min(s.since) AS since FROM unnest(scope) s GROUP BY 1 ORDER BY 1) w;
END
$function$;

-- The fields the parts of a document hold, as group.field. Rows of a group all have the same fields.
CREATE FUNCTION door_private.document_fields(names text[], parts json[]) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN ARRAY(
        SELECT p.name || '.' || field
        FROM unnest(names, parts) AS p (name, part)
        CROSS JOIN LATERAL json_object_keys(
            CASE json_typeof(p.part)
                WHEN 'array' THEN coalesce(p.part -> 0, '{}') WHEN 'object' THEN p.part ELSE '{}' END) field
        ORDER BY 1);
END
$function$;

-- The whole document, the third persons named in it, and the groups and fields it holds. A group whose source
-- cannot be read is null, which is not the same as empty. `looked_for` is the inquiry whose organisation wants to
-- know what has changed since it last looked, or NULL.
CREATE FUNCTION door_private.dossier(
    person_id bigint, scope jsonb, former_code boolean, looked_for inquiry.inquiry,
    OUT document text, OUT mentioned bigint[], OUT data_groups text[], OUT fields text[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    today date := door_private.today();
    opened door_private.scope_row[] := ARRAY(
        SELECT ROW(s.value ->> 0, s.value ->> 1, coalesce(s.value ->> 2, '-infinity'))::door_private.scope_row
        FROM jsonb_array_elements(scope) s);
    reach record := door_private.dossier_scope(opened);
    sources record := door_private.dossier_sources(reach.granted);
    -- Protection that cannot be read any more hides what an order would.
    hidden boolean := door_private.is_protected(person_id, today) OR 'non_disclosure' <> ALL (sources.readable);
    data_group text;
    since date;
    part json;
    naming record := door_private.dossier_guardians(person_id, hidden, today);
    parts json[] := ARRAY[door_private.dossier_person(person_id, hidden, former_code, naming.part, today)];
BEGIN
    data_groups := '{person}';
    mentioned := naming.mentioned;
    document := '{"person": ' || parts[1]::text;
    FOREACH data_group IN ARRAY ARRAY[
        'pending', 'decisions', 'payments', 'coverage', 'recovery', 'maintenance_collection', 'medicine_cap',
        'third_party_info'
    ] LOOP
        CONTINUE WHEN data_group <> ALL (reach.granted);
        part := NULL;
        IF data_group = ANY (sources.readable) THEN
            since := reach.since[array_position(reach.granted, data_group)];
            CASE data_group
                WHEN 'pending' THEN part := door_private.dossier_pending(person_id, opened, hidden);
                WHEN 'decisions' THEN
                    naming := door_private.dossier_decisions(person_id, opened, hidden, today);
                    part := naming.part;
                    mentioned := mentioned || naming.mentioned;
                WHEN 'payments' THEN
                    naming := door_private.dossier_payments(person_id, opened, since, hidden, today);
                    part := naming.part;
                    mentioned := mentioned || naming.mentioned;
                WHEN 'coverage' THEN part := door_private.dossier_coverage(person_id, since);
                WHEN 'recovery' THEN part := door_private.dossier_recovery(person_id, opened);
                WHEN 'maintenance_collection' THEN
                    naming := door_private.dossier_maintenance(person_id, opened, hidden, today);
                    part := naming.part;
                    mentioned := mentioned || naming.mentioned;
                WHEN 'medicine_cap' THEN part := door_private.dossier_medicine_cap(person_id, since, today);
                WHEN 'third_party_info' THEN part := door_private.dossier_third_party_info(person_id, since);
            END CASE;
        END IF;
        data_groups := data_groups || data_group;
        parts := parts || part;
        document := document || format(', "%s": %s', data_group, coalesce(part::text, 'null'));
    END LOOP;
    IF looked_for.inquiry_id IS NOT NULL THEN
        part := door_private.dossier_changes(person_id, looked_for, opened, data_groups, parts, today);
        document := document || ', "changes": ' || part::text;
        fields := door_private.document_fields('{changes}', ARRAY[part]);
    END IF;
    document := document || ', "sources": ' || sources.part::text || ', "scope": ' || reach.part::text || '}';
    fields := door_private.document_fields(data_groups, parts) || fields;
    data_groups := ARRAY(SELECT g FROM unnest(data_groups) g ORDER BY g);
    IF cardinality(mentioned) > 1 THEN
        mentioned := ARRAY(SELECT DISTINCT m FROM unnest(mentioned) m);
    END IF;
END
$function$;
