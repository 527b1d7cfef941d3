//! A nervous double click is one act: every POST route of the table with its form filled in and sent twice, and what all tables hold
//! compared in between. A route without a line here fails the test.
//!
//! To add a route, add a [`Step`] to [`STEPS`] in the order of the story: who sends it, the page that its form stands on, what is typed.
//! Where the act is more than a form (files, a program's token), name the test that sends it twice: [`ELSEWHERE`]. What changes nothing
//! that is kept, or is a look of its own each time, stands in [`NO_ACT`] with the reason.

use std::collections::{BTreeMap, BTreeSet};

use kaigo_web::routes;

use crate::cases::open_case;
use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, SADA, TOME, USUAL, World, on_both};

/// One form of the story, sent twice.
struct Step {
    /// Path as in the table of routes.
    route: &'static str,
    /// Login of who sends it.
    who: &'static str,
    /// The page on which the form stands; empty: the path itself.
    page: &'static str,
    /// What is typed beside the hidden fields.
    typed: &'static [(&'static str, &'static str)],
    /// Boxes whose names begin so are ticked.
    ticks: &'static str,
    /// Names that the page gives: the name, what stands before it in a link, which of them.
    finds: &'static [(&'static str, &'static str, usize)],
    /// Names that the answer's address gives, in its path: `/insurer/cases/{p}/{n}`.
    gives: &'static str,
}

const fn step(route: &'static str, who: &'static str, typed: &'static [(&'static str, &'static str)]) -> Step {
    Step { route, who, page: "", typed, ticks: "", finds: &[], gives: "" }
}

impl Step {
    const fn on(self, page: &'static str) -> Self {
        Self { page, ..self }
    }

    const fn ticking(self, ticks: &'static str) -> Self {
        Self { ticks, ..self }
    }

    const fn finding(self, finds: &'static [(&'static str, &'static str, usize)]) -> Self {
        Self { finds, ..self }
    }

    const fn giving(self, gives: &'static str) -> Self {
        Self { gives, ..self }
    }
}

const CLERK: &str = "shiyakusho";
const ADMIN: &str = "kaigoka";
const BOARD: &str = "shinsakai";
const DOCTOR: &str = "umibe";
const OFFICE: &str = "izumo";
const SMALL: &str = "engawa";

const APPLIED: &[(&str, &str)] = &[("kind", "3"), ("applied_on", "2026-11-20"), ("looked", "yes")];
const DAYS: &[(&str, &str)] = &[
    ("survey-requested", "2026-11-20"),
    ("surveyed", "2026-11-21"),
    ("survey-received", "2026-11-21"),
    ("opinion-received", "2026-11-21"),
    ("computed", "2026-11-22"),
    ("computed_level", "22"),
];
const ASKED: &[(&str, &str)] = &[
    ("institution", "{institution}"),
    ("physician", "海辺 一郎"),
    ("count_kind", "again"),
    ("place_kind", "home"),
    ("due_on", "2026-12-05"),
];

const COLLEAGUE: &[(&str, &str)] = &[("name", "新田 一"), ("job", "150")];
const STOPPED: &[(&str, &str)] = &[("change", "suspend"), ("reason", "長期の休み")];

