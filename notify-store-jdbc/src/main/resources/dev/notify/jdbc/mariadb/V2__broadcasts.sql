-- Notifications to many people: the body never changes, progress tells how far each has come.
CREATE TABLE IF NOT EXISTS notify_broadcast (
  id          BINARY(16) PRIMARY KEY,
  key_hash    BINARY(32) UNIQUE,
  created_at  DATETIME(6) NOT NULL,
  audience    VARCHAR(128) NOT NULL,
  body        MEDIUMBLOB NOT NULL,
  state       SMALLINT NOT NULL,
  progress    MEDIUMBLOB NOT NULL,
  due         DATETIME(6) NOT NULL,
  finished    BOOLEAN NOT NULL,
  version     BIGINT NOT NULL,
  INDEX notify_broadcast_unfinished (finished, created_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- How often what happened, by the hour. Processes add to shards, so that they do not wait for each other.
CREATE TABLE IF NOT EXISTS notify_count (
  scope    BINARY(16) NOT NULL,
  bucket   DATETIME(6) NOT NULL,
  channel  VARCHAR(32) NOT NULL,
  type     SMALLINT NOT NULL,
  shard    SMALLINT NOT NULL,
  amount   BIGINT NOT NULL,
  PRIMARY KEY (scope, bucket, channel, type, shard)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO notify_schema (version) VALUES (2);
