-- Limits, counted before any person is looked for. A miss is what the official was told, whatever the true
-- rule: not available, or a reason asked and not given. So the limits tell no more than the outcomes did.

-- One opening of an official at a time, so that two at once cannot both be the last that is allowed.
CREATE FUNCTION door_private.await_turn(session identity.acting_session, figures inquiry.limits) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    -- An older snapshot would not see what was counted while this transaction waited.
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'a door is asked at read committed' USING ERRCODE = 'KL011';
    END IF;
    IF num_nonnulls(figures.persons_per_official, figures.misses_in_a_row, figures.misses_per_official) > 0 THEN
        PERFORM pg_advisory_xact_lock(5014, hashtext(session.official_pseudonym));
    END IF;
END
$function$;

-- Until when this session may open nothing: NULL if it may, infinity if only a review ends it.
CREATE FUNCTION door_private.held_until(session identity.acting_session, figures inquiry.limits) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    lock record;
    begun timestamptz;
    row_begun timestamptz;
    misses bigint;
    misses_in_a_row bigint;
    last_miss timestamptz;
    organisation_held timestamptz;
BEGIN
    SELECT bool_or(k.released_at IS NULL) AS is_open, max(k.released_at) AS released_at INTO STRICT lock
    FROM inquiry.official_lock k WHERE k.official_pseudonym = session.official_pseudonym;
    IF lock.is_open THEN
        RETURN 'infinity';
    END IF;
    -- What lies before a review counts no more.
    begun := greatest(now() - figures.misses_within, lock.released_at);
    IF num_nonnulls(figures.misses_in_a_row, figures.misses_per_official) > 0 THEN
        row_begun := greatest(begun, (
            SELECT max(e.at) FROM audit.entry e
            WHERE e.official_pseudonym = session.official_pseudonym AND e.kind = 'signed_in'
        ), (
            SELECT max(c.told_at) FROM inquiry.counted c
            WHERE c.official_pseudonym = session.official_pseudonym AND c.outcome = 'given'));
        SELECT count(*), count(*) FILTER (WHERE c.told_at > row_begun), max(c.told_at)
        INTO STRICT misses, misses_in_a_row, last_miss
        FROM inquiry.counted c
        WHERE c.official_pseudonym = session.official_pseudonym AND c.told_at > begun
            AND c.outcome IN ('not_available', 'reason_needed');
    END IF;
    -- The miss that must grow old before the organisation is below its figure again.
    SELECT c.told_at + figures.misses_within INTO organisation_held
    FROM inquiry.counted c
    WHERE c.organisation_id = session.organisation_id AND c.told_at > now() - figures.misses_within
        AND c.outcome IN ('not_available', 'reason_needed') AND figures.misses_per_organisation IS NOT NULL
    ORDER BY c.told_at DESC
    OFFSET figures.misses_per_organisation - 1 LIMIT 1;
    RETURN CASE
        WHEN misses >= figures.misses_per_official THEN 'infinity'::timestamptz
        WHEN misses_in_a_row >= figures.misses_in_a_row AND last_miss + figures.wait > now()
            THEN greatest(last_miss + figures.wait, organisation_held)
        ELSE organisation_held
    END;
END
$function$;

-- Whether so many other persons were opened lately that this one needs a reason, whoever it is.
CREATE FUNCTION door_private.many_persons(
    session identity.acting_session, figures inquiry.limits, code_mark bytea
) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    by_official bigint;
    by_organisation bigint;
BEGIN
    IF figures.persons_per_official IS NOT NULL THEN
        SELECT count(DISTINCT c.code_mark) INTO by_official FROM inquiry.counted c
        WHERE c.official_pseudonym = session.official_pseudonym AND c.opened_at > now() - figures.persons_within
            AND c.code_mark <> many_persons.code_mark;
    END IF;
    IF figures.persons_per_organisation IS NOT NULL THEN
        SELECT count(DISTINCT c.code_mark) INTO by_organisation FROM inquiry.counted c
        WHERE c.organisation_id = session.organisation_id AND c.opened_at > now() - figures.persons_within
            AND c.code_mark <> many_persons.code_mark;
    END IF;
    RETURN coalesce(by_official >= figures.persons_per_official, false)
        OR coalesce(by_organisation >= figures.persons_per_organisation, false);
END
$function$;

-- Keeps what the official is told of an inquiry, and returns it.
CREATE FUNCTION door_private.count_outcome(
    session identity.acting_session, looked inquiry.inquiry, outcome text
) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    INSERT INTO inquiry.counted (
        inquiry_id, official_pseudonym, organisation_id, code_mark, outcome, opened_at, told_at)
    VALUES (
        looked.inquiry_id, session.official_pseudonym, session.organisation_id, looked.code_mark,
        count_outcome.outcome, looked.opened_at, clock_timestamp())
    ON CONFLICT ON CONSTRAINT counted_pk DO UPDATE SET outcome = excluded.outcome, told_at = excluded.told_at;
    RETURN count_outcome.outcome;
END
$function$;

-- Writes the refusal of an opening, and at the first one that only a review can end, the lock and its alarm.
CREATE FUNCTION door_private.refuse_for_now(
    session identity.acting_session, held timestamptz, purpose text, data_groups text[]
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF held = 'infinity' AND NOT EXISTS (
        SELECT FROM inquiry.official_lock k
        WHERE k.official_pseudonym = session.official_pseudonym AND k.released_at IS NULL
    ) THEN
        INSERT INTO inquiry.official_lock (official_pseudonym) VALUES (session.official_pseudonym);
        PERFORM door_private.log(session, 'locked', for_review => true, detail => 'misses');
    END IF;
    PERFORM door_private.log(
        session, 'inquiry', purpose => refuse_for_now.purpose, outcome => 'refused', rule => 'limit_reached',
        cause => 'limit_reached', data_groups => refuse_for_now.data_groups, for_review => true);
END
$function$;

-- How many seconds this session may still open nothing: 0 if it may, NULL if only a review ends it.
CREATE FUNCTION door.held_for(session_secret text) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    figures inquiry.limits;
    held timestamptz;
BEGIN
    SELECT l.* INTO STRICT figures FROM inquiry.limits l WHERE l.channel = session.channel;
    held := door_private.held_until(session, figures);
    RETURN CASE
        WHEN held IS NULL THEN 0
        WHEN isfinite(held) THEN ceil(extract(epoch FROM held - now()))::integer
    END;
END
$function$;

-- Ends a lock after review; only the owner, acting as the door, gets here. False: there was none.
CREATE FUNCTION door_private.release_official(official_pseudonym text, reason text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    UPDATE inquiry.official_lock k SET released_at = now(), release_reason = btrim(release_official.reason)
    WHERE k.official_pseudonym = release_official.official_pseudonym AND k.released_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO audit.entry (kind, official_pseudonym, reason)
    VALUES ('released', release_official.official_pseudonym, btrim(release_official.reason));
    RETURN true;
END
$function$;

GRANT EXECUTE ON FUNCTION door.held_for(text) TO kelmu_web;
