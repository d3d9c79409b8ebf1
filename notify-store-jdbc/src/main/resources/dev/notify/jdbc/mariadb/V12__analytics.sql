-- What the deliveries of a message are counted under.
ALTER TABLE notify_message ADD COLUMN IF NOT EXISTS category VARCHAR(64);
ALTER TABLE notify_message ADD COLUMN IF NOT EXISTS template VARCHAR(128);
ALTER TABLE notify_message ADD COLUMN IF NOT EXISTS template_version INTEGER;
ALTER TABLE notify_message ADD COLUMN IF NOT EXISTS segment VARCHAR(64);

-- What a delivery costs, in millionths of the currency's unit.
ALTER TABLE notify_outcome ADD COLUMN IF NOT EXISTS cost_micros BIGINT;
ALTER TABLE notify_outcome ADD COLUMN IF NOT EXISTS cost_currency VARCHAR(3);

-- What deliveries have in common that are counted together; the id is a hash of it. The last hour that is counted of it,
-- or up to a day less, tells when it has no counters left.
CREATE TABLE IF NOT EXISTS notify_tuple (
  id                BINARY(16) PRIMARY KEY,
  channel           VARCHAR(32) NOT NULL,
  category          VARCHAR(64) NOT NULL,
  template          VARCHAR(128),
  template_version  INTEGER NOT NULL,
  experiment        VARCHAR(64),
  variant           VARCHAR(64),
  provider          VARCHAR(64),
  segment           VARCHAR(64),
  last_bucket       DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Deliveries that came to a stage, or took a time to come there, and what they cost, by the hour of their
-- acceptance; by the day (grain 24) once it is past. Each process has a shard of its own, so that they do not wait for each other.
CREATE TABLE IF NOT EXISTS notify_rollup (
  grain     SMALLINT NOT NULL,
  bucket    DATETIME(6) NOT NULL,
  tuple_id  BINARY(16) NOT NULL,
  measure   SMALLINT NOT NULL,
  shard     SMALLINT NOT NULL,
  amount    BIGINT NOT NULL,
  PRIMARY KEY (grain, bucket, tuple_id, measure, shard)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What applications' transactions count: a row for each delivery, so that they lock no counter. Added to the counters soon.
CREATE TABLE IF NOT EXISTS notify_tally (
  id                BINARY(16) PRIMARY KEY,
  accepted_hour     DATETIME(6) NOT NULL,
  ended_hour        DATETIME(6) NOT NULL,
  type              SMALLINT NOT NULL,
  measure           SMALLINT,
  tuple_id          BINARY(16) NOT NULL,
  channel           VARCHAR(32) NOT NULL,
  category          VARCHAR(64) NOT NULL,
  template          VARCHAR(128),
  template_version  INTEGER NOT NULL,
  experiment        VARCHAR(64),
  variant           VARCHAR(64),
  provider          VARCHAR(64),
  segment           VARCHAR(64)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO notify_schema (version) VALUES (12);
