-- Doors of the machine interface: a client's tokens, and acting for one call with a token.

-- Takes an assertion's jti for good. False if it was used before.
CREATE FUNCTION door.use_api_assertion(client_id text, jti_hash bytea, expires_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF length(jti_hash) <> 32 OR num_nulls(client_id, jti_hash, expires_at) > 0
        OR expires_at > now() + interval '10 minutes' THEN
        RAISE EXCEPTION 'an assertion needs its client, its jti and a near end' USING ERRCODE = 'KL010';
    END IF;
    -- Kept a while longer than it is valid, for the clocks' sake.
    DELETE FROM identity.api_assertion a WHERE a.expires_at < now() - interval '10 minutes';
    INSERT INTO identity.api_assertion (client_id, jti_hash, expires_at)
    VALUES (use_api_assertion.client_id, use_api_assertion.jti_hash, use_api_assertion.expires_at)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END
$function$;

-- Records a new token of a client that has proved who it is. Returns how many seconds it is good for.
CREATE FUNCTION door.issue_api_token(client_id text, token_hash bytea) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    lifetime CONSTANT interval := '10 minutes';
BEGIN
    IF length(token_hash) <> 32 OR num_nulls(client_id, token_hash) > 0 THEN
        RAISE EXCEPTION 'a token needs its client and its digest' USING ERRCODE = 'KL010';
    END IF;
    INSERT INTO audit.entry (
        kind, organisation_id, business_id, organisation_type, agreement_id, channel, action, vouched, policy_digest,
        detail)
    SELECT 'use', o.organisation_id, o.business_id, a.organisation_type, a.agreement_id, 'api', 'api_token', true,
        (SELECT v.digest FROM policy.version v WHERE v.is_current), c.client_id
    FROM organisations.api_client c
    JOIN organisations.agreement a USING (agreement_id)
    JOIN organisations.organisation o USING (organisation_id)
    WHERE c.client_id = issue_api_token.client_id AND door_private.in_force(a, 'api')
        AND c.valid_from <= door_private.today() AND (c.valid_to IS NULL OR c.valid_to >= door_private.today());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no agreement in force' USING ERRCODE = 'KL001';
    END IF;
    DELETE FROM identity.api_token t WHERE t.expires_at < now();
    INSERT INTO identity.api_token (token_hash, client_id, expires_at)
    VALUES (issue_api_token.token_hash, issue_api_token.client_id, now() + lifetime);
    RETURN extract(epoch FROM lifetime)::integer;
END
$function$;

-- The client a token stands for; a row of nulls for a token that is not living.
CREATE FUNCTION door_private.client_of_token(token text) RETURNS organisations.api_client
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    today date := door_private.today();
    client organisations.api_client;
BEGIN
    SELECT c.* INTO client FROM identity.api_token t
    JOIN organisations.api_client c USING (client_id)
    WHERE t.token_hash = sha256(convert_to(token, 'UTF8')) AND t.expires_at > now()
        AND c.valid_from <= today AND (c.valid_to IS NULL OR c.valid_to >= today);
    RETURN client;
END
$function$;

-- The client a token stands for, with its organisation and agreement as they are now. NULL: not a living token.
CREATE FUNCTION door.api_client(token text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    client organisations.api_client := door_private.client_of_token(token);
    today date := door_private.today();
    answer jsonb;
BEGIN
    SELECT door_private.agreement_facts(o, a) || jsonb_build_object(
        'client_id', client.client_id,
        'name', client.name,
        'agreement_number', a.number,
        'mandates', a.machine_mandates,
        'policy_digest', (SELECT v.digest FROM policy.version v WHERE v.is_current),
        'today', today)
    INTO answer
    FROM organisations.agreement a
    JOIN organisations.organisation o USING (organisation_id)
    WHERE a.agreement_id = client.agreement_id;
    RETURN answer;
END
$function$;

-- Acts for one call: an acting session of a minute, under the agreement of the token's client and with the
-- mandates that agreement names. The organisation vouches for its official: it names her by an id of its own
-- (`official_id`, which goes into the entry) and, for the person rules, by her identity code.
-- Its commit does not wait for the disk: the log reaches it in order, and no door shows anything before the entry of
-- its own look has, which comes later.
CREATE FUNCTION door.begin_machine_acting(
    token text, official_pseudonym text, official_id text, personal_id text,
    OUT session_id uuid, OUT secret text, OUT facts jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    client organisations.api_client := door_private.client_of_token(token);
    official record := door_private.find_person(personal_id);
    agreed organisations.agreement;
    new_session identity.acting_session;
    written bigint;
    commits text;
BEGIN
    IF length(official_pseudonym) <> 64 OR official_pseudonym !~ '^[0-9a-f]+$'
        OR length(official_id) NOT BETWEEN 1 AND 64 OR num_nulls(token, official_pseudonym, official_id) > 0 THEN
        RAISE EXCEPTION 'an official is named by pseudonym and id' USING ERRCODE = 'KL010';
    END IF;
    IF client.client_id IS NULL THEN
        RAISE EXCEPTION 'no such token' USING ERRCODE = 'KL002';
    END IF;
    SELECT a.* INTO STRICT agreed FROM organisations.agreement a WHERE a.agreement_id = client.agreement_id;
    IF NOT door_private.in_force(agreed, 'api') THEN
        RAISE EXCEPTION 'no agreement in force' USING ERRCODE = 'KL001';
    END IF;
    secret := door_private.new_secret();
    INSERT INTO identity.acting_session (
        acting_session_id, secret_hash, official_pseudonym, official_person_id, organisation_id, agreement_id,
        mandates, representation_mandates, mandate_request_id, mandate_digest, channel, expires_at)
    VALUES (
        gen_random_uuid(), sha256(convert_to(secret, 'UTF8')), begin_machine_acting.official_pseudonym,
        official.person_id,
        agreed.organisation_id, agreed.agreement_id, agreed.machine_mandates, '{}', gen_random_uuid(),
        sha256(convert_to(array_to_string(agreed.machine_mandates, ' '), 'UTF8')), 'api',
        now() + interval '1 minute')
    RETURNING * INTO new_session;
    commits := set_config('synchronous_commit', 'off', true);
    written := door_private.log(
        new_session, 'acting_begun', detail => client.client_id || ' ' || begin_machine_acting.official_id);
    session_id := new_session.acting_session_id;
    facts := door_private.acting_facts(new_session);
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.use_api_assertion(text, bytea, timestamptz),
    door.issue_api_token(text, bytea),
    door.api_client(text),
    door.begin_machine_acting(text, text, text, text)
TO kelmu_web;
