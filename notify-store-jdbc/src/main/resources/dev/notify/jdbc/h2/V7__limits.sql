-- Permits of caps that were taken in the period that goes on, by SHA-256 of the cap and whom it is about.
CREATE TABLE IF NOT EXISTS notify_limit (
  key_hash  VARBINARY(32) PRIMARY KEY,
  taken     BIGINT NOT NULL,
  ends_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_limit_end ON notify_limit (ends_at);
INSERT INTO notify_schema (version) VALUES (7);
