//! Acts that are no reading of an item: checking an identity, registering, listing one's own people, loading records,
//! exchanging care plans.
//!
//! The exchange (ケアプランデータ連携) asks neither for the insurer's start nor for 担当 or consent: the two offices are the
//! parties of the plan. Only they see a set, and the people of the set see in their logs who did.

use super::{Caller, Refusal};
use crate::codes;
use crate::id::{InsurerNo, OfficeNo};

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
    }
}

impl Act {
    /// Who may do it, for the printed policy.
    pub fn who(self) -> &'static str {
        match self {
            Self::CheckIdentity => "staff of an office (at most the limit of tries an hour)",
            Self::RegisterCharge => "staff of an office with an identity check of its own, not older than 30 minutes",
            Self::KeepCharge | Self::ReleaseCharge => "staff of the office that is 担当事業所",
            Self::ListOwn => "staff of an office, its own people only",
            Self::LoadRecords => "the insurer's system, its own insurer only",
            Self::Operate => "the operator's program",
            Self::SendSet => "staff of an office, as the sender only",
            Self::OpenSet | Self::ListSets => "staff of the office that sent or receives the set",
            Self::FetchSet => "staff of the office that receives the set",
            Self::RecallSet => "staff of the office that sent the set, before it was fetched",
            Self::EnterResult => "staff of the office that received the planned use",
            Self::JoinExchange => "administrators of an office",
        }
    }
}

/// The right to one act. Made only by [`decide_act`].
#[derive(Debug, PartialEq, Eq)]
pub struct ActGrant {
    act: Act,
    office_no: Option<OfficeNo>,
    insurer_no: Option<InsurerNo>,
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

    /// The insurer whose records are touched, for loads.
    pub fn insurer_no(&self) -> Option<InsurerNo> {
        self.insurer_no
    }
}

/// Decides whether the caller may do the act.
///
/// # Errors
/// [`Refusal::NotAllowed`] for anybody else.
pub fn decide_act(caller: &Caller, act: Act) -> Result<ActGrant, Refusal> {
    match (act, caller) {
        (
            Act::CheckIdentity
            | Act::RegisterCharge
            | Act::KeepCharge
            | Act::ReleaseCharge
            | Act::ListOwn
            | Act::SendSet
            | Act::OpenSet
            | Act::FetchSet
            | Act::RecallSet
            | Act::ListSets
            | Act::EnterResult,
            Caller::Staff(staff),
        ) => Ok(ActGrant { act, office_no: Some(staff.office_no), insurer_no: None }),
        (Act::JoinExchange, Caller::Staff(staff)) if staff.is_admin => {
            Ok(ActGrant { act, office_no: Some(staff.office_no), insurer_no: None })
        }
        (Act::LoadRecords, Caller::InsurerSystem { insurer_no }) => {
            Ok(ActGrant { act, office_no: None, insurer_no: Some(*insurer_no) })
        }
        (Act::Operate, Caller::Operator) => Ok(ActGrant { act, office_no: None, insurer_no: None }),
        (
            Act::CheckIdentity
            | Act::RegisterCharge
            | Act::KeepCharge
            | Act::ReleaseCharge
            | Act::ListOwn
            | Act::LoadRecords
            | Act::Operate
            | Act::SendSet
            | Act::OpenSet
            | Act::FetchSet
            | Act::RecallSet
            | Act::ListSets
            | Act::EnterResult
            | Act::JoinExchange,
            Caller::Staff(_) | Caller::Person { .. } | Caller::InsurerSystem { .. } | Caller::Operator,
        ) => Err(Refusal::NotAllowed),
    }
}
