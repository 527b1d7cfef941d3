//! What is wrong with a notice, what to know before it is filed. Seen by the office before filing and by the municipality
//! in its inbox, so that both read the same.

use super::{Answers, Column, Division, FilingOffice, Known, OtherServices, Step, Variant, fit};
use crate::care_level::CareLevel;
use crate::date::{Date, add_days, days_until, last_day_of_month, seireki};
use crate::finding::Severity;
use crate::rule::filing::{FilingDeadline, Timeliness};
use crate::service::ServiceKind;

/// One thing about a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How bad it is: an error stops the filing.
    pub severity: Severity,
    /// Stable code, listed in docs/errors.md.
    pub code: &'static str,
    /// The page on which it is mended.
    pub step: Step,
    /// Column of 保険者確認欄 that it belongs to.
    pub column: Option<Column>,
    /// What it is, a sentence.
    pub say: String,
    /// What to do, a sentence; may be empty.
    pub mend: String,
}

/// Days ahead from which a start is doubtful.
const FAR_DAYS: i32 = 92;

/// Whether a clerk can take it without a closer look: no error, no warning.
pub fn is_clean(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.severity == Severity::Note)
}

/// Judges a notice as of the day on which it is (or was) filed.
pub fn check(known: &Known, office: &FilingOffice, answers: &Answers, rule: FilingDeadline, filed: Date) -> Vec<Check> {
    let mut all = Vec::new();
    qualification(known, answers, &mut all);
    level(known, answers, &mut all);
    offices(office, answers, &mut all);
    duplicates(known, office, answers, &mut all);
    change(known, answers, &mut all);
    month(known, office, answers, &mut all);
    days(known, answers, rule, filed, &mut all);
    all.sort_by_key(|check| core::cmp::Reverse(check.severity));
    all
}

fn make(severity: Severity, code: &'static str, step: Step, (say, mend): (String, &str)) -> Check {
    Check { severity, code, step, column: None, say, mend: mend.to_owned() }
}

fn qualification(known: &Known, answers: &Answers, all: &mut Vec<Check>) {
    let start = answers.start_on;
    let mut push = |say: String, mend: &str| {
        let check = make(Severity::Error, "filing-not-qualified", Step::Start, (say, mend));
        all.push(Check { column: Some(Column::Qualification), ..check });
    };
    if let Some(from) = known.qualified_from.filter(|from| start < *from) {
        push(
            format!("開始の日が、資格を取得した日（{}）より前です。", seireki(from)),
            "開始の日を確かめてください。転入された方は、転入前の分を前の市町村に届け出ます。",
        );
    }
    if let Some(on) = known.lost_on.filter(|on| *on <= start) {
        push(
            format!("この方は{}に資格を失っています。", seireki(on)),
            "転出された方は、新しい保険者に届け出てください。",
        );
    }
}

fn level(known: &Known, answers: &Answers, all: &mut Vec<Check>) {
    let (start, variant) = (answers.start_on, answers.variant);
    let mut push = |severity, code, say: String, mend: &str| {
        let check = make(severity, code, Step::Start, (say, mend));
        all.push(Check { column: Some(Column::Qualification), ..check });
    };
    let wanted = if variant.is_care() { "要介護" } else { "要支援・事業対象者" };
    match known.level_on(start).map(|found| found.level) {
        Some(level) if level.is_care() || level.is_prevention() => {
            if level.is_care() != variant.is_care() {
                let say = format!("開始の日の認定は{}で、{wanted}の届出書と合いません。", level.label());
                push(Severity::Error, "filing-wrong-level", say, "届出書の種類か、開始の日を確かめてください。");
            }
        }
        _ if known.pending_covers(start) => {
            let say = format!("認定の申請中です。{wanted}と見こんだ暫定の計画の届出になります。");
            let mend = "結果が見こみと違ったときは、届出を出しなおしてください。出しなおさないと、自己作成の扱いになることがあります。";
            push(Severity::Note, "filing-provisional", say, mend);
        }
        Some(_) => {
            let say = "開始の日の認定は非該当です。".to_owned();
            push(Severity::Error, "filing-wrong-level", say, "認定の申請をしてから届け出てください。");
        }
        None => {
            let next = known.levels.iter().filter(|level| level.from > start).min_by_key(|level| level.from);
            let (say, mend) = match next {
                Some(next) => (
                    format!("開始の日が、認定の有効期間（{}から）より前です。", seireki(next.from)),
                    "開始の日を、有効期間に入る日にしてください。",
                ),
                None => (
                    "開始の日に有効な認定がなく、進んでいる申請もありません。".to_owned(),
                    "先に認定の申請をしてください。申請の日から、暫定の計画の届出ができます。",
                ),
            };
            push(Severity::Error, "filing-before-validity", say, mend);
        }
    }
    let next = known.levels.iter().filter(|level| level.from > start).min_by_key(|level| level.from);
    let sides = |level: CareLevel| level.is_care() || level.is_prevention();
    if let Some(next) = next.filter(|next| sides(next.level) && next.level.is_care() != variant.is_care())
        && known.level_on(start).is_some()
    {
        let say =
            format!("{}からの認定は{}です。そのときは別の届出が要ります。", seireki(next.from), next.level.label());
        let mend = "次の認定に合わせた届出も、期限までに出してください（要介護と要支援では、計画をつくる事業所が替わります）。";
        push(Severity::Warning, "filing-next-level", say, mend);
    }
    if variant == Variant::Prevention && known.level_on(start).is_some_and(|l| l.level == CareLevel::ProjectTarget) {
        let say = "事業対象者の介護予防ケアマネジメントは、地域包括支援センターが行います。".to_owned();
        push(Severity::Note, "filing-project-target", say, "");
    }
}

