-- What an application asked for: written once, read by id.
CREATE TABLE notify_message (
  id            UUID PRIMARY KEY,
  accepted_at   TIMESTAMPTZ NOT NULL,
  recipient_id  VARCHAR(255) NOT NULL,
  subject_type  VARCHAR(64),
  subject_id    VARCHAR(191),
  body          BYTEA NOT NULL
);
CREATE INDEX notify_message_subject ON notify_message (subject_type, subject_id)
  WHERE subject_type IS NOT NULL;

-- Open deliveries only, narrow and few; owner is the node that holds one, and empty while one waits.
CREATE TABLE notify_delivery (
  id          UUID PRIMARY KEY,
  message_id  UUID NOT NULL,
  channel     VARCHAR(32) NOT NULL,
  priority    SMALLINT NOT NULL,
  status      SMALLINT NOT NULL,
  due         TIMESTAMPTZ NOT NULL,
  expires_at  TIMESTAMPTZ NOT NULL,
  owner       BIGINT,
  lease       BIGINT NOT NULL,
  attempts    INTEGER NOT NULL,
  state       BYTEA NOT NULL
) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX notify_delivery_ready ON notify_delivery (channel, priority, due, id)
  WHERE owner IS NULL;
CREATE INDEX notify_delivery_message ON notify_delivery (message_id);

-- Deliveries that have come to an end.
CREATE TABLE notify_outcome (
  id                   UUID PRIMARY KEY,
  message_id           UUID NOT NULL,
  status               SMALLINT NOT NULL,
  ended_at             TIMESTAMPTZ NOT NULL,
  provider             VARCHAR(64),
  provider_message_id  VARCHAR(255),
  dead_letter          BOOLEAN NOT NULL,
  state                BYTEA NOT NULL
);
CREATE INDEX notify_outcome_message ON notify_outcome (message_id);
CREATE INDEX notify_outcome_provider ON notify_outcome (provider, provider_message_id)
  WHERE provider_message_id IS NOT NULL;
CREATE INDEX notify_outcome_dead ON notify_outcome (ended_at, id)
  WHERE dead_letter;

-- Provider calls: appended, never changed.
CREATE TABLE notify_attempt (
  delivery_id  UUID NOT NULL,
  lease        BIGINT NOT NULL,
  position     SMALLINT NOT NULL,
  provider     VARCHAR(64) NOT NULL,
  started_at   TIMESTAMPTZ NOT NULL,
  duration_us  BIGINT NOT NULL,
  outcome      SMALLINT NOT NULL,
  detail       VARCHAR(1024) NOT NULL,
  PRIMARY KEY (delivery_id, lease, position)
);

-- What providers and people told of a delivery; the key makes a repeated report no news.
CREATE TABLE notify_event (
  delivery_id  UUID NOT NULL,
  type         SMALLINT NOT NULL,
  at           TIMESTAMPTZ NOT NULL,
  provider     VARCHAR(64),
  detail       VARCHAR(1024) NOT NULL,
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
