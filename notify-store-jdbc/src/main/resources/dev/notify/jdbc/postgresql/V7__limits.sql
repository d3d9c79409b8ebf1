-- Permits of caps that were taken in the period that goes on, by SHA-256 of the cap and whom it is about.
CREATE TABLE notify_limit (
  key_hash  BYTEA PRIMARY KEY,
  taken     BIGINT NOT NULL,
  ends_at   TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX notify_limit_end ON notify_limit (ends_at);
INSERT INTO notify_schema (version) VALUES (7);
