//! Why something is not shown. Each reason looks different to the user, because each calls for another action.

use super::JobType;
use crate::date::{Date, both};

/// A rule of the policy that says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The office is not (and never showed that it is) 担当事業所: looks like an unknown person from outside.
    NotInCharge,
    /// The registration as 担当事業所 has ended.
    ChargeEnded {
        /// Last day.
        on: Date,
    },
    /// The insurer does not share yet.
    InsurerNotStarted {
        /// First day, if it is set.
        from: Option<Date>,
    },
    /// The person is not insured here any more, and the time for settling claims is over.
    QualificationLost {
        /// Day of the loss.
        on: Date,
    },
    /// No comprehensive consent is recorded.
    NoConsent,
    /// The consent was taken back.
    ConsentWithdrawn {
        /// Since that day.
        on: Date,
    },
    /// The account's job may not see it.
    WrongJob {
        /// The job that may.
        needed: JobType,
    },
    /// The item is not shared with this kind of reader.
    NotShared,
    /// The item's cell is not verified and therefore closed.
    Unverified,
    /// Only what the reader made itself is shown.
    NotOwn,
    /// The caller may not do this act.
    NotAllowed,
    /// The insurer has not asked the medical institution for an opinion on this person: looks like an unknown person.
    NoRequest,
    /// The time after the opinion was asked for is over.
    RequestEnded {
        /// Last day.
        on: Date,
    },
    /// Outside of what the proxy may do in the person's place.
    OutsideProxy,
    /// The terminal shows no electronic certificate, and the installation asks offices for one.
    NoCertificate,
    /// The certificate of the terminal belongs to another office.
    ForeignCertificate,
    /// Offices of this kind do not take consents in the municipality's place.
    OfficeKind,
    /// The municipality takes consents itself.
    ConsentAtInsurer,
}

