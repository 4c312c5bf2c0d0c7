ALTER TABLE event_schemas ADD COLUMN compatibility TEXT CHECK (compatibility IN ('backward', 'none'));
