//! How values are said on the pages: dates in both calendars, numbers in groups, states as word and tone.

use jiff::tz::Offset;
use jiff::{Timestamp, civil::DateTime};
use kaigo_core::care_level::CareLevel;
use kaigo_core::date::{Date, both, days_until, seireki, weekday_ja};
use kaigo_core::id::InsuredNo;
use kaigo_core::policy::{Item, JobType, Purpose, Refusal};
use kaigo_core::rule::assurance::Assurance;
use kaigo_core::rule::expiry::{self, Urgency};

use crate::view::{Absence, Chip, Tone};

/// The time in Japan.
fn japan(at: Timestamp) -> DateTime {
    Offset::from_seconds(9 * 3600).unwrap_or(Offset::UTC).to_datetime(at)
}

/// 「2026年11月22日 9:15」.
pub(crate) fn moment(at: Timestamp) -> String {
    let t = japan(at);
    format!("{} {}:{:02}", seireki(t.date()), t.hour(), t.minute())
}

/// A stored instant as [`moment`]; empty if it is none.
pub(crate) fn instant(text: &str) -> String {
    text.parse().map(moment).unwrap_or_default()
}

/// 「9:15」 of a stored instant.
pub(crate) fn clock(text: &str) -> String {
    text.parse().map(japan).map(|t| format!("{}:{:02}", t.hour(), t.minute())).unwrap_or_default()
}

/// Day in Japan of a stored instant.
pub(crate) fn day_of(text: &str) -> Option<Date> {
    text.parse().ok().map(|at| japan(at).date())
}

/// `20261122-0915`, for the names of files.
pub(crate) fn file_stamp(at: Timestamp) -> String {
    let t = japan(at);
    format!("{:04}{:02}{:02}-{:02}{:02}", t.year(), t.month(), t.day(), t.hour(), t.minute())
}

/// 「11月21日 17:42」 of a stored instant.
pub(crate) fn short_instant(text: &str) -> String {
    let said = |t: DateTime| format!("{} {}:{:02}", short(t.date()), t.hour(), t.minute());
    text.parse().map(japan).map(said).unwrap_or_default()
}

/// 「100,000」.
pub(crate) fn grouped(number: &impl ToString) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// 「4.2 KB」.
pub(crate) fn bytes(size: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", size / unit, size % unit * 10 / unit);
    match size {
        0..1_024 => format!("{size} バイト"),
        1_024..1_048_576 => format!("{} KB", tenths(1_024)),
        _ => format!("{} MB", tenths(1_048_576)),
    }
}

/// 「11月20日」.
pub(crate) fn short(day: Date) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// 「2026年11月22日（日）」.
pub(crate) fn with_weekday(day: Date) -> String {
    format!("{}（{}）", seireki(day), weekday_ja(day))
}

/// 「2024年12月1日から 2026年11月30日まで」.
pub(crate) fn period(from: Date, until: Option<Date>) -> String {
    match until {
        Some(until) => format!("{}から {}まで", seireki(from), seireki(until)),
        None => format!("{}から", seireki(from)),
    }
}

/// 「9900 000 123」.
pub(crate) fn number(no: InsuredNo) -> String {
    let text = no.as_str();
    match (text.get(..4), text.get(4..7), text.get(7..)) {
        (Some(a), Some(b), Some(c)) => format!("{a} {b} {c}"),
        _ => text.to_owned(),
    }
}

/// 「1938年（昭和13年）4月12日」.
pub(crate) fn birth(day: Date) -> String {
    both(day)
}

/// The level as a chip.
pub(crate) fn level(level: CareLevel) -> Chip {
    Chip::new(Tone::Info, level.label())
}

/// Days left as a chip; none while it is far away.
pub(crate) fn expiry(until: Date, today: Date) -> Option<Chip> {
    let tone = match Urgency::of(until, today) {
        Urgency::Later => return None,
        Urgency::Soon => Tone::Warn,
        Urgency::Urgent if days_until(today, until) > 14 => Tone::Warn,
        Urgency::Urgent | Urgency::LastDay | Urgency::Ended => Tone::Bad,
    };
    Some(Chip::new(tone, expiry::label(until, today)))
}

