-- Windows of digests. Slot is SHA-256 of person, category and key while a window is open.
CREATE TABLE notify_digest (
  id            UUID PRIMARY KEY,
  slot          BYTEA UNIQUE,
  recipient_id  VARCHAR(255) NOT NULL,
  category      VARCHAR(64) NOT NULL,
  opened_at     TIMESTAMPTZ NOT NULL,
  ends_at       TIMESTAMPTZ NOT NULL,
  due           TIMESTAMPTZ NOT NULL,
  items         INTEGER NOT NULL,
  version       BIGINT NOT NULL
) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX notify_digest_due ON notify_digest (due);
CREATE INDEX notify_digest_person ON notify_digest (recipient_id);

-- What a window holds: deliveries that nobody claims.
CREATE TABLE notify_digestitem (
  delivery_id  UUID PRIMARY KEY,
  digest_id    UUID NOT NULL
);
CREATE INDEX notify_digestitem_digest ON notify_digestitem (digest_id);
INSERT INTO notify_schema (version) VALUES (9);
