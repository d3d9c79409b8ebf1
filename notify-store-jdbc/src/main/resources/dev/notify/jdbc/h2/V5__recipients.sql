-- People: the body has all that is known of them; found by the SHA-256 of their id.
CREATE TABLE IF NOT EXISTS notify_recipient (
  serial        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id_hash       VARBINARY(32) NOT NULL UNIQUE,
  recipient_id  VARCHAR(255) NOT NULL,
  body          VARBINARY(16777216) NOT NULL,
  updated_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- Whose each device is, by the SHA-256 of its token.
CREATE TABLE IF NOT EXISTS notify_device (
  token_hash        VARBINARY(32) PRIMARY KEY,
  recipient_serial  BIGINT NOT NULL,
  seen_at           TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX IF NOT EXISTS notify_device_seen ON notify_device (seen_at);
CREATE INDEX IF NOT EXISTS notify_device_of ON notify_device (recipient_serial);

-- What segments ask for. A content begins with its kind, and its bytes have its order: B and a flag; I and microseconds;
-- N and a number times 10^9; T and a text in UTF-8. Numbers are signed, with the first bit turned round.
CREATE TABLE IF NOT EXISTS notify_fact (
  recipient_serial  BIGINT NOT NULL,
  name              VARCHAR(128) NOT NULL,
  content           VARBINARY(800) NOT NULL,
  PRIMARY KEY (recipient_serial, name)
);
CREATE INDEX IF NOT EXISTS notify_fact_found ON notify_fact (name, content, recipient_serial);

INSERT INTO notify_schema (version) VALUES (5);
