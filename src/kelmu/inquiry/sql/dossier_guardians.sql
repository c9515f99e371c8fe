-- Who acts for a client, by name: the custodians of a minor, and a guardian, who may be an office. A guardian who is a
-- person is a third person: in limited form, mentioned in the entry, and left out where an order protects her. Of a
-- dead client and of one under an order (`hidden`: part is NULL) nobody is named, and an adult has no custodians.
CREATE FUNCTION door_private.dossier_guardians(
    person_id bigint, hidden boolean, today date, OUT part json, OUT mentioned bigint[]
)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    SELECT CASE WHEN NOT hidden THEN coalesce(json_agg(json_build_object(
            'kind', g.guardian_kind,
            'name', coalesce(g.guardian_name, guardian.given_names || ' ' || guardian.family_name))
            ORDER BY g.guardian_kind, g.valid_from, g.guardianship_number), '[]') END,
        coalesce(array_agg(guardian.person_id) FILTER (WHERE guardian.person_id IS NOT NULL), '{}')
    INTO part, mentioned
    FROM register.guardianship g
    JOIN register.person client ON client.person_id = g.person_id AND client.death_date IS NULL
    LEFT JOIN register.person guardian ON guardian.person_id = g.guardian_person_id
        AND guardian.death_date IS NULL AND guardian.protection_known
        AND NOT door_private.is_protected(guardian.person_id, today)
    WHERE g.person_id = dossier_guardians.person_id AND g.superseded_at IS NULL AND NOT hidden
        AND g.valid_from <= today AND (g.valid_to IS NULL OR g.valid_to >= today)
        AND (g.guardian_name IS NOT NULL OR guardian.person_id IS NOT NULL)
        AND (client.birth_date > (today - interval '18 years')::date
            OR (client.under_guardianship AND g.guardian_kind = 'guardian'));
END
$function$;
