//! アカウントの安全, invitations, colleagues.

use super::add;
use crate::view::account::{
    AccountRow, AdminLog, AdminRow, Codes, Colleague, Colleagues, EventRow, FailedLogins, FailureRow,
    InvitationAccount, InvitationCode, InvitationFactor, Invited, InvitedRow, LookRow, PasskeyEdit, PasskeyNew,
    PasskeyRow, Password, Prove, Safety, SessionRow, SightRow, StaffLog, Totp,
};
use crate::view::start::Qr;
use crate::view::{Chip, Choice, FieldError, Link, Shell, Tone};

fn passkey() -> PasskeyRow {
    PasskeyRow {
        id: "a1".into(),
        name: "事務所のパソコン".into(),
        made: "2026年11月1日 9:00".into(),
        used: String::new(),
        is_synced: true,
    }
}

fn account(name: &str, state: Chip, is_own: bool) -> AccountRow {
    AccountRow {
        id: "b2".into(),
        is_own,
        name: name.into(),
        login: "izumo".into(),
        job: "介護支援専門員".into(),
        is_admin: is_own,
        state,
        note: "長期の休み".into(),
        last_login: "2026年11月22日 9:00".into(),
        passkeys: 1,
    }
}

fn qr() -> Qr {
    Qr { size: 29, path: "M4 4h1v1h-1z".into() }
}

fn wrong(field: &str) -> Vec<FieldError> {
    vec![FieldError::new(field, "もう一度入れてください。")]
}

pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    own(pages);
    ways_in(pages);
    invitations(pages);
    colleagues(pages);
}

fn own(pages: &mut Vec<(String, String)>) {
    let shell = Shell::sample;
    let session = |is_own| SessionRow {
        id: "c3".into(),
        is_own,
        from: "Edge（Windows）　203.0.113.*".into(),
        since: "2026年11月22日 9:00".into(),
        way: "パスワードと認証アプリ".into(),
    };
    let safety = Safety {
        shell: shell(),
        login: "izumo".into(),
        can_use_passkeys: true,
        passkeys: vec![passkey()],
        codes_left: 7,
        address: "izumo@example.jp".into(),
        has_mail: true,
        sessions: vec![session(true), session(false)],
        events: vec![EventRow {
            at: "2026年11月22日 9:00".into(),
            chip: Chip::new(Tone::Plain, "ログイン（パスキー）"),
            from: "Edge（Windows）".into(),
        }],
        admin: vec![Link::new("職員のアカウント", "/office/accounts")],
    };
    add(pages, "account", &safety);
    let bare = Safety {
        can_use_passkeys: false,
        passkeys: Vec::new(),
        codes_left: 0,
        address: String::new(),
        has_mail: false,
        sessions: vec![session(true)],
        events: Vec::new(),
        admin: Vec::new(),
        ..safety
    };
    add(pages, "account-bare", &bare);
}

fn ways_in(pages: &mut Vec<(String, String)>) {
    let shell = Shell::sample;
    add(
        pages,
        "account-prove",
        &Prove {
            shell: shell(),
            errors: Vec::new(),
            next: "/account".into(),
            has_passkey: true,
            mail: "i•••@example.jp".into(),
            demo_code: Some("492039".into()),
        },
    );
    let prove = Prove {
        shell: shell(),
        errors: wrong("password"),
        next: "/account".into(),
        has_passkey: false,
        mail: String::new(),
        demo_code: None,
    };
    add(pages, "account-prove-invalid", &prove);
    add(pages, "account-password", &Password { shell: shell(), errors: wrong("new_password"), is_first: false });
    add(pages, "account-password-first", &Password { shell: shell(), errors: Vec::new(), is_first: true });
    let totp =
        Totp { shell: shell(), errors: wrong("code"), key: "0f".into(), secret: "ABCD EFGH".into(), qr: Some(qr()) };
    add(pages, "account-totp", &totp);
    add(pages, "account-codes", &Codes { shell: shell(), key: "0f".into(), codes: Vec::new() });
    add(pages, "account-codes-new", &Codes { shell: shell(), key: "0f".into(), codes: vec!["ABCD-2345".into()] });
    for can_use in [true, false] {
        let view = PasskeyNew { shell: shell(), errors: Vec::new(), name: "Edge（Windows）".into(), can_use };
        add(pages, &format!("account-passkey-new-{can_use}"), &view);
    }
    let edit = PasskeyEdit { shell: shell(), errors: wrong("name"), passkey: passkey(), name: String::new() };
    add(pages, "account-passkey", &edit);
}

