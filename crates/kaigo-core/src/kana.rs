//! Kana folding for search and for the comparison in 本人確認.

/// Key under which a kana name is stored and searched.
pub fn search_key(kana: &str) -> String {
    kana.chars().filter(|c| !c.is_whitespace()).collect()
}
