-- Versions of templates: what they say never changes, status tells which is sent (0 draft, 1 active, 2 archived).
CREATE TABLE IF NOT EXISTS notify_template (
  name      VARCHAR(128) NOT NULL,
  version   INTEGER NOT NULL,
  status    SMALLINT NOT NULL,
  body      MEDIUMBLOB NOT NULL,
  saved_by  VARCHAR(128) NOT NULL,
  saved_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (name, version)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Who did what to them, in order.
CREATE TABLE IF NOT EXISTS notify_templatelog (
  name        VARCHAR(128) NOT NULL,
  position    INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  status      SMALLINT NOT NULL,
  changed_by  VARCHAR(128) NOT NULL,
  changed_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (name, position)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO notify_schema (version) VALUES (6);
