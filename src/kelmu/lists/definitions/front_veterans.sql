/*
begins = 2024-01-01
every_months = 6
published_day = 15
follows = true
compared = ["supplements"]
hidden = false
revealing = []
amounts = false
source = "119/1977; how often it comes is ours: twice a year, since recipients are few and old"

[columns]
supplements = "benefits"
since = "day"
*/
-- Who receives front-veterans' supplements on the last day of a half-year, in the municipality where she lives then.
CREATE FUNCTION door_private.list_front_veterans(first_day date, last_day date) RETURNS SETOF door_private.list_row
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT v.municipality_code, v.person_id, v.person_id::text, NULL::numeric,
        jsonb_build_object('supplements', v.supplements, 'since', v.since)
    FROM (
        SELECT d.person_id, door_private.municipality_of(d.person_id, list_front_veterans.last_day) AS municipality_code,
            array_agg(DISTINCT d.benefit_code::text ORDER BY d.benefit_code::text) FILTER (
                WHERE d.valid_to IS NULL OR d.valid_to >= list_front_veterans.last_day) AS supplements,
            min(d.valid_from) AS since
        FROM register.decision d JOIN register.person h ON h.person_id = d.person_id
        WHERE d.superseded_at IS NULL AND d.benefit_code IN ('PEN-RL', 'PEN-YRL', 'PEN-RU')
            AND d.outcome IN ('granted', 'partly', 'reviewed') AND d.valid_from <= list_front_veterans.last_day
            AND (d.annulled_on IS NULL OR d.annulled_on > list_front_veterans.last_day)
            AND (h.death_date IS NULL OR h.death_date > list_front_veterans.last_day)
        GROUP BY d.person_id) v
    WHERE v.supplements IS NOT NULL AND v.municipality_code IS NOT NULL;
END
$function$;