/// The story, in its order.
const STEPS: &[Step] = &[
    // Two cases are taken in and made ready for the board.
    step("/insurer/cases/new", CLERK, APPLIED).on("/insurer/cases/new?number={sada}").giving("/insurer/cases/{p}/{n}"),
    step("/insurer/cases/{p}/{n}/days", CLERK, DAYS),
    step("/insurer/cases/new", CLERK, APPLIED)
        .on("/insurer/cases/new?number={kiyoshi}")
        .giving("/insurer/cases/{p}/{n}"),
    step("/insurer/cases/{p}/{n}/intake", CLERK, &[("disease", ""), ("contact", "長女 午前中")]),
    step("/insurer/cases/{p}/{n}/days", CLERK, DAYS),
    step("/insurer/cases/{p}/{n}/survey", CLERK, &[("surveyed_on", "2026-11-21"), ("i-1-3", "2")]),
    // The opinion: asked for, written, given back, written again, taken.
    step("/insurer/cases/{p}/{n}/opinion", CLERK, ASKED).giving("/insurer/opinions/{r}"),
    step("/insurer/opinions/{r}/remind", CLERK, &[]).on("/insurer/opinions/{r}"),
    step("/medical/requests/{r}/form", DOCTOR, &[("opinion", "one"), ("act", "save")]),
    step("/medical/requests/{r}/submit", DOCTOR, &[]).on("/medical/requests/{r}/check"),
    step("/insurer/opinions/{r}/return", CLERK, &[("reason", "夜間の状態を書いてください。")])
        .on("/insurer/opinions/{r}"),
    step("/medical/requests/{r}/form", DOCTOR, &[("opinion", "two"), ("act", "save")]),
    step("/medical/requests/{r}/submit", DOCTOR, &[]).on("/medical/requests/{r}/check"),
    step("/insurer/opinions/{r}/accept", CLERK, &[]).on("/insurer/opinions/{r}"),
    // Two more requests: one is taken back, one declined.
    step("/insurer/cases/{p}/{n}/opinion", CLERK, ASKED).on("{tome_case}/opinion").giving("/insurer/opinions/{r}"),
    step("/insurer/opinions/{r}/cancel", CLERK, &[("reason", "{cancel}")]),
    step("/insurer/cases/{p}/{n}/opinion", CLERK, ASKED).on("{tome_case}/opinion").giving("/insurer/opinions/{r}"),
    step("/medical/requests/{r}/decline", DOCTOR, &[("reason", "この1年、診察していません。")]),
    // The board.
    step(
        "/board/sessions",
        BOARD,
        &[("held_on", "2026-11-24"), ("starts_at", "14:00"), ("panel", "第1合議体"), ("capacity", "30")],
    )
    .on("/board")
    .giving("/board/sessions/{s}"),
    step(
        "/board/sessions/{s}/edit",
        BOARD,
        &[
            ("held_on", "2026-11-25"),
            ("starts_at", "15:00"),
            ("panel", "第1合議体"),
            ("capacity", "20"),
            ("members", "5"),
        ],
    ),
    step("/insurer/board/{s}/assign", CLERK, &[]).on("/insurer/board/{s}").ticking("pick-"),
    step("/insurer/board/{s}/cases/{e}/remove", CLERK, &[])
        .finding(&[("e", "/insurer/board/{s}/cases/", 0)])
        .on("/insurer/board/{s}"),
    step("/insurer/board/{s}/assign", CLERK, &[]).on("/insurer/board/{s}").ticking("pick-"),
    step("/board/sessions/{s}/cases/{e}/up", BOARD, &[]).on("/board/sessions/{s}").finding(&[(
        "e",
        "/board/sessions/{s}/cases/",
        0,
    )]),
    step("/board/cases/{e}", BOARD, &[("verdict", "not-certified")]).on("/board/sessions/{s}").finding(&[(
        "e",
        "/board/cases/",
        0,
    )]),
    step("/board/cases/{e}", BOARD, &[("verdict", "not-certified")]).on("/board/sessions/{s}").finding(&[(
        "e",
        "/board/cases/",
        1,
    )]),
    step("/board/sessions/{s}/close", BOARD, &[]).on("/board/sessions/{s}"),
    step("/insurer/board/{s}/confirm", CLERK, &[("decided_on", "2026-11-22")])
        .on("/insurer/board/{s}")
        .ticking("case-"),
    // Another case is late, and withdrawn.
    step(
        "/insurer/cases/{p}/{n}/delay",
        CLERK,
        &[("notified_on", "2026-11-22"), ("expected_on", "2026-12-22"), ("reason", "board")],
    )
    .on("{tome_case}/delay"),
    step("/insurer/cases/{p}/{n}/result", CLERK, &[("outcome", "3"), ("decided_on", "2026-11-22"), ("confirm", "yes")])
        .on("{tome_case}/result"),
    // 届出: filed, given back, mended, taken back, filed again, accepted.
    step("/people/{c}/filing", SMALL, &[("start", "2026-12-01"), ("others", "yes"), ("others_text", "訪問看護")]),
    step("/people/{c}/filing/change", SMALL, &[("reason", "left"), ("reason_text", "")]),
    step("/people/{c}/filing/services", SMALL, &[("others", "no")]),
    step("/people/{c}/filing/confirm", SMALL, &[]).giving("/filings/{f}"),
    step("/insurer/filings/{f}/return", CLERK, &[("reason", "start")]).on("/insurer/filings/{f}"),
    step("/filings/{f}/mend", SMALL, &[]).on("/filings/{f}"),
    step("/people/{c}/filing/discard", SMALL, &[]).on("/people/{c}/filing"),
    step("/people/{c}/filing", SMALL, &[("start", "2026-12-01"), ("others", "no")]),
    step("/people/{c}/filing/change", SMALL, &[("reason", "left"), ("reason_text", "")]),
    step("/people/{c}/filing/confirm", SMALL, &[]).giving("/filings/{f}"),
    step("/filings/{f}/withdraw", SMALL, &[]).on("/filings/{f}"),
    step("/people/{c}/filing", SMALL, &[("start", "2026-12-01"), ("others", "no")]),
    step("/people/{c}/filing/change", SMALL, &[("reason", "left"), ("reason_text", "")]),
    step("/people/{c}/filing/confirm", SMALL, &[]).giving("/filings/{f}"),
    step("/insurer/filings/{f}/accept", CLERK, &[]).on("/insurer/filings/{f}"),
    // The person and the family.
    step("/insurer/people/{p}/consent", CLERK, &[("given_by", "2"), ("method", "paper"), ("confirmed", "yes")])
        .on("{sada_page}/consent"),
    step(
        "/insurer/people/{p}/proxies/new",
        CLERK,
        &[
            ("kind", "family"),
            ("name", "三上 桜"),
            ("kana", "ミカミ サクラ"),
            ("relation", "長女"),
            ("birth", "昭和38年5月5日"),
            ("scope", "no-documents"),
            ("evidence", "at-the-desk"),
        ],
    )
    .on("{sada_page}/proxies/new"),
    step("/insurer/people/{p}/letters", CLERK, &[]).on("{sada_page}"),
    step("/insurer/people/{p}/proxies/{x}/end", CLERK, &[("reason", "asked")]).on("{sada_page}").finding(&[(
        "x",
        "/proxies/",
        0,
    )]),
    step("/my/consent/withdraw", "kiyoshi", &[("agreed", "yes")]),
    step("/my/questions/new", "kiyoshi", &[("body", "だれが見ましたか。")]),
    step("/insurer/questions/{q}", CLERK, &[("answer", "担当の方です。")]).on("/insurer/questions").finding(&[(
        "q",
        "/insurer/questions/",
        0,
    )]),
    // Disaster mode: proposed by the clerk, approved and ended by the administrator.
    step(
        "/insurer/disaster",
        CLERK,
        &[
            ("name", "台風"),
            ("areas", "{area}"),
            ("offices", ""),
            ("from", "2026-11-22"),
            ("until", "2026-11-30"),
            ("reason", "避難所"),
        ],
    )
    .on("/insurer/disaster/new")
    .giving("/insurer/disaster/{t}"),
    step("/insurer/disaster/{t}/decide", ADMIN, &[("decision", "approve")]).on("/insurer/disaster/{t}"),
    step("/insurer/disaster/{t}/end", ADMIN, &[("reason", "閉じました")]).on("/insurer/disaster/{t}"),
    // Notices.
    step("/notices/read", CLERK, &[("topic", "")]).on("/notices"),
    // The exchange's desk, and the end of a registration.
    step("/exchange/join", "minato-admin", &[]).on("/exchange"),
    step("/people/{c}/charge/end", OFFICE, &[("reason", "moved")]).on("/people/{kiyoshi_charge}/charge/end"),
    // Colleagues: invited, the invitation taken back; another one given new ways in, and stopped.
    step("/insurer/accounts", ADMIN, COLLEAGUE).giving("/insurer/invitations/{v}"),
    step("/insurer/invitations/{v}/revoke", ADMIN, &[]).on("/insurer/invitations/{v}"),
    step("/insurer/accounts/{a}/reissue", ADMIN, &[]).on("/insurer/accounts/{clerk}").finding(&[(
        "a",
        "/insurer/accounts/",
        0,
    )]),
    step("/insurer/accounts/{a}", ADMIN, STOPPED).on("/insurer/accounts/{a}"),
    step("/operator/accounts", "unei-kanri", COLLEAGUE).giving("/operator/invitations/{v}"),
    step("/operator/invitations/{v}/revoke", "unei-kanri", &[]).on("/operator/invitations/{v}"),
    step("/operator/accounts/{a}/reissue", "unei-kanri", &[]).on("/operator/accounts/{desk}").finding(&[(
        "a",
        "/operator/accounts/",
        0,
    )]),
    step("/operator/accounts/{a}", "unei-kanri", STOPPED).on("/operator/accounts/{a}"),
    step("/office/accounts", "minato-admin", COLLEAGUE).giving("/office/invitations/{v}"),
    step("/office/invitations/{v}/revoke", "minato-admin", &[]).on("/office/invitations/{v}"),
    step("/office/accounts/{a}/reissue", "minato-admin", &[]).on("/office/accounts/{manager}").finding(&[(
        "a",
        "/office/accounts/",
        0,
    )]),
    step("/office/accounts/{a}", "minato-admin", STOPPED).on("/office/accounts/{a}"),
];

