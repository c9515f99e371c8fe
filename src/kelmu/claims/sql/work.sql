-- Doors that make a claim and change it. Each change is one version; who has not seen the present one changes nothing.

-- Writes a change of a claim that this transaction holds locked, with its event (`what` NULL: none).
CREATE FUNCTION door_private.apply_claim(
    session identity.acting_session, held claims.claim, changed claims.claim, what text, note text DEFAULT NULL
) RETURNS claims.claim
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written claims.claim;
BEGIN
    UPDATE claims.claim c
    SET state = changed.state, version = held.version + 1, changed_at = now(),
        receipt_number = changed.receipt_number, benefit_code = changed.benefit_code, ground = changed.ground,
        period_from = changed.period_from, period_to = changed.period_to, amount = changed.amount,
        basis_from = changed.basis_from, basis_to = changed.basis_to, paid_on = changed.paid_on,
        account_id = changed.account_id, reference = changed.reference, handler_name = changed.handler_name,
        handler_phone = changed.handler_phone, message = changed.message, cautions = changed.cautions,
        needs_approval = changed.needs_approval, submitted_by = changed.submitted_by,
        approved_by = changed.approved_by, submitted_at = changed.submitted_at, ended_on = changed.ended_on
    WHERE c.claim_id = held.claim_id AND c.version = held.version
    RETURNING c.* INTO STRICT written;
    IF what IS NOT NULL THEN
        INSERT INTO claims.event (claim_id, version, what, state, by_official, note)
        VALUES (
            held.claim_id, written.version, apply_claim.what, written.state, session.official_pseudonym,
            apply_claim.note);
    END IF;
    RETURN written;
END
$function$;

