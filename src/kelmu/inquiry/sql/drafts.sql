-- Doors of drafts: an official's own words, kept sealed for her. Nothing about any person is looked up, so there
-- is no entry; the same statements run whoever the client is.

-- Removes drafts whose time is over. One transaction at a time does it; the others go on.
CREATE FUNCTION door_private.purge_drafts() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF pg_try_advisory_xact_lock(5013, 2) THEN
        DELETE FROM inquiry.draft d WHERE d.expires_at <= now();
    END IF;
END
$function$;

-- The official's session on the pages. A machine has no drafts. To keep or forget her own words her mandates need
-- not have been read in time: that must not lose them.
CREATE FUNCTION door_private.draft_session(secret text) RETURNS identity.acting_session
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    found_session identity.acting_session := door_private.session(secret, late_too => true);
BEGIN
    IF found_session.channel <> 'web' THEN
        RAISE EXCEPTION 'no acting session' USING ERRCODE = 'KL002';
    END IF;
    RETURN found_session;
END
$function$;

-- The mark a draft of that form has, or NULL where there can be none: somebody else's inquiry, or one whose typed
-- code is gone and whose card was never shown.
CREATE FUNCTION door_private.draft_mark(
    session identity.acting_session, form text, inquiry_id uuid, mark_key bytea
) RETURNS bytea
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    typed text;
    shown bytea;
BEGIN
    IF form IS NULL OR form NOT IN ('search', 'reason') OR length(mark_key) <> 32 OR mark_key IS NULL
        OR (form = 'reason') <> (draft_mark.inquiry_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a draft is of a known form' USING ERRCODE = 'KL010';
    END IF;
    IF form = 'search' THEN
        RETURN ''::bytea;
    END IF;
    SELECT c.personal_id, d.code_mark INTO typed, shown
    FROM inquiry.inquiry i
    LEFT JOIN inquiry.inquiry_content c ON c.inquiry_id = i.inquiry_id AND c.expires_at > now()
    LEFT JOIN inquiry.draft d ON d.official_pseudonym = session.official_pseudonym
        AND d.organisation_id = session.organisation_id AND d.form = 'reason' AND d.inquiry_id = i.inquiry_id
    WHERE i.inquiry_id = draft_mark.inquiry_id AND i.acting_session_id = session.acting_session_id;
    RETURN coalesce(sha256(mark_key || convert_to(
        session.official_pseudonym || ' ' || session.organisation_id || ' ' || typed, 'UTF8')), shown);
END
$function$;

-- Keeps what is typed, in place of what was kept before; when that was, or NULL where it cannot be kept.
CREATE FUNCTION door.keep_draft(session_secret text, form text, inquiry_id uuid, mark_key bytea, sealed text)
RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.draft_session(session_secret);
    mark bytea := door_private.draft_mark(session, form, inquiry_id, mark_key);
    kept timestamptz;
BEGIN
    IF sealed IS NULL OR length(sealed) NOT BETWEEN 1 AND 6000 THEN
        RAISE EXCEPTION 'a text is too long or too short' USING ERRCODE = 'KL010';
    END IF;
    PERFORM door_private.purge_drafts();
    INSERT INTO inquiry.draft AS d (
        official_pseudonym, organisation_id, form, code_mark, inquiry_id, sealed, expires_at)
    SELECT session.official_pseudonym, session.organisation_id, keep_draft.form, mark, keep_draft.inquiry_id,
        keep_draft.sealed, now() + interval '12 hours'
    WHERE mark IS NOT NULL
    ON CONFLICT ON CONSTRAINT draft_pk DO UPDATE SET
        inquiry_id = excluded.inquiry_id, sealed = excluded.sealed, kept_at = excluded.kept_at,
        expires_at = excluded.expires_at
    RETURNING d.kept_at INTO kept;
    RETURN kept;
END
$function$;

-- The draft to offer where a form opens: no row where there is none. A reason is offered only where the same
-- official, acting for the same organisation, has typed the same code again; from then on it is this inquiry's.
CREATE FUNCTION door.draft(session_secret text, form text, inquiry_id uuid, mark_key bytea)
RETURNS TABLE (sealed text, kept_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.draft_session(session_secret);
    mark bytea := door_private.draft_mark(session, form, inquiry_id, mark_key);
BEGIN
    -- Her own words are told only while her mandates are read in time, like everything else.
    PERFORM door_private.session(session_secret);
    PERFORM door_private.purge_drafts();
    IF form = 'reason' THEN
        INSERT INTO inquiry.draft AS d (
            official_pseudonym, organisation_id, form, code_mark, inquiry_id, expires_at)
        SELECT session.official_pseudonym, session.organisation_id, 'reason', mark, draft.inquiry_id,
            now() + interval '1 hour'
        WHERE mark IS NOT NULL
        ON CONFLICT ON CONSTRAINT draft_pk DO UPDATE SET inquiry_id = excluded.inquiry_id;
    END IF;
    RETURN QUERY
        SELECT d.sealed, d.kept_at FROM inquiry.draft d
        WHERE d.official_pseudonym = session.official_pseudonym AND d.organisation_id = session.organisation_id
            AND d.form = draft.form AND d.code_mark = mark AND d.sealed IS NOT NULL AND d.expires_at > now();
END
$function$;

-- Forgets a draft that was sent or thrown away.
CREATE FUNCTION door.forget_draft(session_secret text, form text, inquiry_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.draft_session(session_secret);
BEGIN
    DELETE FROM inquiry.draft d
    WHERE d.official_pseudonym = session.official_pseudonym AND d.organisation_id = session.organisation_id
        AND d.form = forget_draft.form AND d.inquiry_id IS NOT DISTINCT FROM forget_draft.inquiry_id;
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.keep_draft(text, text, uuid, bytea, text),
    door.draft(text, text, uuid, bytea),
    door.forget_draft(text, text, uuid)
TO kelmu_web;
