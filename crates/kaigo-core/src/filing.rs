//! 居宅（介護予防）サービス計画作成依頼（変更）届出書: which of the four forms fits, what is asked, what is wrong, what follows.
//!
//! Pure: what the records say comes in as [`Known`], what was answered as [`Answers`]; nothing here decides for the
//! municipality. Sources: the national forms (changed 2025-12) and the pages of several cities
//! (reference: 居宅サービス計画作成依頼届出書); what no source says is marked INFERRED.

mod check;
mod fit;

pub use check::{Check, check, is_clean};
pub use fit::{Fit, Proposal, division, propose, self_made};

use crate::care_level::CareLevel;
use crate::code::{ApplicationKind, PlanMaker};
use crate::codes;
use crate::date::Date;
use crate::id::OfficeNo;
use crate::rule::filing::{FilingDeadline, Timeliness};
use crate::service::ServiceKind;

codes! {
    /// Which form (様式の種類).
    Variant, "届出書の種類", {
        Home = "home" "居宅サービス計画作成依頼（変更）届出書",
        Prevention = "prevention" "介護予防サービス計画作成・介護予防ケアマネジメント依頼（変更）届出書",
        Multifunctional = "multifunctional" "居宅サービス計画作成依頼（変更）届出書（小規模多機能型・看護小規模多機能型居宅介護用）",
        PreventiveMultifunctional = "preventive-multifunctional" "介護予防サービス計画作成依頼（変更）届出書（介護予防小規模多機能型居宅介護用）",
    }
}

impl Variant {
    /// Short name on lists.
    pub fn short(self) -> &'static str {
        match self {
            Self::Home => "居宅サービス",
            Self::Prevention => "介護予防",
            Self::Multifunctional => "小規模多機能",
            Self::PreventiveMultifunctional => "介護予防小規模多機能",
        }
    }

    /// Whether it is for 要介護 (else for 要支援 and 事業対象者).
    pub fn is_care(self) -> bool {
        match self {
            Self::Home | Self::Multifunctional => true,
            Self::Prevention | Self::PreventiveMultifunctional => false,
        }
    }

    /// Whether the office's own care manager makes the plan of those who are registered with it.
    pub fn is_multifunctional(self) -> bool {
        match self {
            Self::Multifunctional | Self::PreventiveMultifunctional => true,
            Self::Home | Self::Prevention => false,
        }
    }

    /// Kinds of service with which an office may file it.
    pub fn services(self) -> &'static [ServiceKind] {
        match self {
            Self::Home => &[ServiceKind::CareManagement],
            Self::Prevention => &[ServiceKind::PreventiveSupport, ServiceKind::PreventiveCareManagement],
            Self::Multifunctional => &[ServiceKind::SmallMultifunctional, ServiceKind::NursingSmallMultifunctional],
            Self::PreventiveMultifunctional => &[ServiceKind::PreventiveSmallMultifunctional],
        }
    }

    /// Who makes the plan after it was accepted (居宅サービス計画作成区分). That 多機能系 stand under 1 and 3 is INFERRED: the
    /// interface has no code of their own.
    pub fn maker(self) -> PlanMaker {
        if self.is_care() { PlanMaker::CareManagement } else { PlanMaker::Prevention }
    }
}

codes! {
    /// 届出の区分: the first office, or another one than before.
    Division, "届出の区分", { New = "1" "新規", Change = "2" "変更" }
}

codes! {
    /// Where a notice stands.
    FilingState, "届出の状態", {
        Filed = "filed" "確認待ち",
        Accepted = "accepted" "受理",
        Returned = "returned" "差戻し",
        Withdrawn = "withdrawn" "取下げ",
    }
}

impl FilingState {
    /// Whether the municipality has it to decide.
    pub fn is_waiting(self) -> bool {
        self == Self::Filed
    }
}

codes! {
    /// Why a municipality gives a notice back; a sentence of its own comes with it. Our own table.
    ReturnReason, "差戻しの理由", {
        Qualification = "qualification" "被保険者の資格が確認できない",
        Level = "level" "要介護状態区分と届出書の種類が合わない",
        Duplicate = "duplicate" "ほかの事業所の届出と重なっている",
        OfficeNumber = "office-number" "事業所番号が確認できない",
        Start = "start" "開始の日が正しくない",
        Missing = "missing" "記入がたりない",
        Other = "other" "そのほか",
    }
}

codes! {
    /// Why the office changes, to choose from; a sentence may come with it. Our own table.
    ChangeReason, "変更の理由", {
        Wish = "wish" "本人・家族の希望",
        Moved = "moved" "転居した",
        Closed = "closed" "前の事業所が休止・廃止した",
        Full = "full" "前の事業所が受けられなくなった",
        LeftMultifunctional = "left" "小規模多機能などの利用をやめた、または始めた",
        LeftFacility = "facility" "施設・病院から家にもどった",
        Other = "other" "そのほか",
    }
}

