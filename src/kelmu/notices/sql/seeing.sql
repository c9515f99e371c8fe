-- Who sees which notice: the one place where it is decided. Every door of notices asks here.

-- What a session may see of notices. `purpose` NULL: nothing. `kin` are the official and her family, whose notices
-- she does not see, though her colleagues do. Municipalities are all codes, past ones too, that the organisation serves.
CREATE TYPE door_private.sight AS (
    purpose text,
    municipalities text[],
    kin bigint[],
    protected_right boolean,
    source_known boolean,
    today date
);

-- The purpose a feature is logged with, if the session's agreement and mandates open it now; otherwise NULL.
CREATE FUNCTION door_private.feature_purpose(session identity.acting_session, feature text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT f.purpose
        FROM organisations.agreement a
        JOIN policy.feature f ON f.organisation_type = a.organisation_type
        WHERE a.agreement_id = session.agreement_id AND door_private.in_force(a, session.channel)
            AND f.feature = feature_purpose.feature AND f.list_kind IS NULL AND f.mandate = ANY (session.mandates));
END
$function$;

-- All codes of the municipalities an organisation serves on a day, those merged into them too.
CREATE FUNCTION door_private.served_municipalities(organisation_id bigint, today date) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT m.code), '{}')
        FROM organisations.area a
        LEFT JOIN organisations.municipality served ON served.code = a.municipality_code
        JOIN organisations.municipality present
            ON present.code = served.present_code OR present.county_code = a.county_code
        JOIN organisations.municipality m ON m.present_code = present.code
        WHERE a.organisation_id = served_municipalities.organisation_id AND present.present_code = present.code
            AND a.valid_from <= today AND (a.valid_to IS NULL OR a.valid_to >= today));
END
$function$;

CREATE FUNCTION door_private.sight(session identity.acting_session) RETURNS door_private.sight
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    seen door_private.sight;
BEGIN
    seen.today := door_private.today();
    seen.purpose := door_private.feature_purpose(session, 'notices');
    seen.municipalities := door_private.served_municipalities(session.organisation_id, seen.today);
    seen.kin := ARRAY(
        SELECT session.official_person_id WHERE session.official_person_id IS NOT NULL
        UNION
        SELECT l.relative_id FROM register.family_link l
        WHERE l.person_id = session.official_person_id AND l.superseded_at IS NULL);
    seen.protected_right := EXISTS (
        SELECT FROM organisations.official_right r
        JOIN organisations.agreement a USING (agreement_id)
        WHERE a.agreement_id = session.agreement_id AND a.protected_persons
            AND r.official_pseudonym = session.official_pseudonym AND r.official_right = 'protected_persons'
            AND r.valid_from <= seen.today AND (r.valid_to IS NULL OR r.valid_to >= seen.today));
    -- Protection fails closed: while orders cannot be read, nobody sees any notice.
    seen.source_known := EXISTS (
        SELECT FROM register.source s WHERE s.source = 'non_disclosure' AND s.available);
    RETURN seen;
END
$function$;

-- Whether an organisation of a type that gets notices has an open one about a person: one that anybody there may see
-- by now; restricted ones only for who has that right. The same look-ups run whoever the person is: of the
-- municipalities where she has open notices three count, and places that are nowhere fill up what is missing.
CREATE FUNCTION door_private.has_open_notice(
    organisation_id bigint, organisation_type text, person_id bigint, protected_right boolean, today date
) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    places text[] := ARRAY(
        SELECT DISTINCT n.municipality_code
        FROM notices.notice n
        WHERE n.person_id = has_open_notice.person_id AND n.state <> 'handled' AND n.visible_from <= now()
            AND (has_open_notice.protected_right OR NOT n.restricted)
        LIMIT 3);
    gets_notices boolean := EXISTS (
        SELECT FROM policy.feature f
        WHERE f.organisation_type = has_open_notice.organisation_type AND f.feature = 'notices');
    served boolean;
BEGIN
    SELECT coalesce(bool_or(
        serves.present_code = addressed.present_code OR a.county_code = addressed.county_code), false)
    INTO served
    FROM organisations.area a
    CROSS JOIN unnest((places || ARRAY['---', '---', '---'])[1:3]) AS place (code)
    LEFT JOIN organisations.municipality addressed ON addressed.code = place.code
    LEFT JOIN organisations.municipality serves ON serves.code = a.municipality_code
    WHERE a.organisation_id = has_open_notice.organisation_id
        AND a.valid_from <= today AND (a.valid_to IS NULL OR a.valid_to >= today);
    RETURN gets_notices AND served;
