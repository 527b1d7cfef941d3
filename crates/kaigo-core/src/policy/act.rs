//! Acts that are no reading of an item: checking an identity, registering, listing one's own people, loading records,
//! exchanging care plans, and what the four parties do with a case.
//!
//! The exchange (ケアプランデータ連携) asks neither for the insurer's start nor for 担当 or consent: the two offices are the
//! parties of the plan. Only they see a set, and the people of the set see in their logs who did.
//!
//! [`decide_act`] asks who acts; [`decide_act_on`] also asks where the caller stands to the person the act is about.

use super::{Caller, Refusal, Standing};
use crate::codes;
use crate::date::Date;
use crate::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};

codes! {
    /// An act (操作).
    Act, "操作", {
        CheckIdentity = "check-identity" "本人確認",
        RegisterCharge = "register-charge" "担当事業所の登録",
        KeepCharge = "keep-charge" "担当の継続",
        ReleaseCharge = "release-charge" "担当の解除",
        ListOwn = "list-own" "自事業所の利用者一覧",
        LoadRecords = "load-records" "記録の取込",
        Operate = "operate" "運用",
        SendSet = "send-set" "ケアプランデータの送信",
        OpenSet = "open-set" "ケアプランデータの閲覧",
        FetchSet = "fetch-set" "ケアプランデータの受信",
        RecallSet = "recall-set" "ケアプランデータの取下げ",
        ListSets = "list-sets" "ケアプランデータの一覧",
        EnterResult = "enter-result" "実績の入力",
        JoinExchange = "join-exchange" "ケアプランデータ連携の利用開始・設定",
        ListInsured = "list-insured" "被保険者・申請の一覧",
        ManageCase = "manage-case" "認定申請の受付・進み具合の登録",
        RequestOpinion = "request-opinion" "主治医意見書の作成依頼",
        AnswerOpinion = "answer-opinion" "主治医意見書の受理・差戻し",
        ListRequests = "list-requests" "主治医意見書の依頼の一覧",
        WriteOpinion = "write-opinion" "主治医意見書の作成・提出",
        ManageBoard = "manage-board" "審査会への割当・結果の確定",
        ListSessions = "list-sessions" "審査会の開催の一覧",
        JudgeCase = "judge-case" "審査会の判定の登録",
        FileNotice = "file-notice" "居宅サービス計画作成依頼届出の代行",
        AnswerNotice = "answer-notice" "届出の受理・差戻し",
        TakeConsent = "take-consent" "同意の受付",
        WithdrawConsent = "withdraw-consent" "同意の撤回",
        ManageProxy = "manage-proxy" "代理人の登録・終了",
        IssueLetter = "issue-letter" "利用者の登録番号の手紙の発行",
        AskQuestion = "ask-question" "閲覧についての問い合わせ",
        AnswerQuestion = "answer-question" "問い合わせへの回答",
        SetRules = "set-rules" "保険者のきまりの設定",
        HideRecords = "hide-records" "記録がかくれる取込・取込のとりけし",
        ProposeDisaster = "propose-disaster" "災害時の確認の提案",
        ApproveDisaster = "approve-disaster" "災害時の確認の承認・終了",
        ReviewDisaster = "review-disaster" "災害時の確認の点検",
        UseDisaster = "use-disaster" "災害時の確認",
        DeliverPlan = "deliver-plan" "ケアプランの交付用登録",
        LoadClaims = "load-claims" "請求の有無の取込",
        Export = "export" "保険者のシステムへの取出し",
        ViewOffice = "view-office" "自事業所の手続きの閲覧",
        ManageOffice = "manage-office" "自事業所の手続き（ライセンス・助成金・支援の依頼）",
        AskOperator = "ask-operator" "運営への問い合わせ",
        ManageStaff = "manage-staff" "職員のアカウントの管理",
        ManageCertificates = "manage-certificates" "事業所の端末の電子証明書の管理",
        ManageContent = "manage-content" "ポータルの記事・お知らせの編集",
        ManageOffices = "manage-offices" "事業所の利用登録の管理",
        AnswerInquiry = "answer-inquiry" "問い合わせ（運営）への回答",
        ReviewSubsidy = "review-subsidy" "助成金の申請の審査",
        IssueCertificate = "issue-certificate" "電子証明書の発行・失効",
        ManageOperator = "manage-operator" "運営の職員・きまりの管理",
        SupportOffice = "support-office" "事業所の導入の支援",
        ManageTerminals = "manage-terminals" "カードを読む端末の管理",
        LinkCard = "link-card" "マイナンバーカードの登録",
    }
}

