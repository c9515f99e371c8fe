-- Doors that read, each under the checks of a committed, durable, own, unused and fresh ticket.

-- Makes sure that the write-ahead log has reached the disk as far as `wanted`, and with it the ticket's entry.
-- Any role may set synchronous_commit = off, so a commit alone proves nothing. `wanted` is taken before this
-- transaction has written anything: with nobody else writing, nothing needs a flush.
CREATE FUNCTION door_private.flush_log(wanted pg_lsn) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF current_setting('server_version_num')::int >= 170000 THEN
        PERFORM pg_logical_emit_message(false, 'door', '', true);
    ELSE
        -- PostgreSQL 16 cannot be asked to flush. Its WAL writer soon flushes whole pages: fill this one.
        PERFORM pg_logical_emit_message(false, 'door', repeat(' ', 16384));
        FOR attempt IN 1..100 LOOP
            EXIT WHEN pg_current_wal_flush_lsn() >= wanted;
            PERFORM pg_sleep(0.01);
        END LOOP;
    END IF;
    IF pg_current_wal_flush_lsn() < wanted THEN
        RAISE EXCEPTION 'the entry is not durable yet' USING ERRCODE = 'KL030';
    END IF;
END
$function$;

-- The ticket, if it may be read with: otherwise an empty row, and an entry saying what was wrong.
CREATE FUNCTION door_private.own_ticket(session identity.acting_session, ticket text) RETURNS inquiry.ticket
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    held inquiry.ticket;
    nothing inquiry.ticket;
    wrong text;
BEGIN
    SELECT t.* INTO held FROM inquiry.ticket t WHERE t.ticket_hash = sha256(convert_to(own_ticket.ticket, 'UTF8'));
    wrong := CASE
        WHEN held.ticket_hash IS NULL THEN 'ticket unknown'
        WHEN held.acting_session_id <> session.acting_session_id THEN 'ticket of another session'
        WHEN held.used_at IS NOT NULL THEN 'ticket used'
        WHEN held.issued_at <= clock_timestamp() - interval '30 seconds' THEN 'ticket too old'
    END;
    IF wrong IS NOT NULL THEN
        PERFORM door_private.log(session, 'not_there', inquiry_id => held.inquiry_id, detail => wrong);
        RETURN nothing;
    END IF;
    RETURN held;
END
$function$;

-- The entry of a ticket, once it is committed and durable.
CREATE FUNCTION door_private.durable_entry(held inquiry.ticket, written_to pg_lsn) RETURNS audit.entry
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    found_entry audit.entry;
BEGIN
    SELECT e.* INTO STRICT found_entry FROM audit.entry e WHERE e.entry_id = held.entry_id;
    IF pg_xact_status(found_entry.transaction_id) IS DISTINCT FROM 'committed' THEN
        RAISE EXCEPTION 'the entry is not committed' USING ERRCODE = 'KL020';
    END IF;
    IF pg_current_wal_flush_lsn() < written_to THEN
        PERFORM door_private.flush_log(written_to);
    END IF;
    RETURN found_entry;
END
$function$;

-- Uses a ticket up. Whoever comes second waits here for the first and finds it used: false, and an entry.
CREATE FUNCTION door_private.use_ticket(session identity.acting_session, held inquiry.ticket) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    UPDATE inquiry.ticket t SET used_at = clock_timestamp()
    WHERE t.ticket_hash = held.ticket_hash AND t.used_at IS NULL;
    IF NOT FOUND THEN
        PERFORM door_private.log(session, 'not_there', inquiry_id => held.inquiry_id, detail => 'ticket used');
        RETURN false;
    END IF;
    RETURN true;
END
$function$;

