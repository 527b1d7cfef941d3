//! Characters: what MS932 has not, with what can stand in its place.

use kaigo_interchange::encoding::to_ms932;

/// What can stand in the place of characters that MS932 has not: ordinary forms of kanji, signs that look alike, spelled out.
/// Source: 常用漢字表（いわゆる康熙字典体など）, practice.
const REPLACEMENTS: &[(char, &str)] = &[
    ('𠮷', "吉"),
    ('𠮟', "叱"),
    ('塡', "填"),
    ('剝', "剥"),
    ('頰', "頬"),
    ('瘦', "痩"),
    ('簞', "箪"),
    ('嚙', "噛"),
    ('繫', "繋"),
    ('摑', "掴"),
    ('蟬', "蝉"),
    ('麵', "麺"),
    ('屛', "屏"),
    ('幷', "并"),
    ('搔', "掻"),
    ('瀆', "涜"),
    ('𣘺', "橋"),
    ('𡈽', "土"),
    ('俱', "倶"),
    ('顚', "顛"),
    ('噓', "嘘"),
    ('蔣', "蒋"),
    ('禱', "祷"),
    ('萊', "莱"),
    ('攢', "攅"),
    ('㉑', "(21)"),
    ('㉒', "(22)"),
    ('㉓', "(23)"),
    ('㉔', "(24)"),
    ('㉕', "(25)"),
    ('⓪', "(0)"),
    ('♥', "ハート"),
    ('♡', "ハート"),
    ('✓', "レ"),
    ('✔', "レ"),
    ('☑', "レ"),
    ('ゔ', "ヴ"),
    ('㎖', "mL"),
    ('㎗', "dL"),
    ('ℓ', "L"),
    ('½', "1/2"),
    ('²', "2"),
    ('³', "3"),
    ('\u{2212}', "－"),
    ('\u{2014}', "―"),
    ('\u{2013}', "－"),
    ('\u{2011}', "-"),
    ('\u{301C}', "～"),
    ('\u{2016}', "∥"),
    ('\u{A2}', "￠"),
    ('\u{A3}', "￡"),
    ('\u{AC}', "￢"),
    ('\u{A5}', "￥"),
    ('\u{203E}', "￣"),
    ('\u{A0}', " "),
    ('\u{2003}', "　"),
    ('\u{2022}', "・"),
    ('\u{B7}', "・"),
    ('\u{FF5F}', "（"),
    ('\u{FF60}', "）"),
    ('\u{20AC}', "ユーロ"),
    ('\u{A9}', "(C)"),
    ('\u{AE}', "(R)"),
    ('\u{200B}', ""),
    ('\u{FE0F}', ""),
    ('\u{FEFF}', ""),
];

/// What to write in MS932 instead of a character that it has not, where something fits; empty: leave it out.
pub fn replacement(character: char) -> Option<&'static str> {
    let listed = REPLACEMENTS.iter().find(|(own, _)| *own == character).map(|(_, instead)| *instead);
    // Variation selectors choose a form of the character before them.
    listed.or(matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}').then_some(""))
}

/// 外字: drawn by one machine only.
pub(crate) fn is_private(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}')
}

/// Half-width kana and their punctuation.
pub(crate) fn is_half_kana(character: char) -> bool {
    matches!(character, '\u{FF61}'..='\u{FF9F}')
}

/// Whether MS932 can write it so that it comes back the same.
pub(crate) fn is_ms932(character: char) -> bool {
    let mut buf = [0; 4];
    character.is_ascii() || to_ms932(character.encode_utf8(&mut buf), &mut Vec::new()).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_is_not_in_ms932_and_its_replacement_is() {
        for (character, instead) in REPLACEMENTS {
            assert!(!is_ms932(*character), "{character}");
            assert!(instead.chars().all(is_ms932), "{instead}");
            assert_eq!(replacement(*character), Some(*instead));
        }
        // Extensions of Windows are no 外字.
        assert!("髙﨑①㈱Ⅳ～－∥".chars().all(|c| is_ms932(c) && !is_private(c)));
        assert!(is_private('\u{E000}') && !is_ms932('𠮷'));
    }
}