/// Where the caller has to stand for an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Staff of any office.
    Office,
    /// Administrators of an office.
    OfficeAdmin,
    /// Administrators of an office, an insurer or the operator's desk.
    AnyAdmin,
    /// The insurer's system or staff.
    Insurer,
    /// The insurer's staff.
    Clerk,
    /// The insurer's administrators.
    ClerkAdmin,
    /// A medical institution.
    Medical,
    /// A certification board.
    Board,
    /// The person, or who acts in the person's place.
    Person,
    /// The insurer's staff, or staff of an office of the kinds that may take consents.
    ClerkOrOffice,
    /// The insurer's staff or the person.
    ClerkOrPerson,
    /// The insurer's administrators, its system, or the operator.
    Claims,
    /// The operator's program.
    Operator,
    /// The operator's desk.
    OperatorDesk,
    /// Administrators of the operator's desk.
    OperatorAdmin,
    /// Who sets up offices.
    Supporter,
}

impl Act {
    /// Who may do it, for the printed policy.
    pub fn who(self) -> &'static str {
        match self {
            Self::CheckIdentity => "staff of an office (at most the limit of tries an hour)",
            Self::RegisterCharge => "staff of an office with an identity check of its own, not older than 30 minutes",
            Self::KeepCharge | Self::ReleaseCharge | Self::FileNotice => "staff of the office that is 担当事業所",
            Self::ListOwn => "staff of an office, its own people only",
            Self::LoadRecords => "the insurer's system or staff, its own insurer only",
            Self::Operate => "the operator's program",
            Self::SendSet => "staff of an office, as the sender only",
            Self::OpenSet | Self::ListSets => "staff of the office that sent or receives the set",
            Self::FetchSet => "staff of the office that receives the set",
            Self::RecallSet => "staff of the office that sent the set, before it was fetched",
            Self::EnterResult => "staff of the office that received the planned use",
            Self::JoinExchange => "administrators of an office",
            Self::ListInsured
            | Self::ManageCase
            | Self::RequestOpinion
            | Self::AnswerOpinion
            | Self::ManageBoard
            | Self::AnswerNotice
            | Self::IssueLetter
            | Self::AnswerQuestion
            | Self::ReviewDisaster
            | Self::Export => "staff of the insurer, its own insured persons only",
            Self::ListRequests | Self::WriteOpinion => {
                "staff of the medical institution that was asked for the opinion"
            }
            Self::ListSessions | Self::JudgeCase => "the board that the case lies before",
            Self::DeliverPlan => "staff of the office that made the plan and is 担当事業所",
            Self::TakeConsent => {
                "staff of the insurer; 居宅介護支援・施設・居住系 that are 担当事業所, in the insurer's place; the person"
            }
            Self::WithdrawConsent | Self::ManageProxy => "staff of the insurer; the person",
            Self::AskQuestion => "the person",
            Self::SetRules | Self::HideRecords => "administrators of the insurer",
            Self::ProposeDisaster => "staff of the insurer",
            Self::ApproveDisaster => "administrators of the insurer, never who proposed it",
            Self::UseDisaster => "staff of an office that an approved disaster mode names, while it lasts",
            Self::LoadClaims => "the operator's program; the insurer's system or staff",
            Self::ViewOffice => "staff of an office, its own procedures only",
            Self::ManageOffice => "administrators of an office, its own procedures only",
            Self::AskOperator => "staff of an office, its own inquiries only",
            Self::ManageStaff => "administrators of an office, an insurer or the desk, own accounts only",
            Self::ManageCertificates | Self::ManageTerminals => "administrators of an office, its own terminals only",
            Self::ManageContent
            | Self::ManageOffices
            | Self::AnswerInquiry
            | Self::ReviewSubsidy
            | Self::IssueCertificate => "staff of the operator's desk",
            Self::ManageOperator => "administrators of the operator's desk",
            Self::SupportOffice => "a supporter whom the office has entrusted",
            Self::LinkCard => "staff of an office that has the person's card and insurance certificate before it",
        }
    }

    fn standing(self) -> Who {
        match self {
            Self::CheckIdentity
            | Self::RegisterCharge
            | Self::KeepCharge
            | Self::ReleaseCharge
            | Self::ListOwn
            | Self::SendSet
            | Self::OpenSet
            | Self::FetchSet
            | Self::RecallSet
            | Self::ListSets
            | Self::EnterResult
            | Self::FileNotice
            | Self::DeliverPlan
            | Self::UseDisaster
            | Self::ViewOffice
            | Self::AskOperator
            | Self::LinkCard => Who::Office,
            Self::JoinExchange | Self::ManageOffice | Self::ManageCertificates | Self::ManageTerminals => {
                Who::OfficeAdmin
            }
            Self::LoadRecords => Who::Insurer,
            Self::ListInsured
            | Self::ManageCase
            | Self::RequestOpinion
            | Self::AnswerOpinion
            | Self::ManageBoard
            | Self::AnswerNotice
            | Self::IssueLetter
            | Self::AnswerQuestion
            | Self::ReviewDisaster
            | Self::Export
            | Self::ProposeDisaster => Who::Clerk,
            Self::SetRules | Self::HideRecords | Self::ApproveDisaster => Who::ClerkAdmin,
            Self::ListRequests | Self::WriteOpinion => Who::Medical,
            Self::ListSessions | Self::JudgeCase => Who::Board,
            Self::TakeConsent => Who::ClerkOrOffice,
            Self::WithdrawConsent | Self::ManageProxy => Who::ClerkOrPerson,
            Self::AskQuestion => Who::Person,
            Self::LoadClaims => Who::Claims,
            Self::Operate => Who::Operator,
            Self::ManageStaff => Who::AnyAdmin,
            Self::ManageContent
            | Self::ManageOffices
            | Self::AnswerInquiry
            | Self::ReviewSubsidy
            | Self::IssueCertificate => Who::OperatorDesk,
            Self::ManageOperator => Who::OperatorAdmin,
            Self::SupportOffice => Who::Supporter,
        }
    }
}

