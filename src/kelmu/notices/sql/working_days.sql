-- Finnish working days by rule; kelmu.core.working_days has them from a library, and a test holds the two together.

-- Easter Sunday (Gregorian; the method of Meeus, Jones and Butcher).
CREATE FUNCTION door_private.easter(year integer) RETURNS date
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    golden integer := year % 19;
    century integer := year / 100;
    rest integer := year % 100;
    epact integer := (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    weekday integer := (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    late integer := (golden + 11 * epact + 22 * weekday) / 451;
    days integer := epact + weekday - 7 * late + 114;
BEGIN
    RETURN make_date(year, days / 31, days % 31 + 1);
END
$function$;

-- Monday to Friday without public holidays, Midsummer Eve and Christmas Eve, on which public offices are closed.
-- Holidays that always fall on a Saturday or Sunday need no word. From 1991 on, when Ascension came back to Thursday.
CREATE FUNCTION door_private.is_working_day(day date) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    since_easter integer := day - door_private.easter(extract(year FROM day)::integer);
BEGIN
    RETURN extract(isodow FROM day) <= 5
        AND to_char(day, 'MMDD') <> ALL (ARRAY['0101', '0106', '0501', '1206', '1224', '1225', '1226'])
        -- Good Friday, Easter Monday, Ascension Day.
        AND since_easter <> ALL (ARRAY[-2, 1, 39])
        -- Midsummer Eve is the Friday between 19 and 25 June.
        AND NOT (extract(isodow FROM day) = 5 AND to_char(day, 'MMDD') BETWEEN '0619' AND '0625');
END
$function$;

-- The `count`th working day after a day (count at least 1).
CREATE FUNCTION door_private.working_day_after(day date, count integer) RETURNS date
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    reached date := day;
    left_over integer := count;
BEGIN
    WHILE left_over > 0 LOOP
        reached := reached + 1;
        IF door_private.is_working_day(reached) THEN
            left_over := left_over - 1;
        END IF;
    END LOOP;
    RETURN reached;
END
$function$;
