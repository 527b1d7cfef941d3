//! The access policy: who may see which item of a person under which condition, as a table; and the only maker of grants.
//!
//! The table follows the published sharing table (医療介護連携の進め方 資料1, 2026-03-18) as far as its text is public, and the
//! interim report of 2024-03. A cell that could not be verified is closed and says so ([`Cell::Unverified`]).
//! The order of questions is fixed: registered? standing until when? insurer started? cell? consent? job? Their answers
//! are different refusals, because a care manager does different things about each of them.

mod act;
mod matrix;
mod refusal;

pub use act::{Act, ActGrant, decide_act, decide_act_on};
pub use matrix::{Cell, Matrix, Row};
pub use refusal::Refusal;

use crate::codes;
use crate::date::Date;
use crate::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};
use crate::service::{OfficeClass, ServiceKind};

codes! {
    /// An item of the shared information, one row of the sharing table (共有する情報の項目).
    Item, "共有項目", {
        InsuredCertificate = "insured-certificate" "被保険者証",
        BurdenRatio = "burden-ratio" "負担割合証",
        Relief = "relief" "負担限度額認定証・その他減免",
        ApplicationForm = "application-form" "要介護認定申請書",
        Survey = "survey" "認定調査票",
        DoctorOpinion = "doctor-opinion" "主治医意見書",
        CertificationResult = "certification-result" "認定結果",
        Progress = "progress" "認定の進捗",
        Claims = "claims" "給付管理票・明細書",
        Balances = "balances" "住宅改修費・福祉用具購入費",
        Life = "life" "LIFE 利用者フィードバック票",
        CarePlan = "care-plan" "ケアプラン",
        ConsentStatus = "consent-status" "同意の有無",
        AccessLog = "access-log" "閲覧履歴",
    }
}

codes! {
    /// Kind of reader, one column of the sharing table (閲覧者の区分).
    Reader, "閲覧者", {
        Person = "person" "本人",
        Insurer = "insurer" "市町村",
        CareManagement = "care-management" "居宅介護支援・介護予防支援",
        FacilityWithCareManager = "facility" "施設・小多機など",
        OtherOffice = "other-office" "その他の介護事業所",
        MedicalInstitution = "medical" "医療機関",
    }
}

codes! {
    /// Job of an account (職種), codes of LIFE `record_staff_job_category` and 事務 of our own.
    JobType, "職種", {
        Physician = "010" "医師", Dentist = "020" "歯科医師", Pharmacist = "030" "薬剤師", Nurse = "040" "看護師",
        AssociateNurse = "050" "准看護師", PublicHealthNurse = "060" "保健師", PhysicalTherapist = "080" "理学療法士",
        OccupationalTherapist = "090" "作業療法士", SpeechTherapist = "100" "言語聴覚士", CareManager = "150" "介護支援専門員",
        SocialWorker = "160" "社会福祉士", CareWorker = "170" "介護福祉士", EquipmentAdviser = "180" "福祉用具専門相談員",
        Dietitian = "190" "管理栄養士", Other = "210" "その他", Clerk = "900" "事務",
    }
}

codes! {
    /// Why someone looks (利用目的), written into the person's access log.
    Purpose, "利用目的", {
        Qualification = "qualification" "資格の確認",
        Certification = "certification" "認定の確認",
        CarePlan = "care-plan" "ケアプランの作成・見直し",
        Service = "service" "サービスの提供",
        Renewal = "renewal" "更新・区分変更申請の準備",
        Conference = "conference" "サービス担当者会議",
        Benefit = "benefit" "住宅改修・福祉用具の確認",
        Charge = "charge" "担当の登録・確認",
        Queue = "queue" "利用者一覧・きょうの仕事",
        Own = "own" "本人の閲覧",
        Audit = "audit" "閲覧履歴の確認",
        Operation = "operation" "システムの運用",
        Case = "case" "要介護認定の事務",
        Opinion = "opinion" "主治医意見書の作成・受理",
        Judgement = "judgement" "介護認定審査会",
        Filing = "filing" "居宅サービス計画作成依頼届出",
        Consent = "consent" "同意の受付・撤回",
        Proxy = "proxy" "代理人の登録",
        Question = "question" "閲覧についての問い合わせ",
        Disaster = "disaster" "災害時の確認",
    }
}

