-- Doors of the acting session, and the entries that need no client.
-- Every function: owned by kelmu_door, definer's rights, fixed search_path, no dynamic SQL, no values in errors.
--
-- Error codes (mapped to pages in kelmu.core.errors):
--   KL001 no agreement in force    KL002 no acting session    KL003 mandates not read in time
--   KL010 a text is too long or too short    KL011 not asked at read committed    KL012 not shaped as an identity code
--   KL013 nowhere to send a notice to    KL014 a run is under way    KL031 a source cannot be read
--   KL020 the entry is not committed    KL021 the ticket allows no disclosure    KL030 the entry is not durable
--   KL090 the log is append-only

-- A look makes some sixty calls and statements: plain expressions are assigned, not selected, and what several
-- statements need is asked once.

CREATE FUNCTION door_private.today() RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    -- Days and deadlines are Finnish days.
    RETURN (now() AT TIME ZONE 'Europe/Helsinki')::date;
END
$function$;

-- 256 bits: three random UUIDs (366 random bits) through SHA-256. Only the secret's own SHA-256 is ever stored.
CREATE FUNCTION door_private.new_secret() RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN encode(sha256(
        uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
END
$function$;

-- The person an identity code stands for now or stood for before; one row whatever was typed. `former_until` is the
-- last day of a former code: with the person's number it says which of her codes was typed.
CREATE FUNCTION door_private.find_person(
    personal_id text, OUT person_id bigint, OUT former_code boolean, OUT former_until date
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    SELECT coalesce(p.person_id, f.person_id), p.person_id IS NULL AND f.person_id IS NOT NULL,
        CASE WHEN p.person_id IS NULL THEN f.valid_to END
    INTO find_person.person_id, find_person.former_code, find_person.former_until
    FROM (VALUES (find_person.personal_id)) AS typed (code)
    LEFT JOIN register.person p ON p.personal_id = typed.code
    LEFT JOIN register.former_personal_id f ON f.personal_id = typed.code;
END
$function$;

-- Writes one entry with everything the acting session says. Returns the entry's number.
CREATE FUNCTION door_private.log(
    session identity.acting_session, kind text, action text DEFAULT NULL, purpose text DEFAULT NULL,
    case_reference text DEFAULT NULL, told_client boolean DEFAULT NULL, reason text DEFAULT NULL,
    inquiry_id uuid DEFAULT NULL, subject_person_id bigint DEFAULT NULL, outcome text DEFAULT NULL,
    rule text DEFAULT NULL, cause text DEFAULT NULL, facts jsonb DEFAULT NULL, scope jsonb DEFAULT NULL,
    former_code boolean DEFAULT NULL, former_until date DEFAULT NULL, data_groups text[] DEFAULT '{}',
    fields text[] DEFAULT '{}',
    document_digest bytea DEFAULT NULL, for_review boolean DEFAULT false, detail text DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    new_entry bigint;
BEGIN
    INSERT INTO audit.entry (
        kind, acting_session_id, official_pseudonym, official_person_id, organisation_id, business_id,
        organisation_type, agreement_id, mandates, mandate_request_id, mandate_digest, channel, action, purpose,
        case_reference, told_client, reason, vouched, inquiry_id, subject_person_id, outcome, rule, cause, facts,
        scope, former_code, former_until, data_groups, fields, document_digest, policy_digest, for_review, detail)
    SELECT
        log.kind, session.acting_session_id, session.official_pseudonym, session.official_person_id,
        session.organisation_id, o.business_id, a.organisation_type, session.agreement_id,
        session.mandates || session.representation_mandates, session.mandate_request_id, session.mandate_digest,
        session.channel, log.action, log.purpose, log.case_reference, log.told_client, log.reason,
        session.channel = 'api', log.inquiry_id, log.subject_person_id, log.outcome, log.rule, log.cause, log.facts,
        log.scope, log.former_code, log.former_until, log.data_groups, log.fields, log.document_digest,
        (SELECT v.digest FROM policy.version v WHERE v.is_current), log.for_review, log.detail
    FROM organisations.organisation o, organisations.agreement a
    WHERE o.organisation_id = session.organisation_id AND a.agreement_id = session.agreement_id
    RETURNING entry_id INTO STRICT new_entry;
    RETURN new_entry;
END
$function$;

-- The session a secret stands for. Unknown, ended, expired or, unless `late_too`, not refreshed in time: refusal.
CREATE FUNCTION door_private.session(secret text, late_too boolean DEFAULT false) RETURNS identity.acting_session
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    found_session identity.acting_session;
BEGIN
    SELECT s.* INTO found_session FROM identity.acting_session s
    WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8')) AND s.ended_at IS NULL AND s.expires_at > now();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no acting session' USING ERRCODE = 'KL002';
    END IF;
    IF NOT late_too AND found_session.refreshed_at <= now() - interval '5 minutes' THEN
        RAISE EXCEPTION 'mandates not read in time' USING ERRCODE = 'KL003';
    END IF;
    RETURN found_session;
END
$function$;

CREATE FUNCTION door_private.in_force(agreed organisations.agreement, channel text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    today date := door_private.today();
BEGIN
    RETURN channel = ANY (agreed.channels) AND agreed.valid_from <= today
        AND (agreed.valid_to IS NULL OR agreed.valid_to >= today);
END
$function$;

-- Begins to act. Takes the official's identity code once, keeps only her person's number (or nothing).
CREATE FUNCTION door.begin_acting(
    personal_id text, official_pseudonym text, organisation_id bigint, agreement_id bigint, mandates text[],
    representation_mandates text[], mandate_request_id uuid, mandate_digest bytea, channel text
) RETURNS TABLE (session_id uuid, secret text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    new_session identity.acting_session;
    official record := door_private.find_person(personal_id);
BEGIN
    IF length(official_pseudonym) <> 64 OR official_pseudonym !~ '^[0-9a-f]+$' OR length(mandate_digest) <> 32
        OR mandate_request_id IS NULL
        OR num_nulls(official_pseudonym, mandate_digest, mandates, representation_mandates, channel) > 0 THEN
        RAISE EXCEPTION 'an acting session needs pseudonym, mandates and digest' USING ERRCODE = 'KL010';
    END IF;
    IF NOT EXISTS (
        SELECT FROM organisations.agreement a
        WHERE a.agreement_id = begin_acting.agreement_id AND a.organisation_id = begin_acting.organisation_id
            AND door_private.in_force(a, begin_acting.channel)
    ) THEN
        RAISE EXCEPTION 'no agreement in force' USING ERRCODE = 'KL001';
    END IF;
    secret := door_private.new_secret();
    INSERT INTO identity.acting_session (
        acting_session_id, secret_hash, official_pseudonym, official_person_id, organisation_id, agreement_id,
        mandates, representation_mandates, mandate_request_id, mandate_digest, channel, expires_at)
    VALUES (
        gen_random_uuid(), sha256(convert_to(secret, 'UTF8')), begin_acting.official_pseudonym, official.person_id,
        begin_acting.organisation_id, begin_acting.agreement_id, begin_acting.mandates,
        begin_acting.representation_mandates, begin_acting.mandate_request_id, begin_acting.mandate_digest,
        begin_acting.channel, now() + interval '10 hours')
    RETURNING * INTO new_session;
    PERFORM door_private.log(new_session, 'acting_begun');
    session_id := new_session.acting_session_id;
    RETURN NEXT;
END
$function$;

-- Mandates read again. Returns false if the session is over.
CREATE FUNCTION door.refresh_acting(
    secret text, mandates text[], representation_mandates text[], mandate_request_id uuid, mandate_digest bytea
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    changed identity.acting_session;
BEGIN
    IF length(mandate_digest) <> 32
        OR num_nulls(mandates, representation_mandates, mandate_request_id, mandate_digest) > 0 THEN
        RAISE EXCEPTION 'a refresh needs mandates and digest' USING ERRCODE = 'KL010';
    END IF;
    UPDATE identity.acting_session s
    SET mandates = refresh_acting.mandates, representation_mandates = refresh_acting.representation_mandates,
        mandate_request_id = refresh_acting.mandate_request_id, mandate_digest = refresh_acting.mandate_digest,
        refreshed_at = now()
    WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8')) AND s.ended_at IS NULL AND s.expires_at > now()
    RETURNING s.* INTO changed;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM door_private.log(changed, 'acting_refreshed');
    RETURN true;
END
$function$;

-- Ends the session; its inquiries and tickets die with it. Returns false if it was over already.
CREATE FUNCTION door.end_acting(secret text, end_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    ended identity.acting_session;
BEGIN
    IF end_reason IS NULL OR end_reason NOT IN ('signed_out', 'changed_organisation', 'expired', 'mandates_gone') THEN
        RAISE EXCEPTION 'unknown end reason' USING ERRCODE = 'KL010';
    END IF;
    UPDATE identity.acting_session s SET ended_at = now(), end_reason = end_acting.end_reason
    WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8')) AND s.ended_at IS NULL
    RETURNING s.* INTO ended;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM door_private.log(ended, 'acting_ended', detail => end_acting.end_reason);
    RETURN true;
END
$function$;

-- An organisation and its agreement, as every door tells them.
CREATE FUNCTION door_private.agreement_facts(o organisations.organisation, a organisations.agreement) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN jsonb_build_object(
        'organisation', jsonb_build_object(
            'organisation_id', o.organisation_id, 'business_id', o.business_id,
            'name_fi', o.name_fi, 'name_sv', o.name_sv, 'name_en', o.name_en),
        'agreement', jsonb_build_object(
            'agreement_id', a.agreement_id, 'organisation_type', a.organisation_type,
            'channels', a.channels, 'data_groups', a.data_groups, 'valid_from', a.valid_from,
            'valid_to', a.valid_to, 'legal_basis', a.legal_basis, 'contact_email', a.contact_email));
END
$function$;

-- What a session rests on, as it stands now: nothing about any person.
CREATE FUNCTION door_private.acting_facts(session identity.acting_session) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    today date := door_private.today();
    facts jsonb;
BEGIN
    SELECT door_private.agreement_facts(o, a) || jsonb_build_object(
        'session_id', session.acting_session_id,
        'mandates', session.mandates,
        'representation_mandates', session.representation_mandates,
        'channel', session.channel,
        'refreshed_at', session.refreshed_at,
        'expires_at', session.expires_at,
        'stale', session.refreshed_at <= now() - interval '5 minutes',
        'policy_digest', (SELECT v.digest FROM policy.version v WHERE v.is_current),
        'today', today)
    INTO STRICT facts
    FROM organisations.organisation o, organisations.agreement a
    WHERE o.organisation_id = session.organisation_id AND a.agreement_id = session.agreement_id;
    RETURN facts;
END
$function$;

-- What the session of a secret rests on. NULL if it is over.
CREATE FUNCTION door.acting(secret text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    found_session identity.acting_session;
BEGIN
    SELECT s.* INTO found_session FROM identity.acting_session s
    WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8')) AND s.ended_at IS NULL AND s.expires_at > now();
    RETURN CASE WHEN FOUND THEN door_private.acting_facts(found_session) END;
END
$function$;

-- A refusal decided before any client: missing mandate, agreement or purpose.
CREATE FUNCTION door.log_refusal(secret text, action text, purpose text, cause text, missing_mandates text[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF cause IS NULL OR length(cause) > 60 OR length(action) > 60 OR length(purpose) > 60
        OR cardinality(missing_mandates) > 20 THEN
        RAISE EXCEPTION 'a text is too long' USING ERRCODE = 'KL010';
    END IF;
    PERFORM door_private.log(
        door_private.session(secret), 'refused', action => log_refusal.action, purpose => log_refusal.purpose,
        outcome => 'refused', rule => log_refusal.cause, cause => log_refusal.cause,
        detail => left(array_to_string(missing_mandates, ' '), 500));
END
$function$;

-- A refusal before any acting session: no organisation, no agreement, mandates not readable.
CREATE FUNCTION door.log_access_refusal(
    official_pseudonym text, business_id text, cause text, mandate_request_id uuid
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF cause IS NULL OR length(cause) > 60 OR length(business_id) > 20 OR length(official_pseudonym) > 64 THEN
        RAISE EXCEPTION 'a text is too long' USING ERRCODE = 'KL010';
    END IF;
    INSERT INTO audit.entry (kind, official_pseudonym, business_id, outcome, rule, cause, mandate_request_id)
    VALUES ('access_refused', log_access_refusal.official_pseudonym, log_access_refusal.business_id, 'refused',
        log_access_refusal.cause, log_access_refusal.cause, log_access_refusal.mandate_request_id);
END
$function$;

CREATE FUNCTION door.log_sign_in(official_pseudonym text, event text, detail text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF event IS NULL OR event NOT IN ('signed_in', 'signed_out', 'sign_in_failed') OR length(detail) > 100
        OR length(official_pseudonym) > 64 THEN
        RAISE EXCEPTION 'unknown sign-in event' USING ERRCODE = 'KL010';
    END IF;
    INSERT INTO audit.entry (kind, official_pseudonym, detail)
    VALUES (event, log_sign_in.official_pseudonym, log_sign_in.detail);
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.begin_acting(text, text, bigint, bigint, text[], text[], uuid, bytea, text),
    door.refresh_acting(text, text[], text[], uuid, bytea),
    door.end_acting(text, text),
    door.acting(text),
    door.log_refusal(text, text, text, text, text[]),
    door.log_access_refusal(text, text, text, uuid),
    door.log_sign_in(text, text, text)
TO kelmu_web;
