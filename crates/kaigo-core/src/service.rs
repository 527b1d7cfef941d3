//! Kinds of service: サービス種類コード (two characters) and the three-digit codes of 介護サービス情報公表.
//!
//! The two are different code spaces: 320 of the open data is 32, but 361 is 36 and 551 is 2A. Sources: 介護給付費の
//! 請求インターフェース (サービス種類コード), 介護サービス情報公表システム オープンデータ (厚生労働省).

use crate::codes;
use crate::text::halfwidth;

codes! {
    /// Kind of service (サービス種類コード). 42, 44, 45 and 59 are inferred; ended kinds stay for old records.
    ServiceKind, "サービス種類コード", {
        HomeHelp = "11" "訪問介護",
        HomeBathing = "12" "訪問入浴介護",
        HomeNursing = "13" "訪問看護",
        HomeRehabilitation = "14" "訪問リハビリテーション",
        DayCare = "15" "通所介護",
        DayRehabilitation = "16" "通所リハビリテーション",
        EquipmentRental = "17" "福祉用具貸与",
        ShortStay = "21" "短期入所生活介護",
        ShortStayHealthFacility = "22" "短期入所療養介護（介護老人保健施設）",
        ShortStayHospital = "23" "短期入所療養介護（療養病床等）",
        PreventiveShortStay = "24" "介護予防短期入所生活介護",
        PreventiveShortStayHealthFacility = "25" "介護予防短期入所療養介護（介護老人保健施設）",
        PreventiveShortStayHospital = "26" "介護予防短期入所療養介護（療養病床等）",
        SpecifiedFacilityShort = "27" "特定施設入居者生活介護（短期利用）",
        CommunitySpecifiedFacilityShort = "28" "地域密着型特定施設入居者生活介護（短期利用）",
        ShortStayMedicalCareHome = "2A" "短期入所療養介護（介護医療院）",
        PreventiveShortStayMedicalCareHome = "2B" "介護予防短期入所療養介護（介護医療院）",
        MedicalGuidance = "31" "居宅療養管理指導",
        GroupHome = "32" "認知症対応型共同生活介護",
        SpecifiedFacility = "33" "特定施設入居者生活介護",
        PreventiveMedicalGuidance = "34" "介護予防居宅療養管理指導",
        PreventiveSpecifiedFacility = "35" "介護予防特定施設入居者生活介護",
        CommunitySpecifiedFacility = "36" "地域密着型特定施設入居者生活介護",
        PreventiveGroupHome = "37" "介護予防認知症対応型共同生活介護",
        GroupHomeShort = "38" "認知症対応型共同生活介護（短期利用）",
        PreventiveGroupHomeShort = "39" "介護予防認知症対応型共同生活介護（短期利用）",
        EquipmentSale = "41" "特定福祉用具販売",
        HomeModification = "42" "住宅改修",
        CareManagement = "43" "居宅介護支援",
        PreventiveEquipmentSale = "44" "特定介護予防福祉用具販売",
        PreventiveHomeModification = "45" "介護予防住宅改修",
        PreventiveSupport = "46" "介護予防支援",
        WelfareFacility = "51" "介護老人福祉施設",
        HealthFacility = "52" "介護老人保健施設",
        /// Ended 2024-03-31.
        SanatoriumFacility = "53" "介護療養型医療施設",
        CommunityWelfareFacility = "54" "地域密着型介護老人福祉施設",
        MedicalCareHome = "55" "介護医療院",
        FacilityLivingCost = "59" "特定入所者介護サービス費",
        /// Ended 2018-03.
        PreventiveHomeHelp = "61" "介護予防訪問介護",
        PreventiveHomeBathing = "62" "介護予防訪問入浴介護",
        PreventiveHomeNursing = "63" "介護予防訪問看護",
        PreventiveHomeRehabilitation = "64" "介護予防訪問リハビリテーション",
        /// Ended 2018-03.
        PreventiveDayCare = "65" "介護予防通所介護",
        PreventiveDayRehabilitation = "66" "介護予防通所リハビリテーション",
        PreventiveEquipmentRental = "67" "介護予防福祉用具貸与",
        SmallMultifunctionalShort = "68" "小規模多機能型居宅介護（短期利用）",
        PreventiveSmallMultifunctionalShort = "69" "介護予防小規模多機能型居宅介護（短期利用）",
        NightHomeHelp = "71" "夜間対応型訪問介護",
        DementiaDayCare = "72" "認知症対応型通所介護",
        SmallMultifunctional = "73" "小規模多機能型居宅介護",
        PreventiveDementiaDayCare = "74" "介護予防認知症対応型通所介護",
        PreventiveSmallMultifunctional = "75" "介護予防小規模多機能型居宅介護",
        RoundTheClockVisiting = "76" "定期巡回・随時対応型訪問介護看護",
        NursingSmallMultifunctional = "77" "看護小規模多機能型居宅介護",
        CommunityDayCare = "78" "地域密着型通所介護",
        NursingSmallMultifunctionalShort = "79" "看護小規模多機能型居宅介護（短期利用）",
        VisitingDeemed = "A1" "訪問型サービス（みなし）",
        VisitingOwn = "A2" "訪問型サービス（独自）",
        VisitingOwnRate = "A3" "訪問型サービス（独自／定率）",
        VisitingOwnFixed = "A4" "訪問型サービス（独自／定額）",
        DayDeemed = "A5" "通所型サービス（みなし）",
        DayOwn = "A6" "通所型サービス（独自）",
        DayOwnRate = "A7" "通所型サービス（独自／定率）",
        DayOwnFixed = "A8" "通所型サービス（独自／定額）",
        MealRate = "A9" "生活支援サービス（配食／定率）",
        MealFixed = "AA" "生活支援サービス（配食／定額）",
        WatchRate = "AB" "生活支援サービス（見守り／定率）",
        WatchFixed = "AC" "生活支援サービス（見守り／定額）",
        OtherSupportRate = "AD" "生活支援サービス（その他／定率）",
        OtherSupportFixed = "AE" "生活支援サービス（その他／定額）",
        PreventiveCareManagement = "AF" "介護予防ケアマネジメント",
    }
}