/// Who is acting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A member of an office's staff.
    Staff(Staff),
    /// The person themself.
    Person {
        /// Account that logged in.
        account_id: String,
        /// Insurer of the person.
        insurer_no: InsurerNo,
        /// Number of the person.
        insured_no: InsuredNo,
        /// Name shown on pages and in the log.
        name: String,
        /// Set when somebody acts in the person's place.
        proxy: Option<ProxyFor>,
    },
    /// A member of a municipality's staff (保険者の職員).
    Insurer(InsurerStaff),
    /// A physician or their staff at a medical institution (医療機関).
    Medical(MedicalStaff),
    /// The secretariat of a certification board (介護認定審査会), which may serve several insurers.
    Board(BoardStaff),
    /// The insurer's own system or the operator on its behalf, loading records.
    InsurerSystem {
        /// Insurer whose records are loaded.
        insurer_no: InsurerNo,
    },
    /// The operator's program itself: jobs, set-up.
    Operator,
    /// The operator's desk (運営の職員; the role of 国保中央会): portal, offices, certificates, subsidies. Sees no person's records.
    OperatorStaff(OperatorStaff),
    /// Somebody who sets up offices for them (導入支援事業者). Sees no person's records.
    Supporter(SupporterStaff),
}

/// A member of the operator's staff (運営の職員).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorStaff {
    /// Account.
    pub account_id: String,
    /// Name.
    pub name: String,
    /// Whether the account decides what binds others: accounts of the desk, revocations, rules.
    pub is_admin: bool,
}

/// A member of the staff of a firm that sets up offices (導入支援事業者).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupporterStaff {
    /// Account.
    pub account_id: String,
    /// The firm.
    pub supporter_id: String,
    /// The firm's name.
    pub supporter_name: String,
    /// Name.
    pub name: String,
}

/// A member of an office's staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Account.
    pub account_id: String,
    /// Office.
    pub office_no: OfficeNo,
    /// Office's name at the time of login.
    pub office_name: String,
    /// Services the office is designated for.
    pub services: Vec<ServiceKind>,
    /// Job (職種).
    pub job: JobType,
    /// Whether the account administers the office (管理者ユーザ).
    pub is_admin: bool,
    /// Name of the person who works.
    pub name: String,
}

/// A member of a municipality's staff (保険者の職員).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsurerStaff {
    /// Account.
    pub account_id: String,
    /// Insurer.
    pub insurer_no: InsurerNo,
    /// The insurer's name at the time of login.
    pub insurer_name: String,
    /// Name of the person who works.
    pub name: String,
    /// Whether the account decides rules, hiding loads and disaster mode.
    pub is_admin: bool,
}

/// A physician or their staff at a medical institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MedicalStaff {
    /// Account.
    pub account_id: String,
    /// Institution.
    pub institution_no: InstitutionNo,
    /// Its name at the time of login.
    pub institution_name: String,
    /// Care services that the institution is designated for as well (みなし指定); mostly none.
    pub services: Vec<ServiceKind>,
    /// Job (職種).
    pub job: JobType,
    /// Name of the person who works.
    pub name: String,
}

/// The secretariat of a certification board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardStaff {
    /// Account.
    pub account_id: String,
    /// Board.
    pub board_id: String,
    /// The board's name.
    pub board_name: String,
    /// Insurers it serves.
    pub insurers: Vec<InsurerNo>,
    /// Name of the person who works.
    pub name: String,
}

codes! {
    /// What somebody may do in a person's place (代理の範囲). Our own table.
    ProxyScope, "代理の範囲", {
        Everything = "everything" "すべて",
        Certificates = "certificates" "証と認定の進み具合だけ",
        NoDocuments = "no-documents" "書類（調査票・意見書・ケアプラン）以外",
        Viewing = "viewing" "すべて見られる（同意と撤回はできない）",
    }
}

impl ProxyScope {
    /// Whether the item is within the scope.
    pub fn covers(self, item: Item) -> bool {
        match self {
            Self::Everything | Self::Viewing => true,
            Self::Certificates => matches!(
                item,
                Item::InsuredCertificate
                    | Item::BurdenRatio
                    | Item::Relief
                    | Item::CertificationResult
                    | Item::Progress
                    | Item::Balances
                    | Item::ConsentStatus
            ),
            Self::NoDocuments => !matches!(
                item,
                Item::Survey | Item::DoctorOpinion | Item::CarePlan | Item::Life | Item::ApplicationForm | Item::Claims
            ),
        }
    }
}

