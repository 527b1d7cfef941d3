//! Notices (お知らせ): what somebody is told in the service and, if they want, that there is something to read by mail.
//!
//! A notice carries no personal data: its topic, a place to look at, and a few words. Names appear only where the reader's own
//! right resolves them. A mail carries still less: how many there are of each topic, and where to log in.

use jiff::civil::{DateTime, Time, Weekday};

use crate::codes;
use crate::id::{InstitutionNo, InsurerNo, OfficeNo};
use crate::policy::Item;

codes! {
    /// What a notice is about (お知らせの種類). Our own table.
    Topic, "お知らせの種類", {
        ResultDecided = "result-decided" "認定の結果",
        MilestoneChanged = "milestone-changed" "認定の進み具合",
        DocumentsReady = "documents-ready" "認定書類",
        CertificateChanged = "certificate-changed" "証の変更",
        ExpiryApproaching = "expiry-approaching" "有効期間の終わり",
        FilingFiled = "filing-filed" "届出の受付",
        FilingAccepted = "filing-accepted" "届出の受理",
        FilingReturned = "filing-returned" "届出の差戻し",
        OpinionRequested = "opinion-requested" "意見書の依頼",
        OpinionReturned = "opinion-returned" "意見書の差戻し",
        OpinionSubmitted = "opinion-submitted" "意見書の提出",
        OpinionOverdue = "opinion-overdue" "意見書の期限切れ",
        PlanReceived = "plan-received" "ケアプランの受信",
        ConsentWithdrawn = "consent-withdrawn" "同意の取消し",
        ConsentMissing = "consent-missing" "同意の記録なし",
        ClaimGap = "claim-gap" "担当の期限",
        PersonMoved = "person-moved" "転出・番号の変更",
        QuestionAsked = "question-asked" "閲覧の問い合わせ",
        QuestionAnswered = "question-answered" "問い合わせの回答",
        Disaster = "disaster" "災害時の確認",
        InquiryAsked = "inquiry-asked" "運営への問い合わせ",
        InquiryAnswered = "inquiry-answered" "運営からの回答",
        SubsidyFiled = "subsidy-filed" "助成金の申請",
        SubsidyDecided = "subsidy-decided" "助成金の審査",
        LicenceEnding = "licence-ending" "ライセンスの期限",
        TerminalRequested = "terminal-requested" "電子証明書の申込み",
        TerminalDecided = "terminal-decided" "端末の電子証明書",
        TerminalEnding = "terminal-ending" "電子証明書の期限",
        Board = "board" "審査会",
    }
}

impl Topic {
    /// The item of the sharing table that an office must be able to see to be told; none: being in charge is enough.
    pub fn item(self) -> Option<Item> {
        match self {
            Self::ResultDecided => Some(Item::CertificationResult),
            Self::MilestoneChanged => Some(Item::Progress),
            Self::DocumentsReady => Some(Item::Survey),
            Self::CertificateChanged | Self::ExpiryApproaching => Some(Item::InsuredCertificate),
            Self::PlanReceived => Some(Item::CarePlan),
            Self::OpinionRequested | Self::OpinionReturned | Self::OpinionSubmitted | Self::OpinionOverdue => {
                Some(Item::DoctorOpinion)
            }
            Self::FilingFiled
            | Self::FilingAccepted
            | Self::FilingReturned
            | Self::ConsentWithdrawn
            | Self::ConsentMissing
            | Self::ClaimGap
            | Self::PersonMoved
            | Self::QuestionAsked
            | Self::QuestionAnswered
            | Self::InquiryAsked
            | Self::InquiryAnswered
            | Self::SubsidyFiled
            | Self::SubsidyDecided
            | Self::LicenceEnding
            | Self::TerminalRequested
            | Self::TerminalDecided
            | Self::TerminalEnding
            | Self::Board
            | Self::Disaster => None,
        }
    }

