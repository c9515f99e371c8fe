-- Kela's side: answers on their way to its back office, and what its desk looks after. No content of any case.

-- Whether a session is Kela's desk; where not, there is an entry.
CREATE FUNCTION door_private.desk_purpose(session identity.acting_session) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    purpose text := door_private.feature_purpose(session, 'desk');
BEGIN
    IF purpose IS NULL THEN
        PERFORM door_private.log(
            session, 'refused', action => 'desk', outcome => 'refused', rule => 'missing_mandate',
            cause => 'missing_mandate');
    END IF;
    RETURN purpose;
END
$function$;

-- The answers after a number, in order, each until it is acknowledged: [{answer_id, message_id, notice_id, number,
-- kela_number, what, outcome, at, visible_from}]. One that waits holds back those after it, so that no number is ever passed over.
-- NULL: not Kela's side.
CREATE FUNCTION door.notice_answers(session_secret text, after bigint, rows integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    purpose text := door_private.desk_purpose(session);
    written bigint;
BEGIN
    IF after IS NULL OR rows IS NULL OR rows NOT BETWEEN 1 AND 500 THEN
        RAISE EXCEPTION 'a page of another form' USING ERRCODE = 'KL010';
    END IF;
    IF purpose IS NULL THEN
        RETURN NULL;
    END IF;
    written := door_private.log(session, 'use', action => 'notice_answers', purpose => purpose);
    RETURN (
        SELECT coalesce(jsonb_agg(door_private.answer_message(a) ORDER BY a.answer_id), '[]')
        FROM (
            SELECT w.* FROM notices.answer w
            WHERE w.delivered_at IS NULL AND w.withdrawn_at IS NULL AND w.answer_id > after
                AND w.answer_id < coalesce((
                    SELECT min(u.answer_id) FROM notices.answer u
                    WHERE u.ready_at > now() AND u.withdrawn_at IS NULL), w.answer_id + 1)
            ORDER BY w.answer_id
            LIMIT rows) a);
END
$function$;

-- Kela's side has kept the answers up to a number. How many that were new. NULL: not Kela's side.
CREATE FUNCTION door.acknowledge_answers(session_secret text, up_to bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    purpose text := door_private.desk_purpose(session);
    kept bigint;
    written bigint;
BEGIN
    IF up_to IS NULL THEN
        RAISE EXCEPTION 'a page of another form' USING ERRCODE = 'KL010';
    END IF;
    IF purpose IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE notices.answer a SET delivered_at = now()
    WHERE a.answer_id <= up_to AND a.ready_at <= now() AND a.delivered_at IS NULL AND a.withdrawn_at IS NULL;
    GET DIAGNOSTICS kept = ROW_COUNT;
    written := door_private.log(session, 'use', action => 'acknowledge_answers', purpose => purpose);
    RETURN kept;
END
$function$;

-- Open notices that Kela's desk looks after, 200 at most, the longest due first: [{notice_id, number, kela_number, kind,
-- municipality, due_on, moves, why}]. `why`: unreached (no body with an agreement serves the place), moved (three times
-- or more), unanswered (its day is over). NULL: not Kela's desk.
CREATE FUNCTION door.desk_notices(session_secret text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    purpose text := door_private.desk_purpose(session);
    today date := door_private.today();
    written bigint;
BEGIN
    IF purpose IS NULL THEN
        RETURN NULL;
    END IF;
    written := door_private.log(session, 'use', action => 'desk_notices', purpose => purpose);
    RETURN (
        WITH place AS MATERIALIZED (
            SELECT m.code, coalesce((b.body ->> 'reached')::boolean, false) AS reached
            FROM organisations.municipality m
            LEFT JOIN door_private.notice_bodies(today) b ON b.code = m.code
        )
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'notice_id', l.notice_id, 'number', l.number,
            'kela_number', substring(l.source_key FROM '^kela/(.*)$'), 'kind', l.kind,
            'municipality', CASE WHEN NOT door_private.restricted_now(l.held, l.person_id, today) THEN l.municipality_code END,
            'due_on', l.due_on, 'moves', l.moves,
            'why', to_jsonb(array_remove(ARRAY[
                CASE WHEN NOT l.reached THEN 'unreached' END, CASE WHEN l.moves >= 3 THEN 'moved' END,
                CASE WHEN l.due_on < today THEN 'unanswered' END], NULL))) ORDER BY l.due_on, l.number), '[]')
        FROM (
            SELECT n.*, n AS held, p.reached
            FROM notices.notice n
            JOIN place p ON p.code = n.municipality_code
            WHERE n.state <> 'handled' AND n.visible_from <= now()
                AND (NOT p.reached OR n.moves >= 3 OR n.due_on < today)
            ORDER BY n.due_on, n.number
            LIMIT 200) l);
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.notice_answers(text, bigint, integer),
    door.acknowledge_answers(text, bigint),
    door.desk_notices(text)
TO kelmu_web;