/// Routes whose act is more than a form, with the file and the test that sends it twice.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("/identity/{id}", "identity.rs", "two_clicks_at_once_register_once"),
    ("/people/{c}/charge/keep", "charge.rs", "a_registration_runs_out_unless_it_is_kept"),
    ("/people/{c}/consent", "office_side.rs", "an_office_takes_a_consent_in_the_municipalitys_place"),
    ("/people/{c}/plans/deliver", "plans.rs", "a_sent_plan_is_registered_read_by_others_and_taken_back"),
    ("/people/{c}/plans/{v}/withdraw", "plans.rs", "a_sent_plan_is_registered_read_by_others_and_taken_back"),
    ("/exchange/send", "exchange_send.rs", "a_folder_is_sorted_confirmed_and_sent_once"),
    ("/exchange/drafts/{d}/send", "exchange_send.rs", "a_folder_is_sorted_confirmed_and_sent_once"),
    ("/exchange/inbox", "exchange_mailbox.rs", "new_ones_come_in_one_archive_with_a_folder_for_each"),
    ("/exchange/sets/{s}/fetch", "exchange_mailbox.rs", "what_came_is_seen_fetched_and_marked_and_both_ends_know"),
    ("/exchange/sets/{s}/imported", "exchange_mailbox.rs", "what_came_is_seen_fetched_and_marked_and_both_ends_know"),
    ("/exchange/sets/{s}/recall", "exchange_mailbox.rs", "what_was_not_fetched_can_be_taken_back_and_is_gone"),
    ("/exchange/sets/{s}/withdraw", "exchange_mailbox.rs", "what_was_fetched_is_withdrawn_by_a_deletion"),
    ("/exchange/results/start", "exchange_sheets.rs", "a_month_is_typed_sent_and_compared"),
    ("/exchange/results/{e}", "exchange_sheets.rs", "two_people_do_not_overwrite_each_other"),
    ("/exchange/results/{e}/send", "exchange_sheets.rs", "a_month_is_typed_sent_and_compared"),
    ("/api/v1/exchange/uploads", "api.rs", "an_office_sends_and_its_partner_receives_the_same_bytes"),
    ("/api/v1/exchange/sets/{id}/imported", "api.rs", "an_office_sends_and_its_partner_receives_the_same_bytes"),
    ("/api/v1/exchange/sets/{id}/recall", "api.rs", "an_office_sends_and_its_partner_receives_the_same_bytes"),
    ("/insurer/cases/bulk/do", "cases.rs", "one_day_for_many_is_looked_at_first_and_fails_case_by_case"),
    ("/insurer/cases/{p}/{n}/survey/file", "cases.rs", "a_survey_is_typed_warned_about_and_filed_as_a_paper"),
    ("/medical/requests/{r}/upload", "medical.rs", "files_are_judged_by_what_they_are"),
    ("/insurer/feed", "feed.rs", "a_feed_is_checked_first_and_published_by_a_second_word"),
    ("/insurer/feed/uploads/{u}/check", "feed.rs", "a_feed_is_checked_first_and_published_by_a_second_word"),
    ("/insurer/feed/uploads/{u}/publish", "feed.rs", "a_feed_is_checked_first_and_published_by_a_second_word"),
    ("/insurer/feed/uploads/{u}/discard", "feed.rs", "what_is_wrong_is_named_by_file_row_and_item"),
    ("/insurer/feed/undo", "feed.rs", "after_an_undo_every_record_is_as_before_and_the_feed_can_come_again"),
    ("/insurer/filings/accept", "filing.rs", "many_clean_ones_are_accepted_at_once"),
    ("/insurer/rules", "rules.rs", "a_stricter_cell_counts_from_its_day_and_the_standard_comes_back"),
    ("/my/consent/give", "consent.rs", "a_withdrawal_counts_at_the_next_look_and_against_the_next_feed"),
    ("/my/family/{x}/end", "letter.rs", "a_proxy_acts_within_the_scope_until_it_ends"),
    ("/insurer/disaster/{t}/uses/{u}", "disaster.rs", "one_proposes_another_approves_and_an_office_finds_one_person"),
    ("/start", "letter.rs", "guessing_waits_whether_there_is_a_letter_or_not"),
    ("/start/account", "letter.rs", "a_letter_leads_to_an_account_once"),
    ("/start/factor", "letter.rs", "a_letter_leads_to_an_account_once"),
    ("/operator/content/new", "portal.rs", "articles_are_drafted_seen_beforehand_published_planned_and_withdrawn"),
    ("/operator/content/{a}", "portal.rs", "articles_are_drafted_seen_beforehand_published_planned_and_withdrawn"),
    ("/operator/maintenance", "portal.rs", "maintenance_is_told_to_people_calendars_and_programs"),
    ("/operator/maintenance/{m}", "portal.rs", "maintenance_is_told_to_people_calendars_and_programs"),
    ("/operator/readiness/import", "portal.rs", "readiness_is_published_by_file_by_hand_and_by_the_insurer_itself"),
    ("/operator/readiness/{m}", "portal.rs", "readiness_is_published_by_file_by_hand_and_by_the_insurer_itself"),
    ("/insurer/readiness", "portal.rs", "an_insurer_publishes_its_own_and_its_rule_counts"),
    ("/notices/{n}/read", "notices.rs", "a_notice_is_counted_named_opened_and_read"),
    ("/account/totp", "account.rs", "changes_ask_for_a_fresh_proof_and_old_ways_in_end"),
    ("/account/codes", "account.rs", "changes_ask_for_a_fresh_proof_and_old_ways_in_end"),
    ("/login/passkey", "account.rs", "a_passkey_logs_in_once_for_each_question_and_only_here"),
    ("/office/licence/apply", "mypage.rs", "an_office_applies_for_the_subsidy_and_asks_the_operator"),
    ("/office/savings/keep", "savings.rs", "an_office_sees_what_came_of_its_estimate"),
    ("/office/subsidy", "mypage.rs", "an_office_applies_for_the_subsidy_and_asks_the_operator"),
    ("/office/subsidy/{a}/file", "mypage.rs", "an_office_applies_for_the_subsidy_and_asks_the_operator"),
    ("/operator/subsidies/{a}", "mypage.rs", "an_office_applies_for_the_subsidy_and_asks_the_operator"),
    ("/office/inquiries/new", "mypage.rs", "an_office_applies_for_the_subsidy_and_asks_the_operator"),
    ("/operator/inquiries/{i}", "mypage.rs", "an_office_applies_for_the_subsidy_and_asks_the_operator"),
    ("/portal/inquiry", "mypage.rs", "an_office_applies_for_the_subsidy_and_asks_the_operator"),
    ("/office/invite", "mypage.rs", "an_office_registers_with_its_issued_login_and_works_with_others"),
    ("/office/support", "mypage.rs", "an_office_registers_with_its_issued_login_and_works_with_others"),
    ("/operator/offices", "mypage.rs", "an_office_registers_with_its_issued_login_and_works_with_others"),
    ("/portal/register", "mypage.rs", "an_office_registers_with_its_issued_login_and_works_with_others"),
    (
        "/office/certificates",
        "terminal.rs",
        "a_certificate_is_asked_for_reviewed_handed_over_once_and_binds_the_session",
    ),
    (
        "/office/certificates/{t}/file",
        "terminal.rs",
        "a_certificate_is_asked_for_reviewed_handed_over_once_and_binds_the_session",
    ),
    (
        "/office/certificates/{t}/renew",
        "terminal.rs",
        "the_office_is_told_before_the_end_and_renews_without_another_review",
    ),
    ("/card", "card.rs", "a_new_card_is_linked_once_and_recognised_afterwards"),
    ("/card/terminals", "card.rs", "a_new_card_is_linked_once_and_recognised_afterwards"),
    ("/card/{id}", "card.rs", "a_new_card_is_linked_once_and_recognised_afterwards"),
    ("/api/v1/card/enrol", "card.rs", "replays_relays_stolen_links_and_forged_terminals_get_nowhere"),
    ("/api/v1/card/fetch", "card.rs", "replays_relays_stolen_links_and_forged_terminals_get_nowhere"),
    ("/api/v1/card/answer", "card.rs", "replays_relays_stolen_links_and_forged_terminals_get_nowhere"),
];

