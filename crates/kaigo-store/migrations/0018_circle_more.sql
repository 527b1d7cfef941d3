-- Additions to the circle of the four parties.

-- Loads whose news are still to be told: the whole of a feed, or one person of the desk. Told up to the person `reached`.
CREATE TABLE load_news (
  insurer_no TEXT NOT NULL,
  load_no INTEGER NOT NULL,
  insured_no TEXT NOT NULL,
  reached TEXT NOT NULL,
  queued_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, load_no, insured_no)
);

-- Daily jobs that were done for an insurer, and the day for which.
CREATE TABLE insurer_job (
  insurer_no TEXT NOT NULL,
  job TEXT NOT NULL,
  done_for TEXT NOT NULL,
  PRIMARY KEY (insurer_no, job)
);

-- 受付で聞いたこと: the specified disease of a person under 65, and whom the surveyor calls. Beside the record, which has no column for them.
CREATE TABLE case_intake (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  disease TEXT NOT NULL,
  contact TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, record_no)
);

-- Who of the board comes to a session: their number, and the place as it was changed last.
ALTER TABLE board_session ADD COLUMN members INTEGER;
ALTER TABLE board_session ADD COLUMN changed_by TEXT;
ALTER TABLE board_session ADD COLUMN changed_at TEXT;

-- Who gave the consent in the person's place: name and relation, as the office that took it wrote them down.
ALTER TABLE consent_act ADD COLUMN giver TEXT;
