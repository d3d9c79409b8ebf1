-- Windows of digests. Slot is SHA-256 of person, category and key while a window is open.
CREATE TABLE IF NOT EXISTS notify_digest (
  id            UUID PRIMARY KEY,
  slot          VARBINARY(32) UNIQUE,
  recipient_id  VARCHAR(255) NOT NULL,
  category      VARCHAR(64) NOT NULL,
  opened_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  ends_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  due           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  items         INTEGER NOT NULL,
  version       BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_digest_due ON notify_digest (due);
CREATE INDEX IF NOT EXISTS notify_digest_person ON notify_digest (recipient_id);

-- What a window holds: deliveries that nobody claims.
CREATE TABLE IF NOT EXISTS notify_digestitem (
  delivery_id  UUID PRIMARY KEY,
  digest_id    UUID NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_digestitem_digest ON notify_digestitem (digest_id);
INSERT INTO notify_schema (version) VALUES (9);
