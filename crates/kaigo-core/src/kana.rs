//! Kana and kanji folding: keys for search, and the comparison of kana names in 本人確認.
//!
//! Folded text is for finding and comparing only; what is shown is always the original.

use unicode_normalization::UnicodeNormalization;

/// Key under which a kana name is stored and searched.
///
/// NFKC, hiragana to katakana, small kana to large ones; spaces, 中点, hyphens and long-vowel marks dropped. So
/// `ｻﾄｳ ﾖｳｺ`, `さとう　ようこ` and `サトー・ヨーコ` are all found by a search for their beginning.
pub fn search_key(kana: &str) -> String {
    katakana(kana).filter(|&c| !is_gap(c) && !is_long_mark(c)).map(large).nfc().collect()
}

/// Second key, insensitive to 濁点 and 半濁点: `ヤマサキ` finds `ヤマザキ`.
pub fn loose_key(kana: &str) -> String {
    search_key(kana).nfd().filter(|c| !matches!(c, '\u{3099}' | '\u{309A}')).collect()
}

/// Whether two kana spellings are of the same name, for 本人確認.
///
/// Kind where systems differ in how they write one name: width, hiragana or katakana, spaces and 中点, the character of
/// the long-vowel mark, and small kana (`キョウコ` stands as `キヨウコ` in systems that have no small kana).
/// Strict where the sound or the written name differs: 濁点, ヂ and ジ, ヅ and ズ, オウ and オオ, and whether there is a
/// long-vowel mark at all; folding those could take one person for another. An empty name is nobody's.
pub fn same_kana(a: &str, b: &str) -> bool {
    let key = |kana: &str| -> String {
        katakana(kana).filter(|&c| !is_gap(c)).map(|c| if is_long_mark(c) { 'ー' } else { large(c) }).collect()
    };
    let a = key(a);
    !a.is_empty() && a == key(b)
}

/// Whether the text is kana (either kind, any width), with spaces, 中点 and long-vowel marks allowed.
pub fn is_kana(text: &str) -> bool {
    let mut any = false;
    katakana(text).all(|c| {
        let kana = matches!(c, 'ァ'..='ヺ' | 'ヽ' | 'ヾ');
        any |= kana;
        kana || is_gap(c) || is_long_mark(c)
    }) && any
}

/// Key for the search of a name in kanji: variants folded, spaces and variation selectors dropped.
///
/// The table folds what people and old systems write for one another (髙/高, 﨑/崎, 斎/斉). Some of those are different
/// characters by right, so it is for search only.
pub fn kanji_key(name: &str) -> String {
    name.nfkc()
        .filter(|&c| !c.is_whitespace() && !matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}'))
        .map(|c| VARIANTS.iter().find(|(_, variants)| variants.contains(c)).map_or(c, |(plain, _)| *plain))
        .collect()
}

/// Row of the index (あかさたなはまやらわ) to which the first kana belongs; `他` if there is none.
pub fn kana_row(kana: &str) -> char {
    loose_key(kana)
        .chars()
        .find_map(|c| {
            Some(match c {
                'ア'..='オ' => 'あ',
                'カ'..='コ' => 'か',
                'サ'..='ソ' => 'さ',
                'タ'..='ト' => 'た',
                'ナ'..='ノ' => 'な',
                'ハ'..='ホ' => 'は',
                'マ'..='モ' => 'ま',
                'ヤ'..='ヨ' => 'や',
                'ラ'..='ロ' => 'ら',
                'ワ'..='ン' => 'わ',
                _ => return None,
            })
        })
        .unwrap_or('他')
}

/// NFKC with hiragana as katakana; the free-standing ゛ and ゜ join the kana before them, as in half-width text.
fn katakana(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .map(|c| match c {
            '゛' => '\u{3099}',
            '゜' => '\u{309A}',
            c => c,
        })
        .nfkc()
        .map(|c| match c {
            'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
            c => c.to_ascii_uppercase(),
        })
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '・' | '·' | '•' | '゠')
}

