-- Notifications that are sent again and again. Those of one person are found by the SHA-256 of the person's id.
CREATE TABLE IF NOT EXISTS notify_schedule (
  id              VARCHAR(128) PRIMARY KEY,
  recipient_hash  VARBINARY(32),
  body            VARBINARY(16777216) NOT NULL,
  due             TIMESTAMP(6) WITH TIME ZONE,
  version         BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_schedule_due ON notify_schedule (due);
CREATE INDEX IF NOT EXISTS notify_schedule_of ON notify_schedule (recipient_hash);

-- How often people opened something, a byte for each hour of their day; by the SHA-256 of the person's id.
CREATE TABLE IF NOT EXISTS notify_habit (
  key_hash  VARBINARY(32) PRIMARY KEY,
  hours     VARBINARY(24) NOT NULL,
  ends_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_habit_end ON notify_habit (ends_at);
INSERT INTO notify_schema (version) VALUES (8);
