-- 居宅サービス計画作成依頼届出 by proxy, plans for delivery (交付用登録), feedback of LIFE.

-- Answers on the way to a notice, kept until it is filed: one way for each person and office.
CREATE TABLE filing_draft (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  office_no TEXT NOT NULL,
  answers TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, office_no)
);

-- Notices that were filed. `others` is empty, `no` or `yes`; `replaces` is the returned one that this one mends.
CREATE TABLE filing (
  insurer_no TEXT NOT NULL,
  filing_id TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  office_no TEXT NOT NULL,
  office_name TEXT NOT NULL,
  receipt_no TEXT NOT NULL,
  variant TEXT NOT NULL,
  division TEXT NOT NULL,
  start_on TEXT NOT NULL,
  reason TEXT,
  reason_text TEXT NOT NULL,
  others TEXT NOT NULL,
  others_text TEXT NOT NULL,
  entrusted_no TEXT,
  contact_name TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  is_provisional INTEGER NOT NULL,
  filed_on TEXT NOT NULL,
  filed_at TEXT NOT NULL,
  filed_by TEXT NOT NULL,
  state TEXT NOT NULL,
  decided_at TEXT,
  decided_by TEXT,
  return_reason TEXT,
  return_text TEXT NOT NULL,
  record_no INTEGER,
  replaces TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, filing_id)
);
CREATE UNIQUE INDEX filing_submit ON filing (insurer_no, office_no, submit_key);
CREATE UNIQUE INDEX filing_receipt ON filing (insurer_no, receipt_no);
CREATE UNIQUE INDEX filing_one_waits ON filing (insurer_no, insured_no, office_no) WHERE state = 'filed';
CREATE INDEX filing_person ON filing (insurer_no, insured_no, filed_at);
CREATE INDEX filing_inbox ON filing (insurer_no, state, filed_at, filing_id);
CREATE INDEX filing_office ON filing (office_no, filed_at, filing_id);
CREATE INDEX filing_id ON filing (filing_id);

-- Plans that their maker registered for delivery (交付用登録): the person's rows of a set of the exchange, kept here because
-- sets go after their time.
CREATE TABLE plan_delivery (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  office_name TEXT NOT NULL,
  doc TEXT NOT NULL,
  doc_key TEXT NOT NULL,
  set_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  registered_on TEXT NOT NULL,
  registered_at TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_by TEXT,
  PRIMARY KEY (insurer_no, insured_no, delivery_id)
);
CREATE UNIQUE INDEX plan_delivery_natural ON plan_delivery (insurer_no, insured_no, office_no, doc, doc_key, digest) WHERE withdrawn_at IS NULL;
CREATE INDEX plan_delivery_set ON plan_delivery (office_no, set_id);

CREATE TABLE plan_delivery_file (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, delivery_id, place)
);

-- LIFE 利用者フィードバック票
CREATE TABLE life_feedback (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  office_no TEXT NOT NULL,
  service_kind TEXT NOT NULL,
  period_from TEXT NOT NULL,
  period_until TEXT NOT NULL,
  items TEXT,
  file TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
);
