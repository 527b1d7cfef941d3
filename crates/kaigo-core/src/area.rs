//! Prefectures and municipalities (都道府県・市区町村), with the places of the prefectures' tiles on our maps.
//!
//! Codes and names are 総務省's published list (全国地方公共団体コード), see data/README.md. The tile map is our own drawing: each
//! prefecture is one square, roughly where it lies, so that small ones are as easy to hit as large ones.

use std::sync::OnceLock;

use crate::kana::{kanji_key, search_key};

/// A prefecture (都道府県).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefecture {
    /// First two digits of its codes, 1 to 47.
    pub no: u8,
    /// Name, 「島根県」.
    pub name: &'static str,
    /// Name in Latin letters, for the page in English.
    pub roman: &'static str,
    /// Column of its tile, from 0 (west).
    pub column: u8,
    /// Row of its tile, from 0 (north).
    pub row: u8,
}

impl Prefecture {
    /// The two digits as they stand in codes and addresses.
    pub fn code(&self) -> String {
        format!("{:02}", self.no)
    }

    /// Name without 都, 府, 県, for a tile: 「島根」.
    pub fn short(&self) -> &'static str {
        if self.no == 1 { self.name } else { self.name.strip_suffix(['都', '府', '県']).unwrap_or(self.name) }
    }
}

macro_rules! prefectures {
    ($($no:literal $name:literal $roman:literal $column:literal $row:literal;)+) => {
        /// All 47 in the order of their codes.
        pub static PREFECTURES: &[Prefecture] =
            &[$(Prefecture { no: $no, name: $name, roman: $roman, column: $column, row: $row }),+];
    };
}

prefectures! {
    1 "北海道" "Hokkaido" 12 0;
    2 "青森県" "Aomori" 12 1;
    3 "岩手県" "Iwate" 12 2;
    4 "宮城県" "Miyagi" 12 3;
    5 "秋田県" "Akita" 11 2;
    6 "山形県" "Yamagata" 11 3;
    7 "福島県" "Fukushima" 12 4;
    8 "茨城県" "Ibaraki" 12 5;
    9 "栃木県" "Tochigi" 11 5;
    10 "群馬県" "Gunma" 10 5;
    11 "埼玉県" "Saitama" 10 6;
    12 "千葉県" "Chiba" 12 6;
    13 "東京都" "Tokyo" 11 6;
    14 "神奈川県" "Kanagawa" 11 7;
    15 "新潟県" "Niigata" 11 4;
    16 "富山県" "Toyama" 9 4;
    17 "石川県" "Ishikawa" 8 4;
    18 "福井県" "Fukui" 7 5;
    19 "山梨県" "Yamanashi" 9 6;
    20 "長野県" "Nagano" 9 5;
    21 "岐阜県" "Gifu" 8 5;
    22 "静岡県" "Shizuoka" 9 7;
    23 "愛知県" "Aichi" 8 6;
    24 "三重県" "Mie" 7 7;
    25 "滋賀県" "Shiga" 7 6;
    26 "京都府" "Kyoto" 6 5;
    27 "大阪府" "Osaka" 6 6;
    28 "兵庫県" "Hyogo" 5 5;
    29 "奈良県" "Nara" 6 7;
    30 "和歌山県" "Wakayama" 6 8;
    31 "鳥取県" "Tottori" 4 5;
    32 "島根県" "Shimane" 3 5;
    33 "岡山県" "Okayama" 4 6;
    34 "広島県" "Hiroshima" 3 6;
    35 "山口県" "Yamaguchi" 2 6;
    36 "徳島県" "Tokushima" 4 9;
    37 "香川県" "Kagawa" 4 8;
    38 "愛媛県" "Ehime" 3 8;
    39 "高知県" "Kochi" 3 9;
    40 "福岡県" "Fukuoka" 1 7;
    41 "佐賀県" "Saga" 0 7;
    42 "長崎県" "Nagasaki" 0 8;
    43 "熊本県" "Kumamoto" 1 8;
    44 "大分県" "Oita" 2 7;
    45 "宮崎県" "Miyazaki" 2 8;
    46 "鹿児島県" "Kagoshima" 1 9;
    47 "沖縄県" "Okinawa" 0 11;
}

/// Columns of the tile map.
pub const COLUMNS: u8 = 13;
/// Rows of the tile map.
pub const ROWS: u8 = 12;

/// A municipality (市町村・特別区).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// 全国地方公共団体コード, six digits.
    pub code: &'static str,
    /// Name of its prefecture.
    pub prefecture: &'static str,
    /// Name.
    pub name: &'static str,
    /// Name in kana.
    pub name_kana: &'static str,
}

