-- What the organisation could see when it last looked and the register no longer holds: deleted or annulled out of
-- it, with no row known of the same number. Only what the scope would show now is told: number, benefit and day.

-- Rows of a group closed after a moment and not replaced. `counts_by` is the day the window counts them by:
-- infinity where none bounds them, NULL where they are not shown at all.
CREATE FUNCTION door_private.closed_after(person_id bigint, data_group text, since timestamptz, today date)
RETURNS TABLE (number text, benefit text, day date, counts_by date, recorded_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    CASE data_group
        WHEN 'pending' THEN
            RETURN QUERY SELECT m.matter_number, m.benefit_code::text, m.received_on,
                CASE WHEN m.state <> 'decided' THEN date 'infinity' END, m.recorded_at
            FROM register.matter m WHERE m.person_id = closed_after.person_id AND m.superseded_at > since
                AND NOT EXISTS (SELECT FROM register.matter k WHERE k.person_id = m.person_id
                    AND k.matter_number = m.matter_number AND k.superseded_at IS NULL);
        WHEN 'decisions' THEN
            RETURN QUERY SELECT d.decision_number, d.benefit_code::text, d.decided_on,
                CASE WHEN d.valid_from IS NOT NULL AND (d.valid_to IS NULL OR d.valid_to >= today)
                    THEN date 'infinity' ELSE d.decided_on END, d.recorded_at
            FROM register.decision d WHERE d.person_id = closed_after.person_id AND d.superseded_at > since
                AND NOT EXISTS (SELECT FROM register.decision k WHERE k.person_id = d.person_id
                    AND k.decision_number = d.decision_number AND k.superseded_at IS NULL);
        WHEN 'payments' THEN
            RETURN QUERY SELECT p.payment_number::text, p.benefit_code::text, p.paid_on, p.paid_on, p.recorded_at
            FROM register.payment p WHERE p.person_id = closed_after.person_id AND p.superseded_at > since
                -- Of a payment moved to another day the number is known still.
                AND NOT EXISTS (SELECT FROM register.payment k WHERE k.person_id = p.person_id
                    AND k.payment_number = p.payment_number AND k.superseded_at IS NULL);
        WHEN 'coverage' THEN
            RETURN QUERY SELECT c.coverage_kind || ' ' || c.valid_from, NULL::text, c.valid_from,
                coalesce(c.valid_to, 'infinity'), c.recorded_at
            FROM register.coverage c WHERE c.person_id = closed_after.person_id AND c.superseded_at > since
                AND NOT EXISTS (SELECT FROM register.coverage k WHERE k.person_id = c.person_id
                    AND k.coverage_kind = c.coverage_kind AND k.valid_from = c.valid_from
                    AND k.superseded_at IS NULL);
        WHEN 'recovery' THEN
            RETURN QUERY SELECT r.recovery_number, r.benefit_code::text, r.decided_on,
                CASE WHEN r.state IN ('paid', 'written_off') THEN r.decided_on ELSE 'infinity' END, r.recorded_at
            FROM register.recovery r WHERE r.person_id = closed_after.person_id AND r.superseded_at > since
                AND NOT EXISTS (SELECT FROM register.recovery k WHERE k.person_id = r.person_id
                    AND k.recovery_number = r.recovery_number AND k.superseded_at IS NULL);
        WHEN 'maintenance_collection' THEN
            RETURN QUERY SELECT m.collection_number, m.benefit_code::text, m.decided_on,
                CASE WHEN m.state IN ('paid', 'ended') THEN m.decided_on ELSE 'infinity' END, m.recorded_at
            FROM register.maintenance_collection m
            WHERE m.person_id = closed_after.person_id AND m.superseded_at > since
                AND NOT EXISTS (SELECT FROM register.maintenance_collection k WHERE k.person_id = m.person_id
                    AND k.collection_number = m.collection_number AND k.superseded_at IS NULL);
        WHEN 'medicine_cap' THEN
            RETURN QUERY SELECT c.year::text, NULL::text, NULL::date,
                CASE WHEN make_date(c.year, 1, 1) <= today THEN make_date(c.year, 12, 31) END, c.recorded_at
            FROM register.medicine_cap c WHERE c.person_id = closed_after.person_id AND c.superseded_at > since
                AND NOT EXISTS (SELECT FROM register.medicine_cap k WHERE k.person_id = c.person_id
                    AND k.year = c.year AND k.superseded_at IS NULL);
        WHEN 'third_party_info' THEN
            RETURN QUERY SELECT i.info_number, NULL::text, i.received_on,
                coalesce(i.valid_to, 'infinity'), i.recorded_at
            FROM register.third_party_info i
            WHERE i.person_id = closed_after.person_id AND i.superseded_at > since
                AND NOT EXISTS (SELECT FROM register.third_party_info k WHERE k.person_id = i.person_id
                    AND k.info_number = i.info_number AND k.superseded_at IS NULL);
        ELSE
            RETURN;
    END CASE;
END
$function$;

-- What was known of a group at a moment, or in the hour before it (as in door_private.dossier_changes), and is no
-- longer, as it was last known by then: newest first. NULL for the moment: the first look, and nothing is gone.
CREATE FUNCTION door_private.dossier_gone(
    person_id bigint, scope door_private.scope_row[], data_group text, seen timestamptz, today date
) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT coalesce(json_agg(json_build_object('number', g.number, 'benefit', g.benefit, 'day', g.day)
            ORDER BY g.day DESC, g.number), '[]')
        FROM (
            SELECT DISTINCT ON (c.number) c.number, c.benefit, c.day, c.counts_by
            FROM door_private.closed_after(person_id, data_group, seen - interval '1 hour', today) c
            WHERE c.recorded_at <= seen
            ORDER BY c.number, c.recorded_at DESC) g
        WHERE EXISTS (
            SELECT FROM unnest(scope) s
            WHERE s.data_group = dossier_gone.data_group AND g.counts_by >= s.since
                AND (g.benefit IS NULL OR EXISTS (
                    SELECT FROM policy.profile_benefit b
                    WHERE b.profile_id = s.profile_id AND b.benefit_code = g.benefit))));
END
$function$;
