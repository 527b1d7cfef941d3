//! Care level (要介護状態区分), 介護保険法 7条; codes of LIFE and the claims interface.

use crate::codes;

codes! {
    /// Care level (要介護状態区分).
    CareLevel, "要介護状態区分", {
        NotCertified = "01" "非該当",
        ProjectTarget = "06" "事業対象者",
        Transitional = "11" "要支援（経過的要介護）",
        Support1 = "12" "要支援1",
        Support2 = "13" "要支援2",
        Care1 = "21" "要介護1",
        Care2 = "22" "要介護2",
        Care3 = "23" "要介護3",
        Care4 = "24" "要介護4",
        Care5 = "25" "要介護5",
    }
}

impl CareLevel {
    /// Whether benefits for care (介護給付) apply; else prevention (予防給付) or none.
    pub fn is_care(self) -> bool {
        self >= Self::Care1
    }

    /// Whether the plan is made by a prevention support office (要支援・事業対象者).
    pub fn is_prevention(self) -> bool {
        matches!(self, Self::ProjectTarget | Self::Transitional | Self::Support1 | Self::Support2)
    }

    /// Step of 「介護の必要の程度」 for the three-step reset of 住宅改修費 (平成12年厚生省告示35号): 1 for 要支援1, 2 for 要支援2
    /// and 要介護1, up to 6 for 要介護5; none where there is no certification.
    pub fn modification_step(self) -> Option<u8> {
        match self {
            Self::NotCertified | Self::ProjectTarget => None,
            Self::Transitional | Self::Support1 => Some(1),
            Self::Support2 | Self::Care1 => Some(2),
            Self::Care2 => Some(3),
            Self::Care3 => Some(4),
            Self::Care4 => Some(5),
            Self::Care5 => Some(6),
        }
    }
}
