-- Who changed what; each line holds the hash of the one before it. Lines are only added.
CREATE TABLE notify_audit (
  position     BIGINT PRIMARY KEY,
  happened_at  TIMESTAMPTZ NOT NULL,
  actor        VARCHAR(255) NOT NULL,
  source       VARCHAR(255) NOT NULL,
  kind         VARCHAR(64) NOT NULL,
  subject      VARCHAR(191),
  details      VARCHAR(4000) NOT NULL,
  previous     VARCHAR(64) NOT NULL,
  hash         VARCHAR(64) NOT NULL
);
CREATE INDEX notify_audit_of ON notify_audit (subject, position);
-- The last line: one row, which whoever adds a line locks.
CREATE TABLE notify_audithead (
  id        SMALLINT PRIMARY KEY,
  position  BIGINT NOT NULL,
  hash      VARCHAR(64) NOT NULL
);
INSERT INTO notify_schema (version) VALUES (11);