/// Routes that do nothing a second sending could double.
const NO_ACT: &[(&str, &str)] = &[
    ("/login", "each try is a try: they are counted"),
    ("/login/code", "a code is good once"),
    ("/logout", "a session that has ended stays so"),
    ("/preferences/text-size", "a cookie"),
    ("/preferences/reading", "a cookie"),
    ("/session/keep", "the session's own time"),
    ("/session/left", "a question"),
    ("/session/again", "a form on its way to the login: nothing is done with it yet"),
    ("/identity", "each check is a look of its own, and is counted"),
    ("/identity/disaster", "each search is a look of its own, and is reviewed"),
    ("/people/{c}/filing/contact", "answers on the way: the same again are the same"),
    ("/insurer/cases/bulk", "a preview"),
    ("/insurer/rules/preview", "a preview"),
    ("/insurer/exports", "each copy that leaves is written down"),
    ("/exchange/drafts/{d}/discard", "a draft that is gone"),
    ("/exchange/partners/{o}/favourite", "says yes or no, not the other one"),
    ("/exchange/tokens", "each key is shown once to who asked for it"),
    ("/exchange/tokens/{t}/end", "a key that has ended stays so"),
    ("/notices/mail", "the same setting again is the same setting"),
    ("/notices/mail/forget", "what is forgotten stays so"),
    ("/notices/mail/address", "one code a minute"),
    ("/notices/mail/code", "a code is good once"),
];

