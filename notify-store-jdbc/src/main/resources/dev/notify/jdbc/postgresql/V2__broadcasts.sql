-- Notifications to many people: the body never changes, progress tells how far each has come.
CREATE TABLE notify_broadcast (
  id          UUID PRIMARY KEY,
  key_hash    BYTEA UNIQUE,
  created_at  TIMESTAMPTZ NOT NULL,
  audience    VARCHAR(128) NOT NULL,
  body        BYTEA NOT NULL,
  state       SMALLINT NOT NULL,
  progress    BYTEA NOT NULL,
  due         TIMESTAMPTZ NOT NULL,
  finished    BOOLEAN NOT NULL,
  version     BIGINT NOT NULL
);
CREATE INDEX notify_broadcast_unfinished ON notify_broadcast (created_at) WHERE NOT finished;

-- How often what happened, by the hour. Processes add to shards, so that they do not wait for each other.
CREATE TABLE notify_count (
  scope    UUID NOT NULL,
  bucket   TIMESTAMPTZ NOT NULL,
  channel  VARCHAR(32) NOT NULL,
  type     SMALLINT NOT NULL,
  shard    SMALLINT NOT NULL,
  amount   BIGINT NOT NULL,
  PRIMARY KEY (scope, bucket, channel, type, shard)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

INSERT INTO notify_schema (version) VALUES (2);
