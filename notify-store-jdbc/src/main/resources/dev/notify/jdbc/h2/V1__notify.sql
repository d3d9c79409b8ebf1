-- What an application asked for, and all about it that never changes: written once, read by id.
CREATE TABLE IF NOT EXISTS notify_message (
  id            UUID PRIMARY KEY,
  accepted_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  recipient_id  VARCHAR(255) NOT NULL,
  body          VARBINARY(16777216) NOT NULL,
  broadcast_id  UUID
);

-- Open deliveries only, narrow and few; owner is the node that holds one, and empty while one waits;
-- cancel_* how a held one is to end instead of waiting again.
CREATE TABLE IF NOT EXISTS notify_delivery (
  id             UUID PRIMARY KEY,
  message_id     UUID NOT NULL,
  channel        VARCHAR(32) NOT NULL,
  priority       SMALLINT NOT NULL,
  status         SMALLINT NOT NULL,
  due            TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  owner          BIGINT,
  lease          BIGINT NOT NULL,
  attempts       INTEGER NOT NULL,
  deaths         SMALLINT NOT NULL,
  counted        BOOLEAN NOT NULL,
  updated_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  subject_hash   BIGINT,
  provider       VARCHAR(64),
  reason_code    VARCHAR(64),
  reason_detail  VARCHAR(1000),
  cancel_status  SMALLINT,
  cancel_code    VARCHAR(64),
  cancel_detail  VARCHAR(1000),
  broadcast_id   UUID
);
CREATE INDEX IF NOT EXISTS notify_delivery_ready ON notify_delivery (owner, channel, priority, due, id);
CREATE INDEX IF NOT EXISTS notify_delivery_subject ON notify_delivery (subject_hash);
CREATE INDEX IF NOT EXISTS notify_delivery_broadcast ON notify_delivery (broadcast_id);

-- Deliveries that have come to an end. The attempt that ended a sent one stands here too.
CREATE TABLE IF NOT EXISTS notify_outcome (
  id                   UUID PRIMARY KEY,
  message_id           UUID NOT NULL,
  channel              VARCHAR(32) NOT NULL,
  priority             SMALLINT NOT NULL,
  status               SMALLINT NOT NULL,
  due                  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  lease                BIGINT NOT NULL,
  attempts             INTEGER NOT NULL,
  counted              BOOLEAN NOT NULL,
  updated_at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  dead_letter          BOOLEAN NOT NULL,
  provider             VARCHAR(64),
  provider_message_id  VARCHAR(512),
  reason_code          VARCHAR(64),
  reason_detail        VARCHAR(1000),
  attempt_at           TIMESTAMP(6) WITH TIME ZONE,
  attempt_us           BIGINT
);
CREATE INDEX IF NOT EXISTS notify_outcome_provider ON notify_outcome (provider_message_id, provider);
CREATE INDEX IF NOT EXISTS notify_outcome_dead ON notify_outcome (dead_letter, updated_at, id);

-- Provider calls, but for the one that ended a sent delivery: appended, never changed.
CREATE TABLE IF NOT EXISTS notify_attempt (
  delivery_id  UUID NOT NULL,
  lease        BIGINT NOT NULL,
  position     SMALLINT NOT NULL,
  provider     VARCHAR(64) NOT NULL,
  started_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  duration_us  BIGINT NOT NULL,
  outcome      SMALLINT NOT NULL,
  detail       VARCHAR(1000) NOT NULL,
  wait_ms      BIGINT,
  PRIMARY KEY (delivery_id, lease, position)
);

-- What providers and people told of a delivery; the key makes a repeated report no news.
CREATE TABLE IF NOT EXISTS notify_event (
  delivery_id    UUID NOT NULL,
  type           SMALLINT NOT NULL,
  at             TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  provider       VARCHAR(64),
  reason_code    VARCHAR(64),
  reason_detail  VARCHAR(1000),
  PRIMARY KEY (delivery_id, at, type)
);

-- Idempotency keys within their window, by SHA-256 of the key.
CREATE TABLE IF NOT EXISTS notify_key (
  key_hash     VARBINARY(32) PRIMARY KEY,
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

-- The version of these tables; each migration adds its own at its end.
CREATE TABLE IF NOT EXISTS notify_schema (version INTEGER PRIMARY KEY);
INSERT INTO notify_schema (version) VALUES (1);
