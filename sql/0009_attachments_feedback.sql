-- owner: src/attachments
-- since: 0.1.0

-- A partition cannot have an identity of its own; a shared sequence gives ids that no two days have.
create sequence attachment_ids;

-- Files that came with events, before them or after them: no row needs its event. The bytes are blobs.
create table attachments (
  project_id bigint not null,
  event_id uuid not null,
  received_day date not null,
  id bigint not null default nextval('attachment_ids'),
  received_at timestamptz not null,
  name text not null,
  -- event.attachment, event.minidump ...: Sentry's attachment_type
  type text not null,
  -- what the client says it is; never sent to a browser as the type of anything
  content_type text not null,
  size bigint not null,
  sha1 text not null,
  -- what its first bytes say: image/png image/jpeg image/gif image/webp text/plain; null: nothing to show
  preview text,
  blob_key text not null,
  primary key (project_id, event_id, received_day, id)
) partition by range (received_day);

-- owner: src/feedback
-- What users write about an error (user reports, with the id of an event) or without one (feedback).
create table feedback (
  project_id bigint not null references projects on delete cascade,
  id bigint generated always as identity,
  organization_id bigint not null references organizations on delete cascade,
  -- user_report feedback
  kind text not null,
  -- feedback is an event of its own: its attachments have this id; null for user reports
  feedback_id uuid,
  -- the event it is about; null: sent without an error
  event_id uuid,
  -- null: the event is not here (yet)
  issue_id bigint,
  -- when to look for the event again; null: found, or not looked for any more
  look_again_at timestamptz,
  -- unresolved resolved spam
  status text not null default 'unresolved',
  assignee_user_id bigint references users on delete set null,
  name text not null,
  email text not null,
  message text not null,
  url text not null default '',
  environment text not null default '',
  release text not null default '',
  received_at timestamptz not null,
  primary key (project_id, id)
);
-- URLs and the API name it by its id alone
create index feedback_id_idx on feedback (id);
-- one report of an event
create unique index feedback_event_id_idx on feedback (project_id, event_id) where kind = 'user_report';
-- one row of a feedback item that was sent twice
create unique index feedback_feedback_id_idx on feedback (project_id, feedback_id) where feedback_id is not null;
-- all of an event, whatever their kind
create index feedback_about_idx on feedback (project_id, event_id, id) where event_id is not null;
-- an issue's, newest first
create index feedback_issue_id_idx on feedback (project_id, issue_id, id desc) where issue_id is not null;
-- the page: one organization, one status, newest first
create index feedback_organization_id_idx on feedback (organization_id, status, id desc);
-- cron: whose event may have come by now
create index feedback_look_again_at_idx on feedback (look_again_at) where look_again_at is not null;
