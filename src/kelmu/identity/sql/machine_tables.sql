-- What the machine interface keeps of its clients: tokens as digests, and assertions already used.

-- An opaque bearer token (RFC 6750); only its SHA-256 is stored.
CREATE TABLE identity.api_token (
    token_hash bytea CONSTRAINT api_token_pk PRIMARY KEY CONSTRAINT api_token_length CHECK (length(token_hash) = 32),
    client_id text NOT NULL CONSTRAINT api_token_client_fk REFERENCES organisations.api_client,
    issued_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT api_token_expires_later CHECK (expires_at > issued_at)
);

-- A client's signed assertion is good once (RFC 7523 section 3, jti), remembered until it would have expired.
CREATE TABLE identity.api_assertion (
    client_id text CONSTRAINT api_assertion_client_fk REFERENCES organisations.api_client,
    jti_hash bytea CONSTRAINT api_assertion_length CHECK (length(jti_hash) = 32),
    expires_at timestamptz NOT NULL,
    CONSTRAINT api_assertion_pk PRIMARY KEY (client_id, jti_hash)
);

GRANT SELECT, INSERT, DELETE ON identity.api_token, identity.api_assertion TO kelmu_door;
