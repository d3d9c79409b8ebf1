-- What each person has chosen, by SHA-256 of their id.
CREATE TABLE notify_preference (
  recipient_hash  BYTEA PRIMARY KEY,
  recipient_id    VARCHAR(255) NOT NULL,
  version         BIGINT NOT NULL,
  body            BYTEA NOT NULL
);

-- How it came to that: every change, with who made it and where. Appended, never changed; goes with the person.
CREATE TABLE notify_consent (
  recipient_hash  BYTEA NOT NULL,
  version         BIGINT NOT NULL,
  at              TIMESTAMPTZ NOT NULL,
  body            BYTEA NOT NULL,
  PRIMARY KEY (recipient_hash, version)
);

-- Addresses that must not be used, by a hash of the address; the address itself stands in the body. Where the
-- store encrypts, one row is the key by which addresses are hashed, itself encrypted.
CREATE TABLE notify_suppression (
  address_hash  BYTEA PRIMARY KEY,
  channel       VARCHAR(32) NOT NULL,
  kind          SMALLINT NOT NULL,
  body          BYTEA NOT NULL
);

INSERT INTO notify_schema (version) VALUES (4);
