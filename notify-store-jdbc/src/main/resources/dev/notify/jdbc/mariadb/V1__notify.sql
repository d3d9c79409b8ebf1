-- What an application asked for, and all about it that never changes: written once, read by id.
CREATE TABLE IF NOT EXISTS notify_message (
  id            BINARY(16) PRIMARY KEY,
  accepted_at   DATETIME(6) NOT NULL,
  recipient_id  VARCHAR(255) NOT NULL,
  body          MEDIUMBLOB NOT NULL,
  broadcast_id  BINARY(16)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Open deliveries only, narrow and few; owner is the node that holds one, and empty while one waits;
-- cancel_* how a held one is to end instead of waiting again.
CREATE TABLE IF NOT EXISTS notify_delivery (
  id             BINARY(16) PRIMARY KEY,
  message_id     BINARY(16) NOT NULL,
  channel        VARCHAR(32) NOT NULL,
  priority       SMALLINT NOT NULL,
  status         SMALLINT NOT NULL,
  due            DATETIME(6) NOT NULL,
  expires_at     DATETIME(6) NOT NULL,
  owner          BIGINT,
  lease          BIGINT NOT NULL,
  attempts       INTEGER NOT NULL,
  deaths         SMALLINT NOT NULL,
  counted        BOOLEAN NOT NULL,
  updated_at     DATETIME(6) NOT NULL,
  subject_hash   BIGINT,
  provider       VARCHAR(64),
  reason_code    VARCHAR(64),
  reason_detail  VARCHAR(1000),
  cancel_status  SMALLINT,
  cancel_code    VARCHAR(64),
  cancel_detail  VARCHAR(1000),
  broadcast_id   BINARY(16),
  INDEX notify_delivery_ready (owner, channel, priority, due, id),
  INDEX notify_delivery_subject (subject_hash),
  INDEX notify_delivery_broadcast (broadcast_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Deliveries that have come to an end. The attempt that ended a sent one stands here too.
CREATE TABLE IF NOT EXISTS notify_outcome (
  id                   BINARY(16) PRIMARY KEY,
  message_id           BINARY(16) NOT NULL,
  channel              VARCHAR(32) NOT NULL,
  priority             SMALLINT NOT NULL,
  status               SMALLINT NOT NULL,
  due                  DATETIME(6) NOT NULL,
  expires_at           DATETIME(6) NOT NULL,
  lease                BIGINT NOT NULL,
  attempts             INTEGER NOT NULL,
  counted              BOOLEAN NOT NULL,
  updated_at           DATETIME(6) NOT NULL,
  dead_letter          BOOLEAN NOT NULL,
  provider             VARCHAR(64),
  provider_message_id  VARCHAR(512),
  reason_code          VARCHAR(64),
  reason_detail        VARCHAR(1000),
  attempt_at           DATETIME(6),
  attempt_us           BIGINT,
  INDEX notify_outcome_provider (provider_message_id, provider),
  INDEX notify_outcome_dead (dead_letter, updated_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Provider calls, but for the one that ended a sent delivery: appended, never changed.
CREATE TABLE IF NOT EXISTS notify_attempt (
  delivery_id  BINARY(16) NOT NULL,
  lease        BIGINT NOT NULL,
  position     SMALLINT NOT NULL,
  provider     VARCHAR(64) NOT NULL,
  started_at   DATETIME(6) NOT NULL,
  duration_us  BIGINT NOT NULL,
  outcome      SMALLINT NOT NULL,
  detail       VARCHAR(1000) NOT NULL,
  wait_ms      BIGINT,
  PRIMARY KEY (delivery_id, lease, position)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What providers and people told of a delivery; the key makes a repeated report no news.
CREATE TABLE IF NOT EXISTS notify_event (
  delivery_id    BINARY(16) NOT NULL,
  type           SMALLINT NOT NULL,
  at             DATETIME(6) NOT NULL,
  provider       VARCHAR(64),
  reason_code    VARCHAR(64),
  reason_detail  VARCHAR(1000),
  PRIMARY KEY (delivery_id, at, type)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Idempotency keys within their window, by SHA-256 of the key.
CREATE TABLE IF NOT EXISTS notify_key (
  key_hash     BINARY(32) PRIMARY KEY,
  fingerprint  VARCHAR(64) NOT NULL,
  message_id   BINARY(16) NOT NULL,
  ends_at      DATETIME(6) NOT NULL,
  INDEX notify_key_end (ends_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Processes at work; one whose heartbeat is too old has lost what it held.
CREATE TABLE IF NOT EXISTS notify_node (
  id            BIGINT AUTO_INCREMENT PRIMARY KEY,
  name          VARCHAR(128) NOT NULL,
  heartbeat_at  DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The version of these tables; each migration adds its own at its end.
CREATE TABLE IF NOT EXISTS notify_schema (version INTEGER PRIMARY KEY);
INSERT INTO notify_schema (version) VALUES (1);
