-- The run that makes computed notices: one call of door.pick_notices is one bounded step, committed by itself.

-- The first day a notice of a municipality's first batch of a kind may be seen, by its place (from 0); NULL: at once.
-- The same as kelmu.notices.release.released_on.
CREATE FUNCTION door_private.release_day(place bigint, size bigint, sent_on date) RETURNS date
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF size <= 400 OR place < 300 THEN
        RETURN NULL;
    END IF;
    RETURN sent_on + (7 * (place / 300) - extract(isodow FROM sent_on) + 1)::integer;
END
$function$;

-- The run under way, else a new one. One that broke off while it looked through the register on another day is given
-- up with all it had picked: nothing of that was sent. One that has begun to send goes on whatever the day.
CREATE FUNCTION door_private.present_pick_run(day date) RETURNS notices.pick_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    run notices.pick_run;
BEGIN
    SELECT r.* INTO run FROM notices.pick_run r WHERE r.state IN ('looking', 'sending');
    IF run.state = 'sending' OR run.judged_on = day THEN
        RETURN run;
    END IF;
    DELETE FROM notices.pick p WHERE p.pick_run_id = run.pick_run_id AND p.state = 'waiting';
    UPDATE notices.pick_run r SET state = 'given_up', ended_at = clock_timestamp()
    WHERE r.pick_run_id = run.pick_run_id;
    INSERT INTO notices.pick_run AS r (judged_on, persons)
    SELECT day, count(*) FROM register.person
    RETURNING r.* INTO run;
    RETURN run;
END
$function$;

-- Says when each of a run's picks may be seen, and which municipalities have had their first batch of a kind. Who has
-- lived on assistance for longest comes first.
CREATE FUNCTION door_private.release_picks(run notices.pick_run) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    today date := door_private.today();
BEGIN
    WITH addressed AS MATERIALIZED (
        SELECT p.person_id, p.kind, p.first_month, door_private.notice_address(p.person_id, today) AS municipality
        FROM notices.pick p WHERE p.pick_run_id = run.pick_run_id AND p.state = 'waiting'
    ), batch AS (
        INSERT INTO notices.first_batch AS b (kind, municipality_code, sent_on, persons)
        SELECT a.kind, a.municipality, today, count(*) FROM addressed a
        WHERE a.municipality IS NOT NULL
        GROUP BY a.kind, a.municipality
        ON CONFLICT ON CONSTRAINT first_batch_pk DO NOTHING
        RETURNING b.kind, b.municipality_code, b.persons
    ), placed AS (
        SELECT a.*, row_number() OVER (
            PARTITION BY a.kind, a.municipality ORDER BY a.first_month, a.person_id) - 1 AS place
        FROM addressed a
    )
    UPDATE notices.pick p SET released_on = door_private.release_day(o.place, b.persons, today)
    FROM placed o JOIN batch b ON b.kind = o.kind AND b.municipality_code = o.municipality
    WHERE p.person_id = o.person_id AND p.kind = o.kind AND p.first_month = o.first_month;
END
$function$;

-- One step of looking: the next 20,000 persons. Where there are none left, the picks get their days.
CREATE FUNCTION door_private.look_for_picks(run notices.pick_run) RETURNS notices.pick_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    next_persons bigint;
    up_to bigint;
    found bigint;
BEGIN
    SELECT count(*), max(n.person_id) INTO next_persons, up_to
    FROM (
        SELECT p.person_id FROM register.person p WHERE p.person_id > run.looked_to
        ORDER BY p.person_id LIMIT 20000) n;
    IF next_persons = 0 THEN
        PERFORM door_private.release_picks(run);
        UPDATE notices.pick_run r SET state = 'sending' WHERE r.pick_run_id = run.pick_run_id RETURNING r.* INTO run;
        RETURN run;
    END IF;
    -- A spell has had its notice if it shares a month with one picked before.
    INSERT INTO notices.pick (person_id, kind, first_month, last_month, rule_version, pick_run_id, content)
    SELECT d.person_id, d.kind, d.first_month, d.last_month, d.rule_version, run.pick_run_id, d.content
    FROM door_private.due_picks(run.judged_on, run.looked_to, up_to) d
    WHERE NOT EXISTS (
        SELECT FROM notices.pick p
        WHERE p.person_id = d.person_id AND p.kind = d.kind AND p.first_month <= d.last_month
            AND p.last_month >= d.first_month);
    GET DIAGNOSTICS found = ROW_COUNT;
    UPDATE notices.pick_run r
    SET looked_to = up_to, looked_at = r.looked_at + next_persons, picked = r.picked + found
    WHERE r.pick_run_id = run.pick_run_id
    RETURNING r.* INTO run;
    RETURN run;
