-- Doors that open lists and read what is on them: an entry first, which names the runs and their digest, then, once it
-- is committed, the rows. A list is a disclosure of everybody on it: whom its runs name is in lists.run_row.

-- The digest of one run, or of several in the order of their municipalities.
CREATE FUNCTION door_private.runs_digest(run_ids bigint[]) RETURNS bytea
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN (
        SELECT CASE WHEN count(*) = 1 THEN min(r.digest)
            ELSE sha256(string_agg(r.digest, ''::bytea ORDER BY r.municipality_code)) END
        FROM lists.run r WHERE r.run_id = ANY (run_ids));
END
$function$;

-- Opens the latest list of a kind and period, of one municipality or of all that the organisation serves. `action`:
-- view (without names where the kind hides them) or names. `restricted`: only the persons under a non-disclosure order,
-- of all municipalities; otherwise everybody but them. NULL: no right, or not there.
CREATE FUNCTION door.open_list(
    session_secret text, kind text, first_day date, municipality text, action text, restricted boolean
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.list_sight;
    run_ids bigint[];
BEGIN
    IF num_nulls(kind, first_day, action, restricted) > 0 OR action NOT IN ('view', 'names')
        -- Where one of them lives is not told.
        OR (restricted AND municipality IS NOT NULL)
    THEN
        RAISE EXCEPTION 'a list of another form' USING ERRCODE = 'KL010';
    END IF;
    sight := door_private.list_sight_or_refusal(session, kind, restricted);
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    run_ids := ARRAY(SELECT r.run_id FROM door_private.seen_runs(sight, kind, first_day, municipality) r);
    IF run_ids = '{}' THEN
        PERFORM door_private.log(session, 'not_there', detail => 'list');
        RETURN NULL;
    END IF;
    RETURN door_private.new_ticket(session, door_private.log(
        session, 'list', action => open_list.action, purpose => sight.purpose,
        scope => jsonb_build_object(
            'kind', kind, 'first_day', first_day, 'municipality', municipality, 'restricted', restricted,
            'runs', run_ids),
        document_digest => door_private.runs_digest(run_ids),
        -- Protected persons, and what a system asked for an official it did not name.
        for_review => restricted OR session.official_person_id IS NULL));
END
$function$;

-- What a list is compared with: for a kind that follows, the latest of the period before; otherwise what each run
-- supersedes. Of the same municipalities. Empty: nothing.
CREATE FUNCTION door_private.compared_runs(run_ids bigint[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN ARRAY(
        SELECT CASE WHEN k.follows THEN (
            SELECT b.run_id FROM lists.run b
            WHERE b.kind = r.kind AND b.municipality_code = r.municipality_code
                AND b.first_day = (r.first_day - make_interval(months => k.every_months))::date
            ORDER BY b.version DESC LIMIT 1)
            ELSE r.supersedes END
        FROM lists.run r JOIN lists.kind k ON k.kind = r.kind
        WHERE r.run_id = ANY (run_ids));
END
$function$;

-- The rows of some runs, of those persons only who are, or are not, under a non-disclosure order today or of whom it is
-- not known. The same is looked up for each of them.
CREATE FUNCTION door_private.rows_of_runs(run_ids bigint[], restricted boolean, today date) RETURNS TABLE (
    run_id bigint, municipality_code text, row_key text, amount numeric, content jsonb, person register.person)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT l.run_id, r.municipality_code, l.row_key, l.amount::numeric,
        CASE WHEN rows_of_runs.restricted THEN l.content - k.revealing ELSE l.content END, p.person
    FROM lists.run r
    JOIN lists.kind k ON k.kind = r.kind
    JOIN lists.run_row l ON l.run_id = r.run_id
    CROSS JOIN LATERAL (
        SELECT h AS person, EXISTS (
            SELECT FROM register.non_disclosure_order n
            WHERE n.person_id = l.person_id AND n.superseded_at IS NULL
                AND n.valid_from <= rows_of_runs.today AND (n.valid_to IS NULL OR n.valid_to >= rows_of_runs.today)
            OFFSET 0) OR NOT h.protection_known AS shielded
        FROM register.person h WHERE h.person_id = l.person_id
        OFFSET 0) p
    WHERE r.run_id = ANY (run_ids) AND p.shielded = rows_of_runs.restricted;
END
$function$;

-- The rows of a list with what became of each since what it is compared with: new, changed, left (which is on the list
-- no more), or NULL.
CREATE FUNCTION door_private.list_changes(run_ids bigint[], restricted boolean, today date) RETURNS TABLE (
    run_id bigint, municipality_code text, row_key text, amount numeric, content jsonb, person register.person,
    change text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
#variable_conflict use_column
DECLARE
    before bigint[] := array_remove(door_private.compared_runs(run_ids), NULL);
    compared text[] := (SELECT k.compared FROM lists.run r JOIN lists.kind k ON k.kind = r.kind WHERE r.run_id = run_ids[1]);
BEGIN
    RETURN QUERY
    SELECT coalesce(n.run_id, b.run_id), coalesce(n.municipality_code, b.municipality_code),
        coalesce(n.row_key, b.row_key), coalesce(n.amount, b.amount), coalesce(n.content, b.content),
        CASE WHEN n.row_key IS NULL THEN b.person ELSE n.person END,
        CASE
            WHEN before = '{}' THEN NULL
            WHEN b.row_key IS NULL THEN 'new'
            WHEN n.row_key IS NULL THEN 'left'
            WHEN n.amount IS DISTINCT FROM b.amount THEN 'changed'
            WHEN compared IS NULL THEN CASE WHEN n.content <> b.content THEN 'changed' END
            WHEN EXISTS (SELECT FROM unnest(compared) c WHERE n.content -> c IS DISTINCT FROM b.content -> c)
            THEN 'changed'
        END
    FROM door_private.rows_of_runs(run_ids, list_changes.restricted, list_changes.today) n
    FULL JOIN door_private.rows_of_runs(before, list_changes.restricted, list_changes.today) b
        ON b.row_key = n.row_key;
END
$function$;

-- The committed and durable entry of a ticket that opened a list for one of these actions; the ticket is used up. An
-- empty row: not there.
CREATE FUNCTION door_private.use_list_ticket(
    session identity.acting_session, ticket text, actions text[], written_to pg_lsn
) RETURNS audit.entry
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    held inquiry.ticket := door_private.own_ticket(session, ticket);
    seen audit.entry;
    nothing audit.entry;
BEGIN
    IF held.ticket_hash IS NULL THEN
        RETURN nothing;
    END IF;
    seen := door_private.durable_entry(held, written_to);
    IF seen.kind <> 'list' OR seen.action <> ALL (actions) THEN
        RAISE EXCEPTION 'the ticket allows no disclosure' USING ERRCODE = 'KL021';
    END IF;
    IF NOT door_private.use_ticket(session, held) THEN
        RETURN nothing;
    END IF;
    RETURN seen;
END
$function$;

-- What a list says of itself besides its rows.
CREATE FUNCTION door_private.list_head(scope jsonb, run_ids bigint[], named boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN scope - 'runs' || (
        SELECT jsonb_build_object(
            'named', named, 'last_day', min(r.last_day), 'published_on', min(r.published_on),
            'compared', cardinality(array_remove(door_private.compared_runs(run_ids), NULL)) > 0,
            -- Where a protected person is on a list is not told: only the numbers of all of them together.
            'runs', jsonb_agg(jsonb_build_object(
                'number', r.run_id, 'version', r.version, 'made_at', r.made_at, 'digest', encode(r.digest, 'hex'),
                'municipality', r.municipality_code) ORDER BY r.municipality_code))
        FROM lists.run r WHERE r.run_id = ANY (run_ids));
END
$function$;

-- One page of a list. `change`: only the new, changed or left ones; NULL: those on it. `search`: a part of the name, or
-- an identity code; only where there are names. `sort`: name, municipality, amount, change or a column; NULL: the order
-- of the keys. {kind, first_day, last_day, published_on, municipality, restricted, named, compared, runs [{number,
-- version, made_at, digest, municipality}], total {rows, amount}, changes {new, changed, left}, found, rows [{place,
-- municipality, change, amount, content, person {personal_id, family_name, given_names}}]}. Totals are of those on the
-- list whom the page may show. NULL: not there.
CREATE FUNCTION door.read_list(
    session_secret text, ticket text, change text, search text, sort text, descending boolean, skip integer,
    rows integer
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
#variable_conflict use_column
DECLARE
    written_to pg_lsn := pg_current_wal_insert_lsn();
    session identity.acting_session := door_private.session(session_secret);
    seen audit.entry := door_private.use_list_ticket(session, ticket, ARRAY['view', 'names'], written_to);
    restricted boolean := (seen.scope ->> 'restricted')::boolean;
    sight door_private.list_sight;
    run_ids bigint[];
    named boolean;
    told jsonb;
BEGIN
    IF seen.entry_id IS NULL THEN
        RETURN NULL;
    END IF;
    sight := door_private.list_sight_or_refusal(session, seen.scope ->> 'kind', restricted);
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    run_ids := ARRAY(SELECT n::bigint FROM jsonb_array_elements_text(seen.scope -> 'runs') n);
    named := seen.action = 'names' OR NOT (SELECT k.hidden FROM lists.kind k WHERE k.kind = seen.scope ->> 'kind');
    IF change NOT IN ('new', 'changed', 'left') OR skip IS NULL OR skip < 0 OR rows IS NULL
        OR rows NOT BETWEEN 1 AND 200 OR descending IS NULL OR length(search) > 100
        OR (NOT named AND (search IS NOT NULL OR sort = 'name')) OR (restricted AND sort = 'municipality')
    THEN
        RAISE EXCEPTION 'a page of another form' USING ERRCODE = 'KL010';
    END IF;
    WITH listed AS MATERIALIZED (
        SELECT c.*, row_number() OVER (ORDER BY c.municipality_code, c.row_key) AS place
        FROM door_private.list_changes(run_ids, restricted, sight.today) c
    ), found AS (
        SELECT l.*, row_number() OVER (ORDER BY CASE read_list.sort
            WHEN 'name' THEN to_jsonb((l.person).family_name || ' ' || (l.person).given_names)
            WHEN 'municipality' THEN to_jsonb(l.municipality_code)
            WHEN 'amount' THEN to_jsonb(l.amount)
            WHEN 'change' THEN to_jsonb(l.change)
            ELSE l.content -> read_list.sort END, l.place) AS ordered
        FROM listed l
        WHERE CASE WHEN read_list.change IS NULL THEN l.change IS DISTINCT FROM 'left' ELSE l.change = read_list.change END
            AND (read_list.search IS NULL OR (l.person).personal_id = upper(read_list.search)
                OR strpos(lower((l.person).family_name || ' ' || (l.person).given_names), lower(read_list.search)) > 0)
    ), page AS (
        SELECT f.* FROM found f
        ORDER BY CASE WHEN read_list.descending THEN -f.ordered ELSE f.ordered END
        OFFSET read_list.skip LIMIT read_list.rows
    )
    SELECT door_private.list_head(seen.scope, run_ids, named) || jsonb_build_object(
        'total', (
            SELECT jsonb_build_object('rows', count(*), 'amount', sum(l.amount)) FROM listed l
            WHERE l.change IS DISTINCT FROM 'left'),
        'changes', (
            SELECT jsonb_build_object('new', count(*) FILTER (WHERE l.change = 'new'),
                'changed', count(*) FILTER (WHERE l.change = 'changed'),
                'left', count(*) FILTER (WHERE l.change = 'left'))
            FROM listed l),
        'found', (SELECT count(*) FROM found),
        'rows', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'place', p.place, 'change', p.change, 'amount', p.amount, 'content', p.content,
                'municipality', CASE WHEN NOT restricted THEN p.municipality_code END,
                'person', CASE WHEN named THEN jsonb_build_object(
                    'personal_id', (p.person).personal_id, 'family_name', (p.person).family_name,
                    'given_names', (p.person).given_names) END)
                ORDER BY CASE WHEN read_list.descending THEN -p.ordered ELSE p.ordered END), '[]')
            FROM page p))
    INTO told;
    PERFORM door_private.log_disclosed(
        session, seen, ARRAY(SELECT jsonb_object_keys(told)), sha256(convert_to(told::text, 'UTF8')));
    RETURN told::text;
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.open_list(text, text, date, text, text, boolean),
    door.read_list(text, text, text, text, text, boolean, integer, integer)
TO kelmu_web;
