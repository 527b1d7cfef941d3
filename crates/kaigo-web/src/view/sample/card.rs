//! 本人確認 by マイナンバーカード.

use super::add;
use crate::view::card::{CardLinkForm, CardTerminals, CardWait, TerminalRow, VirtualReader};
use crate::view::identity::{CardOffer, Identity, Register};
use crate::view::start::Qr;
use crate::view::{Choice, FieldError, Shell};

const ID: &str = "00112233445566778899aabbccddeeff";

pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    let offer = CardOffer { submit_key: ID.into(), is_admin: true };
    add(pages, "identity-card", &Identity { card: Some(offer), ..Identity::sample() });
    let wait = CardWait {
        shell: Shell::sample(),
        id: ID.into(),
        way: "pin".into(),
        state: "waiting",
        match_code: "47".into(),
        link: Some(format!("kiban-card:kaigo.example/{ID}/{ID}")),
        qr: Some(Qr { size: 25, path: "M4 4h1v1h-1z".into() }),
        left: "あと2分50秒".into(),
        say: String::new(),
        submit_key: ID.into(),
        is_admin: false,
        has_virtual: true,
    };
    add(pages, "card-wait", &wait);
    add(pages, "card-wait-visual", &CardWait { way: "visual".into(), is_admin: true, ..wait.clone() });
    add(pages, "card-reading", &CardWait { state: "reading", link: None, qr: None, ..wait.clone() });
    let say = kaigo_app::card::transaction::say_failure("card-pin-locked", None);
    add(pages, "card-failed", &CardWait { state: "failed", link: None, qr: None, say, ..wait });
    let form = CardLinkForm {
        shell: Shell::sample(),
        id: ID.into(),
        errors: Vec::new(),
        insurer_no: String::new(),
        insured_no: String::new(),
        birth: String::new(),
        seen: false,
        outcome: String::new(),
    };
    add(pages, "card-link", &form);
    let errors = vec![FieldError::new("birth", "生年月日が入っていません。生年月日を入れてください。")];
    add(pages, "card-link-invalid", &CardLinkForm { errors, ..form.clone() });
    add(pages, "card-link-no-match", &CardLinkForm { outcome: "確認できませんでした。".into(), ..form });
    let row = |name: &str, code: Option<&str>, enrolled: &str, ended: &str| TerminalRow {
        id: ID.into(),
        name: name.into(),
        code: code.map(str::to_owned),
        code_until: "11月23日 9:15".into(),
        enrolled: enrolled.into(),
        used: String::new(),
        ended: ended.into(),
    };
    let terminals = CardTerminals {
        shell: Shell::sample(),
        errors: Vec::new(),
        name: String::new(),
        submit_key: ID.into(),
        origin: "kaigo.example".into(),
        rows: vec![
            row("受付のパソコン", Some("ABCD-EFGH-JKLM"), "", ""),
            row("相談室", None, "11月20日 10:00", ""),
            row("古いパソコン", None, "", "11月21日 8:30"),
        ],
    };
    add(pages, "card-terminals", &terminals);
    let reader = VirtualReader {
        shell: Shell::sample(),
        id: ID.into(),
        errors: Vec::new(),
        who: "居宅介護支援事業所 みなと　出雲 太郎".into(),
        purpose: kaigo_app::card::answer::PURPOSE.into(),
        match_code: "47".into(),
        way: "pin".into(),
        cards: vec![Choice::new("normal", "ふつうのカード")],
        pin: "0471".into(),
    };
    add(pages, "card-reader", &reader);
    for method in ["card-pin", "card-visual"] {
        add(pages, &format!("register-{method}"), &Register { method: method.into(), ..Register::sample() });
    }
}