fn offices(office: &FilingOffice, answers: &Answers, all: &mut Vec<Check>) {
    if !office.may(answers.variant) {
        let kinds: Vec<&str> = answers.variant.services().iter().map(|kind| kind.label()).collect();
        let say = format!("事業所の登録に「{}」がありません。", kinds.join("」「"));
        let mend = "届出書の種類と、事業所番号に登録されたサービスを確かめてください。";
        let check = make(Severity::Error, "filing-office-service", Step::Start, (say, mend));
        all.push(Check { column: Some(Column::OfficeNumber), ..check });
    }
    let Some(entrusted) = &answers.entrusted else { return };
    if entrusted.office_no == office.office_no {
        let say = "委託先が、届け出る事業所と同じです。".to_owned();
        let mend = "委託しないときは、委託先を空にしてください。";
        all.push(make(Severity::Error, "filing-entrusted-self", Step::Contact, (say, mend)));
    } else if entrusted.services.is_empty() {
        let say = "委託先の事業所番号が、公表された事業所の一覧にありません。".to_owned();
        let check = make(
            Severity::Warning,
            "filing-entrusted-unknown",
            Step::Contact,
            (say, "番号を確かめてください。新しい事業所のときは、このまま届け出られます。"),
        );
        all.push(Check { column: Some(Column::OfficeNumber), ..check });
    } else if !entrusted.services.contains(&ServiceKind::CareManagement) {
        let say = "委託先の事業所は、居宅介護支援の指定を受けていません。".to_owned();
        let check = make(
            Severity::Error,
            "filing-entrusted-service",
            Step::Contact,
            (say, "委託先の事業所番号を確かめてください。"),
        );
        all.push(Check { column: Some(Column::OfficeNumber), ..check });
    }
}

fn duplicates(known: &Known, office: &FilingOffice, answers: &Answers, all: &mut Vec<Check>) {
    let (start, own) = (answers.start_on, office.office_no);
    let mut push = |severity, code, say: String, mend: &str| {
        let check = make(severity, code, Step::Start, (say, mend));
        all.push(Check { column: Some(Column::Duplicate), ..check });
    };
    if known.waiting.iter().any(|waiting| waiting.office_no == own) {
        let say = "この事業所がこの方について出した届出が、市町村の確認を待っています。".to_owned();
        push(Severity::Error, "filing-waiting-own", say, "直すときは、その届出を取り下げてから出しなおしてください。");
    }
    if let Some(other) = known.waiting.iter().find(|waiting| waiting.office_no != own) {
        let say = format!("ほかの事業所が、{}からの届出を出しています（確認待ち）。", seireki(other.start_on));
        push(
            Severity::Warning,
            "filing-waiting-other",
            say,
            "どちらの事業所に頼むのか、本人・家族に確かめてください。",
        );
    }
    let Some(standing) = known.notice_on(start) else { return };
    if standing.office_no == Some(own) && standing.maker == answers.variant.maker() {
        let say = format!("{}から、この事業所の届出が有効です。もう一度出す必要はありません。", seireki(standing.from));
        push(
            Severity::Error,
            "filing-already-standing",
            say,
            "更新で要介護・要支援が替わらないときは、届出は要りません。",
        );
    } else if standing.office_no == Some(own) {
        let say = format!("{}から、この事業所の別の種類の届出が有効です。", seireki(standing.from));
        push(Severity::Note, "filing-other-kind", say, "受理されると、前の届出は開始の日の前の日で終わります。");
    } else if standing.from >= start {
        let say = format!("いま有効な届出の開始の日（{}）と同じか、それより前です。", seireki(standing.from));
        push(Severity::Error, "filing-before-standing", say, "開始の日を、前の届出の開始の日より後にしてください。");
    } else {
        let end = add_days(start, -1);
        let say =
            format!("{}から有効なほかの届出は、受理されると{}で終わります。", seireki(standing.from), seireki(end));
        push(Severity::Note, "filing-ends-other", say, "前の事業所にも、替わることを伝えてください。");
    }
}