/// Class of an office by its kind of service, as the access policy asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficeClass {
    /// Makes care plans for people at home: 居宅介護支援, 介護予防支援, 介護予防ケアマネジメント.
    CareManagement,
    /// Its own care manager makes the plan of those who live in or are registered with it.
    FacilityWithCareManager,
    /// Delivers a service under a plan that someone else makes.
    Other,
}

impl OfficeClass {
    /// Japanese label.
    pub fn label(self) -> &'static str {
        match self {
            Self::CareManagement => "居宅介護支援・介護予防支援",
            Self::FacilityWithCareManager => "施設・居住系・多機能系（計画を自ら作る事業所）",
            Self::Other => "そのほかのサービス事業所",
        }
    }
}

impl ServiceKind {
    /// Class of the office. Short use (短期利用) is [`OfficeClass::Other`]: the plan then comes from outside.
    pub fn office_class(self) -> OfficeClass {
        if matches!(self, Self::CareManagement | Self::PreventiveSupport | Self::PreventiveCareManagement) {
            OfficeClass::CareManagement
        } else if matches!(
            self,
            Self::WelfareFacility
                | Self::HealthFacility
                | Self::SanatoriumFacility
                | Self::CommunityWelfareFacility
                | Self::MedicalCareHome
                | Self::GroupHome
                | Self::PreventiveGroupHome
                | Self::SpecifiedFacility
                | Self::PreventiveSpecifiedFacility
                | Self::CommunitySpecifiedFacility
                | Self::SmallMultifunctional
                | Self::PreventiveSmallMultifunctional
                | Self::NursingSmallMultifunctional
        ) {
            OfficeClass::FacilityWithCareManager
        } else {
            OfficeClass::Other
        }
    }

    /// The kind for a file code of the open data (`110`, `331`, `551` …).
    pub fn from_disclosure(file_code: &str) -> Option<Self> {
        DisclosureKind::parse(file_code).ok().map(DisclosureKind::service_kind)
    }

    /// The kind for a name in the column サービスの種類 of the open data.
    pub fn from_disclosure_name(name: &str) -> Option<Self> {
        DisclosureKind::from_name(name).map(DisclosureKind::service_kind)
    }
}

