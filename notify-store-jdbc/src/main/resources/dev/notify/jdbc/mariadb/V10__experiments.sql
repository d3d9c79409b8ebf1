-- The variant that a message has, if it is part of an experiment.
ALTER TABLE notify_message ADD COLUMN IF NOT EXISTS experiment VARCHAR(64);
ALTER TABLE notify_message ADD COLUMN IF NOT EXISTS variant VARCHAR(64);

-- Experiments: variants, weights and how far they are, as JSON.
CREATE TABLE IF NOT EXISTS notify_experiment (
  name     VARCHAR(64) PRIMARY KEY,
  version  BIGINT NOT NULL,
  body     MEDIUMBLOB NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Who was sent a variant first, or would have been but for the holdout: a person counts once in an experiment.
-- Keys are SHA-256 of the experiment and the person, and of the person alone.
CREATE TABLE IF NOT EXISTS notify_exposure (
  key_hash        BINARY(32) PRIMARY KEY,
  experiment      VARCHAR(64) NOT NULL,
  variant         VARCHAR(64) NOT NULL,
  recipient_hash  BINARY(32) NOT NULL,
  at              DATETIME(6) NOT NULL,
  INDEX notify_exposure_count (experiment, variant),
  INDEX notify_exposure_person (recipient_hash),
  INDEX notify_exposure_last (experiment, at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Who came to a goal after that: a person counts once for each goal.
CREATE TABLE IF NOT EXISTS notify_conversion (
  key_hash        BINARY(32) PRIMARY KEY,
  experiment      VARCHAR(64) NOT NULL,
  variant         VARCHAR(64) NOT NULL,
  goal            VARCHAR(64) NOT NULL,
  recipient_hash  BINARY(32) NOT NULL,
  amount          DOUBLE NOT NULL,
  at              DATETIME(6) NOT NULL,
  INDEX notify_conversion_count (experiment, goal, variant),
  INDEX notify_conversion_person (recipient_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO notify_schema (version) VALUES (10);
