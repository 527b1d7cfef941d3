-- かんたんシミュレーション kept by an office: its inputs, to lay beside what is counted later.
CREATE TABLE savings_estimate (
  office_no TEXT NOT NULL,
  inputs TEXT NOT NULL,
  kept_at TEXT NOT NULL,
  kept_by TEXT NOT NULL,
  PRIMARY KEY (office_no)
);
