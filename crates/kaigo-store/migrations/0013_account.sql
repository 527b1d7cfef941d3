-- Ways in and locks: passkeys, mailed codes, invitations, sessions, the administrative log.

-- What an administrator did to accounts, certificates and settings of an office, an insurer or the operator. Rows are only added.
CREATE TABLE admin_log (
  owner_kind TEXT NOT NULL,
  owner_no TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  done_at TEXT NOT NULL,
  account_id TEXT NOT NULL,
  account_name TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (owner_kind, owner_no, entry_id)
);
CREATE INDEX admin_log_entry ON admin_log (entry_id);

-- The first password is provisional; who left never comes back under the same account.
ALTER TABLE account ADD COLUMN must_change INTEGER;
ALTER TABLE account ADD COLUMN password_at TEXT;
ALTER TABLE account ADD COLUMN left_at TEXT;
ALTER TABLE account ADD COLUMN state_note TEXT;
CREATE INDEX account_office ON account (office_no) WHERE office_no IS NOT NULL;
CREATE INDEX account_insurer ON account (insurer_no) WHERE insured_no IS NULL AND insurer_no IS NOT NULL;
CREATE INDEX account_operator ON account (kind) WHERE kind = 'operator';

-- Where a session was opened (address without its end, family of the browser), how, and until when changes need no new proof.
ALTER TABLE session ADD COLUMN session_id TEXT;
ALTER TABLE session ADD COLUMN place TEXT;
ALTER TABLE session ADD COLUMN browser TEXT;
ALTER TABLE session ADD COLUMN way TEXT;
ALTER TABLE session ADD COLUMN sure_until TEXT;

-- Wrong tries by login (whether there is such an account or not) and by address; both as keyed digests.
CREATE TABLE login_guard (
  guard TEXT NOT NULL,
  failed INTEGER NOT NULL,
  locks INTEGER NOT NULL,
  locked_until TEXT,
  tried_at TEXT NOT NULL,
  PRIMARY KEY (guard)
);
CREATE INDEX login_guard_tried ON login_guard (tried_at);
CREATE TABLE login_bucket (
  bucket TEXT NOT NULL,
  level INTEGER NOT NULL,
  filled_at TEXT NOT NULL,
  PRIMARY KEY (bucket)
);
CREATE INDEX login_bucket_filled ON login_bucket (filled_at);

-- Passkeys (WebAuthn). The counter is a whole number of 32 bits without sign, written as text.
CREATE TABLE passkey (
  account_id TEXT NOT NULL,
  passkey_id TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  rp_id TEXT NOT NULL,
  public_key BLOB NOT NULL,
  sign_count TEXT NOT NULL,
  is_synced INTEGER NOT NULL,
  name TEXT NOT NULL,
  made_at TEXT NOT NULL,
  used_at TEXT,
  PRIMARY KEY (account_id, passkey_id)
);
CREATE UNIQUE INDEX passkey_credential ON passkey (credential_id);

-- Challenges that were answered: each is good once.
CREATE TABLE passkey_challenge (
  challenge TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  PRIMARY KEY (challenge)
);
CREATE INDEX passkey_challenge_ends ON passkey_challenge (ends_at);

-- A code by mail in place of the second factor: the last one of an account.
CREATE TABLE login_mail_code (
  account_id TEXT NOT NULL,
  code_digest TEXT NOT NULL,
  made_at TEXT NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (account_id)
);

-- Logins and changes of an account, shown to its owner.
CREATE TABLE account_event (
  account_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  what TEXT NOT NULL,
  happened_at TEXT NOT NULL,
  place TEXT NOT NULL,
  browser TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (account_id, event_id)
);
CREATE INDEX account_event_at ON account_event (happened_at);

-- Invitations of colleagues. The code stands in no table: it is made of the invitation's number with the installation's secret.
CREATE TABLE invitation (
  owner_kind TEXT NOT NULL,
  owner_no TEXT NOT NULL,
  invitation_id TEXT NOT NULL,
  code_digest TEXT NOT NULL,
  name TEXT NOT NULL,
  job TEXT,
  is_admin INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  is_again INTEGER NOT NULL,
  invited_by TEXT NOT NULL,
  invited_account TEXT NOT NULL,
  invited_at TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  start_digest TEXT,
  start_until TEXT,
  login_id TEXT,
  password_hash TEXT,
  totp_sealed BLOB,
  factor TEXT,
  used_at TEXT,
  revoked_at TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (owner_kind, owner_no, invitation_id)
);
CREATE UNIQUE INDEX invitation_submit ON invitation (owner_kind, owner_no, submit_key);
CREATE UNIQUE INDEX invitation_code ON invitation (code_digest);
CREATE INDEX invitation_start ON invitation (start_digest) WHERE start_digest IS NOT NULL;

-- What the staff of an office looked at, for its administrator.
CREATE INDEX access_log_office ON access_log (office_no, completed_at) WHERE office_no IS NOT NULL;
