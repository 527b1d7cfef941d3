-- The exchange of care plans between offices (ケアプランデータ連携). Mailboxes: keys begin with the receiving office.
-- Japanese terms and sources stand with the types in kaigo-careplan.

-- Offices that use the exchange.
CREATE TABLE exchange_member (
  office_no TEXT NOT NULL,
  joined_at TEXT NOT NULL,
  joined_by TEXT NOT NULL,
  last_active_at TEXT NOT NULL,
  PRIMARY KEY (office_no)
);

-- Sets (送信単位) that were sent. A kind of service or month that a set has not is empty, so that the natural key compares.
CREATE TABLE exchange_set (
  to_office_no TEXT NOT NULL,
  set_id TEXT NOT NULL,
  from_office_no TEXT NOT NULL,
  from_kind TEXT NOT NULL,
  to_kind TEXT NOT NULL,
  serial TEXT NOT NULL,
  unit TEXT NOT NULL,
  month TEXT NOT NULL,
  digest TEXT NOT NULL,
  size INTEGER NOT NULL,
  file_count INTEGER NOT NULL,
  person_count INTEGER NOT NULL,
  warning_count INTEGER NOT NULL,
  state TEXT NOT NULL,
  sent_at TEXT NOT NULL,
  sent_by TEXT NOT NULL,
  fetched_at TEXT,
  fetched_by TEXT,
  imported_at TEXT,
  imported_by TEXT,
  recalled_at TEXT,
  recalled_by TEXT,
  purged_at TEXT,
  PRIMARY KEY (to_office_no, set_id)
);
CREATE UNIQUE INDEX exchange_set_natural ON exchange_set (to_office_no, from_office_no, serial, unit, month, from_kind, to_kind) WHERE recalled_at IS NULL;
CREATE INDEX exchange_set_id ON exchange_set (set_id);
CREATE INDEX exchange_set_outbox ON exchange_set (from_office_no, sent_at, set_id);
CREATE INDEX exchange_set_inbox ON exchange_set (to_office_no, sent_at, set_id);
CREATE INDEX exchange_set_unread ON exchange_set (to_office_no, sent_at, set_id) WHERE state = 'sent';
CREATE INDEX exchange_set_waiting ON exchange_set (from_office_no, sent_at, set_id) WHERE state = 'sent';
CREATE INDEX exchange_set_kept ON exchange_set (sent_at) WHERE purged_at IS NULL;

-- Files of a set, byte for byte under the data key. Large ones lie among the objects, and the row holds their name.
CREATE TABLE exchange_file (
  to_office_no TEXT NOT NULL,
  set_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  object TEXT,
  sealed BLOB NOT NULL,
  PRIMARY KEY (to_office_no, set_id, place)
);

-- What a set carries or deletes of each person. Of the rows of one document the last serial counts; each earlier one names the
-- set that came after it. `service_kind` is the kind of service at the service office's end.
CREATE TABLE exchange_person (
  to_office_no TEXT NOT NULL,
  set_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  from_office_no TEXT NOT NULL,
  service_kind TEXT NOT NULL,
  serial TEXT NOT NULL,
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  name TEXT NOT NULL,
  kana TEXT NOT NULL,
  born TEXT NOT NULL,
  sex TEXT NOT NULL,
  doc TEXT NOT NULL,
  doc_key TEXT NOT NULL,
  deletes INTEGER NOT NULL,
  recalled INTEGER NOT NULL,
  replaced_by TEXT,
  withdrawn_by TEXT,
  PRIMARY KEY (to_office_no, set_id, place)
);
CREATE INDEX exchange_person_line ON exchange_person (to_office_no, insurer_no, insured_no, from_office_no, doc, doc_key);
CREATE INDEX exchange_person_inbox ON exchange_person (to_office_no, doc, doc_key);
CREATE INDEX exchange_person_outbox ON exchange_person (from_office_no, doc, doc_key);

-- Who did what with a set, for both offices.
CREATE TABLE exchange_event (
  to_office_no TEXT NOT NULL,
  set_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  what TEXT NOT NULL,
  at TEXT NOT NULL,
  by_name TEXT NOT NULL,
  office_no TEXT NOT NULL,
  PRIMARY KEY (to_office_no, set_id, event_id)
);

-- Uploads that were checked and not sent yet (下書き).
CREATE TABLE exchange_draft (
  office_no TEXT NOT NULL,
  draft_id TEXT NOT NULL,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  state TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (office_no, draft_id)
);
CREATE INDEX exchange_draft_digest ON exchange_draft (office_no, digest);
CREATE INDEX exchange_draft_made ON exchange_draft (made_at);

CREATE TABLE exchange_draft_file (
  office_no TEXT NOT NULL,
  draft_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (office_no, draft_id, place)
);

-- What became of each set of an upload: the answer to whoever sends it once more.
CREATE TABLE exchange_draft_result (
  office_no TEXT NOT NULL,
  draft_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  set_id TEXT,
  outcome TEXT NOT NULL,
  code TEXT NOT NULL,
  say TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (office_no, draft_id, place)
);

CREATE TABLE exchange_favourite (
  office_no TEXT NOT NULL,
  partner_no TEXT NOT NULL,
  PRIMARY KEY (office_no, partner_no)
);

-- 実績 that is typed in the browser, until it is sent.
CREATE TABLE exchange_result_entry (
  office_no TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  month TEXT NOT NULL,
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  partner_no TEXT NOT NULL,
  planned_set TEXT NOT NULL,
  planned_place INTEGER NOT NULL,
  state TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  sent_set TEXT,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY (office_no, entry_id)
);
CREATE UNIQUE INDEX exchange_result_entry_planned ON exchange_result_entry (office_no, planned_set, planned_place);
CREATE INDEX exchange_result_entry_month ON exchange_result_entry (office_no, month);

-- Tokens of an office's own programs, by their digests.
CREATE TABLE api_token (
  token_digest TEXT NOT NULL,
  token_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  account_id TEXT NOT NULL,
  name TEXT NOT NULL,
  made_at TEXT NOT NULL,
  last_used_at TEXT,
  ended_at TEXT,
  PRIMARY KEY (token_digest)
);
CREATE INDEX api_token_office ON api_token (office_no, made_at);
