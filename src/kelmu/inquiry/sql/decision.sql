-- The door's own decision, over the agreement and profile tables: independent of the Python rules.

-- The present municipality a person lives in (a dead person: lived in last), or NULL. A merged one counts
-- as its successor. Whoever it is, the same three look-ups run.
CREATE FUNCTION door_private.municipality_of(person_id bigint, today date) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT m.present_code
        FROM (
            SELECT coalesce(bool_or(p.death_date IS NOT NULL), false) AS dead FROM register.person p
            WHERE p.person_id = municipality_of.person_id) life
        LEFT JOIN LATERAL (
            SELECT r.municipality_code FROM register.residence r
            WHERE r.person_id = municipality_of.person_id AND r.superseded_at IS NULL AND r.valid_from <= today
                AND (life.dead OR r.valid_to IS NULL OR r.valid_to >= today)
            ORDER BY r.valid_from DESC
            LIMIT 1) lived_in ON true
        JOIN organisations.municipality m ON m.code = coalesce(lived_in.municipality_code, '---'));
END
$function$;

-- Whether an organisation serves a (present) municipality. All its areas are read, whichever fits.
CREATE FUNCTION door_private.in_area(organisation_id bigint, municipality_code text, today date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT coalesce(bool_or(served.present_code = in_area.municipality_code OR a.county_code = home.county_code), false)
        FROM organisations.area a
        LEFT JOIN organisations.municipality served ON served.code = a.municipality_code
        LEFT JOIN organisations.municipality home ON home.code = in_area.municipality_code
        WHERE a.organisation_id = in_area.organisation_id
            AND a.valid_from <= today AND (a.valid_to IS NULL OR a.valid_to >= today));
END
$function$;

