-- What has been recorded since the organisation last saw it: only rows that the document shows are named.

-- The keys of a group's rows that were recorded after a moment, as the document names them.
CREATE FUNCTION door_private.recorded_after(person_id bigint, data_group text, since timestamptz)
RETURNS SETOF text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    CASE data_group
        WHEN 'pending' THEN
            RETURN QUERY SELECT m.matter_number FROM register.matter m
            WHERE m.person_id = recorded_after.person_id AND m.superseded_at IS NULL AND m.recorded_at > since;
        WHEN 'decisions' THEN
            RETURN QUERY SELECT d.decision_number FROM register.decision d
            WHERE d.person_id = recorded_after.person_id AND d.superseded_at IS NULL AND d.recorded_at > since
            UNION SELECT c.decision_number FROM register.decision_calculation c
            WHERE c.person_id = recorded_after.person_id AND c.superseded_at IS NULL AND c.recorded_at > since
            UNION SELECT k.decision_number FROM register.payment_commitment k
            WHERE k.person_id = recorded_after.person_id AND k.superseded_at IS NULL AND k.recorded_at > since;
        WHEN 'payments' THEN
            RETURN QUERY SELECT p.payment_number::text FROM register.payment p
            WHERE p.person_id = recorded_after.person_id AND p.superseded_at IS NULL AND p.recorded_at > since;
        WHEN 'coverage' THEN
            RETURN QUERY SELECT c.coverage_kind || ' ' || c.valid_from FROM register.coverage c
            WHERE c.person_id = recorded_after.person_id AND c.superseded_at IS NULL AND c.recorded_at > since;
        WHEN 'recovery' THEN
            RETURN QUERY SELECT r.recovery_number FROM register.recovery r
            WHERE r.person_id = recorded_after.person_id AND r.superseded_at IS NULL AND r.recorded_at > since;
        WHEN 'maintenance_collection' THEN
            RETURN QUERY SELECT m.collection_number FROM register.maintenance_collection m
            WHERE m.person_id = recorded_after.person_id AND m.superseded_at IS NULL AND m.recorded_at > since;
        WHEN 'medicine_cap' THEN
            RETURN QUERY SELECT c.year::text FROM register.medicine_cap c
            WHERE c.person_id = recorded_after.person_id AND c.superseded_at IS NULL AND c.recorded_at > since;
        WHEN 'third_party_info' THEN
            RETURN QUERY SELECT i.info_number FROM register.third_party_info i
            WHERE i.person_id = recorded_after.person_id AND i.superseded_at IS NULL AND i.recorded_at > since;
        ELSE
            RETURN;
    END CASE;
END
$function$;

-- When the organisation was last told each group of this person, before an inquiry was opened.
CREATE FUNCTION door_private.last_told(person_id bigint, looked_for inquiry.inquiry)
RETURNS TABLE (data_group text, at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT g.told, max(e.at)
    FROM audit.entry e
    JOIN identity.acting_session s ON s.acting_session_id = looked_for.acting_session_id
        AND s.organisation_id = e.organisation_id
    CROSS JOIN LATERAL unnest(e.data_groups) AS g (told)
    WHERE e.subject_person_id = last_told.person_id AND e.kind = 'disclosed' AND e.at < looked_for.opened_at
    GROUP BY g.told;
END
$function$;

-- For each group of the document when the organisation was last told it (null: never), which of the rows shown
-- were recorded after, and what is gone since. What a feed recorded while that look was under way may have become visible only later, so
-- an hour, more than a feed takes, is counted in.
CREATE FUNCTION door_private.dossier_changes(
    person_id bigint, looked_for inquiry.inquiry, scope door_private.scope_row[], data_groups text[], parts json[],
    today date
) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT coalesce(json_agg(json_build_object(
            'group', shown.data_group,
            'since', to_char(told.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'rows', ARRAY(
                SELECT key
                FROM json_array_elements(CASE json_typeof(shown.part) WHEN 'array' THEN shown.part ELSE '[]' END)
                    WITH ORDINALITY AS r (value, place)
                CROSS JOIN LATERAL coalesce(
                    r.value ->> 'number', r.value ->> 'year',
                    (r.value ->> 'kind') || ' ' || (r.value ->> 'valid_from')) AS key
                WHERE key IN (
                    SELECT door_private.recorded_after(person_id, shown.data_group, told.at - interval '1 hour'))
                ORDER BY r.place),
            -- Of a group that cannot be read nobody knows what is gone.
            'gone', CASE WHEN shown.part IS NULL THEN '[]'::json ELSE
                door_private.dossier_gone(person_id, scope, shown.data_group, told.at, today) END)
            ORDER BY shown.place), '[]')
        FROM unnest(data_groups, parts) WITH ORDINALITY AS shown (data_group, part, place)
        LEFT JOIN door_private.last_told(person_id, looked_for) told ON told.data_group = shown.data_group
        WHERE shown.data_group <> 'person');
END
$function$;