/// In whose place somebody acts: looked up at every request, so that an end counts at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyFor {
    /// The entry of the proxy.
    pub proxy_id: String,
    /// Name of the person represented, for the pages.
    pub person_name: String,
    /// Relation (続柄・資格), e.g. 長女, 成年後見人.
    pub relation: String,
    /// What may be done.
    pub scope: ProxyScope,
    /// Last day, if there is one.
    pub until: Option<Date>,
}

impl Caller {
    /// The account that acts; empty for programs.
    pub fn account_id(&self) -> &str {
        match self {
            Self::Staff(s) => &s.account_id,
            Self::Person { account_id, .. } => account_id,
            Self::Insurer(s) => &s.account_id,
            Self::Medical(s) => &s.account_id,
            Self::Board(s) => &s.account_id,
            Self::OperatorStaff(s) => &s.account_id,
            Self::Supporter(s) => &s.account_id,
            Self::InsurerSystem { .. } | Self::Operator => "",
        }
    }
}

impl Staff {
    /// Whether the office is of a kind that takes consents in the municipality's place: 居宅介護支援・介護予防支援, 施設・居住系
    /// (CONFIRMED-2: 介護保険部会 2025-04).
    pub fn may_take_consent(&self) -> bool {
        self.readers().iter().any(|r| matches!(r, Reader::CareManagement | Reader::FacilityWithCareManager))
    }

    /// The columns of the sharing table the office stands in; an office with several services may stand in several.
    pub fn readers(&self) -> Vec<Reader> {
        let mut readers: Vec<Reader> = self
            .services
            .iter()
            .map(|service| match service.office_class() {
                OfficeClass::CareManagement => Reader::CareManagement,
                OfficeClass::FacilityWithCareManager => Reader::FacilityWithCareManager,
                OfficeClass::Other => Reader::OtherOffice,
            })
            .collect();
        readers.sort_unstable();
        readers.dedup();
        if readers.is_empty() {
            readers.push(Reader::OtherOffice);
        }
        readers
    }
}

/// What is known about a caller and a person at the moment of the question. Made by the store in the same transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The office's registration as 担当事業所: none, or with its last day.
    pub charge: Option<ChargeStanding>,
    /// State of the comprehensive consent.
    pub consent: ConsentStanding,
    /// First day of sharing at the insurer; none if undecided.
    pub insurer_started_on: Option<Date>,
    /// Day on which the qualification was lost, if it was.
    pub lost_on: Option<Date>,
    /// For a medical institution: the opinion that the insurer asked it for (主治医意見書作成依頼).
    pub request: Option<ChargeStanding>,
    /// For a board: whether the person's case lies before it.
    pub board_case: bool,
    /// First days of single items, where the insurer set others than its own.
    pub item_starts: Vec<(Item, Date)>,
}

/// A registration as 担当事業所.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChargeStanding {
    /// First day.
    pub from: Date,
    /// Last day on which the office may look.
    pub until: Date,
}

/// State of the comprehensive consent (包括的同意).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConsentStanding {
    /// None recorded.
    #[default]
    None,
    /// Given and standing.
    Stands,
    /// Taken back on that day.
    Withdrawn(Date),
}

/// A set of items, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Items(u32);

impl Items {
    /// The set of the given items.
    pub fn of(items: &[Item]) -> Self {
        items.iter().fold(Self::default(), |set, item| set.with(*item))
    }

    /// The set and one more.
    #[must_use]
    pub fn with(self, item: Item) -> Self {
        Self(self.0 | Self::bit(item))
    }

    /// Whether the item is in the set.
    pub fn has(self, item: Item) -> bool {
        self.0 & Self::bit(item) != 0
    }

    /// The items in order.
    pub fn iter(self) -> impl Iterator<Item = Item> {
        Item::ALL.iter().copied().filter(move |item| self.has(*item))
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn bit(item: Item) -> u32 {
        let place = Item::ALL.iter().position(|i| *i == item).unwrap_or(31);
        1_u32.checked_shl(u32::try_from(place).unwrap_or(31)).unwrap_or(0)
    }
}

/// The right to read certain items of one person, once. Only this module makes one; every store function on personal
/// data asks for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    items: Items,
    consent_used: bool,
}