codes! {
    /// Kind of service in 介護サービス情報公表 (file code of the open data), with the name of the column サービスの種類.
    ///
    /// Names of files that were read are verbatim; 333, 336, 337 and 363 are inferred from their neighbours.
    DisclosureKind, "介護サービス情報公表のサービスコード", {
        HomeHelp = "110" "訪問介護",
        HomeBathing = "120" "訪問入浴介護",
        HomeNursing = "130" "訪問看護",
        HomeRehabilitation = "140" "訪問リハビリテーション",
        DayCare = "150" "通所介護",
        MedicalDayCare = "155" "療養通所介護",
        DayRehabilitation = "160" "通所リハビリテーション",
        EquipmentRental = "170" "福祉用具貸与",
        ShortStay = "210" "短期入所生活介護",
        ShortStayHealthFacility = "220" "短期入所療養介護（介護老人保健施設）",
        ShortStayHospital = "230" "短期入所療養介護(療養病床を有する病院等）",
        GroupHome = "320" "認知症対応型共同生活介護",
        PaidHome = "331" "特定施設入居者生活介護（有料老人ホーム）",
        LowCostHome = "332" "特定施設入居者生活介護（軽費老人ホーム）",
        RentedHousing = "333" "特定施設入居者生活介護（適合高齢者専用賃貸住宅）",
        ServicedHousing = "334" "特定施設入居者生活介護（有料老人ホーム（サービス付き高齢者向け住宅））",
        PaidHomeOutside = "335" "特定施設入居者生活介護（有料老人ホーム（外部サービス利用型））",
        LowCostHomeOutside = "336" "特定施設入居者生活介護（軽費老人ホーム（外部サービス利用型））",
        ServicedHousingOutside = "337" "特定施設入居者生活介護（有料老人ホーム（サービス付き高齢者向け住宅・外部サービス利用型））",
        CommunityPaidHome = "361" "地域密着型特定施設入居者生活介護（有料老人ホーム）",
        CommunityLowCostHome = "362" "地域密着型特定施設入居者生活介護（軽費老人ホーム）",
        CommunityRentedHousing = "363" "地域密着型特定施設入居者生活介護（適合高齢者専用賃貸住宅）",
        CommunityServicedHousing = "364" "地域密着型特定施設入居者生活介護（有料老人ホーム（サービス付き高齢者向け住宅））",
        EquipmentSale = "410" "特定福祉用具販売",
        CareManagement = "430" "居宅介護支援",
        WelfareFacility = "510" "介護老人福祉施設",
        HealthFacility = "520" "介護老人保健施設",
        SanatoriumFacility = "530" "介護療養型医療施設",
        CommunityWelfareFacility = "540" "地域密着型介護老人福祉施設入所者生活介護",
        MedicalCareHome = "550" "介護医療院",
        ShortStayMedicalCareHome = "551" "短期入所療養介護（介護医療院）",
        NightHomeHelp = "710" "夜間対応型訪問介護",
        DementiaDayCare = "720" "認知症対応型通所介護",
        SmallMultifunctional = "730" "小規模多機能型居宅介護",
        RoundTheClockVisiting = "760" "定期巡回・随時対応型訪問介護看護",
        NursingSmallMultifunctional = "770" "看護小規模多機能型居宅介護（複合型サービス）",
        CommunityDayCare = "780" "地域密着型通所介護",
    }
}

impl DisclosureKind {
    /// The kind with that name, whatever the width of its brackets and spaces; a further description in brackets that
    /// is not in the table is left aside where the name before it is clear.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = fold(name);
        let before = |text: &str| text.split('(').next().unwrap_or_default().to_owned();
        let known =
            |found: fn(&str, &str) -> bool| Self::ALL.iter().copied().find(|kind| found(&fold(kind.label()), &name));
        if let Some(kind) = known(|label, name| label == name) {
            return Some(kind);
        }
        let base = before(&name);
        // 短期入所療養介護 alone is three kinds: the bracket decides and must be known.
        if base.is_empty() || base == "短期入所療養介護" {
            return None;
        }
        Self::ALL.iter().copied().find(|kind| before(&fold(kind.label())) == base)
    }

    /// The two-character kind.
    pub fn service_kind(self) -> ServiceKind {
        match self {
            Self::HomeHelp => ServiceKind::HomeHelp,
            Self::HomeBathing => ServiceKind::HomeBathing,
            Self::HomeNursing => ServiceKind::HomeNursing,
            Self::HomeRehabilitation => ServiceKind::HomeRehabilitation,
            Self::DayCare => ServiceKind::DayCare,
            // 療養通所介護 is part of 地域密着型通所介護 since 2016-04.
            Self::MedicalDayCare | Self::CommunityDayCare => ServiceKind::CommunityDayCare,
            Self::DayRehabilitation => ServiceKind::DayRehabilitation,
            Self::EquipmentRental => ServiceKind::EquipmentRental,
            Self::ShortStay => ServiceKind::ShortStay,
            Self::ShortStayHealthFacility => ServiceKind::ShortStayHealthFacility,
            Self::ShortStayHospital => ServiceKind::ShortStayHospital,
            Self::GroupHome => ServiceKind::GroupHome,
            Self::PaidHome
            | Self::LowCostHome
            | Self::RentedHousing
            | Self::ServicedHousing
            | Self::PaidHomeOutside
            | Self::LowCostHomeOutside
            | Self::ServicedHousingOutside => ServiceKind::SpecifiedFacility,
            Self::CommunityPaidHome
            | Self::CommunityLowCostHome
            | Self::CommunityRentedHousing
            | Self::CommunityServicedHousing => ServiceKind::CommunitySpecifiedFacility,
            Self::EquipmentSale => ServiceKind::EquipmentSale,
            Self::CareManagement => ServiceKind::CareManagement,
            Self::WelfareFacility => ServiceKind::WelfareFacility,
            Self::HealthFacility => ServiceKind::HealthFacility,
            Self::SanatoriumFacility => ServiceKind::SanatoriumFacility,
            Self::CommunityWelfareFacility => ServiceKind::CommunityWelfareFacility,
            Self::MedicalCareHome => ServiceKind::MedicalCareHome,
            Self::ShortStayMedicalCareHome => ServiceKind::ShortStayMedicalCareHome,
            Self::NightHomeHelp => ServiceKind::NightHomeHelp,
            Self::DementiaDayCare => ServiceKind::DementiaDayCare,
            Self::SmallMultifunctional => ServiceKind::SmallMultifunctional,
            Self::RoundTheClockVisiting => ServiceKind::RoundTheClockVisiting,
            Self::NursingSmallMultifunctional => ServiceKind::NursingSmallMultifunctional,
        }
    }
}

