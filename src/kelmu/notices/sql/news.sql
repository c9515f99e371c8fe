-- What an open page learns by itself of an inbox: numbers, no rows.

-- How many notices nobody of the body has opened, and how many of them came after a moment (NULL: none). Answers
-- {new, came, now}: `now` is for the next `since`. No entry: nothing is told of anybody. NULL: no right to notices.
CREATE FUNCTION door.notice_news(session_secret text, since timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
BEGIN
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT jsonb_build_object(
            'new', count(*), 'came', count(*) FILTER (WHERE n.arrived_at > since), 'now', now())
        FROM notices.notice n
        JOIN notices.notice_content c ON c.notice_id = n.notice_id
        CROSS JOIN LATERAL (SELECT door_private.restricted_now(n, c.person_id, sight.today) AS restricted OFFSET 0) r
        WHERE n.municipality_code = ANY (sight.municipalities) AND n.state = 'new'
            AND door_private.may_see(sight, n, c.person_id, r.restricted));
END
$function$;

GRANT EXECUTE ON FUNCTION door.notice_news(text, timestamptz) TO kelmu_web;
