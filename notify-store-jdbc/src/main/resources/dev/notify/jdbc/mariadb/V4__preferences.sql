-- What each person has chosen, by SHA-256 of their id.
CREATE TABLE IF NOT EXISTS notify_preference (
  recipient_hash  BINARY(32) PRIMARY KEY,
  recipient_id    VARCHAR(255) NOT NULL,
  version         BIGINT NOT NULL,
  body            MEDIUMBLOB NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- How it came to that: every change, with who made it and where. Appended, never changed; goes with the person.
CREATE TABLE IF NOT EXISTS notify_consent (
  recipient_hash  BINARY(32) NOT NULL,
  version         BIGINT NOT NULL,
  at              DATETIME(6) NOT NULL,
  body            MEDIUMBLOB NOT NULL,
  PRIMARY KEY (recipient_hash, version)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Addresses that must not be used, by a hash of the address; the address itself stands in the body. Where the
-- store encrypts, one row is the key by which addresses are hashed, itself encrypted.
CREATE TABLE IF NOT EXISTS notify_suppression (
  address_hash  BINARY(32) PRIMARY KEY,
  channel       VARCHAR(32) NOT NULL,
  kind          SMALLINT NOT NULL,
  body          MEDIUMBLOB NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO notify_schema (version) VALUES (4);
