-- Doors of the views an official has saved of her inbox. They are her own and tell of no client, so there is no entry.

-- The session of an official on the pages who may see notices; an empty row: she may not.
CREATE FUNCTION door_private.view_session(secret text) RETURNS identity.acting_session
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(secret);
    nobody identity.acting_session;
BEGIN
    RETURN CASE WHEN (door_private.sight_or_refusal(session)).purpose IS NULL THEN nobody ELSE session END;
END
$function$;

-- Whether it is a list of texts of a form, one at least.
CREATE FUNCTION door_private.are_texts(list jsonb, form text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN jsonb_typeof(list) = 'array' AND jsonb_array_length(list) BETWEEN 1 AND 400 AND (
        SELECT bool_and(jsonb_typeof(t) = 'string' AND t #>> '{}' ~ form) FROM jsonb_array_elements(list) t);
END
$function$;

-- Whether door.notice_rows takes a filter, every value of it. Not by number: a view is for many.
CREATE FUNCTION door_private.is_notice_filter(filter jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN coalesce(jsonb_typeof(filter) = 'object', false) AND (
        SELECT coalesce(bool_and(CASE
            WHEN f.key = 'states' THEN door_private.are_texts(f.value, '^(new|read|in_progress|handled)$')
            WHEN f.key = 'kinds' THEN door_private.are_texts(f.value,
                '^(social_work_need|supplementary_preventive_application|lowered_basic_part'
                || '|unemployed_under_25|unemployed_25_plus|immigrant)$')
            WHEN f.key = 'municipalities' THEN door_private.are_texts(f.value, '^[0-9]{3}$')
            WHEN f.key IN ('urgent', 'overdue', 'restricted', 'flagged') THEN jsonb_typeof(f.value) = 'boolean'
            WHEN f.key = 'assignee' THEN
                jsonb_typeof(f.value) = 'string' AND f.value #>> '{}' ~ '^(me|nobody|[0-9a-f]{64})$'
            WHEN f.key IN ('arrived_from', 'arrived_to', 'due_from', 'due_to') THEN
                jsonb_typeof(f.value) = 'string' AND f.value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                AND pg_input_is_valid(f.value #>> '{}', 'date')
            ELSE false END), true)
        FROM jsonb_each(filter) f);
END
$function$;

-- Two windows of hers change views one after the other.
CREATE FUNCTION door_private.hold_views(session identity.acting_session) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    PERFORM pg_advisory_xact_lock(5014, hashtext(session.official_pseudonym || session.organisation_id));
END
$function$;

-- Her views by name: [{place, name, filter, sort, shown_first}]. NULL: no right to notices.
CREATE FUNCTION door.notice_views(session_secret text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.view_session(session_secret);
BEGIN
    IF session.acting_session_id IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'place', v.place, 'name', v.name, 'filter', v.filter, 'sort', v.sort, 'shown_first', v.shown_first)
            ORDER BY lower(v.name), v.name), '[]')
        FROM notices.saved_view v
        WHERE v.official_pseudonym = session.official_pseudonym AND v.organisation_id = session.organisation_id);
END
$function$;

-- Saves a view at the lowest free place. Answers saved, or name_taken, full (there are 20). NULL: no right to notices.
CREATE FUNCTION door.save_notice_view(session_secret text, name text, filter jsonb, sort text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.view_session(session_secret);
    free smallint;
BEGIN
    IF session.acting_session_id IS NULL THEN
        RETURN NULL;
    END IF;
    IF name IS NULL OR name !~ '^[^[:cntrl:]]{1,60}$' OR name <> btrim(name) OR sort IS NULL
        OR sort !~ '^-?(due|arrived|number|kind|municipality|state)$' OR filter IS NULL
        OR length(filter::text) > 8000 OR NOT door_private.is_notice_filter(filter) THEN
        RAISE EXCEPTION 'a view of another form' USING ERRCODE = 'KL010';
    END IF;
    PERFORM door_private.hold_views(session);
    IF EXISTS (
        SELECT FROM notices.saved_view v
        WHERE v.official_pseudonym = session.official_pseudonym AND v.organisation_id = session.organisation_id
            AND v.name = save_notice_view.name) THEN
        RETURN 'name_taken';
    END IF;
    SELECT min(p) INTO free FROM generate_series(1, 20) p
    WHERE NOT EXISTS (
        SELECT FROM notices.saved_view v
        WHERE v.official_pseudonym = session.official_pseudonym AND v.organisation_id = session.organisation_id
            AND v.place = p);
    IF free IS NULL THEN
        RETURN 'full';
    END IF;
    INSERT INTO notices.saved_view (official_pseudonym, organisation_id, place, name, filter, sort)
    VALUES (session.official_pseudonym, session.organisation_id, free, save_notice_view.name,
        save_notice_view.filter, save_notice_view.sort);
    RETURN 'saved';
END
$function$;

-- Removes a view of hers. False: there is none.
CREATE FUNCTION door.remove_notice_view(session_secret text, place integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.view_session(session_secret);
BEGIN
    DELETE FROM notices.saved_view v
    WHERE v.official_pseudonym = session.official_pseudonym AND v.organisation_id = session.organisation_id
        AND v.place = remove_notice_view.place;
    RETURN FOUND;
END
$function$;

-- Makes a view of hers the one the inbox opens with, instead of any other; `place` NULL: none is. False: there is none.
CREATE FUNCTION door.default_notice_view(session_secret text, place integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.view_session(session_secret);
BEGIN
    PERFORM door_private.hold_views(session);
    UPDATE notices.saved_view v SET shown_first = false
    WHERE v.official_pseudonym = session.official_pseudonym AND v.organisation_id = session.organisation_id
        AND v.shown_first AND v.place IS DISTINCT FROM default_notice_view.place;
    UPDATE notices.saved_view v SET shown_first = true
    WHERE v.official_pseudonym = session.official_pseudonym AND v.organisation_id = session.organisation_id
        AND v.place = default_notice_view.place;
    RETURN FOUND OR place IS NULL;
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.notice_views(text),
    door.save_notice_view(text, text, jsonb, text),
    door.remove_notice_view(text, integer),
    door.default_notice_view(text, integer)
TO kelmu_web;
