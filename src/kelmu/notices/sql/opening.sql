-- Doors that open notices and read what they say: an entry first, then, once it is committed, the content.

-- The committed and durable entry of a ticket that opened notices for one of these actions; the ticket is used up.
-- An empty row: not there.
CREATE FUNCTION door_private.use_notice_ticket(
    session identity.acting_session, ticket text, actions text[], written_to pg_lsn
) RETURNS audit.entry
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    held inquiry.ticket := door_private.own_ticket(session, ticket);
    seen audit.entry;
    nothing audit.entry;
BEGIN
    IF held.ticket_hash IS NULL THEN
        RETURN nothing;
    END IF;
    seen := door_private.durable_entry(held, written_to);
    IF seen.kind <> 'notice' OR seen.action <> ALL (actions) THEN
        RAISE EXCEPTION 'the ticket allows no disclosure' USING ERRCODE = 'KL021';
    END IF;
    IF NOT door_private.use_ticket(session, held) THEN
        RETURN nothing;
    END IF;
    RETURN seen;
END
$function$;

-- The entry of what a ticket's reading has told, of whom besides the entry's own subject, and its digest.
CREATE FUNCTION door_private.log_disclosed(
    session identity.acting_session, seen audit.entry, fields text[], digest bytea, named bigint[] DEFAULT '{}'
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written bigint;
BEGIN
    written := door_private.log(
        session, 'disclosed', action => seen.action, purpose => seen.purpose,
        subject_person_id => seen.subject_person_id, fields => log_disclosed.fields, document_digest => digest,
        detail => seen.event_id::text);
    INSERT INTO audit.entry_mention (entry_id, person_id) SELECT written, n FROM unnest(named) n;
END
$function$;

-- Those of some notices that a session sees now, with their clients. The same is looked up for each, there or not.
CREATE FUNCTION door_private.seen_among(
    session identity.acting_session, sight door_private.sight, notice_ids uuid[]
) RETURNS TABLE (notice_id uuid, person_id bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT r.asked, r.person_id
    FROM (
        SELECT a.asked, n AS held, c.person_id,
            door_private.restricted_now(n, c.person_id, sight.today) AS restricted,
            door_private.sent_away(a.asked, session.organisation_id) AS up_to
        FROM (SELECT DISTINCT i AS asked FROM unnest(notice_ids) i) a
        LEFT JOIN notices.notice n ON n.notice_id = a.asked
        LEFT JOIN notices.notice_content c ON c.notice_id = a.asked
        OFFSET 0) r
    WHERE (r.held).notice_id IS NOT NULL
        AND door_private.may_see(sight, r.held, r.person_id, r.restricted)
        AND ((r.held).municipality_code = ANY (sight.municipalities) OR r.up_to IS NOT NULL);
END
$function$;

-- Opens the names of a page of the inbox, 200 at most: one entry that names all of them. NULL: no right to notices.
CREATE FUNCTION door.open_notice_page(session_secret text, notice_ids uuid[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    entry bigint;
    seen uuid[];
    named bigint[];
BEGIN
    IF notice_ids IS NULL OR cardinality(notice_ids) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'a page of another form' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(array_agg(s.notice_id), '{}'), coalesce(array_agg(DISTINCT s.person_id), '{}') INTO seen, named
    FROM door_private.seen_among(session, sight, notice_ids) s;
    entry := door_private.log(
        session, 'notice', action => 'page', purpose => sight.purpose, scope => to_jsonb(seen));
    INSERT INTO audit.entry_mention (entry_id, person_id) SELECT entry, n FROM unnest(named) n;
    RETURN door_private.new_ticket(session, entry);
END
$function$;

-- The names: [{notice_id, family_name, given_names, birth_date}], of those still seen. NULL: not there.
CREATE FUNCTION door.read_notice_page(session_secret text, ticket text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written_to pg_lsn := pg_current_wal_insert_lsn();
    session identity.acting_session := door_private.session(session_secret);
    seen audit.entry := door_private.use_notice_ticket(session, ticket, ARRAY['page'], written_to);
    document text;
    named bigint[];
BEGIN
    IF seen.entry_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object(
            'notice_id', s.notice_id, 'family_name', p.family_name, 'given_names', p.given_names,
            'birth_date', p.birth_date) ORDER BY s.notice_id), '[]')::text,
        coalesce(array_agg(DISTINCT s.person_id), '{}')
    INTO document, named
    FROM door_private.seen_among(
        session, door_private.sight(session), ARRAY(SELECT i::uuid FROM jsonb_array_elements_text(seen.scope) i)) s
    CROSS JOIN LATERAL (SELECT r.* FROM register.person r WHERE r.person_id = s.person_id OFFSET 0) p;
    PERFORM door_private.log_disclosed(
        session, seen, ARRAY['family_name', 'given_names', 'birth_date'], sha256(convert_to(document, 'UTF8')), named);
    RETURN document;
END
$function$;

-- Opens one notice (`action` open), its print (print), or its attachments: all of them, or the one at a place
-- (attachments). NULL: not there.
CREATE FUNCTION door.open_notice(session_secret text, notice_id uuid, action text, place integer DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    found_one record;
BEGIN
    IF action IS NULL OR action NOT IN ('open', 'print', 'attachments') OR (place IS NOT NULL AND action <> 'attachments')
    THEN
        RAISE EXCEPTION 'unknown action' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    found_one := door_private.find_notice(session, sight, notice_id, false);
    IF (found_one.held).notice_id IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN door_private.new_ticket(session, door_private.log(
        session, 'notice', action => open_notice.action, purpose => sight.purpose,
        subject_person_id => found_one.person_id,
        scope => jsonb_build_object('notice_id', notice_id, 'place', place),
        -- Protected persons, colleagues, and what a system asked for an official it did not name.
        for_review => found_one.restricted OR session.official_person_id IS NULL OR EXISTS (
            SELECT FROM identity.acting_session other
            WHERE other.organisation_id = session.organisation_id
                AND other.official_person_id = found_one.person_id
                AND other.started_at > now() - interval '12 months')));
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.open_notice_page(text, uuid[]),
    door.read_notice_page(text, text),
    door.open_notice(text, uuid, text, integer)
TO kelmu_web;
