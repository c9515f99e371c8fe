-- The inbox: workflow values, no names. Names of a page come through door.open_notice_page, which leaves an entry.

-- What is told of the workflow: all of it to whoever has the notice, nothing to whoever sent it away. What becomes of
-- it elsewhere is the receiver's.
CREATE FUNCTION door_private.told_work(
    held notices.notice, up_to integer, today date, OUT state text, OUT assignee text, OUT overdue boolean
)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    state := CASE WHEN up_to IS NULL THEN held.state ELSE 'transferred' END;
    assignee := CASE WHEN up_to IS NULL THEN held.assignee END;
    overdue := up_to IS NULL AND held.state <> 'handled' AND held.due_on < today;
END
$function$;

-- One notice as a row. Where a restricted one is addressed to is never told.
CREATE FUNCTION door_private.notice_row(
    session identity.acting_session, sight door_private.sight, held notices.notice, restricted boolean, up_to integer
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    work record := door_private.told_work(held, up_to, sight.today);
BEGIN
    RETURN jsonb_build_object(
        'notice_id', held.notice_id, 'number', held.number, 'kind', held.kind, 'urgent', held.urgent,
        'sent_at', held.sent_at, 'visible_from', held.visible_from, 'arrived_at', held.arrived_at,
        'due_on', held.due_on,
        'municipality', CASE WHEN NOT restricted THEN (
            SELECT m.present_code FROM organisations.municipality m WHERE m.code = held.municipality_code) END,
        'restricted', restricted, 'moves', held.moves, 'flagged', held.moves >= 3, 'version', held.version,
        'read_only', up_to IS NOT NULL, 'state', work.state, 'assignee', work.assignee,
        'mine', coalesce(work.assignee = session.official_pseudonym, false), 'overdue', work.overdue,
        'kela_asked_at', CASE WHEN up_to IS NULL THEN held.kela_asked_at END,
        'outcome', CASE WHEN up_to IS NULL THEN held.outcome END,
        'taken_at', CASE WHEN up_to IS NULL THEN held.taken_at END,
        'handled_at', CASE WHEN up_to IS NULL THEN held.handled_at END);
END
$function$;

-- What is addressed to a session's organisation, or was sent away by it in the last 30 days (`up_to`: at which version).
CREATE FUNCTION door_private.notices_of(
    session identity.acting_session, sight door_private.sight, folder text, handled_too boolean
) RETURNS TABLE (held notices.notice, person_id bigint, up_to integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF folder = 'inbox' THEN
        RETURN QUERY
        SELECT n, c.person_id, NULL::integer
        FROM notices.notice n
        JOIN notices.notice_content c ON c.notice_id = n.notice_id
        WHERE n.municipality_code = ANY (sight.municipalities) AND (handled_too OR n.state <> 'handled');
    ELSE
        RETURN QUERY
        SELECT door_private.as_sent_away(n, sent.up_to), c.person_id, sent.up_to
        FROM (
            SELECT t.notice_id, max(t.version) AS up_to FROM notices.transfer t
            WHERE t.organisation_id = session.organisation_id AND t.undone_at IS NULL
                AND t.moved_at > now() - interval '30 days'
            GROUP BY t.notice_id) sent
        JOIN notices.notice n ON n.notice_id = sent.notice_id
        JOIN notices.notice_content c ON c.notice_id = n.notice_id
        WHERE n.municipality_code <> ALL (sight.municipalities);
    END IF;
END
$function$;

-- What of it the session may see. Handled ones only where asked for. The same for thousands at once as
-- door_private.restricted_now says of one.
CREATE FUNCTION door_private.notices_seen(
    session identity.acting_session, sight door_private.sight, folder text, handled_too boolean
) RETURNS TABLE (held notices.notice, restricted boolean, up_to integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT n.held, r.restricted, n.up_to
    FROM door_private.notices_of(session, sight, folder, handled_too) n
    CROSS JOIN LATERAL (
        SELECT (n.held).restricted
            OR NOT (SELECT p.protection_known FROM register.person p WHERE p.person_id = n.person_id)
            OR EXISTS (
                SELECT FROM register.non_disclosure_order o
                WHERE o.person_id = n.person_id AND o.superseded_at IS NULL AND o.valid_from <= sight.today
                    AND (o.valid_to IS NULL OR o.valid_to >= sight.today)) AS restricted
        OFFSET 0) r
    WHERE door_private.may_see(sight, n.held, n.person_id, r.restricted);
END
$function$;

-- What rows are filtered, counted and sorted by. `municipality` is NULL for a restricted one, which is found under none.
CREATE TYPE door_private.listed AS (
    held notices.notice, restricted boolean, up_to integer, municipality text, state text, assignee text, mine boolean,
    overdue boolean
);

CREATE FUNCTION door_private.listed_notices(
    session identity.acting_session, sight door_private.sight, folder text, handled_too boolean
) RETURNS SETOF door_private.listed
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT s.held, s.restricted, s.up_to, CASE WHEN NOT s.restricted THEN m.present_code END, w.state, w.assignee,
        coalesce(w.assignee = session.official_pseudonym, false), w.overdue
    FROM door_private.notices_seen(session, sight, folder, handled_too) s
    JOIN organisations.municipality m ON m.code = (s.held).municipality_code
    CROSS JOIN LATERAL door_private.told_work(s.held, s.up_to, sight.today) w;
END
$function$;

-- Those that pass a filter. A key that is not there asks nothing; days are Finnish, inclusive.
CREATE FUNCTION door_private.passing(listed door_private.listed[], filter jsonb) RETURNS SETOF door_private.listed
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    arrived_from timestamptz := door_private.midnight((filter ->> 'arrived_from')::date);
    arrived_before timestamptz := door_private.midnight((filter ->> 'arrived_to')::date + 1);
BEGIN
    RETURN QUERY
    SELECT l.*
    FROM unnest(listed) l
    WHERE (NOT filter ? 'states' OR filter -> 'states' ? l.state)
        AND (NOT filter ? 'kinds' OR filter -> 'kinds' ? (l.held).kind)
        AND (NOT filter ? 'municipalities' OR coalesce(filter -> 'municipalities' ? l.municipality, false))
        AND (NOT filter ? 'urgent' OR filter -> 'urgent' = to_jsonb((l.held).urgent))
        AND (NOT filter ? 'overdue' OR filter -> 'overdue' = to_jsonb(l.overdue))
        AND (NOT filter ? 'restricted' OR filter -> 'restricted' = to_jsonb(l.restricted))
        AND (NOT filter ? 'flagged' OR filter -> 'flagged' = to_jsonb((l.held).moves >= 3))
        AND (NOT filter ? 'number' OR filter -> 'number' = to_jsonb((l.held).number))
        AND (NOT filter ? 'assignee' OR CASE filter ->> 'assignee'
            WHEN 'me' THEN l.mine
            WHEN 'nobody' THEN l.assignee IS NULL
            ELSE coalesce(filter ->> 'assignee' = l.assignee, false) END)
        AND (NOT filter ? 'arrived_from' OR (l.held).arrived_at >= arrived_from)
        AND (NOT filter ? 'arrived_to' OR (l.held).arrived_at < arrived_before)
        AND (NOT filter ? 'due_from' OR (l.held).due_on >= (filter ->> 'due_from')::date)
        AND (NOT filter ? 'due_to' OR (l.held).due_on <= (filter ->> 'due_to')::date);
END
$function$;

-- The tiles of an inbox. `since`: how many came after a moment, for "3 new, show".
CREATE FUNCTION door_private.notice_counts(listed door_private.listed[], today date, since timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'new', count(*) FILTER (WHERE l.state = 'new'),
            'read', count(*) FILTER (WHERE l.state = 'read'),
            'in_progress', count(*) FILTER (WHERE l.state = 'in_progress'),
            'mine', count(*) FILTER (WHERE l.mine),
            'nobodys', count(*) FILTER (WHERE l.assignee IS NULL),
            'urgent', count(*) FILTER (WHERE (l.held).urgent),
            'due_today', count(*) FILTER (WHERE (l.held).due_on = today),
            'overdue', count(*) FILTER (WHERE l.overdue),
            'restricted', count(*) FILTER (WHERE l.restricted),
            'flagged', count(*) FILTER (WHERE (l.held).moves >= 3),
            'came_since', count(*) FILTER (WHERE (l.held).arrived_at > since))
        FROM unnest(listed) l
        WHERE l.state NOT IN ('handled', 'transferred'));
END
$function$;

-- A page of the inbox (`folder` inbox), or of what was sent away (moved). NULL: no right to notices.
--   filter: states, kinds, municipalities (arrays); urgent, overdue, restricted, flagged; number; assignee (me, nobody
--     or a pseudonym); arrived_from, arrived_to, due_from, due_to. Handled ones only if `states` names them.
--   sort: due, arrived, number, kind, municipality, state; with - before it the other way round.
-- Answers {rows, total, counts, now}: `counts` are of the whole folder, unfiltered; `now` is for the next `since`.
CREATE FUNCTION door.notice_rows(
    session_secret text, folder text, filter jsonb, sort text, skip integer, rows integer, since timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    backwards boolean := sort LIKE '-%';
    sorted_by text := ltrim(sort, '-');
    listed door_private.listed[];
    chosen jsonb;
    total bigint;
BEGIN
    IF folder IS NULL OR folder NOT IN ('inbox', 'moved') OR sorted_by IS NULL OR sorted_by NOT IN (
            'due', 'arrived', 'number', 'kind', 'municipality', 'state')
        OR skip IS NULL OR skip < 0 OR rows IS NULL OR rows NOT BETWEEN 1 AND 200 OR filter IS NULL
        OR jsonb_typeof(filter) <> 'object' OR filter - ARRAY[
            'states', 'kinds', 'municipalities', 'urgent', 'overdue', 'restricted', 'flagged', 'number', 'assignee',
            'arrived_from', 'arrived_to', 'due_from', 'due_to'] <> '{}' THEN
        RAISE EXCEPTION 'a page of another form' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    listed := ARRAY(
        SELECT l FROM door_private.listed_notices(
            session, sight, folder, coalesce(filter -> 'states' ? 'handled', false)) l);
    WITH passed AS (
        SELECT p.held, p.restricted, p.up_to, (p.held).number AS number,
            CASE sorted_by
                WHEN 'due' THEN to_char((p.held).due_on, 'YYYYMMDD')
                WHEN 'arrived' THEN to_char((p.held).arrived_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')
                WHEN 'number' THEN lpad((p.held).number::text, 19, '0')
                WHEN 'kind' THEN (p.held).kind
                WHEN 'municipality' THEN coalesce(p.municipality, '')
                ELSE p.state END COLLATE "C" AS key
        FROM door_private.passing(listed, filter) p
    ), placed AS (
        SELECT p.*, row_number() OVER (
            ORDER BY CASE WHEN NOT backwards THEN p.key END, CASE WHEN backwards THEN p.key END DESC, p.number) AS place
        FROM passed p
    )
    SELECT (
            SELECT coalesce(jsonb_agg(
                door_private.notice_row(session, sight, p.held, p.restricted, p.up_to) ORDER BY p.place), '[]')
            FROM placed p WHERE p.place > skip AND p.place <= skip + rows),
        (SELECT count(*) FROM placed)
    INTO chosen, total;
    RETURN jsonb_build_object(
        'rows', chosen, 'total', total, 'now', now(),
        'counts', door_private.notice_counts(listed, sight.today, since));
END
$function$;

GRANT EXECUTE ON FUNCTION door.notice_rows(text, text, jsonb, text, integer, integer, timestamptz) TO kelmu_web;
