-- Reading マイナンバーカード: terminals, transactions, links. Of a card only a salted digest of issuer and serial number is kept, and
-- the last moment of its certificate: no name, no photograph, no PIN, no certificate, no 個人番号.

CREATE TABLE card_terminal (
  office_no TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  name TEXT NOT NULL,
  activation_digest TEXT,
  activation_until TEXT NOT NULL,
  device_key TEXT,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  enrolled_at TEXT,
  last_used_at TEXT,
  ended_at TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (office_no, terminal_id)
);
CREATE UNIQUE INDEX card_terminal_key ON card_terminal (office_no, submit_key);
CREATE INDEX card_terminal_activation ON card_terminal (activation_digest);

CREATE TABLE card_transaction (
  office_no TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  way TEXT NOT NULL,
  state TEXT NOT NULL,
  nonce TEXT NOT NULL,
  match_code TEXT NOT NULL,
  started_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  terminal_id TEXT,
  answered_at TEXT,
  answer_digest TEXT,
  card_digest TEXT,
  token TEXT,
  not_after TEXT,
  failure TEXT,
  tries_left INTEGER,
  check_id TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (office_no, transaction_id)
);
CREATE UNIQUE INDEX card_transaction_key ON card_transaction (office_no, account_id, submit_key);
CREATE INDEX card_transaction_expires ON card_transaction (expires_at);

CREATE TABLE card_link (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  link_id TEXT NOT NULL,
  card_digest TEXT NOT NULL,
  token TEXT NOT NULL,
  method TEXT NOT NULL,
  not_after TEXT NOT NULL,
  office_no TEXT NOT NULL,
  account_id TEXT NOT NULL,
  linked_at TEXT NOT NULL,
  ended_at TEXT,
  end_reason TEXT,
  PRIMARY KEY (insurer_no, insured_no, link_id)
);

-- Which insurer holds the link of a card: one row per card that counts, by its digest.
CREATE TABLE card_index (
  card_digest TEXT NOT NULL,
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  link_id TEXT NOT NULL,
  PRIMARY KEY (card_digest)
);