/// Routes whose forms no test sends twice yet, each with the file whose test sends them once. Make a step of one, and its line goes; a
/// route that is added belongs above.
const ONCE: &[(&str, &str)] = &[
    ("/account/passkeys", "account.rs"),
    ("/account/passkeys/{k}/name", "account.rs"),
    ("/account/passkeys/{k}/remove", "account.rs"),
    ("/account/password", "account.rs"),
    ("/account/prove", "account.rs"),
    ("/account/prove/mail", "account.rs"),
    ("/account/prove/passkey", "account.rs"),
    ("/account/sessions/others/end", "account.rs"),
    ("/account/sessions/{s}/end", "account.rs"),
    ("/card/terminals/{id}/end", "card.rs"),
    ("/card/{id}/cancel", "card.rs"),
    ("/insurer/log/cosignature", "areas_strangers.rs"),
    ("/insurer/log/witness", "areas_strangers.rs"),
    ("/insurer/log/witness/end", "areas_strangers.rs"),
    ("/invitation", "account.rs"),
    ("/invitation/account", "account.rs"),
    ("/invitation/factor", "account.rs"),
    ("/login/code/mail", "account.rs"),
    ("/office/certificates/{t}/revoke", "terminal.rs"),
    ("/office/certificates/{t}/withdraw", "terminal.rs"),
    ("/office/inquiries/{i}", "mypage.rs"),
    ("/office/inquiries/{i}/close", "mypage.rs"),
    ("/office/join", "mypage.rs"),
    ("/office/licence/renewal", "mypage.rs"),
    ("/office/members/{m}/end", "mypage.rs"),
    ("/office/subsidy/{a}", "mypage.rs"),
    ("/office/subsidy/{a}/files", "mypage.rs"),
    ("/office/subsidy/{a}/files/{n}/remove", "mypage.rs"),
    ("/office/subsidy/{a}/withdraw", "mypage.rs"),
    ("/office/support/{e}/end", "mypage.rs"),
    ("/office/switch", "mypage.rs"),
    ("/operator/certificates/{t}/approve", "terminal.rs"),
    ("/operator/certificates/{t}/refuse", "terminal.rs"),
    ("/operator/certificates/{t}/revoke", "terminal.rs"),
    ("/operator/inquiries/{i}/close", "mypage.rs"),
    ("/operator/subsidies/payments", "mypage.rs"),
    ("/portal/inquiry/follow", "mypage.rs"),
    ("/portal/register/account", "mypage.rs"),
    ("/portal/register/address", "mypage.rs"),
    ("/portal/register/code", "mypage.rs"),
    ("/portal/register/factor", "mypage.rs"),
];

