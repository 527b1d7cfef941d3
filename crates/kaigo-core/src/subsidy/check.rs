//! What would make a subsidy application bounce, found before it is filed: each finding names its place and its mend.

use super::{Amounts, CostKind, DocumentKind, Year, amounts, ceiling, group_of};
use crate::date::{Date, fiscal_year, seireki};
use crate::rule::Dated;
use crate::service::ServiceKind;
use crate::text::halfwidth;

/// A line of a receipt as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What it is for; none: nothing chosen yet.
    pub kind: Option<CostKind>,
    /// 品名.
    pub item: String,
    /// 型番.
    pub model: String,
    /// 数量.
    pub quantity: u32,
    /// Yen, tax included.
    pub yen: u32,
    /// 領収日.
    pub paid_on: Option<Date>,
    /// 用途 (但し書き).
    pub purpose: String,
    /// 宛名.
    pub addressee: String,
}

impl Line {
    /// Whether nothing is written on it.
    pub fn is_blank(&self) -> bool {
        self.item.is_empty() && self.model.is_empty() && self.yen == 0
    }
}

/// Kind of the account into which the money comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bank {
    /// ゆうちょ銀行: 記号 and 番号 as the name of branch and account for transfers.
    pub is_post: bool,
    /// 金融機関コード, four digits.
    pub bank_code: String,
    /// 金融機関名.
    pub bank_name: String,
    /// 支店コード, three digits.
    pub branch_code: String,
    /// 支店名.
    pub branch_name: String,
    /// `ordinary` 普通, `current` 当座.
    pub account_kind: String,
    /// 口座番号, seven digits.
    pub account_no: String,
    /// 口座名義 in kana, as banks write it.
    pub holder: String,
}

/// As whom the page of the screen copy was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScreenUser {
    /// Not said yet.
    #[default]
    Unsaid,
    /// 管理者ユーザ or 一般ユーザ.
    Member,
    /// 事業所ユーザ (the KJ identifier): its screen is not accepted.
    OfficeUser,
}

/// An application as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// 事業所番号, of the account.
    pub office_no: String,
    /// 事業所名.
    pub office_name: String,
    /// 法人名; may be empty.
    pub corporation: String,
    /// 所在地.
    pub address: String,
    /// 電話番号.
    pub phone: String,
    /// 担当者名.
    pub contact: String,
    /// サービス種類.
    pub services: Vec<ServiceKind>,
    /// The readers work with マイナ資格確認アプリ: ticked.
    pub is_compatible: bool,
    /// Lines of the receipts.
    pub lines: Vec<Line>,
    /// Bank.
    pub bank: Bank,
    /// As whom the screen copy was made.
    pub screen_user: ScreenUser,
    /// 事業所番号 that is to be read on the screen copy.
    pub screen_office_no: String,
}

impl Form {
    /// The lines that say something.
    pub fn said(&self) -> impl Iterator<Item = (usize, &Line)> {
        self.lines.iter().enumerate().filter(|(_, line)| !line.is_blank())
    }

    /// The computed amounts.
    pub fn amounts(&self, day: Date) -> Amounts {
        let of = |kind| {
            self.said().filter(|(_, l)| l.kind == Some(kind)).fold(0_u32, |sum, (_, l)| sum.saturating_add(l.yen))
        };
        amounts(of(CostKind::Reader), of(CostKind::Support), ceiling(&self.services, day))
    }
}

/// An enclosed file, as far as it could be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// Kind.
    pub kind: DocumentKind,
    /// Name.
    pub name: String,
    /// SHA-256.
    pub digest: String,
    /// Text that could be read in it; empty for a picture.
    pub text: String,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It would come back: cannot be filed.
    Bounce,
    /// Worth looking at again: can be filed.
    Caution,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable code, listed in docs/errors.md.
    pub code: &'static str,
    /// Weight.
    pub weight: Weight,
    /// Field of the form where it is mended.
    pub field: String,
    /// What is wrong.
    pub say: String,
    /// What to do.
    pub mend: &'static str,
}