/// The column of 保険者確認欄 that a check belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// 被保険者資格.
    Qualification,
    /// 届出の重複.
    Duplicate,
    /// 事業者番号.
    OfficeNumber,
}

impl Column {
    /// Every column in the order of the form.
    pub const ALL: [Self; 3] = [Self::Qualification, Self::Duplicate, Self::OfficeNumber];

    /// As it stands on the form.
    pub fn label(self) -> &'static str {
        match self {
            Self::Qualification => "被保険者資格",
            Self::Duplicate => "届出の重複",
            Self::OfficeNumber => "事業者番号",
        }
    }
}

/// One question of the way to a notice, a page each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Which form, from which day.
    Start,
    /// Why the office changes.
    Change,
    /// Services in the month of the start (小規模多機能 only).
    Services,
    /// Whom the municipality can call; to whom the work is given (予防 only).
    Contact,
    /// Everything once more, to confirm.
    Confirm,
}

impl Step {
    /// Name in the address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Change => "change",
            Self::Services => "services",
            Self::Contact => "contact",
            Self::Confirm => "confirm",
        }
    }
}

/// A certification that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownLevel {
    /// Care level.
    pub level: CareLevel,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Option<Date>,
}

impl KnownLevel {
    /// Whether it stands on that day.
    pub fn stands(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// A notice that is known to the insurer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownNotice {
    /// Who makes the plan.
    pub maker: PlanMaker,
    /// Office, none for 自己作成.
    pub office_no: Option<OfficeNo>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Option<Date>,
}

impl KnownNotice {
    /// Whether it stands on that day.
    pub fn stands(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// A notice that was filed and is not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownWaiting {
    /// Who filed it.
    pub office_no: OfficeNo,
    /// From when.
    pub start_on: Date,
}

/// An application that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownApplication {
    /// Kind.
    pub kind: ApplicationKind,
    /// Day of the application.
    pub applied_on: Date,
}

/// What the records say of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// First day of the qualification.
    pub qualified_from: Option<Date>,
    /// Day on which it was lost.
    pub lost_on: Option<Date>,
    /// Certifications, any order.
    pub levels: Vec<KnownLevel>,
    /// The application that is under way.
    pub pending: Option<KnownApplication>,
    /// Notices, any order.
    pub notices: Vec<KnownNotice>,
    /// Other notices that wait for the insurer: not the one that is judged.
    pub waiting: Vec<KnownWaiting>,
}

impl Known {
    /// The certification that stands on that day, the newest.
    pub fn level_on(&self, day: Date) -> Option<&KnownLevel> {
        self.levels.iter().filter(|level| level.stands(day)).max_by_key(|level| level.from)
    }

    /// The notice that stands on that day, the newest.
    pub fn notice_on(&self, day: Date) -> Option<&KnownNotice> {
        self.notices.iter().filter(|notice| notice.stands(day)).max_by_key(|notice| notice.from)
    }

    /// Whether an application covers the day: the result holds from the day of the application, or follows the period before.
    pub fn pending_covers(&self, day: Date) -> bool {
        self.pending.is_some_and(|pending| pending.applied_on <= day)
    }
}

/// The office that files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilingOffice {
    /// Number.
    pub office_no: OfficeNo,
    /// Kinds of service it is designated for.
    pub services: Vec<ServiceKind>,
}

impl FilingOffice {
    /// Whether it may file that form at all.
    pub fn may(&self, variant: Variant) -> bool {
        variant.services().iter().any(|kind| self.services.contains(kind))
    }
}

/// Use of other services in the month of the start (小規模多機能の様式). 居宅療養管理指導・特定施設 do not count; 定期巡回, 夜間対応型,
/// 認知症対応型通所, 短期利用のグループホーム do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherServices {
    /// None.
    No,
    /// Some: their names.
    Yes(String),
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// Which form.
    pub variant: Variant,
    /// 新規 or 変更.
    pub division: Division,
    /// First day on which the office makes the plan (サービス開始・計画作成開始年月日).
    pub start_on: Date,
    /// Why the office changes.
    pub reason: Option<ChangeReason>,
    /// That in words.
    pub reason_text: String,
    /// Other services in the month of the start; only 小規模多機能.
    pub others: Option<OtherServices>,
    /// Office to which the work is given (委託先の居宅介護支援事業所番号); only 予防.
    pub entrusted: Option<Entrusted>,
}

/// Office to which 介護予防支援 is given (委託先).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrusted {
    /// Number.
    pub office_no: OfficeNo,
    /// Kinds of service it is designated for; empty if it is not known.
    pub services: Vec<ServiceKind>,
}

impl Answers {
    /// How the notice stands to its deadline.
    pub fn timeliness(&self, known: &Known, rule: FilingDeadline, filed: Date) -> Timeliness {
        check::timeliness(known, self.start_on, rule, filed)
    }
}

#[cfg(test)]
mod tests;
