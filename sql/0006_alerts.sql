-- owner: src/mail
-- since: 0.1.0

-- What the mailer did, for the status page and for idempotency: one row per mail that was asked for.
create table mail_deliveries (
  id bigint generated always as identity primary key,
  -- the same news to the same person is one mail: kind, issue, trigger, user
  idempotency_key text not null unique,
  kind text not null,
  recipient text not null,
  subject text not null,
  -- queued sent failed
  status text not null default 'queued',
  attempts int not null default 0,
  -- the SMTP server's last words
  reply text,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index mail_deliveries_created_at_idx on mail_deliveries (created_at);

-- The subject of an issue's mails, frozen at the first one: mail programs thread by it.
create table issue_mail_threads (
  project_id bigint not null,
  issue_id bigint not null,
  subject text not null,
  primary key (project_id, issue_id)
);
