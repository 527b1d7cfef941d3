//! Services, goods, offices and prices of the fictional exchange.
//!
//! Kinds of service are the real ones; item codes and units are close to those of 令和6年度 so that sums look familiar, but they
//! are fictional: nothing here may be used for a claim.

use std::sync::LazyLock;

use kaigo_careplan::name::End;
use kaigo_core::care_level::CareLevel;
use kaigo_core::id::OfficeNo;
use kaigo_core::service::ServiceKind;

use crate::office::{self, HAMANASU, KAMOME_PLAN, MINATO_PLAN, PREVENTION_PLAN, SHIOSAI_PLAN, UMINEKO, YAMANOHA_PLAN};

/// An item of service: code, name, units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) units: i32,
}

const fn s(code: &'static str, name: &'static str, units: i32) -> Service {
    Service { code, name, units }
}

pub(super) const BODY1: Service = s("111111", "身体介護1", 244);
pub(super) const BODY2: Service = s("111211", "身体介護2", 387);
pub(super) const HOUSE2: Service = s("117211", "生活援助2", 179);
pub(super) const HOUSE3: Service = s("117311", "生活援助3", 220);
pub(super) const NURSE2: Service = s("131111", "訪問看護 30分未満", 471);
pub(super) const NURSE3: Service = s("131211", "訪問看護 30分以上1時間未満", 823);
pub(super) const BATH: Service = s("155301", "通所介護入浴介助加算Ⅰ", 40);
pub(super) const NURSE_SUPPORT: Service = s("631111", "予防訪問看護 30分未満", 451);
pub(super) const VISIT_OWN: Service = s("A21111", "訪問型独自サービス（週1回程度）", 1176);
pub(super) const DAY_OWN: [Service; 2] =
    [s("A61111", "通所型独自サービス（週1回程度）", 1798), s("A61121", "通所型独自サービス（週2回程度）", 3621)];

/// 通所介護 of seven to eight hours, by 要介護1 to 5.
const DAY: [Service; 5] = [
    s("152441", "通所介護 7-8時間・要介護1", 658),
    s("152442", "通所介護 7-8時間・要介護2", 777),
    s("152443", "通所介護 7-8時間・要介護3", 900),
    s("152444", "通所介護 7-8時間・要介護4", 1023),
    s("152445", "通所介護 7-8時間・要介護5", 1148),
];

/// 通所リハビリテーション of six to seven hours.
const REHAB: [Service; 5] = [
    s("165641", "通所リハ 6-7時間・要介護1", 715),
    s("165642", "通所リハ 6-7時間・要介護2", 850),
    s("165643", "通所リハ 6-7時間・要介護3", 981),
    s("165644", "通所リハ 6-7時間・要介護4", 1137),
    s("165645", "通所リハ 6-7時間・要介護5", 1290),
];

/// 短期入所生活介護, a day.
const STAY: [Service; 5] = [
    s("212201", "短期生活・要介護1", 603),
    s("212202", "短期生活・要介護2", 672),
    s("212203", "短期生活・要介護3", 745),
    s("212204", "短期生活・要介護4", 815),
    s("212205", "短期生活・要介護5", 884),
];

/// Services whose units depend on the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByLevel {
    Day,
    Rehab,
    Stay,
}

/// The item for that level; that of 要介護1 for lighter ones.
pub(super) fn by_level(kind: ByLevel, level: CareLevel) -> Service {
    let place = match level {
        CareLevel::Care2 => 1,
        CareLevel::Care3 => 2,
        CareLevel::Care4 => 3,
        CareLevel::Care5 => 4,
        CareLevel::NotCertified
        | CareLevel::ProjectTarget
        | CareLevel::Transitional
        | CareLevel::Support1
        | CareLevel::Support2
        | CareLevel::Care1 => 0,
    };
    let list = match kind {
        ByLevel::Day => &DAY,
        ByLevel::Rehab => &REHAB,
        ByLevel::Stay => &STAY,
    };
    list.get(place).copied().unwrap_or_default()
}

