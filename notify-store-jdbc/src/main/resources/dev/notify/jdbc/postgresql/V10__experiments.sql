-- The variant that a message has, if it is part of an experiment.
ALTER TABLE notify_message ADD COLUMN experiment VARCHAR(64);
ALTER TABLE notify_message ADD COLUMN variant VARCHAR(64);

-- Experiments: variants, weights and how far they are, as JSON.
CREATE TABLE notify_experiment (
  name     VARCHAR(64) PRIMARY KEY,
  version  BIGINT NOT NULL,
  body     BYTEA NOT NULL
);

-- Who was sent a variant first, or would have been but for the holdout: a person counts once in an experiment.
-- Keys are SHA-256 of the experiment and the person, and of the person alone.
CREATE TABLE notify_exposure (
  key_hash        BYTEA PRIMARY KEY,
  experiment      VARCHAR(64) NOT NULL,
  variant         VARCHAR(64) NOT NULL,
  recipient_hash  BYTEA NOT NULL,
  at              TIMESTAMPTZ NOT NULL
);
CREATE INDEX notify_exposure_count ON notify_exposure (experiment, variant);
CREATE INDEX notify_exposure_person ON notify_exposure (recipient_hash);
CREATE INDEX notify_exposure_last ON notify_exposure (experiment, at);

-- Who came to a goal after that: a person counts once for each goal.
CREATE TABLE notify_conversion (
  key_hash        BYTEA PRIMARY KEY,
  experiment      VARCHAR(64) NOT NULL,
  variant         VARCHAR(64) NOT NULL,
  goal            VARCHAR(64) NOT NULL,
  recipient_hash  BYTEA NOT NULL,
  amount          DOUBLE PRECISION NOT NULL,
  at              TIMESTAMPTZ NOT NULL
);
CREATE INDEX notify_conversion_count ON notify_conversion (experiment, goal, variant);
CREATE INDEX notify_conversion_person ON notify_conversion (recipient_hash);

INSERT INTO notify_schema (version) VALUES (10);