/// The long-vowel mark and the hyphens and dashes that are typed for it.
fn is_long_mark(c: char) -> bool {
    matches!(c, 'ー' | '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '〜' | '~')
}

/// The large kana for a small one.
fn large(c: char) -> char {
    match c {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        c => c,
    }
}

/// Plain character and the variants that stand for it in names. Our own table, for search only.
const VARIANTS: &[(char, &str)] = &[
    ('高', "髙"),
    ('崎', "﨑嵜碕"),
    ('斉', "齊齋斎"),
    ('辺', "邊邉"),
    ('浜', "濱濵"),
    ('沢', "澤"),
    ('島', "嶋嶌"),
    ('広', "廣"),
    ('国', "國圀"),
    ('桜', "櫻"),
    ('恵', "惠"),
    ('真', "眞"),
    ('寿', "壽"),
    ('竜', "龍"),
    ('滝', "瀧"),
    ('岳', "嶽"),
    ('栄', "榮"),
    ('会', "會"),
    ('学', "學"),
    ('実', "實"),
    ('富', "冨"),
    ('吉', "𠮷"),
    ('館', "舘"),
    ('曽', "曾"),
    ('条', "條"),
    ('円', "圓"),
    ('徳', "德"),
    ('柳', "栁"),
    ('桑', "桒"),
    ('槙', "槇"),
    ('浅', "淺"),
    ('関', "關"),
    ('蔵', "藏"),
    ('鉄', "鐵鐡"),
    ('戸', "戶"),
    ('増', "增"),
    ('礼', "禮"),
    ('弥', "彌"),
    ('豊', "豐"),
    ('峰', "峯"),
    ('村', "邨"),
    ('穂', "穗"),
    ('万', "萬"),
    ('与', "與"),
    ('児', "兒"),
    ('郎', "郞"),
    ('黒', "黑"),
    ('応', "應"),
    ('静', "靜"),
    ('歩', "步"),
    ('横', "橫"),
    ('薫', "薰"),
    ('薮', "藪"),
    ('桧', "檜"),
    ('淵', "渕渊"),
    ('塩', "鹽"),
    ('土', "圡"),
    ('清', "淸"),
    ('緑', "綠"),
    ('昇', "曻"),
    ('剣', "劍劔"),
    ('尭', "堯"),
    ('遥', "遙"),
    ('亜', "亞"),
    ('為', "爲"),
    ('芦', "蘆"),
    ('篭', "籠"),
    ('ケ', "ヶ"),
    ('カ', "ヵ"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_name_one_key() {
        for kana in ["サトウ ヨウコ", "ｻﾄｳ ﾖｳｺ", "さとう　ようこ", "サトウ・ヨウコ", "サトウヨウコ"]
        {
            assert_eq!(search_key(kana), "サトウヨウコ", "{kana}");
        }
        assert_eq!(search_key("ハットリ"), "ハツトリ");
        assert_eq!(search_key("ｼﾞｮｰｼﾞ"), "ジヨジ");
        assert_eq!(search_key("は゛は゜"), "バパ");
        assert_eq!(search_key(""), "");
    }

    #[test]
    fn voiced_marks_do_not_matter_in_the_loose_key() {
        assert_eq!(loose_key("ヤマザキ"), loose_key("やまさき"));
        assert_eq!(loose_key("ﾌﾟﾘﾝ"), "フリン");
        assert_ne!(search_key("ヤマザキ"), search_key("ヤマサキ"));
    }

    #[test]
    fn who_is_the_same() {
        for (a, b, want) in [
            ("サトウ ヨウコ", "ｻﾄｳ ﾖｳｺ", true),
            ("サトウ ヨウコ", "さとうようこ", true),
            ("サトウ キョウコ", "サトウ キヨウコ", true),
            ("ケート", "ケ-ト", true),
            ("ｶﾞﾄｳ", "ガトウ", true),
            ("サトウ ヨウコ", "サトウ ヨオコ", false),
            ("サトウ ヨウコ", "サトウ ヨーコ", false),
            ("ヤマザキ", "ヤマサキ", false),
            ("シズ", "シヅ", false),
            ("ジロウ", "ヂロウ", false),
            ("", "", false),
            (" ", "", false),
        ] {
            assert_eq!(same_kana(a, b), want, "{a} / {b}");
        }
    }

    #[test]
    fn what_is_kana() {
        for text in ["サトウ ヨウコ", "ｻﾄｳ", "さとう", "ジョー・スミス", "ヴ"] {
            assert!(is_kana(text), "{text}");
        }
        for text in ["", " ", "佐藤", "Sato", "サトウ1", "ー"] {
            assert!(!is_kana(text), "{text}");
        }
    }

    #[test]
    fn kanji_variants_fold() {
        for (a, b) in [
            ("髙橋", "高橋"),
            ("山﨑", "山崎"),
            ("齋藤", "斉藤"),
            ("齊藤", "斎藤"),
            ("渡邉", "渡辺"),
            ("渡邊 ", "渡 辺"),
        ] {
            assert_eq!(kanji_key(a), kanji_key(b));
        }
        assert_eq!(kanji_key("葛\u{E0100}城"), "葛城");
        assert_ne!(kanji_key("高橋"), kanji_key("高梁"));
        let mut seen = Vec::new();
        for (plain, variants) in VARIANTS {
            for c in variants.nfkc() {
                assert!(!seen.contains(&c), "{c} twice");
                seen.push(c);
            }
            assert!(VARIANTS.iter().all(|(_, v)| !v.contains(*plain)), "{plain} is a variant too");
        }
    }

    #[test]
    fn rows_of_the_index() {
        for (kana, row) in [
            ("アオキ", 'あ'),
            ("ｶﾞﾄｳ", 'か'),
            ("さとう", 'さ'),
            ("ヂ", 'た'),
            ("ヌ", 'な'),
            ("パ", 'は'),
            ("ミ", 'ま'),
            ("ョ", 'や'),
            ("リ", 'ら'),
            ("ヲ", 'わ'),
            ("ン", 'わ'),
            ("ヴ", 'あ'),
            ("", '他'),
            ("A", '他'),
        ] {
            assert_eq!(kana_row(kana), row, "{kana}");
        }
    }

    proptest! {
        #[test]
        fn keys_are_stable(text in "[ぁ-ゖァ-ヺｦ-ﾟ 　・ー]{0,20}") {
            let key = search_key(&text);
            prop_assert_eq!(search_key(&key), key.clone());
            prop_assert_eq!(loose_key(&key), loose_key(&text));
            prop_assert_eq!(same_kana(&text, &text), !text.trim().is_empty() && katakana(&text).any(|c| !is_gap(c)));
        }

        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = (search_key(&text), loose_key(&text), kanji_key(&text), kana_row(&text), is_kana(&text));
        }
    }
}