impl Municipality {
    /// The two digits of its prefecture.
    pub fn prefecture_code(&self) -> &'static str {
        self.code.get(..2).unwrap_or_default()
    }
}

/// The municipalities, by code.
pub fn municipalities() -> &'static [Municipality] {
    static ALL: OnceLock<Vec<Municipality>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rows = include_str!("../data/municipalities.csv").lines().skip(1);
        let mut all: Vec<Municipality> = rows.filter_map(read).collect();
        all.sort_by_key(|m| m.code);
        all
    })
}

fn read(line: &'static str) -> Option<Municipality> {
    let mut cells = line.trim_end().split(',');
    let (code, prefecture, _, name, name_kana) =
        (cells.next()?, cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    Some(Municipality { code, prefecture, name, name_kana })
}

/// The municipality with that code.
pub fn municipality(code: &str) -> Option<&'static Municipality> {
    let all = municipalities();
    all.binary_search_by(|m| m.code.cmp(code)).ok().and_then(|at| all.get(at))
}

/// The prefecture with those two digits.
pub fn prefecture(code: &str) -> Option<&'static Prefecture> {
    let no: u8 = if code.len() == 2 { code.parse().ok()? } else { return None };
    PREFECTURES.get(usize::from(no.checked_sub(1)?))
}

/// Whether a name (in kanji or kana) fits what somebody typed: kana of either kind, any width, part of the name.
pub fn fits(name: &str, name_kana: &str, typed: &str) -> bool {
    let (kanji, kana) = (kanji_key(typed), search_key(typed));
    (!kanji.is_empty() && kanji_key(name).contains(&kanji))
        || (!kana.is_empty() && search_key(name_kana).contains(&kana))
}

/// Municipalities whose name, kana or code begins or contains what was typed; `most` at most.
pub fn find(typed: &str, most: usize) -> Vec<&'static Municipality> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Vec::new();
    }
    let digits = crate::text::halfwidth(typed);
    let is_code = digits.len() >= 2 && digits.bytes().all(|b| b.is_ascii_digit());
    let found = municipalities().iter().filter(|m| {
        if is_code {
            return m.code.starts_with(&*digits);
        }
        fits(m.name, m.name_kana, typed) || fits(&format!("{}{}", m.prefecture, m.name), "", typed)
    });
    found.take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::MunicipalityCode;

    #[test]
    fn the_list_is_whole() {
        let all = municipalities();
        assert_eq!(all.len(), 1_741);
        for m in all {
            assert!(MunicipalityCode::parse(m.code).unwrap().check(), "{}", m.code);
            let own = prefecture(m.prefecture_code()).unwrap();
            assert_eq!(own.name, m.prefecture, "{}", m.code);
            assert!(!m.name.is_empty() && crate::kana::is_kana(m.name_kana), "{}", m.code);
        }
        assert!(all.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(municipality("322041").map(|m| m.name), Some("益田市"));
        assert_eq!(municipality("000000"), None);
    }

    #[test]
    fn tiles_do_not_overlap_and_lie_on_the_map() {
        let mut places: Vec<(u8, u8)> = PREFECTURES.iter().map(|p| (p.column, p.row)).collect();
        assert!(places.iter().all(|(column, row)| *column < COLUMNS && *row < ROWS));
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 47);
        for (at, p) in PREFECTURES.iter().enumerate() {
            assert_eq!(usize::from(p.no), at + 1);
            assert_eq!(prefecture(&p.code()), Some(p));
        }
        assert_eq!(PREFECTURES[25].short(), "京都");
        assert_eq!(PREFECTURES[0].short(), "北海道");
        assert_eq!((prefecture("98"), prefecture("1"), prefecture("x1")), (None, None, None));
    }

    #[test]
    fn names_are_found_by_kana_of_any_kind_by_kanji_and_by_code() {
        for typed in ["ますだ", "ﾏｽﾀﾞ", "益田市", "マスダシ", "322041", "３２２０４１", "島根県益田"]
        {
            let found = find(typed, 20);
            assert!(found.iter().any(|m| m.code == "322041"), "{typed}: {found:?}");
        }
        assert!(find("", 20).is_empty() && find("  ", 20).is_empty());
        assert!(find("ソンナトコロハナイ", 20).is_empty());
        assert_eq!(find("32", 100).len(), 19);
        assert_eq!(find("シ", 5).len(), 5);
    }
}
