-- In-app inboxes. One row for each user: the numbers on the bell, and whoever changes the inbox locks it.
-- What expires next is an item, or of an empty inbox the row itself. A revision from before the one it began with is of an inbox that was erased.
CREATE TABLE notify_inboxuser (
  user_hash      BYTEA PRIMARY KEY,
  began          BIGINT NOT NULL,
  revision       BIGINT NOT NULL,
  unread         INTEGER NOT NULL,
  unseen         INTEGER NOT NULL,
  items          INTEGER NOT NULL,
  announced      BIGINT NOT NULL,
  next_expiry    TIMESTAMPTZ
) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
CREATE INDEX notify_inboxuser_expiry ON notify_inboxuser (next_expiry);

-- Who has an inbox open before them, as each process notes of its own people. Short, and gone when it is over.
CREATE TABLE notify_inboxpresence (
  user_hash      BYTEA NOT NULL,
  process        UUID NOT NULL,
  present_until  TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (user_hash, process)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- What stands in them. What was announced to many has its text there, and a number here.
CREATE TABLE notify_inbox (
  item_id          UUID NOT NULL,
  user_hash        BYTEA NOT NULL,
  notification_id  UUID,
  announcement     BIGINT,
  category         VARCHAR(64) NOT NULL,
  priority         SMALLINT NOT NULL,
  received_at      TIMESTAMPTZ NOT NULL,
  expires_at       TIMESTAMPTZ NOT NULL,
  is_seen          BOOLEAN NOT NULL,
  is_read          BOOLEAN NOT NULL,
  is_archived      BOOLEAN NOT NULL,
  revision         BIGINT NOT NULL,
  body             BYTEA,
  PRIMARY KEY (item_id, user_hash)
);
CREATE INDEX notify_inbox_changes ON notify_inbox (user_hash, revision);
CREATE INDEX notify_inbox_page ON notify_inbox (user_hash, received_at, item_id);

-- Messages for many, kept once.
CREATE TABLE notify_announcement (
  number       BIGINT PRIMARY KEY,
  id           UUID NOT NULL UNIQUE,
  audience     VARCHAR(255) NOT NULL,
  category     VARCHAR(64) NOT NULL,
  priority     SMALLINT NOT NULL,
  received_at  TIMESTAMPTZ NOT NULL,
  expires_at   TIMESTAMPTZ NOT NULL,
  body         BYTEA NOT NULL
);

-- The last number: one row, which whoever announces locks, so that numbers are seen in their order.
CREATE TABLE notify_announcementhead (
  id      SMALLINT PRIMARY KEY,
  number  BIGINT NOT NULL
);
INSERT INTO notify_schema (version) VALUES (13);
