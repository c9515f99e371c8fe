-- Figures about a body's notices, so told that no count of 1 to 4 can be read or worked out (docs/decisions/0013).
-- Notices of protected clients are in no figure.
--
-- A month is told by itself, once it has ended, and a longer period is its months side by side: no two periods overlap
-- so that days would be left when one is taken from the other, and asking each day tells no day.
-- In a month kinds, days and municipalities add up to the same total, and zeros are told. So each table is made safe
-- for who knows the total and this rule (told_parts); cells of one table by another are not told. Of a number beside
-- the total (late, moved in) the rest counts as a cell too (told_share). A median is of 5 or more, and only of a body
-- and its municipalities: with that of kinds, how many were taken up could be worked out.
--
-- What is left: the figures are of notices as they stand now. Who writes them down and asks again sees a told count
-- change by one: a notice became late, moved on, or its client is protected by now. Who knows from elsewhere which of
-- the hidden cells is the biggest comes closer to the others. Two bodies that compare their figures are not reckoned
-- with.

-- A count as it may be told: NULL for 1 to 4.
CREATE FUNCTION door_private.told_count(counted bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN CASE WHEN counted NOT BETWEEN 1 AND 4 THEN counted END;
END
$function$;

-- A part of a count that is told: NULL where the part, or what is left without it, is 1 to 4.
CREATE FUNCTION door_private.told_share(part bigint, counted bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN CASE WHEN door_private.told_count(counted - part) IS NOT NULL THEN door_private.told_count(part) END;
END
$function$;

-- The parts of a total, as they may be told to who knows the total. Where one is 1 to 4, those up to a limit are NULL:
-- the lowest limit, 4 or more, where they are 5 or more together and not all equal. Whoever has two of them change
-- places gets the same answer, so each may be either. NULL: there is no such limit, and not even the total may be told.
CREATE FUNCTION door_private.told_parts(parts bigint[]) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    highest bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(parts) p WHERE p BETWEEN 1 AND 4) THEN
        RETURN parts;
    END IF;
    SELECT min(l.highest) INTO highest
    FROM (SELECT DISTINCT greatest(p, 4) FROM unnest(parts) p) l (highest)
    WHERE (SELECT sum(p) > 4 AND min(p) < max(p) FROM unnest(parts) p WHERE p <= l.highest);
    IF highest IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN ARRAY(
        SELECT CASE WHEN u.part > highest THEN u.part END
        FROM unnest(parts) WITH ORDINALITY u (part, place) ORDER BY u.place);
END
$function$;

-- The notices that came in a month to what a session serves and are there now. `late`: not handled by the last day for
-- it; `hours`: from the first moment seen to being taken up.
CREATE FUNCTION door_private.counted_notices(sight door_private.sight, month date)
RETURNS TABLE (kind text, day date, municipality text, late boolean, hours double precision)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT n.kind::text, (n.arrived_at AT TIME ZONE 'Europe/Helsinki')::date, m.present_code,
        coalesce((n.handled_at AT TIME ZONE 'Europe/Helsinki')::date, sight.today) > n.due_on,
        (extract(epoch FROM n.taken_at - n.visible_from) / 3600)::double precision
    FROM notices.notice n
    JOIN organisations.municipality m ON m.code = n.municipality_code
    WHERE n.municipality_code = ANY (sight.municipalities) AND n.visible_from <= now()
        AND n.arrived_at >= door_private.midnight(month)
        AND n.arrived_at < door_private.midnight((month + interval '1 month')::date)
        AND NOT door_private.restricted_now(n, n.person_id, sight.today);
END
$function$;

-- How many notices were moved out of and into what a session serves in a month, and not taken back.
CREATE FUNCTION door_private.counted_moves(
    session identity.acting_session, sight door_private.sight, month date, OUT moved_out bigint, OUT moved_in bigint
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    begun timestamptz := door_private.midnight(month);
    ended timestamptz := door_private.midnight((month + interval '1 month')::date);
BEGIN
    SELECT count(*) INTO moved_out
    FROM notices.transfer t JOIN notices.notice n USING (notice_id)
    WHERE t.organisation_id = session.organisation_id AND t.to_municipality <> ALL (sight.municipalities)
        AND t.undone_at IS NULL AND t.moved_at >= begun AND t.moved_at < ended
        AND NOT door_private.restricted_now(n, n.person_id, sight.today);
    SELECT count(*) INTO moved_in
    FROM notices.transfer t JOIN notices.notice n USING (notice_id)
    WHERE t.to_municipality = ANY (sight.municipalities) AND t.from_municipality <> ALL (sight.municipalities)
        AND t.undone_at IS NULL AND t.moved_at >= begun AND t.moved_at < ended
        AND NOT door_private.restricted_now(n, n.person_id, sight.today);
END
$function$;

-- What door.notice_figures tells of a month.
CREATE FUNCTION door_private.month_figures(
    session identity.acting_session, sight door_private.sight, month date
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    moves record := door_private.counted_moves(session, sight, month);
    told jsonb;
BEGIN
    WITH counted AS MATERIALIZED (
        SELECT c.* FROM door_private.counted_notices(sight, month) c
    ), parts AS (
        SELECT CASE WHEN GROUPING (c.kind) = 0 THEN 'kind' WHEN GROUPING (c.day) = 0 THEN 'day'
                WHEN GROUPING (c.municipality) = 0 THEN 'municipality' ELSE 'all' END AS title,
            coalesce(c.kind, c.municipality, c.day::text) AS part,
            count(*) AS number, count(*) FILTER (WHERE c.late) AS late,
            CASE WHEN count(c.hours) > 4 THEN round(percentile_cont(0.5) WITHIN GROUP (ORDER BY c.hours)) END AS median
        FROM counted c GROUP BY GROUPING SETS ((c.kind), (c.day), (c.municipality), ())
    ), tables AS (
        SELECT p.title, array_agg(p.part ORDER BY p.part) AS names, array_agg(p.median ORDER BY p.part) AS medians,
            door_private.told_parts(array_agg(p.number ORDER BY p.part)) AS numbers
        FROM parts p GROUP BY p.title
    ), rows AS (
        SELECT t.title, jsonb_agg(CASE t.title
            WHEN 'municipality' THEN jsonb_build_object('municipality', u.part, 'count', u.number,
                'median_hours', CASE WHEN u.number IS NOT NULL THEN u.median END)
            ELSE jsonb_build_object(t.title, u.part, 'count', u.number) END ORDER BY u.part) AS told
        FROM tables t, unnest(t.names, t.numbers, t.medians) u (part, number, median)
        GROUP BY t.title
    )
    SELECT jsonb_build_object(
        'count', a.number, 'late', door_private.told_share(a.late, a.number), 'median_hours', a.median,
        'moved_in', door_private.told_share(moves.moved_in, a.number),
        'kinds', coalesce((SELECT r.told FROM rows r WHERE r.title = 'kind'), '[]'),
        'days', coalesce((SELECT r.told FROM rows r WHERE r.title = 'day'), '[]'),
        'municipalities', coalesce((SELECT r.told FROM rows r WHERE r.title = 'municipality'), '[]'))
    INTO told
    FROM parts a
    WHERE a.title = 'all' AND (SELECT bool_and(t.numbers IS NOT NULL) FROM tables t);
    RETURN coalesce(told, '{"count": null, "late": null, "median_hours": null, "moved_in": null, "kinds": [],
        "days": [], "municipalities": []}')
        || jsonb_build_object('month', month, 'moved_out', door_private.told_count(moves.moved_out));
END
$function$;

-- Volumes, take-up, lateness and transfers in the calendar months from the first day `first` to the last day `last`, 12
-- at most, which have ended: {months: [{month (its first day), count, late, median_hours, moved_in, moved_out,
--   kinds [{kind, count}], days [{day, count}], municipalities [{municipality, count, median_hours}]}]}.
-- A number that is NULL is not told; where `count` is not, nor are the tables, whose rows all count something. NULL: no
-- right to notices.
CREATE FUNCTION door.notice_figures(session_secret text, first date, last date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    written bigint;
BEGIN
    IF first IS NULL OR last IS NULL OR last >= door_private.today() OR last < first
        OR last >= first + interval '12 months'
        OR extract(day FROM first) <> 1 OR extract(day FROM last + 1) <> 1 THEN
        RAISE EXCEPTION 'no such period' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    written := door_private.log(session, 'use', action => 'notice_figures', purpose => sight.purpose);
    RETURN jsonb_build_object('months', (
        SELECT jsonb_agg(door_private.month_figures(session, sight, g::date) ORDER BY g)
        FROM generate_series(first::timestamp, last::timestamp, interval '1 month') g));
END
$function$;

GRANT EXECUTE ON FUNCTION door.notice_figures(text, date, date) TO kelmu_web;
