//! The kinds of file of the standard, the editions of their layouts, and the sets in which they travel.

use crate::layout::{self, Item};

macro_rules! kinds {
    ($($(#[$meta:meta])* $variant:ident = $prefix:literal $label:literal $items:expr),+ $(,)?) => {
        /// Kind of file (ケアプランデータ連携標準仕様 4.1 §2.1, §3.1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$meta])* #[doc = $label] $variant),+
        }

        impl Kind {
            /// Every kind in the order of the standard.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The first part of the file's name.
            pub fn prefix(self) -> &'static str {
                match self { $(Self::$variant => $prefix),+ }
            }

            /// Japanese name of the document.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The columns of edition 4.1; none for the picture.
            pub fn items(self) -> &'static [Item] {
                match self { $(Self::$variant => $items),+ }
            }
        }
    };
}

kinds! {
    Supplement = "UPHOSOKU" "利用者補足情報" layout::supplement::ITEMS,
    Sheet1 = "UP1KYO" "居宅サービス計画1表" layout::sheet1::ITEMS,
    Sheet1Deletion = "DLT1KYO" "居宅サービス計画1表_削除" layout::sheet1_deletion::ITEMS,
    Sheet2 = "UP2KYO" "居宅サービス計画2表" layout::sheet2::ITEMS,
    Sheet3 = "UP3KYO" "居宅サービス計画3表" layout::sheet3::ITEMS,
    Planned = "UPPLAN" "第6表（サービス利用票）予定" layout::usage::ITEMS,
    PlannedDeletion = "DLTPLAN" "第6表 予定_削除" layout::planned_deletion::ITEMS,
    Result = "UPJSK" "第6表（サービス利用票）実績情報" layout::usage::ITEMS,
    ResultDeletion = "DLTJSK" "第6表 実績情報_削除" layout::result_deletion::ITEMS,
    Detail = "UPSIKYU" "第7表（サービス利用票別表）" layout::detail::ITEMS,
    Basic = "UPKIHON" "利用者基本情報" layout::basic::ITEMS,
    BasicDay = "UPKIHON_SUB1" "利用者基本情報 別表1（1日の生活・すごし方）" layout::basic_day::ITEMS,
    BasicIllness = "UPKIHON_SUB2" "利用者基本情報 別表2（現病歴・既往歴）" layout::basic_illness::ITEMS,
    /// A JPEG, not a table.
    BasicImage = "UPKIHON_IMAGE" "利用者基本情報 家族構成の画像" &[],
    BasicDeletion = "DLTKIHON" "利用者基本情報_削除" layout::basic_deletion::ITEMS,
    Prevention = "UPYOBO" "介護予防サービス・支援計画書" layout::prevention::ITEMS,
    PreventionSupport = "UPYOBO_SUB" "介護予防サービス・支援計画書 別表（支援計画）" layout::prevention_support::ITEMS,
    PreventionDeletion = "DLTYOBO" "介護予防サービス・支援計画書_削除" layout::prevention_deletion::ITEMS,
}

impl Kind {
    /// The kind whose name begins so; the longest prefix wins (`UPKIHON_SUB1` before `UPKIHON`).
    pub fn of_name(name: &str) -> Option<Self> {
        let is_own = |kind: &&Self| {
            name.get(..kind.prefix().len()).is_some_and(|start| start.eq_ignore_ascii_case(kind.prefix()))
                && name.as_bytes().get(kind.prefix().len()) == Some(&b'_')
        };
        Self::ALL.iter().filter(is_own).max_by_key(|kind| kind.prefix().len()).copied()
    }

    /// Whether the name carries the month of service (対象年月) as its second part.
    pub fn has_month(self) -> bool {
        matches!(
            self,
            Self::Supplement
                | Self::Planned
                | Self::PlannedDeletion
                | Self::Result
                | Self::ResultDeletion
                | Self::Detail
        )
    }

    /// Whether it is one of the deletion files.
    pub fn is_deletion(self) -> bool {
        matches!(
            self,
            Self::Sheet1Deletion
                | Self::PlannedDeletion
                | Self::ResultDeletion
                | Self::BasicDeletion
                | Self::PreventionDeletion
        )
    }

    /// Whether it belongs to 介護予防 only.
    pub fn is_prevention(self) -> bool {
        matches!(
            self,
            Self::Basic
                | Self::BasicDay
                | Self::BasicIllness
                | Self::BasicImage
                | Self::BasicDeletion
                | Self::Prevention
                | Self::PreventionSupport
                | Self::PreventionDeletion
        )
    }
}

/// Edition of the standard by its CSVバージョン. A label, not a date to compare: `202407` is newer than `202504` (§2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// 初版, from service month 2020-03.
    First,
    /// 第2版, from 2020-10.
    Second,
    /// 第3版, 3.1 and 3.2, from 2023-01.
    Third,
    /// 第4.0版, superseded before it came into force.
    FourZero,
    /// 第4.1版, from 2025-04: the current one.
    FourOne,
}