-- A non-disclosure order in force on a day.
CREATE FUNCTION door_private.is_protected(person_id bigint, today date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN EXISTS (
        SELECT FROM register.non_disclosure_order n
        WHERE n.person_id = is_protected.person_id AND n.superseded_at IS NULL
            AND n.valid_from <= today AND (n.valid_to IS NULL OR n.valid_to >= today));
END
$function$;

-- The person facts. An unknown code (NULL) runs the same statements, on a number nobody has; no fact is
-- skipped because of another, so that the work done tells nothing.
CREATE FUNCTION door_private.person_facts(
    session identity.acting_session, agreed organisations.agreement, kind policy.organisation_type,
    person_id bigint, reason_given boolean, many_persons boolean
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    today date := door_private.today();
    subject bigint := coalesce(person_facts.person_id, -1);
    official bigint := coalesce(session.official_person_id, -2);
    -- Never NULL, which the planner would fold into a cheaper plan.
    in_area boolean := door_private.in_area(
        session.organisation_id, coalesce(door_private.municipality_of(subject, today), '---'), today);
    shielded boolean := door_private.is_protected(subject, today);
    shielded_right boolean := EXISTS (
        SELECT FROM organisations.official_right r
        WHERE r.agreement_id = agreed.agreement_id AND agreed.protected_persons
            AND r.official_pseudonym = session.official_pseudonym AND r.official_right = 'protected_persons'
            AND r.valid_from <= today AND (r.valid_to IS NULL OR r.valid_to >= today));
    facts jsonb;
BEGIN
    SELECT jsonb_build_object(
        'found', client.person_id IS NOT NULL,
        'own_data', subject = official,
        'family', EXISTS (
            SELECT FROM register.family_link l
            WHERE l.person_id = official AND l.relative_id = subject AND l.superseded_at IS NULL),
        'outside_area', client.person_id IS NOT NULL AND NOT kind.national_area
            AND (kind.everybody_outside OR NOT in_area),
        -- An open notice of this organisation; claims and documents when those capabilities exist.
        'has_relation', door_private.has_open_notice(session.organisation_id, kind.code, subject, shielded_right, today),
        'colleague', EXISTS (
            SELECT FROM identity.acting_session other
            WHERE other.organisation_id = session.organisation_id AND other.official_person_id = subject
                AND other.started_at > now() - interval '12 months')
            AND (session.channel = 'web' OR session.official_person_id IS NOT NULL),
        'died_over_a_year_ago', coalesce(client.death_date < (today - interval '1 year')::date, false),
        'protected', shielded,
        -- A source never read counts as unreadable: protection fails closed.
        'protection_known', EXISTS (
            SELECT FROM register.source s WHERE s.source = 'non_disclosure' AND s.available)
            AND coalesce(client.protection_known, true),
        'protected_right', shielded_right,
        'minor', coalesce(client.birth_date > (today - interval '18 years')::date, false),
        'reason_given', reason_given,
        'many_persons', many_persons,
        'official_known', session.official_person_id IS NOT NULL)
    INTO STRICT facts
    FROM (VALUES (subject)) AS asked (person_id)
    LEFT JOIN register.person client ON client.person_id = asked.person_id;
    RETURN facts;
END
$function$;

-- The profile rows that agreement, mandates, purpose and channel leave of the groups asked, each with the
-- first day it reaches back to (inclusive; null: no limit): [[profile_id, group, day], ...].
CREATE FUNCTION door_private.scope(
    session identity.acting_session, agreed organisations.agreement, kind policy.organisation_type, purpose text,
    data_groups text[]
) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    today date := door_private.today();
    allowed jsonb;
BEGIN
    SELECT coalesce(jsonb_agg(jsonb_build_array(
        p.profile_id, p.data_group, (today - make_interval(months => p.lookback_months))::date)
        ORDER BY p.profile_id), '[]')
    INTO allowed
    FROM policy.profile p
    WHERE p.organisation_type = kind.profile_type
        AND door_private.in_force(agreed, session.channel)
        AND session.channel = ANY (p.channels)
        AND p.mandate = ANY (session.mandates)
        AND p.purpose = scope.purpose
        AND p.data_group = ANY (agreed.data_groups)
        AND p.data_group = ANY (scope.data_groups);
    RETURN allowed;
END
$function$;

-- Why the scope is empty. Where no row of the type knows the purpose, any row's mandate counts.
CREATE FUNCTION door_private.cause(
    session identity.acting_session, agreed organisations.agreement, kind policy.organisation_type, purpose text
) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    open_rows record;
BEGIN
    IF NOT door_private.in_force(agreed, session.channel) THEN
        RETURN 'no_agreement';
    END IF;
    SELECT bool_or(p.purpose = cause.purpose) AS known,
        bool_or(p.mandate = ANY (session.mandates)) AS held,
        bool_or(p.purpose = cause.purpose AND p.mandate = ANY (session.mandates)) AS held_for_purpose
    INTO STRICT open_rows
    FROM policy.profile p
    WHERE p.organisation_type = kind.profile_type AND session.channel = ANY (p.channels);
    -- Where there is no row at all, all three are NULL, and no mandate would help.
    IF NOT (CASE WHEN open_rows.known THEN open_rows.held_for_purpose ELSE open_rows.held END) THEN
        RETURN 'missing_mandate';
    END IF;
    RETURN 'purpose_not_allowed';
END
$function$;

-- Outcome and true rule for a person, in the order of the policy: own data, reason needed, not available, given.
CREATE FUNCTION door_private.person_outcome(
    facts jsonb, national_area boolean, minor_allowed boolean, OUT outcome text, OUT rule text
)
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    found_person boolean := facts ->> 'found';
    family boolean := facts ->> 'family';
    outside boolean := (facts ->> 'outside_area')::boolean AND NOT (facts ->> 'has_relation')::boolean;
    shielded boolean := (facts ->> 'protected')::boolean AND NOT (facts ->> 'protected_right')::boolean;
    opened boolean := (facts ->> 'protected')::boolean AND (facts ->> 'protected_right')::boolean;
    reasoned boolean := facts ->> 'reason_given';
BEGIN
    IF (facts ->> 'own_data')::boolean THEN
        outcome := 'own_data';
        rule := 'own_data';
        RETURN;
    END IF;
    IF NOT reasoned THEN
        outcome := 'reason_needed';
        rule := CASE
            WHEN NOT found_person AND NOT national_area THEN 'unknown'
            WHEN family AND NOT national_area THEN 'family'
            WHEN shielded AND NOT national_area THEN 'protected_without_right'
            WHEN opened THEN 'protected_with_right'
            WHEN outside AND NOT national_area THEN 'outside_area'
            WHEN (facts ->> 'colleague')::boolean THEN 'colleague'
            WHEN (facts ->> 'died_over_a_year_ago')::boolean THEN 'died'
            WHEN (facts ->> 'minor')::boolean AND NOT minor_allowed THEN 'minor'
            WHEN (facts ->> 'many_persons')::boolean THEN 'many_persons'
        END;
        IF rule IS NOT NULL THEN
            RETURN;
        END IF;
    END IF;
    outcome := 'not_available';
    rule := CASE
        WHEN NOT found_person THEN 'unknown'
        WHEN family THEN 'family'
        WHEN shielded THEN 'protected_without_right'
        WHEN NOT (facts ->> 'protection_known')::boolean THEN 'protection_unknown'
    END;
    IF rule IS NULL THEN
        outcome := 'given';
        rule := CASE WHEN reasoned THEN 'given_after_reason' ELSE 'given' END;
    END IF;
END
$function$;

-- A ticket for an entry: good for one reading, by the same acting session. What may be read stands in the entry.
CREATE FUNCTION door_private.new_ticket(
    session identity.acting_session, entry bigint, inquiry_id uuid DEFAULT NULL
) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    ticket text := door_private.new_secret();
BEGIN
    INSERT INTO inquiry.ticket (ticket_hash, entry_id, acting_session_id, inquiry_id)
    VALUES (sha256(convert_to(ticket, 'UTF8')), entry, session.acting_session_id, new_ticket.inquiry_id);
    RETURN ticket;
END
$function$;

-- Decides, writes the entry, makes the ticket. The same statements run whoever the person is, so that
-- neither a rollback nor the statistics of the transaction teach the caller anything.
CREATE FUNCTION door_private.decide_and_log(
    session identity.acting_session, looked inquiry.inquiry, kind text, reason text, reason_given boolean,
    data_groups text[], action text DEFAULT NULL
) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    agreed organisations.agreement;
    organisation_type policy.organisation_type;
    minor_allowed boolean := coalesce((SELECT p.minor_allowed FROM policy.purpose p WHERE p.code = looked.purpose), false);
    facts jsonb;
    scope jsonb;
    cause text;
    decided record;
    outcome text;
    entry bigint;
BEGIN
    SELECT a.* INTO STRICT agreed FROM organisations.agreement a WHERE a.agreement_id = session.agreement_id;
    SELECT t.* INTO STRICT organisation_type FROM policy.organisation_type t WHERE t.code = agreed.organisation_type;
    facts := door_private.person_facts(
        session, agreed, organisation_type, looked.person_id, reason_given, looked.many_persons);
    scope := door_private.scope(session, agreed, organisation_type, looked.purpose, data_groups);
    IF scope = '[]' THEN
        cause := door_private.cause(session, agreed, organisation_type, looked.purpose);
    END IF;
    decided := door_private.person_outcome(facts, organisation_type.national_area, minor_allowed);
    outcome := CASE WHEN cause IS NULL THEN decided.outcome ELSE 'refused' END;
    -- A further view tells nothing new and is not counted.
    IF kind <> 'view' THEN
        outcome := door_private.count_outcome(session, looked, outcome);
    END IF;
    entry := door_private.log(
        session, decide_and_log.kind, action => decide_and_log.action, purpose => looked.purpose, case_reference => looked.case_reference,
        told_client => looked.told_client, reason => decide_and_log.reason, inquiry_id => looked.inquiry_id,
        subject_person_id => looked.person_id, outcome => outcome, rule => coalesce(cause, decided.rule),
        cause => cause, facts => facts, scope => scope, former_code => looked.former_code,
        former_until => looked.former_until,
        data_groups => decide_and_log.data_groups,
        for_review => outcome = 'given' AND (reason_given OR session.official_person_id IS NULL));
    RETURN door_private.new_ticket(session, entry, looked.inquiry_id);
END
$function$;
