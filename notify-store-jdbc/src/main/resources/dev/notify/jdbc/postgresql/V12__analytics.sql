INSERT INTO notify_schema (version) VALUES (12);
