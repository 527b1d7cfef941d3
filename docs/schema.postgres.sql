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
account.institution_no text
account.board_id text
account.proxy_id text
account.supporter_id text
account.must_change integer
account.password_at text
account.left_at text
account.state_note text
account_event.account_id text NOT NULL
account_event.event_id text NOT NULL
account_event.what text NOT NULL
account_event.happened_at text NOT NULL
account_event.place text NOT NULL
account_event.browser text NOT NULL
account_event.note text NOT NULL
admin_log.owner_kind text NOT NULL
admin_log.owner_no text NOT NULL
admin_log.entry_id text NOT NULL
admin_log.done_at text NOT NULL
admin_log.account_id text NOT NULL
admin_log.account_name text NOT NULL
admin_log.act text NOT NULL
admin_log.subject text NOT NULL
admin_log.detail text NOT NULL
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
board.board_id text NOT NULL
board.name text NOT NULL
board.phone text
board_case.insurer_no text NOT NULL
board_case.insured_no text NOT NULL
board_case.record_no integer NOT NULL
board_case.case_id text NOT NULL
board_case.board_id text NOT NULL
board_case.session_id text NOT NULL
board_case.place integer NOT NULL
board_case.state text NOT NULL
board_case.revision integer NOT NULL
board_case.verdict text
board_case.care_level text
board_case.valid_months integer
board_case.opinion text
board_case.designated_services text
board_case.reason text
board_case.judged_by text
board_case.judged_at text
board_case.assigned_by text NOT NULL
board_case.assigned_at text NOT NULL
board_case.confirmed_by text
board_case.confirmed_at text
board_insurer.board_id text NOT NULL
board_insurer.insurer_no text NOT NULL
board_session.board_id text NOT NULL
board_session.session_id text NOT NULL
board_session.held_on text NOT NULL
board_session.starts_at text NOT NULL
board_session.panel text NOT NULL
board_session.place text NOT NULL
board_session.capacity integer NOT NULL
board_session.state text NOT NULL
board_session.submit_key text NOT NULL
board_session.made_by text NOT NULL
board_session.made_at text NOT NULL
board_session.closed_by text
board_session.closed_at text
board_session.members integer
board_session.changed_by text
board_session.changed_at text
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
card_index.card_digest text NOT NULL
card_index.insurer_no text NOT NULL
card_index.insured_no text NOT NULL
card_index.link_id text NOT NULL
card_link.insurer_no text NOT NULL
card_link.insured_no text NOT NULL
card_link.link_id text NOT NULL
card_link.card_digest text NOT NULL
card_link.token text NOT NULL
card_link.method text NOT NULL
card_link.not_after text NOT NULL
card_link.office_no text NOT NULL
card_link.account_id text NOT NULL
card_link.linked_at text NOT NULL
card_link.ended_at text
card_link.end_reason text
card_terminal.office_no text NOT NULL
card_terminal.terminal_id text NOT NULL
card_terminal.name text NOT NULL
card_terminal.activation_digest text
card_terminal.activation_until text NOT NULL
card_terminal.device_key text
card_terminal.made_by text NOT NULL
card_terminal.made_at text NOT NULL
card_terminal.enrolled_at text
card_terminal.last_used_at text
card_terminal.ended_at text
card_terminal.submit_key text NOT NULL
card_transaction.office_no text NOT NULL
card_transaction.transaction_id text NOT NULL
card_transaction.account_id text NOT NULL
card_transaction.way text NOT NULL
card_transaction.state text NOT NULL
card_transaction.nonce text NOT NULL
card_transaction.match_code text NOT NULL
card_transaction.started_at text NOT NULL
card_transaction.expires_at text NOT NULL
card_transaction.terminal_id text
card_transaction.answered_at text
card_transaction.answer_digest text
card_transaction.card_digest text
card_transaction.token text
card_transaction.not_after text
card_transaction.failure text
card_transaction.tries_left integer
card_transaction.check_id text
card_transaction.submit_key text NOT NULL
case_bulk.insurer_no text NOT NULL
case_bulk.bulk_id text NOT NULL
case_bulk.act text NOT NULL
case_bulk.what text NOT NULL
case_bulk.made_by text NOT NULL
case_bulk.made_at text NOT NULL
case_bulk_row.insurer_no text NOT NULL
case_bulk_row.bulk_id text NOT NULL
case_bulk_row.insured_no text NOT NULL
case_bulk_row.record_no integer NOT NULL
case_bulk_row.outcome text NOT NULL
case_bulk_row.say text NOT NULL
case_change.insurer_no text NOT NULL
case_change.change_id text NOT NULL
case_change.insured_no text NOT NULL
case_change.record_no integer NOT NULL
case_change.submit_key text NOT NULL
case_change.act text NOT NULL
case_change.load_no integer NOT NULL
case_change.history_no integer NOT NULL
case_change.what text NOT NULL
case_change.changed_by text NOT NULL
case_change.changed_at text NOT NULL
case_computed.insurer_no text NOT NULL
case_computed.insured_no text NOT NULL
case_computed.record_no integer NOT NULL
case_computed.care_level text NOT NULL
case_computed.minutes_tenths integer
case_computed.set_by text NOT NULL
case_computed.set_at text NOT NULL
case_index.insurer_no text NOT NULL
case_index.insured_no text NOT NULL
case_index.record_no integer NOT NULL
case_index.load_no integer NOT NULL
case_index.history_no integer NOT NULL
case_index.application_no text NOT NULL
case_index.kind text NOT NULL
case_index.applied_on text NOT NULL
case_index.step text NOT NULL
case_index.is_open integer NOT NULL
case_index.survey_requested_on text
case_index.surveyed_on text
case_index.survey_received_on text
case_index.opinion_requested_on text
case_index.opinion_received_on text
case_index.computed_on text
case_index.board_planned_on text
case_index.judged_on text
case_index.decided_on text
case_index.outcome text
case_index.delay_notified_on text
case_index.expected_on text
case_index.name text NOT NULL
case_index.kana_key text NOT NULL
case_intake.insurer_no text NOT NULL
case_intake.insured_no text NOT NULL
case_intake.record_no integer NOT NULL
case_intake.disease text NOT NULL
case_intake.contact text NOT NULL
case_intake.changed_by text NOT NULL
case_intake.changed_at text NOT NULL
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
charge_watch.insurer_no text NOT NULL
charge_watch.insured_no text NOT NULL
charge_watch.charge_id text NOT NULL
charge_watch.kept_until text
charge_watch.warned_for text
claim_load.load_id text NOT NULL
claim_load.file text NOT NULL
claim_load.loaded_by text NOT NULL
claim_load.loaded_at text NOT NULL
claim_load.row_count integer NOT NULL
claim_load.changed_count integer NOT NULL
claim_presence.insurer_no text NOT NULL
claim_presence.insured_no text NOT NULL
claim_presence.office_no text NOT NULL
claim_presence.service_month text NOT NULL
claim_presence.state text NOT NULL
claim_presence.received_month text NOT NULL
claim_presence.loaded_at text NOT NULL
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
consent_act.insurer_no text NOT NULL
consent_act.insured_no text NOT NULL
consent_act.act_id text NOT NULL
consent_act.step text NOT NULL
consent_act.acted_on text NOT NULL
consent_act.acted_at text NOT NULL
consent_act.desk text NOT NULL
consent_act.office_no text
consent_act.given_by text NOT NULL
consent_act.proxy_id text
consent_act.text_version text NOT NULL
consent_act.method text NOT NULL
consent_act.seen_load integer NOT NULL
consent_act.account_id text NOT NULL
consent_act.account_name text NOT NULL
consent_act.submit_key text NOT NULL
consent_act.giver text
desk_document.insurer_no text NOT NULL
desk_document.insured_no text NOT NULL
desk_document.file text NOT NULL
desk_document.sha256 text NOT NULL
desk_document.media_type text NOT NULL
desk_document.size integer NOT NULL
desk_document.added_by text NOT NULL
desk_document.added_at text NOT NULL
disaster.insurer_no text NOT NULL
disaster.disaster_id text NOT NULL
disaster.name text NOT NULL
disaster.areas text NOT NULL
disaster.offices text NOT NULL
disaster.from_on text NOT NULL
disaster.until_on text NOT NULL
disaster.reason text NOT NULL
disaster.state text NOT NULL
disaster.proposed_account text NOT NULL
disaster.proposed_by text NOT NULL
disaster.proposed_at text NOT NULL
disaster.decided_account text
disaster.decided_by text
disaster.decided_at text
disaster.decide_note text
disaster.ended_by text
disaster.ended_at text
disaster.end_reason text
disaster.submit_key text NOT NULL
disaster_use.insurer_no text NOT NULL
disaster_use.use_id text NOT NULL
disaster_use.disaster_id text NOT NULL
disaster_use.office_no text NOT NULL
disaster_use.office_name text NOT NULL
disaster_use.account_id text NOT NULL
disaster_use.account_name text NOT NULL
disaster_use.outcome text NOT NULL
disaster_use.asked text NOT NULL
disaster_use.insured_no text
disaster_use.check_id text
disaster_use.charge_id text
disaster_use.used_at text NOT NULL
disaster_use.registered_at text
disaster_use.review text
disaster_use.review_note text
disaster_use.reviewed_by text
disaster_use.reviewed_at text
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
entrustment.office_no text NOT NULL
entrustment.supporter_id text NOT NULL
entrustment.entrustment_id text NOT NULL
entrustment.entrusted_at text NOT NULL
entrustment.entrusted_by text NOT NULL
entrustment.ended_at text
entrustment.ended_by text
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
export_run.insurer_no text NOT NULL
export_run.export_id text NOT NULL
export_run.since_on text NOT NULL
export_run.made_by text NOT NULL
export_run.made_at text NOT NULL
export_run.counts text NOT NULL
export_run.sha256 text NOT NULL
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
feed_load_kind.insurer_no text NOT NULL
feed_load_kind.load_no integer NOT NULL
feed_load_kind.kind text NOT NULL
feed_load_kind.row_count integer NOT NULL
feed_load_kind.inserted integer NOT NULL
feed_load_kind.corrected integer NOT NULL
feed_load_kind.unchanged integer NOT NULL
feed_load_kind.dropped integer NOT NULL
feed_load_kind.skipped integer NOT NULL
feed_undo.insurer_no text NOT NULL
feed_undo.load_no integer NOT NULL
feed_undo.undo_load_no integer NOT NULL
feed_undo.restored integer NOT NULL
feed_undo.kept integer NOT NULL
feed_undo.reason text NOT NULL
feed_undo.undone_by text NOT NULL
feed_undo.undone_at text NOT NULL
feed_undo.submit_key text NOT NULL
feed_upload.insurer_no text NOT NULL
feed_upload.upload_id text NOT NULL
feed_upload.digest text NOT NULL
feed_upload.state text NOT NULL
feed_upload.size integer NOT NULL
feed_upload.account_id text NOT NULL
feed_upload.uploaded_by text NOT NULL
feed_upload.uploaded_at text NOT NULL
feed_upload.job text NOT NULL
feed_upload.beat_at text NOT NULL
feed_upload.rows_done integer NOT NULL
feed_upload.rows_total integer NOT NULL
feed_upload.current_file text NOT NULL
feed_upload.seen_load integer NOT NULL
feed_upload.report text NOT NULL
feed_upload.published_load integer
feed_upload.published_by text
feed_upload.published_at text
feed_upload.allowed text NOT NULL
feed_upload_file.insurer_no text NOT NULL
feed_upload_file.upload_id text NOT NULL
feed_upload_file.file_no integer NOT NULL
feed_upload_file.name text NOT NULL
feed_upload_file.sha256 text NOT NULL
feed_upload_file.size integer NOT NULL
filing.insurer_no text NOT NULL
filing.filing_id text NOT NULL
filing.insured_no text NOT NULL
filing.office_no text NOT NULL
filing.office_name text NOT NULL
filing.receipt_no text NOT NULL
filing.variant text NOT NULL
filing.division text NOT NULL
filing.start_on text NOT NULL
filing.reason text
filing.reason_text text NOT NULL
filing.others text NOT NULL
filing.others_text text NOT NULL
filing.entrusted_no text
filing.contact_name text NOT NULL
filing.contact_phone text NOT NULL
filing.is_provisional integer NOT NULL
filing.filed_on text NOT NULL
filing.filed_at text NOT NULL
filing.filed_by text NOT NULL
filing.state text NOT NULL
filing.decided_at text
filing.decided_by text
filing.return_reason text
filing.return_text text NOT NULL
filing.record_no integer
filing.replaces text
filing.submit_key text NOT NULL
filing_draft.insurer_no text NOT NULL
filing_draft.insured_no text NOT NULL
filing_draft.office_no text NOT NULL
filing_draft.answers text NOT NULL
filing_draft.updated_at text NOT NULL
filing_draft.updated_by text NOT NULL
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
inquiry.inquiry_id text NOT NULL
inquiry.office_no text
inquiry.who text NOT NULL
inquiry.kind text NOT NULL
inquiry.subject text NOT NULL
inquiry.state text NOT NULL
inquiry.account_id text
inquiry.address text
inquiry.code_digest text
inquiry.opened_at text NOT NULL
inquiry.last_at text NOT NULL
inquiry.search text NOT NULL
inquiry.submit_key text NOT NULL
inquiry_file.inquiry_id text NOT NULL
inquiry_file.message_no integer NOT NULL
inquiry_file.file_no integer NOT NULL
inquiry_file.name text NOT NULL
inquiry_file.media_type text NOT NULL
inquiry_file.size integer NOT NULL
inquiry_file.digest text NOT NULL
inquiry_message.inquiry_id text NOT NULL
inquiry_message.message_no integer NOT NULL
inquiry_message.side text NOT NULL
inquiry_message.author text NOT NULL
inquiry_message.body text NOT NULL
inquiry_message.at text NOT NULL
inquiry_message.submit_key text NOT NULL
institution.institution_no text NOT NULL
institution.name text NOT NULL
institution.name_kana text NOT NULL
institution.address text
institution.phone text
institution.loaded_at text NOT NULL
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
insurer_job.insurer_no text NOT NULL
insurer_job.job text NOT NULL
insurer_job.done_for text NOT NULL
insurer_setting.insurer_no text NOT NULL
insurer_setting.setting text NOT NULL
insurer_setting.valid_from text NOT NULL
insurer_setting.value text NOT NULL
insurer_setting.set_by text NOT NULL
insurer_setting.set_at text NOT NULL
insurer_setting_change.insurer_no text NOT NULL
insurer_setting_change.change_id text NOT NULL
insurer_setting_change.setting text NOT NULL
insurer_setting_change.valid_from text NOT NULL
insurer_setting_change.value text NOT NULL
insurer_setting_change.source text NOT NULL
insurer_setting_change.effect text NOT NULL
insurer_setting_change.account_id text NOT NULL
insurer_setting_change.set_by text NOT NULL
insurer_setting_change.set_at text NOT NULL
insurer_setting_change.submit_key text NOT NULL
invitation.owner_kind text NOT NULL
invitation.owner_no text NOT NULL
invitation.invitation_id text NOT NULL
invitation.code_digest text NOT NULL
invitation.name text NOT NULL
invitation.job text
invitation.is_admin integer NOT NULL
invitation.account_id text NOT NULL
invitation.is_again integer NOT NULL
invitation.invited_by text NOT NULL
invitation.invited_account text NOT NULL
invitation.invited_at text NOT NULL
invitation.valid_until text NOT NULL
invitation.start_digest text
invitation.start_until text
invitation.login_id text
invitation.password_hash text
invitation.totp_sealed bytea
invitation.factor text
invitation.used_at text
invitation.revoked_at text
invitation.submit_key text NOT NULL
job_lease.job text NOT NULL
job_lease.holder text NOT NULL
job_lease.until_at text NOT NULL
last_look.insurer_no text NOT NULL
last_look.insured_no text NOT NULL
last_look.office_no text NOT NULL
last_look.topic text NOT NULL
last_look.load_no integer NOT NULL
last_look.looked_at text NOT NULL
letter.insurer_no text NOT NULL
letter.insured_no text NOT NULL
letter.letter_id text NOT NULL
letter.proxy_id text
letter.issued_by text NOT NULL
letter.issued_at text NOT NULL
letter.valid_until text NOT NULL
letter.tries integer NOT NULL
letter.start_digest text
letter.start_until text
letter.login_id text
letter.password_hash text
letter.totp_sealed bytea
letter.factor text
letter.used_at text
letter.account_id text
letter.revoked_at text
letter.submit_key text NOT NULL
licence.office_no text NOT NULL
licence.licence_no integer NOT NULL
licence.from_on text NOT NULL
licence.until_on text NOT NULL
licence.fee text NOT NULL
licence.yen integer NOT NULL
licence.applied_at text NOT NULL
licence.applied_by text NOT NULL
licence.submit_key text NOT NULL
licence_setting.office_no text NOT NULL
licence_setting.auto_renew integer NOT NULL
licence_setting.changed_at text NOT NULL
licence_setting.changed_by text NOT NULL
life_feedback.insurer_no text NOT NULL
life_feedback.insured_no text NOT NULL
life_feedback.record_no integer NOT NULL
life_feedback.load_no integer NOT NULL
life_feedback.history_no integer NOT NULL
life_feedback.void text NOT NULL
life_feedback.office_no text NOT NULL
life_feedback.service_kind text NOT NULL
life_feedback.period_from text NOT NULL
life_feedback.period_until text NOT NULL
life_feedback.items text
life_feedback.file text
load_news.insurer_no text NOT NULL
load_news.load_no integer NOT NULL
load_news.insured_no text NOT NULL
load_news.reached text NOT NULL
load_news.queued_at text NOT NULL
log_bundle.log_name text NOT NULL
log_bundle.bundle_no integer NOT NULL
log_bundle.entries bytea NOT NULL
log_checkpoint.log_name text NOT NULL
log_checkpoint.size integer NOT NULL
log_checkpoint.note text NOT NULL
log_checkpoint.made_at text NOT NULL
log_cosignature.log_name text NOT NULL
log_cosignature.size integer NOT NULL
log_cosignature.verifier text NOT NULL
log_cosignature.line text NOT NULL
log_cosignature.signed_at text NOT NULL
log_tile.log_name text NOT NULL
log_tile.level integer NOT NULL
log_tile.tile_no integer NOT NULL
log_tile.hashes bytea NOT NULL
log_tree.log_name text NOT NULL
log_tree.size integer NOT NULL
log_tree.rooted_size integer NOT NULL
log_tree.peaks bytea NOT NULL
log_witness.log_name text NOT NULL
log_witness.verifier text NOT NULL
log_witness.added_by text NOT NULL
log_witness.added_at text NOT NULL
log_witness.ended_at text
login_bucket.bucket text NOT NULL
login_bucket.level integer NOT NULL
login_bucket.filled_at text NOT NULL
login_failure.minute text NOT NULL
login_failure.failure_key text NOT NULL
login_failure.owner_kind text NOT NULL
login_failure.owner_no text NOT NULL
login_failure.account_id text
login_failure.login text NOT NULL
login_failure.what text NOT NULL
login_failure.place text NOT NULL
login_failure.browser text NOT NULL
login_failure.is_spread integer NOT NULL
login_failure.times integer NOT NULL
login_failure.last_at text NOT NULL
login_guard.guard text NOT NULL
login_guard.failed integer NOT NULL
login_guard.locks integer NOT NULL
login_guard.locked_until text
login_guard.tried_at text NOT NULL
login_mail_code.account_id text NOT NULL
login_mail_code.code_digest text NOT NULL
login_mail_code.made_at text NOT NULL
login_mail_code.tries integer NOT NULL
mail.mail_id text NOT NULL
mail.account_id text NOT NULL
mail.kind text NOT NULL
mail.serial integer NOT NULL
mail.address text NOT NULL
mail.subject text NOT NULL
mail.body text NOT NULL
mail.tries integer NOT NULL
mail.next_at text
mail.last_error text
mail.made_at text NOT NULL
mail.sent_at text
mail.failed_at text
mail_setting.account_id text NOT NULL
mail_setting.recipient_kind text NOT NULL
mail_setting.recipient_no text NOT NULL
mail_setting.address text
mail_setting.new_address text
mail_setting.code_digest text
mail_setting.code_at text
mail_setting.code_tries integer NOT NULL
mail_setting.code_no integer NOT NULL
mail_setting.frequency text NOT NULL
mail_setting.topics text NOT NULL
mail_setting.next_at text
mail_setting.digest_no integer NOT NULL
mail_setting.refused_at text
mail_setting.changed_at text NOT NULL
notice.recipient_kind text NOT NULL
notice.recipient_no text NOT NULL
notice.notice_id text NOT NULL
notice.topic text NOT NULL
notice.insurer_no text
notice.insured_no text
notice.href text NOT NULL
notice.note text NOT NULL
notice.once_key text NOT NULL
notice.told_at text NOT NULL
notice.fresh integer NOT NULL
notice.read_at text
notice.read_by text
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
office_claim.claim_id text NOT NULL
office_claim.office_no text NOT NULL
office_claim.office_name text NOT NULL
office_claim.password_hash text NOT NULL
office_claim.state text NOT NULL
office_claim.valid_until text NOT NULL
office_claim.issued_at text NOT NULL
office_claim.issued_by text NOT NULL
office_claim.used_at text
office_claim.account_id text
office_claim_try.claim_digest text NOT NULL
office_claim_try.try_id text NOT NULL
office_claim_try.at text NOT NULL
office_invitation.office_no text NOT NULL
office_invitation.invitation_id text NOT NULL
office_invitation.code_digest text NOT NULL
office_invitation.for_name text NOT NULL
office_invitation.job text NOT NULL
office_invitation.is_admin integer NOT NULL
office_invitation.made_at text NOT NULL
office_invitation.made_by text NOT NULL
office_invitation.expires_at text NOT NULL
office_invitation.used_at text
office_invitation.used_by text
office_invitation.submit_key text NOT NULL
office_member.account_id text NOT NULL
office_member.office_no text NOT NULL
office_member.member_id text NOT NULL
office_member.job text NOT NULL
office_member.is_admin integer NOT NULL
office_member.joined_at text NOT NULL
office_member.invited_by text NOT NULL
office_member.ended_at text
office_member.ended_by text
office_registration.registration_id text NOT NULL
office_registration.token_digest text NOT NULL
office_registration.claim_id text NOT NULL
office_registration.office_no text NOT NULL
office_registration.address text
office_registration.code_no integer NOT NULL
office_registration.code_at text
office_registration.code_tries integer NOT NULL
office_registration.confirmed_at text
office_registration.account_id text
office_registration.login_id text
office_registration.name text
office_registration.job text
office_registration.password_hash text
office_registration.totp_sealed bytea
office_registration.created_at text NOT NULL
office_registration.expires_at text NOT NULL
office_registration.done_at text
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
opinion_draft.insurer_no text NOT NULL
opinion_draft.insured_no text NOT NULL
opinion_draft.request_id text NOT NULL
opinion_draft.revision integer NOT NULL
opinion_draft.sealed bytea NOT NULL
opinion_draft.saved_at text NOT NULL
opinion_draft.saved_by text NOT NULL
opinion_event.insurer_no text NOT NULL
opinion_event.insured_no text NOT NULL
opinion_event.request_id text NOT NULL
opinion_event.event_id text NOT NULL
opinion_event.what text NOT NULL
opinion_event.say text NOT NULL
opinion_event.made_at text NOT NULL
opinion_event.made_by text NOT NULL
opinion_request.insurer_no text NOT NULL
opinion_request.insured_no text NOT NULL
opinion_request.request_id text NOT NULL
opinion_request.record_no integer NOT NULL
opinion_request.application_no text NOT NULL
opinion_request.applied_on text NOT NULL
opinion_request.institution_no text NOT NULL
opinion_request.institution_name text NOT NULL
opinion_request.physician text NOT NULL
opinion_request.count_kind text NOT NULL
opinion_request.place_kind text NOT NULL
opinion_request.note text NOT NULL
opinion_request.name text NOT NULL
opinion_request.kana text NOT NULL
opinion_request.born_on text NOT NULL
opinion_request.sex text NOT NULL
opinion_request.previous bytea NOT NULL
opinion_request.requested_on text NOT NULL
opinion_request.due_on text NOT NULL
opinion_request.closes_on text NOT NULL
opinion_request.state text NOT NULL
opinion_request.reason text NOT NULL
opinion_request.submissions integer NOT NULL
opinion_request.reminders integer NOT NULL
opinion_request.reminded_on text
opinion_request.accepted_no integer
opinion_request.submit_key text NOT NULL
opinion_request.requested_by text NOT NULL
opinion_request.changed_at text NOT NULL
opinion_request.changed_by text NOT NULL
opinion_submission.insurer_no text NOT NULL
opinion_submission.insured_no text NOT NULL
opinion_submission.request_id text NOT NULL
opinion_submission.place integer NOT NULL
opinion_submission.submit_key text NOT NULL
opinion_submission.receipt_no text NOT NULL
opinion_submission.sha256 text NOT NULL
opinion_submission.size integer NOT NULL
opinion_submission.sealed bytea NOT NULL
opinion_submission.file_name text NOT NULL
opinion_submission.file_sha256 text
opinion_submission.file_media text NOT NULL
opinion_submission.file_size integer NOT NULL
opinion_submission.state text NOT NULL
opinion_submission.reason text NOT NULL
opinion_submission.submitted_at text NOT NULL
opinion_submission.submitted_by text NOT NULL
opinion_submission.judged_at text
opinion_submission.judged_by text
passkey.account_id text NOT NULL
passkey.passkey_id text NOT NULL
passkey.credential_id text NOT NULL
passkey.rp_id text NOT NULL
passkey.public_key bytea NOT NULL
passkey.sign_count text NOT NULL
passkey.is_synced integer NOT NULL
passkey.name text NOT NULL
passkey.made_at text NOT NULL
passkey.used_at text
passkey_challenge.challenge text NOT NULL
passkey_challenge.ends_at text NOT NULL
person_link.insurer_no text NOT NULL
person_link.insured_no text NOT NULL
person_link.to_insurer_no text NOT NULL
person_link.to_insured_no text NOT NULL
person_link.kind text NOT NULL
person_link.moved_on text NOT NULL
person_link.recorded_by text NOT NULL
person_link.recorded_at text NOT NULL
pki_authority.authority_id text NOT NULL
pki_authority.kind text NOT NULL
pki_authority.certificate bytea NOT NULL
pki_authority.key_sealed bytea
pki_authority.not_after text NOT NULL
pki_authority.made_at text NOT NULL
plan_delivery.insurer_no text NOT NULL
plan_delivery.insured_no text NOT NULL
plan_delivery.delivery_id text NOT NULL
plan_delivery.office_no text NOT NULL
plan_delivery.office_name text NOT NULL
plan_delivery.doc text NOT NULL
plan_delivery.doc_key text NOT NULL
plan_delivery.set_id text NOT NULL
plan_delivery.digest text NOT NULL
plan_delivery.registered_on text NOT NULL
plan_delivery.registered_at text NOT NULL
plan_delivery.registered_by text NOT NULL
plan_delivery.withdrawn_at text
plan_delivery.withdrawn_by text
plan_delivery_file.insurer_no text NOT NULL
plan_delivery_file.insured_no text NOT NULL
plan_delivery_file.delivery_id text NOT NULL
plan_delivery_file.place integer NOT NULL
plan_delivery_file.name text NOT NULL
plan_delivery_file.sha256 text NOT NULL
plan_delivery_file.sealed bytea NOT NULL
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
portal_maintenance.maintenance_id text NOT NULL
portal_maintenance.version integer NOT NULL
portal_maintenance.state text NOT NULL
portal_maintenance.starts_at text NOT NULL
portal_maintenance.ends_at text NOT NULL
portal_maintenance.title text NOT NULL
portal_maintenance.effect text NOT NULL
portal_maintenance.saved_at text NOT NULL
portal_maintenance.saved_by text NOT NULL
portal_maintenance.account_id text NOT NULL
portal_maintenance.submit_key text NOT NULL
portal_version.article_id text NOT NULL
portal_version.version integer NOT NULL
portal_version.kind text NOT NULL
portal_version.topic text NOT NULL
portal_version.state text NOT NULL
portal_version.show_from text NOT NULL
portal_version.place integer NOT NULL
portal_version.title text NOT NULL
portal_version.summary text NOT NULL
portal_version.body text NOT NULL
portal_version.keywords text NOT NULL
portal_version.saved_at text NOT NULL
portal_version.saved_by text NOT NULL
portal_version.account_id text NOT NULL
portal_version.submit_key text NOT NULL
presence_run.run_id text NOT NULL
presence_run.insurer_no text
presence_run.at_insurer_no text NOT NULL
presence_run.at_insured_no text NOT NULL
presence_run.looked integer NOT NULL
presence_run.changed integer NOT NULL
presence_run.reopened integer NOT NULL
presence_run.warned integer NOT NULL
presence_run.started_at text NOT NULL
presence_run.ended_at text
proxy.insurer_no text NOT NULL
proxy.insured_no text NOT NULL
proxy.proxy_id text NOT NULL
proxy.kind text NOT NULL
proxy.name text NOT NULL
proxy.name_kana text NOT NULL
proxy.relation text NOT NULL
proxy.born_on text NOT NULL
proxy.scope text NOT NULL
proxy.evidence text NOT NULL
proxy.valid_from text NOT NULL
proxy.valid_until text
proxy.recorded_by text NOT NULL
proxy.recorded_at text NOT NULL
proxy.ended_at text
proxy.ended_by text
proxy.end_reason text
proxy.submit_key text NOT NULL
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
question.insurer_no text NOT NULL
question.insured_no text NOT NULL
question.question_id text NOT NULL
question.entry_id text
question.body text NOT NULL
question.account_id text NOT NULL
question.asked_by text NOT NULL
question.asked_at text NOT NULL
question.answer text
question.answered_by text
question.answered_at text
question.read_at text
question.submit_key text NOT NULL
readiness.code text NOT NULL
readiness.state text NOT NULL
readiness.starts_on text
readiness.items text NOT NULL
readiness.note text NOT NULL
readiness.origin text NOT NULL
readiness.changed_at text NOT NULL
readiness.changed_by text NOT NULL
readiness_change.code text NOT NULL
readiness_change.change_id text NOT NULL
readiness_change.state text NOT NULL
readiness_change.starts_on text
readiness_change.items text NOT NULL
readiness_change.note text NOT NULL
readiness_change.origin text NOT NULL
readiness_change.changed_at text NOT NULL
readiness_change.changed_by text NOT NULL
readiness_change.account_id text NOT NULL
readiness_change.submit_key text NOT NULL
recovery_code.account_id text NOT NULL
recovery_code.code_digest text NOT NULL
recovery_code.used_at text
refusal_count.hour text NOT NULL
refusal_count.kind text NOT NULL
refusal_count.times integer NOT NULL
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
savings_estimate.office_no text NOT NULL
savings_estimate.inputs text NOT NULL
savings_estimate.kept_at text NOT NULL
savings_estimate.kept_by text NOT NULL
schema_version.version integer NOT NULL
schema_version.applied_at text NOT NULL
session.session_digest text NOT NULL
session.account_id text NOT NULL
session.stage text NOT NULL
session.csrf text NOT NULL
session.created_at text NOT NULL
session.expires_at text NOT NULL
session.session_id text
session.place text
session.browser text
session.way text
session.sure_until text
session_certificate.session_digest text NOT NULL
session_certificate.serial text NOT NULL
session_certificate.bound_at text NOT NULL
session_office.session_digest text NOT NULL
session_office.office_no text NOT NULL
start_try.insurer_no text NOT NULL
start_try.insured_no text NOT NULL
start_try.try_id text NOT NULL
start_try.tried_at text NOT NULL
subsidy.application_id text NOT NULL
subsidy.office_no text NOT NULL
subsidy.office_name text NOT NULL
subsidy.fiscal_year integer NOT NULL
subsidy.state text NOT NULL
subsidy.revision integer NOT NULL
subsidy.sealed bytea NOT NULL
subsidy.total_yen integer NOT NULL
subsidy.grant_yen integer NOT NULL
subsidy.made_at text NOT NULL
subsidy.made_by text NOT NULL
subsidy.filed_on text
subsidy.filed_at text
subsidy.decided_at text
subsidy.decided_by text
subsidy.pay_by text
subsidy.paid_on text
subsidy.submit_key text NOT NULL
subsidy_event.application_id text NOT NULL
subsidy_event.event_no integer NOT NULL
subsidy_event.what text NOT NULL
subsidy_event.at text NOT NULL
subsidy_event.by_name text NOT NULL
subsidy_event.say text NOT NULL
subsidy_file.application_id text NOT NULL
subsidy_file.file_no integer NOT NULL
subsidy_file.kind text NOT NULL
subsidy_file.name text NOT NULL
subsidy_file.media_type text NOT NULL
subsidy_file.size integer NOT NULL
subsidy_file.digest text NOT NULL
subsidy_file.sealed_text bytea NOT NULL
subsidy_file.added_at text NOT NULL
subsidy_file.added_by text NOT NULL
subsidy_file.removed_at text
supporter.supporter_id text NOT NULL
supporter.name text NOT NULL
supporter.phone text
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
terminal_certificate.office_no text NOT NULL
terminal_certificate.certificate_id text NOT NULL
terminal_certificate.terminal_no integer NOT NULL
terminal_certificate.terminal_name text NOT NULL
terminal_certificate.way text NOT NULL
terminal_certificate.csr bytea
terminal_certificate.renews text
terminal_certificate.state text NOT NULL
terminal_certificate.requested_at text NOT NULL
terminal_certificate.requested_account text NOT NULL
terminal_certificate.requested_by text NOT NULL
terminal_certificate.submit_key text NOT NULL
terminal_certificate.decided_at text
terminal_certificate.decided_by text
terminal_certificate.reason text
terminal_certificate.serial text
terminal_certificate.certificate bytea
terminal_certificate.not_before text
terminal_certificate.not_after text
terminal_certificate.delivered_at text
terminal_certificate.delivered_by text
terminal_certificate.revoked_at text
terminal_certificate.revoked_by text
terminal_certificate.revoke_reason text
usage_area.month text NOT NULL
usage_area.area text NOT NULL
usage_area.offices integer NOT NULL
usage_area.registered integer NOT NULL
usage_area.active integer NOT NULL
usage_area.pairs integer NOT NULL
usage_area.sent integer NOT NULL
usage_area.fetched integer NOT NULL
usage_run.month text NOT NULL
usage_run.computed_at text NOT NULL
usage_run.computed_on text NOT NULL
CREATE INDEX access_log_office ON access_log USING btree (office_no, completed_at) WHERE (office_no IS NOT NULL);
CREATE INDEX access_log_person ON access_log USING btree (insurer_no, insured_no, completed_at, entry_id);
CREATE UNIQUE INDEX access_log_pkey ON access_log USING btree (insurer_no, entry_id);
CREATE INDEX access_log_seq ON access_log USING btree (insurer_no, seq) WHERE (seq IS NOT NULL);
CREATE INDEX access_log_unsealed ON access_log USING btree (insurer_no, entry_id) WHERE (seq IS NULL);
CREATE UNIQUE INDEX access_seal_pkey ON access_seal USING btree (insurer_no, seal_no);
CREATE INDEX account_insurer ON account USING btree (insurer_no) WHERE ((insured_no IS NULL) AND (insurer_no IS NOT NULL));
CREATE UNIQUE INDEX account_login ON account USING btree (login_id);
CREATE INDEX account_office ON account USING btree (office_no) WHERE (office_no IS NOT NULL);
CREATE INDEX account_operator ON account USING btree (kind) WHERE (kind = 'operator'::text);
CREATE INDEX account_person ON account USING btree (insurer_no, insured_no) WHERE (insured_no IS NOT NULL);
CREATE UNIQUE INDEX account_pkey ON account USING btree (account_id);
CREATE INDEX account_event_at ON account_event USING btree (happened_at);
CREATE UNIQUE INDEX account_event_pkey ON account_event USING btree (account_id, event_id);
CREATE INDEX admin_log_entry ON admin_log USING btree (entry_id);
CREATE UNIQUE INDEX admin_log_pkey ON admin_log USING btree (owner_kind, owner_no, entry_id);
CREATE INDEX api_token_office ON api_token USING btree (office_no, made_at);
CREATE UNIQUE INDEX api_token_pkey ON api_token USING btree (token_digest);
CREATE UNIQUE INDEX application_pkey ON application USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX benefit_limit_pkey ON benefit_limit USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX benefit_restriction_pkey ON benefit_restriction USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX board_pkey ON board USING btree (board_id);
CREATE UNIQUE INDEX board_case_id ON board_case USING btree (case_id, insurer_no);
CREATE UNIQUE INDEX board_case_pkey ON board_case USING btree (insurer_no, insured_no, record_no, case_id);
CREATE INDEX board_case_session ON board_case USING btree (board_id, session_id, place);
CREATE UNIQUE INDEX board_insurer_pkey ON board_insurer USING btree (board_id, insurer_no);
CREATE INDEX board_session_day ON board_session USING btree (board_id, held_on, session_id);
CREATE UNIQUE INDEX board_session_key ON board_session USING btree (board_id, submit_key);
CREATE UNIQUE INDEX board_session_pkey ON board_session USING btree (board_id, session_id);
CREATE UNIQUE INDEX burden_ratio_pkey ON burden_ratio USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX card_index_pkey ON card_index USING btree (card_digest);
CREATE UNIQUE INDEX card_link_pkey ON card_link USING btree (insurer_no, insured_no, link_id);
CREATE INDEX card_terminal_activation ON card_terminal USING btree (activation_digest);
CREATE UNIQUE INDEX card_terminal_key ON card_terminal USING btree (office_no, submit_key);
CREATE UNIQUE INDEX card_terminal_pkey ON card_terminal USING btree (office_no, terminal_id);
CREATE INDEX card_transaction_expires ON card_transaction USING btree (expires_at);
CREATE UNIQUE INDEX card_transaction_key ON card_transaction USING btree (office_no, account_id, submit_key);
CREATE UNIQUE INDEX card_transaction_pkey ON card_transaction USING btree (office_no, transaction_id);
CREATE UNIQUE INDEX case_bulk_pkey ON case_bulk USING btree (insurer_no, bulk_id);
CREATE UNIQUE INDEX case_bulk_row_pkey ON case_bulk_row USING btree (insurer_no, bulk_id, insured_no, record_no);
CREATE INDEX case_change_case ON case_change USING btree (insurer_no, insured_no, record_no, changed_at);
CREATE UNIQUE INDEX case_change_key ON case_change USING btree (insurer_no, submit_key);
CREATE UNIQUE INDEX case_change_pkey ON case_change USING btree (insurer_no, change_id);
CREATE UNIQUE INDEX case_computed_pkey ON case_computed USING btree (insurer_no, insured_no, record_no);
CREATE INDEX case_index_age ON case_index USING btree (insurer_no, is_open, applied_on, insured_no, record_no);
CREATE INDEX case_index_count ON case_index USING btree (insurer_no, is_open, step);
CREATE INDEX case_index_kana ON case_index USING btree (insurer_no, kana_key, insured_no, record_no);
CREATE INDEX case_index_late ON case_index USING btree (insurer_no, is_open, applied_on, delay_notified_on, expected_on, survey_requested_on, survey_received_on, opinion_requested_on, opinion_received_on);
CREATE INDEX case_index_number ON case_index USING btree (insurer_no, application_no);
CREATE UNIQUE INDEX case_index_pkey ON case_index USING btree (insurer_no, insured_no, record_no);
CREATE INDEX case_index_step ON case_index USING btree (insurer_no, step, applied_on, insured_no, record_no);
CREATE UNIQUE INDEX case_intake_pkey ON case_intake USING btree (insurer_no, insured_no, record_no);
CREATE UNIQUE INDEX certification_pkey ON certification USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE INDEX charge_id ON charge USING btree (charge_id);
CREATE INDEX charge_office ON charge USING btree (office_no);
CREATE INDEX charge_person ON charge USING btree (insurer_no, insured_no, closes_on) WHERE (ended_on IS NULL);
CREATE UNIQUE INDEX charge_pkey ON charge USING btree (insurer_no, insured_no, charge_id);
CREATE UNIQUE INDEX charge_watch_pkey ON charge_watch USING btree (insurer_no, insured_no, charge_id);
CREATE UNIQUE INDEX claim_load_pkey ON claim_load USING btree (load_id);
CREATE UNIQUE INDEX claim_presence_pkey ON claim_presence USING btree (insurer_no, insured_no, office_no, service_month);
CREATE UNIQUE INDEX consent_pkey ON consent USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE INDEX consent_act_at ON consent_act USING btree (insurer_no, acted_at);
CREATE UNIQUE INDEX consent_act_pkey ON consent_act USING btree (insurer_no, insured_no, act_id);
CREATE UNIQUE INDEX consent_act_submit ON consent_act USING btree (insurer_no, insured_no, submit_key);
CREATE UNIQUE INDEX desk_document_pkey ON desk_document USING btree (insurer_no, file);
CREATE UNIQUE INDEX disaster_key ON disaster USING btree (insurer_no, submit_key);
CREATE UNIQUE INDEX disaster_pkey ON disaster USING btree (insurer_no, disaster_id);
CREATE INDEX disaster_state ON disaster USING btree (state, until_on);
CREATE INDEX disaster_use_account ON disaster_use USING btree (account_id, used_at);
CREATE INDEX disaster_use_check ON disaster_use USING btree (check_id);
CREATE INDEX disaster_use_disaster ON disaster_use USING btree (insurer_no, disaster_id, used_at);
CREATE UNIQUE INDEX disaster_use_pkey ON disaster_use USING btree (insurer_no, use_id);
CREATE UNIQUE INDEX doctor_opinion_pkey ON doctor_opinion USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX entrustment_once ON entrustment USING btree (office_no, supporter_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX entrustment_pkey ON entrustment USING btree (office_no, supporter_id, entrustment_id);
CREATE INDEX entrustment_supporter ON entrustment USING btree (supporter_id, entrusted_at);
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
CREATE UNIQUE INDEX export_run_pkey ON export_run USING btree (insurer_no, export_id);
CREATE UNIQUE INDEX feed_document_pkey ON feed_document USING btree (insurer_no, file, load_no);
CREATE UNIQUE INDEX feed_load_pkey ON feed_load USING btree (insurer_no, load_no);
CREATE UNIQUE INDEX feed_load_kind_pkey ON feed_load_kind USING btree (insurer_no, load_no, kind);
CREATE UNIQUE INDEX feed_undo_pkey ON feed_undo USING btree (insurer_no, load_no);
CREATE INDEX feed_upload_digest ON feed_upload USING btree (insurer_no, digest);
CREATE UNIQUE INDEX feed_upload_pkey ON feed_upload USING btree (insurer_no, upload_id);
CREATE UNIQUE INDEX feed_upload_file_pkey ON feed_upload_file USING btree (insurer_no, upload_id, file_no);
CREATE INDEX filing_id ON filing USING btree (filing_id);
CREATE INDEX filing_inbox ON filing USING btree (insurer_no, state, filed_at, filing_id);
CREATE INDEX filing_office ON filing USING btree (office_no, filed_at, filing_id);
CREATE UNIQUE INDEX filing_one_waits ON filing USING btree (insurer_no, insured_no, office_no) WHERE (state = 'filed'::text);
CREATE INDEX filing_person ON filing USING btree (insurer_no, insured_no, filed_at);
CREATE UNIQUE INDEX filing_pkey ON filing USING btree (insurer_no, filing_id);
CREATE UNIQUE INDEX filing_receipt ON filing USING btree (insurer_no, receipt_no);
CREATE UNIQUE INDEX filing_submit ON filing USING btree (insurer_no, office_no, submit_key);
CREATE UNIQUE INDEX filing_draft_pkey ON filing_draft USING btree (insurer_no, insured_no, office_no);
CREATE UNIQUE INDEX home_modification_pkey ON home_modification USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE INDEX identity_check_account ON identity_check USING btree (account_id, checked_at);
CREATE UNIQUE INDEX identity_check_pkey ON identity_check USING btree (office_no, check_id);
CREATE UNIQUE INDEX inquiry_code ON inquiry USING btree (code_digest) WHERE (code_digest IS NOT NULL);
CREATE UNIQUE INDEX inquiry_key ON inquiry USING btree (submit_key);
CREATE INDEX inquiry_office ON inquiry USING btree (office_no, last_at);
CREATE UNIQUE INDEX inquiry_pkey ON inquiry USING btree (inquiry_id);
CREATE INDEX inquiry_state ON inquiry USING btree (state, last_at);
CREATE UNIQUE INDEX inquiry_file_pkey ON inquiry_file USING btree (inquiry_id, message_no, file_no);
CREATE UNIQUE INDEX inquiry_message_key ON inquiry_message USING btree (inquiry_id, submit_key);
CREATE UNIQUE INDEX inquiry_message_pkey ON inquiry_message USING btree (inquiry_id, message_no);
CREATE UNIQUE INDEX institution_pkey ON institution USING btree (institution_no);
CREATE INDEX insured_person_born ON insured_person USING btree (insurer_no, born_on);
CREATE INDEX insured_person_kana ON insured_person USING btree (insurer_no, kana_key);
CREATE UNIQUE INDEX insured_person_pkey ON insured_person USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX insurer_pkey ON insurer USING btree (insurer_no);
CREATE UNIQUE INDEX insurer_job_pkey ON insurer_job USING btree (insurer_no, job);
CREATE UNIQUE INDEX insurer_setting_pkey ON insurer_setting USING btree (insurer_no, setting, valid_from);
CREATE UNIQUE INDEX insurer_setting_change_key ON insurer_setting_change USING btree (insurer_no, submit_key);
CREATE UNIQUE INDEX insurer_setting_change_pkey ON insurer_setting_change USING btree (insurer_no, change_id);
CREATE UNIQUE INDEX invitation_code ON invitation USING btree (code_digest);
CREATE UNIQUE INDEX invitation_pkey ON invitation USING btree (owner_kind, owner_no, invitation_id);
CREATE INDEX invitation_start ON invitation USING btree (start_digest) WHERE (start_digest IS NOT NULL);
CREATE UNIQUE INDEX invitation_submit ON invitation USING btree (owner_kind, owner_no, submit_key);
CREATE UNIQUE INDEX job_lease_pkey ON job_lease USING btree (job);
CREATE UNIQUE INDEX last_look_pkey ON last_look USING btree (insurer_no, insured_no, office_no, topic);
CREATE UNIQUE INDEX letter_pkey ON letter USING btree (insurer_no, insured_no, letter_id);
CREATE INDEX letter_start ON letter USING btree (start_digest) WHERE (start_digest IS NOT NULL);
CREATE UNIQUE INDEX letter_submit ON letter USING btree (insurer_no, insured_no, submit_key);
CREATE UNIQUE INDEX licence_key ON licence USING btree (office_no, submit_key);
CREATE UNIQUE INDEX licence_pkey ON licence USING btree (office_no, licence_no);
CREATE INDEX licence_until ON licence USING btree (until_on);
CREATE UNIQUE INDEX licence_setting_pkey ON licence_setting USING btree (office_no);
CREATE UNIQUE INDEX life_feedback_pkey ON life_feedback USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX load_news_pkey ON load_news USING btree (insurer_no, load_no, insured_no);
CREATE UNIQUE INDEX log_bundle_pkey ON log_bundle USING btree (log_name, bundle_no);
CREATE UNIQUE INDEX log_checkpoint_pkey ON log_checkpoint USING btree (log_name, size);
CREATE UNIQUE INDEX log_cosignature_pkey ON log_cosignature USING btree (log_name, size, verifier);
CREATE UNIQUE INDEX log_tile_pkey ON log_tile USING btree (log_name, level, tile_no);
CREATE UNIQUE INDEX log_tree_pkey ON log_tree USING btree (log_name);
CREATE UNIQUE INDEX log_witness_pkey ON log_witness USING btree (log_name, verifier);
CREATE INDEX login_bucket_filled ON login_bucket USING btree (filled_at);
CREATE UNIQUE INDEX login_bucket_pkey ON login_bucket USING btree (bucket);
CREATE INDEX login_failure_owner ON login_failure USING btree (owner_kind, owner_no, minute);
CREATE UNIQUE INDEX login_failure_pkey ON login_failure USING btree (minute, failure_key);
CREATE UNIQUE INDEX login_guard_pkey ON login_guard USING btree (guard);
CREATE INDEX login_guard_tried ON login_guard USING btree (tried_at);
CREATE UNIQUE INDEX login_mail_code_pkey ON login_mail_code USING btree (account_id);
CREATE INDEX mail_due ON mail USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE UNIQUE INDEX mail_once ON mail USING btree (account_id, kind, serial);
CREATE UNIQUE INDEX mail_pkey ON mail USING btree (mail_id);
CREATE INDEX mail_setting_due ON mail_setting USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE UNIQUE INDEX mail_setting_pkey ON mail_setting USING btree (account_id);
CREATE INDEX mail_setting_recipient ON mail_setting USING btree (recipient_kind, recipient_no);
CREATE INDEX notice_fresh ON notice USING btree (recipient_kind, recipient_no) WHERE (fresh = 1);
CREATE UNIQUE INDEX notice_once ON notice USING btree (recipient_kind, recipient_no, once_key);
CREATE UNIQUE INDEX notice_pkey ON notice USING btree (recipient_kind, recipient_no, notice_id);
CREATE INDEX notice_told ON notice USING btree (told_at);
CREATE INDEX notice_unread ON notice USING btree (recipient_kind, recipient_no, notice_id) WHERE (read_at IS NULL);
CREATE UNIQUE INDEX office_pkey ON office USING btree (office_no);
CREATE INDEX office_claim_office ON office_claim USING btree (office_no);
CREATE UNIQUE INDEX office_claim_pkey ON office_claim USING btree (claim_id);
CREATE INDEX office_claim_state ON office_claim USING btree (state, issued_at);
CREATE INDEX office_claim_try_at ON office_claim_try USING btree (at);
CREATE UNIQUE INDEX office_claim_try_pkey ON office_claim_try USING btree (claim_digest, try_id);
CREATE UNIQUE INDEX office_invitation_code ON office_invitation USING btree (code_digest);
CREATE UNIQUE INDEX office_invitation_key ON office_invitation USING btree (office_no, submit_key);
CREATE UNIQUE INDEX office_invitation_pkey ON office_invitation USING btree (office_no, invitation_id);
CREATE INDEX office_member_office ON office_member USING btree (office_no, joined_at);
CREATE UNIQUE INDEX office_member_once ON office_member USING btree (account_id, office_no) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX office_member_pkey ON office_member USING btree (account_id, office_no, member_id);
CREATE INDEX office_registration_expires ON office_registration USING btree (expires_at);
CREATE UNIQUE INDEX office_registration_pkey ON office_registration USING btree (registration_id);
CREATE UNIQUE INDEX office_registration_token ON office_registration USING btree (token_digest);
CREATE UNIQUE INDEX office_service_pkey ON office_service USING btree (office_no, service_kind);
CREATE UNIQUE INDEX opinion_draft_pkey ON opinion_draft USING btree (insurer_no, insured_no, request_id);
CREATE UNIQUE INDEX opinion_event_pkey ON opinion_event USING btree (insurer_no, insured_no, request_id, event_id);
CREATE INDEX opinion_request_case ON opinion_request USING btree (insurer_no, insured_no, record_no);
CREATE INDEX opinion_request_id ON opinion_request USING btree (request_id);
CREATE INDEX opinion_request_institution ON opinion_request USING btree (institution_no, state, due_on, request_id);
CREATE INDEX opinion_request_insurer ON opinion_request USING btree (insurer_no, state, due_on, request_id);
CREATE UNIQUE INDEX opinion_request_key ON opinion_request USING btree (insurer_no, submit_key);
CREATE UNIQUE INDEX opinion_request_pkey ON opinion_request USING btree (insurer_no, insured_no, request_id);
CREATE UNIQUE INDEX opinion_submission_key ON opinion_submission USING btree (insurer_no, insured_no, request_id, submit_key);
CREATE UNIQUE INDEX opinion_submission_pkey ON opinion_submission USING btree (insurer_no, insured_no, request_id, place);
CREATE UNIQUE INDEX passkey_credential ON passkey USING btree (credential_id);
CREATE UNIQUE INDEX passkey_pkey ON passkey USING btree (account_id, passkey_id);
CREATE INDEX passkey_challenge_ends ON passkey_challenge USING btree (ends_at);
CREATE UNIQUE INDEX passkey_challenge_pkey ON passkey_challenge USING btree (challenge);
CREATE UNIQUE INDEX person_link_pkey ON person_link USING btree (insurer_no, insured_no, to_insurer_no, to_insured_no);
CREATE UNIQUE INDEX pki_authority_pkey ON pki_authority USING btree (authority_id);
CREATE UNIQUE INDEX plan_delivery_natural ON plan_delivery USING btree (insurer_no, insured_no, office_no, doc, doc_key, digest) WHERE (withdrawn_at IS NULL);
CREATE UNIQUE INDEX plan_delivery_pkey ON plan_delivery USING btree (insurer_no, insured_no, delivery_id);
CREATE INDEX plan_delivery_set ON plan_delivery USING btree (office_no, set_id);
CREATE UNIQUE INDEX plan_delivery_file_pkey ON plan_delivery_file USING btree (insurer_no, insured_no, delivery_id, place);
CREATE UNIQUE INDEX plan_notice_pkey ON plan_notice USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX portal_maintenance_key ON portal_maintenance USING btree (submit_key);
CREATE UNIQUE INDEX portal_maintenance_pkey ON portal_maintenance USING btree (maintenance_id, version);
CREATE UNIQUE INDEX portal_version_key ON portal_version USING btree (submit_key);
CREATE INDEX portal_version_kind ON portal_version USING btree (kind, show_from);
CREATE UNIQUE INDEX portal_version_pkey ON portal_version USING btree (article_id, version);
CREATE UNIQUE INDEX presence_run_pkey ON presence_run USING btree (run_id);
CREATE UNIQUE INDEX proxy_pkey ON proxy USING btree (insurer_no, insured_no, proxy_id);
CREATE UNIQUE INDEX proxy_submit ON proxy USING btree (insurer_no, insured_no, submit_key);
CREATE UNIQUE INDEX qualification_pkey ON qualification USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE INDEX question_id ON question USING btree (insurer_no, question_id);
CREATE INDEX question_open ON question USING btree (insurer_no, asked_at) WHERE (answered_at IS NULL);
CREATE UNIQUE INDEX question_pkey ON question USING btree (insurer_no, insured_no, question_id);
CREATE UNIQUE INDEX question_submit ON question USING btree (insurer_no, insured_no, submit_key);
CREATE UNIQUE INDEX readiness_pkey ON readiness USING btree (code);
CREATE UNIQUE INDEX readiness_change_key ON readiness_change USING btree (code, submit_key);
CREATE UNIQUE INDEX readiness_change_pkey ON readiness_change USING btree (code, change_id);
CREATE UNIQUE INDEX recovery_code_pkey ON recovery_code USING btree (account_id, code_digest);
CREATE UNIQUE INDEX refusal_count_pkey ON refusal_count USING btree (hour, kind);
CREATE UNIQUE INDEX relief_pkey ON relief USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE UNIQUE INDEX savings_estimate_pkey ON savings_estimate USING btree (office_no);
CREATE UNIQUE INDEX schema_version_pkey ON schema_version USING btree (version);
CREATE INDEX session_account ON session USING btree (account_id);
CREATE INDEX session_csrf ON session USING btree (csrf);
CREATE UNIQUE INDEX session_pkey ON session USING btree (session_digest);
CREATE INDEX session_certificate_bound ON session_certificate USING btree (bound_at);
CREATE UNIQUE INDEX session_certificate_pkey ON session_certificate USING btree (session_digest);
CREATE UNIQUE INDEX session_office_pkey ON session_office USING btree (session_digest);
CREATE INDEX start_try_at ON start_try USING btree (tried_at);
CREATE UNIQUE INDEX start_try_pkey ON start_try USING btree (insurer_no, insured_no, try_id);
CREATE UNIQUE INDEX subsidy_key ON subsidy USING btree (office_no, submit_key);
CREATE INDEX subsidy_office ON subsidy USING btree (office_no, made_at);
CREATE UNIQUE INDEX subsidy_once ON subsidy USING btree (office_no) WHERE (state = ANY (ARRAY['filed'::text, 'granted'::text, 'paid'::text]));
CREATE UNIQUE INDEX subsidy_pkey ON subsidy USING btree (application_id);
CREATE INDEX subsidy_state ON subsidy USING btree (state, filed_at);
CREATE UNIQUE INDEX subsidy_event_pkey ON subsidy_event USING btree (application_id, event_no);
CREATE UNIQUE INDEX subsidy_file_pkey ON subsidy_file USING btree (application_id, file_no);
CREATE UNIQUE INDEX supporter_pkey ON supporter USING btree (supporter_id);
CREATE UNIQUE INDEX survey_pkey ON survey USING btree (insurer_no, insured_no, record_no, load_no, history_no);
CREATE INDEX terminal_certificate_end ON terminal_certificate USING btree (state, not_after);
CREATE UNIQUE INDEX terminal_certificate_pkey ON terminal_certificate USING btree (office_no, certificate_id);
CREATE UNIQUE INDEX terminal_certificate_serial ON terminal_certificate USING btree (serial) WHERE (serial IS NOT NULL);
CREATE INDEX terminal_certificate_state ON terminal_certificate USING btree (state, requested_at);
CREATE UNIQUE INDEX terminal_certificate_submit ON terminal_certificate USING btree (office_no, submit_key);
CREATE UNIQUE INDEX usage_area_pkey ON usage_area USING btree (month, area);
CREATE UNIQUE INDEX usage_run_pkey ON usage_run USING btree (month);
