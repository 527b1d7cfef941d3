-- Cases of certification at the municipality, and the boards that judge them.

-- One row for each application that counts: a projection of the newest versions of application and insured_person, made
-- anew whenever these change, so that a desk can list a hundred thousand cases by step and age.
CREATE TABLE case_index (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  application_no TEXT NOT NULL,
  kind TEXT NOT NULL,
  applied_on TEXT NOT NULL,
  step TEXT NOT NULL,
  is_open INTEGER NOT NULL,
  survey_requested_on TEXT,
  surveyed_on TEXT,
  survey_received_on TEXT,
  opinion_requested_on TEXT,
  opinion_received_on TEXT,
  computed_on TEXT,
  board_planned_on TEXT,
  judged_on TEXT,
  decided_on TEXT,
  outcome TEXT,
  delay_notified_on TEXT,
  expected_on TEXT,
  name TEXT NOT NULL,
  kana_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, record_no)
);
CREATE INDEX case_index_age ON case_index (insurer_no, is_open, applied_on, insured_no, record_no);
CREATE INDEX case_index_step ON case_index (insurer_no, step, applied_on, insured_no, record_no);
CREATE INDEX case_index_count ON case_index (insurer_no, is_open, step);
CREATE INDEX case_index_late ON case_index (insurer_no, is_open, applied_on, delay_notified_on, expected_on, survey_requested_on, survey_received_on, opinion_requested_on, opinion_received_on);
CREATE INDEX case_index_number ON case_index (insurer_no, application_no);
CREATE INDEX case_index_kana ON case_index (insurer_no, kana_key, insured_no, record_no);

-- Who changed what at the desk. The rows of the records say what they say; this says who wrote them and in which form.
CREATE TABLE case_change (
  insurer_no TEXT NOT NULL,
  change_id TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  submit_key TEXT NOT NULL,
  act TEXT NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  what TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, change_id)
);
CREATE UNIQUE INDEX case_change_key ON case_change (insurer_no, submit_key);
CREATE INDEX case_change_case ON case_change (insurer_no, insured_no, record_no, changed_at);

-- The result of the computer (一次判定), as the municipality's software gave it: typed, never computed here.
CREATE TABLE case_computed (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  care_level TEXT NOT NULL,
  minutes_tenths INTEGER,
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, record_no)
);

-- Documents that were put in at the desk (調査票の PDF など): found like those of a feed, by their name.
CREATE TABLE desk_document (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  added_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, file)
);

-- One day given to many cases at once, and what became of each.
CREATE TABLE case_bulk (
  insurer_no TEXT NOT NULL,
  bulk_id TEXT NOT NULL,
  act TEXT NOT NULL,
  what TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, bulk_id)
);

CREATE TABLE case_bulk_row (
  insurer_no TEXT NOT NULL,
  bulk_id TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  say TEXT NOT NULL,
  PRIMARY KEY (insurer_no, bulk_id, insured_no, record_no)
);

-- Sessions of a board (審査会の開催).
CREATE TABLE board_session (
  board_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  held_on TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  panel TEXT NOT NULL,
  place TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  state TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  closed_by TEXT,
  closed_at TEXT,
  PRIMARY KEY (board_id, session_id)
);
CREATE UNIQUE INDEX board_session_key ON board_session (board_id, submit_key);
CREATE INDEX board_session_day ON board_session (board_id, held_on, session_id);

-- Cases before a board. A judgement is the board's; the decision is the insurer's, when it confirms.
CREATE TABLE board_case (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  board_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  state TEXT NOT NULL,
  revision INTEGER NOT NULL,
  verdict TEXT,
  care_level TEXT,
  valid_months INTEGER,
  opinion TEXT,
  designated_services TEXT,
  reason TEXT,
  judged_by TEXT,
  judged_at TEXT,
  assigned_by TEXT NOT NULL,
  assigned_at TEXT NOT NULL,
  confirmed_by TEXT,
  confirmed_at TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, case_id)
);
CREATE UNIQUE INDEX board_case_id ON board_case (case_id, insurer_no);
CREATE INDEX board_case_session ON board_case (board_id, session_id, place);
