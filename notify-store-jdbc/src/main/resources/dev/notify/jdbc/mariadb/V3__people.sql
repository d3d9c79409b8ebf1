-- The key of each person, by SHA-256 of their id, wrapped in a key of the store; forgetting a person deletes it.
CREATE TABLE IF NOT EXISTS notify_person (
  recipient_hash  BINARY(32) PRIMARY KEY,
  serial          BINARY(16) NOT NULL,
  key_id          VARCHAR(32) NOT NULL,
  wrapped_key     VARBINARY(255) NOT NULL,
  created_at      DATETIME(6) NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO notify_schema (version) VALUES (3);
