-- Who is to be picked on a day, set-wise: the same as kelmu.notices.pick_rules says of one person, whose docstring
-- is the rule. A month is its first day's midnight, which has no time zone.

-- The picks among persons with numbers over `after` up to `up_to`, whatever was picked before.
--
-- Begins with those who have a reckoning (about one person in thirty). The register is read by keys only, which OFFSET
-- 0 sees to: no plan could read a table of everybody. What was read is put together by sorting and grouping,
-- never by a join, so that a batch in which many are picked costs what its rows cost, whatever the planner expects.
CREATE FUNCTION door_private.due_picks(day date, after bigint, up_to bigint) RETURNS TABLE (
    person_id bigint, kind text, rule_version smallint, first_month date, last_month date, content jsonb)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
#variable_conflict use_column
DECLARE
    benefits text[];
    longest interval;
    present timestamp := date_trunc('month', due_picks.day::timestamp);
BEGIN
    SELECT coalesce(array_agg(b.code), '{}'), make_interval(months => coalesce(max(r.running_months), 0))
    INTO benefits, longest
    FROM notices.pick_rule r LEFT JOIN LATERAL unnest(r.unemployment_benefits) AS b (code) ON true
    WHERE r.valid_from <= due_picks.day AND (r.valid_to IS NULL OR r.valid_to >= due_picks.day);
    RETURN QUERY
    WITH rule AS MATERIALIZED (
        SELECT r.*, r.unemployment_benefits || 'job_seeker'::text AS grounds FROM notices.pick_rule r
        WHERE r.valid_from <= due_picks.day AND (r.valid_to IS NULL OR r.valid_to >= due_picks.day)
    ),
    reckoned AS MATERIALIZED (
        SELECT DISTINCT c.person_id FROM register.decision_calculation c
        WHERE c.person_id > due_picks.after AND c.person_id <= due_picks.up_to AND c.superseded_at IS NULL
    ),
    -- What was paid to them for months that have begun; of those whose assistance reaches the present.
    received AS (
        SELECT k.person_id, p.*,
            max(p.to_month) FILTER (WHERE p.benefit = 'SOC-PER') OVER (PARTITION BY k.person_id) AS latest
        FROM reckoned k CROSS JOIN LATERAL (
            SELECT y.benefit_code::text AS benefit, y.payment_number, y.decision_number, y.paid_on, y.gross,
                date_trunc('month', y.period_from::timestamp) AS from_month,
                date_trunc('month', least(coalesce(y.period_to, y.period_from), due_picks.day)::timestamp) AS to_month
            FROM register.payment y
            WHERE y.person_id = k.person_id AND y.paid_on <= due_picks.day AND y.superseded_at IS NULL
                AND y.state = 'paid' AND y.gross > 0 AND y.period_from <= due_picks.day
                AND (y.benefit_code = 'SOC-PER' OR y.benefit_code = ANY (benefits))
            OFFSET 0) p
    ),
    paid AS MATERIALIZED (
        SELECT r.* FROM received r WHERE r.latest > present - longest
    ),
    -- Each month's decisions in force with what was paid by them, and the latest of them.
    by_decision AS (
        SELECT p.person_id, m.month, p.decision_number, d.decided_on, jsonb_agg(jsonb_build_object(
            'payment_number', p.payment_number::text, 'paid_on', p.paid_on, 'gross', p.gross)
            ORDER BY p.paid_on, p.payment_number) AS payments
        FROM paid p
        CROSS JOIN LATERAL (
            SELECT e.decided_on FROM register.decision e
            WHERE e.person_id = p.person_id AND e.decision_number = p.decision_number
                AND e.benefit_code = 'SOC-PER' AND e.superseded_at IS NULL AND e.decided_on <= due_picks.day
                AND (e.annulled_on IS NULL OR e.annulled_on > due_picks.day)
            OFFSET 0) d
        CROSS JOIN LATERAL generate_series(p.from_month, p.to_month, interval '1 month') AS m (month)
        WHERE p.benefit = 'SOC-PER'
        GROUP BY p.person_id, m.month, p.decision_number, d.decided_on
    ),
    assisted AS (
        SELECT DISTINCT ON (b.person_id, b.month) b.* FROM by_decision b
        ORDER BY b.person_id, b.month, b.decided_on DESC, b.decision_number DESC
    ),
    mainly AS MATERIALIZED (
        SELECT a.*, c.income, c.assistance
        FROM assisted a CROSS JOIN LATERAL (
            SELECT k.income, k.basic_part + k.other_basic_expenses - k.income - k.assets AS assistance
            FROM register.decision_calculation k
            WHERE k.person_id = a.person_id AND k.decision_number = a.decision_number AND k.superseded_at IS NULL
            OFFSET 0) c
        WHERE c.assistance > 0
    ),
    -- The same months, and what says that somebody was out of work in a month.
    told AS (
        SELECT m.person_id, m.month, m.decision_number, m.decided_on, m.payments, m.income, m.assistance,
            NULL::text AS ground
        FROM mainly m
        UNION ALL
        SELECT p.person_id, m.month, NULL, NULL, NULL, NULL, NULL, p.benefit
        FROM paid p CROSS JOIN LATERAL generate_series(p.from_month, p.to_month, interval '1 month') AS m (month)
        WHERE p.benefit <> 'SOC-PER'
        UNION ALL
        SELECT s.person_id, m.month, NULL, NULL, NULL, NULL, NULL, 'job_seeker'
        FROM (
            SELECT m.person_id, min(m.month) AS since, max(m.month) AS until FROM mainly m GROUP BY m.person_id) s
        CROSS JOIN LATERAL (
            SELECT j.valid_from, j.valid_to FROM register.job_seeking j
            WHERE j.person_id = s.person_id AND j.superseded_at IS NULL AND j.valid_from <= due_picks.day
            UNION ALL
            SELECT i.valid_from, i.valid_to FROM register.third_party_info i
            WHERE i.person_id = s.person_id AND i.info_kind = 'employment_statement' AND i.superseded_at IS NULL
                AND i.received_on <= due_picks.day AND i.valid_from <= due_picks.day
            OFFSET 0) j
        CROSS JOIN LATERAL generate_series(
            greatest(s.since, date_trunc('month', j.valid_from::timestamp)),
            least(s.until, date_trunc('month', j.valid_to::timestamp)), interval '1 month') AS m (month)
    ),
    by_month AS (
        SELECT t.person_id, t.month, max(t.decision_number) AS decision_number, max(t.decided_on) AS decided_on,
            max(t.income) AS income, max(t.assistance) AS assistance,
            (array_agg(t.payments) FILTER (WHERE t.payments IS NOT NULL))[1] AS payments,
            coalesce(array_agg(DISTINCT t.ground) FILTER (WHERE t.ground IS NOT NULL), '{}') AS grounds
        FROM told t GROUP BY t.person_id, t.month HAVING max(t.assistance) IS NOT NULL
    ),
    -- Months in a row differ from their place by the same number; `back` counts from the last.
    counted AS (
        SELECT r.kind, r.version, r.months, r.grounds AS asked, m.*,
            m.month - make_interval(months => (row_number() OVER earliest)::integer) AS island,
            row_number() OVER latest AS back
        FROM by_month m CROSS JOIN rule r
        WHERE m.assistance * 100 > r.over_percent * (m.income + m.assistance)
            AND (r.unemployment_benefits = '{}' OR r.grounds && m.grounds)
        WINDOW earliest AS (PARTITION BY r.kind, m.person_id ORDER BY m.month),
            latest AS (PARTITION BY r.kind, m.person_id ORDER BY m.month DESC)
    ),
    spell AS (
        SELECT c.kind, c.person_id, min(c.month) AS from_month, max(c.month) AS to_month, count(*) AS months,
            jsonb_agg(jsonb_build_object(
                'month', to_char(c.month, 'YYYY-MM'), 'decision_number', c.decision_number,
                'decided_on', c.decided_on, 'assistance', c.assistance, 'income', c.income, 'payments', c.payments,
                'unemployment', CASE WHEN c.asked = ARRAY['job_seeker'] THEN '[]' ELSE coalesce((
                    SELECT jsonb_agg(g.ground ORDER BY g.ground COLLATE "C")
                    FROM unnest(c.grounds) AS g (ground) WHERE g.ground = ANY (c.asked)), '[]') END)
                ORDER BY c.month) FILTER (WHERE c.back <= c.months) AS reasons
        FROM counted c GROUP BY c.kind, c.person_id, c.island
        -- The last one only.
        HAVING min(c.back) = 1
    )
    SELECT s.person_id, s.kind, r.version, s.from_month::date, s.to_month::date, jsonb_build_object(
        'rule', s.kind || '/' || r.version, 'spell_from', to_char(s.from_month, 'YYYY-MM'),
        'months_counted', s.months, 'months', s.reasons)
    FROM spell s
    JOIN rule r ON r.kind = s.kind
    CROSS JOIN LATERAL (
        SELECT h.birth_date, h.residence_ground, h.first_residence_date FROM register.person h
        WHERE h.person_id = s.person_id AND h.death_date IS NULL
            AND EXISTS (
                SELECT FROM register.residence w
                WHERE w.person_id = h.person_id AND w.superseded_at IS NULL AND w.valid_from <= due_picks.day
                    AND (w.valid_to IS NULL OR w.valid_to >= due_picks.day))
        OFFSET 0) h
    WHERE s.months >= r.months
        AND s.to_month > present - make_interval(months => r.running_months)
        AND (r.from_age IS NULL OR h.birth_date + make_interval(years => r.from_age) <= s.to_month)
        AND (r.under_age IS NULL OR h.birth_date + make_interval(years => r.under_age) > s.to_month)
        AND (r.residence_grounds = '{}' OR h.residence_ground = ANY (r.residence_grounds))
        AND (r.within_years IS NULL
            OR h.first_residence_date + make_interval(years => r.within_years) >= s.to_month);
END
$function$;
