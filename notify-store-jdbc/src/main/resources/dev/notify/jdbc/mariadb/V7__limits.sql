-- Permits of caps that were taken in the period that goes on, by SHA-256 of the cap and whom it is about.
CREATE TABLE IF NOT EXISTS notify_limit (
  key_hash  BINARY(32) PRIMARY KEY,
  taken     BIGINT NOT NULL,
  ends_at   DATETIME(6) NOT NULL,
  INDEX notify_limit_end (ends_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO notify_schema (version) VALUES (7);
