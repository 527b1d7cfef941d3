-- The schema as the engine has it; where it differs, the test `schema` of kaigo-store leaves the new one beside this file.
access_log.insurer_no text NOT NULL
access_log.entry_id text NOT NULL
access_log.insured_no text NOT NULL
access_log.account_id text NOT NULL
access_log.account_name text NOT NULL
access_log.office_no text
access_log.office_name text
access_log.job text
access_log.act text NOT NULL
access_log.items text NOT NULL
access_log.document text
access_log.purpose text NOT NULL
access_log.outcome text NOT NULL
access_log.rule text
access_log.consent_used integer NOT NULL
access_log.request_id text NOT NULL
access_log.completed_at text NOT NULL
access_log.salt text NOT NULL
access_log.seq integer
access_log.chain text
access_seal.insurer_no text NOT NULL
access_seal.seal_no integer NOT NULL
access_seal.last_seq integer NOT NULL
access_seal.head text NOT NULL
access_seal.sealed_at text NOT NULL
access_seal.signature text NOT NULL
account.account_id text NOT NULL
account.login_id text NOT NULL
account.kind text NOT NULL
account.name text NOT NULL
account.office_no text
account.insurer_no text
account.insured_no text
account.job text
account.is_admin integer NOT NULL
account.password_hash text NOT NULL
account.totp_sealed bytea NOT NULL
account.totp_used_step integer NOT NULL
account.failed_count integer NOT NULL
account.locked_until text
account.created_at text NOT NULL
account.disabled_at text
api_token.token_digest text NOT NULL
api_token.token_id text NOT NULL
api_token.office_no text NOT NULL
api_token.account_id text NOT NULL
api_token.name text NOT NULL
api_token.made_at text NOT NULL
api_token.last_used_at text
api_token.ended_at text
application.insurer_no text NOT NULL
application.insured_no text NOT NULL
application.record_no integer NOT NULL
application.load_no integer NOT NULL
application.history_no integer NOT NULL
application.void text NOT NULL
application.application_no text NOT NULL
application.kind text NOT NULL
application.applied_on text NOT NULL
application.filed_by text
application.survey_requested_on text
application.surveyed_on text
application.survey_received_on text
application.opinion_requested_on text
application.opinion_received_on text
application.institution text
application.computed_on text
application.board_planned_on text
application.judged_on text
application.decided_on text
application.outcome text
application.care_level text
application.valid_months integer
application.delay_notified_on text
application.expected_on text
application.delay_reason text
benefit_limit.insurer_no text NOT NULL
benefit_limit.insured_no text NOT NULL
benefit_limit.record_no integer NOT NULL
benefit_limit.load_no integer NOT NULL
benefit_limit.history_no integer NOT NULL
benefit_limit.void text NOT NULL
benefit_limit.kind text NOT NULL
benefit_limit.service_kind text
benefit_limit.units integer NOT NULL
benefit_limit.valid_from text NOT NULL
benefit_limit.valid_until text
benefit_restriction.insurer_no text NOT NULL
benefit_restriction.insured_no text NOT NULL
benefit_restriction.record_no integer NOT NULL
benefit_restriction.load_no integer NOT NULL
benefit_restriction.history_no integer NOT NULL
benefit_restriction.void text NOT NULL
benefit_restriction.kind text NOT NULL
benefit_restriction.content text
benefit_restriction.valid_from text NOT NULL
benefit_restriction.valid_until text
burden_ratio.insurer_no text NOT NULL
burden_ratio.insured_no text NOT NULL
burden_ratio.record_no integer NOT NULL
burden_ratio.load_no integer NOT NULL
burden_ratio.history_no integer NOT NULL
burden_ratio.void text NOT NULL
burden_ratio.share text NOT NULL
burden_ratio.valid_from text NOT NULL
burden_ratio.valid_until text
burden_ratio.issued_on text
certification.insurer_no text NOT NULL
certification.insured_no text NOT NULL
certification.record_no integer NOT NULL
certification.load_no integer NOT NULL
certification.history_no integer NOT NULL
certification.void text NOT NULL
certification.care_level text NOT NULL
certification.certified_on text NOT NULL
certification.valid_from text NOT NULL
certification.valid_until text
certification.opinion text
certification.designated_services text
certification.application_no text
charge.insurer_no text NOT NULL
charge.insured_no text NOT NULL
charge.charge_id text NOT NULL
charge.office_no text NOT NULL
charge.started_on text NOT NULL
charge.closes_on text NOT NULL
charge.ended_on text
charge.end_reason text
charge.method text NOT NULL
charge.check_id text NOT NULL
charge.registered_by text NOT NULL
charge.registered_at text NOT NULL
consent.insurer_no text NOT NULL
consent.insured_no text NOT NULL
consent.record_no integer NOT NULL
consent.load_no integer NOT NULL
consent.history_no integer NOT NULL
consent.void text NOT NULL
consent.given_on text NOT NULL
consent.taken_by text NOT NULL
consent.office_no text
consent.given_by text NOT NULL
consent.text_version text NOT NULL
consent.withdrawn_on text
doctor_opinion.insurer_no text NOT NULL
doctor_opinion.insured_no text NOT NULL
doctor_opinion.record_no integer NOT NULL
doctor_opinion.load_no integer NOT NULL
doctor_opinion.history_no integer NOT NULL
doctor_opinion.void text NOT NULL
doctor_opinion.application_no text NOT NULL
doctor_opinion.written_on text NOT NULL
doctor_opinion.institution text NOT NULL
doctor_opinion.physician text
doctor_opinion.examined_on text
doctor_opinion.diagnosis text
doctor_opinion.items text NOT NULL
doctor_opinion.course text
doctor_opinion.remarks text
doctor_opinion.file text
equipment_purchase.insurer_no text NOT NULL
equipment_purchase.insured_no text NOT NULL
equipment_purchase.record_no integer NOT NULL
equipment_purchase.load_no integer NOT NULL
equipment_purchase.history_no integer NOT NULL
equipment_purchase.void text NOT NULL
equipment_purchase.state text NOT NULL
equipment_purchase.purchased_on text NOT NULL
equipment_purchase.kind text NOT NULL
equipment_purchase.product text NOT NULL
equipment_purchase.covered_cost integer NOT NULL
equipment_purchase.office_no text
equipment_purchase.applied_on text
equipment_purchase.decided_on text
exchange_draft.office_no text NOT NULL
exchange_draft.draft_id text NOT NULL
exchange_draft.made_at text NOT NULL
exchange_draft.made_by text NOT NULL
exchange_draft.state text NOT NULL
exchange_draft.digest text NOT NULL
exchange_draft_file.office_no text NOT NULL
exchange_draft_file.draft_id text NOT NULL
exchange_draft_file.place integer NOT NULL
exchange_draft_file.name text NOT NULL
exchange_draft_file.sha256 text NOT NULL
exchange_draft_file.size integer NOT NULL
exchange_draft_file.sealed bytea NOT NULL
exchange_draft_result.office_no text NOT NULL
exchange_draft_result.draft_id text NOT NULL
exchange_draft_result.place integer NOT NULL
exchange_draft_result.set_id text
exchange_draft_result.outcome text NOT NULL
exchange_draft_result.code text NOT NULL
exchange_draft_result.say text NOT NULL
exchange_draft_result.at text NOT NULL
exchange_event.to_office_no text NOT NULL
exchange_event.set_id text NOT NULL
exchange_event.event_id text NOT NULL
exchange_event.what text NOT NULL
exchange_event.at text NOT NULL
exchange_event.by_name text NOT NULL
exchange_event.office_no text NOT NULL
exchange_favourite.office_no text NOT NULL
exchange_favourite.partner_no text NOT NULL
exchange_file.to_office_no text NOT NULL
exchange_file.set_id text NOT NULL
exchange_file.place integer NOT NULL
exchange_file.name text NOT NULL
exchange_file.sha256 text NOT NULL
exchange_file.size integer NOT NULL
exchange_file.object text
exchange_file.sealed bytea NOT NULL
exchange_member.office_no text NOT NULL
exchange_member.joined_at text NOT NULL
exchange_member.joined_by text NOT NULL
exchange_member.last_active_at text NOT NULL
exchange_person.to_office_no text NOT NULL
exchange_person.set_id text NOT NULL
exchange_person.place integer NOT NULL
exchange_person.from_office_no text NOT NULL
exchange_person.service_kind text NOT NULL
exchange_person.serial text NOT NULL
exchange_person.insurer_no text NOT NULL
exchange_person.insured_no text NOT NULL
exchange_person.name text NOT NULL
exchange_person.kana text NOT NULL
exchange_person.born text NOT NULL
exchange_person.sex text NOT NULL
exchange_person.doc text NOT NULL
exchange_person.doc_key text NOT NULL
exchange_person.deletes integer NOT NULL
exchange_person.recalled integer NOT NULL
exchange_person.replaced_by text
exchange_person.withdrawn_by text
exchange_result_entry.office_no text NOT NULL
exchange_result_entry.entry_id text NOT NULL
exchange_result_entry.month text NOT NULL
exchange_result_entry.insurer_no text NOT NULL
exchange_result_entry.insured_no text NOT NULL
exchange_result_entry.partner_no text NOT NULL
exchange_result_entry.planned_set text NOT NULL
exchange_result_entry.planned_place integer NOT NULL
exchange_result_entry.state text NOT NULL
exchange_result_entry.revision integer NOT NULL
exchange_result_entry.sealed bytea NOT NULL
exchange_result_entry.sent_set text
exchange_result_entry.updated_at text NOT NULL
exchange_result_entry.updated_by text NOT NULL
exchange_set.to_office_no text NOT NULL
exchange_set.set_id text NOT NULL
exchange_set.from_office_no text NOT NULL
exchange_set.from_kind text NOT NULL
exchange_set.to_kind text NOT NULL
exchange_set.serial text NOT NULL
exchange_set.unit text NOT NULL
exchange_set.month text NOT NULL
exchange_set.digest text NOT NULL
exchange_set.size integer NOT NULL
exchange_set.file_count integer NOT NULL
exchange_set.person_count integer NOT NULL
exchange_set.warning_count integer NOT NULL
exchange_set.state text NOT NULL
exchange_set.sent_at text NOT NULL
exchange_set.sent_by text NOT NULL
exchange_set.fetched_at text
exchange_set.fetched_by text
exchange_set.imported_at text
exchange_set.imported_by text
exchange_set.recalled_at text
exchange_set.recalled_by text
exchange_set.purged_at text
feed_document.insurer_no text NOT NULL
feed_document.file text NOT NULL
feed_document.load_no integer NOT NULL
feed_document.sha256 text NOT NULL
feed_document.media_type text NOT NULL
feed_document.size integer NOT NULL
feed_load.insurer_no text NOT NULL
feed_load.load_no integer NOT NULL
feed_load.state text NOT NULL
feed_load.mode text NOT NULL
feed_load.made_at text NOT NULL
feed_load.started_at text NOT NULL
feed_load.published_at text
feed_load.summary text NOT NULL
home_modification.insurer_no text NOT NULL
home_modification.insured_no text NOT NULL
home_modification.record_no integer NOT NULL
home_modification.load_no integer NOT NULL
home_modification.history_no integer NOT NULL
home_modification.void text NOT NULL
home_modification.state text NOT NULL
home_modification.home_no integer NOT NULL
home_modification.started_on text
home_modification.level_at_start text
home_modification.content text NOT NULL
home_modification.covered_cost integer NOT NULL
home_modification.applied_on text
home_modification.decided_on text
home_modification.three_step_reset integer NOT NULL
identity_check.office_no text NOT NULL
identity_check.check_id text NOT NULL
identity_check.account_id text NOT NULL
identity_check.insurer_no text NOT NULL
identity_check.insured_no text NOT NULL
identity_check.method text NOT NULL
identity_check.outcome text NOT NULL
identity_check.checked_at text NOT NULL
identity_check.used_at text
insured_person.insurer_no text NOT NULL
insured_person.insured_no text NOT NULL
insured_person.record_no integer NOT NULL
insured_person.load_no integer NOT NULL
insured_person.history_no integer NOT NULL
insured_person.void text NOT NULL
insured_person.name text NOT NULL
insured_person.name_kana text NOT NULL
insured_person.born_on text NOT NULL
insured_person.sex text NOT NULL
insured_person.address text NOT NULL
insured_person.issued_on text
insured_person.kana_key text NOT NULL
insurer.insurer_no text NOT NULL
insurer.name text NOT NULL
insurer.name_kana text NOT NULL
insurer.municipality_code text
insurer.phone text
insurer.started_on text
insurer.published_load integer NOT NULL
job_lease.job text NOT NULL
job_lease.holder text NOT NULL
job_lease.until_at text NOT NULL
last_look.insurer_no text NOT NULL
last_look.insured_no text NOT NULL
last_look.office_no text NOT NULL
last_look.topic text NOT NULL
last_look.load_no integer NOT NULL
last_look.looked_at text NOT NULL
office.office_no text NOT NULL
office.name text NOT NULL
office.name_kana text NOT NULL
office.municipality_code text
office.address text
office.building text
office.latitude text
office.longitude text
office.phone text
office.fax text
office.corporate_no text
office.corporate_name text
office.url text
office.loaded_at text NOT NULL
office_service.office_no text NOT NULL
office_service.service_kind text NOT NULL
office_service.weekdays text
office_service.weekdays_note text
office_service.capacity integer
office_service.shared_service text
office_service.standard_kaigo text
office_service.standard_shogai text
office_service.remarks text
office_service.loaded_at text NOT NULL
plan_notice.insurer_no text NOT NULL
plan_notice.insured_no text NOT NULL
plan_notice.record_no integer NOT NULL
plan_notice.load_no integer NOT NULL
plan_notice.history_no integer NOT NULL
plan_notice.void text NOT NULL
plan_notice.maker text NOT NULL
plan_notice.office_no text
plan_notice.notified_on text NOT NULL
plan_notice.valid_from text NOT NULL
plan_notice.valid_until text
qualification.insurer_no text NOT NULL
qualification.insured_no text NOT NULL
qualification.record_no integer NOT NULL
qualification.load_no integer NOT NULL
qualification.history_no integer NOT NULL
qualification.void text NOT NULL
qualification.insured_class text NOT NULL
qualification.acquired_on text NOT NULL
qualification.lost_on text
qualification.loss_reason text
qualification.facility_insurer_no text
qualification.facility_from text
qualification.facility_until text
relief.insurer_no text NOT NULL
relief.insured_no text NOT NULL
relief.record_no integer NOT NULL
relief.load_no integer NOT NULL
relief.history_no integer NOT NULL
relief.void text NOT NULL
relief.kind text NOT NULL
relief.stage text
relief.meal_facility integer
relief.meal_short_stay integer
relief.room_unit integer
relief.room_unit_shared integer
relief.room_private_welfare integer
relief.room_private_health integer
relief.room_shared integer
relief.benefit_rate integer
relief.reduction_permille integer
relief.remarks text
relief.valid_from text NOT NULL
relief.valid_until text
relief.issued_on text
schema_version.version integer NOT NULL
schema_version.applied_at text NOT NULL
session.session_digest text NOT NULL
session.account_id text NOT NULL
session.stage text NOT NULL
session.csrf text NOT NULL
session.created_at text NOT NULL
session.expires_at text NOT NULL
survey.insurer_no text NOT NULL
survey.insured_no text NOT NULL
survey.record_no integer NOT NULL
survey.load_no integer NOT NULL
survey.history_no integer NOT NULL
survey.void text NOT NULL
survey.application_no text NOT NULL
survey.surveyed_on text NOT NULL
survey.surveyor text
survey.place text
survey.items text NOT NULL
survey.remarks text
survey.file text
CREATE INDEX access_log_person ON access_log USING btree (insurer_no, insured_no, completed_at, entry_id);
CREATE UNIQUE INDEX access_log_pkey ON access_log USING btree (insurer_no, entry_id);
CREATE INDEX access_log_seq ON access_log USING btree (insurer_no, seq) WHERE (seq IS NOT NULL);
CREATE INDEX access_log_unsealed ON access_log USING btree (insurer_no, entry_id) WHERE (seq IS NULL);
CREATE UNIQUE INDEX access_seal_pkey ON access_seal USING btree (insurer_no, seal_no);
CREATE UNIQUE INDEX account_login ON account USING btree (login_id);
CREATE UNIQUE INDEX account_pkey ON account USING btree (account_id);
CREATE INDEX api_token_office ON api_token USING btree (office_no, made_at);
CREATE UNIQUE INDEX api_token_pkey ON api_token USING btree (token_digest);
CREATE UNIQUE INDEX application_pkey ON application USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX benefit_limit_pkey ON benefit_limit USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX benefit_restriction_pkey ON benefit_restriction USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX burden_ratio_pkey ON burden_ratio USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX certification_pkey ON certification USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE INDEX charge_id ON charge USING btree (charge_id);
CREATE INDEX charge_office ON charge USING btree (office_no);
CREATE UNIQUE INDEX charge_pkey ON charge USING btree (insurer_no, insured_no, charge_id);
CREATE UNIQUE INDEX consent_pkey ON consent USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX doctor_opinion_pkey ON doctor_opinion USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX equipment_purchase_pkey ON equipment_purchase USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE INDEX exchange_draft_digest ON exchange_draft USING btree (office_no, digest);
CREATE INDEX exchange_draft_made ON exchange_draft USING btree (made_at);
CREATE UNIQUE INDEX exchange_draft_pkey ON exchange_draft USING btree (office_no, draft_id);
CREATE UNIQUE INDEX exchange_draft_file_pkey ON exchange_draft_file USING btree (office_no, draft_id, place);
CREATE UNIQUE INDEX exchange_draft_result_pkey ON exchange_draft_result USING btree (office_no, draft_id, place);
CREATE UNIQUE INDEX exchange_event_pkey ON exchange_event USING btree (to_office_no, set_id, event_id);
CREATE UNIQUE INDEX exchange_favourite_pkey ON exchange_favourite USING btree (office_no, partner_no);
CREATE UNIQUE INDEX exchange_file_pkey ON exchange_file USING btree (to_office_no, set_id, place);
CREATE UNIQUE INDEX exchange_member_pkey ON exchange_member USING btree (office_no);
CREATE INDEX exchange_person_inbox ON exchange_person USING btree (to_office_no, doc, doc_key);
CREATE INDEX exchange_person_line ON exchange_person USING btree (to_office_no, insurer_no, insured_no, from_office_no, doc, doc_key);
CREATE INDEX exchange_person_outbox ON exchange_person USING btree (from_office_no, doc, doc_key);
CREATE UNIQUE INDEX exchange_person_pkey ON exchange_person USING btree (to_office_no, set_id, place);
CREATE INDEX exchange_result_entry_month ON exchange_result_entry USING btree (office_no, month);
CREATE UNIQUE INDEX exchange_result_entry_pkey ON exchange_result_entry USING btree (office_no, entry_id);
CREATE UNIQUE INDEX exchange_result_entry_planned ON exchange_result_entry USING btree (office_no, planned_set, planned_place);
CREATE INDEX exchange_set_id ON exchange_set USING btree (set_id);
CREATE INDEX exchange_set_inbox ON exchange_set USING btree (to_office_no, sent_at, set_id);
CREATE INDEX exchange_set_kept ON exchange_set USING btree (sent_at) WHERE (purged_at IS NULL);
CREATE UNIQUE INDEX exchange_set_natural ON exchange_set USING btree (to_office_no, from_office_no, serial, unit, month, from_kind, to_kind) WHERE (recalled_at IS NULL);
CREATE INDEX exchange_set_outbox ON exchange_set USING btree (from_office_no, sent_at, set_id);
CREATE UNIQUE INDEX exchange_set_pkey ON exchange_set USING btree (to_office_no, set_id);
CREATE INDEX exchange_set_unread ON exchange_set USING btree (to_office_no, sent_at, set_id) WHERE (state = 'sent'::text);
CREATE INDEX exchange_set_waiting ON exchange_set USING btree (from_office_no, sent_at, set_id) WHERE (state = 'sent'::text);
CREATE UNIQUE INDEX feed_document_pkey ON feed_document USING btree (insurer_no, file, load_no);
CREATE UNIQUE INDEX feed_load_pkey ON feed_load USING btree (insurer_no, load_no);
CREATE UNIQUE INDEX home_modification_pkey ON home_modification USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE INDEX identity_check_account ON identity_check USING btree (account_id, checked_at);
CREATE UNIQUE INDEX identity_check_pkey ON identity_check USING btree (office_no, check_id);
CREATE UNIQUE INDEX insured_person_pkey ON insured_person USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX insurer_pkey ON insurer USING btree (insurer_no);
CREATE UNIQUE INDEX job_lease_pkey ON job_lease USING btree (job);
CREATE UNIQUE INDEX last_look_pkey ON last_look USING btree (insurer_no, insured_no, office_no, topic);
CREATE UNIQUE INDEX office_pkey ON office USING btree (office_no);
CREATE UNIQUE INDEX office_service_pkey ON office_service USING btree (office_no, service_kind);
CREATE UNIQUE INDEX plan_notice_pkey ON plan_notice USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX qualification_pkey ON qualification USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX relief_pkey ON relief USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX schema_version_pkey ON schema_version USING btree (version);
CREATE INDEX session_account ON session USING btree (account_id);
CREATE UNIQUE INDEX session_pkey ON session USING btree (session_digest);
CREATE UNIQUE INDEX survey_pkey ON survey USING btree (insurer_no, insured_no, record_no, load_no, history_no);
