-- owner: src/issues
-- since: 0.1.0

-- Why this row could not be folded; null: it waits for its turn. One that is set aside stays for a month, to be looked at.
alter table tag_deltas add column fold_error text;
create index tag_deltas_fold_error_idx on tag_deltas (created_at) where fold_error is not null;
