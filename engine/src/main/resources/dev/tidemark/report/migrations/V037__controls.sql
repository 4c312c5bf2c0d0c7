ALTER TABLE reports ADD COLUMN controls TEXT;
