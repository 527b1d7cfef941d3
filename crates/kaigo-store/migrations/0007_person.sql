-- Consent taken or withdrawn on the platform, proxies, letters with a code, recovery codes, questions about the log.

-- 包括的同意: rows are only added; the newest one against the municipality's records tells what stands.
CREATE TABLE consent_act (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  act_id TEXT NOT NULL,
  step TEXT NOT NULL,
  acted_on TEXT NOT NULL,
  acted_at TEXT NOT NULL,
  desk TEXT NOT NULL,
  office_no TEXT,
  given_by TEXT NOT NULL,
  proxy_id TEXT,
  text_version TEXT NOT NULL,
  method TEXT NOT NULL,
  seen_load INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  account_name TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, act_id)
);
CREATE UNIQUE INDEX consent_act_submit ON consent_act (insurer_no, insured_no, submit_key);
CREATE INDEX consent_act_at ON consent_act (insurer_no, acted_at);

-- 代理人: who may act in a person's place, in what, until when.
CREATE TABLE proxy (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  proxy_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_kana TEXT NOT NULL,
  relation TEXT NOT NULL,
  born_on TEXT NOT NULL,
  scope TEXT NOT NULL,
  evidence TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  recorded_by TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  ended_at TEXT,
  ended_by TEXT,
  end_reason TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, proxy_id)
);
CREATE UNIQUE INDEX proxy_submit ON proxy (insurer_no, insured_no, submit_key);

-- 登録番号の手紙: the code itself is kept nowhere; it is made of the letter's number with the installation's secret.
CREATE TABLE letter (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  letter_id TEXT NOT NULL,
  proxy_id TEXT,
  issued_by TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  tries INTEGER NOT NULL,
  start_digest TEXT,
  start_until TEXT,
  login_id TEXT,
  password_hash TEXT,
  totp_sealed BLOB,
  factor TEXT,
  used_at TEXT,
  account_id TEXT,
  revoked_at TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, letter_id)
);
CREATE UNIQUE INDEX letter_submit ON letter (insurer_no, insured_no, submit_key);
CREATE INDEX letter_start ON letter (start_digest) WHERE start_digest IS NOT NULL;

-- Wrong tries of a code, whether there is such a letter or not: so that waiting tells nobody anything.
CREATE TABLE start_try (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  try_id TEXT NOT NULL,
  tried_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, try_id)
);
CREATE INDEX start_try_at ON start_try (tried_at);

-- 予備の番号: single-use codes on paper in place of the second factor; digests only.
CREATE TABLE recovery_code (
  account_id TEXT NOT NULL,
  code_digest TEXT NOT NULL,
  used_at TEXT,
  PRIMARY KEY (account_id, code_digest)
);

-- 閲覧についての問い合わせ: what a person asks the municipality about an entry of the log, and the answer.
CREATE TABLE question (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  question_id TEXT NOT NULL,
  entry_id TEXT,
  body TEXT NOT NULL,
  account_id TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  answer TEXT,
  answered_by TEXT,
  answered_at TEXT,
  read_at TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, question_id)
);
CREATE UNIQUE INDEX question_submit ON question (insurer_no, insured_no, submit_key);
CREATE INDEX question_id ON question (insurer_no, question_id);
CREATE INDEX question_open ON question (insurer_no, asked_at) WHERE answered_at IS NULL;

-- Accounts of a person, and the offices in charge of one.
CREATE INDEX account_person ON account (insurer_no, insured_no) WHERE insured_no IS NOT NULL;
CREATE INDEX charge_person ON charge (insurer_no, insured_no, closes_on) WHERE ended_on IS NULL;