fn invitations(pages: &mut Vec<(String, String)>) {
    let shell = Shell::sample_public;
    add(pages, "invitation", &InvitationCode { shell: shell(), errors: wrong("code"), code: "ABCD".into() });
    let account = InvitationAccount {
        shell: shell(),
        errors: wrong("factor"),
        name: "新田 一".into(),
        place: "居宅介護支援事業所 みなと".into(),
        is_again: true,
        login: "nitta".into(),
        factor: "app".into(),
    };
    add(pages, "invitation-account", &account);
    for app in [Some(("ABCD EFGH".to_owned(), qr())), None] {
        let name = format!("invitation-factor-{}", app.is_some());
        let codes = vec!["ABCD-2345".into()];
        add(pages, &name, &InvitationFactor { shell: shell(), errors: Vec::new(), login: "nitta".into(), app, codes });
    }
    let invited = Invited {
        shell: Shell::sample(),
        base: "/office".into(),
        id: "d4".into(),
        name: "新田 一".into(),
        place: "居宅介護支援事業所 みなと".into(),
        job: "介護支援専門員".into(),
        is_admin: false,
        is_again: false,
        until: "2026年11月29日 9:00".into(),
        is_used: false,
        site: "https://kaigo.example.jp".into(),
        code: "ABCD-EFGH-2345-JKMN".into(),
        qr: Some(qr()),
    };
    add(pages, "invited", &invited);
    add(pages, "invited-over", &Invited { code: String::new(), qr: None, ..invited });
}

fn colleagues(pages: &mut Vec<(String, String)>) {
    let shell = Shell::sample;
    let jobs = || vec![Choice::new("150", "介護支援専門員"), Choice::new("900", "事務")];
    let list = Colleagues {
        shell: shell(),
        errors: wrong("job"),
        base: "/office".into(),
        accounts: vec![
            account("港 明子", Chip::new(Tone::Good, "利用中"), true),
            account("出雲 太郎", Chip::new(Tone::Warn, "停止中"), false),
        ],
        invitations: vec![InvitedRow {
            id: "d4".into(),
            name: "新田 一".into(),
            job: "介護支援専門員".into(),
            is_admin: true,
            is_again: true,
            by: "港 明子".into(),
            until: "2026年11月29日 9:00".into(),
            is_over: true,
        }],
        name: String::new(),
        jobs: jobs(),
        is_admin: false,
        submit_key: "0f".into(),
    };
    add(pages, "colleagues", &list);
    let none =
        Colleagues { errors: Vec::new(), base: "/insurer".into(), invitations: Vec::new(), jobs: Vec::new(), ..list };
    add(pages, "colleagues-insurer", &none);
    let one = Colleague {
        shell: shell(),
        errors: Vec::new(),
        base: "/office".into(),
        account: account("出雲 太郎", Chip::new(Tone::Warn, "停止中"), false),
        has_left: false,
        is_suspended: true,
        since: "2026年4月1日 9:00".into(),
        jobs: jobs(),
        services: "居宅介護支援".into(),
        sights: vec![SightRow {
            item: "認定調査票".into(), chip: Chip::new(Tone::Info, "同意があれば見られる")
        }],
        reason: String::new(),
        submit_key: "0f".into(),
    };
    add(pages, "colleague", &one);
    add(pages, "colleague-left", &Colleague { has_left: true, sights: Vec::new(), ..one });
    logs(pages);
}

fn logs(pages: &mut Vec<(String, String)>) {
    let shell = Shell::sample;
    let row = AdminRow {
        at: "2026年11月22日 9:00".into(),
        who: "港 明子".into(),
        act: "利用の停止".into(),
        subject: "出雲 太郎".into(),
        detail: "長期の休み".into(),
        owner: "事業所 3290800022".into(),
    };
    let log = AdminLog {
        shell: shell(),
        base: "/operator".into(),
        rows: vec![row],
        next: Some("/operator/admin-log".into()),
    };
    add(pages, "admin-log", &log);
    let row = FailureRow {
        at: "2026年11月22日 9:00".into(),
        who: "出雲 太郎（izumo）".into(),
        owner: "事業所 3290800022".into(),
        what: "パスワードがちがう".into(),
        times: "3".into(),
        place: "203.0.113.* ほか".into(),
        browser: "Edge（Windows）".into(),
    };
    let failures = FailedLogins {
        shell: shell(),
        base: "/operator".into(),
        days: 90,
        hours: 24,
        rows: vec![row],
        next: Some("/operator/failed-logins?before=2026-11-22T00:00_0f".into()),
        refused: vec![["2026年11月22日 9:00".into(), "受け取れないファイル".into(), "2".into()]],
    };
    add(pages, "failed-logins", &failures);
    add(pages, "failed-logins-office", &FailedLogins { base: "/office".into(), ..failures });
    let look = LookRow {
        at: "2026年11月22日 9:00".into(),
        who: "出雲 太郎".into(),
        what: "見ました".into(),
        items: "被保険者証".into(),
        purpose: "資格の確認".into(),
        whom: "0456".into(),
        outcome: Chip::new(Tone::Warn, "断られた"),
        rule: "no-consent".into(),
    };
    let log = StaffLog {
        shell: shell(),
        errors: wrong("from"),
        who: vec![Choice::new("b2", "出雲 太郎")],
        from: "2026-11-16".into(),
        until: "2026-11-22".into(),
        rows: vec![look],
        is_cut: true,
        file: "/office/log.csv".into(),
    };
    add(pages, "staff-log", &log);
}
