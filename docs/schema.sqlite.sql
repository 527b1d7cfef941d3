-- The schema as the engine has it; where it differs, the test `schema` of kaigo-store leaves the new one beside this file.
CREATE TABLE access_log (
  insurer_no TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  account_id TEXT NOT NULL,
  account_name TEXT NOT NULL,
  office_no TEXT,
  office_name TEXT,
  job TEXT,
  act TEXT NOT NULL,
  items TEXT NOT NULL,
  document TEXT,
  purpose TEXT NOT NULL,
  outcome TEXT NOT NULL,
  rule TEXT,
  consent_used INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  completed_at TEXT NOT NULL,
  salt TEXT NOT NULL,
  seq INTEGER,
  chain TEXT,
  PRIMARY KEY (insurer_no, entry_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE access_seal (
  insurer_no TEXT NOT NULL,
  seal_no INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  head TEXT NOT NULL,
  sealed_at TEXT NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY (insurer_no, seal_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE account (
  account_id TEXT NOT NULL,
  login_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  office_no TEXT,
  insurer_no TEXT,
  insured_no TEXT,
  job TEXT,
  is_admin INTEGER NOT NULL,
  password_hash TEXT NOT NULL,
  totp_sealed BLOB NOT NULL,
  totp_used_step INTEGER NOT NULL,
  failed_count INTEGER NOT NULL,
  locked_until TEXT,
  created_at TEXT NOT NULL,
  disabled_at TEXT,
  PRIMARY KEY (account_id)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE application (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  application_no TEXT NOT NULL,
  kind TEXT NOT NULL,
  applied_on TEXT NOT NULL,
  filed_by TEXT,
  survey_requested_on TEXT,
  surveyed_on TEXT,
  survey_received_on TEXT,
  opinion_requested_on TEXT,
  opinion_received_on TEXT,
  institution TEXT,
  computed_on TEXT,
  board_planned_on TEXT,
  judged_on TEXT,
  decided_on TEXT,
  outcome TEXT,
  care_level TEXT,
  valid_months INTEGER,
  delay_notified_on TEXT,
  expected_on TEXT,
  delay_reason TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE benefit_limit (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  kind TEXT NOT NULL,
  service_kind TEXT,
  units INTEGER NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE benefit_restriction (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  kind TEXT NOT NULL,
  content TEXT,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE burden_ratio (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  share TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  issued_on TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE certification (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  care_level TEXT NOT NULL,
  certified_on TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  opinion TEXT,
  designated_services TEXT,
  application_no TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE charge (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  charge_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  started_on TEXT NOT NULL,
  closes_on TEXT NOT NULL,
  ended_on TEXT,
  end_reason TEXT,
  method TEXT NOT NULL,
  check_id TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  registered_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, charge_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE consent (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  given_on TEXT NOT NULL,
  taken_by TEXT NOT NULL,
  office_no TEXT,
  given_by TEXT NOT NULL,
  text_version TEXT NOT NULL,
  withdrawn_on TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE doctor_opinion (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  application_no TEXT NOT NULL,
  written_on TEXT NOT NULL,
  institution TEXT NOT NULL,
  physician TEXT,
  examined_on TEXT,
  diagnosis TEXT,
  items TEXT NOT NULL,
  course TEXT,
  remarks TEXT,
  file TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE equipment_purchase (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  state TEXT NOT NULL,
  purchased_on TEXT NOT NULL,
  kind TEXT NOT NULL,
  product TEXT NOT NULL,
  covered_cost INTEGER NOT NULL,
  office_no TEXT,
  applied_on TEXT,
  decided_on TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE exchange_draft (
  office_no TEXT NOT NULL,
  draft_id TEXT NOT NULL,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  state TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (office_no, draft_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE exchange_draft_file (
  office_no TEXT NOT NULL,
  draft_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (office_no, draft_id, place)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE exchange_event (
  to_office_no TEXT NOT NULL,
  set_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  what TEXT NOT NULL,
  at TEXT NOT NULL,
  by_name TEXT NOT NULL,
  office_no TEXT NOT NULL,
  PRIMARY KEY (to_office_no, set_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE exchange_favourite (
  office_no TEXT NOT NULL,
  partner_no TEXT NOT NULL,
  PRIMARY KEY (office_no, partner_no)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE exchange_member (
  office_no TEXT NOT NULL,
  joined_at TEXT NOT NULL,
  joined_by TEXT NOT NULL,
  last_active_at TEXT NOT NULL,
  PRIMARY KEY (office_no)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE feed_document (
  insurer_no TEXT NOT NULL,
  file TEXT NOT NULL,
  load_no INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (insurer_no, file, load_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE feed_load (
  insurer_no TEXT NOT NULL,
  load_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  mode TEXT NOT NULL,
  made_at TEXT NOT NULL,
  started_at TEXT NOT NULL,
  published_at TEXT,
  summary TEXT NOT NULL,
  PRIMARY KEY (insurer_no, load_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE home_modification (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  state TEXT NOT NULL,
  home_no INTEGER NOT NULL,
  started_on TEXT,
  level_at_start TEXT,
  content TEXT NOT NULL,
  covered_cost INTEGER NOT NULL,
  applied_on TEXT,
  decided_on TEXT,
  three_step_reset INTEGER NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE identity_check (
  office_no TEXT NOT NULL,
  check_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  method TEXT NOT NULL,
  outcome TEXT NOT NULL,
  checked_at TEXT NOT NULL,
  used_at TEXT,
  PRIMARY KEY (office_no, check_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE insured_person (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  name TEXT NOT NULL,
  name_kana TEXT NOT NULL,
  born_on TEXT NOT NULL,
  sex TEXT NOT NULL,
  address TEXT NOT NULL,
  issued_on TEXT,
  kana_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE insurer (
  insurer_no TEXT NOT NULL,
  name TEXT NOT NULL,
  name_kana TEXT NOT NULL,
  municipality_code TEXT,
  phone TEXT,
  started_on TEXT,
  published_load INTEGER NOT NULL,
  PRIMARY KEY (insurer_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE job_lease (
  job TEXT NOT NULL,
  holder TEXT NOT NULL,
  until_at TEXT NOT NULL,
  PRIMARY KEY (job)
) STRICT, WITHOUT ROWID;
CREATE TABLE last_look (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  office_no TEXT NOT NULL,
  topic TEXT NOT NULL,
  load_no INTEGER NOT NULL,
  looked_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, office_no, topic)
) STRICT, WITHOUT ROWID;
CREATE TABLE office (
  office_no TEXT NOT NULL,
  name TEXT NOT NULL,
  name_kana TEXT NOT NULL,
  municipality_code TEXT,
  address TEXT,
  building TEXT,
  latitude TEXT,
  longitude TEXT,
  phone TEXT,
  fax TEXT,
  corporate_no TEXT,
  corporate_name TEXT,
  url TEXT,
  loaded_at TEXT NOT NULL,
  PRIMARY KEY (office_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE office_service (
  office_no TEXT NOT NULL,
  service_kind TEXT NOT NULL,
  weekdays TEXT,
  weekdays_note TEXT,
  capacity INTEGER,
  shared_service TEXT,
  standard_kaigo TEXT,
  standard_shogai TEXT,
  remarks TEXT,
  loaded_at TEXT NOT NULL,
  PRIMARY KEY (office_no, service_kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_notice (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  maker TEXT NOT NULL,
  office_no TEXT,
  notified_on TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE qualification (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  insured_class TEXT NOT NULL,
  acquired_on TEXT NOT NULL,
  lost_on TEXT,
  loss_reason TEXT,
  facility_insurer_no TEXT,
  facility_from TEXT,
  facility_until TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE relief (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  kind TEXT NOT NULL,
  stage TEXT,
  meal_facility INTEGER,
  meal_short_stay INTEGER,
  room_unit INTEGER,
  room_unit_shared INTEGER,
  room_private_welfare INTEGER,
  room_private_health INTEGER,
  room_shared INTEGER,
  benefit_rate INTEGER,
  reduction_permille INTEGER,
  remarks TEXT,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  issued_on TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE schema_version (
  version INTEGER NOT NULL,
  applied_at TEXT NOT NULL,
  PRIMARY KEY (version)
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
  session_digest TEXT NOT NULL,
  account_id TEXT NOT NULL,
  stage TEXT NOT NULL,
  csrf TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (session_digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE survey (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  application_no TEXT NOT NULL,
  surveyed_on TEXT NOT NULL,
  surveyor TEXT,
  place TEXT,
  items TEXT NOT NULL,
  remarks TEXT,
  file TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_log_person ON access_log (insurer_no, insured_no, completed_at, entry_id);
CREATE INDEX access_log_seq ON access_log (insurer_no, seq) WHERE seq IS NOT NULL;
CREATE INDEX access_log_unsealed ON access_log (insurer_no, entry_id) WHERE seq IS NULL;
CREATE UNIQUE INDEX account_login ON account (login_id);
CREATE INDEX api_token_office ON api_token (office_no, made_at);
CREATE INDEX charge_id ON charge (charge_id);
CREATE INDEX charge_office ON charge (office_no);
CREATE INDEX exchange_draft_digest ON exchange_draft (office_no, digest);
CREATE INDEX exchange_draft_made ON exchange_draft (made_at);
CREATE INDEX exchange_person_inbox ON exchange_person (to_office_no, doc, doc_key);
CREATE INDEX exchange_person_line ON exchange_person (to_office_no, insurer_no, insured_no, from_office_no, doc, doc_key);
CREATE INDEX exchange_person_outbox ON exchange_person (from_office_no, doc, doc_key);
CREATE INDEX exchange_result_entry_month ON exchange_result_entry (office_no, month);
CREATE UNIQUE INDEX exchange_result_entry_planned ON exchange_result_entry (office_no, planned_set, planned_place);
CREATE INDEX exchange_set_id ON exchange_set (set_id);
CREATE INDEX exchange_set_inbox ON exchange_set (to_office_no, sent_at, set_id);
CREATE INDEX exchange_set_kept ON exchange_set (sent_at) WHERE purged_at IS NULL;
CREATE UNIQUE INDEX exchange_set_natural ON exchange_set (to_office_no, from_office_no, serial, unit, month, from_kind, to_kind) WHERE recalled_at IS NULL;
CREATE INDEX exchange_set_outbox ON exchange_set (from_office_no, sent_at, set_id);
CREATE INDEX exchange_set_unread ON exchange_set (to_office_no, sent_at, set_id) WHERE state = 'sent';
CREATE INDEX exchange_set_waiting ON exchange_set (from_office_no, sent_at, set_id) WHERE state = 'sent';
CREATE INDEX identity_check_account ON identity_check (account_id, checked_at);
CREATE INDEX session_account ON session (account_id);