END
$function$;

-- One step of sending: the next 500 picks. Who has died since, or lives nowhere any more, gets none.
CREATE FUNCTION door_private.send_picks(run notices.pick_run) RETURNS notices.pick_run
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    one record;
    tried integer := 0;
    made integer := 0;
BEGIN
    FOR one IN
        SELECT p.person_id, p.kind, p.first_month, p.source_key, p.released_on, p.content,
            h.death_date IS NULL AND door_private.notice_address(p.person_id, door_private.today()) IS NOT NULL AS goes
        FROM notices.pick p JOIN register.person h ON h.person_id = p.person_id
        WHERE p.pick_run_id = run.pick_run_id AND p.state = 'waiting'
        ORDER BY p.released_on NULLS FIRST, p.person_id
        LIMIT 500
    LOOP
        tried := tried + 1;
        IF NOT one.goes THEN
            DELETE FROM notices.pick p
            WHERE p.person_id = one.person_id AND p.kind = one.kind AND p.first_month = one.first_month;
            CONTINUE;
        END IF;
        IF door_private.send_notice(
            one.person_id, one.kind, false, NULL, now(), one.released_on, one.source_key, one.content) IS NOT NULL
        THEN
            made := made + 1;
        END IF;
        UPDATE notices.pick p SET state = 'sent', content = NULL
        WHERE p.person_id = one.person_id AND p.kind = one.kind AND p.first_month = one.first_month;
    END LOOP;
    UPDATE notices.pick_run r
    SET sent = r.sent + made, state = CASE WHEN tried = 0 THEN 'done' ELSE r.state END,
        ended_at = CASE WHEN tried = 0 THEN clock_timestamp() END
    WHERE r.pick_run_id = run.pick_run_id
    RETURNING r.* INTO run;
    RETURN run;
END
$function$;

-- One step of the run of a day: today or one of the 31 before it. Call it until `state` is 'done' for that day.
--
-- What is promised: a spell gets at most one notice of a kind, ever, whatever is corrected in its months later and
-- however many runs there are, killed or not; it gets one if a run takes place while it runs. Each step is one
-- transaction, and only one goes on at a time.
CREATE FUNCTION door.pick_notices(
    day date, OUT state text, OUT judged_on date, OUT persons bigint, OUT looked_at bigint, OUT picked bigint,
    OUT sent bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    run notices.pick_run;
BEGIN
    IF day IS NULL OR day > door_private.today() OR day < door_private.today() - 31 THEN
        RAISE EXCEPTION 'a day to come, or one long past' USING ERRCODE = 'KL010';
    END IF;
    IF NOT pg_try_advisory_xact_lock(5013, 6) THEN
        RAISE EXCEPTION 'a run is under way' USING ERRCODE = 'KL014';
    END IF;
    IF (SELECT count(*) FROM register.source s WHERE s.available AND s.source IN (
        'population', 'non_disclosure', 'decisions', 'payments', 'third_party_info')) < 5 THEN
        RAISE EXCEPTION 'a source cannot be read' USING ERRCODE = 'KL031';
    END IF;
    run := door_private.present_pick_run(day);
    IF run.state = 'looking' THEN
        run := door_private.look_for_picks(run);
    ELSE
        run := door_private.send_picks(run);
    END IF;
    state := run.state;
    judged_on := run.judged_on;
    persons := run.persons;
    looked_at := run.looked_at;
    picked := run.picked;
    sent := run.sent;
END
$function$;

GRANT EXECUTE ON FUNCTION door.pick_notices(date) TO kelmu_worker;
