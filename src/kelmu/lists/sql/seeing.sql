-- Who sees which list: the one place where it is decided.

-- What a session may see of a kind. `purpose` NULL: nothing. A representation mandate opens lists as one of its own
-- does. Municipalities are those that the organisation acted for serves.
CREATE TYPE door_private.list_sight AS (
    purpose text,
    municipalities text[],
    protected_right boolean,
    today date
);

CREATE FUNCTION door_private.list_sight(session identity.acting_session, kind text) RETURNS door_private.list_sight
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    seen door_private.list_sight;
BEGIN
    seen.today := door_private.today();
    SELECT f.purpose INTO seen.purpose
    FROM organisations.agreement a
    JOIN policy.feature f ON f.organisation_type = a.organisation_type
    WHERE a.agreement_id = session.agreement_id AND door_private.in_force(a, session.channel)
        AND f.feature = 'lists' AND f.list_kind = list_sight.kind
        AND f.mandate = ANY (session.mandates || session.representation_mandates);
    seen.municipalities := door_private.served_municipalities(session.organisation_id, seen.today);
    seen.protected_right := EXISTS (
        SELECT FROM organisations.official_right r
        JOIN organisations.agreement a USING (agreement_id)
        WHERE a.agreement_id = session.agreement_id AND a.protected_persons
            AND r.official_pseudonym = session.official_pseudonym AND r.official_right = 'protected_persons'
            AND r.valid_from <= seen.today AND (r.valid_to IS NULL OR r.valid_to >= seen.today));
    RETURN seen;
END
$function$;

-- The sight of a session, or NULL with an entry where it may not see lists of the kind, or not the restricted one.
CREATE FUNCTION door_private.list_sight_or_refusal(session identity.acting_session, kind text, restricted boolean)
RETURNS door_private.list_sight
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    seen door_private.list_sight := door_private.list_sight(session, kind);
    wrong text := CASE
        WHEN seen.purpose IS NULL THEN 'missing_mandate'
        WHEN restricted AND NOT seen.protected_right THEN 'no_right'
    END;
BEGIN
    IF wrong IS NOT NULL THEN
        PERFORM door_private.log(
            session, 'refused', action => 'lists', outcome => 'refused', rule => wrong, cause => wrong,
            detail => left(kind, 60));
        RETURN NULL;
    END IF;
    -- Protection fails closed: while orders cannot be read, nobody sees any list.
    IF NOT EXISTS (SELECT FROM register.source s WHERE s.source = 'non_disclosure' AND s.available) THEN
        RAISE EXCEPTION 'orders of non-disclosure cannot be read' USING ERRCODE = 'KL031';
    END IF;
    RETURN seen;
END
$function$;

-- The latest runs of a kind and period that somebody with that sight may see, of one municipality or of all.
CREATE FUNCTION door_private.seen_runs(
    sight door_private.list_sight, kind text, first_day date, municipality text
) RETURNS SETOF lists.run
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT r.* FROM (SELECT DISTINCT c FROM unnest(sight.municipalities) c) served (code)
    CROSS JOIN LATERAL (
        SELECT l.* FROM lists.run l
        WHERE l.kind = seen_runs.kind AND l.municipality_code = served.code AND l.first_day = seen_runs.first_day
            AND l.published_on <= sight.today
        ORDER BY l.version DESC LIMIT 1) r
    WHERE seen_runs.municipality IS NULL OR served.code = seen_runs.municipality
    ORDER BY r.municipality_code;
END
$function$;

-- The periods of a kind that there are lists of, the latest first, 60 at most, with the municipalities: [{first_day,
-- last_day, published_on, made_at, municipalities}]. No entry: it tells of nobody. NULL: no right to the kind.
CREATE FUNCTION door.list_periods(session_secret text, kind text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    sight door_private.list_sight := door_private.list_sight_or_refusal(
        door_private.session(session_secret), kind, false);
BEGIN
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'first_day', p.first_day, 'last_day', p.last_day, 'published_on', p.published_on, 'made_at', p.made_at,
            'municipalities', p.municipalities) ORDER BY p.first_day DESC), '[]')
        FROM (
            SELECT r.first_day, r.last_day, r.published_on, max(r.made_at) AS made_at,
                jsonb_agg(DISTINCT r.municipality_code) AS municipalities
            FROM lists.run r
            WHERE r.kind = list_periods.kind AND r.municipality_code = ANY (sight.municipalities)
                AND r.published_on <= sight.today
            GROUP BY r.first_day, r.last_day, r.published_on
            ORDER BY r.first_day DESC LIMIT 60) p);
END
$function$;

GRANT EXECUTE ON FUNCTION door.list_periods(text, text) TO kelmu_web;
