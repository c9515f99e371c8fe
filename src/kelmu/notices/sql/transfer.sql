-- A notice moves on: one transaction, one row that says where it is, so it is never in two inboxes or in none.

-- The bodies that may hold notices, by the municipality they serve: {organisation_id, contact_email, reached}. `reached`
-- false: its agreement is not in force, and Kela's desk sees the notice. A municipality that none serves is not in it.
CREATE FUNCTION door_private.notice_bodies(today date) RETURNS TABLE (code text, body jsonb)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT DISTINCT ON (served.code) served.code, jsonb_build_object(
        'organisation_id', a.organisation_id, 'contact_email', a.contact_email, 'reached', now_so.in_force)
    FROM organisations.agreement a
    CROSS JOIN LATERAL (
        SELECT a.valid_from <= today AND (a.valid_to IS NULL OR a.valid_to >= today) AS in_force) now_so
    CROSS JOIN LATERAL unnest(door_private.served_municipalities(a.organisation_id, today)) AS served (code)
    WHERE EXISTS (
        SELECT FROM policy.feature f
        WHERE f.organisation_type = a.organisation_type AND f.feature = 'notices')
    ORDER BY served.code, now_so.in_force DESC, a.valid_from DESC, a.agreement_id;
END
$function$;

-- What is told where nobody serves a municipality.
CREATE FUNCTION door_private.no_body() RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN jsonb_build_object('organisation_id', NULL, 'contact_email', NULL, 'reached', false);
END
$function$;

-- Every municipality a notice can go to, with the body that serves it: [{code, body}]. No person is in it.
CREATE FUNCTION door.transfer_targets(session_secret text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
BEGIN
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT jsonb_agg(jsonb_build_object('code', m.code, 'body', coalesce(b.body, door_private.no_body()))
            ORDER BY m.code)
        FROM organisations.municipality m
        LEFT JOIN door_private.notice_bodies(sight.today) b ON b.code = m.code
        WHERE m.code = m.present_code);
END
$function$;

-- Sends a notice on to another municipality, with the reason why (10 to 255 characters). The clock of the law goes on;
-- what was done with it here ends: it is new there, and nobody's. Answers as door.change_notice does, with the `body`
-- that serves the target. NULL: not there.
CREATE FUNCTION door.transfer_notice(
    session_secret text, notice_id uuid, version integer, municipality_code text, reason text
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    found_one record;
    held notices.notice;
    changed notices.notice;
    result text := 'done';
    why text;
BEGIN
    IF version IS NULL OR reason IS NULL OR length(btrim(reason)) NOT BETWEEN 10 AND 255 OR NOT EXISTS (
            SELECT FROM organisations.municipality m
            WHERE m.code = transfer_notice.municipality_code AND m.code = m.present_code) THEN
        RAISE EXCEPTION 'no such transfer' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    found_one := door_private.find_notice(session, sight, notice_id, true);
    held := found_one.held;
    IF held.notice_id IS NULL THEN
        RETURN NULL;
    END IF;
    why := CASE
        WHEN found_one.up_to IS NOT NULL THEN 'read_only'
        WHEN held.version <> transfer_notice.version THEN NULL
        WHEN held.state = 'handled' THEN 'handled'
        WHEN transfer_notice.municipality_code = (
            SELECT m.present_code FROM organisations.municipality m WHERE m.code = held.municipality_code)
            THEN 'same_municipality' END;
    IF why IS NOT NULL THEN
        result := 'not_possible';
    ELSIF held.version <> transfer_notice.version THEN
        result := 'changed';
    ELSE
        changed := held;
        changed.municipality_code := transfer_notice.municipality_code;
        changed.arrived_at := now();
        changed.state := 'new';
        changed.assignee := NULL;
        changed.taken_at := NULL;
        changed.moves := held.moves + 1;
        changed := door_private.apply_change(session, held, changed, 'transferred');
        INSERT INTO notices.transfer (
            notice_id, version, from_municipality, to_municipality, organisation_id, by_official, reason)
        VALUES (
            held.notice_id, changed.version, held.municipality_code, changed.municipality_code,
            session.organisation_id, session.official_pseudonym, btrim(transfer_notice.reason));
        held := changed;
        IF held.municipality_code <> ALL (sight.municipalities) THEN
            found_one.up_to := held.version;
        END IF;
    END IF;
    RETURN door_private.worked(
        session, sight, 'transferred', result, why, held, found_one.person_id, found_one.restricted, found_one.up_to,
        transfer_notice.version)
        || jsonb_build_object('body', coalesce((
            SELECT b.body FROM door_private.notice_bodies(sight.today) b
            WHERE b.code = transfer_notice.municipality_code), door_private.no_body()));
END
$function$;

-- The latest change that is not a note, if it is the official's own, can be taken back and is not 10 minutes old.
CREATE FUNCTION door_private.undoable(session identity.acting_session, notice_id uuid) RETURNS notices.event
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    latest notices.event;
    nothing notices.event;
BEGIN
    SELECT e.* INTO latest FROM notices.event e
    WHERE e.notice_id = undoable.notice_id AND e.what <> 'noted'
    ORDER BY e.version DESC
    LIMIT 1;
    IF latest.what NOT IN ('sent', 'opened', 'undone') AND latest.by_official = session.official_pseudonym
        AND latest.organisation_id = session.organisation_id AND latest.at > now() - interval '10 minutes' THEN
        RETURN latest;
    END IF;
    RETURN nothing;
END
$function$;

-- Takes back the official's own latest change within 10 minutes, a transfer too if the receiver has done nothing yet.
-- Answers as door.change_notice does. NULL: not there.
CREATE FUNCTION door.undo_notice(session_secret text, notice_id uuid, version integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    found_one record;
    held notices.notice;
    changed notices.notice;
    latest notices.event;
    result text := 'done';
    why text;
BEGIN
    IF version IS NULL THEN
        RAISE EXCEPTION 'no such change' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    found_one := door_private.find_notice(session, sight, notice_id, true);
    held := found_one.held;
    IF held.notice_id IS NULL THEN
        RETURN NULL;
    END IF;
    latest := door_private.undoable(session, notice_id);
    IF held.version <> undo_notice.version THEN
        result := 'changed';
    ELSIF latest.notice_id IS NULL THEN
        result := 'not_possible';
        why := 'too_late';
    ELSE
        changed := held;
        changed.state := latest.before ->> 'state';
        changed.assignee := latest.before ->> 'assignee';
        changed.outcome := latest.before ->> 'outcome';
        changed.taken_at := latest.before ->> 'taken_at';
        changed.handled_at := latest.before ->> 'handled_at';
        changed.municipality_code := latest.before ->> 'municipality';
        changed.arrived_at := latest.before ->> 'arrived_at';
        changed.moves := latest.before ->> 'moves';
        UPDATE notices.transfer t SET undone_at = now()
        WHERE t.notice_id = held.notice_id AND t.version = latest.version;
        held := door_private.apply_change(session, held, changed, 'undone', latest.version);
        found_one.up_to := NULL;
    END IF;
    RETURN door_private.worked(
        session, sight, 'undone', result, why, held, found_one.person_id, found_one.restricted, found_one.up_to,
        undo_notice.version);
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.transfer_targets(text),
    door.transfer_notice(text, uuid, integer, text, text),
    door.undo_notice(text, uuid, integer)
TO kelmu_web;
