-- In-app inboxes. One row for each user: the numbers on the bell, and whoever changes the inbox locks it.
-- What expires next is an item, or of an empty inbox the row itself. A revision from before the one it began with is of an inbox that was erased.
CREATE TABLE IF NOT EXISTS notify_inboxuser (
  user_hash      VARBINARY(32) PRIMARY KEY,
  began          BIGINT NOT NULL,
  revision       BIGINT NOT NULL,
  unread         INTEGER NOT NULL,
  unseen         INTEGER NOT NULL,
  items          INTEGER NOT NULL,
  announced      BIGINT NOT NULL,
  next_expiry    TIMESTAMP(6) WITH TIME ZONE
);
CREATE INDEX IF NOT EXISTS notify_inboxuser_expiry ON notify_inboxuser (next_expiry);

-- Who has an inbox open before them, as each process notes of its own people. Short, and gone when it is over.
CREATE TABLE IF NOT EXISTS notify_inboxpresence (
  user_hash      VARBINARY(32) NOT NULL,
  process        UUID NOT NULL,
  present_until  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  PRIMARY KEY (user_hash, process)
);

-- What stands in them. What was announced to many has its text there, and a number here.
CREATE TABLE IF NOT EXISTS notify_inbox (
  item_id          UUID NOT NULL,
  user_hash        VARBINARY(32) NOT NULL,
  notification_id  UUID,
  announcement     BIGINT,
  category         VARCHAR(64) NOT NULL,
  priority         SMALLINT NOT NULL,
  received_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  is_seen          BOOLEAN NOT NULL,
  is_read          BOOLEAN NOT NULL,
  is_archived      BOOLEAN NOT NULL,
  revision         BIGINT NOT NULL,
  body             VARBINARY(1048576),
  PRIMARY KEY (item_id, user_hash)
);
CREATE INDEX IF NOT EXISTS notify_inbox_changes ON notify_inbox (user_hash, revision);
CREATE INDEX IF NOT EXISTS notify_inbox_page ON notify_inbox (user_hash, received_at, item_id);

-- Messages for many, kept once.
CREATE TABLE IF NOT EXISTS notify_announcement (
  number       BIGINT PRIMARY KEY,
  id           UUID NOT NULL UNIQUE,
  audience     VARCHAR(255) NOT NULL,
  category     VARCHAR(64) NOT NULL,
  priority     SMALLINT NOT NULL,
  received_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  body         VARBINARY(1048576) NOT NULL
);

-- The last number: one row, which whoever announces locks, so that numbers are seen in their order.
CREATE TABLE IF NOT EXISTS notify_announcementhead (
  id      SMALLINT PRIMARY KEY,
  number  BIGINT NOT NULL
);
INSERT INTO notify_schema (version) VALUES (13);
