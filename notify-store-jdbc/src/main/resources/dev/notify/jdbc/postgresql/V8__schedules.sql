-- Notifications that are sent again and again. Those of one person are found by the SHA-256 of the person's id.
CREATE TABLE notify_schedule (
  id              VARCHAR(128) PRIMARY KEY,
  recipient_hash  BYTEA,
  body            BYTEA NOT NULL,
  due             TIMESTAMPTZ,
  version         BIGINT NOT NULL
);
CREATE INDEX notify_schedule_due ON notify_schedule (due) WHERE due IS NOT NULL;
CREATE INDEX notify_schedule_of ON notify_schedule (recipient_hash) WHERE recipient_hash IS NOT NULL;

-- How often people opened something, a byte for each hour of their day; by the SHA-256 of the person's id.
CREATE TABLE notify_habit (
  key_hash  BYTEA PRIMARY KEY,
  hours     BYTEA NOT NULL,
  ends_at   TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 75);
CREATE INDEX notify_habit_end ON notify_habit (ends_at);
INSERT INTO notify_schema (version) VALUES (8);
