-- Figures about a body's notices. Counts of 1 to 4 are left out, and so is every sum such a count is part of: it could
-- be worked out from the rest. Notices of protected clients are in no figure.

-- A count as it may be told: NULL for 1 to 4.
CREATE FUNCTION door_private.told_count(counted bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN CASE WHEN counted NOT BETWEEN 1 AND 4 THEN counted END;
END
$function$;

-- The notices that came to what a session serves within some days, with their first day there.
CREATE FUNCTION door_private.counted_notices(sight door_private.sight, first date, last date)
RETURNS TABLE (held notices.notice, day date, municipality text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT n, (n.arrived_at AT TIME ZONE 'Europe/Helsinki')::date, m.present_code
    FROM notices.notice n
    JOIN notices.notice_content c ON c.notice_id = n.notice_id
    JOIN organisations.municipality m ON m.code = n.municipality_code
    WHERE n.municipality_code = ANY (sight.municipalities) AND n.visible_from <= now()
        AND n.arrived_at >= door_private.midnight(first) AND n.arrived_at < door_private.midnight(last + 1)
        AND NOT door_private.restricted_now(n, c.person_id, sight.today);
END
$function$;

-- Volumes, take-up, overdue and transfers of days `first` to `last` (inclusive, 366 at most):
--   volumes [{day, kind, count}], days [{day, count}], kinds [{kind, count}];
--   municipalities [{municipality, count, overdue, taken_up, median_hours}]: from the first moment seen to being taken up;
--   moved_out, moved_in. A count that is NULL is small. NULL: no right to notices.
CREATE FUNCTION door.notice_figures(session_secret text, first date, last date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    written bigint;
    answer jsonb;
BEGIN
    IF first IS NULL OR last IS NULL OR last < first OR last - first > 366 THEN
        RAISE EXCEPTION 'no such period' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    written := door_private.log(session, 'use', action => 'notice_figures', purpose => sight.purpose);
    WITH counted AS MATERIALIZED (
        SELECT c.day, c.municipality, (c.held).kind::text AS kind,
            (c.held).state <> 'handled' AND (c.held).due_on < sight.today AS overdue,
            extract(epoch FROM (c.held).taken_at - (c.held).visible_from) / 3600 AS hours
        FROM door_private.counted_notices(sight, first, last) c
    ), cells AS (
        SELECT c.day, c.kind, count(*) AS number FROM counted c GROUP BY c.day, c.kind
    ), places AS (
        SELECT c.municipality, count(*) AS number, count(*) FILTER (WHERE c.overdue) AS overdue,
            count(c.hours) AS taken_up, percentile_cont(0.5) WITHIN GROUP (ORDER BY c.hours) AS median
        FROM counted c GROUP BY c.municipality
    )
    SELECT jsonb_build_object(
        'volumes', (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'day', x.day, 'kind', x.kind, 'count', door_private.told_count(x.number)) ORDER BY x.day, x.kind), '[]')
            FROM cells x),
        'days', (SELECT coalesce(jsonb_agg(jsonb_build_object('day', d.day, 'count', d.number) ORDER BY d.day), '[]')
            FROM (SELECT x.day, CASE WHEN bool_and(door_private.told_count(x.number) IS NOT NULL) THEN sum(x.number) END
                AS number FROM cells x GROUP BY x.day) d),
        'kinds', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'count', k.number) ORDER BY k.kind), '[]')
            FROM (SELECT x.kind, CASE WHEN bool_and(door_private.told_count(x.number) IS NOT NULL) THEN sum(x.number) END
                AS number FROM cells x GROUP BY x.kind) k),
        'municipalities', (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'municipality', p.municipality, 'count', door_private.told_count(p.number),
            'overdue', CASE WHEN p.number > 4 THEN door_private.told_count(p.overdue) END,
            'taken_up', CASE WHEN p.number > 4 THEN door_private.told_count(p.taken_up) END,
            'median_hours', CASE WHEN p.taken_up > 4 THEN round(p.median::numeric, 1) END)
            ORDER BY p.municipality), '[]')
            FROM places p),
        'moved_out', door_private.told_count((
            SELECT count(*) FROM notices.transfer t
            WHERE t.organisation_id = session.organisation_id AND t.undone_at IS NULL
                AND t.moved_at >= door_private.midnight(first) AND t.moved_at < door_private.midnight(last + 1))),
        'moved_in', door_private.told_count((
            SELECT count(*) FROM notices.transfer t
            WHERE t.to_municipality = ANY (sight.municipalities) AND t.from_municipality <> ALL (sight.municipalities)
                AND t.undone_at IS NULL
                AND t.moved_at >= door_private.midnight(first) AND t.moved_at < door_private.midnight(last + 1))))
    INTO answer;
    RETURN answer;
END
$function$;

GRANT EXECUTE ON FUNCTION door.notice_figures(text, date, date) TO kelmu_web;
