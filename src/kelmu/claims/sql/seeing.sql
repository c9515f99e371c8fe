-- Who sees which claim: the one place where it is decided. An organisation sees its own claims; an official neither her
-- own nor her family's, and those about a protected client only with that right.

-- The sight of a session (see notices/sql/seeing.sql) for claims, or NULL with an entry where it may see none at all.
CREATE FUNCTION door_private.claim_sight(session identity.acting_session) RETURNS door_private.sight
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    seen door_private.sight := door_private.sight(session);
BEGIN
    seen.purpose := door_private.feature_purpose(session, 'claims');
    IF seen.purpose IS NULL THEN
        PERFORM door_private.log(
            session, 'refused', action => 'claims', outcome => 'refused', rule => 'missing_mandate',
            cause => 'missing_mandate');
        RETURN NULL;
    END IF;
    IF NOT seen.source_known THEN
        RAISE EXCEPTION 'orders of non-disclosure cannot be read' USING ERRCODE = 'KL031';
    END IF;
    RETURN seen;
END
$function$;

-- Whether somebody with that sight may have to do with a client's claims. `restricted`: the client is protected, or
-- nobody knows.
CREATE FUNCTION door_private.may_claim(sight door_private.sight, person_id bigint, restricted boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN sight.purpose IS NOT NULL AND sight.source_known AND may_claim.person_id IS NOT NULL
        AND may_claim.person_id <> ALL (sight.kin) AND (sight.protected_right OR NOT may_claim.restricted);
END
$function$;

-- One claim as a session sees it, NULL: not there for it, and there is an entry. `locked` holds it until the transaction
-- ends. All of it is looked up whatever is found: what one may not see costs what is not there.
CREATE FUNCTION door_private.find_claim(
    session identity.acting_session, sight door_private.sight, claim_id uuid, locked boolean
) RETURNS claims.claim
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    held claims.claim;
    restricted boolean;
BEGIN
    IF locked THEN
        SELECT c.* INTO held FROM claims.claim c WHERE c.claim_id = find_claim.claim_id FOR UPDATE;
    ELSE
        SELECT c.* INTO held FROM claims.claim c WHERE c.claim_id = find_claim.claim_id;
    END IF;
    restricted := door_private.is_restricted(held.person_id, sight.today);
    IF held.claim_id IS NULL OR held.organisation_id <> session.organisation_id OR held.state = 'discarded'
        OR NOT door_private.may_claim(sight, held.person_id, restricted) THEN
        PERFORM door_private.log(session, 'not_there', detail => 'claim');
        RETURN NULL;
    END IF;
    RETURN held;
END
$function$;

-- One claim as a row: no client.
CREATE FUNCTION door_private.claim_row(session identity.acting_session, held claims.claim) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN jsonb_build_object(
        'claim_id', held.claim_id, 'state', held.state, 'version', held.version,
        'receipt_number', held.receipt_number, 'benefit', held.benefit_code, 'ground', held.ground,
        'period_from', held.period_from, 'period_to', held.period_to, 'amount', held.amount::text,
        'made_at', held.made_at, 'changed_at', held.changed_at, 'submitted_at', held.submitted_at,
        'ended_on', held.ended_on,
        'may_approve', held.state = 'to_approve'
            AND session.official_pseudonym NOT IN (held.made_by, held.submitted_by));
END
$function$;

-- The organisation's claims that a session may see, of a folder: draft (drafts, and those that wait for approval), sent
-- (nothing has been decided), answered, ended.
CREATE FUNCTION door_private.claims_seen(session identity.acting_session, sight door_private.sight)
RETURNS TABLE (held claims.claim, folder text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT c, CASE
        WHEN c.state IN ('draft', 'to_approve') THEN 'draft'
        WHEN c.state IN ('submitted', 'received', 'more_information') THEN 'sent'
        WHEN c.state IN ('accepted', 'partly_accepted', 'refused', 'in_payment') THEN 'answered'
        ELSE 'ended' END
    FROM claims.claim c
    CROSS JOIN LATERAL (SELECT door_private.is_restricted(c.person_id, sight.today) AS restricted OFFSET 0) r
    WHERE c.organisation_id = session.organisation_id AND c.state <> 'discarded'
        AND door_private.may_claim(sight, c.person_id, r.restricted);
END
$function$;

-- A page of the organisation's claims, the latest changed first: {rows, total, counts by folder}. No names: they come
-- through door.open_claims, which leaves an entry. NULL: no right to claims.
CREATE FUNCTION door.claim_rows(session_secret text, folder text, skip integer, rows integer) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.claim_sight(session);
BEGIN
    IF folder IS NULL OR folder NOT IN ('draft', 'sent', 'answered', 'ended') OR skip IS NULL OR skip < 0 OR rows IS NULL
        OR rows NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'a page of another form' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (
        WITH seen AS MATERIALIZED (SELECT s.* FROM door_private.claims_seen(session, sight) s),
        page AS (
            SELECT s.held FROM seen s WHERE s.folder = claim_rows.folder
            ORDER BY (s.held).changed_at DESC, (s.held).claim_id
            OFFSET skip LIMIT rows)
        SELECT jsonb_build_object(
            'rows', (
                SELECT coalesce(jsonb_agg(door_private.claim_row(session, p.held)
                    ORDER BY (p.held).changed_at DESC, (p.held).claim_id), '[]') FROM page p),
            'total', (SELECT count(*) FROM seen s WHERE s.folder = claim_rows.folder),
            'counts', (
                SELECT jsonb_object_agg(f, (SELECT count(*) FROM seen s WHERE s.folder = f))
                FROM unnest(ARRAY['draft', 'sent', 'answered', 'ended']) f)));
END
$function$;

-- The accounts a claim can be paid to today: [{account_id, name, iban}]. NULL: no right to claims.
CREATE FUNCTION door.claim_accounts(session_secret text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.claim_sight(session);
BEGIN
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object('account_id', a.account_id, 'name', a.name, 'iban', a.iban)
            ORDER BY a.name, a.account_id), '[]')
        FROM claims.account a
        WHERE a.organisation_id = session.organisation_id AND a.valid_from <= sight.today
            AND (a.valid_to IS NULL OR a.valid_to >= sight.today));
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.claim_rows(text, text, integer, integer),
    door.claim_accounts(text)
TO kelmu_web;