impl Grant {
    /// Insurer of the person.
    pub fn insurer_no(&self) -> InsurerNo {
        self.insurer_no
    }

    /// Number of the person.
    pub fn insured_no(&self) -> InsuredNo {
        self.insured_no
    }

    /// What may be read.
    pub fn items(&self) -> Items {
        self.items
    }

    /// Whether the item may be read.
    pub fn covers(&self, item: Item) -> bool {
        self.items.has(item)
    }

    /// Whether the person's consent was needed for one of the items.
    pub fn consent_used(&self) -> bool {
        self.consent_used
    }
}

/// The answer for a set of items: what may be read, and what may not and why.
#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    /// The grant; covers at least one item.
    pub grant: Grant,
    /// Items asked for that are not granted.
    pub refused: Vec<(Item, Refusal)>,
}

/// Decides whether the caller may read the items of the person today.
///
/// # Errors
/// The refusal that stands in the way, if not one item may be read.
pub fn decide(
    matrix: &Matrix,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    items: &[Item],
    standing: &Standing,
    today: Date,
) -> Result<Decision, Refusal> {
    let readers = readers(caller, insurer_no, insured_no, standing, today)?;
    let mut granted = Items::default();
    let mut consent_used = false;
    let mut refused = Vec::new();
    for &item in items {
        if let Some(refusal) = outside(caller, item, standing, today) {
            refused.push((item, refusal));
            continue;
        }
        let answers = readers.iter().map(|reader| answer(matrix, caller, *reader, item, standing, today));
        match answers.min_by_key(rank) {
            Some(Ok(by_consent)) => {
                granted = granted.with(item);
                consent_used |= by_consent;
            }
            Some(Err(refusal)) => refused.push((item, refusal)),
            None => refused.push((item, Refusal::NotShared)),
        }
    }
    if granted.is_empty() {
        return Err(refused.into_iter().next().map_or(Refusal::NotShared, |(_, refusal)| refusal));
    }
    Ok(Decision { grant: Grant { insurer_no, insured_no, items: granted, consent_used }, refused })
}

/// Whether the answer for one of the items can hang on the consent: if not, it need not be looked up.
pub fn asks_consent(matrix: &Matrix, caller: &Caller, items: &[Item], today: Date) -> bool {
    let readers = match caller {
        Caller::Staff(staff) => staff.readers(),
        Caller::Medical(_) => vec![Reader::MedicalInstitution],
        Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => {
            return false;
        }
    };
    items.iter().any(|item| {
        readers.iter().any(|reader| match matrix.cell(*item, *reader, today) {
            Cell::Consent | Cell::ConsentByJob(_) | Cell::DualProvider => true,
            Cell::Open | Cell::Own | Cell::Closed | Cell::Unverified => false,
        })
    })
}

/// A yes comes before a no, a yes without consent before one with it.
fn rank(answer: &Result<bool, Refusal>) -> u8 {
    match answer {
        Ok(false) => 0,
        Ok(true) => 1,
        Err(Refusal::NotShared | Refusal::Unverified) => 3,
        Err(_) => 2,
    }
}

