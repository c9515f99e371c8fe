-- The notices of an inbox for an organisation's own system: at least once, and in order for each client.

-- The client of a token, if the session is one of its agreement; what holds its sequence is locked until the end.
CREATE FUNCTION door_private.feed_client(session identity.acting_session, token text) RETURNS notices.feed_client
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    client organisations.api_client := door_private.client_of_token(token);
    held notices.feed_client;
BEGIN
    IF client.client_id IS NULL OR client.agreement_id <> session.agreement_id THEN
        RAISE EXCEPTION 'no such token' USING ERRCODE = 'KL002';
    END IF;
    INSERT INTO notices.feed_client (client_id) VALUES (client.client_id) ON CONFLICT DO NOTHING;
    SELECT f.* INTO STRICT held FROM notices.feed_client f WHERE f.client_id = client.client_id FOR UPDATE;
    RETURN held;
END
$function$;

-- Gives what is new in the inbox its places in a client's sequence, in the order it came. Places are given under the
-- client's lock and after what they stand for is committed, so none is ever given below one that was told.
CREATE FUNCTION door_private.extend_feed(
    session identity.acting_session, sight door_private.sight, client_id text
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    INSERT INTO notices.feed_item (client_id, place, notice_id, arrival)
    SELECT extend_feed.client_id,
        (SELECT coalesce(max(i.place), 0) FROM notices.feed_item i WHERE i.client_id = extend_feed.client_id)
            + row_number() OVER (ORDER BY (s.held).arrived_at, (s.held).number),
        (s.held).notice_id, s.arrival
    FROM (
        SELECT n.held, coalesce((
            SELECT max(t.version) FROM notices.transfer t
            WHERE t.notice_id = (n.held).notice_id AND t.undone_at IS NULL), 1) AS arrival
        FROM door_private.notices_seen(session, sight, 'inbox', false) n) s
    WHERE NOT EXISTS (
        SELECT FROM notices.feed_item i
        WHERE i.client_id = extend_feed.client_id AND i.notice_id = (s.held).notice_id AND i.arrival = s.arrival);
END
$function$;

-- Opens the next notices of a client's sequence after a place (NULL: after what it has acknowledged): one entry that
-- names all. A ticket; NULL: no right to notices.
CREATE FUNCTION door.open_notice_feed(session_secret text, token text, after bigint, rows integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    client notices.feed_client;
    items jsonb;
    named bigint[];
    entry bigint;
    begins bigint;
BEGIN
    IF after < 0 OR rows IS NULL OR rows NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'a page of another form' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    client := door_private.feed_client(session, token);
    PERFORM door_private.extend_feed(session, sight, client.client_id);
    begins := coalesce(after, client.acknowledged);
    SELECT coalesce(jsonb_agg(jsonb_build_array(i.place, i.notice_id) ORDER BY i.place), '[]'),
        coalesce(array_agg(DISTINCT c.person_id), '{}')
    INTO items, named
    FROM (
        SELECT f.* FROM notices.feed_item f
        WHERE f.client_id = client.client_id AND f.place > begins
        ORDER BY f.place
        LIMIT rows) i
    JOIN notices.notice_content c ON c.notice_id = i.notice_id;
    entry := door_private.log(
        session, 'notice', action => 'feed', purpose => sight.purpose,
        scope => jsonb_build_object('client_id', client.client_id, 'after', begins, 'items', items),
        for_review => session.official_person_id IS NULL AND named <> '{}');
    INSERT INTO audit.entry_mention (entry_id, person_id) SELECT entry, n FROM unnest(named) n;
    RETURN door_private.new_ticket(session, entry);
END
$function$;

-- What was opened: {notices: [{place, notice}], cursor, more}. Those that have meanwhile gone elsewhere, or that this
-- official may not see, are passed over. NULL: not there.
CREATE FUNCTION door.read_notice_feed(session_secret text, ticket text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written_to pg_lsn := pg_current_wal_insert_lsn();
    session identity.acting_session := door_private.session(session_secret);
    seen audit.entry := door_private.use_notice_ticket(session, ticket, ARRAY['feed'], written_to);
    sight door_private.sight := door_private.sight_or_refusal(session);
    notices_told jsonb;
    named bigint[];
    cursor_at bigint;
    document text;
BEGIN
    IF seen.entry_id IS NULL OR sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object(
            'place', t.place,
            'notice', door_private.notice_document(session, sight, n, t.person_id, r.restricted, NULL))
            ORDER BY t.place), '[]'),
        coalesce(array_agg(DISTINCT t.person_id), '{}')
    INTO notices_told, named
    FROM (
        SELECT (i ->> 0)::bigint AS place, (i ->> 1)::uuid AS notice_id, c.person_id
        FROM jsonb_array_elements(seen.scope -> 'items') i
        JOIN notices.notice_content c ON c.notice_id = (i ->> 1)::uuid) t
    JOIN notices.notice n ON n.notice_id = t.notice_id
    CROSS JOIN LATERAL (SELECT door_private.restricted_now(n, t.person_id, sight.today) AS restricted OFFSET 0) r
    WHERE n.municipality_code = ANY (sight.municipalities)
        AND door_private.may_see(sight, n, t.person_id, r.restricted);
    cursor_at := coalesce(
        (SELECT max((i ->> 0)::bigint) FROM jsonb_array_elements(seen.scope -> 'items') i),
        (seen.scope ->> 'after')::bigint);
    document := jsonb_build_object(
        'notices', notices_told, 'cursor', cursor_at,
        'more', EXISTS (
            SELECT FROM notices.feed_item f
            WHERE f.client_id = seen.scope ->> 'client_id' AND f.place > cursor_at))::text;
    PERFORM door_private.log_disclosed(
        session, seen, ARRAY['notices'], sha256(convert_to(document, 'UTF8')), named);
    RETURN document;
END
$function$;

-- A client has kept everything up to a place; what it asks for without a place begins after it. Its place now. A place
-- it was never told counts as the last. NULL: no right to notices.
CREATE FUNCTION door.acknowledge_notices(session_secret text, token text, up_to bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    client notices.feed_client;
    reached bigint;
    written bigint;
BEGIN
    IF up_to IS NULL OR up_to < 0 THEN
        RAISE EXCEPTION 'a page of another form' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    client := door_private.feed_client(session, token);
    reached := greatest(client.acknowledged, least(up_to, (
        SELECT coalesce(max(f.place), 0) FROM notices.feed_item f WHERE f.client_id = client.client_id)));
    UPDATE notices.feed_client f SET acknowledged = reached WHERE f.client_id = client.client_id;
    written := door_private.log(session, 'use', action => 'acknowledge_notices', purpose => sight.purpose);
    RETURN reached;
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.open_notice_feed(text, text, bigint, integer),
    door.read_notice_feed(text, text),
    door.acknowledge_notices(text, text, bigint)
TO kelmu_web;
