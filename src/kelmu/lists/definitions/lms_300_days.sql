/*
begins = 2024-01-01
every_months = 1
published_day = 10
follows = true
compared = []
hidden = false
revealing = []
amounts = false
source = "1290/2002 14:3 a: days paid because of unemployment, adjusted benefit too, days in employment-promoting service not; general support in place of labour market subsidy from 1.5.2026"

[columns]
paid_days = "count"
reached_on = "day"
last_paid_on = "day"
*/
-- Who has been paid 300 days of labour market subsidy because of unemployment, among those paid in a month, in the
-- municipality where she lived on her last payment day.
CREATE FUNCTION door_private.list_lms_300_days(first_day date, last_day date) RETURNS SETOF door_private.list_row
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT r.municipality_code, r.person_id, r.person_id::text, NULL::numeric,
        jsonb_build_object('paid_days', r.paid_days, 'reached_on', r.reached_on, 'last_paid_on', r.last_paid_on)
    FROM (
        SELECT s.person_id, s.paid_days, s.last_paid_on, door_private.day_reached(s.days, 300) AS reached_on,
            door_private.municipality_of(s.person_id, s.last_paid_on) AS municipality_code
        FROM (
            SELECT u.person_id, u.days, u.last_paid_on, (
                SELECT sum(door_private.weekdays(lower(d), upper(d) - 1)) FROM unnest(u.days) d) AS paid_days
            FROM (
                SELECT p.person_id, range_agg(daterange(p.period_from, p.period_to, '[]')) AS days,
                    max(p.paid_on) AS last_paid_on
                FROM register.payment p
                WHERE p.superseded_at IS NULL AND p.benefit_code IN ('UNE-TMT', 'UNE-SOV', 'UNE-YT')
                    AND p.state = 'paid' AND p.paid_on <= list_lms_300_days.last_day
                    AND p.period_from IS NOT NULL AND p.period_to IS NOT NULL
                GROUP BY p.person_id
                HAVING max(p.paid_on) >= list_lms_300_days.first_day) u) s
        WHERE s.paid_days >= 300
        OFFSET 0) r
    WHERE r.municipality_code IS NOT NULL;
END
$function$;