/// The right to one act. Made only by [`decide_act`] and [`decide_act_on`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActGrant {
    act: Act,
    office_no: Option<OfficeNo>,
    insurer_no: Option<InsurerNo>,
    institution_no: Option<InstitutionNo>,
    board_id: Option<String>,
    person: Option<(InsurerNo, InsuredNo)>,
}

impl ActGrant {
    /// What may be done.
    pub fn act(&self) -> Act {
        self.act
    }

    /// The office that acts, for acts of an office.
    pub fn office_no(&self) -> Option<OfficeNo> {
        self.office_no
    }

    /// The insurer that acts, or whose records are touched by its system.
    pub fn insurer_no(&self) -> Option<InsurerNo> {
        self.insurer_no
    }

    /// The medical institution that acts.
    pub fn institution_no(&self) -> Option<InstitutionNo> {
        self.institution_no
    }

    /// The board that acts.
    pub fn board_id(&self) -> Option<&str> {
        self.board_id.as_deref()
    }

    /// The person the act is about, if the policy was asked about one.
    pub fn person(&self) -> Option<(InsurerNo, InsuredNo)> {
        self.person
    }

    /// Whether this is the right to that act on that person.
    pub fn is_on(&self, act: Act, insurer_no: InsurerNo, insured_no: InsuredNo) -> bool {
        self.act == act && self.person == Some((insurer_no, insured_no))
    }
}