fn change(known: &Known, answers: &Answers, all: &mut Vec<Check>) {
    if answers.division == Division::New {
        return;
    }
    if answers.reason.is_none() {
        let say = "事業所を変更する理由が入っていません。".to_owned();
        all.push(make(Severity::Error, "filing-reason-missing", Step::Change, (say, "変更の理由を選んでください。")));
    }
    if answers.reason == Some(super::ChangeReason::Other) && answers.reason_text.trim().is_empty() {
        let say = "変更の理由の内容が入っていません。".to_owned();
        all.push(make(
            Severity::Error,
            "filing-reason-missing",
            Step::Change,
            (say, "「そのほか」の内容を書いてください。"),
        ));
    }
    if known.notice_on(answers.start_on).is_none() {
        let say = "変更の届出ですが、この日に有効な前の届出がありません。".to_owned();
        let check = make(
            Severity::Warning,
            "filing-nothing-before",
            Step::Start,
            (say, "新規の届出ではないか、確かめてください。"),
        );
        all.push(Check { column: Some(Column::Duplicate), ..check });
    }
}

fn month(known: &Known, office: &FilingOffice, answers: &Answers, all: &mut Vec<Check>) {
    let start = answers.start_on;
    let (division, _) = fit::division(known, office, answers.variant, start);
    if division == Division::Change && start.day() != 1 {
        let say = format!(
            "月の途中の変更です。{}月分の給付管理は、{}に支援している事業所（この事業所）が行います。",
            start.month(),
            seireki(last_day_of_month(start))
        );
        all.push(make(
            Severity::Note,
            "filing-mid-month",
            Step::Start,
            (say, "前の事業所から、その月の利用票を引き継いでください。"),
        ));
    }
    if !answers.variant.is_multifunctional() {
        return;
    }
    match &answers.others {
        None => {
            let say = "開始の月に、ほかの居宅サービスを使ったかどうかが入っていません。".to_owned();
            all.push(make(
                Severity::Error,
                "filing-services-missing",
                Step::Services,
                (say, "「あり」か「なし」を選んでください。"),
            ));
        }
        Some(OtherServices::Yes(names)) if names.trim().is_empty() => {
            let say = "開始の月に使ったサービスの名前が入っていません。".to_owned();
            all.push(make(
                Severity::Error,
                "filing-services-missing",
                Step::Services,
                (say, "サービスの名前を書いてください。"),
            ));
        }
        Some(OtherServices::Yes(_)) => {
            let say = "開始の月に、ほかの居宅サービスの利用があります。".to_owned();
            let mend = "その月の給付管理をどちらが行うか、前の居宅介護支援事業所と確かめてください。";
            all.push(make(Severity::Note, "filing-services-used", Step::Services, (say, mend)));
        }
        Some(OtherServices::No) => {}
    }
}

fn days(known: &Known, answers: &Answers, rule: FilingDeadline, filed: Date, all: &mut Vec<Check>) {
    let start = answers.start_on;
    let ahead = days_until(filed, start);
    if ahead > 366 {
        let say = "開始の日が1年より先です。".to_owned();
        all.push(make(Severity::Error, "filing-far", Step::Start, (say, "年を確かめてください。")));
    } else if ahead > FAR_DAYS {
        let say = format!("開始の日が{ahead}日先です。");
        all.push(make(Severity::Warning, "filing-far", Step::Start, (say, "まちがいでないか、確かめてください。")));
    }
    if ahead < -366 {
        let say = "開始の日が1年より前です。".to_owned();
        let mend = "年を確かめてください。1年をこえてさかのぼる届出は、市町村の窓口に相談してください。";
        all.push(make(Severity::Error, "filing-old", Step::Start, (say, mend)));
    }
    let timeliness = timeliness(known, start, rule, filed);
    if let Some(last) = timeliness.last_day().filter(|_| timeliness.is_late()) {
        let say = format!("届出の期限（{}）を過ぎています。", seireki(last));
        let mend = timeliness.consequences(start).concat();
        all.push(make(Severity::Warning, "filing-late", Step::Start, (say, &mend)));
    }
}

/// How the notice stands to its deadline.
pub(super) fn timeliness(known: &Known, start: Date, rule: FilingDeadline, filed: Date) -> Timeliness {
    let is_open = known.level_on(start).is_none() && known.pending_covers(start);
    Timeliness::of(rule, start, is_open.then_some(None), filed)
}
