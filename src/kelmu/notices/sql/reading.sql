-- What one notice says.

-- An official's name as her colleagues see it, from the register; NULL: she is not there, or is protected herself.
CREATE FUNCTION door_private.official_name(pseudonym text, organisation_id bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT p.given_names || ' ' || p.family_name
        FROM identity.acting_session s
        JOIN register.person p ON p.person_id = s.official_person_id
        WHERE s.organisation_id = official_name.organisation_id AND s.official_pseudonym = pseudonym
            AND NOT door_private.is_restricted(p.person_id, door_private.today())
        ORDER BY s.started_at DESC
        LIMIT 1);
END
$function$;

-- What happened up to a version (NULL: to now), oldest first. Where a restricted one was and went is left out.
CREATE FUNCTION door_private.notice_history(
    notice_id uuid, organisation_id bigint, restricted boolean, up_to integer
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    hidden text[] := CASE WHEN restricted THEN ARRAY['municipality'] ELSE '{}' END;
BEGIN
    RETURN (
        SELECT jsonb_agg(jsonb_build_object(
            'version', e.version, 'at', e.at, 'what', e.what, 'before', e.before - hidden, 'after', e.after - hidden,
            'undoes', e.undoes, 'note', t.text,
            'organisation_id', CASE WHEN NOT restricted OR own THEN e.organisation_id END,
            'by', CASE WHEN own THEN e.by_official END,
            'by_name', CASE WHEN own THEN door_private.official_name(e.by_official, e.organisation_id) END)
            ORDER BY e.version)
        FROM notices.event e
        CROSS JOIN LATERAL (
            SELECT coalesce(e.organisation_id = notice_history.organisation_id, false) AS own) o
        LEFT JOIN notices.note t ON t.notice_id = e.notice_id AND t.version = e.version
        WHERE e.notice_id = notice_history.notice_id AND (up_to IS NULL OR e.version <= up_to));
END
$function$;

-- Its way: one step for each transfer, oldest first.
CREATE FUNCTION door_private.notice_chain(notice_id uuid, restricted boolean, up_to integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'moved_at', t.moved_at, 'undone_at', t.undone_at, 'reason', t.reason,
            'from', CASE WHEN NOT restricted THEN t.from_municipality END,
            'to', CASE WHEN NOT restricted THEN t.to_municipality END,
            'organisation_id', CASE WHEN NOT restricted THEN t.organisation_id END) ORDER BY t.transfer_id), '[]')
        FROM notices.transfer t
        WHERE t.notice_id = notice_chain.notice_id AND (up_to IS NULL OR t.version <= up_to));
END
$function$;

-- The attachments without their bytes. A protected person's names of files are left out: they may tell where she is.
CREATE FUNCTION door_private.notice_attachments(notice_id uuid, restricted boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'place', a.place, 'name', CASE WHEN NOT restricted THEN a.name END, 'media_type', a.media_type,
            'size', a.size, 'sha256', encode(a.sha256, 'hex')) ORDER BY a.place), '[]')
        FROM notices.attachment a
        WHERE a.notice_id = notice_attachments.notice_id);
END
$function$;

-- Who the notice is about.
CREATE FUNCTION door_private.notice_client(person_id bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'personal_id', p.personal_id, 'family_name', p.family_name, 'given_names', p.given_names,
            'birth_date', p.birth_date, 'death_date', p.death_date, 'language', p.language,
            'under_guardianship', p.under_guardianship)
        FROM register.person p
        WHERE p.person_id = notice_client.person_id);
END
$function$;