#[test]
fn every_route_that_takes_a_form_has_a_line() {
    let posts: BTreeSet<&str> = routes().iter().filter(|r| r.method == "POST").map(|r| r.path).collect();
    let mut known: BTreeSet<&str> = STEPS.iter().map(|step| step.route).collect();
    known.extend(ELSEWHERE.iter().map(|(route, ..)| *route));
    known.extend(NO_ACT.iter().map(|(route, _)| *route));
    for (route, file) in ONCE {
        assert!(known.insert(route), "{route} has a line above: take it out of ONCE");
        assert!(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web").join(file).exists(), "{file}");
    }
    let missing: Vec<&&str> = posts.iter().filter(|path| !known.contains(**path)).collect();
    assert!(missing.is_empty(), "add a line to double_submit.rs for each of these: {missing:#?}");
    let stale: Vec<&&str> = known.iter().filter(|path| !posts.contains(**path)).collect();
    assert!(stale.is_empty(), "no such route: {stale:?}");
    for (route, file, test) in ELSEWHERE {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web").join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(&format!("fn {test}()")), "{route}: {file} has no {test}");
    }
}

/// What a look or the passing of time changes as well.
const BESIDE: &[&str] = &["access_log", "last_look", "session", "job_lease", "schema_version", "log_head"];

/// Everything that is kept, table by table.
fn kept(world: &World<'_>, tables: &[String]) -> BTreeMap<String, Vec<String>> {
    tables.iter().map(|table| (table.clone(), world.test.dump(table))).collect()
}

type Names = BTreeMap<String, String>;

fn with(text: &str, names: &Names) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The piece of a link after some text, the nth different one on the page.
fn found(page: &Page, before: &str, nth: usize) -> String {
    let mut all: Vec<String> = Vec::new();
    for piece in page.html.split(before).skip(1) {
        let piece = piece.split(['/', '"', '?', '&']).next().unwrap();
        if piece.len() >= 16 && !all.iter().any(|known| known == piece) {
            all.push(piece.to_owned());
        }
    }
    all.get(nth).unwrap_or_else(|| panic!("nothing after {before}: {}", page.html)).clone()
}

/// Takes the names in a pattern out of an address.
fn take(pattern: &str, address: &str, names: &mut Names) {
    let address = address.split('?').next().unwrap();
    for (part, piece) in pattern.split('/').zip(address.split('/')) {
        if let Some(name) = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            names.insert(name.to_owned(), piece.to_owned());
        }
    }
}

