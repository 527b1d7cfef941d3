-- Registration of offices, inquiries, licence, subsidy, support.

-- Logins of 電子請求受付システム as the operator was given them: what proves an office before it has an account. The provisional
-- password is kept as an Argon2id digest only.
CREATE TABLE office_claim (
  claim_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  office_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  used_at TEXT,
  account_id TEXT,
  PRIMARY KEY (claim_id)
);
CREATE INDEX office_claim_office ON office_claim (office_no);
CREATE INDEX office_claim_state ON office_claim (state, issued_at);

-- Tries with a login, known or not: waiting tells nobody whether there is one.
CREATE TABLE office_claim_try (
  claim_digest TEXT NOT NULL,
  try_id TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (claim_digest, try_id)
);
CREATE INDEX office_claim_try_at ON office_claim_try (at);

-- An office's registration under way (利用登録). Nothing of it counts before its end.
CREATE TABLE office_registration (
  registration_id TEXT NOT NULL,
  token_digest TEXT NOT NULL,
  claim_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  address TEXT,
  code_no INTEGER NOT NULL,
  code_at TEXT,
  code_tries INTEGER NOT NULL,
  confirmed_at TEXT,
  account_id TEXT,
  login_id TEXT,
  name TEXT,
  job TEXT,
  password_hash TEXT,
  totp_sealed BLOB,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  done_at TEXT,
  PRIMARY KEY (registration_id)
);
CREATE UNIQUE INDEX office_registration_token ON office_registration (token_digest);
CREATE INDEX office_registration_expires ON office_registration (expires_at);

-- One login, several offices: where an account works besides its own office.
CREATE TABLE office_member (
  account_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  member_id TEXT NOT NULL,
  job TEXT NOT NULL,
  is_admin INTEGER NOT NULL,
  joined_at TEXT NOT NULL,
  invited_by TEXT NOT NULL,
  ended_at TEXT,
  ended_by TEXT,
  PRIMARY KEY (account_id, office_no, member_id)
);
CREATE UNIQUE INDEX office_member_once ON office_member (account_id, office_no) WHERE ended_at IS NULL;
CREATE INDEX office_member_office ON office_member (office_no, joined_at);

CREATE TABLE office_invitation (
  office_no TEXT NOT NULL,
  invitation_id TEXT NOT NULL,
  code_digest TEXT NOT NULL,
  for_name TEXT NOT NULL,
  job TEXT NOT NULL,
  is_admin INTEGER NOT NULL,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_at TEXT,
  used_by TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (office_no, invitation_id)
);
CREATE UNIQUE INDEX office_invitation_code ON office_invitation (code_digest);
CREATE UNIQUE INDEX office_invitation_key ON office_invitation (office_no, submit_key);

-- The office for which a session acts now, where it is not the account's own.
CREATE TABLE session_office (
  session_digest TEXT NOT NULL,
  office_no TEXT NOT NULL,
  PRIMARY KEY (session_digest)
);

-- Inquiries to the operator: of an office, or of anybody who got a code to follow it.
CREATE TABLE inquiry (
  inquiry_id TEXT NOT NULL,
  office_no TEXT,
  who TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL,
  account_id TEXT,
  address TEXT,
  code_digest TEXT,
  opened_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  search TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (inquiry_id)
);
CREATE UNIQUE INDEX inquiry_key ON inquiry (submit_key);
CREATE UNIQUE INDEX inquiry_code ON inquiry (code_digest) WHERE code_digest IS NOT NULL;
CREATE INDEX inquiry_office ON inquiry (office_no, last_at);
CREATE INDEX inquiry_state ON inquiry (state, last_at);

CREATE TABLE inquiry_message (
  inquiry_id TEXT NOT NULL,
  message_no INTEGER NOT NULL,
  side TEXT NOT NULL,
  author TEXT NOT NULL,
  body TEXT NOT NULL,
  at TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (inquiry_id, message_no)
);
CREATE UNIQUE INDEX inquiry_message_key ON inquiry_message (inquiry_id, submit_key);

CREATE TABLE inquiry_file (
  inquiry_id TEXT NOT NULL,
  message_no INTEGER NOT NULL,
  file_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (inquiry_id, message_no, file_no)
);

-- Licences of ケアプランデータ連携, one for each office and year.
CREATE TABLE licence (
  office_no TEXT NOT NULL,
  licence_no INTEGER NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  fee TEXT NOT NULL,
  yen INTEGER NOT NULL,
  applied_at TEXT NOT NULL,
  applied_by TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (office_no, licence_no)
);
CREATE UNIQUE INDEX licence_key ON licence (office_no, submit_key);
CREATE INDEX licence_until ON licence (until_on);

CREATE TABLE licence_setting (
  office_no TEXT NOT NULL,
  auto_renew INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (office_no)
);

-- Applications for the subsidy. What was typed is sealed: it holds the number of a bank account.
CREATE TABLE subsidy (
  application_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  office_name TEXT NOT NULL,
  fiscal_year INTEGER NOT NULL,
  state TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  total_yen INTEGER NOT NULL,
  grant_yen INTEGER NOT NULL,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  filed_on TEXT,
  filed_at TEXT,
  decided_at TEXT,
  decided_by TEXT,
  pay_by TEXT,
  paid_on TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (application_id)
);
CREATE UNIQUE INDEX subsidy_key ON subsidy (office_no, submit_key);
CREATE UNIQUE INDEX subsidy_once ON subsidy (office_no) WHERE state IN ('filed', 'granted', 'paid');
CREATE INDEX subsidy_office ON subsidy (office_no, made_at);
CREATE INDEX subsidy_state ON subsidy (state, filed_at);

CREATE TABLE subsidy_file (
  application_id TEXT NOT NULL,
  file_no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  digest TEXT NOT NULL,
  sealed_text BLOB NOT NULL,
  added_at TEXT NOT NULL,
  added_by TEXT NOT NULL,
  removed_at TEXT,
  PRIMARY KEY (application_id, file_no)
);

CREATE TABLE subsidy_event (
  application_id TEXT NOT NULL,
  event_no INTEGER NOT NULL,
  what TEXT NOT NULL,
  at TEXT NOT NULL,
  by_name TEXT NOT NULL,
  say TEXT NOT NULL,
  PRIMARY KEY (application_id, event_no)
);

-- Which firm (導入支援事業者) an office has entrusted with setting it up.
CREATE TABLE entrustment (
  office_no TEXT NOT NULL,
  supporter_id TEXT NOT NULL,
  entrustment_id TEXT NOT NULL,
  entrusted_at TEXT NOT NULL,
  entrusted_by TEXT NOT NULL,
  ended_at TEXT,
  ended_by TEXT,
  PRIMARY KEY (office_no, supporter_id, entrustment_id)
);
CREATE UNIQUE INDEX entrustment_once ON entrustment (office_no, supporter_id) WHERE ended_at IS NULL;
CREATE INDEX entrustment_supporter ON entrustment (supporter_id, entrusted_at);
