//! The fictional offices (事業所), in the layout of the 介護サービス情報公表 open data, and the registered rest.
//!
//! Office numbers begin with 98, which is no prefecture. The published data has no file for 介護予防支援 (46), 総合事業 (A2, A6)
//! and 介護予防 (63, 67), so those services have none and the demo registers them itself.

use kaigo_core::id::{CorporateNo, InstitutionNo, MunicipalityCode, OfficeNo};

use crate::insurer;

/// A fictional office (事業所) with one kind of service.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoOffice {
    /// Office number (介護保険事業所番号).
    pub office_no: OfficeNo,
    /// Name (事業所名).
    pub name: &'static str,
    /// Name in kana.
    pub name_kana: &'static str,
    /// Kind of service (サービス種類コード).
    pub service_code: &'static str,
    /// Name of the service as the open data spells it.
    pub service_name: &'static str,
    /// Number of the open-data file (`430` for 居宅介護支援), none for services that are not published.
    pub file_no: Option<&'static str>,
    /// Municipality it stands in.
    pub municipality_code: MunicipalityCode,
    /// Name of that municipality.
    pub municipality: &'static str,
    /// Address (住所).
    pub address: String,
    /// Telephone (電話番号).
    pub phone: String,
    /// Corporation (法人の名称).
    pub corporation: &'static str,
    /// Corporate number (法人番号), fictional.
    pub corporate_no: CorporateNo,
    /// Places (定員), where the service has them.
    pub capacity: Option<u16>,
}

