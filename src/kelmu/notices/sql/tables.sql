-- Notices of a need for social welfare. Only doors read and write them: what a notice says of a person lies in tables
-- of its own, and so does its way through organisations and hands. Days are inclusive.

CREATE SCHEMA notices;

CREATE DOMAIN notices.kind AS text CONSTRAINT notice_kind_known CHECK (VALUE IN (
    'social_work_need', 'supplementary_preventive_application', 'lowered_basic_part', 'unemployed_under_25',
    'unemployed_25_plus', 'immigrant'));
CREATE DOMAIN notices.state AS text CONSTRAINT notice_state_known CHECK (VALUE IN (
    'new', 'read', 'in_progress', 'handled'));
CREATE DOMAIN notices.outcome AS text CONSTRAINT notice_outcome_known CHECK (VALUE IN (
    'contacted', 'invited_to_assessment', 'already_a_client', 'no_need', 'not_reached', 'wrong_person'));
CREATE DOMAIN notices.reason AS text CONSTRAINT notice_reason_length CHECK (length(VALUE) BETWEEN 10 AND 255);

-- The workflow, and whose it is. `municipality_code` is the one addressed now; `visible_from` the first moment anybody sees the notice,
-- `arrived_at` the first at its present address; `due_on` the last day for a decision. `restricted`: the client had a
-- non-disclosure order when it was sent; doors ask again at each look. `kela_asked_at`: when
-- Kela last asked for its answer. `version` grows by one with each change. `source_key` names what made the notice, once.
CREATE TABLE notices.notice (
    notice_id uuid CONSTRAINT notice_pk PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT notice_number_key UNIQUE,
    person_id bigint NOT NULL CONSTRAINT notice_person_fk REFERENCES register.person,
    kind notices.kind NOT NULL,
    urgent boolean NOT NULL,
    sent_at timestamptz NOT NULL,
    visible_from timestamptz NOT NULL,
    arrived_at timestamptz NOT NULL,
    due_on date NOT NULL,
    municipality_code text NOT NULL CONSTRAINT notice_municipality_fk REFERENCES organisations.municipality,
    restricted boolean NOT NULL,
    state notices.state NOT NULL DEFAULT 'new',
    assignee identity.pseudonym,
    outcome notices.outcome,
    taken_at timestamptz,
    handled_at timestamptz,
    kela_asked_at timestamptz,
    moves smallint NOT NULL DEFAULT 0 CONSTRAINT notice_moves_not_negative CHECK (moves >= 0),
    version integer NOT NULL DEFAULT 1 CONSTRAINT notice_version_positive CHECK (version > 0),
    source_key text NOT NULL CONSTRAINT notice_source_key UNIQUE,
    CONSTRAINT notice_only_applications_are_urgent CHECK (
        NOT urgent OR kind = 'supplementary_preventive_application'),
    CONSTRAINT notice_not_seen_before_sent CHECK (visible_from >= sent_at AND arrived_at >= visible_from),
    CONSTRAINT notice_handled_with_outcome CHECK (
        (state = 'handled') = (outcome IS NOT NULL) AND (state = 'handled') = (handled_at IS NOT NULL)),
    CONSTRAINT notice_new_is_nobodys CHECK (state NOT IN ('new', 'read') OR assignee IS NULL)
);
CREATE INDEX notice_open_person_idx ON notices.notice (person_id) WHERE state <> 'handled';
CREATE INDEX notice_inbox_idx ON notices.notice (municipality_code, state, due_on);

-- What it says of the client. `content` holds what came with it, under the keys that door_private.send_notice lists.
CREATE TABLE notices.notice_content (
    notice_id uuid CONSTRAINT notice_content_pk PRIMARY KEY
        CONSTRAINT notice_content_notice_fk REFERENCES notices.notice,
    person_id bigint NOT NULL CONSTRAINT notice_content_person_fk REFERENCES register.person,
    need_reason text CONSTRAINT notice_content_need_reason_known CHECK (need_reason IN (
        'life_management', 'livelihood', 'housing', 'health', 'other')),
    content jsonb NOT NULL CONSTRAINT notice_content_object CHECK (jsonb_typeof(content) = 'object'),
    -- SHA-256 of the whole message it came by; NULL where none brought it.
    message_digest identity.digest
);
CREATE INDEX notice_content_person_idx ON notices.notice_content (person_id);