    /// What happened, one Japanese sentence without a name.
    pub fn say(self) -> &'static str {
        match self {
            Self::ResultDecided => "認定の結果が出ました",
            Self::MilestoneChanged => "認定の手続きが進みました",
            Self::DocumentsReady => "認定書類が見られるようになりました",
            Self::CertificateChanged => "証の内容が変わりました",
            Self::ExpiryApproaching => "有効期間の終わりが近づいています",
            Self::FilingFiled => "届出が届きました",
            Self::FilingAccepted => "届出が受理されました",
            Self::FilingReturned => "届出が差し戻されました",
            Self::OpinionRequested => "主治医意見書の作成を依頼されました",
            Self::OpinionReturned => "主治医意見書が差し戻されました",
            Self::OpinionSubmitted => "主治医意見書が提出されました",
            Self::OpinionOverdue => "主治医意見書の期限がすぎています",
            Self::PlanReceived => "ケアプランのデータが届きました",
            Self::ConsentWithdrawn => "同意が取り消されました",
            Self::ConsentMissing => "同意が記録されていません",
            Self::ClaimGap => "請求がないため、担当がまもなく終わります",
            Self::PersonMoved => "転出または番号の変更がありました",
            Self::QuestionAsked => "閲覧の記録について、問い合わせがありました",
            Self::QuestionAnswered => "問い合わせに回答がありました",
            Self::Disaster => "災害時の確認についてのお知らせがあります",
            Self::InquiryAsked => "運営への問い合わせが届きました",
            Self::InquiryAnswered => "問い合わせに、運営から回答がありました",
            Self::SubsidyFiled => "助成金の申請が届きました",
            Self::SubsidyDecided => "助成金の審査の結果が出ました",
            Self::LicenceEnding => "ケアプラン連携のライセンスについてのお知らせがあります",
            Self::TerminalRequested => "端末の電子証明書の申込みが届きました",
            Self::TerminalDecided => "端末の電子証明書についてのお知らせがあります",
            Self::TerminalEnding => "端末の電子証明書の期限が近づいています",
            Self::Board => "審査会からお知らせがあります",
        }
    }

    /// Whether somebody has to do something now.
    pub fn is_pressing(self) -> bool {
        match self {
            Self::FilingReturned
            | Self::OpinionReturned
            | Self::OpinionOverdue
            | Self::ConsentWithdrawn
            | Self::ClaimGap
            | Self::TerminalEnding
            | Self::Disaster => true,
            Self::ResultDecided
            | Self::MilestoneChanged
            | Self::DocumentsReady
            | Self::CertificateChanged
            | Self::ExpiryApproaching
            | Self::FilingFiled
            | Self::FilingAccepted
            | Self::OpinionRequested
            | Self::OpinionSubmitted
            | Self::PlanReceived
            | Self::ConsentMissing
            | Self::PersonMoved
            | Self::QuestionAsked
            | Self::QuestionAnswered
            | Self::InquiryAsked
            | Self::InquiryAnswered
            | Self::SubsidyFiled
            | Self::SubsidyDecided
            | Self::LicenceEnding
            | Self::TerminalRequested
            | Self::TerminalDecided
            | Self::Board => false,
        }
    }

    /// The topics that a kind of recipient can be told.
    pub fn of(kind: RecipientKind) -> &'static [Self] {
        match kind {
            RecipientKind::Office => &[
                Self::ResultDecided,
                Self::MilestoneChanged,
                Self::DocumentsReady,
                Self::CertificateChanged,
                Self::ExpiryApproaching,
                Self::FilingAccepted,
                Self::FilingReturned,
                Self::PlanReceived,
                Self::ConsentWithdrawn,
                Self::ConsentMissing,
                Self::ClaimGap,
                Self::PersonMoved,
                Self::Disaster,
                Self::InquiryAnswered,
                Self::SubsidyDecided,
                Self::LicenceEnding,
                Self::TerminalDecided,
                Self::TerminalEnding,
            ],
            RecipientKind::Insurer => &[
                Self::FilingFiled,
                Self::OpinionSubmitted,
                Self::OpinionOverdue,
                Self::Board,
                Self::ConsentWithdrawn,
                Self::ConsentMissing,
                Self::PersonMoved,
                Self::QuestionAsked,
                Self::Disaster,
            ],
            RecipientKind::Institution => &[Self::OpinionRequested, Self::OpinionReturned, Self::OpinionOverdue],
            RecipientKind::Board => &[Self::MilestoneChanged, Self::DocumentsReady],
            RecipientKind::Operator => &[Self::InquiryAsked, Self::SubsidyFiled, Self::TerminalRequested],
            RecipientKind::Account => &[
                Self::ResultDecided,
                Self::MilestoneChanged,
                Self::CertificateChanged,
                Self::ExpiryApproaching,
                Self::ConsentWithdrawn,
                Self::QuestionAnswered,
                Self::Disaster,
            ],
        }
    }
}

codes! {
    /// Kind of who is told (お知らせの相手). Our own table.
    RecipientKind, "お知らせの相手", {
        Office = "office" "事業所", Insurer = "insurer" "保険者", Institution = "institution" "医療機関", Board = "board" "審査会",
        Account = "account" "本人・家族", Operator = "operator" "運営",
    }
}

/// Who is told: everybody of a house, or one account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// The staff of an office.
    Office(OfficeNo),
    /// The staff of an insurer.
    Insurer(InsurerNo),
    /// The staff of a medical institution.
    Institution(InstitutionNo),
    /// The secretariat of a board.
    Board(String),
    /// One account: a person or who acts for them.
    Account(String),
    /// The operator's desk.
    Operator,
}

impl Recipient {
    /// Kind of who is told.
    pub fn kind(&self) -> RecipientKind {
        match self {
            Self::Office(_) => RecipientKind::Office,
            Self::Insurer(_) => RecipientKind::Insurer,
            Self::Institution(_) => RecipientKind::Institution,
            Self::Board(_) => RecipientKind::Board,
            Self::Account(_) => RecipientKind::Account,
            Self::Operator => RecipientKind::Operator,
        }
    }

