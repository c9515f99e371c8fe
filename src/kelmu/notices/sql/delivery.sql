-- Answers on their way to Kela: a worker takes one, sends it, and says what came of it. An answer is delivered at least
-- once, always under the same message_id; those of one notice in their order. No content of any case.

-- An answer as Kela gets it, whichever way.
CREATE FUNCTION door_private.answer_message(told notices.answer) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'answer_id', told.answer_id, 'message_id', told.message_id, 'notice_id', n.notice_id, 'number', n.number,
            'kela_number', substring(n.source_key FROM '^kela/(.*)$'), 'what', told.what, 'outcome', told.outcome,
            'at', told.at, 'visible_from', n.visible_from)
        FROM notices.notice n
        WHERE n.notice_id = told.notice_id);
END
$function$;

-- How long a delivery that failed waits: 30 seconds, twice as long each time, an hour at most.
CREATE FUNCTION door_private.delivery_pause(attempts integer) RETURNS interval
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN least(make_interval(secs => 30 * 2 ^ least(attempts - 1, 7)), interval '1 hour');
END
$function$;

-- Whether a person has to look at a delivery: Kela's side refused it, it failed 8 times, or it is late by a day.
CREATE FUNCTION door_private.delivery_is_stuck(told notices.answer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN told.delivered_at IS NULL AND told.withdrawn_at IS NULL AND (
        told.fault IS NOT DISTINCT FROM 'refused' OR (told.attempts >= 8 AND told.fault IS NOT NULL)
        OR told.ready_at < now() - interval '1 day');
END
$function$;

-- Takes the next answer that is due: nobody else takes it for `lease_seconds` (1 to 3600), and if it is not settled by
-- then it is taken again. Of a notice only its first undelivered one. {attempt, message}; NULL: none is due.
CREATE FUNCTION door.claim_answer(lease_seconds integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    claimed notices.answer;
BEGIN
    IF lease_seconds IS NULL OR lease_seconds NOT BETWEEN 1 AND 3600 THEN
        RAISE EXCEPTION 'a lease of another length' USING ERRCODE = 'KL010';
    END IF;
    UPDATE notices.answer a
    SET attempts = a.attempts + 1, again_at = now() + make_interval(secs => lease_seconds)
    WHERE a.answer_id = (
        SELECT w.answer_id
        FROM notices.answer w
        WHERE w.delivered_at IS NULL AND w.withdrawn_at IS NULL AND w.ready_at <= now() AND w.again_at <= now()
            AND NOT EXISTS (
                SELECT FROM notices.answer e
                WHERE e.notice_id = w.notice_id AND e.answer_id < w.answer_id
                    AND e.delivered_at IS NULL AND e.withdrawn_at IS NULL)
        -- What was never tried goes first, so that one that fails holds nothing up.
        ORDER BY w.again_at, w.answer_id
        LIMIT 1
        FOR UPDATE SKIP LOCKED)
    RETURNING a.* INTO claimed;
    IF claimed.answer_id IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object('attempt', claimed.attempts, 'message', door_private.answer_message(claimed));
END
$function$;

-- What came of an attempt. `fault` NULL: Kela's side has kept it, whichever attempt that was. Otherwise unreachable,
-- busy, failed, unreadable or refused: it waits, unless it was taken again meanwhile. Whether anything was written.
CREATE FUNCTION door.settle_answer(answer_id bigint, attempt integer, fault text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF answer_id IS NULL OR attempt IS NULL THEN
        RAISE EXCEPTION 'no such attempt' USING ERRCODE = 'KL010';
    END IF;
    IF fault IS NULL THEN
        UPDATE notices.answer a SET delivered_at = now(), fault = NULL
        WHERE a.answer_id = settle_answer.answer_id AND a.attempts >= attempt AND attempt > 0
            AND a.delivered_at IS NULL AND a.withdrawn_at IS NULL;
    ELSE
        UPDATE notices.answer a
        SET fault = settle_answer.fault, again_at = now() + door_private.delivery_pause(attempt)
        WHERE a.answer_id = settle_answer.answer_id AND a.attempts = attempt
            AND a.delivered_at IS NULL AND a.withdrawn_at IS NULL;
    END IF;
    RETURN FOUND;
END
$function$;

-- The deliveries a person has to look at, the longest waiting first, 200 at most: [{number, what, ready_at, attempts,
-- fault, again_at}].
CREATE FUNCTION door.stuck_answers() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'number', n.number, 'what', s.what, 'ready_at', s.ready_at, 'attempts', s.attempts, 'fault', s.fault,
            'again_at', nullif(s.again_at, '-infinity')) ORDER BY s.ready_at, s.answer_id), '[]')
        FROM (
            SELECT a.* FROM notices.answer a
            WHERE a.delivered_at IS NULL AND a.withdrawn_at IS NULL AND door_private.delivery_is_stuck(a)
            ORDER BY a.ready_at, a.answer_id
            LIMIT 200) s
        JOIN notices.notice n ON n.notice_id = s.notice_id);
END
$function$;

-- Lets every delivery that failed be tried again at once. How many.
CREATE FUNCTION door.retry_answers() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    freed bigint;
BEGIN
    UPDATE notices.answer a SET again_at = '-infinity'
    WHERE a.delivered_at IS NULL AND a.withdrawn_at IS NULL AND a.fault IS NOT NULL AND a.again_at > now();
    GET DIAGNOSTICS freed = ROW_COUNT;
    RETURN freed;
END
$function$;

-- For whoever watches the worker: {waiting, stuck, oldest_seconds, picked_on}. `waiting`: answers that are ready and not
-- delivered; `oldest_seconds`: for how long the first of them is; `picked_on`: the last day whose run is done.
CREATE FUNCTION door.worker_figures() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'waiting', count(a.answer_id), 'stuck', count(a.answer_id) FILTER (WHERE door_private.delivery_is_stuck(a)),
            'oldest_seconds', coalesce(floor(extract(epoch FROM now() - min(a.ready_at))), 0)::bigint,
            'picked_on', (SELECT max(r.judged_on) FROM notices.pick_run r WHERE r.state = 'done'))
        FROM notices.answer a
        WHERE a.delivered_at IS NULL AND a.withdrawn_at IS NULL AND a.ready_at <= now());
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.claim_answer(integer),
    door.settle_answer(bigint, integer, text),
    door.stuck_answers(),
    door.retry_answers(),
    door.worker_figures()
TO kelmu_worker;
