-- The whole circle: medical institutions, certification boards, an insurer's own rules, and whose accounts there are.

ALTER TABLE account ADD COLUMN institution_no TEXT;
ALTER TABLE account ADD COLUMN board_id TEXT;
ALTER TABLE account ADD COLUMN proxy_id TEXT;

-- Medical institutions (医療機関).
CREATE TABLE institution (
  institution_no TEXT NOT NULL,
  name TEXT NOT NULL,
  name_kana TEXT NOT NULL,
  address TEXT,
  phone TEXT,
  loaded_at TEXT NOT NULL,
  PRIMARY KEY (institution_no)
);

-- Certification boards (介護認定審査会); one may serve several insurers.
CREATE TABLE board (
  board_id TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT,
  PRIMARY KEY (board_id)
);

CREATE TABLE board_insurer (
  board_id TEXT NOT NULL,
  insurer_no TEXT NOT NULL,
  PRIMARY KEY (board_id, insurer_no)
);

-- An insurer's own rules, each from a day on: start of an item, a cell of the sharing table, deadlines.
CREATE TABLE insurer_setting (
  insurer_no TEXT NOT NULL,
  setting TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  value TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, setting, valid_from)
);