fn fold(name: &str) -> String {
    halfwidth(name).chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_labels_are_unique() {
        let codes: BTreeSet<_> = ServiceKind::ALL.iter().map(|k| k.code()).collect();
        let labels: BTreeSet<_> = ServiceKind::ALL.iter().map(|k| k.label()).collect();
        assert_eq!(codes.len(), ServiceKind::ALL.len());
        assert_eq!(labels.len(), ServiceKind::ALL.len());
        assert!(codes.iter().all(|c| c.len() == 2));
        assert_eq!(ServiceKind::ALL.len(), 71);
    }

    #[test]
    fn names_of_the_published_files() {
        for (code, name, want) in [
            ("120", "訪問入浴介護", "12"),
            ("220", "短期入所療養介護（介護老人保健施設）", "22"),
            ("230", "短期入所療養介護(療養病床を有する病院等）", "23"),
            ("331", "特定施設入居者生活介護（有料老人ホーム）", "33"),
            ("335", "特定施設入居者生活介護（有料老人ホーム（外部サービス利用型））", "33"),
            ("364", "地域密着型特定施設入居者生活介護（有料老人ホーム（サービス付き高齢者向け住宅））", "36"),
            ("540", "地域密着型介護老人福祉施設入所者生活介護", "54"),
            ("551", "短期入所療養介護（介護医療院）", "2A"),
            ("760", "定期巡回・随時対応型訪問介護看護", "76"),
            ("770", "看護小規模多機能型居宅介護（複合型サービス）", "77"),
            ("155", "療養通所介護", "78"),
        ] {
            let want = ServiceKind::parse(want).unwrap();
            assert_eq!(ServiceKind::from_disclosure(code), Some(want), "{code}");
            assert_eq!(ServiceKind::from_disclosure_name(name), Some(want), "{name}");
        }
    }

    #[test]
    fn every_disclosure_code_and_name_maps() {
        for kind in DisclosureKind::ALL {
            assert_eq!(DisclosureKind::from_name(kind.label()), Some(*kind));
            assert_eq!(ServiceKind::from_disclosure(kind.code()), Some(kind.service_kind()));
        }
        assert_eq!(
            DisclosureKind::from_name("短期入所療養介護 (療養病床を有する病院等)"),
            Some(DisclosureKind::ShortStayHospital)
        );
        assert_eq!(
            ServiceKind::from_disclosure_name("特定施設入居者生活介護（新しい種類）"),
            Some(ServiceKind::SpecifiedFacility)
        );
        for name in ["", "短期入所療養介護", "介護", "（有料老人ホーム）"] {
            assert_eq!(DisclosureKind::from_name(name), None, "{name}");
        }
        assert_eq!(ServiceKind::from_disclosure("999"), None);
    }

    #[test]
    fn who_makes_plans() {
        for (code, want) in [
            ("43", OfficeClass::CareManagement),
            ("46", OfficeClass::CareManagement),
            ("AF", OfficeClass::CareManagement),
            ("51", OfficeClass::FacilityWithCareManager),
            ("32", OfficeClass::FacilityWithCareManager),
            ("73", OfficeClass::FacilityWithCareManager),
            ("77", OfficeClass::FacilityWithCareManager),
            ("68", OfficeClass::Other),
            ("11", OfficeClass::Other),
            ("2A", OfficeClass::Other),
        ] {
            assert_eq!(ServiceKind::parse(code).unwrap().office_class(), want, "{code}");
        }
    }
}