/// Boxes of the page's forms whose names begin so, with their values.
fn boxes(page: &Page, prefix: &str) -> Vec<(String, String)> {
    let inputs = page.html.split("<input").skip(1).map(|input| input.split('>').next().unwrap());
    let value = |input: &str, name: &str| {
        input.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("").to_owned()
    };
    inputs
        .filter(|input| input.contains("type=\"checkbox\""))
        .map(|input| (value(input, "name"), value(input, "value")))
        .filter(|(name, _)| !prefix.is_empty() && name.starts_with(prefix))
        .collect()
}

/// What the names stand for at the beginning.
async fn names(world: &World<'_>) -> Names {
    let umibe = world.nation.accounts().iter().find(|a| a.login == DOCTOR).and_then(|a| a.institution_no).unwrap();
    let account = async |login: &'static str| {
        let found = world.app.db.read(move |tx| kaigo_store::account::by_login(tx, login)).await.unwrap();
        found.unwrap().account_id
    };
    let insured = |no: &str| kaigo_core::id::InsuredNo::parse(no).unwrap();
    let page_of = |no: &str| format!("/insurer/people/{}", world.app.keys.person_ref(world.insurer(no), insured(no)));
    let all = [
        ("kiyoshi", KIYOSHI.to_owned()),
        ("sada", SADA.to_owned()),
        ("sada_page", page_of(SADA)),
        ("tome_case", open_case(world, TOME).await),
        ("institution", umibe.to_string()),
        ("area", world.nation.insurers()[0].municipality_code.to_string()),
        ("cancel", "ほかの医療機関に頼む".to_owned()),
        ("clerk", account(CLERK).await),
        ("desk", account("unei").await),
        ("manager", account(OFFICE).await),
        ("c", world.charge(SMALL, TOME).to_owned()),
        ("kiyoshi_charge", world.charge(OFFICE, KIYOSHI).to_owned()),
    ];
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Sends the form of a step twice, and compares.
async fn twice(world: &World<'_>, browser: &mut Browser<'_>, step: &Step, names: &mut Names, all: &[String]) {
    let asked = if step.page.is_empty() { step.route } else { step.page };
    let mut page = browser.get(&with(asked, names)).await;
    for (name, before, nth) in step.finds {
        let value = found(&page, &with(before, names), *nth);
        names.insert((*name).to_owned(), value);
    }
    // A page that stands for a path of its own gives its names, too.
    let own = step.route.rsplit_once('/').map_or(step.route, |(front, _)| front);
    if step.page.starts_with('{') {
        take(own, with(asked, names).rsplit_once('/').map_or("", |(front, _)| front), names);
        if step.page == "{sada_page}" {
            take("/insurer/people/{p}", &with(asked, names), names);
        }
    }
    if step.page.starts_with("/people/{kiyoshi_charge}") {
        let value = names["kiyoshi_charge"].clone();
        names.insert("c".to_owned(), value);
    }
    let action = with(step.route, names);
    let place = format!("{} {action}", step.who);
    if !page.html.contains(&format!("action=\"{action}\"")) {
        page = browser.get(&action).await;
    }
    assert!(page.html.contains(&format!("action=\"{action}\"")), "{place}: no such form\n{}", page.html);
    let mut fields: Vec<(String, String)> =
        page.hidden(&action).into_iter().filter(|(name, _)| name != "csrf").collect();
    for (name, value) in step.typed {
        if *name == "opinion" {
            fields.extend(crate::medical::GOOD.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            fields.retain(|(name, _)| name != "f-5");
            fields.push(("f-5".to_owned(), format!("独居。夜間の見守りが要る（{value}）。")));
            continue;
        }
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), with(value, names)));
    }
    fields.extend(boxes(&page, step.ticks));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let before = kept(world, all);
    let first = browser.post(&action, &fields).await;
    assert_eq!(first.status, 303, "{place}\n{}", first.html);
    let after = kept(world, all);
    assert!(before != after || MAY_CHANGE_NOTHING.contains(&step.route), "{place} did nothing");
    let second = browser.post(&action, &fields).await;
    let fine: &[u16] = if step.route.ends_with("/decline") { &[303] } else { &[303, 403, 404, 409, 422] };
    assert!(fine.contains(&second.status), "{place}: {}\n{}", second.status, second.html);
    let again = kept(world, all);
    for (table, rows) in &after {
        assert_eq!(rows, &again[table], "{place}: sent twice, {table} differs");
    }
    if second.status == 303 && !NAMED_OTHERWISE.contains(&step.route) {
        assert_eq!(second.location(), first.location(), "{place}: the first answer again");
    }
    if !step.gives.is_empty() {
        take(step.gives, first.location(), names);
    }
}

/// Steps that change nothing where there is nothing to change.
const MAY_CHANGE_NOTHING: &[&str] = &["/notices/read", "/exchange/join"];

/// Steps whose second answer leads to the page where the state is seen.
const NAMED_OTHERWISE: &[&str] = &[];

#[test]
fn a_form_that_is_sent_twice_acts_once() {
    on_both(USUAL, async |world| {
        let all: Vec<String> = world.test.tables().into_iter().filter(|t| !BESIDE.contains(&t.as_str())).collect();
        let mut names = names(world).await;
        assert!(all.len() > 60, "{} tables", all.len());
        let mut browsers: BTreeMap<&str, Browser<'_>> = BTreeMap::new();
        for step in STEPS {
            if !browsers.contains_key(step.who) {
                browsers.insert(step.who, world.login(step.who).await);
            }
            let browser = browsers.get_mut(step.who).unwrap();
            twice(world, browser, step, &mut names, &all).await;
        }
    });
}
