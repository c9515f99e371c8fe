-- Notices on their way into organisations' own systems: for each client one sequence, in the order in which the notices
-- came to its inbox. Only doors read and write here.

CREATE TABLE notices.feed_client (
    client_id text CONSTRAINT feed_client_pk PRIMARY KEY
        CONSTRAINT feed_client_client_fk REFERENCES organisations.api_client,
    acknowledged bigint NOT NULL DEFAULT 0 CONSTRAINT feed_client_acknowledged_known CHECK (acknowledged >= 0)
);

-- `arrival` is the version with which the notice came to its present address: one that comes back comes again.
CREATE TABLE notices.feed_item (
    client_id text CONSTRAINT feed_item_client_fk REFERENCES notices.feed_client,
    place bigint CONSTRAINT feed_item_place_positive CHECK (place > 0),
    notice_id uuid NOT NULL CONSTRAINT feed_item_notice_fk REFERENCES notices.notice,
    arrival integer NOT NULL,
    CONSTRAINT feed_item_pk PRIMARY KEY (client_id, place),
    CONSTRAINT feed_item_once UNIQUE (client_id, notice_id, arrival)
);

GRANT SELECT, INSERT ON notices.feed_client, notices.feed_item TO kelmu_door;
GRANT UPDATE (acknowledged) ON notices.feed_client TO kelmu_door;
