-- What an application asked for: written once, read by id.
CREATE TABLE IF NOT EXISTS notify_message (
  id            UUID PRIMARY KEY,
  accepted_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  recipient_id  VARCHAR(255) NOT NULL,
  subject_type  VARCHAR(64),
  subject_id    VARCHAR(191),
  body          VARBINARY(16777216) NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_message_subject ON notify_message (subject_type, subject_id);

-- Open deliveries only, narrow and few; owner is the node that holds one, and empty while one waits.
CREATE TABLE IF NOT EXISTS notify_delivery (
  id          UUID PRIMARY KEY,
  message_id  UUID NOT NULL,
  channel     VARCHAR(32) NOT NULL,
  priority    SMALLINT NOT NULL,
  status      SMALLINT NOT NULL,
  due         TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  owner       BIGINT,
  lease       BIGINT NOT NULL,
  attempts    INTEGER NOT NULL,
  state       VARBINARY(16777216) NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_delivery_ready ON notify_delivery (owner, channel, priority, due, id);
CREATE INDEX IF NOT EXISTS notify_delivery_message ON notify_delivery (message_id);

-- Deliveries that have come to an end.
CREATE TABLE IF NOT EXISTS notify_outcome (
  id                   UUID PRIMARY KEY,
  message_id           UUID NOT NULL,
  status               SMALLINT NOT NULL,
  ended_at             TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  provider             VARCHAR(64),
  provider_message_id  VARCHAR(255),
  dead_letter          BOOLEAN NOT NULL,
  state                VARBINARY(16777216) NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_outcome_message ON notify_outcome (message_id);
CREATE INDEX IF NOT EXISTS notify_outcome_provider ON notify_outcome (provider, provider_message_id);
CREATE INDEX IF NOT EXISTS notify_outcome_dead ON notify_outcome (dead_letter, ended_at, id);

-- Provider calls: appended, never changed.
CREATE TABLE IF NOT EXISTS notify_attempt (
  delivery_id  UUID NOT NULL,
  lease        BIGINT NOT NULL,
  position     SMALLINT NOT NULL,
  provider     VARCHAR(64) NOT NULL,
  started_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  duration_us  BIGINT NOT NULL,
  outcome      SMALLINT NOT NULL,
  detail       VARCHAR(1024) NOT NULL,
  PRIMARY KEY (delivery_id, lease, position)
);

-- What providers and people told of a delivery; the key makes a repeated report no news.
CREATE TABLE IF NOT EXISTS notify_event (
  delivery_id  UUID NOT NULL,
  type         SMALLINT NOT NULL,
  at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  provider     VARCHAR(64),
  detail       VARCHAR(1024) NOT NULL,
  PRIMARY KEY (delivery_id, at, type)
);

-- Idempotency keys within their window, by SHA-256 of the key.
CREATE TABLE IF NOT EXISTS notify_key (
  key_hash     BINARY(32) PRIMARY KEY,
  fingerprint  VARCHAR(64) NOT NULL,
  message_id   UUID NOT NULL,
  ends_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_key_end ON notify_key (ends_at);

-- Processes at work; one whose heartbeat is too old has lost what it held.
CREATE TABLE IF NOT EXISTS notify_node (
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name          VARCHAR(128) NOT NULL,
  heartbeat_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