/// Goods of 福祉用具貸与: service, TAISコード, name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Goods {
    /// Last four characters of the code, which 17 and 67 share.
    pub(super) item: &'static str,
    pub(super) tais: &'static str,
    pub(super) name: &'static str,
    /// Units of a month: rent in yen through ten.
    pub(super) units: i32,
}

#[rustfmt::skip]
pub(super) const GOODS: &[Goods] = &[
    Goods { item: "1001", tais: "00001-000010", name: "自走式車いす なぎさ", units: 500 },
    Goods { item: "1003", tais: "00001-000031", name: "特殊寝台 ゆりかご2モーター", units: 900 },
    Goods { item: "1004", tais: "00001-000042", name: "サイドレール（2本組）", units: 60 },
    Goods { item: "1005", tais: "00002-000105", name: "床ずれ防止マットレス ふわり", units: 600 },
    Goods { item: "1007", tais: "00003-000207", name: "据置型手すり ささえ", units: 350 },
    Goods { item: "1009", tais: "00003-000318", name: "歩行車 こみち", units: 300 },
    Goods { item: "1008", tais: "00004-000451", name: "可搬型スロープ 2m", units: 280 },
    Goods { item: "1010", tais: "00004-000502", name: "多点つえ", units: 100 },
];

pub(super) const WHEELCHAIR: usize = 0;
pub(super) const BED: usize = 1;
pub(super) const RAILS: usize = 2;
pub(super) const MATTRESS: usize = 3;
pub(super) const HANDRAIL: usize = 4;
pub(super) const WALKER: usize = 5;

/// Goods by place in [`GOODS`].
pub(super) fn goods(place: usize) -> Goods {
    GOODS.get(place).copied().unwrap_or_default()
}

/// Code of the rent: the kind of the office and the item.
pub(super) fn rent(kind: ServiceKind, goods: Goods) -> Service {
    let code = match (kind, goods.item) {
        (ServiceKind::PreventiveEquipmentRental, "1007") => "671007",
        (ServiceKind::PreventiveEquipmentRental, "1009") => "671009",
        (ServiceKind::PreventiveEquipmentRental, _) => "671010",
        (_, "1001") => "171001",
        (_, "1003") => "171003",
        (_, "1004") => "171004",
        (_, "1005") => "171005",
        (_, "1007") => "171007",
        (_, "1008") => "171008",
        (_, "1009") => "171009",
        _ => "171010",
    };
    Service { code, name: goods.name, units: goods.units }
}

/// One end of the exchange: an office with one kind of service.
#[derive(Clone, Copy, Debug)]
pub(super) struct Party {
    body: [u8; 9],
    pub(super) kind: ServiceKind,
    /// Who works at it; empty where the office has not joined.
    pub(super) login: &'static str,
    /// Name of that person.
    pub(super) who: &'static str,
}

impl Party {
    /// Office and kind, as names of files have them.
    pub(super) fn end(&self) -> End {
        End { office_no: self.office_no(), kind: Some(self.kind) }
    }

    pub(super) fn office_no(&self) -> OfficeNo {
        OfficeNo::from_body(self.body)
    }

    /// Name, address, telephone.
    pub(super) fn office(&self) -> Option<&'static office::DemoOffice> {
        static OFFICES: LazyLock<Vec<office::DemoOffice>> = LazyLock::new(office::all);
        let office_no = self.office_no();
        OFFICES.iter().find(|office| office.office_no == office_no)
    }

    pub(super) fn name(&self) -> &'static str {
        self.office().map_or("", |office| office.name)
    }

    /// Whether it exchanges.
    pub(super) fn is_member(&self) -> bool {
        !self.login.is_empty()
    }
}

const fn party(body: [u8; 9], kind: ServiceKind, login: &'static str, who: &'static str) -> Party {
    Party { body, kind, login, who }
}

pub(super) const MINATO: usize = 0;
pub(super) const KAMOME: usize = 1;
pub(super) const SHIOSAI: usize = 2;
pub(super) const YAMANOHA: usize = 3;
pub(super) const CENTER: usize = 4;

