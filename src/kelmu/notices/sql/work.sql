-- Work on a notice. Each change is one version and one event; whoever changes what she has not seen is told what
-- happened meanwhile, and nothing is lost.

-- The values of the workflow, as events keep them.
CREATE FUNCTION door_private.workflow(held notices.notice) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN jsonb_build_object(
        'state', held.state, 'assignee', held.assignee, 'outcome', held.outcome, 'taken_at', held.taken_at,
        'handled_at', held.handled_at, 'municipality', held.municipality_code, 'arrived_at', held.arrived_at,
        'moves', held.moves);
END
$function$;

-- Writes a change of a notice that this transaction holds locked, its event, and what Kela is to be told of it.
CREATE FUNCTION door_private.apply_change(
    session identity.acting_session, held notices.notice, changed notices.notice, what text,
    undoes integer DEFAULT NULL
) RETURNS notices.notice
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written notices.notice;
BEGIN
    UPDATE notices.notice n
    SET municipality_code = changed.municipality_code, arrived_at = changed.arrived_at, state = changed.state,
        assignee = changed.assignee, outcome = changed.outcome, taken_at = changed.taken_at,
        handled_at = changed.handled_at, moves = changed.moves, kela_asked_at = changed.kela_asked_at,
        version = held.version + 1
    WHERE n.notice_id = held.notice_id AND n.version = held.version
    RETURNING n.* INTO STRICT written;
    INSERT INTO notices.event (notice_id, version, what, by_official, organisation_id, before, after, undoes)
    VALUES (
        held.notice_id, written.version, apply_change.what, session.official_pseudonym, session.organisation_id,
        door_private.workflow(held), door_private.workflow(written), apply_change.undoes);
    IF undoes IS NULL THEN
        INSERT INTO notices.answer (notice_id, version, what, outcome)
        SELECT held.notice_id, written.version, a.what, CASE WHEN a.what = 'handled' THEN written.outcome END
        FROM (VALUES
            ('taken_up', held.taken_at IS NULL AND written.taken_at IS NOT NULL),
            ('handled', held.outcome IS NULL AND written.outcome IS NOT NULL),
            ('reopened', held.outcome IS NOT NULL AND written.outcome IS NULL)) AS a (what, happened)
        WHERE a.happened;
    ELSE
        UPDATE notices.answer a SET withdrawn_at = now()
        WHERE a.notice_id = held.notice_id AND a.version = undoes AND a.delivered_at IS NULL;
    END IF;
    RETURN written;
END
$function$;