/// What the office has filed before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Another application of this office number counts already.
    pub has_counted: bool,
}

/// Words for a receipt without its parts.
const LUMP: [&str; 5] = ["一式", "1式", "いっしき", "一括", "ほか一切"];
/// Things that are not paid for, by the words that name them.
const NOT_PAID_FOR: [(&str, &str); 14] = [
    ("パソコン", "パソコン"),
    ("ノートPC", "パソコン"),
    ("デスクトップ", "パソコン"),
    ("タブレット", "タブレット"),
    ("IPAD", "タブレット"),
    ("スマートフォン", "スマートフォン"),
    ("スマホ", "スマートフォン"),
    ("IPHONE", "スマートフォン"),
    ("プリンタ", "プリンター"),
    ("中古", "中古品"),
    ("リース", "リース"),
    ("レンタル", "レンタル"),
    ("ルータ", "ルーター"),
    ("モニタ", "モニター"),
];

/// Everything that would make the application bounce, and what is worth another look.
pub fn check(form: &Form, enclosed: &[Enclosed], before: Before, today: Date) -> Vec<Finding> {
    let mut found = Found(Vec::new());
    window(&mut found, before, today);
    office(&mut found, form);
    costs(&mut found, form, today);
    bank(&mut found, &form.bank);
    screen(&mut found, form);
    documents(&mut found, form, enclosed);
    let mut all = found.0;
    all.sort_by_key(|finding| finding.weight);
    all
}

/// Whether it can be filed.
pub fn may_file(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.weight != Weight::Bounce)
}

struct Found(Vec<Finding>);

impl Found {
    fn bounce(&mut self, code: &'static str, field: impl Into<String>, say: impl Into<String>, mend: &'static str) {
        self.0.push(Finding { code, weight: Weight::Bounce, field: field.into(), say: say.into(), mend });
    }

    fn caution(&mut self, code: &'static str, field: impl Into<String>, say: impl Into<String>, mend: &'static str) {
        self.0.push(Finding { code, weight: Weight::Caution, field: field.into(), say: say.into(), mend });
    }
}

fn window(found: &mut Found, before: Before, today: Date) {
    let rules: Option<&Dated<Year>> = super::year(today);
    match rules.map(|row| row.value) {
        None => found.bounce(
            "subsidy-no-year",
            "",
            "今年度の助成のきまりが、まだ登録されていません。",
            "運営からのお知らせを待ってください。保存した内容は残ります。",
        ),
        Some(year) if today < year.opens || year.closes < today => found.bounce(
            "subsidy-window",
            "",
            format!("受付期間は{}から{}までです。", seireki(year.opens), seireki(year.closes)),
            "受付期間のうちに申請してください。保存した内容は残ります。",
        ),
        Some(_) => {}
    }
    if before.has_counted {
        found.bounce(
            "subsidy-once",
            "",
            "この事業所番号では、すでに申請があります。助成は1事業所番号につき1回です。",
            "前の申請を直すときは、その申請を開いてください。",
        );
    }
}

fn office(found: &mut Found, form: &Form) {
    for (field, label, value) in [
        ("address", "所在地", &form.address),
        ("phone", "電話番号", &form.phone),
        ("contact", "担当者名", &form.contact),
    ] {
        if value.trim().is_empty() {
            found.bounce("subsidy-missing", field, format!("{label}がありません。"), "記入してください。");
        }
    }
    if form.services.is_empty() {
        found.bounce(
            "subsidy-services",
            "services",
            "サービス種類が選ばれていません。",
            "指定を受けているサービスを、すべて選んでください。",
        );
    } else if form.services.iter().all(|kind| group_of(*kind).is_none()) {
        found.bounce(
            "subsidy-group",
            "services",
            "選んだサービスは、助成の対象ではありません。",
            "指定通知書のサービス種類を確かめてください。",
        );
    }
}