/// Offices that make plans.
pub(super) const MANAGERS: &[Party] = &[
    party(MINATO_PLAN, ServiceKind::CareManagement, "izumo", "出雲 太郎"),
    party(KAMOME_PLAN, ServiceKind::CareManagement, "kamome", "白波 恵"),
    party(SHIOSAI_PLAN, ServiceKind::CareManagement, "shiosai", "塩田 美雪"),
    party(YAMANOHA_PLAN, ServiceKind::CareManagement, "yamanoha", "奥谷 誠"),
    party(PREVENTION_PLAN, ServiceKind::PreventiveSupport, "houkatsu", "川口 智子"),
];

pub(super) const HAMANASU_HELP: usize = 0;
pub(super) const KAMOME_HELP: usize = 1;
pub(super) const ASAGAO: usize = 2;
pub(super) const HIDAMARI: usize = 3;
pub(super) const TOUDAI: usize = 4;
pub(super) const YAMANOHA_DAY: usize = 5;
pub(super) const ROUKEN: usize = 6;
pub(super) const UMINEKO_RENTAL: usize = 7;
pub(super) const NAGISA: usize = 8;
pub(super) const HAMANASU_OWN: usize = 9;
pub(super) const HIDAMARI_OWN: usize = 10;
pub(super) const UMINEKO_SUPPORT: usize = 11;
pub(super) const ASAGAO_SUPPORT: usize = 12;
pub(super) const AJISAI: usize = 13;

/// Offices that deliver services; the last has not joined the exchange.
#[rustfmt::skip]
pub(super) const PARTNERS: &[Party] = &[
    party(HAMANASU, ServiceKind::HomeHelp, "hamanasu", "浜野 由美"),
    party(*b"987010012", ServiceKind::HomeHelp, "kamome-help", "鴨居 真理"),
    party(*b"986010001", ServiceKind::HomeNursing, "asagao", "朝倉 直美"),
    party(*b"987010021", ServiceKind::DayCare, "hidamari", "日向 健太"),
    party(*b"987010022", ServiceKind::DayCare, "toudai", "灯 さやか"),
    party(*b"987030011", ServiceKind::DayCare, "yamanoha-day", "水上 亮"),
    party(*b"985010001", ServiceKind::DayRehabilitation, "rouken", "東 千夏"),
    party(UMINEKO, ServiceKind::EquipmentRental, "umineko", "海野 修"),
    party(*b"987010041", ServiceKind::ShortStay, "nagisa", "渚 浩二"),
    party(HAMANASU, ServiceKind::VisitingOwn, "hamanasu", "浜野 由美"),
    party(*b"987010021", ServiceKind::DayOwn, "hidamari", "日向 健太"),
    party(UMINEKO, ServiceKind::PreventiveEquipmentRental, "umineko", "海野 修"),
    party(*b"986010001", ServiceKind::PreventiveHomeNursing, "asagao", "朝倉 直美"),
    party(*b"987010013", ServiceKind::HomeHelp, "", ""),
];

/// The partner at that place.
pub(super) fn partner(place: usize) -> Party {
    PARTNERS.get(place).copied().unwrap_or(party(HAMANASU, ServiceKind::HomeHelp, "", ""))
}

/// The manager at that place.
pub(super) fn manager(place: usize) -> Party {
    MANAGERS.get(place).copied().unwrap_or(party(MINATO_PLAN, ServiceKind::CareManagement, "", ""))
}

/// 単位数単価 in hundredths of a yen: みなと川市 as an area of the seventh grade, 山ノ端町 without a supplement (fictional).
pub(super) fn unit_price(kind: ServiceKind, is_rural: bool) -> i32 {
    if is_rural {
        return 1000;
    }
    UNIT_PRICES.iter().find(|(kinds, _)| kinds.contains(&kind)).map_or(1000, |(_, price)| *price)
}

/// 単位数単価 by kind of service, by how much of it is wages.
const UNIT_PRICES: &[(&[ServiceKind], i32)] = &[
    (
        &[
            ServiceKind::HomeHelp,
            ServiceKind::HomeNursing,
            ServiceKind::PreventiveHomeNursing,
            ServiceKind::VisitingOwn,
        ],
        1021,
    ),
    (&[ServiceKind::DayRehabilitation, ServiceKind::ShortStay], 1017),
    (&[ServiceKind::DayCare, ServiceKind::DayOwn], 1014),
];
