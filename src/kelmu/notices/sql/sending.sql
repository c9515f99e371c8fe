-- How a notice comes to be: whom it goes to, when it is seen, when it is due.

-- Midnight in Finland, the first moment of a day.
CREATE FUNCTION door_private.midnight(day date) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN day::timestamp AT TIME ZONE 'Europe/Helsinki';
END
$function$;

-- The first moment a notice is seen, by calendar days in Finland: at once, but an application that is not urgent, and
-- a lowered basic part, not before the day after the decision; nothing before the day it is released.
CREATE FUNCTION door_private.notice_visible_from(
    kind text, urgent boolean, sent_at timestamptz, decided_on date, released_on date
) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN greatest(
        sent_at,
        CASE WHEN kind = 'lowered_basic_part' OR (kind = 'supplementary_preventive_application' AND NOT urgent) THEN
            door_private.midnight(coalesce(decided_on, (sent_at AT TIME ZONE 'Europe/Helsinki')::date) + 1) END,
        door_private.midnight(released_on));
END
$function$;

-- The last day for a decision: the 7th working day after the notice was received (the first day it is seen); the next
-- one for what is urgent (1412/1997 14 a §).
CREATE FUNCTION door_private.notice_due_on(urgent boolean, visible_from timestamptz) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN door_private.working_day_after(
        (visible_from AT TIME ZONE 'Europe/Helsinki')::date, CASE WHEN urgent THEN 1 ELSE 7 END);
END
$function$;

-- The municipality a notice about a person goes to: where she lives on that day, else where she lived last. A merged
-- one counts as its successor. NULL: she has never lived in any.
CREATE FUNCTION door_private.notice_address(person_id bigint, day date) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT m.present_code
        FROM register.residence r
        JOIN organisations.municipality m ON m.code = r.municipality_code
        WHERE r.person_id = notice_address.person_id AND r.superseded_at IS NULL AND r.valid_from <= day
        ORDER BY r.valid_from DESC
        LIMIT 1);
END
$function$;

-- Whether only those who may see protected persons may see a notice about a person: she has a non-disclosure order,
-- or it is not known whether she has. Both are looked up whatever is found, for nobody (NULL) too, so that the work done
-- tells nothing.
CREATE FUNCTION door_private.is_restricted(person_id bigint, day date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    subject bigint := coalesce(person_id, -1);
    shielded boolean := door_private.is_protected(subject, day);
    known boolean := EXISTS (SELECT FROM register.person p WHERE p.person_id = subject AND p.protection_known);
BEGIN
    RETURN shielded OR NOT known;
END
$function$;

-- Makes a notice, once for each `source_key`: a key that is there changes nothing and gives NULL. `released_on` (NULL:
-- at once) is the first day it may be seen. Content is an object with no other keys than:
--   from Kela: phone, contact_language, interpreter, contact_wish, free_text, expenses [{text, amount, due_on}],
--     decision_number, decided_on, decision_from, decision_to, lowered_percent, lowered_from, lowered_to,
--     lowered_reason;
--   computed: rule, spell_from, months_counted, months.
CREATE FUNCTION door_private.send_notice(
    person_id bigint, kind text, urgent boolean, need_reason text, sent_at timestamptz, released_on date,
    source_key text, content jsonb
) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    sent_on date := (sent_at AT TIME ZONE 'Europe/Helsinki')::date;
    seen timestamptz := door_private.notice_visible_from(
        kind, urgent, sent_at, (content ->> 'decided_on')::date, released_on);
    address text := door_private.notice_address(person_id, sent_on);
    made uuid := gen_random_uuid();
BEGIN
    IF address IS NULL THEN
        RAISE EXCEPTION 'no municipality to send the notice to' USING ERRCODE = 'KL013';
    END IF;
    IF (kind = 'social_work_need') <> (need_reason IS NOT NULL) OR content - ARRAY[
        'phone', 'contact_language', 'interpreter', 'contact_wish', 'free_text', 'expenses', 'decision_number',
        'decided_on', 'decision_from', 'decision_to', 'lowered_percent', 'lowered_from', 'lowered_to',
        'lowered_reason', 'rule', 'spell_from', 'months_counted', 'months'] <> '{}' THEN
        RAISE EXCEPTION 'a notice of another form' USING ERRCODE = 'KL010';
    END IF;
    INSERT INTO notices.notice (
        notice_id, person_id, kind, urgent, sent_at, visible_from, arrived_at, due_on, municipality_code, restricted,
        source_key)
    VALUES (
        made, send_notice.person_id, send_notice.kind, send_notice.urgent, send_notice.sent_at, seen, seen,
        door_private.notice_due_on(send_notice.urgent, seen), address,
        door_private.is_restricted(send_notice.person_id, sent_on), send_notice.source_key)
    ON CONFLICT ON CONSTRAINT notice_source_key DO NOTHING;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO notices.notice_content (notice_id, person_id, need_reason, content)
    VALUES (made, send_notice.person_id, send_notice.need_reason, send_notice.content);
    INSERT INTO notices.event (notice_id, version, what, after)
    VALUES (made, 1, 'sent', jsonb_build_object('state', 'new', 'municipality', address));
    RETURN made;
END
$function$;
