-- Notices in the service and by mail.

-- A notice (お知らせ) lies in the box of who is told. It holds no personal data beside the key of the person.
CREATE TABLE notice (
  recipient_kind TEXT NOT NULL,
  recipient_no TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  insurer_no TEXT,
  insured_no TEXT,
  href TEXT NOT NULL,
  note TEXT NOT NULL,
  once_key TEXT NOT NULL,
  told_at TEXT NOT NULL,
  fresh INTEGER NOT NULL,
  read_at TEXT,
  read_by TEXT,
  PRIMARY KEY (recipient_kind, recipient_no, notice_id)
);
CREATE UNIQUE INDEX notice_once ON notice (recipient_kind, recipient_no, once_key);
CREATE INDEX notice_unread ON notice (recipient_kind, recipient_no, notice_id) WHERE read_at IS NULL;
CREATE INDEX notice_fresh ON notice (recipient_kind, recipient_no) WHERE fresh = 1;
CREATE INDEX notice_told ON notice (told_at);

-- Where an account wants mail, how often, about what.
CREATE TABLE mail_setting (
  account_id TEXT NOT NULL,
  recipient_kind TEXT NOT NULL,
  recipient_no TEXT NOT NULL,
  address TEXT,
  new_address TEXT,
  code_digest TEXT,
  code_at TEXT,
  code_tries INTEGER NOT NULL,
  code_no INTEGER NOT NULL,
  frequency TEXT NOT NULL,
  topics TEXT NOT NULL,
  next_at TEXT,
  digest_no INTEGER NOT NULL,
  refused_at TEXT,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (account_id)
);
CREATE INDEX mail_setting_recipient ON mail_setting (recipient_kind, recipient_no);
CREATE INDEX mail_setting_due ON mail_setting (next_at) WHERE next_at IS NOT NULL;

-- Mails that wait, and what became of them; the text goes once it was sent.
CREATE TABLE mail (
  mail_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  serial INTEGER NOT NULL,
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  tries INTEGER NOT NULL,
  next_at TEXT,
  last_error TEXT,
  made_at TEXT NOT NULL,
  sent_at TEXT,
  failed_at TEXT,
  PRIMARY KEY (mail_id)
);
CREATE UNIQUE INDEX mail_once ON mail (account_id, kind, serial);
CREATE INDEX mail_due ON mail (next_at) WHERE next_at IS NOT NULL;