impl Edition {
    /// The value of column 1.
    pub fn version(self) -> &'static str {
        match self {
            Self::First => "201910",
            Self::Second => "202003",
            Self::Third => "202208",
            Self::FourZero => "202504",
            Self::FourOne => "202407",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::First => "初版",
            Self::Second => "第2版",
            Self::Third => "第3版",
            Self::FourZero => "第4.0版",
            Self::FourOne => "第4.1版",
        }
    }

    /// Reads column 1.
    pub fn parse(version: &str) -> Option<Self> {
        [Self::First, Self::Second, Self::Third, Self::FourZero, Self::FourOne]
            .into_iter()
            .find(|edition| edition.version() == version)
    }
}

/// What travels together under one 連番 (送信単位, §2.4 and §3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 第1表・第2表・第3表 and 利用者補足情報.
    CarePlan,
    /// 第6表予定・第7表 and 利用者補足情報.
    Usage,
    /// 第6表実績.
    Result,
    /// 第1表_削除.
    CarePlanDeletion,
    /// 第6表予定_削除.
    UsageDeletion,
    /// 第6表実績_削除.
    ResultDeletion,
    /// 利用者基本情報 (予防).
    Basic,
    /// 支援計画書, with 利用者基本情報 or without (予防).
    Prevention,
    /// 利用者基本情報_削除.
    BasicDeletion,
    /// 支援計画書_削除.
    PreventionDeletion,
    /// 委託: 予定 and 実績 together, from 居宅介護支援 to 地域包括支援センター (§3.1, §5.2.2.1).
    UsageAndResult,
}

impl Unit {
    /// Every unit.
    pub const ALL: &'static [Self] = &[
        Self::CarePlan,
        Self::Usage,
        Self::Result,
        Self::CarePlanDeletion,
        Self::UsageDeletion,
        Self::ResultDeletion,
        Self::Basic,
        Self::Prevention,
        Self::BasicDeletion,
        Self::PreventionDeletion,
        Self::UsageAndResult,
    ];

    /// Code in JSON and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::CarePlan => "care-plan",
            Self::Usage => "usage",
            Self::Result => "result",
            Self::CarePlanDeletion => "care-plan-deletion",
            Self::UsageDeletion => "usage-deletion",
            Self::ResultDeletion => "result-deletion",
            Self::Basic => "basic",
            Self::Prevention => "prevention",
            Self::BasicDeletion => "basic-deletion",
            Self::PreventionDeletion => "prevention-deletion",
            Self::UsageAndResult => "usage-and-result",
        }
    }

    /// Japanese label.
    pub fn label(self) -> &'static str {
        match self {
            Self::CarePlan => "居宅サービス計画（第1〜3表）",
            Self::Usage => "予定（第6・7表）",
            Self::Result => "実績（第6表）",
            Self::CarePlanDeletion => "居宅サービス計画の取消",
            Self::UsageDeletion => "予定の取消",
            Self::ResultDeletion => "実績の取消",
            Self::Basic => "利用者基本情報（予防）",
            Self::Prevention => "介護予防サービス・支援計画書",
            Self::BasicDeletion => "利用者基本情報の取消",
            Self::PreventionDeletion => "介護予防サービス・支援計画書の取消",
            Self::UsageAndResult => "予定と実績（委託）",
        }
    }

    /// Reads the code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|unit| unit.code() == code).copied()
    }

    /// Whether it is about one month of service.
    pub fn has_month(self) -> bool {
        matches!(self, Self::Usage | Self::Result | Self::UsageDeletion | Self::ResultDeletion | Self::UsageAndResult)
    }

    /// Kinds that must be there.
    pub fn required(self) -> &'static [Kind] {
        match self {
            Self::CarePlan => &[Kind::Sheet1, Kind::Sheet2, Kind::Sheet3, Kind::Supplement],
            Self::Usage => &[Kind::Planned, Kind::Detail, Kind::Supplement],
            Self::UsageAndResult => &[Kind::Planned, Kind::Detail, Kind::Supplement, Kind::Result],
            Self::Result => &[Kind::Result],
            Self::CarePlanDeletion => &[Kind::Sheet1Deletion],
            Self::UsageDeletion => &[Kind::PlannedDeletion],
            Self::ResultDeletion => &[Kind::ResultDeletion],
            Self::Basic => &[Kind::Basic],
            Self::Prevention => &[Kind::Prevention],
            Self::BasicDeletion => &[Kind::BasicDeletion],
            Self::PreventionDeletion => &[Kind::PreventionDeletion],
        }
    }

    /// Kinds that may be there, too.
    pub fn optional(self) -> &'static [Kind] {
        match self {
            Self::Basic => &[Kind::BasicDay, Kind::BasicIllness, Kind::BasicImage],
            Self::Prevention => {
                &[Kind::PreventionSupport, Kind::Basic, Kind::BasicDay, Kind::BasicIllness, Kind::BasicImage]
            }
            Self::CarePlan
            | Self::Usage
            | Self::UsageAndResult
            | Self::Result
            | Self::CarePlanDeletion
            | Self::UsageDeletion
            | Self::ResultDeletion
            | Self::BasicDeletion
            | Self::PreventionDeletion => &[],
        }
    }
}