-- The whole of one notice as a session sees it.
CREATE FUNCTION door_private.notice_document(
    session identity.acting_session, sight door_private.sight, held notices.notice, person_id bigint,
    restricted boolean, up_to integer
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN door_private.notice_row(session, sight, held, restricted, up_to) || (
        SELECT jsonb_build_object(
            'client', door_private.notice_client(c.person_id),
            'need_reason', c.need_reason,
            -- A phone number tells where a protected person is.
            'content', c.content - CASE WHEN restricted THEN ARRAY['phone'] ELSE '{}' END,
            'attachments', door_private.notice_attachments(c.notice_id, restricted),
            'history', door_private.notice_history(c.notice_id, session.organisation_id, restricted, up_to),
            'chain', door_private.notice_chain(c.notice_id, restricted, up_to))
        FROM notices.notice_content c
        WHERE c.notice_id = held.notice_id);
END
$function$;

-- One notice with its content, history and chain. A new one that is opened at a desk is read from then on. NULL: not
-- there.
CREATE FUNCTION door.read_notice(session_secret text, ticket text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written_to pg_lsn := pg_current_wal_insert_lsn();
    session identity.acting_session := door_private.session(session_secret);
    seen audit.entry := door_private.use_notice_ticket(session, ticket, ARRAY['open', 'print'], written_to);
    sight door_private.sight := door_private.sight_or_refusal(session);
    found_one record;
    held notices.notice;
    changed notices.notice;
    document jsonb;
BEGIN
    IF seen.entry_id IS NULL OR sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    found_one := door_private.find_notice(session, sight, (seen.scope ->> 'notice_id')::uuid, true);
    held := found_one.held;
    IF held.notice_id IS NULL THEN
        RETURN NULL;
    END IF;
    IF held.state = 'new' AND found_one.up_to IS NULL AND session.channel = 'web' AND seen.action = 'open' THEN
        changed := held;
        changed.state := 'read';
        held := door_private.apply_change(session, held, changed, 'opened');
    END IF;
    document := door_private.notice_document(
        session, sight, held, found_one.person_id, found_one.restricted, found_one.up_to);
    PERFORM door_private.log_disclosed(
        session, seen,
        ARRAY(SELECT jsonb_object_keys(document) UNION SELECT jsonb_object_keys(document -> 'content')),
        sha256(convert_to(document::text, 'UTF8')));
    RETURN document::text;
END
$function$;

-- The attachments opened: all, or one. Nothing: not there.
CREATE FUNCTION door.read_attachments(session_secret text, ticket text)
RETURNS TABLE (place smallint, name text, media_type text, sha256 bytea, bytes bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
#variable_conflict use_column
DECLARE
    written_to pg_lsn := pg_current_wal_insert_lsn();
    session identity.acting_session := door_private.session(session_secret);
    seen audit.entry := door_private.use_notice_ticket(
        session, read_attachments.ticket, ARRAY['attachments'], written_to);
    sight door_private.sight := door_private.sight_or_refusal(session);
    found_one record;
    digests bytea;
BEGIN
    IF seen.entry_id IS NULL OR sight.purpose IS NULL THEN
        RETURN;
    END IF;
    found_one := door_private.find_notice(session, sight, (seen.scope ->> 'notice_id')::uuid, false);
    IF (found_one.held).notice_id IS NULL THEN
        RETURN;
    END IF;
    SELECT coalesce(string_agg(a.sha256, '' ORDER BY a.place), '') INTO digests
    FROM notices.attachment a
    WHERE a.notice_id = (found_one.held).notice_id
        AND (seen.scope ->> 'place' IS NULL OR a.place = (seen.scope ->> 'place')::integer);
    -- The digest of the digests in their order.
    PERFORM door_private.log_disclosed(session, seen, ARRAY['attachments'], sha256(digests));
    RETURN QUERY
    SELECT a.place,
        CASE WHEN found_one.restricted THEN a.place || CASE a.media_type
            WHEN 'application/pdf' THEN '.pdf' WHEN 'image/jpeg' THEN '.jpg' WHEN 'image/png' THEN '.png'
            WHEN 'image/tiff' THEN '.tif' ELSE '.txt' END ELSE a.name END,
        a.media_type, a.sha256::bytea, a.bytes
    FROM notices.attachment a
    WHERE a.notice_id = (found_one.held).notice_id
        AND (seen.scope ->> 'place' IS NULL OR a.place = (seen.scope ->> 'place')::integer)
    ORDER BY a.place;
END
$function$;

GRANT EXECUTE ON FUNCTION door.read_notice(text, text), door.read_attachments(text, text) TO kelmu_web;