/// Instead of the days left, where the next certification is decided already.
pub(crate) fn renewed() -> Chip {
    Chip::new(Tone::Good, "次の認定あり")
}

/// A refusal as the reason why something is not on the page.
pub(crate) fn absence(refusal: &Refusal, insurer: &str) -> Absence {
    match refusal {
        Refusal::InsurerNotStarted { from } => Absence::NotStarted {
            insurer: insurer.to_owned(),
            since: from.map_or_else(|| "開始日はまだ決まっていません".to_owned(), |on| format!("{}から", seireki(on))),
        },
        Refusal::NoConsent | Refusal::ConsentWithdrawn { .. } => {
            Absence::NoConsent { say: format!("{}{}", refusal.say(), refusal.mend()) }
        }
        Refusal::ChargeEnded { on } => Absence::ChargeEnded { on: seireki(*on) },
        // The page itself says whom to ask.
        Refusal::NotShared | Refusal::Unverified | Refusal::NotOwn | Refusal::WrongJob { .. } => {
            Absence::NotShared { rule: refusal.code().to_owned(), say: refusal.say() }
        }
        Refusal::NotInCharge
        | Refusal::QualificationLost { .. }
        | Refusal::NotAllowed
        | Refusal::NoRequest
        | Refusal::RequestEnded { .. }
        | Refusal::OutsideProxy
        | Refusal::NoCertificate
        | Refusal::ForeignCertificate
        | Refusal::OfficeKind
        | Refusal::ConsentAtInsurer => {
            Absence::NotShared { rule: refusal.code().to_owned(), say: format!("{}{}", refusal.say(), refusal.mend()) }
        }
    }
}

/// What was looked at, from a log entry's act and items.
pub(crate) fn what(act: &str, items: &str, document: Option<&str>) -> String {
    let labels: Vec<&str> = items.split(',').filter_map(|code| Item::parse(code).ok()).map(Item::label).collect();
    let labels = labels.join("・");
    match act {
        "view" | "list-documents" => viewed(items),
        "list" if items.contains(Item::Progress.code()) => {
            "進行中の申請の一覧に名前が出ました（1日1回の記録）".to_owned()
        }
        "list" => "利用者一覧・きょうの仕事に名前が出ました（1日1回の記録）".to_owned(),
        "open-document" => format!("{}を開きました", document.map_or(labels.as_str(), document_word)),
        "fetch-document" => format!("{}の元の書類を開きました", document.map_or(labels.as_str(), document_word)),
        "check-identity" => format!("本人確認をしました{}", shown_by(document)),
        "register-charge" => format!("担当事業所として登録しました{}", shown_by(document)),
        "link-card" => format!("マイナンバーカードを登録しました{}", shown_by(document)),
        "reopen-charge" => "月遅れの請求が届いたため、担当がまた続くことになりました".to_owned(),
        "keep-charge" => "担当を続けることにしました".to_owned(),
        "release-charge" => "担当を終わりました".to_owned(),
        "send-set" => "ケアプランデータ（予定・実績・計画）を送りました".to_owned(),
        "open-set" => "ケアプランデータ（予定・実績・計画）を見ました".to_owned(),
        "fetch-set" => "ケアプランデータ（予定・実績・計画）を受け取りました".to_owned(),
        "recall-set" => "ケアプランデータ（予定・実績・計画）を取り下げました".to_owned(),
        "list-sets" => "ケアプラン連携の一覧に名前が出ました（1日1回の記録）".to_owned(),
        "enter-result" => "実績を入力しました".to_owned(),
        "manage-case" => "認定の申請の進み具合を登録しました".to_owned(),
        "request-opinion" => "主治医意見書の作成を頼みました".to_owned(),
        "answer-opinion" => "主治医意見書を受け取りました、または返しました".to_owned(),
        "write-opinion" => "主治医意見書を書きました、または提出しました".to_owned(),
        "manage-board" => "審査会にかけました、または結果を確定しました".to_owned(),
        "judge-case" => "審査会の判定を登録しました".to_owned(),
        // The pages of the way are the same act on a draft: nothing was filed yet.
        "file-notice" if document == Some(kaigo_app::filing::DRAFT) => {
            "居宅サービス計画作成依頼届出を準備しました".to_owned()
        }
        "file-notice" => "居宅サービス計画作成依頼届出を、代わりに出したか、取り下げました".to_owned(),
        "answer-notice" => "届出を確かめました（開いた、受理した、または返した）".to_owned(),
        "take-consent" => "同意を受け付けました".to_owned(),
        "withdraw-consent" => "同意の撤回を受け付けました".to_owned(),
        "manage-proxy" => "代理の人を登録しました、または終わりにしました".to_owned(),
        "start-account" => "手紙の登録番号で、登録をはじめました".to_owned(),
        "open-account" => "手紙の登録番号で、ログインできるようにしました".to_owned(),
        "print-letter" => "登録番号の手紙を印刷の画面に出しました".to_owned(),
        "issue-letter" => "登録番号の手紙を出しました".to_owned(),
        "ask-question" => "市町村に問い合わせました".to_owned(),
        "answer-question" => "問い合わせに答えました".to_owned(),
        "use-disaster" => "災害のため、証なしで本人を確かめました".to_owned(),
        "deliver-plan" => "ケアプランを交付用に登録しました".to_owned(),
        "list-insured" => "市町村の一覧に名前が出ました（1日1回の記録）".to_owned(),
        "list-requests" => "意見書の依頼の一覧に名前が出ました（1日1回の記録）".to_owned(),
        "export" => "市町村のシステムに記録を取り出しました".to_owned(),
        _ => labels,
    }
}

