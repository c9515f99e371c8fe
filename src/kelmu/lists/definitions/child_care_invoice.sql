/*
begins = 2024-01-01
every_months = 1
published_day = 3
follows = false
hidden = true
revealing = ["care_provider"]
amounts = true
source = "1128/1996; Kela's instructions to municipalities on billing of child care allowances (list at the start of the month after)"

[columns]
event = "word"
on_day = "day"
benefit = "benefit"
period_from = "day"
period_to = "day"
child_born = "month"
care_provider = "text"
*/
-- Recipients and payments of child care allowances: what was paid, came back or was corrected in a month.
CREATE FUNCTION door_private.list_child_care_invoice(first_day date, last_day date) RETURNS SETOF door_private.list_row
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    SELECT e.municipality_code, e.person_id, e.payment_number || '/' || e.event, e.amount, jsonb_build_object(
        'event', e.event, 'on_day', e.on_day, 'benefit', e.benefit_code,
        'period_from', e.period_from, 'period_to', e.period_to,
        'child_born', c.born, 'care_provider', e.care_provider)
    FROM door_private.payment_events(
        ARRAY['FAM-KHT-R', 'FAM-KHT-L', 'FAM-KHT-K', 'FAM-YHT-R', 'FAM-YHT-L', 'FAM-YHT-K', 'FAM-JHR', 'FAM-OHR'],
        list_child_care_invoice.first_day, list_child_care_invoice.last_day) e
    -- Whom the allowance is for: the youngest child of the decision.
    CROSS JOIN LATERAL (
        SELECT date_trunc('month', max(h.birth_date)::timestamp)::date AS born
        FROM register.decision_member m JOIN register.person h ON h.person_id = m.member_person_id
        WHERE m.person_id = e.person_id AND m.decision_number = e.decision_number AND m.superseded_at IS NULL
            AND m.member_role = 'child') c
    WHERE e.municipality_code IS NOT NULL;
END
$function$;