/// What is refused for one item whatever its cell says: outside of a proxy's scope, before the item's own start, or nothing
/// that a board judges by.
fn outside(caller: &Caller, item: Item, standing: &Standing, today: Date) -> Option<Refusal> {
    if let Caller::Person { proxy: Some(proxy), .. } = caller
        && !proxy.scope.covers(item)
    {
        return Some(Refusal::OutsideProxy);
    }
    match caller {
        Caller::Insurer(_) => return None,
        Caller::Board(_) => {
            let judged =
                matches!(item, Item::Survey | Item::DoctorOpinion | Item::CertificationResult | Item::Progress);
            return (!judged).then_some(Refusal::NotShared);
        }
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Medical(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => {}
    }
    // The exchange of plans does not wait for the insurer (CONFIRMED-2: ケアプラン連携は市町村の開始前でも使える).
    if item == Item::CarePlan {
        return None;
    }
    let own = standing.item_starts.iter().find(|(started, _)| *started == item).map(|(_, on)| *on);
    let start = own.max(standing.insurer_started_on).filter(|_| standing.insurer_started_on.is_some());
    match start {
        Some(on) if on <= today => None,
        from => Some(Refusal::InsurerNotStarted { from }),
    }
}

/// The columns in which the caller stands for this person; everything that closes all items at once is refused here.
fn readers(
    caller: &Caller,
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    standing: &Standing,
    today: Date,
) -> Result<Vec<Reader>, Refusal> {
    match caller {
        Caller::Staff(staff) => {
            let charge = standing.charge.ok_or(Refusal::NotInCharge)?;
            if charge.until < today || today < charge.from {
                return Err(Refusal::ChargeEnded { on: charge.until });
            }
            if let Some(on) = standing.lost_on
                && crate::rule::charge::is_settled(on, today)
            {
                return Err(Refusal::QualificationLost { on });
            }
            Ok(staff.readers())
        }
        Caller::Person { insurer_no: own_insurer, insured_no: own, .. } => {
            if (*own_insurer, *own) == (insurer_no, insured_no) {
                Ok(vec![Reader::Person])
            } else {
                Err(Refusal::NotInCharge)
            }
        }
        // An insurer sees its own insured persons from its first load on, whatever it shares.
        Caller::Insurer(staff) if staff.insurer_no == insurer_no => Ok(vec![Reader::Insurer]),
        Caller::Medical(_) => {
            let request = standing.request.ok_or(Refusal::NoRequest)?;
            if request.until < today || today < request.from {
                return Err(Refusal::RequestEnded { on: request.until });
            }
            Ok(vec![Reader::MedicalInstitution])
        }
        // 介護保険法27条4項・5項: the board judges by the survey and the opinion that the insurer hands it.
        Caller::Board(staff) if staff.insurers.contains(&insurer_no) && standing.board_case => {
            Ok(vec![Reader::Insurer])
        }
        Caller::Insurer(_) | Caller::Board(_) => Err(Refusal::NotInCharge),
        Caller::InsurerSystem { .. } | Caller::Operator | Caller::OperatorStaff(_) | Caller::Supporter(_) => {
            Err(Refusal::NotShared)
        }
    }
}

/// The answer of one cell: `Ok(true)` if it needed the consent.
fn answer(
    matrix: &Matrix,
    caller: &Caller,
    reader: Reader,
    item: Item,
    standing: &Standing,
    today: Date,
) -> Result<bool, Refusal> {
    let consent = || match standing.consent {
        ConsentStanding::None => Err(Refusal::NoConsent),
        ConsentStanding::Withdrawn(on) if on <= today => Err(Refusal::ConsentWithdrawn { on }),
        ConsentStanding::Stands | ConsentStanding::Withdrawn(_) => Ok(true),
    };
    let job = |needed| match caller {
        Caller::Staff(staff) if staff.job != needed => Err(Refusal::WrongJob { needed }),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Ok(()),
    };
    match matrix.cell(item, reader, today) {
        Cell::Open => Ok(false),
        Cell::Consent => consent(),
        Cell::ConsentByJob(needed) => job(needed).and_then(|()| consent()),
        // Rows of the kinds that are kept with their maker are narrowed to them by whoever reads them.
        Cell::Own => match caller {
            Caller::Medical(_) if item == Item::DoctorOpinion => Ok(false),
            Caller::Staff(_) if item == Item::Life => Ok(false),
            Caller::Staff(_)
            | Caller::Person { .. }
            | Caller::Insurer(_)
            | Caller::Medical(_)
            | Caller::Board(_)
            | Caller::InsurerSystem { .. }
            | Caller::Operator
            | Caller::OperatorStaff(_)
            | Caller::Supporter(_) => Err(Refusal::NotOwn),
        },
        Cell::DualProvider => match caller {
            Caller::Medical(staff) if !staff.services.is_empty() => consent(),
            Caller::Medical(_)
            | Caller::Staff(_)
            | Caller::Person { .. }
            | Caller::Insurer(_)
            | Caller::Board(_)
            | Caller::InsurerSystem { .. }
            | Caller::Operator
            | Caller::OperatorStaff(_)
            | Caller::Supporter(_) => Err(Refusal::NotShared),
        },
        Cell::Closed => Err(Refusal::NotShared),
        Cell::Unverified => Err(Refusal::Unverified),
    }
}

#[cfg(test)]
mod tests;