struct Sketch {
    body: [u8; 9],
    name: &'static str,
    kana: &'static str,
    service: (&'static str, &'static str, Option<&'static str>),
    town: (usize, &'static str),
    corporation: usize,
    capacity: Option<u16>,
}

type Service = (&'static str, &'static str, Option<&'static str>);

const CARE_MANAGEMENT: Service = ("43", "居宅介護支援", Some("430"));
const PREVENTION: Service = ("46", "介護予防支援", None);
const HOME_HELP: Service = ("11", "訪問介護", Some("110"));
const HOME_NURSING: Service = ("13", "訪問看護", Some("130"));
const DAY_CARE: Service = ("15", "通所介護", Some("150"));
const DAY_REHAB: Service = ("16", "通所リハビリテーション", Some("160"));
const RENTAL: Service = ("17", "福祉用具貸与", Some("170"));
const SHORT_STAY: Service = ("21", "短期入所生活介護", Some("210"));
const SALE: Service = ("41", "特定福祉用具販売", Some("410"));
const WELFARE_HOME: Service = ("51", "介護老人福祉施設", Some("510"));
const HEALTH_HOME: Service = ("52", "介護老人保健施設", Some("520"));
const MULTI: Service = ("73", "小規模多機能型居宅介護", Some("730"));
const GROUP_HOME: Service = ("32", "認知症対応型共同生活介護", Some("320"));
const OWN_VISIT: Service = ("A2", "訪問型サービス（独自）", None);
const OWN_DAY: Service = ("A6", "通所型サービス（独自）", None);
const PREVENTIVE_RENTAL: Service = ("67", "介護予防福祉用具貸与", None);
const PREVENTIVE_NURSING: Service = ("63", "介護予防訪問看護", None);

/// Corporations: name and the twelve digits after the check digit; 9999 is no registry.
const CORPORATIONS: &[(&str, &str)] = &[
    ("社会福祉法人みなと福祉会", "999900000001"),
    ("医療法人しおさい会", "999900000012"),
    ("株式会社かもめケア", "999900000023"),
    ("合同会社はまなす", "999900000034"),
    ("みなと川市", "999900000045"),
    ("社会福祉法人山ノ端福祉会", "999900000056"),
    ("有限会社うみねこ用具", "999900000067"),
];

const M: usize = insurer::MINATO;
const Y: usize = insurer::YAMANOHA;

#[rustfmt::skip]
const SKETCHES: &[Sketch] = &[
    Sketch { body: *b"987010001", name: "居宅介護支援事業所 みなと", kana: "キョタクカイゴシエンジギョウショ ミナト", service: CARE_MANAGEMENT, town: (M, "本町"), corporation: 0, capacity: None },
    Sketch { body: *b"987010002", name: "ケアプランセンター かもめ", kana: "ケアプランセンター カモメ", service: CARE_MANAGEMENT, town: (M, "汐見台"), corporation: 2, capacity: None },
    Sketch { body: *b"987010003", name: "しおさい居宅介護支援事業所", kana: "シオサイキョタクカイゴシエンジギョウショ", service: CARE_MANAGEMENT, town: (M, "東浜"), corporation: 1, capacity: None },
    Sketch { body: *b"987030001", name: "山ノ端居宅介護支援事業所", kana: "ヤマノハキョタクカイゴシエンジギョウショ", service: CARE_MANAGEMENT, town: (Y, "大字山ノ端"), corporation: 5, capacity: None },
    Sketch { body: *b"980010001", name: "みなと川市地域包括支援センター", kana: "ミナトガワシチイキホウカツシエンセンター", service: PREVENTION, town: (M, "本町"), corporation: 4, capacity: None },
    Sketch { body: *b"987010011", name: "訪問介護 はまなす", kana: "ホウモンカイゴ ハマナス", service: HOME_HELP, town: (M, "浜通り"), corporation: 3, capacity: None },
    Sketch { body: *b"987010012", name: "ヘルパーステーション かもめ", kana: "ヘルパーステーション カモメ", service: HOME_HELP, town: (M, "汐見台"), corporation: 2, capacity: None },
    Sketch { body: *b"986010001", name: "訪問看護ステーション あさがお", kana: "ホウモンカンゴステーション アサガオ", service: HOME_NURSING, town: (M, "川口町"), corporation: 1, capacity: None },
    Sketch { body: *b"987010021", name: "通所介護 ひだまり", kana: "ツウショカイゴ ヒダマリ", service: DAY_CARE, town: (M, "松ヶ丘"), corporation: 0, capacity: Some(30) },
    Sketch { body: *b"987010022", name: "デイサービスセンター 灯台", kana: "デイサービスセンター トウダイ", service: DAY_CARE, town: (M, "灯台下"), corporation: 2, capacity: Some(25) },
    Sketch { body: *b"987030011", name: "山ノ端デイサービスセンター", kana: "ヤマノハデイサービスセンター", service: DAY_CARE, town: (Y, "大字奥谷"), corporation: 5, capacity: Some(20) },
    Sketch { body: *b"985010001", name: "介護老人保健施設 しおさい", kana: "カイゴロウジンホケンシセツ シオサイ", service: HEALTH_HOME, town: (M, "東浜"), corporation: 1, capacity: Some(80) },
    Sketch { body: *b"985010001", name: "介護老人保健施設 しおさい", kana: "カイゴロウジンホケンシセツ シオサイ", service: DAY_REHAB, town: (M, "東浜"), corporation: 1, capacity: Some(40) },
    Sketch { body: *b"987010031", name: "福祉用具 うみねこ", kana: "フクシヨウグ ウミネコ", service: RENTAL, town: (M, "港町"), corporation: 6, capacity: None },
    Sketch { body: *b"987010031", name: "福祉用具 うみねこ", kana: "フクシヨウグ ウミネコ", service: SALE, town: (M, "港町"), corporation: 6, capacity: None },
    Sketch { body: *b"987010032", name: "かもめ福祉用具センター", kana: "カモメフクシヨウグセンター", service: SALE, town: (M, "汐見台"), corporation: 2, capacity: None },
    Sketch { body: *b"987010041", name: "短期入所生活介護 なぎさ", kana: "タンキニュウショセイカツカイゴ ナギサ", service: SHORT_STAY, town: (M, "白砂"), corporation: 0, capacity: Some(20) },
    Sketch { body: *b"987010042", name: "特別養護老人ホーム なぎさ", kana: "トクベツヨウゴロウジンホーム ナギサ", service: WELFARE_HOME, town: (M, "白砂"), corporation: 0, capacity: Some(70) },
    Sketch { body: *b"987030021", name: "特別養護老人ホーム 山ノ端苑", kana: "トクベツヨウゴロウジンホーム ヤマノハエン", service: WELFARE_HOME, town: (Y, "大字水上"), corporation: 5, capacity: Some(50) },
    Sketch { body: *b"989010001", name: "小規模多機能ホーム えんがわ", kana: "ショウキボタキノウホーム エンガワ", service: MULTI, town: (M, "柳町"), corporation: 3, capacity: Some(29) },
    Sketch { body: *b"989010002", name: "グループホーム こもれび", kana: "グループホーム コモレビ", service: GROUP_HOME, town: (M, "高台"), corporation: 2, capacity: Some(18) },
    Sketch { body: *b"987010013", name: "訪問介護 あじさい", kana: "ホウモンカイゴ アジサイ", service: HOME_HELP, town: (M, "西浜"), corporation: 3, capacity: None },
    Sketch { body: *b"987010011", name: "訪問介護 はまなす", kana: "ホウモンカイゴ ハマナス", service: OWN_VISIT, town: (M, "浜通り"), corporation: 3, capacity: None },
    Sketch { body: *b"987010021", name: "通所介護 ひだまり", kana: "ツウショカイゴ ヒダマリ", service: OWN_DAY, town: (M, "松ヶ丘"), corporation: 0, capacity: Some(30) },
    Sketch { body: *b"987010031", name: "福祉用具 うみねこ", kana: "フクシヨウグ ウミネコ", service: PREVENTIVE_RENTAL, town: (M, "港町"), corporation: 6, capacity: None },
    Sketch { body: *b"986010001", name: "訪問看護ステーション あさがお", kana: "ホウモンカンゴステーション アサガオ", service: PREVENTIVE_NURSING, town: (M, "川口町"), corporation: 1, capacity: None },
];

/// Body of 居宅介護支援事業所 みなと, where the story's care manager works.
pub(crate) const MINATO_PLAN: [u8; 9] = *b"987010001";
/// Body of ケアプランセンター かもめ, the second care-management office.
pub(crate) const KAMOME_PLAN: [u8; 9] = *b"987010002";
/// Body of しおさい居宅介護支援事業所.
pub(crate) const SHIOSAI_PLAN: [u8; 9] = *b"987010003";
/// Body of 山ノ端居宅介護支援事業所.
pub(crate) const YAMANOHA_PLAN: [u8; 9] = *b"987030001";
/// Body of みなと川市地域包括支援センター.
pub(crate) const PREVENTION_PLAN: [u8; 9] = *b"980010001";
/// Body of 訪問介護 はまなす.
pub(crate) const HAMANASU: [u8; 9] = *b"987010011";
/// Body of 通所介護 ひだまり.
pub(crate) const HIDAMARI: [u8; 9] = *b"987010021";
/// Body of 福祉用具 うみねこ.
pub(crate) const UMINEKO: [u8; 9] = *b"987010031";
/// Body of 小規模多機能ホーム えんがわ.
pub(crate) const ENGAWA: [u8; 9] = *b"989010001";

/// A fictional medical institution (医療機関).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoInstitution {
    /// Number (医療機関コード); 98 is no prefecture.
    pub institution_no: InstitutionNo,
    /// Name.
    pub name: &'static str,
    /// Name in kana.
    pub name_kana: &'static str,
    /// Telephone.
    pub phone: &'static str,
}

/// Number of a medical institution by its place in [`CLINICS`].
pub(crate) fn institution_no(at: usize) -> InstitutionNo {
    const BODIES: [[u8; 9]; 3] = [*b"981190001", *b"981190002", *b"981190003"];
    InstitutionNo::from_body(BODIES.get(at).copied().unwrap_or(*b"981199999"))
}

/// The medical institutions that write opinions.
pub(crate) fn institutions() -> Vec<DemoInstitution> {
    let more = [
        ("ミナトガワチュウオウクリニック", "00-0000-1901"),
        ("シオサイビョウイン", "00-0000-1902"),
        ("ハマドオリナイカイイン", "00-0000-1903"),
    ];
    CLINICS
        .iter()
        .zip(more)
        .enumerate()
        .map(|(at, (name, (name_kana, phone)))| DemoInstitution {
            institution_no: institution_no(at),
            name,
            name_kana,
            phone,
        })
        .collect()
}

/// Medical institutions that write opinions; names only.
pub(crate) const CLINICS: &[&str] = &["みなと川中央クリニック", "しおさい病院", "浜通り内科医院"];

/// All offices, also those that no open-data file has.
pub(crate) fn all() -> Vec<DemoOffice> {
    SKETCHES.iter().map(complete).collect()
}

fn complete(sketch: &Sketch) -> DemoOffice {
    let (index, town) = sketch.town;
    let (corporation, corporate) = CORPORATIONS.get(sketch.corporation).copied().unwrap_or_default();
    let office_no = OfficeNo::from_body(sketch.body);
    let tail = office_no.as_str().get(6..).unwrap_or_default().to_owned();
    DemoOffice {
        office_no,
        name: sketch.name,
        name_kana: sketch.kana,
        service_code: sketch.service.0,
        service_name: sketch.service.1,
        file_no: sketch.service.2,
        municipality_code: insurer::municipality(index),
        municipality: insurer::name(index),
        address: format!("{PREFECTURE}{}{town}99番99号", insurer::name(index)),
        phone: format!("00-0000-{tail}"),
        corporation,
        corporate_no: corporate_no(corporate),
        capacity: sketch.capacity,
    }
}

/// The fictional prefecture.
pub(crate) const PREFECTURE: &str = "うみやま県";

/// Puts the check digit (mod 9) before the twelve digits.
fn corporate_no(twelve: &str) -> CorporateNo {
    let sum: u32 = twelve.bytes().rev().zip([1, 2].into_iter().cycle()).map(|(b, w)| u32::from(b - b'0') * w).sum();
    CorporateNo::parse(&format!("{}{twelve}", 9 - sum % 9)).unwrap_or_default()
}

/// The open-data files, name and bytes: UTF-8 with BOM, CRLF, 24 columns, one file per kind of service.
pub(crate) fn files(offices: &[DemoOffice]) -> Vec<(String, Vec<u8>)> {
    let mut numbers: Vec<&str> = offices.iter().filter_map(|o| o.file_no).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
        .into_iter()
        .map(|no| {
            let mut text = format!("\u{feff}{HEADER}\r\n");
            for (n, office) in offices.iter().filter(|o| o.file_no == Some(no)).enumerate() {
                text.push_str(&line(office, n));
            }
            (format!("jigyosho_{no}.csv"), text.into_bytes())
        })
        .collect()
}

fn line(office: &DemoOffice, n: usize) -> String {
    let days = if office.capacity.is_some() { "\"平日,土曜日,祝日\"" } else { "平日" };
    let capacity = office.capacity.map(|c| c.to_string()).unwrap_or_default();
    let cells = [
        office.municipality_code.as_str(),
        office.office_no.as_str(),
        PREFECTURE,
        office.municipality,
        office.name,
        office.name_kana,
        office.service_name,
        &office.address,
        "",
        &format!("30.{:03}00", 100 + n),
        &format!("150.{:03}00", 200 + n),
        &office.phone,
        &office.phone,
        office.corporate_no.as_str(),
        office.corporation,
        office.office_no.as_str(),
        days,
        "",
        &capacity,
        "https://example.jp/",
        "",
        "",
        "",
        "架空の事業所",
    ];
    format!("{}\r\n", cells.join(","))
}

const HEADER: &str = "都道府県コード又は市町村コード,No,都道府県名,市区町村名,事業所名,事業所名カナ,サービスの種類,住所,方書（ビル名等）,緯度,経度,電話番号,FAX番号,法人番号,法人の名称,事業所番号,利用可能曜日,利用可能曜日特記事項,定員,URL,高齢者の方と障害者の方が同時一体的に利用できるサービス,介護保険の通常の指定基準を満たしている,障害福祉の通常の指定基準を満たしている,備考";

#[cfg(test)]
mod tests {
    use super::*;
    use kaigo_core::id::holds_individual_number;

    #[test]
    fn numbers_fit_and_are_not_real() {
        for office in all() {
            assert!(office.office_no.check(), "{}", office.name);
            assert!(office.corporate_no.check(), "{}", office.corporation);
            assert!(office.office_no.as_str().starts_with("98"));
            assert!(!holds_individual_number(&format!("{office:?}")));
        }
    }

    #[test]
    fn files_have_the_published_layout() {
        let files = files(&all());
        assert!(files.iter().any(|(name, _)| name == "jigyosho_430.csv"));
        assert!(!files.iter().any(|(name, _)| name.contains("46")));
        let mut rows = 0;
        for (name, bytes) in &files {
            let text = std::str::from_utf8(bytes).unwrap();
            assert!(text.starts_with("\u{feff}都道府県コード"), "{name}");
            for line in text.trim_end().split("\r\n") {
                let plain = line.replace("\"平日,土曜日,祝日\"", "days");
                assert_eq!(plain.split(',').count(), 24, "{line}");
                rows += 1;
            }
        }
        let unpublished = all().iter().filter(|office| office.file_no.is_none()).count();
        assert_eq!(unpublished, 5, "介護予防支援, 総合事業 and 介護予防 are not published");
        assert_eq!(rows - files.len(), all().len() - unpublished);
    }
}
