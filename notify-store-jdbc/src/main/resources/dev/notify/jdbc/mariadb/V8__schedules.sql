-- Notifications that are sent again and again. Those of one person are found by the SHA-256 of the person's id.
CREATE TABLE IF NOT EXISTS notify_schedule (
  id              VARCHAR(128) PRIMARY KEY,
  recipient_hash  BINARY(32),
  body            MEDIUMBLOB NOT NULL,
  due             DATETIME(6),
  version         BIGINT NOT NULL,
  INDEX notify_schedule_due (due),
  INDEX notify_schedule_of (recipient_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- How often people opened something, a byte for each hour of their day; by the SHA-256 of the person's id.
CREATE TABLE IF NOT EXISTS notify_habit (
  key_hash  BINARY(32) PRIMARY KEY,
  hours     BINARY(24) NOT NULL,
  ends_at   DATETIME(6) NOT NULL,
  INDEX notify_habit_end (ends_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO notify_schema (version) VALUES (8);
