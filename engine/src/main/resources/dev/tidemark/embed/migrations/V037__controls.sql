ALTER TABLE share_links ADD COLUMN controls TEXT;
