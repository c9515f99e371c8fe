-- Notices from Kela's side: its back office sends each by its own number, as often as it likes.

-- SHA-256 of everything a message says, so that a number sent twice can be told from one used twice.
CREATE FUNCTION door_private.message_digest(
    personal_id text, kind text, urgent boolean, need_reason text, content jsonb, names text[], media_types text[],
    files bytea[]
) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    digests text[] := ARRAY(SELECT encode(sha256(f.bytes), 'hex') FROM unnest(files) WITH ORDINALITY f (bytes, place)
        ORDER BY f.place);
BEGIN
    RETURN sha256(convert_to(jsonb_build_array(
        personal_id, kind, urgent, need_reason, content, names, media_types, digests)::text, 'UTF8'));
END
$function$;

-- Takes a notice in from Kela's side, exactly once by Kela's own number (1 to 40 letters, digits, / and -). Kinds:
-- social_work_need, supplementary_preventive_application and lowered_basic_part; the last two name the day of the
-- decision in `content`. Up to 20 files, as three arrays.
-- Answers {result, notice_id, number}: taken_in; repeated (the same message came before); differs (another message came
-- by that number: nothing is changed); unknown_person; no_municipality. NULL: not Kela's side.
CREATE FUNCTION door.take_in_notice(
    session_secret text, kela_number text, personal_id text, kind text, urgent boolean, need_reason text,
    content jsonb, names text[], media_types text[], files bytea[]
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    purpose text := door_private.feature_purpose(session, 'desk');
    subject record := door_private.find_person(personal_id);
    today date := door_private.today();
    digest bytea := door_private.message_digest(
        personal_id, kind, urgent, need_reason, content, names, media_types, files);
    key text := 'kela/' || kela_number;
    made uuid;
    result text;
    written bigint;
BEGIN
    IF purpose IS NULL THEN
        PERFORM door_private.log(
            session, 'refused', action => 'desk', outcome => 'refused', rule => 'missing_mandate',
            cause => 'missing_mandate');
        RETURN NULL;
    END IF;
    IF kela_number IS NULL OR kela_number !~ '^[A-Za-z0-9/-]{1,40}$' OR urgent IS NULL OR kind IS NULL
        OR kind NOT IN ('social_work_need', 'supplementary_preventive_application', 'lowered_basic_part')
        OR content IS NULL OR jsonb_typeof(content) <> 'object'
        OR (kind <> 'social_work_need' AND (content ->> 'decided_on' IS NULL
            OR (content ->> 'decided_on')::date > today))
        OR num_nulls(names, media_types, files) > 0 OR cardinality(names) > 20
        OR cardinality(names) <> cardinality(files) OR cardinality(media_types) <> cardinality(files) THEN
        RAISE EXCEPTION 'a notice of another form' USING ERRCODE = 'KL010';
    END IF;
    IF subject.person_id IS NULL THEN
        result := 'unknown_person';
    ELSIF door_private.notice_address(subject.person_id, today) IS NULL THEN
        result := 'no_municipality';
    ELSE
        made := door_private.send_notice(
            subject.person_id, kind, urgent, need_reason, now(), NULL, key, content);
        result := CASE WHEN made IS NULL THEN 'repeated' ELSE 'taken_in' END;
    END IF;
    IF result = 'taken_in' THEN
        UPDATE notices.notice_content c SET message_digest = digest WHERE c.notice_id = made;
        INSERT INTO notices.attachment (notice_id, place, name, media_type, size, sha256, bytes)
        SELECT made, f.place, f.name, f.media_type, octet_length(f.bytes), sha256(f.bytes), f.bytes
        FROM unnest(names, media_types, files) WITH ORDINALITY f (name, media_type, bytes, place);
    ELSIF result = 'repeated' THEN
        SELECT n.notice_id, CASE WHEN c.message_digest = digest THEN 'repeated' ELSE 'differs' END INTO made, result
        FROM notices.notice n
        JOIN notices.notice_content c ON c.notice_id = n.notice_id
        WHERE n.source_key = key;
    END IF;
    written := door_private.log(
        session, 'notice_work', action => 'take_in', purpose => purpose, subject_person_id => subject.person_id,
        scope => jsonb_build_object('notice_id', made), detail => result);
    RETURN jsonb_build_object(
        'result', result, 'notice_id', CASE WHEN result <> 'differs' THEN made END,
        'number', (SELECT n.number FROM notices.notice n WHERE n.notice_id = made AND result <> 'differs'));
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.take_in_notice(text, text, text, text, boolean, text, jsonb, text[], text[], bytea[])
TO kelmu_web;
