-- The rules of law that lists rest on, each by itself.

-- What a kind's definition gives: a row of a list, and the municipality whose list it is on.
CREATE TYPE door_private.list_row AS (
    municipality_code text,
    person_id bigint,
    row_key text,
    amount numeric,
    content jsonb
);

-- Days from Monday to Friday between two days, both inclusive: the benefit days of unemployment benefits, of which a
-- week has five (1290/2002 6:1 and 7:7).
CREATE FUNCTION door_private.weekdays(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    -- Weekdays from a Monday long ago to the day before each of them.
    before integer := first_day - date '1900-01-01';
    through integer := last_day + 1 - date '1900-01-01';
BEGIN
    RETURN through / 7 * 5 + least(through % 7, 5) - before / 7 * 5 - least(before % 7, 5);
END
$function$;

-- The day on which a number of benefit days is full; NULL: it is not. Days that several payments are for count once.
CREATE FUNCTION door_private.day_reached(days datemultirange, number integer) RETURNS date
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    part daterange;
    left_over integer := number;
    inside integer;
    monday date;
BEGIN
    FOR part IN SELECT d FROM unnest(days) d ORDER BY d LOOP
        inside := door_private.weekdays(lower(part), upper(part) - 1);
        IF inside >= left_over THEN
            -- Counted from the Monday of its first day's week, those before that day too.
            monday := lower(part) - (extract(isodow FROM lower(part))::integer - 1);
            left_over := left_over + door_private.weekdays(monday, lower(part) - 1);
            RETURN monday + (left_over - 1) / 5 * 7 + (left_over - 1) % 5;
        END IF;
        left_over := left_over - inside;
    END LOOP;
    RETURN NULL;
END
$function$;

-- What happened to payments of some benefits in a period: they were paid, or came back, or were corrected. Money that
-- came back or was corrected counts against what was paid on the day it turned out (the payment day, if that is not
-- known); what is paid in its place is a payment of its own. What was cancelled was never paid. The municipality is the
-- home on the payment day, which has not changed when a payment comes back (1290/2002 14:3 a).
CREATE FUNCTION door_private.payment_events(benefits text[], first_day date, last_day date) RETURNS TABLE (
    person_id bigint, payment_number bigint, event text, on_day date, municipality_code text, benefit_code text,
    period_from date, period_to date, decision_number text, care_provider text, amount numeric)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT p.person_id, p.payment_number, e.event, e.on_day, door_private.municipality_of(p.person_id, p.paid_on),
        p.benefit_code::text, p.period_from, p.period_to, p.decision_number,
        CASE WHEN p.payee_kind = 'care_provider' THEN p.payee_name END, e.sign * p.gross::numeric
    FROM register.payment p
    CROSS JOIN LATERAL (
        SELECT 'paid' AS event, p.paid_on AS on_day, 1 AS sign
        UNION ALL
        SELECT p.state, coalesce(p.state_on, p.paid_on), -1 WHERE p.state IN ('returned', 'corrected')) e
    WHERE p.superseded_at IS NULL AND p.benefit_code = ANY (benefits) AND p.state IN ('paid', 'returned', 'corrected')
        AND e.on_day BETWEEN payment_events.first_day AND payment_events.last_day;
END
$function$;