fn costs(found: &mut Found, form: &Form, today: Date) {
    let lines: Vec<(usize, &Line)> = form.said().collect();
    if lines.is_empty() {
        found.bounce(
            "subsidy-no-cost",
            "item-1",
            "領収書の内訳がありません。",
            "領収書の行ごとに、品名・型番・数量・金額を書いてください。",
        );
        return;
    }
    for (at, line) in &lines {
        cost(found, form, (*at, line), today);
    }
    let readers: u32 = lines
        .iter()
        .filter(|(_, l)| l.kind == Some(CostKind::Reader))
        .fold(0, |n, (_, l)| n.saturating_add(l.quantity));
    if let Some(most) = ceiling(&form.services, today)
        && readers > most.readers
    {
        found.bounce(
            "subsidy-readers",
            "quantity-1",
            format!(
                "カードリーダーは{}台ですが、この区分（{}）で対象になるのは{}台までです。",
                readers,
                most.group.label(),
                most.readers
            ),
            "対象になる台数の分だけを書いてください。",
        );
    }
    if readers > 0 && !form.is_compatible {
        found.bounce(
            "subsidy-compatible",
            "compatible",
            "カードリーダーがマイナ資格確認アプリに対応しているか、確かめた印がありません。",
            "対応機種の一覧で型番を確かめて、印を付けてください。",
        );
    }
    if form.amounts(today).grant == 0 && ceiling(&form.services, today).is_some() {
        found.bounce(
            "subsidy-zero",
            "yen-1",
            "交付額が0円になります（千円未満は切り捨てます）。",
            "金額を確かめてください。",
        );
    }
}

#[expect(clippy::too_many_lines, reason = "one list of what bounces")]
fn cost(found: &mut Found, form: &Form, (at, line): (usize, &Line), today: Date) {
    let n = at + 1;
    let place = |name: &str| format!("{name}-{n}");
    let row = |say: &str| format!("内訳{n}行目：{say}");
    let words = halfwidth(&format!("{} {} {}", line.item, line.model, line.purpose)).to_uppercase();
    if line.kind.is_none() {
        found.bounce(
            "subsidy-kind",
            place("kind"),
            row("経費の区分が選ばれていません。"),
            "カードリーダーか接続サポート等かを選んでください。",
        );
    }
    if LUMP.iter().any(|lump| words.contains(lump)) {
        found.bounce(
            "subsidy-lump",
            place("item"),
            row("「一式」などとまとめて書かれた領収書は、受け付けられません。"),
            "品名・型番・数量・金額の内訳が分かる領収書か、内訳書をもらってください。",
        );
    }
    if let Some((_, what)) = NOT_PAID_FOR.iter().find(|(word, _)| words.contains(halfwidth(word).as_ref())) {
        found.bounce(
            "subsidy-not-paid-for",
            place("item"),
            row(&format!("{what}は助成の対象ではありません。")),
            "対象のカードリーダーと、接続のための費用だけを書いてください。",
        );
    }
    if line.item.trim().is_empty() {
        found.bounce("subsidy-item", place("item"), row("品名がありません。"), "領収書のとおりに書いてください。");
    }
    if line.kind == Some(CostKind::Reader) && line.model.trim().is_empty() {
        found.bounce(
            "subsidy-model",
            place("model"),
            row("カードリーダーの型番がありません。"),
            "型番の入った領収書か、納品書をもらってください。",
        );
    }
    if line.quantity == 0 {
        found.bounce("subsidy-quantity", place("quantity"), row("数量がありません。"), "数量を書いてください。");
    }
    if line.yen == 0 {
        found.bounce("subsidy-yen", place("yen"), row("金額がありません。"), "税込みの金額を書いてください。");
    }
    if line.purpose.trim().is_empty() {
        found.bounce(
            "subsidy-purpose",
            place("purpose"),
            row("用途（但し書き）がありません。"),
            "何のために使ったお金かが分かる領収書にしてください。",
        );
    }
    match line.paid_on {
        None => {
            found.bounce(
                "subsidy-day",
                place("paid_on"),
                row("領収日がありません。"),
                "領収書の日付を書いてください。",
            );
        }
        Some(day) if day > today => {
            found.bounce(
                "subsidy-future",
                place("paid_on"),
                row("領収日が、まだ来ていない日です。"),
                "領収書の日付を確かめてください。",
            );
        }
        // The year of the money is the year of the application; not stated by the reference: inferred.
        Some(day) if fiscal_year(day) != fiscal_year(today) => found.bounce(
            "subsidy-outside",
            place("paid_on"),
            row("領収日が、今年度ではありません。"),
            "今年度に支払ったものだけが対象です（推定）。分からないときは問い合わせてください。",
        ),
        Some(_) => {}
    }
    let names = [&form.office_name, &form.corporation];
    let plain = |text: &str| halfwidth(text).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let addressee = plain(&line.addressee);
    let fits = names
        .iter()
        .map(|name| plain(name))
        .any(|name| !name.is_empty() && (addressee.contains(&name) || name.contains(&addressee)));
    if addressee.is_empty() || addressee == "上様" {
        found.bounce(
            "subsidy-addressee",
            place("addressee"),
            row("宛名がないか、「上様」です。"),
            "事業所名か法人名が宛名の領収書をもらってください。",
        );
    } else if !fits {
        found.caution(
            "subsidy-addressee-other",
            place("addressee"),
            row("宛名が、事業所名とも法人名とも違うようです。"),
            "宛名が正しいか確かめてください。",
        );
    }
}

