-- Windows of digests. Slot is SHA-256 of person, category and key while a window is open.
CREATE TABLE IF NOT EXISTS notify_digest (
  id            BINARY(16) PRIMARY KEY,
  slot          BINARY(32) UNIQUE,
  recipient_id  VARCHAR(255) NOT NULL,
  category      VARCHAR(64) NOT NULL,
  opened_at     DATETIME(6) NOT NULL,
  ends_at       DATETIME(6) NOT NULL,
  due           DATETIME(6) NOT NULL,
  items         INTEGER NOT NULL,
  version       BIGINT NOT NULL,
  INDEX notify_digest_due (due),
  INDEX notify_digest_person (recipient_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What a window holds: deliveries that nobody claims.
CREATE TABLE IF NOT EXISTS notify_digestitem (
  delivery_id  BINARY(16) PRIMARY KEY,
  digest_id    BINARY(16) NOT NULL,
  INDEX notify_digestitem_digest (digest_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO notify_schema (version) VALUES (9);