-- The facts the door decided on and its decision, for policy to decide again. NULL: not there.
CREATE FUNCTION door.read_outcome(session_secret text, ticket text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written_to pg_lsn := pg_current_wal_insert_lsn();
    held inquiry.ticket := door_private.own_ticket(door_private.session(session_secret), ticket);
    seen audit.entry;
BEGIN
    IF held.ticket_hash IS NULL THEN
        RETURN NULL;
    END IF;
    seen := door_private.durable_entry(held, written_to);
    RETURN jsonb_build_object(
        'inquiry_id', seen.inquiry_id,
        'purpose', seen.purpose,
        'case_reference', seen.case_reference,
        'opened_at', (SELECT i.opened_at FROM inquiry.inquiry i WHERE i.inquiry_id = seen.inquiry_id),
        'facts', seen.facts,
        'sql_decision', jsonb_build_object(
            'outcome', seen.outcome, 'rule', seen.rule, 'cause', seen.cause, 'scopes', seen.scope,
            'decided_on', (seen.at AT TIME ZONE 'Europe/Helsinki')::date));
END
$function$;

-- The one way out: the ticket's groups as one document, and the entry that says what was disclosed.
-- NULL: not there.
CREATE FUNCTION door.read_dossier(session_secret text, ticket text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written_to pg_lsn := pg_current_wal_insert_lsn();
    session identity.acting_session := door_private.session(session_secret);
    held inquiry.ticket := door_private.own_ticket(session, ticket);
    seen audit.entry;
    written bigint;
    looked_for inquiry.inquiry;
    dossier record;
BEGIN
    IF held.ticket_hash IS NULL THEN
        RETURN NULL;
    END IF;
    seen := door_private.durable_entry(held, written_to);
    IF seen.outcome IS DISTINCT FROM 'given' OR seen.subject_person_id IS NULL THEN
        RAISE EXCEPTION 'the ticket allows no disclosure' USING ERRCODE = 'KL021';
    END IF;
    IF NOT door_private.use_ticket(session, held) THEN
        RETURN NULL;
    END IF;
    IF 'changes' = ANY (seen.data_groups) THEN
        SELECT i.* INTO STRICT looked_for FROM inquiry.inquiry i WHERE i.inquiry_id = seen.inquiry_id;
    END IF;
    dossier := door_private.dossier(seen.subject_person_id, seen.scope, seen.former_code, looked_for);
    written := door_private.log(
        session, 'disclosed', purpose => seen.purpose, inquiry_id => seen.inquiry_id,
        subject_person_id => seen.subject_person_id,
        data_groups => dossier.data_groups,
        fields => dossier.fields,
        document_digest => sha256(convert_to(dossier.document, 'UTF8')),
        detail => seen.event_id::text);
    IF dossier.mentioned <> '{}' THEN
        INSERT INTO audit.entry_mention (entry_id, person_id) SELECT written, m FROM unnest(dossier.mentioned) m;
    END IF;
    RETURN dossier.document;
END
$function$;

-- Policy decided otherwise than the door: an alarm, and the ticket is dropped.
CREATE FUNCTION door.report_difference(session_secret text, ticket text, outcome text, rule text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    held inquiry.ticket;
BEGIN
    UPDATE inquiry.ticket t SET used_at = clock_timestamp()
    WHERE t.ticket_hash = sha256(convert_to(report_difference.ticket, 'UTF8'))
        AND t.acting_session_id = session.acting_session_id AND t.used_at IS NULL
    RETURNING t.* INTO held;
    PERFORM door_private.log(
        session, 'difference', inquiry_id => held.inquiry_id,
        detail => left(coalesce(report_difference.outcome, '?') || ' ' || coalesce(report_difference.rule, '?'), 100));
END
$function$;

-- The official's own inquiries still alive in which something was disclosed: id, time and initials. One entry.
CREATE FUNCTION door.recent_inquiries(session_secret text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    answer jsonb;
    named bigint[];
    written bigint;
BEGIN
    SELECT coalesce(jsonb_agg(jsonb_build_object(
            'inquiry_id', i.inquiry_id, 'opened_at', i.opened_at,
            'initials', left(p.given_names, 1) || left(p.family_name, 1)) ORDER BY i.opened_at DESC), '[]'),
        coalesce(array_agg(DISTINCT p.person_id), '{}')
    INTO answer, named
    FROM inquiry.inquiry i
    JOIN register.person p ON p.person_id = i.person_id
    WHERE i.acting_session_id = session.acting_session_id AND i.expires_at > now()
        AND EXISTS (SELECT FROM audit.entry e WHERE e.inquiry_id = i.inquiry_id AND e.kind = 'disclosed');
    IF named <> '{}' THEN
        written := door_private.log(session, 'use', action => 'recent_inquiries');
        INSERT INTO audit.entry_mention (entry_id, person_id) SELECT written, n FROM unnest(named) n;
    END IF;
    RETURN answer;
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.read_outcome(text, text),
    door.read_dossier(text, text),
    door.report_difference(text, text, text, text),
    door.recent_inquiries(text)
TO kelmu_web;
