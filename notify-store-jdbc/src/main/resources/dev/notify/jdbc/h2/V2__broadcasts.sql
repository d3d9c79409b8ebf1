-- Notifications to many people: the body never changes, progress tells how far each has come.
CREATE TABLE IF NOT EXISTS notify_broadcast (
  id          UUID PRIMARY KEY,
  key_hash    VARBINARY(32) UNIQUE,
  created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  audience    VARCHAR(128) NOT NULL,
  body        VARBINARY(16777216) NOT NULL,
  state       SMALLINT NOT NULL,
  progress    VARBINARY(1048576) NOT NULL,
  due         TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  finished    BOOLEAN NOT NULL,
  version     BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_broadcast_unfinished ON notify_broadcast (finished, created_at);

-- How often what happened, by the hour. Processes add to shards, so that they do not wait for each other.
CREATE TABLE IF NOT EXISTS notify_count (
  scope    UUID NOT NULL,
  bucket   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  channel  VARCHAR(32) NOT NULL,
  type     SMALLINT NOT NULL,
  shard    SMALLINT NOT NULL,
  amount   BIGINT NOT NULL,
  PRIMARY KEY (scope, bucket, channel, type, shard)
);

INSERT INTO notify_schema (version) VALUES (2);
