//! What the demo tells at its start: who can log in, as what, and what to try.

use jiff::Timestamp;
use kaigo_app::login::totp_at;
use kaigo_core::date::both;
use kaigo_demo::Nation;
use kaigo_demo::account::{DemoAccount, DemoRole, SUPPORTER};
use serde::{Serialize, Serializer};

use crate::surroundings::pad;

/// Who can log in: a line of accounts.json.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Known {
    login: String,
    password: String,
    #[serde(serialize_with = "base32_text")]
    totp_secret: [u8; 20],
    /// Office and job, or 本人.
    role: String,
    name: String,
    /// `staff`, `person`, `insurer`, `medical` or `board`: which pages the account has.
    kind: &'static str,
}

impl Known {
    /// As the login page shows it.
    pub(super) fn for_pages(&self) -> kaigo_web::DemoAccount {
        kaigo_web::DemoAccount {
            name: self.name.clone(),
            role: self.role.clone(),
            login: self.login.clone(),
            password: self.password.clone(),
            totp_secret: self.totp_secret,
        }
    }
}

/// Everybody who can log in.
pub(super) fn accounts(nation: &Nation) -> Vec<Known> {
    let offices = nation.offices();
    let office_of = |account: &DemoAccount| {
        let office = offices.iter().find(|o| Some(o.office_no) == account.office_no);
        office.map_or("", |o| o.name)
    };
    let accounts = nation.accounts().into_iter().map(|account| Known {
        login: account.login.to_owned(),
        password: account.password.to_owned(),
        totp_secret: account.totp_secret,
        role: if account.role == DemoRole::Citizen {
            "本人".to_owned()
        } else if account.role == DemoRole::Proxy {
            account.job_type.to_owned()
        } else {
            format!(
                "{}　{}",
                place_of(nation, &account).unwrap_or_else(|| office_of(&account).to_owned()),
                account.job_type
            )
        },
        name: account.name.to_owned(),
        kind: kind_of(account.role),
    });
    accounts.collect()
}

/// Where an account works that belongs to no care office.
fn place_of(nation: &Nation, account: &DemoAccount) -> Option<String> {
    match account.role {
        DemoRole::OperatorStaff | DemoRole::OperatorAdmin => return Some("運営事務局".to_owned()),
        DemoRole::Supporter => return Some(SUPPORTER.1.to_owned()),
        DemoRole::CareManager
        | DemoRole::OfficeStaff
        | DemoRole::OfficeAdmin
        | DemoRole::Citizen
        | DemoRole::Proxy
        | DemoRole::InsurerClerk
        | DemoRole::InsurerAdmin
        | DemoRole::Physician
        | DemoRole::BoardSecretary => {}
    }
    if let Some(insurer_no) = account.insurer_no {
        return nation.insurers().iter().find(|i| i.insurer_no == insurer_no).map(|i| i.name.to_owned());
    }
    if let Some(no) = account.institution_no {
        return nation.institutions().iter().find(|i| i.institution_no == no).map(|i| i.name.to_owned());
    }
    let board_id = account.board_id?;
    nation.boards().iter().find(|b| b.board_id == board_id).map(|b| b.name.to_owned())
}

fn kind_of(role: DemoRole) -> &'static str {
    match role {
        DemoRole::Citizen | DemoRole::Proxy => "person",
        DemoRole::CareManager | DemoRole::OfficeStaff | DemoRole::OfficeAdmin => "staff",
        DemoRole::InsurerClerk | DemoRole::InsurerAdmin => "insurer",
        DemoRole::Physician => "medical",
        DemoRole::BoardSecretary => "board",
        DemoRole::OperatorStaff | DemoRole::OperatorAdmin => "operator",
        DemoRole::Supporter => "support",
    }
}

/// The block of text before `listening`.
pub(super) fn block(url: &str, nation: &Nation, accounts: &[Known], now: Timestamp) -> String {
    let mut lines = vec![
        String::new(),
        "介護情報基盤　デモ".to_owned(),
        format!("  ブラウザーで開く：{url}"),
        format!("  デモの日付：{}　（人も事業所も、すべて架空です）", both(nation.today())),
        String::new(),
        "ログインできる人".to_owned(),
        format!(
            "  {}{}{}{}　立場",
            pad("氏名", 12),
            pad("ログインID", 14),
            pad("パスワード", 20),
            pad("確認コード", 10)
        ),
    ];
    for account in accounts {
        lines.push(format!(
            "  {}{}{}{}　{}",
            pad(&account.name, 12),
            pad(&account.login, 14),
            pad(&account.password, 20),
            pad(&totp_at(&account.totp_secret, now), 10),
            account.role
        ));
    }
    lines.push("  確認コードは30秒ごとに変わります。いまのコードは、ログインの画面にも出ます。".to_owned());
    lines.push(String::new());
    lines.push("5分でためす".to_owned());
    for (n, text) in (1..).zip(nation.try_these()) {
        lines.push(format!("  {n}. {text}"));
    }
    lines.push(String::new());
    lines.push("止めるには Ctrl-C を押してください。".to_owned());
    lines.join("\n")
}

fn base32_text<S: Serializer>(secret: &[u8; 20], out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&base32(secret))
}

/// BASE32 (RFC 4648 §6) without padding: 20 bytes are 32 characters and need none.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let digit = |n: u32| DIGITS.get(usize::try_from(n & 31).unwrap_or(0)).map_or('A', |b| char::from(*b));
    let mut text = String::new();
    let (mut kept, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        kept = (kept << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(digit(kept >> bits));
        }
        kept &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(digit(kept << (5 - bits)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn the_block_names_everybody_and_says_what_to_try() {
        let nation = Nation::make(1, jiff::civil::date(2026, 11, 22), 100);
        let accounts = accounts(&nation);
        let text = block("http://127.0.0.1:1", &nation, &accounts, "2026-11-22T01:00:00Z".parse().unwrap());
        for account in &accounts {
            assert!(text.contains(&account.login) && text.contains(&account.password));
        }
        assert!(text.contains("5分でためす") && !text.contains("\nlistening"));
        let json = serde_json::to_value(&accounts).unwrap();
        assert_eq!(json[0]["totp_secret"].as_str().unwrap().len(), 32);
        assert_eq!(json[0]["kind"], "staff");
    }
}
