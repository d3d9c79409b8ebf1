-- What an application asked for, and all about it that never changes: written once, read by id.
CREATE TABLE notify_message (
  id            UUID PRIMARY KEY,
  accepted_at   TIMESTAMPTZ NOT NULL,
  recipient_id  VARCHAR(255) NOT NULL,
  body          BYTEA NOT NULL,
  broadcast_id  UUID
);

-- Open deliveries only, narrow and few; owner is the node that holds one, and empty while one waits;
-- cancel_* how a held one is to end instead of waiting again.
CREATE TABLE notify_delivery (
  id             UUID PRIMARY KEY,
  message_id     UUID NOT NULL,
  channel        VARCHAR(32) NOT NULL,
  priority       SMALLINT NOT NULL,
  status         SMALLINT NOT NULL,
  due            TIMESTAMPTZ NOT NULL,
  expires_at     TIMESTAMPTZ NOT NULL,
  owner          BIGINT,
  lease          BIGINT NOT NULL,
  attempts       INTEGER NOT NULL,
  deaths         SMALLINT NOT NULL,
  counted        BOOLEAN NOT NULL,
  updated_at     TIMESTAMPTZ NOT NULL,
  subject_hash   BIGINT,
  provider       VARCHAR(64),
  reason_code    VARCHAR(64),
  reason_detail  VARCHAR(1000),
  cancel_status  SMALLINT,
  cancel_code    VARCHAR(64),
  cancel_detail  VARCHAR(1000),
  broadcast_id   UUID
) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX notify_delivery_ready ON notify_delivery (channel, priority, due, id)
  WHERE owner IS NULL;
CREATE INDEX notify_delivery_subject ON notify_delivery (subject_hash)
  WHERE subject_hash IS NOT NULL;
CREATE INDEX notify_delivery_broadcast ON notify_delivery (broadcast_id)
  WHERE broadcast_id IS NOT NULL;

-- Deliveries that have come to an end. The attempt that ended a sent one stands here too.
CREATE TABLE notify_outcome (
  id                   UUID PRIMARY KEY,
  message_id           UUID NOT NULL,
  channel              VARCHAR(32) NOT NULL,
  priority             SMALLINT NOT NULL,
  status               SMALLINT NOT NULL,
  due                  TIMESTAMPTZ NOT NULL,
  expires_at           TIMESTAMPTZ NOT NULL,
  lease                BIGINT NOT NULL,
  attempts             INTEGER NOT NULL,
  counted              BOOLEAN NOT NULL,
  updated_at           TIMESTAMPTZ NOT NULL,
  dead_letter          BOOLEAN NOT NULL,
  provider             VARCHAR(64),
  provider_message_id  VARCHAR(512),
  reason_code          VARCHAR(64),
  reason_detail        VARCHAR(1000),
  attempt_at           TIMESTAMPTZ,
  attempt_us           BIGINT
);
CREATE INDEX notify_outcome_provider ON notify_outcome (provider_message_id, provider)
  WHERE provider_message_id IS NOT NULL;
CREATE INDEX notify_outcome_dead ON notify_outcome (updated_at, id)
  WHERE dead_letter;

-- Provider calls, but for the one that ended a sent delivery: appended, never changed.
CREATE TABLE notify_attempt (
  delivery_id  UUID NOT NULL,
  lease        BIGINT NOT NULL,
  position     SMALLINT NOT NULL,
  provider     VARCHAR(64) NOT NULL,
  started_at   TIMESTAMPTZ NOT NULL,
  duration_us  BIGINT NOT NULL,
  outcome      SMALLINT NOT NULL,
  detail       VARCHAR(1000) NOT NULL,
  wait_ms      BIGINT,
  PRIMARY KEY (delivery_id, lease, position)
);

-- What providers and people told of a delivery; the key makes a repeated report no news.
CREATE TABLE notify_event (
  delivery_id    UUID NOT NULL,
  type           SMALLINT NOT NULL,
  at             TIMESTAMPTZ NOT NULL,
  provider       VARCHAR(64),
  reason_code    VARCHAR(64),
  reason_detail  VARCHAR(1000),
  PRIMARY KEY (delivery_id, at, type)
);

-- Idempotency keys within their window, by SHA-256 of the key.
CREATE TABLE notify_key (
  key_hash     BYTEA PRIMARY KEY,
  fingerprint  VARCHAR(64) NOT NULL,
  message_id   UUID NOT NULL,
  ends_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX notify_key_end ON notify_key (ends_at);

-- Processes at work; one whose heartbeat is too old has lost what it held.
CREATE TABLE notify_node (
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name          VARCHAR(128) NOT NULL,
  heartbeat_at  TIMESTAMPTZ NOT NULL
);

-- The version of these tables; each migration adds its own at its end.
CREATE TABLE IF NOT EXISTS notify_schema (version INTEGER PRIMARY KEY);
INSERT INTO notify_schema (version) VALUES (1);
