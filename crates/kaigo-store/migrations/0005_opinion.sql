-- 主治医意見書: requests to medical institutions, drafts, submissions.

-- A request (作成依頼). Who it is about stands in it as on the letter; the previous opinion that the insurer sends along is sealed.
CREATE TABLE opinion_request (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  request_id TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  application_no TEXT NOT NULL,
  applied_on TEXT NOT NULL,
  institution_no TEXT NOT NULL,
  institution_name TEXT NOT NULL,
  physician TEXT NOT NULL,
  count_kind TEXT NOT NULL,
  place_kind TEXT NOT NULL,
  note TEXT NOT NULL,
  name TEXT NOT NULL,
  kana TEXT NOT NULL,
  born_on TEXT NOT NULL,
  sex TEXT NOT NULL,
  previous BLOB NOT NULL,
  requested_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  closes_on TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  submissions INTEGER NOT NULL,
  reminders INTEGER NOT NULL,
  reminded_on TEXT,
  accepted_no INTEGER,
  submit_key TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, request_id)
);
CREATE UNIQUE INDEX opinion_request_key ON opinion_request (insurer_no, submit_key);
CREATE INDEX opinion_request_id ON opinion_request (request_id);
CREATE INDEX opinion_request_case ON opinion_request (insurer_no, insured_no, record_no);
CREATE INDEX opinion_request_insurer ON opinion_request (insurer_no, state, due_on, request_id);
CREATE INDEX opinion_request_institution ON opinion_request (institution_no, state, due_on, request_id);

-- What is typed and not submitted yet, under the data key. The revision counts up with each save.
CREATE TABLE opinion_draft (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  request_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  saved_at TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, request_id)
);

-- What was submitted, byte for byte under the data key; a returned one stays, the next has the next place.
CREATE TABLE opinion_submission (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  request_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  submit_key TEXT NOT NULL,
  receipt_no TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  file_name TEXT NOT NULL,
  file_sha256 TEXT,
  file_media TEXT NOT NULL,
  file_size INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  submitted_at TEXT NOT NULL,
  submitted_by TEXT NOT NULL,
  judged_at TEXT,
  judged_by TEXT,
  PRIMARY KEY (insurer_no, insured_no, request_id, place)
);
CREATE UNIQUE INDEX opinion_submission_key ON opinion_submission (insurer_no, insured_no, request_id, submit_key);

-- What happened to a request, in order.
CREATE TABLE opinion_event (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  request_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  what TEXT NOT NULL,
  say TEXT NOT NULL,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, request_id, event_id)
);
