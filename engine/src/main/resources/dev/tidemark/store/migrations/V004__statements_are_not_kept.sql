ALTER TABLE events MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE rollup_hour MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE rollup_minute MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE letters MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE profiles MODIFY SETTING finished_mutations_to_keep = 1;

ALTER TABLE cohort_members MODIFY SETTING finished_mutations_to_keep = 1;
