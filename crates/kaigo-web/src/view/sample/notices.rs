//! お知らせ, and the settings of mail.

use super::add;
use crate::view::notices::{MailSettings, NoticeRow, Notices};
use crate::view::{Chip, Choice, FieldError, Paging, Shell, Tone};

fn row(tone: Tone, word: &str, whom: &str, text: &str, read_by: &str) -> NoticeRow {
    NoticeRow {
        n: "019a7b2c3d4e0011".into(),
        chip: Chip::new(tone, word),
        whom: whom.into(),
        text: text.into(),
        small: "2026年（令和8年）12月31日まで　11月22日 9:15".into(),
        is_unread: read_by.is_empty(),
        read_by: read_by.into(),
    }
}

pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    let mut page = Notices {
        shell: Shell::sample(),
        topics: vec![Choice::new("claim-gap", "担当の期限（1件）"), Choice::new("result-decided", "認定の結果")],
        topic: String::new(),
        with_read: true,
        found: "まだ確認していないお知らせは1件です".into(),
        rows: vec![
            row(Tone::Warn, "担当の期限", "高津 ふみ さん", "請求がないため、担当がまもなく終わります", ""),
            row(
                Tone::Plain,
                "認定の結果",
                "利用者1名",
                "認定の結果が出ました",
                "出雲 太郎 さんが 11月21日 17:42 に確認",
            ),
        ],
        newest: "019a7b2c3d4e0011".into(),
        is_shared: true,
        paging: Paging { next: Some("/notices?before=019a".into()), ..Paging::default() },
    };
    add(pages, "notices", &page);
    (page.rows, page.newest, page.paging) = (Vec::new(), String::new(), Paging::default());
    add(pages, "notices-empty", &page);
    let choice = |value: &str, word: &str, chosen| Choice { chosen, ..Choice::new(value, word) };
    let mut mail = MailSettings {
        shell: Shell::sample(),
        errors: Vec::new(),
        offered: true,
        address: "minato@example.jp".into(),
        refused: String::new(),
        waiting: String::new(),
        typed: String::new(),
        frequencies: vec![choice("daily", "1日1回（朝8時）", true), choice("never", "送らない", false)],
        topics: vec![choice("claim-gap", "担当の期限", true), choice("result-decided", "認定の結果", false)],
    };
    add(pages, "notices-mail", &mail);
    mail.refused = "11月22日 9:15 に、相手のサーバーに断られました。".into();
    mail.waiting = "shinjin@example.jp".into();
    mail.typed = "a@".into();
    mail.errors = vec![
        FieldError::new("code", "確認コードがちがいます。届いたメールの6けたの数字を入れてください。"),
        FieldError::new("address", "メールアドレスを、name@example.jp のような形で入れてください。"),
        FieldError::new("topics", "受け取るお知らせを1つ以上選ぶか、「送らない」を選んでください。"),
    ];
    add(pages, "notices-mail-invalid", &mail);
    add(pages, "notices-mail-off", &MailSettings { offered: false, errors: Vec::new(), ..mail });
}