END
$function$;

-- The sight of a session, or NULL with an entry where it may see no notices at all.
CREATE FUNCTION door_private.sight_or_refusal(session identity.acting_session) RETURNS door_private.sight
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    seen door_private.sight := door_private.sight(session);
BEGIN
    IF seen.purpose IS NULL THEN
        PERFORM door_private.log(
            session, 'refused', action => 'notices', outcome => 'refused', rule => 'missing_mandate',
            cause => 'missing_mandate');
        RETURN NULL;
    END IF;
    IF NOT seen.source_known THEN
        RAISE EXCEPTION 'orders of non-disclosure cannot be read' USING ERRCODE = 'KL031';
    END IF;
    RETURN seen;
END
$function$;

-- Whether a notice counts as restricted now: it was when it was sent, or its client is protected today, which is looked
-- up either way.
CREATE FUNCTION door_private.restricted_now(held notices.notice, person_id bigint, today date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    shielded boolean := door_private.is_restricted(restricted_now.person_id, today);
BEGIN
    RETURN held.restricted OR shielded;
END
$function$;

-- Whether somebody with that sight may see a notice about a person, wherever it is addressed to. `restricted`: what
-- door_private.restricted_now says of it.
CREATE FUNCTION door_private.may_see(
    sight door_private.sight, held notices.notice, person_id bigint, restricted boolean
) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN sight.purpose IS NOT NULL AND sight.source_known AND held.visible_from <= now()
        AND may_see.person_id <> ALL (sight.kin) AND (sight.protected_right OR NOT may_see.restricted);
END
$function$;

-- The version with which an organisation sent a notice away in the last 30 days; NULL: it did not.
CREATE FUNCTION door_private.sent_away(notice_id uuid, organisation_id bigint) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT max(t.version)
        FROM notices.transfer t
        WHERE t.notice_id = sent_away.notice_id AND t.organisation_id = sent_away.organisation_id
            AND t.undone_at IS NULL AND t.moved_at > now() - interval '30 days');
END
$function$;

-- Where a notice went, when and as its how manieth move, as an organisation knows it that sent it away with version
-- `up_to`: a move further on is not its own.
CREATE FUNCTION door_private.as_sent_away(held notices.notice, up_to integer) RETURNS notices.notice
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    known notices.notice := held;
BEGIN
    SELECT t.to_municipality, t.moved_at, (
        SELECT count(*) FROM notices.transfer earlier
        WHERE earlier.notice_id = held.notice_id AND earlier.version <= up_to AND earlier.undone_at IS NULL)
    INTO STRICT known.municipality_code, known.arrived_at, known.moves
    FROM notices.transfer t
    WHERE t.notice_id = held.notice_id AND t.version = up_to;
    RETURN known;
END
$function$;

-- One notice as a session sees it. `held` NULL: not there for it, and there is an entry. `up_to`: it was sent away, and
-- is seen as it was at that version, read-only; NULL: it is in the inbox. `locked` holds it until the transaction ends.
CREATE FUNCTION door_private.find_notice(
    session identity.acting_session, sight door_private.sight, notice_id uuid, locked boolean,
    OUT held notices.notice, OUT person_id bigint, OUT restricted boolean, OUT up_to integer
)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF locked THEN
        SELECT n.* INTO held FROM notices.notice n WHERE n.notice_id = find_notice.notice_id FOR UPDATE;
    ELSE
        SELECT n.* INTO held FROM notices.notice n WHERE n.notice_id = find_notice.notice_id;
    END IF;
    SELECT c.person_id INTO find_notice.person_id
    FROM notices.notice_content c WHERE c.notice_id = find_notice.notice_id;
    -- All of it is looked up whatever is found: what one may not see costs what is not there.
    up_to := door_private.sent_away(find_notice.notice_id, session.organisation_id);
    restricted := door_private.restricted_now(held, find_notice.person_id, sight.today);
    IF held.municipality_code = ANY (sight.municipalities) THEN
        up_to := NULL;
    ELSIF up_to IS NULL THEN
        held := NULL;
    END IF;
    IF held.notice_id IS NULL OR NOT door_private.may_see(sight, held, find_notice.person_id, restricted) THEN
        PERFORM door_private.log(session, 'not_there', detail => 'notice');
        held := NULL;
        person_id := NULL;
        restricted := NULL;
        up_to := NULL;
    ELSIF up_to IS NOT NULL THEN
        held := door_private.as_sent_away(held, up_to);
    END IF;
END
$function$;
