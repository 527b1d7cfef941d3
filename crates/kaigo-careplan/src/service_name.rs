//! Short names of services: files carry codes only (§3.6), and the official table of codes is not in the public references.

use std::borrow::Cow;

use kaigo_core::service::ServiceKind;

/// Names of common codes. Inferred: from general knowledge of the 介護給付費単位数等サービスコード表, not read from it; a code that is
/// not certain is left out.
static NAMES: &[(&str, &str)] = &[
    ("111111", "身体介護1"),
    ("111211", "身体介護2"),
    ("111311", "身体介護3"),
    ("114000", "緊急時訪問介護加算"),
    ("114001", "訪問介護初回加算"),
    ("117211", "生活援助2"),
    ("117311", "生活援助3"),
    ("131111", "訪問看護 30分未満"),
    ("131211", "訪問看護 30分以上1時間未満"),
    ("131311", "訪問看護 1時間以上1時間30分未満"),
    ("152441", "通所介護 7-8時間・要介護1"),
    ("152442", "通所介護 7-8時間・要介護2"),
    ("152443", "通所介護 7-8時間・要介護3"),
    ("152444", "通所介護 7-8時間・要介護4"),
    ("152445", "通所介護 7-8時間・要介護5"),
    ("155051", "通所介護個別機能訓練加算Ⅰ"),
    ("155301", "通所介護入浴介助加算Ⅰ"),
    ("A21111", "訪問型独自サービス（週1回程度）"),
    ("A21211", "訪問型独自サービス（週2回程度）"),
    ("A61111", "通所型独自サービス（週1回程度）"),
    ("A61121", "通所型独自サービス（週2回程度）"),
];

/// Goods of 福祉用具貸与 by the last two digits of `1710xx` and `6710xx`.
static GOODS: [&str; 13] = [
    "車いす",
    "車いす付属品",
    "特殊寝台",
    "特殊寝台付属品",
    "床ずれ防止用具",
    "体位変換器",
    "手すり",
    "スロープ",
    "歩行器",
    "歩行補助つえ",
    "認知症老人徘徊感知機器",
    "移動用リフト",
    "自動排泄処理装置",
];

/// The kind of service of a サービスコード.
pub fn kind_of(code: &str) -> Option<ServiceKind> {
    let two = code.get(..2)?;
    ServiceKind::ALL.iter().copied().find(|kind| kind.code() == two)
}

/// A short name of a サービスコード: the name where it is certain, else the kind of service with the code, else the code as it is.
pub fn name_of(code: &str) -> Cow<'_, str> {
    if let Ok(place) = NAMES.binary_search_by_key(&code, |(own, _)| own) {
        return Cow::Borrowed(NAMES.get(place).map_or(code, |(_, name)| name));
    }
    let Some(kind) = kind_of(code) else { return Cow::Borrowed(code) };
    match goods(kind, code) {
        Some(goods) => Cow::Owned(format!("{}　{goods}", kind.label())),
        None => Cow::Owned(format!("{}（{code}）", kind.label())),
    }
}

fn goods(kind: ServiceKind, code: &str) -> Option<&'static str> {
    if !is_equipment(kind) {
        return None;
    }
    let place: usize = code.get(2..)?.strip_prefix("10")?.parse().ok()?;
    GOODS.get(place.checked_sub(1)?).copied()
}

/// Whether it is 福祉用具貸与, of 予防 or not.
pub fn is_equipment(kind: ServiceKind) -> bool {
    matches!(kind, ServiceKind::EquipmentRental | ServiceKind::PreventiveEquipmentRental)
}

/// Whether a code is an add-on (加算・減算) and no service of its own. Inferred: from the fourth section of the code tables, where
/// codes of add-ons begin with 4, 5, 6, 8 or 9 after the kind of service.
pub fn is_add_on(code: &str) -> bool {
    matches!(code.as_bytes().get(2), Some(b'4' | b'5' | b'6' | b'8' | b'9'))
}

/// Whether an add-on without a time counts once a month, however many days carry it (§3.6 No 11). Inferred: add-ons per time have
/// a time (C), so one without is per month or a percentage; for services by the day (短期入所 and the like) it can be per day.
pub fn is_monthly_add_on(code: &str) -> bool {
    is_add_on(code) && kind_of(code).is_some_and(|kind| !is_by_day(kind) && !is_equipment(kind))
}

fn is_by_day(kind: ServiceKind) -> bool {
    matches!(
        kind,
        ServiceKind::ShortStay
            | ServiceKind::ShortStayHealthFacility
            | ServiceKind::ShortStayHospital
            | ServiceKind::ShortStayMedicalCareHome
            | ServiceKind::PreventiveShortStay
            | ServiceKind::PreventiveShortStayHealthFacility
            | ServiceKind::PreventiveShortStayHospital
            | ServiceKind::PreventiveShortStayMedicalCareHome
            | ServiceKind::SpecifiedFacilityShort
            | ServiceKind::CommunitySpecifiedFacilityShort
            | ServiceKind::GroupHomeShort
            | ServiceKind::PreventiveGroupHomeShort
            | ServiceKind::SmallMultifunctionalShort
            | ServiceKind::PreventiveSmallMultifunctionalShort
            | ServiceKind::NursingSmallMultifunctionalShort
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_of_known_kinds() {
        assert!(NAMES.is_sorted_by_key(|(code, _)| code));
        assert!(NAMES.iter().all(|(code, _)| kind_of(code).is_some() && code.len() == 6));
    }

    #[test]
    fn every_code_has_a_name() {
        assert_eq!(name_of("111111"), "身体介護1");
        assert_eq!(name_of("171001"), "福祉用具貸与　車いす");
        assert_eq!(name_of("671007"), "介護予防福祉用具貸与　手すり");
        assert_eq!(name_of("171099"), "福祉用具貸与（171099）");
        assert_eq!(name_of("119999"), "訪問介護（119999）");
        assert_eq!(name_of("ZZ0000"), "ZZ0000");
        assert_eq!(name_of(""), "");
        assert_eq!(name_of("あいう"), "あいう");
    }

    #[test]
    fn add_ons_per_month_are_told_from_those_per_day() {
        assert!(is_monthly_add_on("114001") && is_monthly_add_on("156108"));
        assert!(!is_monthly_add_on("219200") && !is_monthly_add_on("111111") && !is_monthly_add_on("1"));
    }
}