-- Ends a door of work: writes its entry, and gives its answer. That is `result` (done, changed, not_possible), why, and
-- the claim as a row.
CREATE FUNCTION door_private.claim_worked(
    session identity.acting_session, sight door_private.sight, what text, result text, why text, held claims.claim
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    written bigint;
BEGIN
    written := door_private.log(
        session, 'claim_work', action => what, purpose => sight.purpose, subject_person_id => held.person_id,
        scope => jsonb_build_object('claim_id', held.claim_id, 'version', held.version),
        detail => coalesce(why, result));
    RETURN jsonb_build_object(
        'result', result, 'why', why, 'claim', door_private.claim_row(session, held));
END
$function$;

-- Begins a claim about the client of an inquiry that was opened for claims and in which she was shown; `copied` names an
-- earlier claim about her whose form is taken. NULL: not there.
CREATE FUNCTION door.start_claim(session_secret text, inquiry_id uuid, copied uuid DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.claim_sight(session);
    looked inquiry.inquiry;
    -- Never NULL, which would be answered without looking.
    subject bigint;
    restricted boolean;
    shown boolean;
    earlier claims.claim;
    made claims.claim;
BEGIN
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    looked := door_private.own_inquiry(session, inquiry_id);
    subject := coalesce(looked.person_id, -1);
    restricted := door_private.is_restricted(subject, sight.today);
    shown := EXISTS (
        SELECT FROM audit.entry e
        WHERE e.inquiry_id = start_claim.inquiry_id AND e.kind = 'disclosed'
            AND e.subject_person_id = subject);
    IF copied IS NOT NULL THEN
        earlier := door_private.find_claim(session, sight, copied, false);
    END IF;
    IF looked.inquiry_id IS NULL OR looked.purpose <> sight.purpose OR NOT shown
        OR NOT door_private.may_claim(sight, looked.person_id, restricted)
        OR (copied IS NOT NULL AND earlier.person_id IS DISTINCT FROM looked.person_id) THEN
        PERFORM door_private.log(session, 'not_there', inquiry_id => start_claim.inquiry_id, detail => 'claim');
        RETURN NULL;
    END IF;
    INSERT INTO claims.claim (claim_id, organisation_id, person_id, made_by)
    VALUES (gen_random_uuid(), session.organisation_id, looked.person_id, session.official_pseudonym)
    RETURNING * INTO made;
    INSERT INTO claims.typed (claim_id, typed)
    VALUES (made.claim_id, coalesce((SELECT t.typed FROM claims.typed t WHERE t.claim_id = copied), '{}'));
    INSERT INTO claims.event (claim_id, version, what, state, by_official)
    VALUES (made.claim_id, 1, 'made', 'draft', session.official_pseudonym);
    RETURN door_private.claim_worked(session, sight, 'made', 'done', NULL, made);
END
$function$;

-- Keeps what was typed into a draft, whatever it is: an object of texts. NULL: not there.
CREATE FUNCTION door.keep_claim(session_secret text, claim_id uuid, version integer, typed jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.claim_sight(session);
    held claims.claim;
    result text := 'done';
BEGIN
    IF version IS NULL OR typed IS NULL OR jsonb_typeof(typed) <> 'object' OR length(typed::text) > 8000
        OR EXISTS (SELECT FROM jsonb_each(typed) t WHERE jsonb_typeof(t.value) <> 'string') THEN
        RAISE EXCEPTION 'a form of another shape' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    held := door_private.find_claim(session, sight, claim_id, true);
    IF held.claim_id IS NULL THEN
        RETURN NULL;
    END IF;
    IF held.state <> 'draft' THEN
        result := 'not_possible';
    ELSIF held.version <> keep_claim.version THEN
        result := 'changed';
    ELSE
        UPDATE claims.typed t SET typed = keep_claim.typed WHERE t.claim_id = held.claim_id;
        held := door_private.apply_claim(session, held, held, NULL);
    END IF;
    RETURN door_private.claim_worked(
        session, sight, 'kept', result, CASE WHEN result = 'not_possible' THEN 'state' END, held);
END
$function$;

-- Why a claim cannot be sent as it stands: ground (the benefit cannot be claimed on it), in_force (the benefit was not
-- there on all of the days), account (not the organisation's, or not in force). NULL: nothing. The table refuses what
-- never can be: days for which nothing was paid, a sum that is none.
CREATE FUNCTION door_private.claim_fault(wanted claims.claim, today date) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    benefit policy.benefit;
BEGIN
    SELECT b.* INTO benefit FROM policy.benefit b WHERE b.code = wanted.benefit_code;
    RETURN CASE
        WHEN NOT coalesce(wanted.ground = ANY (benefit.claim_grounds), false) THEN 'ground'
        WHEN wanted.period_from < benefit.valid_from
            OR (benefit.valid_to IS NOT NULL AND (wanted.period_to IS NULL OR wanted.period_to > benefit.valid_to))
            THEN 'in_force'
        WHEN NOT EXISTS (
            SELECT FROM claims.account a
            WHERE a.account_id = wanted.account_id AND a.organisation_id = wanted.organisation_id
                AND a.valid_from <= today AND (a.valid_to IS NULL OR a.valid_to >= today)) THEN 'account' END;
END
$function$;

-- A claim as it is sent to Kela: with its receipt.
CREATE FUNCTION door_private.with_receipt(wanted claims.claim) RETURNS claims.claim
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    wanted.state := 'submitted';
    wanted.submitted_at := now();
    wanted.receipt_number := to_char(door_private.today(), '"MV-"YYYY-')
        || lpad(nextval('claims.receipt')::text, 6, '0');
    RETURN wanted;
END
$function$;

-- Sends a draft, or hands it to a colleague for approval where the organisation wants four eyes. `cautions` are what its
-- sender was told. The same again answers the same, with the same receipt. NULL: not there.
CREATE FUNCTION door.submit_claim(
    session_secret text, claim_id uuid, version integer, benefit text, ground text, period_from date, period_to date,
    amount numeric, basis_from date, basis_to date, paid_on date, account_id bigint, reference text, handler_name text,
    handler_phone text, message text, cautions text[]
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.claim_sight(session);
    held claims.claim;
    wanted claims.claim;
    result text := 'done';
    why text;
BEGIN
    IF num_nulls(version, cautions) > 0 THEN
        RAISE EXCEPTION 'a form of another shape' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    held := door_private.find_claim(session, sight, claim_id, true);
    IF held.claim_id IS NULL THEN
        RETURN NULL;
    END IF;
    wanted := held;
    wanted.benefit_code := submit_claim.benefit;
    wanted.ground := submit_claim.ground;
    wanted.period_from := submit_claim.period_from;
    wanted.period_to := submit_claim.period_to;
    wanted.amount := submit_claim.amount;
    wanted.basis_from := submit_claim.basis_from;
    wanted.basis_to := submit_claim.basis_to;
    wanted.paid_on := submit_claim.paid_on;
    wanted.account_id := submit_claim.account_id;
    wanted.reference := submit_claim.reference;
    wanted.handler_name := submit_claim.handler_name;
    wanted.handler_phone := submit_claim.handler_phone;
    wanted.message := submit_claim.message;
    wanted.cautions := submit_claim.cautions;
    wanted.submitted_by := session.official_pseudonym;
    IF held.version = submit_claim.version + 1 AND held.state IN ('to_approve', 'submitted')
        AND wanted IS NOT DISTINCT FROM held THEN
        -- It came before, and only its answer was lost.
        RETURN door_private.claim_worked(session, sight, 'submitted', 'done', NULL, held);
    END IF;
    why := CASE WHEN held.state <> 'draft' THEN 'state' ELSE door_private.claim_fault(wanted, sight.today) END;
    IF held.state = 'draft' AND held.version <> submit_claim.version THEN
        result := 'changed';
        why := NULL;
    ELSIF why IS NOT NULL THEN
        result := 'not_possible';
    ELSE
        wanted.needs_approval := coalesce((
            SELECT s.four_eyes FROM claims.setting s WHERE s.organisation_id = session.organisation_id), false);
        wanted.approved_by := NULL;
        IF wanted.needs_approval THEN
            wanted.state := 'to_approve';
            held := door_private.apply_claim(session, held, wanted, 'sent_for_approval');
        ELSE
            held := door_private.apply_claim(session, held, door_private.with_receipt(wanted), 'submitted');
        END IF;
    END IF;
    RETURN door_private.claim_worked(session, sight, 'submitted', result, why, held);
END
$function$;

-- What a change makes of a claim, or why it cannot be: state, own (whoever made or sent it does not approve it), account,
-- ground and in_force as door_private.claim_fault says, day (it ends after it began, and before it would end anyway).
CREATE FUNCTION door_private.changed_claim(
    session identity.acting_session, held claims.claim, today date, what text, ended_on date,
    OUT changed claims.claim, OUT why text
)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    changed := held;
    why := CASE
        WHEN held.state <> ALL (CASE what
            WHEN 'approved' THEN ARRAY['to_approve']
            WHEN 'returned' THEN ARRAY['to_approve']
            WHEN 'discarded' THEN ARRAY['draft', 'to_approve']
            WHEN 'withdrawn' THEN
                ARRAY['submitted', 'received', 'more_information', 'accepted', 'partly_accepted']
            ELSE ARRAY['submitted', 'received', 'more_information', 'accepted', 'partly_accepted', 'in_payment'] END)
            THEN 'state'
        WHEN what = 'approved' AND session.official_pseudonym IN (held.made_by, held.submitted_by) THEN 'own'
        WHEN what = 'approved' THEN door_private.claim_fault(held, today)
        WHEN what = 'ended' AND NOT coalesce(
            changed_claim.ended_on >= held.period_from
            AND (held.period_to IS NULL OR changed_claim.ended_on < held.period_to), false) THEN 'day' END;
    IF why IS NOT NULL THEN
        RETURN;
    END IF;
    changed.state := CASE what
        WHEN 'returned' THEN 'draft' WHEN 'discarded' THEN 'discarded' WHEN 'withdrawn' THEN 'withdrawn'
        WHEN 'ended' THEN 'ended_by_claimant' ELSE held.state END;
    IF what = 'approved' THEN
        changed.approved_by := session.official_pseudonym;
        changed := door_private.with_receipt(changed);
    ELSIF what = 'ended' THEN
        changed.ended_on := changed_claim.ended_on;
    END IF;
END
$function$;

-- Changes a claim. `what`: approved, returned (to its maker; `note` says why), discarded (a draft), withdrawn (before
-- anything is paid; `note` says why), ended (`ended_on`: the last day for which it holds; `note`). NULL: not there.
CREATE FUNCTION door.change_claim(
    session_secret text, claim_id uuid, version integer, what text, note text DEFAULT NULL, ended_on date DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    session identity.acting_session := door_private.session(session_secret);
    sight door_private.sight := door_private.claim_sight(session);
    held claims.claim;
    made record;
    result text := 'done';
    why text;
BEGIN
    IF version IS NULL OR what IS NULL OR what NOT IN ('approved', 'returned', 'discarded', 'withdrawn', 'ended')
        OR (what IN ('returned', 'withdrawn', 'ended')) <> (note IS NOT NULL)
        OR (note IS NOT NULL AND length(btrim(note)) NOT BETWEEN 10 AND 255)
        OR (what = 'ended') <> (ended_on IS NOT NULL) THEN
        RAISE EXCEPTION 'no such change' USING ERRCODE = 'KL010';
    END IF;
    IF sight.purpose IS NULL THEN
        RETURN NULL;
    END IF;
    held := door_private.find_claim(session, sight, claim_id, true);
    IF held.claim_id IS NULL THEN
        RETURN NULL;
    END IF;
    IF held.version <> change_claim.version THEN
        result := 'changed';
    ELSE
        made := door_private.changed_claim(session, held, sight.today, what, ended_on);
        why := made.why;
        IF why IS NULL THEN
            held := door_private.apply_claim(session, held, made.changed, what, btrim(note));
        ELSE
            result := 'not_possible';
        END IF;
    END IF;
    RETURN door_private.claim_worked(session, sight, what, result, why, held);
END
$function$;

GRANT EXECUTE ON FUNCTION
    door.start_claim(text, uuid, uuid),
    door.keep_claim(text, uuid, integer, jsonb),
    door.submit_claim(text, uuid, integer, text, text, date, date, numeric, date, date, date, bigint, text, text, text,
        text, text[]),
    door.change_claim(text, uuid, integer, text, text, date)
TO kelmu_web;