    /// The number or identifier.
    pub fn no(&self) -> &str {
        match self {
            Self::Office(no) => no.as_str(),
            Self::Insurer(no) => no.as_str(),
            Self::Institution(no) => no.as_str(),
            Self::Board(id) | Self::Account(id) => id,
            Self::Operator => "desk",
        }
    }
}

codes! {
    /// How often a mail says that there are notices (メールの頻度). Our own table.
    Frequency, "メールの頻度", {
        AtOnce = "at-once" "すぐに", Daily = "daily" "1日1回（朝8時）", Weekly = "weekly" "週1回（月曜の朝8時）", Never = "never" "送らない",
    }
}

/// The hour at which digests leave, in Japan.
const MORNING: Time = Time::constant(8, 0, 0, 0);

impl Frequency {
    /// When the next mail is due for something told at that time in Japan; none: never.
    pub fn due(self, now: DateTime) -> Option<DateTime> {
        let today = now.date().to_datetime(MORNING);
        let next = |day: DateTime| day.tomorrow().map(|t| t.date().to_datetime(MORNING)).ok();
        match self {
            Self::AtOnce => Some(now),
            Self::Never => None,
            Self::Daily if now < today => Some(today),
            Self::Daily => next(today),
            Self::Weekly => {
                let mut day = if now < today { today } else { next(today)? };
                while day.weekday() != Weekday::Monday {
                    day = next(day)?;
                }
                Some(day)
            }
        }
    }
}

/// Whether the text can be an address of mail: one `@`, something before it, a name with a dot after it, nothing that would start
/// another header line or another address.
pub fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part.is_ascii()
            && part.bytes().all(|b| b.is_ascii_graphic() && !b"<>()[],;:\\\"@".contains(&b))
    };
    let dots = |part: &str| !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let label = |l: &str| {
        !l.is_empty()
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let Some((name, host)) = text.split_once('@') else { return false };
    text.len() <= 254
        && name.len() <= 64
        && plain(name)
        && dots(name)
        && host.contains('.')
        && host.split('.').all(label)
}

/// Days after which a notice is removed, read or not. Our own rule: what it tells stands in the records themselves.
pub const KEPT_DAYS: i32 = 400;

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digests_leave_in_the_morning() {
        let at = |d: i8, h: i8, m: i8| date(2026, 11, d).at(h, m, 0, 0);
        // 2026-11-22 is a Sunday.
        assert_eq!(Frequency::AtOnce.due(at(22, 13, 5)), Some(at(22, 13, 5)));
        assert_eq!(Frequency::Daily.due(at(22, 7, 59)), Some(at(22, 8, 0)));
        assert_eq!(Frequency::Daily.due(at(22, 8, 0)), Some(at(23, 8, 0)));
        assert_eq!(Frequency::Weekly.due(at(22, 13, 5)), Some(at(23, 8, 0)));
        assert_eq!(Frequency::Weekly.due(at(23, 7, 0)), Some(at(23, 8, 0)));
        assert_eq!(Frequency::Weekly.due(at(23, 8, 0)), Some(at(30, 8, 0)));
        assert_eq!(Frequency::Never.due(at(22, 13, 5)), None);
    }

    #[test]
    fn addresses_hold_one_address_and_nothing_else() {
        for good in ["a@example.jp", "care.manager+kiban@office.example.jp", "x_y-z@a-b.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@example.jp",
            "a@",
            "a@example",
            "a b@example.jp",
            "a@example.jp,b@example.jp",
            "a@b@example.jp",
            "a@example.jp\r\nBcc: b@example.jp",
            "<a@example.jp>",
            "あ@example.jp",
            "a@-x.example.jp",
            ".a@example.jp",
            "a..b@example.jp",
            "a@example..jp",
        ] {
            assert!(!is_address(bad), "{bad:?}");
        }
    }

    #[test]
    fn every_topic_can_be_told_to_somebody() {
        for topic in Topic::ALL {
            assert!(RecipientKind::ALL.iter().any(|kind| Topic::of(*kind).contains(topic)), "{topic:?}");
            assert!(!topic.say().is_empty());
        }
    }

    proptest! {
        #[test]
        fn a_due_time_is_never_before_now(d in 0_i32..400, h in 0_i8..24, m in 0_i8..60) {
            let now = crate::date::add_days(date(2026, 1, 1), d).at(h, m, 0, 0);
            for frequency in Frequency::ALL {
                if let Some(due) = frequency.due(now) {
                    prop_assert!(due >= now);
                    prop_assert!(due.date() <= crate::date::add_days(now.date(), 8));
                }
            }
        }

        #[test]
        fn an_address_starts_no_header(text in "\\PC*") {
            if is_address(&text) {
                prop_assert!(!text.contains(['\r', '\n', ' ', ',', '<', '>']));
            }
        }
    }
}
