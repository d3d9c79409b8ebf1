-- What each person has chosen, by SHA-256 of their id.
CREATE TABLE IF NOT EXISTS notify_preference (
  recipient_hash  VARBINARY(32) PRIMARY KEY,
  recipient_id    VARCHAR(255) NOT NULL,
  version         BIGINT NOT NULL,
  body            VARBINARY(1048576) NOT NULL
);

-- How it came to that: every change, with who made it and where. Appended, never changed; goes with the person.
CREATE TABLE IF NOT EXISTS notify_consent (
  recipient_hash  VARBINARY(32) NOT NULL,
  version         BIGINT NOT NULL,
  at              TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  body            VARBINARY(1048576) NOT NULL,
  PRIMARY KEY (recipient_hash, version)
);

-- Addresses that must not be used, by a hash of the address; the address itself stands in the body. Where the
-- store encrypts, one row is the key by which addresses are hashed, itself encrypted.
CREATE TABLE IF NOT EXISTS notify_suppression (
  address_hash  VARBINARY(32) PRIMARY KEY,
  channel       VARCHAR(32) NOT NULL,
  kind          SMALLINT NOT NULL,
  body          VARBINARY(1048576) NOT NULL
);

INSERT INTO notify_schema (version) VALUES (4);
