-- The variant that a message has, if it is part of an experiment.
ALTER TABLE notify_message ADD COLUMN IF NOT EXISTS experiment VARCHAR(64);
ALTER TABLE notify_message ADD COLUMN IF NOT EXISTS variant VARCHAR(64);

-- Experiments: variants, weights and how far they are, as JSON.
CREATE TABLE IF NOT EXISTS notify_experiment (
  name     VARCHAR(64) PRIMARY KEY,
  version  BIGINT NOT NULL,
  body     VARBINARY(1048576) NOT NULL
);

-- Who was sent a variant first, or would have been but for the holdout: a person counts once in an experiment.
-- Keys are SHA-256 of the experiment and the person, and of the person alone.
CREATE TABLE IF NOT EXISTS notify_exposure (
  key_hash        VARBINARY(32) PRIMARY KEY,
  experiment      VARCHAR(64) NOT NULL,
  variant         VARCHAR(64) NOT NULL,
  recipient_hash  VARBINARY(32) NOT NULL,
  at              TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_exposure_count ON notify_exposure (experiment, variant);
CREATE INDEX IF NOT EXISTS notify_exposure_person ON notify_exposure (recipient_hash);
CREATE INDEX IF NOT EXISTS notify_exposure_last ON notify_exposure (experiment, at);

-- Who came to a goal after that: a person counts once for each goal.
CREATE TABLE IF NOT EXISTS notify_conversion (
  key_hash        VARBINARY(32) PRIMARY KEY,
  experiment      VARCHAR(64) NOT NULL,
  variant         VARCHAR(64) NOT NULL,
  goal            VARCHAR(64) NOT NULL,
  recipient_hash  VARBINARY(32) NOT NULL,
  amount          DOUBLE PRECISION NOT NULL,
  at              TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_conversion_count ON notify_conversion (experiment, goal, variant);
CREATE INDEX IF NOT EXISTS notify_conversion_person ON notify_conversion (recipient_hash);

INSERT INTO notify_schema (version) VALUES (10);
