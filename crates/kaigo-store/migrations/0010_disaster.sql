-- Feeds from the browser, their history and undo; an insurer's rules as they were set; disaster mode; exports.

-- What each load did to each record kind: history and health of the feed.
CREATE TABLE feed_load_kind (
  insurer_no TEXT NOT NULL,
  load_no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  inserted INTEGER NOT NULL,
  corrected INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  dropped INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  PRIMARY KEY (insurer_no, load_no, kind)
);

-- A load that was taken back: its number, and that of the load that restored what stood before.
CREATE TABLE feed_undo (
  insurer_no TEXT NOT NULL,
  load_no INTEGER NOT NULL,
  undo_load_no INTEGER NOT NULL,
  restored INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  reason TEXT NOT NULL,
  undone_by TEXT NOT NULL,
  undone_at TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, load_no)
);

-- A feed that came through the browser; its files lie among the documents, sealed, byte for byte.
CREATE TABLE feed_upload (
  insurer_no TEXT NOT NULL,
  upload_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL,
  size INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  uploaded_by TEXT NOT NULL,
  uploaded_at TEXT NOT NULL,
  job TEXT NOT NULL,
  beat_at TEXT NOT NULL,
  rows_done INTEGER NOT NULL,
  rows_total INTEGER NOT NULL,
  current_file TEXT NOT NULL,
  seen_load INTEGER NOT NULL,
  report TEXT NOT NULL,
  published_load INTEGER,
  published_by TEXT,
  published_at TEXT,
  allowed TEXT NOT NULL,
  PRIMARY KEY (insurer_no, upload_id)
);
CREATE INDEX feed_upload_digest ON feed_upload (insurer_no, digest);

CREATE TABLE feed_upload_file (
  insurer_no TEXT NOT NULL,
  upload_id TEXT NOT NULL,
  file_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (insurer_no, upload_id, file_no)
);

-- Every setting of an insurer's rules as it was made; insurer_setting has what counts of each day.
CREATE TABLE insurer_setting_change (
  insurer_no TEXT NOT NULL,
  change_id TEXT NOT NULL,
  setting TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  value TEXT NOT NULL,
  source TEXT NOT NULL,
  effect TEXT NOT NULL,
  account_id TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, change_id)
);
CREATE UNIQUE INDEX insurer_setting_change_key ON insurer_setting_change (insurer_no, submit_key);

-- Disaster mode (災害時の確認): proposed by one, approved by another, for an area, offices and days.
CREATE TABLE disaster (
  insurer_no TEXT NOT NULL,
  disaster_id TEXT NOT NULL,
  name TEXT NOT NULL,
  areas TEXT NOT NULL,
  offices TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  proposed_account TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  decided_account TEXT,
  decided_by TEXT,
  decided_at TEXT,
  decide_note TEXT,
  ended_by TEXT,
  ended_at TEXT,
  end_reason TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, disaster_id)
);
CREATE UNIQUE INDEX disaster_key ON disaster (insurer_no, submit_key);
CREATE INDEX disaster_state ON disaster (state, until_on);

-- Every try under a disaster mode, found or not, with its review afterwards.
CREATE TABLE disaster_use (
  insurer_no TEXT NOT NULL,
  use_id TEXT NOT NULL,
  disaster_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  office_name TEXT NOT NULL,
  account_id TEXT NOT NULL,
  account_name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  asked TEXT NOT NULL,
  insured_no TEXT,
  check_id TEXT,
  charge_id TEXT,
  used_at TEXT NOT NULL,
  registered_at TEXT,
  review TEXT,
  review_note TEXT,
  reviewed_by TEXT,
  reviewed_at TEXT,
  PRIMARY KEY (insurer_no, use_id)
);
CREATE INDEX disaster_use_disaster ON disaster_use (insurer_no, disaster_id, used_at);
CREATE INDEX disaster_use_account ON disaster_use (account_id, used_at);
CREATE INDEX disaster_use_check ON disaster_use (check_id);

-- What was taken out for the municipality's own system.
CREATE TABLE export_run (
  insurer_no TEXT NOT NULL,
  export_id TEXT NOT NULL,
  since_on TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  counts TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (insurer_no, export_id)
);

-- A person looked for by name and birth date, without a number.
CREATE INDEX insured_person_born ON insured_person (insurer_no, born_on);
CREATE INDEX insured_person_kana ON insured_person (insurer_no, kana_key);
