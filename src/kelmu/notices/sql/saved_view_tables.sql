-- Views of the inbox that officials have saved for themselves: a filter and an order under a name of their own, for one
-- organisation. Nothing about any client; only doors read and write here.

-- `place` counts from 1: there is no 21st. One at most is shown where the inbox opens.
CREATE TABLE notices.saved_view (
    official_pseudonym identity.pseudonym,
    organisation_id bigint CONSTRAINT saved_view_organisation_fk REFERENCES organisations.organisation,
    place smallint CONSTRAINT saved_view_at_most_20 CHECK (place BETWEEN 1 AND 20),
    name text NOT NULL CONSTRAINT saved_view_name_usable CHECK (
        name ~ '^[^[:cntrl:]]{1,60}$' AND name = btrim(name)),
    filter jsonb NOT NULL CONSTRAINT saved_view_filter_object CHECK (
        jsonb_typeof(filter) = 'object' AND length(filter::text) <= 8000),
    sort text NOT NULL CONSTRAINT saved_view_sort_known CHECK (
        sort ~ '^-?(due|arrived|number|kind|municipality|state)$'),
    shown_first boolean NOT NULL DEFAULT false,
    CONSTRAINT saved_view_pk PRIMARY KEY (official_pseudonym, organisation_id, place),
    CONSTRAINT saved_view_name_key UNIQUE (official_pseudonym, organisation_id, name)
);
CREATE UNIQUE INDEX saved_view_shown_first_key ON notices.saved_view (official_pseudonym, organisation_id)
    WHERE shown_first;

GRANT SELECT, INSERT, DELETE ON notices.saved_view TO kelmu_door;
GRANT UPDATE (shown_first) ON notices.saved_view TO kelmu_door;
