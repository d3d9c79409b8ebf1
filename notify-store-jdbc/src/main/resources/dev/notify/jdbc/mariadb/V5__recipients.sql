-- People: the body has all that is known of them; found by the SHA-256 of their id.
CREATE TABLE IF NOT EXISTS notify_recipient (
  serial        BIGINT AUTO_INCREMENT PRIMARY KEY,
  id_hash       BINARY(32) NOT NULL UNIQUE,
  recipient_id  VARCHAR(255) NOT NULL,
  body          MEDIUMBLOB NOT NULL,
  updated_at    DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Whose each device is, by the SHA-256 of its token.
CREATE TABLE IF NOT EXISTS notify_device (
  token_hash        BINARY(32) PRIMARY KEY,
  recipient_serial  BIGINT NOT NULL,
  seen_at           DATETIME(6) NOT NULL,
  INDEX notify_device_seen (seen_at),
  INDEX notify_device_of (recipient_serial)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What segments ask for. A content begins with its kind, and its bytes have its order: B and a flag; I and microseconds;
-- N and a number times 10^9; T and a text in UTF-8. Numbers are signed, with the first bit turned round.
CREATE TABLE IF NOT EXISTS notify_fact (
  recipient_serial  BIGINT NOT NULL,
  name              VARCHAR(128) NOT NULL,
  content           VARBINARY(800) NOT NULL,
  PRIMARY KEY (recipient_serial, name),
  INDEX notify_fact_found (name, content, recipient_serial)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO notify_schema (version) VALUES (5);
