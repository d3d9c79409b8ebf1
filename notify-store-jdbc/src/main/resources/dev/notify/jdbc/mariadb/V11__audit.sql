-- Who changed what; each line holds the hash of the one before it. Lines are only added.
CREATE TABLE IF NOT EXISTS notify_audit (
  position     BIGINT PRIMARY KEY,
  happened_at  DATETIME(6) NOT NULL,
  actor        VARCHAR(255) NOT NULL,
  source       VARCHAR(255) NOT NULL,
  kind         VARCHAR(64) NOT NULL,
  subject      VARCHAR(191),
  details      VARCHAR(4000) NOT NULL,
  previous     VARCHAR(64) NOT NULL,
  hash         VARCHAR(64) NOT NULL,
  INDEX notify_audit_of (subject, position)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- The last line: one row, which whoever adds a line locks.
CREATE TABLE IF NOT EXISTS notify_audithead (
  id        SMALLINT PRIMARY KEY,
  position  BIGINT NOT NULL,
  hash      VARCHAR(64) NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO notify_schema (version) VALUES (11);
