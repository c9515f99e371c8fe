-- Doors that open: find the person, decide, write the entry, give a ticket. Never an answer.

-- Removes typed codes whose 15 minutes are over. One transaction at a time does it; the others go on.
CREATE FUNCTION door_private.purge_content() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF pg_try_advisory_xact_lock(5013, 1) THEN
        DELETE FROM inquiry.inquiry_content c WHERE c.expires_at <= now();
    END IF;
END
$function$;

-- While a limit is reached: neither inquiry nor ticket (`door.held_for` says how long), only an entry.
CREATE FUNCTION door.open_inquiry(
    session_secret text, purpose text, case_reference text, reason text, told_client boolean, personal_id text,
    data_groups text[]
) RETURNS TABLE (inquiry_id uuid, ticket text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    figures inquiry.limits;
    held timestamptz;
    subject record;
    looked inquiry.inquiry;
    mark bytea := sha256(convert_to(session_secret || personal_id, 'UTF8'));
BEGIN
    IF personal_id IS NULL OR personal_id !~ '^[0-9]{6}[-+ABCDEFYXWVU][0-9]{3}[0-9ABCDEFHJKLMNPRSTUVWXY]$' THEN
        RAISE EXCEPTION 'not shaped as an identity code' USING ERRCODE = 'KL012';
    END IF;
    IF purpose IS NULL OR length(purpose) > 60 OR length(case_reference) > 100 OR told_client IS NULL
        OR length(btrim(reason)) NOT BETWEEN 10 AND 255 OR data_groups IS NULL OR cardinality(data_groups) > 20 THEN
        RAISE EXCEPTION 'a text is too long or too short' USING ERRCODE = 'KL010';
    END IF;
    SELECT l.* INTO STRICT figures FROM inquiry.limits l WHERE l.channel = session.channel;
    PERFORM door_private.await_turn(session, figures);
    PERFORM door_private.purge_content();
    held := door_private.held_until(session, figures);
    IF held IS NOT NULL THEN
        PERFORM door_private.refuse_for_now(session, held, purpose, data_groups);
        RETURN NEXT;
        RETURN;
    END IF;
    subject := door_private.find_person(personal_id);
    INSERT INTO inquiry.inquiry (
        inquiry_id, acting_session_id, person_id, former_code, former_until, purpose, case_reference, told_client,
        data_groups, code_mark, many_persons, expires_at)
    VALUES (
        gen_random_uuid(), session.acting_session_id, subject.person_id, subject.former_code, subject.former_until,
        open_inquiry.purpose, open_inquiry.case_reference, open_inquiry.told_client, open_inquiry.data_groups, mark,
        door_private.many_persons(session, figures, mark), now() + interval '60 minutes')
    RETURNING * INTO looked;
    IF reason IS NOT NULL THEN
        INSERT INTO inquiry.inquiry_reason (inquiry_id, reason) VALUES (looked.inquiry_id, btrim(open_inquiry.reason));
    END IF;
    -- A page waits for the reason; a machine asks again with it.
    IF session.channel = 'web' THEN
        INSERT INTO inquiry.inquiry_content (inquiry_id, personal_id, expires_at)
        VALUES (looked.inquiry_id, open_inquiry.personal_id, now() + interval '15 minutes');
    END IF;
    inquiry_id := looked.inquiry_id;
    ticket := door_private.decide_and_log(
        session, looked, 'inquiry', btrim(reason), reason IS NOT NULL, data_groups);
    RETURN NEXT;
END
$function$;

-- The inquiry of this session under that id, if it still lives. Anybody else's is "not there", and an entry.
CREATE FUNCTION door_private.own_inquiry(session identity.acting_session, inquiry_id uuid) RETURNS inquiry.inquiry
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    looked inquiry.inquiry;
BEGIN
    SELECT i.* INTO looked FROM inquiry.inquiry i
    WHERE i.inquiry_id = own_inquiry.inquiry_id AND i.acting_session_id = session.acting_session_id
        AND i.expires_at > now();
    IF NOT FOUND THEN
        PERFORM door_private.log(session, 'not_there', inquiry_id => own_inquiry.inquiry_id, detail => 'inquiry');
    END IF;
    RETURN looked;
END
$function$;

-- Gives the reason that was asked, once, within 15 minutes; decides again from what was typed. NULL: not there.
CREATE FUNCTION door.give_reason(session_secret text, inquiry_id uuid, reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    looked inquiry.inquiry;
    typed text;
    subject record;
BEGIN
    IF reason IS NULL OR length(btrim(reason)) NOT BETWEEN 10 AND 255 THEN
        RAISE EXCEPTION 'a text is too long or too short' USING ERRCODE = 'KL010';
    END IF;
    PERFORM door_private.purge_content();
    looked := door_private.own_inquiry(session, inquiry_id);
    IF looked.inquiry_id IS NULL THEN
        RETURN NULL;
    END IF;
    DELETE FROM inquiry.inquiry_content c
    WHERE c.inquiry_id = looked.inquiry_id AND c.expires_at > now()
    RETURNING c.personal_id INTO typed;
    IF typed IS NULL OR EXISTS (SELECT FROM inquiry.inquiry_reason r WHERE r.inquiry_id = looked.inquiry_id) THEN
        PERFORM door_private.log(session, 'not_there', inquiry_id => looked.inquiry_id, detail => 'reason');
        RETURN NULL;
    END IF;
    INSERT INTO inquiry.inquiry_reason (inquiry_id, reason) VALUES (looked.inquiry_id, btrim(give_reason.reason));
    subject := door_private.find_person(typed);
    looked.person_id := subject.person_id;
    looked.former_code := subject.former_code;
    looked.former_until := subject.former_until;
    RETURN door_private.decide_and_log(session, looked, 'reason_given', btrim(reason), true, looked.data_groups);
END
$function$;

-- A further page of an inquiry: decided again, with an entry and a ticket of its own. NULL: not there. `action` says
-- in the entry what takes the data out of the desk: `print`, or `meeting`, the page turned to the client.
CREATE FUNCTION door.open_view(
    session_secret text, inquiry_id uuid, data_groups text[], action text DEFAULT NULL
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    looked inquiry.inquiry := door_private.own_inquiry(session, inquiry_id);
BEGIN
    IF data_groups IS NULL OR cardinality(data_groups) > 20 OR action NOT IN ('print', 'meeting') THEN
        RAISE EXCEPTION 'a text is too long or too short' USING ERRCODE = 'KL010';
    END IF;
    IF looked.inquiry_id IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN door_private.decide_and_log(
        session, looked, 'view', NULL,
        EXISTS (SELECT FROM inquiry.inquiry_reason r WHERE r.inquiry_id = looked.inquiry_id),
        data_groups, action);
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.open_inquiry(text, text, text, text, boolean, text, text[]),
    door.give_reason(text, uuid, text),
    door.open_view(text, uuid, text[], text)
TO kelmu_web;
