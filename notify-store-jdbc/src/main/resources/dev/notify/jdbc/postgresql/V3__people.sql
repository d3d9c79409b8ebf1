-- The key of each person, by SHA-256 of their id, wrapped in a key of the store; forgetting a person deletes it.
CREATE TABLE notify_person (
  recipient_hash  BYTEA PRIMARY KEY,
  serial          BYTEA NOT NULL,
  key_id          VARCHAR(32) NOT NULL,
  wrapped_key     BYTEA NOT NULL,
  created_at      TIMESTAMPTZ NOT NULL
);
INSERT INTO notify_schema (version) VALUES (3);