impl Refusal {
    /// Stable code, listed in docs/errors.md and written into the log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotInCharge => "not-in-charge",
            Self::ChargeEnded { .. } => "charge-ended",
            Self::InsurerNotStarted { .. } => "insurer-not-started",
            Self::QualificationLost { .. } => "qualification-lost",
            Self::NoConsent => "no-consent",
            Self::ConsentWithdrawn { .. } => "consent-withdrawn",
            Self::WrongJob { .. } => "wrong-job",
            Self::NotShared => "not-shared",
            Self::Unverified => "unverified-cell",
            Self::NotOwn => "not-own",
            Self::NotAllowed => "not-allowed",
            Self::NoRequest => "no-request",
            Self::RequestEnded { .. } => "request-ended",
            Self::OutsideProxy => "outside-proxy",
            Self::NoCertificate => "certificate-needed",
            Self::ForeignCertificate => "certificate-of-another",
            Self::OfficeKind => "office-kind",
            Self::ConsentAtInsurer => "consent-at-insurer",
        }
    }

    /// One of each, for the list of errors.
    pub fn samples() -> Vec<Self> {
        let on = jiff::civil::date(2026, 11, 22);
        vec![
            Self::NotInCharge,
            Self::ChargeEnded { on },
            Self::InsurerNotStarted { from: Some(on) },
            Self::QualificationLost { on },
            Self::NoConsent,
            Self::ConsentWithdrawn { on },
            Self::WrongJob { needed: JobType::CareManager },
            Self::NotShared,
            Self::Unverified,
            Self::NotOwn,
            Self::NotAllowed,
            Self::NoRequest,
            Self::RequestEnded { on },
            Self::OutsideProxy,
            Self::NoCertificate,
            Self::ForeignCertificate,
            Self::OfficeKind,
            Self::ConsentAtInsurer,
        ]
    }

    /// Whether the caller may know that the person is there (403), or not (404).
    pub fn is_visible(&self) -> bool {
        !matches!(self, Self::NotInCharge | Self::NoRequest)
    }

    /// What is said, one Japanese sentence.
    pub fn say(&self) -> String {
        match self {
            Self::NotInCharge => "この方の担当事業所として登録されていません。".to_owned(),
            Self::ChargeEnded { on } => format!("この方の担当は{}に終わりました。", both(*on)),
            Self::InsurerNotStarted { from: Some(on) } => {
                format!(
                    "この保険者は、まだ介護情報基盤を使いはじめていません。{}から見られるようになります。",
                    both(*on)
                )
            }
            Self::InsurerNotStarted { from: None } => {
                "この保険者は、まだ介護情報基盤を使いはじめていません。開始日は決まっていません。".to_owned()
            }
            Self::QualificationLost { on } => {
                format!("この方は{}に資格を失い、請求の整理のための期間も終わったため、見られません。", both(*on))
            }
            Self::NoConsent => "ご本人の包括的同意が記録されていないため、見られません。".to_owned(),
            Self::ConsentWithdrawn { on } => format!("ご本人が{}に同意を取り消したため、見られません。", both(*on)),
            Self::WrongJob { needed } => {
                format!("この書類は、職種が「{}」のアカウントだけが見られます。", needed.label())
            }
            Self::NotShared => "この情報は、共有のきまりにより、この事業所には共有されません。".to_owned(),
            Self::Unverified => {
                "この情報を共有してよいかが、国の共有のきまりで確かめられていないため、見られないようにしています。"
                    .to_owned()
            }
            Self::NotOwn => "この情報は、作成した事業所・医療機関だけが見られます。".to_owned(),
            Self::NotAllowed => "この操作をする権限がありません。".to_owned(),
            Self::NoRequest => "この方の主治医意見書の作成は、保険者から依頼されていません。".to_owned(),
            Self::RequestEnded { on } => {
                format!("この方の主治医意見書の作成は{}に終わったため、見られません。", both(*on))
            }
            Self::OutsideProxy => "この情報は、代理で見られる範囲に入っていません。".to_owned(),
            Self::NoCertificate => "この端末には、事業所の電子証明書が入っていません。".to_owned(),
            Self::ForeignCertificate => "この端末の電子証明書は、ほかの事業所のものです。".to_owned(),
            Self::OfficeKind => {
                "市町村に代わって同意を受け付けられるのは、居宅介護支援・介護予防支援と、施設・居住系の事業所だけです。"
                    .to_owned()
            }
            Self::ConsentAtInsurer => {
                "この保険者は、同意を事業所では受け付けず、窓口で受け付けることにしています。".to_owned()
            }
        }
    }

    /// What can be done about it, one Japanese sentence.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::QualificationLost { .. } => "転出された方は、新しい保険者の被保険者番号で本人確認をしてください。",
            Self::NotInCharge | Self::ChargeEnded { .. } => {
                "サービスを提供しているときは、本人確認をして担当事業所として登録してください。"
            }
            Self::InsurerNotStarted { .. } => "それまでは、これまでどおり証の原本や保険者の窓口で確かめてください。",
            Self::NoConsent | Self::ConsentWithdrawn { .. } => {
                "同意は、認定の申請のときなどに保険者が受け付けます。ご本人と保険者に確かめてください。"
            }
            Self::WrongJob { .. } => "事業所の管理者に、アカウントの職種を確かめてください。",
            Self::NotShared | Self::Unverified | Self::NotOwn => "必要なときは、保険者の窓口にたずねてください。",
            Self::NotAllowed => "管理者に、アカウントの権限を確かめてください。",
            Self::NoRequest | Self::RequestEnded { .. } => "必要なときは、保険者の介護保険の窓口にたずねてください。",
            Self::OutsideProxy => "代理の範囲を変えるときは、市町村の介護保険の窓口に話してください。",
            Self::NoCertificate => {
                "電子証明書を入れた端末から使ってください。まだ持っていないときは、事業所の管理者が「端末の電子証明書」で申し込めます。"
            }
            Self::ForeignCertificate => "自分の事業所の電子証明書が入った端末から使ってください。",
            Self::OfficeKind => "ご本人に、担当のケアマネジャーか市町村の窓口で同意できることを伝えてください。",
            Self::ConsentAtInsurer => "ご本人に、市町村の窓口か、ご本人の画面で同意できることを伝えてください。",
        }
    }
}