-- Ends a door of work: writes its entry, and gives its answer. That is `result` (done, changed, not_possible), why, the
-- notice as it is now, and, where the caller had not seen it so, the events since the version she had seen: without the
-- text of notes, which is read only once an entry of the reading is committed.
CREATE FUNCTION door_private.worked(
    session identity.acting_session, sight door_private.sight, what text, result text, why text, held notices.notice,
    person_id bigint, restricted boolean, up_to integer, seen_version integer
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written bigint;
BEGIN
    written := door_private.log(
        session, 'notice_work', action => what, purpose => sight.purpose, subject_person_id => worked.person_id,
        scope => jsonb_build_object('notice_id', held.notice_id, 'version', held.version),
        detail => coalesce(why, result));
    RETURN jsonb_build_object(
        'result', result, 'why', why,
        'notice', door_private.notice_row(session, sight, held, restricted, up_to),
        'changes', CASE WHEN result = 'changed' THEN (
            SELECT coalesce(jsonb_agg(c - 'note'), '[]')
            FROM jsonb_array_elements(door_private.notice_history(
                held.notice_id, session.organisation_id, restricted, up_to)) c
            WHERE (c ->> 'version')::integer > seen_version) ELSE '[]' END);
END
$function$;

-- Whether a colleague can be given a notice: she acted for the organisation in the last 12 months, and may see it.
CREATE FUNCTION door_private.may_be_assigned(
    session identity.acting_session, pseudonym text, held notices.notice, person_id bigint
) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    colleague identity.acting_session;
BEGIN
    SELECT s.* INTO colleague FROM identity.acting_session s
    WHERE s.organisation_id = session.organisation_id AND s.agreement_id = session.agreement_id
        AND s.official_pseudonym = may_be_assigned.pseudonym AND s.started_at > now() - interval '12 months'
    ORDER BY s.started_at DESC
    LIMIT 1;
    RETURN FOUND AND door_private.may_see(
        door_private.sight(colleague), held, may_be_assigned.person_id,
        door_private.restricted_now(held, may_be_assigned.person_id, door_private.today()));
END
$function$;

-- What a change makes of a notice, or why it cannot be: handled, not_handled, not_new, not_read, not_assigned,
-- assignee.
CREATE FUNCTION door_private.changed_notice(
    session identity.acting_session, held notices.notice, person_id bigint, what text, value text,
    OUT changed notices.notice, OUT why text
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    changed := held;
    why := CASE
        WHEN what = 'reopened' AND held.state <> 'handled' THEN 'not_handled'
        WHEN what <> 'reopened' AND held.state = 'handled' THEN 'handled'
        WHEN what = 'marked_read' AND held.state <> 'new' THEN 'not_new'
        WHEN what = 'marked_unread' AND held.state <> 'read' THEN 'not_read'
        WHEN what = 'released' AND held.assignee IS NULL THEN 'not_assigned'
        WHEN what = 'assigned' AND NOT door_private.may_be_assigned(session, value, held, changed_notice.person_id)
            THEN 'assignee' END;
    IF why IS NOT NULL THEN
        RETURN;
    END IF;
    IF what IN ('taken', 'assigned', 'handled') THEN
        changed.taken_at := coalesce(held.taken_at, now());
    END IF;
    changed.state := CASE what
        WHEN 'marked_read' THEN 'read' WHEN 'marked_unread' THEN 'new' WHEN 'released' THEN 'read'
        WHEN 'handled' THEN 'handled' ELSE 'in_progress' END;
    changed.assignee := CASE what
        WHEN 'taken' THEN session.official_pseudonym WHEN 'assigned' THEN value
        WHEN 'handled' THEN coalesce(held.assignee, session.official_pseudonym)
        WHEN 'reopened' THEN session.official_pseudonym END;
    changed.outcome := CASE WHEN what = 'handled' THEN value END;
    changed.handled_at := CASE WHEN what = 'handled' THEN now() END;
END
$function$;

-- Whether a list names 1 to 200 notices, each once, with the versions that were seen.
CREATE FUNCTION door_private.are_changes(changes jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN coalesce(jsonb_typeof(changes) = 'array' AND jsonb_array_length(changes) BETWEEN 1 AND 200
        AND (SELECT bool_and(
                jsonb_typeof(c) = 'object' AND c - ARRAY['notice_id', 'version'] = '{}'
                AND jsonb_typeof(c -> 'notice_id') = 'string'
                AND pg_input_is_valid(c ->> 'notice_id', 'uuid')
                AND jsonb_typeof(c -> 'version') = 'number' AND pg_input_is_valid(c ->> 'version', 'integer'))
            FROM jsonb_array_elements(changes) c), false)
        AND jsonb_array_length(changes) = (
            SELECT count(DISTINCT lower(c ->> 'notice_id')) FROM jsonb_array_elements(changes) c);
END
$function$;

-- Refuses a change of another form. `what`: taken, assigned (`value`: the colleague's pseudonym), released, noted (the
-- text), marked_read, marked_unread, handled (the outcome), reopened.
CREATE FUNCTION door_private.require_known_change(what text, value text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF what IS NULL OR what NOT IN (
            'taken', 'assigned', 'released', 'noted', 'marked_read', 'marked_unread', 'handled', 'reopened')
        OR (what IN ('assigned', 'noted', 'handled')) <> (value IS NOT NULL)
        OR (what = 'noted' AND length(btrim(value)) NOT BETWEEN 1 AND 2000)
        OR (what = 'handled' AND value NOT IN (
            'contacted', 'invited_to_assessment', 'already_a_client', 'no_need', 'not_reached', 'wrong_person')) THEN
        RAISE EXCEPTION 'no such change' USING ERRCODE = 'KL010';
    END IF;
END
$function$;

-- Changes one notice of the inbox by a known change, with its entry. `version` is the one the caller has seen. A note
-- is added whatever else changed. NULL: not there.
CREATE FUNCTION door_private.change_one(
    session identity.acting_session, sight door_private.sight, notice_id uuid, version integer, what text, value text
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    found_one record := door_private.find_notice(session, sight, notice_id, true);
    held notices.notice := found_one.held;
    made record;
    result text := 'done';
    why text;
BEGIN
    IF held.notice_id IS NULL THEN
        RETURN NULL;
    END IF;
    IF found_one.up_to IS NOT NULL THEN
        result := 'not_possible';
        why := 'read_only';
    ELSIF what <> 'noted' AND held.version <> change_one.version THEN
        result := 'changed';
    ELSIF what = 'noted' THEN
        held := door_private.apply_change(session, held, held, 'noted');
        INSERT INTO notices.note (notice_id, version, text) VALUES (held.notice_id, held.version, btrim(value));
    ELSE
        made := door_private.changed_notice(session, held, found_one.person_id, what, value);
        why := made.why;
        IF why IS NULL THEN
            held := door_private.apply_change(session, held, made.changed, what);
        ELSE
            result := 'not_possible';
        END IF;
    END IF;
    RETURN door_private.worked(
        session, sight, what, result, why, held, found_one.person_id, found_one.restricted, found_one.up_to,
        change_one.version);
END
$function$;

-- Changes a notice of the inbox (door_private.change_one, door_private.require_known_change). NULL: not there.
CREATE FUNCTION door.change_notice(
    session_secret text, notice_id uuid, version integer, what text, value text DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
BEGIN
    PERFORM door_private.require_known_change(what, value);
    IF version IS NULL THEN
        RAISE EXCEPTION 'no such change' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN door_private.change_one(session, sight, notice_id, version, what, value);
END
$function$;

-- The same change to several notices, 200 at most, each by the same rules and with its own entry: a row that cannot be
-- changed keeps no other from it. `changes`: [{notice_id, version}], no notice twice. No notes: a note is about one
-- client. Answers in the same order, each {notice_id} and what door.change_notice answers of it, or result not_there.
-- NULL: no right to notices.
CREATE FUNCTION door.change_notices(session_secret text, changes jsonb, what text, value text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    asked record;
    answers jsonb := '{}';
BEGIN
    PERFORM door_private.require_known_change(what, value);
    IF what = 'noted' OR changes IS NULL OR NOT door_private.are_changes(changes) THEN
        RAISE EXCEPTION 'no such change' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    -- Everybody locks in one order, so that two at once wait for each other and never block each other.
    FOR asked IN
        SELECT (c ->> 'notice_id')::uuid AS notice_id, (c ->> 'version')::integer AS version
        FROM jsonb_array_elements(changes) c
        ORDER BY 1
    LOOP
        answers := answers || jsonb_build_object(asked.notice_id, coalesce(
            door_private.change_one(session, sight, asked.notice_id, asked.version, what, value),
            '{"result": "not_there", "why": null, "notice": null, "changes": []}'));
    END LOOP;
    RETURN (
        SELECT jsonb_agg(
            jsonb_build_object('notice_id', (c ->> 'notice_id')::uuid) || (answers -> (c ->> 'notice_id')::uuid::text)
            ORDER BY place)
        FROM jsonb_array_elements(changes) WITH ORDINALITY AS asked_for (c, place));
END
$function$;

-- The colleagues a notice can be given to: [{pseudonym, name, you}]; name NULL: the register does not know her.
CREATE FUNCTION door.notice_officials(session_secret text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.sight_or_refusal(session);
    written bigint;
    named bigint[];
    answer jsonb;
BEGIN
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    WITH known AS (
        SELECT DISTINCT ON (s.official_pseudonym) s.official_pseudonym, s.official_person_id, s.organisation_id
        FROM identity.acting_session s
        WHERE s.organisation_id = session.organisation_id AND s.agreement_id = session.agreement_id
            AND s.started_at > now() - interval '12 months'
        ORDER BY s.official_pseudonym, s.started_at DESC
    )
    SELECT jsonb_agg(jsonb_build_object(
            'pseudonym', k.official_pseudonym,
            'name', door_private.official_name(k.official_pseudonym, k.organisation_id),
            'you', k.official_pseudonym = session.official_pseudonym) ORDER BY k.official_pseudonym),
        coalesce(array_agg(DISTINCT k.official_person_id) FILTER (WHERE k.official_person_id IS NOT NULL), '{}')
    INTO answer, named
    FROM known k;
    written := door_private.log(session, 'use', action => 'notice_officials', purpose => sight.purpose);
    INSERT INTO audit.entry_mention (entry_id, person_id) SELECT written, n FROM unnest(named) n;
    RETURN answer;
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.change_notice(text, uuid, integer, text, text),
    door.change_notices(text, jsonb, text, text),
    door.notice_officials(text)
TO kelmu_web;