/// Decides whether the caller may do the act, on whomever it is.
///
/// # Errors
/// [`Refusal::NotAllowed`] for anybody else.
pub fn decide_act(caller: &Caller, act: Act) -> Result<ActGrant, Refusal> {
    let none = ActGrant { act, office_no: None, insurer_no: None, institution_no: None, board_id: None, person: None };
    let who = act.standing();
    match caller {
        Caller::Staff(staff) => {
            let may = match who {
                Who::Office | Who::ClerkOrOffice => true,
                Who::OfficeAdmin | Who::AnyAdmin => staff.is_admin,
                Who::Insurer
                | Who::Clerk
                | Who::ClerkAdmin
                | Who::Medical
                | Who::Board
                | Who::Person
                | Who::ClerkOrPerson
                | Who::Claims
                | Who::Operator
                | Who::OperatorDesk
                | Who::OperatorAdmin
                | Who::Supporter => false,
            };
            may.then_some(ActGrant { office_no: Some(staff.office_no), ..none }).ok_or(Refusal::NotAllowed)
        }
        Caller::Insurer(staff) => {
            let may = match who {
                Who::Insurer | Who::Clerk | Who::ClerkOrOffice | Who::ClerkOrPerson | Who::Claims => true,
                Who::ClerkAdmin | Who::AnyAdmin => staff.is_admin,
                Who::Office
                | Who::OfficeAdmin
                | Who::Medical
                | Who::Board
                | Who::Person
                | Who::Operator
                | Who::OperatorDesk
                | Who::OperatorAdmin
                | Who::Supporter => false,
            };
            may.then_some(ActGrant { insurer_no: Some(staff.insurer_no), ..none }).ok_or(Refusal::NotAllowed)
        }
        Caller::Medical(staff) if who == Who::Medical => {
            Ok(ActGrant { institution_no: Some(staff.institution_no), ..none })
        }
        Caller::Board(staff) if who == Who::Board => Ok(ActGrant { board_id: Some(staff.board_id.clone()), ..none }),
        Caller::Person { insurer_no, insured_no, .. }
            if matches!(who, Who::Person | Who::ClerkOrPerson | Who::ClerkOrOffice) =>
        {
            Ok(ActGrant { person: Some((*insurer_no, *insured_no)), ..none })
        }
        Caller::InsurerSystem { insurer_no } if matches!(who, Who::Insurer | Who::Claims) => {
            Ok(ActGrant { insurer_no: Some(*insurer_no), ..none })
        }
        Caller::Operator if matches!(who, Who::Operator | Who::Claims) => Ok(none),
        Caller::OperatorStaff(staff)
            if who == Who::OperatorDesk || (matches!(who, Who::OperatorAdmin | Who::AnyAdmin) && staff.is_admin) =>
        {
            Ok(none)
        }
        Caller::Supporter(_) if who == Who::Supporter => Ok(none),
        Caller::Medical(_)
        | Caller::Board(_)
        | Caller::Person { .. }
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Refusal::NotAllowed),
    }
}

/// Decides whether the caller may do the act on that person today. Asks neither for the insurer's start nor for consent:
/// an act that needs them asks itself.
///
/// # Errors
/// [`Refusal::NotAllowed`] for who may never do it, else why not on this person.
pub fn decide_act_on(
    caller: &Caller,
    act: Act,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    standing: &Standing,
    today: Date,
) -> Result<ActGrant, Refusal> {
    let grant = decide_act(caller, act)?;
    match caller {
        Caller::Staff(staff) => {
            let charge = standing.charge.ok_or(Refusal::NotInCharge)?;
            if charge.until < today || today < charge.from {
                return Err(Refusal::ChargeEnded { on: charge.until });
            }
            if act == Act::TakeConsent && !staff.may_take_consent() {
                return Err(Refusal::OfficeKind);
            }
        }
        Caller::Insurer(staff) if staff.insurer_no != insurer_no => return Err(Refusal::NotInCharge),
        Caller::Medical(_) => {
            let request = standing.request.ok_or(Refusal::NoRequest)?;
            if request.until < today || today < request.from {
                return Err(Refusal::RequestEnded { on: request.until });
            }
        }
        Caller::Board(staff) if !(standing.board_case && staff.insurers.contains(&insurer_no)) => {
            return Err(Refusal::NotInCharge);
        }
        Caller::Person { insurer_no: own_insurer, insured_no: own, proxy, .. } => {
            if (*own_insurer, *own) != (insurer_no, insured_no) {
                return Err(Refusal::NotInCharge);
            }
            // Who acts in the person's place names nobody else to do so; the consent is in the hands of those who may do
            // everything, and who may not see the log asks nothing about it.
            if let Some(proxy) = proxy {
                let consents = matches!(act, Act::TakeConsent | Act::WithdrawConsent);
                if act == Act::ManageProxy
                    || (consents && proxy.scope != super::ProxyScope::Everything)
                    || (act == Act::AskQuestion && !proxy.scope.covers(super::Item::AccessLog))
                {
                    return Err(Refusal::OutsideProxy);
                }
            }
        }
        Caller::InsurerSystem { insurer_no: own } if *own != insurer_no => return Err(Refusal::NotInCharge),
        // Neither has anything to do with a person.
        Caller::OperatorStaff(_) | Caller::Supporter(_) => return Err(Refusal::NotAllowed),
        Caller::Insurer(_) | Caller::Board(_) | Caller::InsurerSystem { .. } | Caller::Operator => {}
    }
    Ok(ActGrant { person: Some((insurer_no, insured_no)), ..grant })
}
