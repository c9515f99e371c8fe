-- The inbox: workflow values, no names. Names of a page come through door.open_notice_page, which leaves an entry.

-- One notice as a row. Where a restricted one is addressed to is never told.
CREATE FUNCTION door_private.notice_row(
    session identity.acting_session, sight door_private.sight, held notices.notice, restricted boolean, up_to integer
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN jsonb_build_object(
        'notice_id', held.notice_id, 'number', held.number, 'kind', held.kind, 'urgent', held.urgent,
        'sent_at', held.sent_at, 'visible_from', held.visible_from, 'arrived_at', held.arrived_at,
        'due_on', held.due_on,
        'municipality', CASE WHEN NOT restricted THEN (
            SELECT m.present_code FROM organisations.municipality m WHERE m.code = held.municipality_code) END,
        'restricted', restricted, 'moves', held.moves, 'flagged', held.moves >= 3, 'version', held.version,
        'read_only', up_to IS NOT NULL)
        -- What becomes of it elsewhere is the receiver's.
        || CASE WHEN up_to IS NULL THEN jsonb_build_object(
            'state', held.state, 'assignee', held.assignee,
            'mine', coalesce(held.assignee = session.official_pseudonym, false),
            'outcome', held.outcome, 'taken_at', held.taken_at, 'handled_at', held.handled_at,
            'overdue', held.state <> 'handled' AND held.due_on < sight.today)
        ELSE jsonb_build_object(
            'state', 'transferred', 'assignee', NULL, 'mine', false, 'outcome', NULL, 'taken_at', NULL,
            'handled_at', NULL, 'overdue', false) END;
END
$function$;

-- What a session has in its inbox, or has sent away in the last 30 days. Handled ones only where asked for.
CREATE FUNCTION door_private.notices_seen(
    session identity.acting_session, sight door_private.sight, folder text, handled_too boolean
) RETURNS TABLE (held notices.notice, restricted boolean, up_to integer)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF folder = 'inbox' THEN
        RETURN QUERY
        SELECT n, r.restricted, NULL::integer
        FROM notices.notice n
        JOIN notices.notice_content c ON c.notice_id = n.notice_id
        CROSS JOIN LATERAL (SELECT door_private.restricted_now(n, c.person_id, sight.today) AS restricted OFFSET 0) r
        WHERE n.municipality_code = ANY (sight.municipalities) AND (handled_too OR n.state <> 'handled')
            AND door_private.may_see(sight, n, c.person_id, r.restricted);
    ELSE
        RETURN QUERY
        SELECT n, r.restricted, sent.up_to
        FROM (
            SELECT t.notice_id, max(t.version) AS up_to FROM notices.transfer t
            WHERE t.organisation_id = session.organisation_id AND t.undone_at IS NULL
                AND t.moved_at > now() - interval '30 days'
            GROUP BY t.notice_id) sent
        JOIN notices.notice n ON n.notice_id = sent.notice_id
        JOIN notices.notice_content c ON c.notice_id = n.notice_id
        CROSS JOIN LATERAL (SELECT door_private.restricted_now(n, c.person_id, sight.today) AS restricted OFFSET 0) r
        WHERE n.municipality_code <> ALL (sight.municipalities)
            AND door_private.may_see(sight, n, c.person_id, r.restricted);
    END IF;
END
$function$;

-- Whether a row passes a filter. A key that is not there asks nothing; days are Finnish, inclusive.
CREATE FUNCTION door_private.passes(shown jsonb, filter jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    arrived date := ((shown ->> 'arrived_at')::timestamptz AT TIME ZONE 'Europe/Helsinki')::date;
    due date := shown ->> 'due_on';
BEGIN
    RETURN (NOT filter ? 'states' OR filter -> 'states' ? (shown ->> 'state'))
        AND (NOT filter ? 'kinds' OR filter -> 'kinds' ? (shown ->> 'kind'))
        -- A restricted one has no municipality, and is found under none.
        AND (NOT filter ? 'municipalities' OR coalesce(filter -> 'municipalities' ? (shown ->> 'municipality'), false))
        AND (NOT filter ? 'urgent' OR filter -> 'urgent' = shown -> 'urgent')
        AND (NOT filter ? 'overdue' OR filter -> 'overdue' = shown -> 'overdue')
        AND (NOT filter ? 'restricted' OR filter -> 'restricted' = shown -> 'restricted')
        AND (NOT filter ? 'flagged' OR filter -> 'flagged' = shown -> 'flagged')
        AND (NOT filter ? 'number' OR filter -> 'number' = shown -> 'number')
        AND (NOT filter ? 'assignee' OR CASE filter ->> 'assignee'
            WHEN 'me' THEN (shown ->> 'mine')::boolean
            WHEN 'nobody' THEN shown ->> 'assignee' IS NULL
            ELSE coalesce(filter ->> 'assignee' = shown ->> 'assignee', false) END)
        AND (NOT filter ? 'arrived_from' OR arrived >= (filter ->> 'arrived_from')::date)
        AND (NOT filter ? 'arrived_to' OR arrived <= (filter ->> 'arrived_to')::date)
        AND (NOT filter ? 'due_from' OR due >= (filter ->> 'due_from')::date)
        AND (NOT filter ? 'due_to' OR due <= (filter ->> 'due_to')::date);
END
$function$;

-- The tiles of an inbox. `since`: how many came after a moment, for "3 new, show".
CREATE FUNCTION door_private.notice_counts(shown jsonb[], today date, since timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'new', count(*) FILTER (WHERE s ->> 'state' = 'new'),
            'read', count(*) FILTER (WHERE s ->> 'state' = 'read'),
            'in_progress', count(*) FILTER (WHERE s ->> 'state' = 'in_progress'),
            'mine', count(*) FILTER (WHERE (s ->> 'mine')::boolean),
            'nobodys', count(*) FILTER (WHERE s ->> 'assignee' IS NULL),
            'urgent', count(*) FILTER (WHERE (s ->> 'urgent')::boolean),
            'due_today', count(*) FILTER (WHERE (s ->> 'due_on')::date = today),
            'overdue', count(*) FILTER (WHERE (s ->> 'overdue')::boolean),
            'restricted', count(*) FILTER (WHERE (s ->> 'restricted')::boolean),
            'flagged', count(*) FILTER (WHERE (s ->> 'flagged')::boolean),
            'came_since', count(*) FILTER (WHERE (s ->> 'arrived_at')::timestamptz > since))
        FROM unnest(shown) s
        WHERE s ->> 'state' NOT IN ('handled', 'transferred'));
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
    shown jsonb[];
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
    shown := ARRAY(
        SELECT door_private.notice_row(session, sight, s.held, s.restricted, s.up_to)
        FROM door_private.notices_seen(session, sight, folder, coalesce(filter -> 'states' ? 'handled', false)) s);
    WITH passed AS (
        SELECT s AS row, (s ->> 'number')::bigint AS number,
            CASE sorted_by
                WHEN 'due' THEN s ->> 'due_on'
                WHEN 'arrived' THEN to_char((s ->> 'arrived_at')::timestamptz AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')
                WHEN 'number' THEN lpad(s ->> 'number', 19, '0')
                WHEN 'kind' THEN s ->> 'kind'
                WHEN 'municipality' THEN coalesce(s ->> 'municipality', '')
                ELSE s ->> 'state' END COLLATE "C" AS key
        FROM unnest(shown) s
        WHERE door_private.passes(s, filter)
    ), paged AS (
        SELECT p.row, row_number() OVER (
            ORDER BY CASE WHEN NOT backwards THEN p.key END, CASE WHEN backwards THEN p.key END DESC, p.number) AS place
        FROM passed p
    )
    SELECT coalesce(jsonb_agg(p.row ORDER BY p.place) FILTER (WHERE p.place > skip AND p.place <= skip + rows), '[]'),
        count(*)
    INTO chosen, total
    FROM paged p;
    RETURN jsonb_build_object(
        'rows', chosen, 'total', total, 'now', now(),
        'counts', door_private.notice_counts(shown, sight.today, since));
END
$function$;

GRANT EXECUTE ON FUNCTION door.notice_rows(text, text, jsonb, text, integer, integer, timestamptz) TO kelmu_web;
