-- Whether an office claims for its people, and who moved where.

-- Claim presence (請求の有無): of each office, person and month of service, what became of the claim last.
CREATE TABLE claim_presence (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  office_no TEXT NOT NULL,
  service_month TEXT NOT NULL,
  state TEXT NOT NULL,
  received_month TEXT NOT NULL,
  loaded_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, office_no, service_month)
);

-- Files of claim presence that were taken, by their digest.
CREATE TABLE claim_load (
  load_id TEXT NOT NULL,
  file TEXT NOT NULL,
  loaded_by TEXT NOT NULL,
  loaded_at TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  changed_count INTEGER NOT NULL,
  PRIMARY KEY (load_id)
);

-- What the recomputation of standings knows of a registration beside its last day.
CREATE TABLE charge_watch (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  charge_id TEXT NOT NULL,
  kept_until TEXT,
  warned_for TEXT,
  PRIMARY KEY (insurer_no, insured_no, charge_id)
);

-- A run of the recomputation: where it is, so that another process can go on.
CREATE TABLE presence_run (
  run_id TEXT NOT NULL,
  insurer_no TEXT,
  at_insurer_no TEXT NOT NULL,
  at_insured_no TEXT NOT NULL,
  looked INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  reopened INTEGER NOT NULL,
  warned INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  PRIMARY KEY (run_id)
);

-- Numbers that go on as others (転出, 合併, 番号の変更). Records are never mixed: this says only where to look.
CREATE TABLE person_link (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  to_insurer_no TEXT NOT NULL,
  to_insured_no TEXT NOT NULL,
  kind TEXT NOT NULL,
  moved_on TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, to_insurer_no, to_insured_no)
);