/// Characters of names of accounts between banks (全銀協): kana without the small ones, capital letters, digits and a few signs.
fn is_holder(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= 48
        && text.chars().all(|c| {
            matches!(c, 'ア'..='ン' | 'ヴ' | 'ー' | '゛' | '゜' | 'A'..='Z' | '0'..='9' | ' ' | '　' | '(' | ')' | '（' | '）' | '.' | '-' | '/' | '･' | '・')
                && !matches!(c, 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' | 'ヰ' | 'ヱ' | 'ヵ' | 'ヶ')
        })
}

fn bank(found: &mut Found, bank: &Bank) {
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    if bank.bank_name.trim().is_empty() || !digits(&bank.bank_code, 4) {
        found.bounce(
            "subsidy-bank",
            "bank_code",
            "金融機関の名前か、4けたの金融機関コードがありません。",
            "通帳の表紙のうらで確かめてください。ゆうちょ銀行は 9900 です。",
        );
    }
    if bank.is_post && bank.bank_code != "9900" {
        found.bounce(
            "subsidy-bank-post",
            "bank_code",
            "ゆうちょ銀行の金融機関コードは 9900 です。",
            "9900 と書くか、「銀行など」を選んでください。",
        );
    }
    if bank.branch_name.trim().is_empty() || !digits(&bank.branch_code, 3) {
        found.bounce(
            "subsidy-branch",
            "branch_code",
            "支店の名前か、3けたの支店コードがありません。",
            "ゆうちょ銀行は、記号ではなく、振込用の店名（三けたの数字）を書いてください。",
        );
    }
    if !matches!(bank.account_kind.as_str(), "ordinary" | "current") {
        found.bounce(
            "subsidy-account-kind",
            "account_kind",
            "口座の種類が選ばれていません。",
            "普通か当座かを選んでください。",
        );
    }
    if !digits(&bank.account_no, 7) {
        found.bounce(
            "subsidy-account-no",
            "account_no",
            "口座番号は7けたの数字です。",
            "7けたに足りないときは、前に0を付けてください。",
        );
    }
    if !is_holder(&bank.holder) {
        found.bounce(
            "subsidy-holder",
            "holder",
            "口座名義は、通帳の見開きにあるカタカナのとおりに書いてください。小さい字（ャュョッ）は大きい字で書きます。",
            "例：シャカイフクシホウジン は シヤカイフクシホウジン または フク） のように、通帳のとおりに。",
        );
    }
}

fn screen(found: &mut Found, form: &Form) {
    match form.screen_user {
        ScreenUser::Member => {}
        ScreenUser::Unsaid => found.bounce(
            "subsidy-screen-who",
            "screen_user",
            "画面の写しを、どのユーザで開いたかが選ばれていません。",
            "管理者ユーザか一般ユーザでログインして開いた画面が必要です。",
        ),
        ScreenUser::OfficeUser => found.bounce(
            "subsidy-screen-office-user",
            "screen_user",
            "事業所ユーザ（KJで始まるID）の画面の写しは、受け付けられません。",
            "管理者ユーザか一般ユーザでログインしなおして、管理メニューの画面を写してください。",
        ),
    }
    let typed: String = halfwidth(&form.screen_office_no).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if typed.is_empty() {
        found.bounce(
            "subsidy-screen-no",
            "screen_office_no",
            "画面に写っている事業所番号が書かれていません。",
            "画面の写しを見て、写っている番号を書いてください。",
        );
    } else if !form.office_no.eq_ignore_ascii_case(&typed) {
        found.bounce(
            "subsidy-screen-other",
            "screen_office_no",
            "画面の写しの事業所番号が、この事業所の番号と違います。",
            "この事業所の管理メニューの画面を写しなおしてください。",
        );
    }
}

fn documents(found: &mut Found, form: &Form, enclosed: &[Enclosed]) {
    for kind in DocumentKind::ALL {
        let count = enclosed.iter().filter(|file| file.kind == *kind).count();
        let field = format!("file-{}", kind.code());
        if count == 0 {
            found.bounce(
                "subsidy-no-file",
                field,
                format!("{}がありません。", kind.label()),
                "PDF・JPEG・PNG のファイルを添付してください。",
            );
        } else if *kind == DocumentKind::Designation && count < form.services.len().min(5) {
            found.bounce(
                "subsidy-few-files",
                field,
                format!("サービスが{}種類ありますが、サービス種類の書類は{count}つです。", form.services.len()),
                "サービスごとに1つずつ添付してください。",
            );
        }
    }
    for (at, file) in enclosed.iter().enumerate() {
        let field = format!("file-{}", file.kind.code());
        let earlier = enclosed.iter().take(at).any(|other| other.digest == file.digest);
        if earlier {
            found.bounce(
                "subsidy-same-file",
                field.clone(),
                format!("「{}」と同じ中身のファイルが、ほかにもあります。", file.name),
                "取りちがえていないか確かめて、正しいファイルに替えてください。",
            );
        }
        let text = halfwidth(&file.text).into_owned();
        match file.kind {
            DocumentKind::Receipt if LUMP.iter().any(|lump| text.contains(lump)) => found.bounce(
                "subsidy-lump-file",
                field,
                format!("領収書「{}」の中に「一式」などの書き方があります。", file.name),
                "品名・型番・数量・金額の内訳が分かる領収書か、内訳書をもらってください。",
            ),
            DocumentKind::Screen
                if !text.trim().is_empty() && !form.office_no.is_empty() && !text.contains(&form.office_no) =>
            {
                found.caution(
                    "subsidy-screen-text",
                    field,
                    format!("画面の写し「{}」に、この事業所の番号が読みとれません。", file.name),
                    "事業所番号と事業所名が写っているか、見て確かめてください。",
                );
            }
            DocumentKind::Passbook
                if !text.trim().is_empty()
                    && !form.bank.account_no.is_empty()
                    && !text.contains(&form.bank.account_no) =>
            {
                found.caution(
                    "subsidy-passbook-text",
                    field,
                    format!("通帳の写し「{}」に、口座番号 {} が読みとれません。", file.name, form.bank.account_no),
                    "表紙のうらの、名義・番号が見える面か確かめてください。",
                );
            }
            DocumentKind::Passbook | DocumentKind::Designation | DocumentKind::Receipt | DocumentKind::Screen => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn fine() -> (Form, Vec<Enclosed>) {
        let line = |kind, item: &str, model: &str, quantity, yen| Line {
            kind: Some(kind),
            item: item.to_owned(),
            model: model.to_owned(),
            quantity,
            yen,
            paid_on: Some(date(2026, 10, 1)),
            purpose: "マイナ資格確認アプリ用".to_owned(),
            addressee: "みなと居宅介護支援事業所 御中".to_owned(),
        };
        let form = Form {
            office_no: "9870100011".to_owned(),
            office_name: "みなと居宅介護支援事業所".to_owned(),
            corporation: String::new(),
            address: "みなと川市1-1".to_owned(),
            phone: "00-0000-0001".to_owned(),
            contact: "港 明子".to_owned(),
            services: vec![ServiceKind::CareManagement],
            is_compatible: true,
            lines: vec![
                line(CostKind::Reader, "ICカードリーダー", "RW-100", 2, 8_980),
                line(CostKind::Support, "証明書の設定作業", "", 1, 22_000),
                Line::default(),
            ],
            bank: Bank {
                is_post: false,
                bank_code: "0001".to_owned(),
                bank_name: "みなと銀行".to_owned(),
                branch_code: "001".to_owned(),
                branch_name: "本店".to_owned(),
                account_kind: "ordinary".to_owned(),
                account_no: "1234567".to_owned(),
                holder: "フク）ミナトカイ".to_owned(),
            },
            screen_user: ScreenUser::Member,
            screen_office_no: "9870100011".to_owned(),
        };
        let enclosed = DocumentKind::ALL
            .iter()
            .map(|kind| Enclosed {
                kind: *kind,
                name: format!("{}.pdf", kind.code()),
                digest: kind.code().to_owned(),
                text: String::new(),
            })
            .collect();
        (form, enclosed)
    }

    fn codes(form: &Form, files: &[Enclosed]) -> Vec<&'static str> {
        check(form, files, Before::default(), TODAY).iter().map(|f| f.code).collect()
    }

    #[test]
    fn a_fine_application_has_no_finding() {
        let (form, files) = fine();
        assert_eq!(codes(&form, &files), Vec::<&str>::new());
        assert_eq!(form.amounts(TODAY).grant, 30_000);
    }

    #[test]
    fn every_reason_to_bounce_is_found_at_its_place() {
        type Spoil = fn(&mut Form, &mut Vec<Enclosed>);
        let table: &[(&str, &str, Spoil)] = &[
            ("subsidy-lump", "item-1", |f, _| "カードリーダー一式".clone_into(&mut f.lines[0].item)),
            ("subsidy-lump", "item-2", |f, _| "設定作業　１式".clone_into(&mut f.lines[1].item)),
            ("subsidy-model", "model-1", |f, _| f.lines[0].model.clear()),
            ("subsidy-quantity", "quantity-1", |f, _| f.lines[0].quantity = 0),
            ("subsidy-yen", "yen-2", |f, _| f.lines[1].yen = 0),
            ("subsidy-purpose", "purpose-1", |f, _| f.lines[0].purpose.clear()),
            ("subsidy-day", "paid_on-1", |f, _| f.lines[0].paid_on = None),
            ("subsidy-future", "paid_on-1", |f, _| f.lines[0].paid_on = Some(date(2026, 11, 23))),
            ("subsidy-outside", "paid_on-1", |f, _| f.lines[0].paid_on = Some(date(2026, 3, 31))),
            ("subsidy-addressee", "addressee-1", |f, _| "上様".clone_into(&mut f.lines[0].addressee)),
            ("subsidy-not-paid-for", "item-1", |f, _| "ノートＰＣ".clone_into(&mut f.lines[0].item)),
            ("subsidy-not-paid-for", "item-2", |f, _| "リースの料金".clone_into(&mut f.lines[1].item)),
            ("subsidy-kind", "kind-1", |f, _| f.lines[0].kind = None),
            ("subsidy-no-cost", "item-1", |f, _| f.lines.clear()),
            ("subsidy-readers", "quantity-1", |f, _| f.lines[0].quantity = 4),
            ("subsidy-compatible", "compatible", |f, _| f.is_compatible = false),
            ("subsidy-services", "services", |f, _| f.services.clear()),
            ("subsidy-group", "services", |f, _| f.services = vec![ServiceKind::HomeModification]),
            ("subsidy-few-files", "file-designation", |f, _| f.services.push(ServiceKind::PreventiveSupport)),
            ("subsidy-bank", "bank_code", |f, _| "12".clone_into(&mut f.bank.bank_code)),
            ("subsidy-bank-post", "bank_code", |f, _| f.bank.is_post = true),
            ("subsidy-branch", "branch_code", |f, _| f.bank.branch_code.clear()),
            ("subsidy-account-kind", "account_kind", |f, _| f.bank.account_kind.clear()),
            ("subsidy-account-no", "account_no", |f, _| "123456".clone_into(&mut f.bank.account_no)),
            ("subsidy-holder", "holder", |f, _| "みなと会".clone_into(&mut f.bank.holder)),
            ("subsidy-holder", "holder", |f, _| "シャカイフクシ".clone_into(&mut f.bank.holder)),
            ("subsidy-screen-office-user", "screen_user", |f, _| f.screen_user = ScreenUser::OfficeUser),
            ("subsidy-screen-who", "screen_user", |f, _| f.screen_user = ScreenUser::Unsaid),
            ("subsidy-screen-other", "screen_office_no", |f, _| "9870100012".clone_into(&mut f.screen_office_no)),
            ("subsidy-screen-no", "screen_office_no", |f, _| f.screen_office_no.clear()),
            ("subsidy-no-file", "file-receipt", |_, e| e.retain(|x| x.kind != DocumentKind::Receipt)),
            ("subsidy-same-file", "file-designation", |_, e| "passbook".clone_into(&mut e[1].digest)),
            ("subsidy-lump-file", "file-receipt", |_, e| "カードリーダー一式 30,000円".clone_into(&mut e[2].text)),
            ("subsidy-lump-file", "file-receipt", |_, e| "設定\u{2F00}式 30,000円".clone_into(&mut e[2].text)),
            ("subsidy-missing", "phone", |f, _| f.phone.clear()),
            ("subsidy-zero", "yen-1", |f, _| {
                f.lines.truncate(1);
                f.lines[0].yen = 999;
            }),
        ];
        for (code, field, spoil) in table {
            let (mut form, mut files) = fine();
            spoil(&mut form, &mut files);
            let found = check(&form, &files, Before::default(), TODAY);
            let one = found.iter().find(|f| f.code == *code).unwrap_or_else(|| panic!("{code} is not among {found:?}"));
            assert_eq!((one.field.as_str(), one.weight), (*field, Weight::Bounce), "{code}");
            assert!(!may_file(&found));
            assert!(one.say.ends_with('。') && one.mend.ends_with('。'), "{one:?}");
        }
    }

    #[test]
    fn what_is_only_odd_can_be_filed() {
        type Spoil = fn(&mut Form, &mut Vec<Enclosed>);
        let table: &[(&str, Spoil)] = &[
            ("subsidy-addressee-other", |f, _| "かもめ会".clone_into(&mut f.lines[0].addressee)),
            ("subsidy-screen-text", |_, e| "管理メニュー 9870100012".clone_into(&mut e[3].text)),
            ("subsidy-passbook-text", |_, e| "普通 7654321".clone_into(&mut e[0].text)),
        ];
        for (code, spoil) in table {
            let (mut form, mut files) = fine();
            spoil(&mut form, &mut files);
            let found = check(&form, &files, Before::default(), TODAY);
            assert_eq!(found.iter().map(|f| f.code).collect::<Vec<_>>(), [*code]);
            assert!(may_file(&found));
        }
    }

    #[test]
    fn window_and_once() {
        let (form, files) = fine();
        let at = |day| check(&form, &files, Before::default(), day).iter().map(|f| f.code).collect::<Vec<_>>();
        assert!(at(date(2026, 5, 6)).contains(&"subsidy-window"));
        assert!(at(date(2027, 3, 13)).contains(&"subsidy-window"));
        assert!(at(date(2027, 4, 1)).contains(&"subsidy-no-year"));
        let found = check(&form, &files, Before { has_counted: true }, TODAY);
        assert_eq!(found.iter().map(|f| f.code).collect::<Vec<_>>(), ["subsidy-once"]);
    }
}