/// How an identity was shown: 「（被保険者証の4項目）」.
fn shown_by(document: Option<&str>) -> String {
    let way = document.and_then(|code| Assurance::parse(code).ok());
    way.map(|way| format!("（{}）", way.label())).unwrap_or_default()
}

/// A tab of a person. The tab of the papers shows that they are there, not what they say: opening one is an act of its own.
fn viewed(items: &str) -> String {
    let items = items.split(',').filter_map(|code| Item::parse(code).ok());
    let (papers, others): (Vec<Item>, Vec<Item>) =
        items.partition(|item| matches!(item, Item::Survey | Item::DoctorOpinion));
    let others = others.into_iter().map(Item::label).collect::<Vec<_>>().join("・");
    match (papers.is_empty(), others.is_empty()) {
        (true, _) => format!("{others}を見ました"),
        (false, true) => "認定書類の一覧を見ました".to_owned(),
        (false, false) => format!("{others}と、認定書類の一覧を見ました"),
    }
}

fn document_word(id: &str) -> &str {
    if id.starts_with("survey") {
        Item::Survey.label()
    } else if id.starts_with("life") {
        Item::Life.label()
    } else if id.starts_with("plan") {
        Item::CarePlan.label()
    } else {
        Item::DoctorOpinion.label()
    }
}

/// The purpose in words.
pub(crate) fn purpose(code: &str) -> String {
    Purpose::parse(code).map(|p| p.label().to_owned()).unwrap_or_default()
}

/// The job in words: 「その他」 alone would say nothing.
pub(crate) fn job_word(job: JobType) -> &'static str {
    if job == JobType::Other { "事業所の職員" } else { job.label() }
}

/// 「出雲 太郎（介護支援専門員）」.
pub(crate) fn who(name: &str, job: Option<&str>) -> String {
    match job.and_then(|code| JobType::parse(code).ok()) {
        Some(job) => format!("{name}（{}）", job_word(job)),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_numbers_and_moments_are_said_for_people() {
        assert_eq!(
            [0, 1_023, 1_024, 4_300, 20 << 20].map(bytes),
            ["0 バイト", "1023 バイト", "1.0 KB", "4.1 KB", "20.0 MB"]
        );
        assert_eq!([0, 999, 1_000, 100_000].map(|n| grouped(&n)), ["0", "999", "1,000", "100,000"]);
        assert_eq!(short_instant("2026-11-21T23:05:00Z"), "11月22日 8:05");
        assert_eq!(short_instant(""), "");
    }
}
