-- Kela's side misses an answer: it gets what there is, and where there is none the body that has the notice is told.

-- What officials did with a notice, by its number: {result, asked_at, answers}. `result`: answered (it is handled and
-- that can no longer be taken back), none_yet. Where it is not handled, the notice says from then on that Kela has asked
-- (`kela_asked_at`, an event): once a day at most, and not while what was done last can still be taken back.
-- `answers` as door.notice_answers gives them, delivered ones too. NULL: not Kela's side, or no such notice.
CREATE FUNCTION door.ask_for_answer(session_secret text, number bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    purpose text := door_private.desk_purpose(session);
    held notices.notice;
    asked notices.notice;
    answers jsonb;
    result text;
    written bigint;
BEGIN
    IF number IS NULL THEN
        RAISE EXCEPTION 'no such number' USING ERRCODE = 'KL010';
    END IF;
    IF purpose IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT n.* INTO held FROM notices.notice n WHERE n.number = ask_for_answer.number FOR UPDATE;
    IF held.notice_id IS NULL THEN
        PERFORM door_private.log(session, 'not_there', detail => 'notice');
        RETURN NULL;
    END IF;
    SELECT coalesce(jsonb_agg(door_private.answer_message(a) ORDER BY a.answer_id), '[]'),
        CASE WHEN held.state = 'handled' AND bool_or(a.what = 'handled') THEN 'answered' ELSE 'none_yet' END
    INTO answers, result
    FROM notices.answer a
    WHERE a.notice_id = held.notice_id AND a.ready_at <= now() AND a.withdrawn_at IS NULL;
    asked := held;
    IF held.state <> 'handled' AND held.visible_from <= now()
        AND coalesce(held.kela_asked_at < now() - interval '1 day', true)
        AND NOT EXISTS (
            SELECT FROM notices.event e
            WHERE e.notice_id = held.notice_id AND e.by_official IS NOT NULL AND e.at > now() - interval '11 minutes')
    THEN
        asked.kela_asked_at := now();
        asked := door_private.apply_change(session, held, asked, 'kela_asked');
    END IF;
    written := door_private.log(
        session, 'notice_work', action => 'ask_for_answer', purpose => purpose,
        subject_person_id => (SELECT c.person_id FROM notices.notice_content c WHERE c.notice_id = held.notice_id),
        scope => jsonb_build_object('notice_id', held.notice_id, 'version', asked.version), detail => result);
    RETURN jsonb_build_object('result', result, 'asked_at', asked.kela_asked_at, 'answers', answers);
END
$function$;

GRANT EXECUTE ON FUNCTION door.ask_for_answer(text, bigint) TO kelmu_web;
