-- Doors that open claims and read them: an entry first, then, once it is committed, what they say.

-- The claims among some that a session sees now. The same is looked up for each, there or not.
CREATE FUNCTION door_private.claims_among(
    session identity.acting_session, sight door_private.sight, claim_ids uuid[]
) RETURNS SETOF claims.claim
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT (r.held).*
    FROM (
        SELECT c AS held, door_private.is_restricted(c.person_id, sight.today) AS restricted
        FROM (SELECT DISTINCT i AS asked FROM unnest(claim_ids) i) a
        LEFT JOIN claims.claim c ON c.claim_id = a.asked
        OFFSET 0) r
    WHERE (r.held).claim_id IS NOT NULL AND (r.held).organisation_id = session.organisation_id
        AND (r.held).state <> 'discarded' AND door_private.may_claim(sight, (r.held).person_id, r.restricted);
END
$function$;

-- Opens the names of a page of claims, 200 at most (`action` page), or one claim (open): one entry that names all their
-- clients, and a ticket. NULL: no right to claims, or the one claim is not there.
CREATE FUNCTION door.open_claims(session_secret text, claim_ids uuid[], action text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.claim_sight(session);
    held claims.claim;
    entry bigint;
    seen uuid[];
    named bigint[];
BEGIN
    IF claim_ids IS NULL OR action IS NULL OR action NOT IN ('page', 'open')
        OR cardinality(claim_ids) NOT BETWEEN 1 AND (CASE action WHEN 'page' THEN 200 ELSE 1 END) THEN
        RAISE EXCEPTION 'a page of another form' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    IF action = 'open' THEN
        held := door_private.find_claim(session, sight, claim_ids[1], false);
        IF held.claim_id IS NULL THEN
            RETURN NULL;
        END IF;
        RETURN door_private.new_ticket(session, door_private.log(
            session, 'claim', action => 'open', purpose => sight.purpose, subject_person_id => held.person_id,
            scope => to_jsonb(claim_ids)));
    END IF;
    SELECT coalesce(array_agg(s.claim_id), '{}'), coalesce(array_agg(DISTINCT s.person_id), '{}') INTO seen, named
    FROM door_private.claims_among(session, sight, claim_ids) s;
    entry := door_private.log(session, 'claim', action => 'page', purpose => sight.purpose, scope => to_jsonb(seen));
    INSERT INTO audit.entry_mention (entry_id, person_id) SELECT entry, n FROM unnest(named) n;
    RETURN door_private.new_ticket(session, entry);
END
$function$;

-- What happened to a claim, the earliest first.
CREATE FUNCTION door_private.claim_history(session identity.acting_session, claim_id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'version', e.version, 'at', e.at, 'what', e.what, 'state', e.state, 'note', e.note,
            'you', e.by_official = session.official_pseudonym,
            'by_name', door_private.official_name(e.by_official, session.organisation_id)) ORDER BY e.version), '[]')
        FROM claims.event e
        WHERE e.claim_id = claim_history.claim_id);
END
$function$;

-- The organisation's other claims of the same client that still count: what an overlap is looked for in.
CREATE FUNCTION door_private.other_claims(session identity.acting_session, held claims.claim) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'claim_id', c.claim_id, 'receipt_number', c.receipt_number, 'state', c.state, 'benefit', c.benefit_code,
            'ground', c.ground, 'period_from', c.period_from,
            'period_to', coalesce(least(c.period_to, c.ended_on), c.ended_on),
            'submitted_at', c.submitted_at) ORDER BY c.submitted_at), '[]')
        FROM claims.claim c
        WHERE c.person_id = held.person_id AND c.organisation_id = session.organisation_id
            AND c.claim_id <> held.claim_id AND c.receipt_number IS NOT NULL AND c.state NOT IN ('refused', 'withdrawn'));
END
$function$;

-- The whole of one claim.
CREATE FUNCTION door_private.claim_document(session identity.acting_session, held claims.claim) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN door_private.claim_row(session, held) || jsonb_build_object(
        'client', door_private.notice_client(held.person_id),
        'typed', (SELECT t.typed FROM claims.typed t WHERE t.claim_id = held.claim_id),
        'basis_from', held.basis_from, 'basis_to', held.basis_to, 'paid_on', held.paid_on,
        'account', (
            SELECT jsonb_build_object('name', a.name, 'iban', a.iban) FROM claims.account a
            WHERE a.account_id = held.account_id),
        'reference', held.reference, 'handler_name', held.handler_name, 'handler_phone', held.handler_phone,
        'message', held.message, 'cautions', held.cautions, 'needs_approval', held.needs_approval,
        'history', door_private.claim_history(session, held.claim_id),
        'others', door_private.other_claims(session, held));
END
$function$;

-- What a ticket opened: of a page [{claim_id, family_name, given_names, birth_date}] of those still seen, else the whole
-- claim. NULL: not there.
CREATE FUNCTION door.read_claims(session_secret text, ticket text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written_to pg_lsn := pg_current_wal_insert_lsn();
    session identity.acting_session := door_private.session(session_secret);
    held_ticket inquiry.ticket := door_private.own_ticket(session, ticket);
    seen audit.entry;
    sight door_private.sight := door_private.claim_sight(session);
    held claims.claim;
    document jsonb;
    named bigint[] := '{}';
BEGIN
    IF held_ticket.ticket_hash IS NULL OR sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    seen := door_private.durable_entry(held_ticket, written_to);
    IF seen.kind <> 'claim' THEN
        RAISE EXCEPTION 'the ticket allows no disclosure' USING ERRCODE = 'KL021';
    END IF;
    IF NOT door_private.use_ticket(session, held_ticket) THEN
        RETURN NULL;
    END IF;
    IF seen.action = 'open' THEN
        held := door_private.find_claim(session, sight, (seen.scope ->> 0)::uuid, false);
        IF held.claim_id IS NULL THEN
            RETURN NULL;
        END IF;
        document := door_private.claim_document(session, held);
        PERFORM door_private.log_disclosed(
            session, seen, ARRAY(SELECT jsonb_object_keys(document)), sha256(convert_to(document::text, 'UTF8')));
        RETURN document::text;
    END IF;
    SELECT coalesce(jsonb_agg(jsonb_build_object(
            'claim_id', s.claim_id, 'family_name', p.family_name, 'given_names', p.given_names,
            'birth_date', p.birth_date) ORDER BY s.claim_id), '[]'),
        coalesce(array_agg(DISTINCT s.person_id), '{}')
    INTO document, named
    FROM door_private.claims_among(
        session, sight, ARRAY(SELECT i::uuid FROM jsonb_array_elements_text(seen.scope) i)) s
    CROSS JOIN LATERAL (SELECT r.* FROM register.person r WHERE r.person_id = s.person_id OFFSET 0) p;
    PERFORM door_private.log_disclosed(
        session, seen, ARRAY['family_name', 'given_names', 'birth_date'],
        sha256(convert_to(document::text, 'UTF8')), named);
    RETURN document::text;
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.open_claims(text, uuid[], text),
    door.read_claims(text, text)
TO kelmu_web;
