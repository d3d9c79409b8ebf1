-- In-app inboxes. One row for each user: the numbers on the bell, and whoever changes the inbox locks it.
-- What expires next is an item, or of an empty inbox the row itself. A revision from before the one it began with is of an inbox that was erased.
CREATE TABLE IF NOT EXISTS notify_inboxuser (
  user_hash      BINARY(32) PRIMARY KEY,
  began          BIGINT NOT NULL,
  revision       BIGINT NOT NULL,
  unread         INTEGER NOT NULL,
  unseen         INTEGER NOT NULL,
  items          INTEGER NOT NULL,
  announced      BIGINT NOT NULL,
  next_expiry    DATETIME(6),
  INDEX notify_inboxuser_expiry (next_expiry)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Who has an inbox open before them, as each process notes of its own people. Short, and gone when it is over.
CREATE TABLE IF NOT EXISTS notify_inboxpresence (
  user_hash      BINARY(32) NOT NULL,
  process        BINARY(16) NOT NULL,
  present_until  DATETIME(6) NOT NULL,
  PRIMARY KEY (user_hash, process)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What stands in them. What was announced to many has its text there, and a number here.
CREATE TABLE IF NOT EXISTS notify_inbox (
  item_id          BINARY(16) NOT NULL,
  user_hash        BINARY(32) NOT NULL,
  notification_id  BINARY(16),
  announcement     BIGINT,
  category         VARCHAR(64) NOT NULL,
  priority         SMALLINT NOT NULL,
  received_at      DATETIME(6) NOT NULL,
  expires_at       DATETIME(6) NOT NULL,
  is_seen          BOOLEAN NOT NULL,
  is_read          BOOLEAN NOT NULL,
  is_archived      BOOLEAN NOT NULL,
  revision         BIGINT NOT NULL,
  body             LONGBLOB,
  PRIMARY KEY (item_id, user_hash),
  INDEX notify_inbox_changes (user_hash, revision),
  INDEX notify_inbox_page (user_hash, received_at, item_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Messages for many, kept once.
CREATE TABLE IF NOT EXISTS notify_announcement (
  number       BIGINT PRIMARY KEY,
  id           BINARY(16) NOT NULL UNIQUE,
  audience     VARCHAR(255) NOT NULL,
  category     VARCHAR(64) NOT NULL,
  priority     SMALLINT NOT NULL,
  received_at  DATETIME(6) NOT NULL,
  expires_at   DATETIME(6) NOT NULL,
  body         LONGBLOB NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The last number: one row, which whoever announces locks, so that numbers are seen in their order.
CREATE TABLE IF NOT EXISTS notify_announcementhead (
  id      SMALLINT PRIMARY KEY,
  number  BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO notify_schema (version) VALUES (13);
