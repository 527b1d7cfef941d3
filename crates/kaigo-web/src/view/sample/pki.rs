//! Certificates of terminals.

use super::add;
use crate::view::pki::{DeskCertificates, DeskTerminal, OfficeCertificates, OfficeTerminal, TerminalLine};
use crate::view::{Chip, Choice, Fact, FieldError, Shell, Side, Tone, Who};

fn line(tone: Tone, word: &str, name: &str, until: &str) -> TerminalLine {
    TerminalLine {
        href: "/office/certificates/019a7b2c3d4e0011".into(),
        name: name.into(),
        no: "1".into(),
        chip: Chip::new(tone, word),
        until: until.into(),
        asked: "2026年11月20日 9:15".into(),
    }
}

fn reasons() -> Vec<Choice> {
    vec![Choice::new("lost", "端末をなくした・盗まれた"), Choice::new("replaced", "端末や電子証明書を取りかえた")]
}

fn facts() -> Vec<Fact> {
    vec![Fact::new("端末の番号", "1"), Fact::new("受け取り方", "ファイルで受け取る（PKCS#12）")]
}

pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    let mut office = OfficeCertificates {
        shell: Shell::sample(),
        errors: Vec::new(),
        can_issue: true,
        lines: vec![
            line(Tone::Good, "使えます", "事務所のパソコン1", "2028年11月19日 9:20"),
            line(Tone::Info, "審査を待っています", "訪問用のタブレット", ""),
        ],
        names: String::new(),
        ways: vec![
            Choice { chosen: true, ..Choice::new("file", "ファイルで受け取る（PKCS#12）") },
            Choice::new("csr", "端末で作った鍵を使う（CSR）"),
        ],
        csr: String::new(),
        submit_key: "019a".into(),
    };
    add(pages, "terminals", &office);
    office.errors = vec![FieldError::new("csr", "証明書署名要求（CSR）として読めません。")];
    office.csr = "-----BEGIN".into();
    add(pages, "terminals-wrong", &office);
    let one = OfficeTerminal {
        shell: Shell::sample(),
        errors: Vec::new(),
        id: "019a7b2c3d4e0011".into(),
        name: "事務所のパソコン1".into(),
        chip: Chip::new(Tone::Warn, "受け取れます"),
        facts: facts(),
        code: Some("ABCD-EFGH-JKLM-NPQR".into()),
        has_chain: false,
        renewable: false,
        withdrawable: true,
        reasons: Vec::new(),
        submit_key: "019a".into(),
    };
    add(pages, "terminal-deliver", &one);
    let used = OfficeTerminal {
        chip: Chip::new(Tone::Warn, "あと60日"),
        code: None,
        has_chain: true,
        renewable: true,
        withdrawable: false,
        reasons: reasons(),
        ..one
    };
    add(pages, "terminal-used", &used);
    let who = Who { name: "中央 結".into(), role: "職員".into(), office: "運営事務局".into() };
    let shell =
        Shell { side: Side::Operator, who: Some(who), here: "/operator/certificates".into(), ..Shell::sample() };
    let desk = DeskCertificates {
        shell: shell.clone(),
        errors: Vec::new(),
        q: String::new(),
        facts: vec![Fact::new("発行局の期限", "2036年11月19日 9:15")],
        has_authority: true,
        waiting: vec![line(Tone::Info, "審査を待っています", "居宅介護支援事業所 みなと　タブレット", "")],
        ending: Vec::new(),
        found: vec![line(Tone::Good, "使えます", "居宅介護支援事業所 みなと　パソコン1", "2028年11月19日 9:20")],
        more: None,
    };
    add(pages, "desk-terminals", &desk);
    let decide = DeskTerminal {
        shell,
        errors: vec![FieldError::new("reason", "理由を書いてください。事業所にそのまま伝わります。")],
        id: "019a7b2c3d4e0011".into(),
        name: "訪問用のタブレット".into(),
        chip: Chip::new(Tone::Info, "審査を待っています"),
        facts: facts(),
        waits: true,
        reason: String::new(),
        reasons: Vec::new(),
    };
    add(pages, "desk-terminal", &decide);
    add(pages, "desk-terminal-used", &DeskTerminal { errors: Vec::new(), waits: false, reasons: reasons(), ..decide });
}