-- `place` counts from 1 within a notice. The name is the sender's, without any folder.
CREATE TABLE notices.attachment (
    notice_id uuid CONSTRAINT attachment_notice_fk REFERENCES notices.notice,
    place smallint CONSTRAINT attachment_place_positive CHECK (place > 0),
    name text NOT NULL CONSTRAINT attachment_name_usable CHECK (name ~ '^[^/\\[:cntrl:]]{1,200}$'),
    media_type text NOT NULL CONSTRAINT attachment_media_type_known CHECK (media_type IN (
        'application/pdf', 'image/jpeg', 'image/png', 'image/tiff', 'text/plain')),
    size integer NOT NULL CONSTRAINT attachment_size_positive CHECK (size > 0),
    sha256 identity.digest NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT attachment_pk PRIMARY KEY (notice_id, place)
);
ALTER TABLE notices.attachment ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Its way between bodies. A transfer that was undone stays, with the time of that.
CREATE TABLE notices.transfer (
    transfer_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT transfer_pk PRIMARY KEY,
    notice_id uuid NOT NULL CONSTRAINT transfer_notice_fk REFERENCES notices.notice,
    version integer NOT NULL,
    from_municipality text NOT NULL CONSTRAINT transfer_from_fk REFERENCES organisations.municipality,
    to_municipality text NOT NULL CONSTRAINT transfer_to_fk REFERENCES organisations.municipality,
    organisation_id bigint NOT NULL CONSTRAINT transfer_organisation_fk REFERENCES organisations.organisation,
    by_official identity.pseudonym NOT NULL,
    reason notices.reason NOT NULL,
    moved_at timestamptz NOT NULL DEFAULT now(),
    undone_at timestamptz,
    CONSTRAINT transfer_once UNIQUE (notice_id, version),
    CONSTRAINT transfer_goes_elsewhere CHECK (from_municipality <> to_municipality)
);
CREATE INDEX transfer_organisation_idx ON notices.transfer (organisation_id, moved_at);
CREATE INDEX transfer_target_idx ON notices.transfer (to_municipality, moved_at);

-- What happened to a notice, in order: one event for each version. `before` and `after` are workflow values.
-- `undoes` is the version whose change this one took back.
CREATE TABLE notices.event (
    notice_id uuid CONSTRAINT event_notice_fk REFERENCES notices.notice,
    version integer,
    at timestamptz NOT NULL DEFAULT now(),
    what text NOT NULL CONSTRAINT event_what_known CHECK (what IN (
        'sent', 'opened', 'marked_read', 'marked_unread', 'taken', 'assigned', 'released', 'noted', 'handled',
        'reopened', 'transferred', 'undone', 'kela_asked')),
    by_official identity.pseudonym,
    organisation_id bigint,
    before jsonb,
    after jsonb NOT NULL,
    undoes integer,
    CONSTRAINT event_pk PRIMARY KEY (notice_id, version),
    CONSTRAINT event_undone_what CHECK ((what = 'undone') = (undoes IS NOT NULL))
);

-- What officials wrote, for the body that then held the notice and those it goes on to.
CREATE TABLE notices.note (
    notice_id uuid,
    version integer,
    text text NOT NULL CONSTRAINT note_length CHECK (length(text) BETWEEN 1 AND 2000),
    CONSTRAINT note_pk PRIMARY KEY (notice_id, version),
    CONSTRAINT note_event_fk FOREIGN KEY (notice_id, version) REFERENCES notices.event
);

-- What goes back to Kela, written with the change it tells of: when it was taken up, the outcome, and that it was
-- reopened. No case content. It waits until the change can no longer be taken back.
CREATE TABLE notices.answer (
    answer_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT answer_pk PRIMARY KEY,
    notice_id uuid NOT NULL,
    version integer NOT NULL,
    what text NOT NULL CONSTRAINT answer_what_known CHECK (what IN ('taken_up', 'handled', 'reopened')),
    outcome notices.outcome,
    at timestamptz NOT NULL DEFAULT now(),
    ready_at timestamptz NOT NULL DEFAULT now() + interval '11 minutes',
    withdrawn_at timestamptz,
    delivered_at timestamptz,
    -- The same at each attempt, so that the other side keeps it once.
    message_id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT answer_message_key UNIQUE,
    attempts integer NOT NULL DEFAULT 0 CONSTRAINT answer_attempts_not_negative CHECK (attempts >= 0),
    -- Not taken for delivery before.
    again_at timestamptz NOT NULL DEFAULT '-infinity',
    fault text CONSTRAINT answer_fault_known CHECK (fault IN (
        'unreachable', 'busy', 'failed', 'unreadable', 'refused')),
    CONSTRAINT answer_event_fk FOREIGN KEY (notice_id, version) REFERENCES notices.event,
    CONSTRAINT answer_once UNIQUE (notice_id, version, what),
    CONSTRAINT answer_outcome_when_handled CHECK ((what = 'handled') = (outcome IS NOT NULL)),
    CONSTRAINT answer_not_withdrawn_and_delivered CHECK (num_nonnulls(withdrawn_at, delivered_at) < 2)
);
CREATE INDEX answer_waiting_idx ON notices.answer (again_at, answer_id)
    WHERE delivered_at IS NULL AND withdrawn_at IS NULL;

GRANT USAGE ON SCHEMA notices TO kelmu_door;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA notices TO kelmu_door;
GRANT UPDATE (municipality_code, arrived_at, state, assignee, outcome, taken_at, handled_at, moves, version,
    kela_asked_at) ON notices.notice TO kelmu_door;
GRANT UPDATE (message_digest) ON notices.notice_content TO kelmu_door;
GRANT UPDATE (undone_at) ON notices.transfer TO kelmu_door;
GRANT UPDATE (withdrawn_at, delivered_at, attempts, again_at, fault) ON notices.answer TO kelmu_door;
