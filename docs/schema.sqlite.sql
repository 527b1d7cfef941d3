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
  disabled_at TEXT, institution_no TEXT, board_id TEXT, proxy_id TEXT, supporter_id TEXT, must_change INTEGER, password_at TEXT, left_at TEXT, state_note TEXT,
  PRIMARY KEY (account_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE account_event (
  account_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  what TEXT NOT NULL,
  happened_at TEXT NOT NULL,
  place TEXT NOT NULL,
  browser TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (account_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE admin_log (
  owner_kind TEXT NOT NULL,
  owner_no TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  done_at TEXT NOT NULL,
  account_id TEXT NOT NULL,
  account_name TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (owner_kind, owner_no, entry_id)
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
CREATE TABLE board (
  board_id TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT,
  PRIMARY KEY (board_id)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE board_insurer (
  board_id TEXT NOT NULL,
  insurer_no TEXT NOT NULL,
  PRIMARY KEY (board_id, insurer_no)
) STRICT, WITHOUT ROWID;
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
  closed_at TEXT, members INTEGER, changed_by TEXT, changed_at TEXT,
  PRIMARY KEY (board_id, session_id)
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
CREATE TABLE card_index (
  card_digest TEXT NOT NULL,
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  link_id TEXT NOT NULL,
  PRIMARY KEY (card_digest)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE case_bulk (
  insurer_no TEXT NOT NULL,
  bulk_id TEXT NOT NULL,
  act TEXT NOT NULL,
  what TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, bulk_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE case_bulk_row (
  insurer_no TEXT NOT NULL,
  bulk_id TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  say TEXT NOT NULL,
  PRIMARY KEY (insurer_no, bulk_id, insured_no, record_no)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE case_computed (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  care_level TEXT NOT NULL,
  minutes_tenths INTEGER,
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, record_no)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE case_intake (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  disease TEXT NOT NULL,
  contact TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, record_no)
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
CREATE TABLE charge_watch (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  charge_id TEXT NOT NULL,
  kept_until TEXT,
  warned_for TEXT,
  PRIMARY KEY (insurer_no, insured_no, charge_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE claim_load (
  load_id TEXT NOT NULL,
  file TEXT NOT NULL,
  loaded_by TEXT NOT NULL,
  loaded_at TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  changed_count INTEGER NOT NULL,
  PRIMARY KEY (load_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE claim_presence (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  office_no TEXT NOT NULL,
  service_month TEXT NOT NULL,
  state TEXT NOT NULL,
  received_month TEXT NOT NULL,
  loaded_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, office_no, service_month)
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
CREATE TABLE consent_act (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  act_id TEXT NOT NULL,
  step TEXT NOT NULL,
  acted_on TEXT NOT NULL,
  acted_at TEXT NOT NULL,
  desk TEXT NOT NULL,
  office_no TEXT,
  given_by TEXT NOT NULL,
  proxy_id TEXT,
  text_version TEXT NOT NULL,
  method TEXT NOT NULL,
  seen_load INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  account_name TEXT NOT NULL,
  submit_key TEXT NOT NULL, giver TEXT,
  PRIMARY KEY (insurer_no, insured_no, act_id)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
CREATE TABLE entrustment (
  office_no TEXT NOT NULL,
  supporter_id TEXT NOT NULL,
  entrustment_id TEXT NOT NULL,
  entrusted_at TEXT NOT NULL,
  entrusted_by TEXT NOT NULL,
  ended_at TEXT,
  ended_by TEXT,
  PRIMARY KEY (office_no, supporter_id, entrustment_id)
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
CREATE TABLE export_run (
  insurer_no TEXT NOT NULL,
  export_id TEXT NOT NULL,
  since_on TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at TEXT NOT NULL,
  counts TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (insurer_no, export_id)
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE feed_upload_file (
  insurer_no TEXT NOT NULL,
  upload_id TEXT NOT NULL,
  file_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (insurer_no, upload_id, file_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE filing (
  insurer_no TEXT NOT NULL,
  filing_id TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  office_no TEXT NOT NULL,
  office_name TEXT NOT NULL,
  receipt_no TEXT NOT NULL,
  variant TEXT NOT NULL,
  division TEXT NOT NULL,
  start_on TEXT NOT NULL,
  reason TEXT,
  reason_text TEXT NOT NULL,
  others TEXT NOT NULL,
  others_text TEXT NOT NULL,
  entrusted_no TEXT,
  contact_name TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  is_provisional INTEGER NOT NULL,
  filed_on TEXT NOT NULL,
  filed_at TEXT NOT NULL,
  filed_by TEXT NOT NULL,
  state TEXT NOT NULL,
  decided_at TEXT,
  decided_by TEXT,
  return_reason TEXT,
  return_text TEXT NOT NULL,
  record_no INTEGER,
  replaces TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, filing_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE filing_draft (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  office_no TEXT NOT NULL,
  answers TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, office_no)
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
CREATE TABLE inquiry (
  inquiry_id TEXT NOT NULL,
  office_no TEXT,
  who TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL,
  account_id TEXT,
  address TEXT,
  code_digest TEXT,
  opened_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  search TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (inquiry_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE inquiry_file (
  inquiry_id TEXT NOT NULL,
  message_no INTEGER NOT NULL,
  file_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (inquiry_id, message_no, file_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE inquiry_message (
  inquiry_id TEXT NOT NULL,
  message_no INTEGER NOT NULL,
  side TEXT NOT NULL,
  author TEXT NOT NULL,
  body TEXT NOT NULL,
  at TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (inquiry_id, message_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE institution (
  institution_no TEXT NOT NULL,
  name TEXT NOT NULL,
  name_kana TEXT NOT NULL,
  address TEXT,
  phone TEXT,
  loaded_at TEXT NOT NULL,
  PRIMARY KEY (institution_no)
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
CREATE TABLE insurer_job (
  insurer_no TEXT NOT NULL,
  job TEXT NOT NULL,
  done_for TEXT NOT NULL,
  PRIMARY KEY (insurer_no, job)
) STRICT, WITHOUT ROWID;
CREATE TABLE insurer_setting (
  insurer_no TEXT NOT NULL,
  setting TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  value TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, setting, valid_from)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE invitation (
  owner_kind TEXT NOT NULL,
  owner_no TEXT NOT NULL,
  invitation_id TEXT NOT NULL,
  code_digest TEXT NOT NULL,
  name TEXT NOT NULL,
  job TEXT,
  is_admin INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  is_again INTEGER NOT NULL,
  invited_by TEXT NOT NULL,
  invited_account TEXT NOT NULL,
  invited_at TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  start_digest TEXT,
  start_until TEXT,
  login_id TEXT,
  password_hash TEXT,
  totp_sealed BLOB,
  factor TEXT,
  used_at TEXT,
  revoked_at TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (owner_kind, owner_no, invitation_id)
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
CREATE TABLE letter (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  letter_id TEXT NOT NULL,
  proxy_id TEXT,
  issued_by TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  tries INTEGER NOT NULL,
  start_digest TEXT,
  start_until TEXT,
  login_id TEXT,
  password_hash TEXT,
  totp_sealed BLOB,
  factor TEXT,
  used_at TEXT,
  account_id TEXT,
  revoked_at TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, letter_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE licence (
  office_no TEXT NOT NULL,
  licence_no INTEGER NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  fee TEXT NOT NULL,
  yen INTEGER NOT NULL,
  applied_at TEXT NOT NULL,
  applied_by TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (office_no, licence_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE licence_setting (
  office_no TEXT NOT NULL,
  auto_renew INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (office_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE life_feedback (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  record_no INTEGER NOT NULL,
  load_no INTEGER NOT NULL,
  history_no INTEGER NOT NULL,
  void TEXT NOT NULL,
  office_no TEXT NOT NULL,
  service_kind TEXT NOT NULL,
  period_from TEXT NOT NULL,
  period_until TEXT NOT NULL,
  items TEXT,
  file TEXT,
  PRIMARY KEY (insurer_no, insured_no, record_no, load_no, history_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE load_news (
  insurer_no TEXT NOT NULL,
  load_no INTEGER NOT NULL,
  insured_no TEXT NOT NULL,
  reached TEXT NOT NULL,
  queued_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, load_no, insured_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE log_bundle (
  log_name TEXT NOT NULL,
  bundle_no INTEGER NOT NULL,
  entries BLOB NOT NULL,
  PRIMARY KEY (log_name, bundle_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE log_checkpoint (
  log_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  note TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (log_name, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE log_cosignature (
  log_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  verifier TEXT NOT NULL,
  line TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (log_name, size, verifier)
) STRICT, WITHOUT ROWID;
CREATE TABLE log_tile (
  log_name TEXT NOT NULL,
  level INTEGER NOT NULL,
  tile_no INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (log_name, level, tile_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE log_tree (
  log_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  rooted_size INTEGER NOT NULL,
  peaks BLOB NOT NULL,
  PRIMARY KEY (log_name)
) STRICT, WITHOUT ROWID;
CREATE TABLE log_witness (
  log_name TEXT NOT NULL,
  verifier TEXT NOT NULL,
  added_by TEXT NOT NULL,
  added_at TEXT NOT NULL,
  ended_at TEXT,
  PRIMARY KEY (log_name, verifier)
) STRICT, WITHOUT ROWID;
CREATE TABLE login_bucket (
  bucket TEXT NOT NULL,
  level INTEGER NOT NULL,
  filled_at TEXT NOT NULL,
  PRIMARY KEY (bucket)
) STRICT, WITHOUT ROWID;
CREATE TABLE login_failure (
  minute TEXT NOT NULL,
  failure_key TEXT NOT NULL,
  owner_kind TEXT NOT NULL,
  owner_no TEXT NOT NULL,
  account_id TEXT,
  login TEXT NOT NULL,
  what TEXT NOT NULL,
  place TEXT NOT NULL,
  browser TEXT NOT NULL,
  is_spread INTEGER NOT NULL,
  times INTEGER NOT NULL,
  last_at TEXT NOT NULL,
  PRIMARY KEY (minute, failure_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE login_guard (
  guard TEXT NOT NULL,
  failed INTEGER NOT NULL,
  locks INTEGER NOT NULL,
  locked_until TEXT,
  tried_at TEXT NOT NULL,
  PRIMARY KEY (guard)
) STRICT, WITHOUT ROWID;
CREATE TABLE login_mail_code (
  account_id TEXT NOT NULL,
  code_digest TEXT NOT NULL,
  made_at TEXT NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (account_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE mail (
  mail_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  serial INTEGER NOT NULL,
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  tries INTEGER NOT NULL,
  next_at TEXT,
  last_error TEXT,
  made_at TEXT NOT NULL,
  sent_at TEXT,
  failed_at TEXT,
  PRIMARY KEY (mail_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE mail_setting (
  account_id TEXT NOT NULL,
  recipient_kind TEXT NOT NULL,
  recipient_no TEXT NOT NULL,
  address TEXT,
  new_address TEXT,
  code_digest TEXT,
  code_at TEXT,
  code_tries INTEGER NOT NULL,
  code_no INTEGER NOT NULL,
  frequency TEXT NOT NULL,
  topics TEXT NOT NULL,
  next_at TEXT,
  digest_no INTEGER NOT NULL,
  refused_at TEXT,
  changed_at TEXT NOT NULL,
  PRIMARY KEY (account_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE notice (
  recipient_kind TEXT NOT NULL,
  recipient_no TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  insurer_no TEXT,
  insured_no TEXT,
  href TEXT NOT NULL,
  note TEXT NOT NULL,
  once_key TEXT NOT NULL,
  told_at TEXT NOT NULL,
  fresh INTEGER NOT NULL,
  read_at TEXT,
  read_by TEXT,
  PRIMARY KEY (recipient_kind, recipient_no, notice_id)
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
CREATE TABLE office_claim (
  claim_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  office_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  issued_by TEXT NOT NULL,
  used_at TEXT,
  account_id TEXT,
  PRIMARY KEY (claim_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE office_claim_try (
  claim_digest TEXT NOT NULL,
  try_id TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (claim_digest, try_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE office_invitation (
  office_no TEXT NOT NULL,
  invitation_id TEXT NOT NULL,
  code_digest TEXT NOT NULL,
  for_name TEXT NOT NULL,
  job TEXT NOT NULL,
  is_admin INTEGER NOT NULL,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_at TEXT,
  used_by TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (office_no, invitation_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE office_member (
  account_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  member_id TEXT NOT NULL,
  job TEXT NOT NULL,
  is_admin INTEGER NOT NULL,
  joined_at TEXT NOT NULL,
  invited_by TEXT NOT NULL,
  ended_at TEXT,
  ended_by TEXT,
  PRIMARY KEY (account_id, office_no, member_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE office_registration (
  registration_id TEXT NOT NULL,
  token_digest TEXT NOT NULL,
  claim_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  address TEXT,
  code_no INTEGER NOT NULL,
  code_at TEXT,
  code_tries INTEGER NOT NULL,
  confirmed_at TEXT,
  account_id TEXT,
  login_id TEXT,
  name TEXT,
  job TEXT,
  password_hash TEXT,
  totp_sealed BLOB,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  done_at TEXT,
  PRIMARY KEY (registration_id)
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
CREATE TABLE opinion_draft (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  request_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  saved_at TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, request_id)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE passkey (
  account_id TEXT NOT NULL,
  passkey_id TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  rp_id TEXT NOT NULL,
  public_key BLOB NOT NULL,
  sign_count TEXT NOT NULL,
  is_synced INTEGER NOT NULL,
  name TEXT NOT NULL,
  made_at TEXT NOT NULL,
  used_at TEXT,
  PRIMARY KEY (account_id, passkey_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE passkey_challenge (
  challenge TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  PRIMARY KEY (challenge)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE pki_authority (
  authority_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  certificate BLOB NOT NULL,
  key_sealed BLOB,
  not_after TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (authority_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_delivery (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  office_name TEXT NOT NULL,
  doc TEXT NOT NULL,
  doc_key TEXT NOT NULL,
  set_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  registered_on TEXT NOT NULL,
  registered_at TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_by TEXT,
  PRIMARY KEY (insurer_no, insured_no, delivery_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE plan_delivery_file (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, delivery_id, place)
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
CREATE TABLE portal_maintenance (
  maintenance_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  title TEXT NOT NULL,
  effect TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  account_id TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (maintenance_id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE portal_version (
  article_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  topic TEXT NOT NULL,
  state TEXT NOT NULL,
  show_from TEXT NOT NULL,
  place INTEGER NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  body TEXT NOT NULL,
  keywords TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  account_id TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (article_id, version)
) STRICT, WITHOUT ROWID;
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
) STRICT, WITHOUT ROWID;
CREATE TABLE proxy (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  proxy_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_kana TEXT NOT NULL,
  relation TEXT NOT NULL,
  born_on TEXT NOT NULL,
  scope TEXT NOT NULL,
  evidence TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  recorded_by TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  ended_at TEXT,
  ended_by TEXT,
  end_reason TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, proxy_id)
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
CREATE TABLE question (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  question_id TEXT NOT NULL,
  entry_id TEXT,
  body TEXT NOT NULL,
  account_id TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  answer TEXT,
  answered_by TEXT,
  answered_at TEXT,
  read_at TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, question_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE readiness (
  code TEXT NOT NULL,
  state TEXT NOT NULL,
  starts_on TEXT,
  items TEXT NOT NULL,
  note TEXT NOT NULL,
  origin TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (code)
) STRICT, WITHOUT ROWID;
CREATE TABLE readiness_change (
  code TEXT NOT NULL,
  change_id TEXT NOT NULL,
  state TEXT NOT NULL,
  starts_on TEXT,
  items TEXT NOT NULL,
  note TEXT NOT NULL,
  origin TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  account_id TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (code, change_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE recovery_code (
  account_id TEXT NOT NULL,
  code_digest TEXT NOT NULL,
  used_at TEXT,
  PRIMARY KEY (account_id, code_digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE refusal_count (
  hour TEXT NOT NULL,
  kind TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (hour, kind)
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
CREATE TABLE savings_estimate (
  office_no TEXT NOT NULL,
  inputs TEXT NOT NULL,
  kept_at TEXT NOT NULL,
  kept_by TEXT NOT NULL,
  PRIMARY KEY (office_no)
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
  expires_at TEXT NOT NULL, session_id TEXT, place TEXT, browser TEXT, way TEXT, sure_until TEXT,
  PRIMARY KEY (session_digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE session_certificate (
  session_digest TEXT NOT NULL,
  serial TEXT NOT NULL,
  bound_at TEXT NOT NULL,
  PRIMARY KEY (session_digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE session_office (
  session_digest TEXT NOT NULL,
  office_no TEXT NOT NULL,
  PRIMARY KEY (session_digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE start_try (
  insurer_no TEXT NOT NULL,
  insured_no TEXT NOT NULL,
  try_id TEXT NOT NULL,
  tried_at TEXT NOT NULL,
  PRIMARY KEY (insurer_no, insured_no, try_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE subsidy (
  application_id TEXT NOT NULL,
  office_no TEXT NOT NULL,
  office_name TEXT NOT NULL,
  fiscal_year INTEGER NOT NULL,
  state TEXT NOT NULL,
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  total_yen INTEGER NOT NULL,
  grant_yen INTEGER NOT NULL,
  made_at TEXT NOT NULL,
  made_by TEXT NOT NULL,
  filed_on TEXT,
  filed_at TEXT,
  decided_at TEXT,
  decided_by TEXT,
  pay_by TEXT,
  paid_on TEXT,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (application_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE subsidy_event (
  application_id TEXT NOT NULL,
  event_no INTEGER NOT NULL,
  what TEXT NOT NULL,
  at TEXT NOT NULL,
  by_name TEXT NOT NULL,
  say TEXT NOT NULL,
  PRIMARY KEY (application_id, event_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE subsidy_file (
  application_id TEXT NOT NULL,
  file_no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  digest TEXT NOT NULL,
  sealed_text BLOB NOT NULL,
  added_at TEXT NOT NULL,
  added_by TEXT NOT NULL,
  removed_at TEXT,
  PRIMARY KEY (application_id, file_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE supporter (
  supporter_id TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT,
  PRIMARY KEY (supporter_id)
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
CREATE TABLE terminal_certificate (
  office_no TEXT NOT NULL,
  certificate_id TEXT NOT NULL,
  terminal_no INTEGER NOT NULL,
  terminal_name TEXT NOT NULL,
  way TEXT NOT NULL,
  csr BLOB,
  renews TEXT,
  state TEXT NOT NULL,
  requested_at TEXT NOT NULL,
  requested_account TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  decided_at TEXT,
  decided_by TEXT,
  reason TEXT,
  serial TEXT,
  certificate BLOB,
  not_before TEXT,
  not_after TEXT,
  delivered_at TEXT,
  delivered_by TEXT,
  revoked_at TEXT,
  revoked_by TEXT,
  revoke_reason TEXT,
  PRIMARY KEY (office_no, certificate_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_area (
  month TEXT NOT NULL,
  area TEXT NOT NULL,
  offices INTEGER NOT NULL,
  registered INTEGER NOT NULL,
  active INTEGER NOT NULL,
  pairs INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  fetched INTEGER NOT NULL,
  PRIMARY KEY (month, area)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_run (
  month TEXT NOT NULL,
  computed_at TEXT NOT NULL,
  computed_on TEXT NOT NULL,
  PRIMARY KEY (month)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_log_office ON access_log (office_no, completed_at) WHERE office_no IS NOT NULL;
CREATE INDEX access_log_person ON access_log (insurer_no, insured_no, completed_at, entry_id);
CREATE INDEX access_log_seq ON access_log (insurer_no, seq) WHERE seq IS NOT NULL;
CREATE INDEX access_log_unsealed ON access_log (insurer_no, entry_id) WHERE seq IS NULL;
CREATE INDEX account_event_at ON account_event (happened_at);
CREATE INDEX account_insurer ON account (insurer_no) WHERE insured_no IS NULL AND insurer_no IS NOT NULL;
CREATE UNIQUE INDEX account_login ON account (login_id);
CREATE INDEX account_office ON account (office_no) WHERE office_no IS NOT NULL;
CREATE INDEX account_operator ON account (kind) WHERE kind = 'operator';
CREATE INDEX account_person ON account (insurer_no, insured_no) WHERE insured_no IS NOT NULL;
CREATE INDEX admin_log_entry ON admin_log (entry_id);
CREATE INDEX api_token_office ON api_token (office_no, made_at);
CREATE UNIQUE INDEX board_case_id ON board_case (case_id, insurer_no);
CREATE INDEX board_case_session ON board_case (board_id, session_id, place);
CREATE INDEX board_session_day ON board_session (board_id, held_on, session_id);
CREATE UNIQUE INDEX board_session_key ON board_session (board_id, submit_key);
CREATE INDEX card_terminal_activation ON card_terminal (activation_digest);
CREATE UNIQUE INDEX card_terminal_key ON card_terminal (office_no, submit_key);
CREATE INDEX card_transaction_expires ON card_transaction (expires_at);
CREATE UNIQUE INDEX card_transaction_key ON card_transaction (office_no, account_id, submit_key);
CREATE INDEX case_change_case ON case_change (insurer_no, insured_no, record_no, changed_at);
CREATE UNIQUE INDEX case_change_key ON case_change (insurer_no, submit_key);
CREATE INDEX case_index_age ON case_index (insurer_no, is_open, applied_on, insured_no, record_no);
CREATE INDEX case_index_count ON case_index (insurer_no, is_open, step);
CREATE INDEX case_index_kana ON case_index (insurer_no, kana_key, insured_no, record_no);
CREATE INDEX case_index_late ON case_index (insurer_no, is_open, applied_on, delay_notified_on, expected_on, survey_requested_on, survey_received_on, opinion_requested_on, opinion_received_on);
CREATE INDEX case_index_number ON case_index (insurer_no, application_no);
CREATE INDEX case_index_step ON case_index (insurer_no, step, applied_on, insured_no, record_no);
CREATE INDEX charge_id ON charge (charge_id);
CREATE INDEX charge_office ON charge (office_no);
CREATE INDEX charge_person ON charge (insurer_no, insured_no, closes_on) WHERE ended_on IS NULL;
CREATE INDEX consent_act_at ON consent_act (insurer_no, acted_at);
CREATE UNIQUE INDEX consent_act_submit ON consent_act (insurer_no, insured_no, submit_key);
CREATE UNIQUE INDEX disaster_key ON disaster (insurer_no, submit_key);
CREATE INDEX disaster_state ON disaster (state, until_on);
CREATE INDEX disaster_use_account ON disaster_use (account_id, used_at);
CREATE INDEX disaster_use_check ON disaster_use (check_id);
CREATE INDEX disaster_use_disaster ON disaster_use (insurer_no, disaster_id, used_at);
CREATE UNIQUE INDEX entrustment_once ON entrustment (office_no, supporter_id) WHERE ended_at IS NULL;
CREATE INDEX entrustment_supporter ON entrustment (supporter_id, entrusted_at);
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
CREATE INDEX feed_upload_digest ON feed_upload (insurer_no, digest);
CREATE INDEX filing_id ON filing (filing_id);
CREATE INDEX filing_inbox ON filing (insurer_no, state, filed_at, filing_id);
CREATE INDEX filing_office ON filing (office_no, filed_at, filing_id);
CREATE UNIQUE INDEX filing_one_waits ON filing (insurer_no, insured_no, office_no) WHERE state = 'filed';
CREATE INDEX filing_person ON filing (insurer_no, insured_no, filed_at);
CREATE UNIQUE INDEX filing_receipt ON filing (insurer_no, receipt_no);
CREATE UNIQUE INDEX filing_submit ON filing (insurer_no, office_no, submit_key);
CREATE INDEX identity_check_account ON identity_check (account_id, checked_at);
CREATE UNIQUE INDEX inquiry_code ON inquiry (code_digest) WHERE code_digest IS NOT NULL;
CREATE UNIQUE INDEX inquiry_key ON inquiry (submit_key);
CREATE UNIQUE INDEX inquiry_message_key ON inquiry_message (inquiry_id, submit_key);
CREATE INDEX inquiry_office ON inquiry (office_no, last_at);
CREATE INDEX inquiry_state ON inquiry (state, last_at);
CREATE INDEX insured_person_born ON insured_person (insurer_no, born_on);
CREATE INDEX insured_person_kana ON insured_person (insurer_no, kana_key);
CREATE UNIQUE INDEX insurer_setting_change_key ON insurer_setting_change (insurer_no, submit_key);
CREATE UNIQUE INDEX invitation_code ON invitation (code_digest);
CREATE INDEX invitation_start ON invitation (start_digest) WHERE start_digest IS NOT NULL;
CREATE UNIQUE INDEX invitation_submit ON invitation (owner_kind, owner_no, submit_key);
CREATE INDEX letter_start ON letter (start_digest) WHERE start_digest IS NOT NULL;
CREATE UNIQUE INDEX letter_submit ON letter (insurer_no, insured_no, submit_key);
CREATE UNIQUE INDEX licence_key ON licence (office_no, submit_key);
CREATE INDEX licence_until ON licence (until_on);
CREATE INDEX login_bucket_filled ON login_bucket (filled_at);
CREATE INDEX login_failure_owner ON login_failure (owner_kind, owner_no, minute);
CREATE INDEX login_guard_tried ON login_guard (tried_at);
CREATE INDEX mail_due ON mail (next_at) WHERE next_at IS NOT NULL;
CREATE UNIQUE INDEX mail_once ON mail (account_id, kind, serial);
CREATE INDEX mail_setting_due ON mail_setting (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX mail_setting_recipient ON mail_setting (recipient_kind, recipient_no);
CREATE INDEX notice_fresh ON notice (recipient_kind, recipient_no) WHERE fresh = 1;
CREATE UNIQUE INDEX notice_once ON notice (recipient_kind, recipient_no, once_key);
CREATE INDEX notice_told ON notice (told_at);
CREATE INDEX notice_unread ON notice (recipient_kind, recipient_no, notice_id) WHERE read_at IS NULL;
CREATE INDEX office_claim_office ON office_claim (office_no);
CREATE INDEX office_claim_state ON office_claim (state, issued_at);
CREATE INDEX office_claim_try_at ON office_claim_try (at);
CREATE UNIQUE INDEX office_invitation_code ON office_invitation (code_digest);
CREATE UNIQUE INDEX office_invitation_key ON office_invitation (office_no, submit_key);
CREATE INDEX office_member_office ON office_member (office_no, joined_at);
CREATE UNIQUE INDEX office_member_once ON office_member (account_id, office_no) WHERE ended_at IS NULL;
CREATE INDEX office_registration_expires ON office_registration (expires_at);
CREATE UNIQUE INDEX office_registration_token ON office_registration (token_digest);
CREATE INDEX opinion_request_case ON opinion_request (insurer_no, insured_no, record_no);
CREATE INDEX opinion_request_id ON opinion_request (request_id);
CREATE INDEX opinion_request_institution ON opinion_request (institution_no, state, due_on, request_id);
CREATE INDEX opinion_request_insurer ON opinion_request (insurer_no, state, due_on, request_id);
CREATE UNIQUE INDEX opinion_request_key ON opinion_request (insurer_no, submit_key);
CREATE UNIQUE INDEX opinion_submission_key ON opinion_submission (insurer_no, insured_no, request_id, submit_key);
CREATE INDEX passkey_challenge_ends ON passkey_challenge (ends_at);
CREATE UNIQUE INDEX passkey_credential ON passkey (credential_id);
CREATE UNIQUE INDEX plan_delivery_natural ON plan_delivery (insurer_no, insured_no, office_no, doc, doc_key, digest) WHERE withdrawn_at IS NULL;
CREATE INDEX plan_delivery_set ON plan_delivery (office_no, set_id);
CREATE UNIQUE INDEX portal_maintenance_key ON portal_maintenance (submit_key);
CREATE UNIQUE INDEX portal_version_key ON portal_version (submit_key);
CREATE INDEX portal_version_kind ON portal_version (kind, show_from);
CREATE UNIQUE INDEX proxy_submit ON proxy (insurer_no, insured_no, submit_key);
CREATE INDEX question_id ON question (insurer_no, question_id);
CREATE INDEX question_open ON question (insurer_no, asked_at) WHERE answered_at IS NULL;
CREATE UNIQUE INDEX question_submit ON question (insurer_no, insured_no, submit_key);
CREATE UNIQUE INDEX readiness_change_key ON readiness_change (code, submit_key);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_certificate_bound ON session_certificate (bound_at);
CREATE INDEX session_csrf ON session (csrf);
CREATE INDEX start_try_at ON start_try (tried_at);
CREATE UNIQUE INDEX subsidy_key ON subsidy (office_no, submit_key);
CREATE INDEX subsidy_office ON subsidy (office_no, made_at);
CREATE UNIQUE INDEX subsidy_once ON subsidy (office_no) WHERE state IN ('filed', 'granted', 'paid');
CREATE INDEX subsidy_state ON subsidy (state, filed_at);
CREATE INDEX terminal_certificate_end ON terminal_certificate (state, not_after);
CREATE UNIQUE INDEX terminal_certificate_serial ON terminal_certificate (serial) WHERE serial IS NOT NULL;
CREATE INDEX terminal_certificate_state ON terminal_certificate (state, requested_at);
CREATE UNIQUE INDEX terminal_certificate_submit ON terminal_certificate (office_no, submit_key);
