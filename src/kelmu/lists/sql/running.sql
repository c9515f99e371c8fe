-- Making lists: one call of door.run_list is all municipalities of one kind and period, in one transaction.

-- The last day of the period that begins on a day, and the day from which its list is seen. Nothing: no period of the
-- kind begins then.
CREATE FUNCTION door_private.list_period(
    kind text, first_day date, OUT last_day date, OUT published_on date
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    SELECT n.next_first - 1, n.next_first + k.published_day - 1
    INTO last_day, published_on
    FROM lists.kind k
    CROSS JOIN LATERAL (
        SELECT (list_period.first_day + make_interval(months => k.every_months))::date AS next_first) n
    WHERE k.kind = list_period.kind AND list_period.first_day >= k.begins
        AND extract(day FROM list_period.first_day) = 1
        AND (extract(month FROM list_period.first_day)::integer - 1) % k.every_months = 0;
END
$function$;

-- Makes the lists of a kind for a period that is over, one for each present municipality, empty ones too. Where the
-- register says nothing else than at the latest run, there is no new one: however often it is started or killed, each
-- state of the register is on one list. Gives how many lists were made, and how many of them supersede one.
CREATE FUNCTION door.run_list(kind text, first_day date, OUT made integer, OUT superseding integer, OUT row_count bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
#variable_conflict use_column
DECLARE
    period record := door_private.list_period(run_list.kind, run_list.first_day);
BEGIN
    IF period.last_day IS NULL OR period.last_day >= door_private.today() THEN
        RAISE EXCEPTION 'no such period, or it is not over' USING ERRCODE = 'KL010';
    END IF;
    IF NOT pg_try_advisory_xact_lock(5013, 8) THEN
        RAISE EXCEPTION 'a run is under way' USING ERRCODE = 'KL014';
    END IF;
    IF (SELECT count(*) FROM register.source s WHERE s.available AND s.source IN (
        'population', 'decisions', 'payments')) < 3 THEN
        RAISE EXCEPTION 'a source cannot be read' USING ERRCODE = 'KL031';
    END IF;
    WITH found AS MATERIALIZED (
        SELECT r.*, sha256(convert_to(
            jsonb_build_array(r.row_key, r.person_id, r.amount, r.content)::text, 'UTF8')) AS digest
        FROM door_private.list_rows(run_list.kind, run_list.first_day, period.last_day) r
    ), area AS (
        SELECT m.code, count(f.row_key) AS rows, sum(f.amount) AS amount,
            sha256(coalesce(string_agg(f.digest, ''::bytea ORDER BY f.row_key), '')) AS digest
        FROM organisations.municipality m LEFT JOIN found f ON f.municipality_code = m.code
        WHERE m.present_code = m.code
        GROUP BY m.code
    ), latest AS (
        SELECT DISTINCT ON (r.municipality_code) r.* FROM lists.run r
        WHERE r.kind = run_list.kind AND r.first_day = run_list.first_day
        ORDER BY r.municipality_code, r.version DESC
    ), new_run AS (
        INSERT INTO lists.run AS r (
            kind, first_day, last_day, published_on, municipality_code, version, supersedes, row_count, amount, digest)
        SELECT run_list.kind, run_list.first_day, period.last_day, period.published_on, a.code,
            coalesce(l.version, 0) + 1, l.run_id, a.rows, a.amount, a.digest
        FROM area a LEFT JOIN latest l ON l.municipality_code = a.code
        WHERE l.digest IS DISTINCT FROM a.digest
        RETURNING r.run_id, r.municipality_code, r.supersedes, r.row_count
    ), new_row AS (
        INSERT INTO lists.run_row (run_id, person_id, row_key, amount, content)
        SELECT n.run_id, f.person_id, f.row_key, f.amount, f.content
        FROM found f JOIN new_run n ON n.municipality_code = f.municipality_code
    )
    SELECT count(*), count(n.supersedes), coalesce(sum(n.row_count), 0) INTO made, superseding, row_count
    FROM new_run n;
END
$function$;

GRANT EXECUTE ON FUNCTION door.run_list(text, date) TO kelmu_worker;
