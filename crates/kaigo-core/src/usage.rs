//! 利用状況: how far the exchange of care plans is really used, by prefecture and municipality, without a name in it.
//!
//! Registered is not used: what counts is who sent or fetched in a month, with whom, and whether what was sent arrived. Each
//! figure has its denominator. Figures from 1 to 4 are not published, nor one that could be computed from the others
//! ([`suppress`]); 0 is. The number of offices and of registered offices is public by office elsewhere, so it is shown as it is.

use std::collections::{BTreeMap, BTreeSet};

/// The smallest figure that is published, beside 0.
pub const SMALLEST: i64 = 5;

/// The whole country as an area.
pub const NATION: &str = "00";
/// The area of offices whose municipality is not known.
pub const UNKNOWN: &str = "99";

/// An office in the counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// 事業所番号.
    pub office_no: String,
    /// Municipality code; empty: not known.
    pub municipality: String,
    /// Whether it is registered for the exchange.
    pub registered: bool,
}

/// What went from one office to another in the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// Sender.
    pub from: String,
    /// Receiver.
    pub to: String,
    /// Sets that were sent and not recalled.
    pub sent: i64,
    /// Of them, those that were fetched.
    pub fetched: i64,
}

/// The figures of an area (the country, a prefecture, a municipality) in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Offices that are known.
    pub offices: i64,
    /// Of them, those registered for the exchange.
    pub registered: i64,
    /// Of those, the ones that sent a set that arrived, or fetched one, in the month.
    pub active: i64,
    /// Pairs of offices of which one sent the other a set that was fetched; a pair over a border counts on both sides.
    pub pairs: i64,
    /// Sets that were sent from the area and not recalled.
    pub sent: i64,
    /// Of them, those that were fetched.
    pub fetched: i64,
}

/// The areas that an office counts in: country, prefecture, municipality.
fn areas(municipality: &str) -> [String; 3] {
    match municipality.get(..2) {
        Some(prefecture) if municipality.len() == 6 => {
            [NATION.to_owned(), prefecture.to_owned(), municipality.to_owned()]
        }
        _ => [NATION.to_owned(), UNKNOWN.to_owned(), format!("{UNKNOWN}0000")],
    }
}

/// Counts a month. An office that traded but is not among the offices counts as a registered one whose municipality is not known, so
/// that the prefectures always add up to the country.
pub fn count(offices: &[Office], traffic: &[Traffic]) -> BTreeMap<String, Figures> {
    let mut places: BTreeMap<&str, [String; 3]> =
        offices.iter().map(|o| (o.office_no.as_str(), areas(&o.municipality))).collect();
    let mut all: BTreeMap<String, Figures> = BTreeMap::new();
    all.entry(NATION.to_owned()).or_default();
    let mut known = |areas: &[String; 3], registered: bool| {
        for area in areas {
            let figures = all.entry(area.clone()).or_default();
            figures.offices += 1;
            figures.registered += i64::from(registered);
        }
    };
    for office in offices {
        known(&areas(&office.municipality), office.registered);
    }
    for office_no in traffic.iter().flat_map(|t| [t.from.as_str(), t.to.as_str()]) {
        if !places.contains_key(office_no) {
            places.insert(office_no, areas(""));
            known(&areas(""), true);
        }
    }
    let mut active: BTreeSet<&str> = BTreeSet::new();
    let mut pairs: BTreeMap<String, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for t in traffic {
        let of = |office_no: &str| places.get(office_no).into_iter().flatten();
        for area in of(&t.from) {
            let figures = all.entry(area.clone()).or_default();
            figures.sent += t.sent;
            figures.fetched += t.fetched;
        }
        if t.fetched == 0 {
            continue;
        }
        active.extend([t.from.as_str(), t.to.as_str()]);
        let pair = if t.from <= t.to { (t.from.as_str(), t.to.as_str()) } else { (t.to.as_str(), t.from.as_str()) };
        for area in of(&t.from).chain(of(&t.to)) {
            pairs.entry(area.clone()).or_default().insert(pair);
        }
    }
    for office in active {
        for area in places.get(office).into_iter().flatten() {
            all.entry(area.clone()).or_default().active += 1;
        }
    }
    for (area, found) in pairs {
        all.entry(area).or_default().pairs = i64::try_from(found.len()).unwrap_or(i64::MAX);
    }
    all
}

/// A figure as it may be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The figure itself.
    Exact(i64),
    /// From 1 to 4: 「5未満」.
    Few,
    /// Larger, but others would follow from it: 「非公表」.
    Hidden,
}

impl Shown {
    /// The figure on its own: small ones are not published.
    pub fn of(n: i64) -> Self {
        if n > 0 && n < SMALLEST { Self::Few } else { Self::Exact(n) }
    }

    /// The figure, if it is published.
    pub fn exact(self) -> Option<i64> {
        match self {
            Self::Exact(n) => Some(n),
            Self::Few | Self::Hidden => None,
        }
    }

    /// As it stands in files: the number, `<5` or `*`.
    pub fn code(self) -> String {
        match self {
            Self::Exact(n) => n.to_string(),
            Self::Few => "<5".to_owned(),
            Self::Hidden => "*".to_owned(),
        }
    }
}

/// The figures of the parts of an area as they may be published, so that none of the small ones follows from the total.
///
/// First each part from 1 to 4 is hidden. If the total is published (`total`), or is itself hidden for others' sake, the next
/// smallest parts are hidden until at least two are and they hold at least five together; otherwise one could subtract.
pub fn suppress(total: Shown, parts: &[i64]) -> Vec<Shown> {
    let mut shown: Vec<Shown> = parts.iter().map(|n| Shown::of(*n)).collect();
    let asks = match total {
        Shown::Exact(_) => shown.contains(&Shown::Few),
        // The parts must not tell what the total does not.
        Shown::Hidden => true,
        Shown::Few => false,
    };
    if !asks {
        return shown;
    }
    loop {
        let hidden = parts.iter().zip(&shown).filter(|(_, s)| s.exact().is_none()).map(|(n, _)| *n);
        let (count, sum) = hidden.fold((0, 0), |(count, sum), n| (count + 1, sum + n));
        let is_safe = match total {
            Shown::Hidden => count >= 1,
            Shown::Exact(_) | Shown::Few => count >= 2 && sum >= SMALLEST,
        };
        if is_safe {
            return shown;
        }
        let next =
            parts.iter().zip(shown.iter_mut()).filter(|(n, s)| **n > 0 && s.exact().is_some()).min_by_key(|(n, _)| **n);
        match next {
            Some((_, place)) => *place = Shown::Hidden,
            None => return shown,
        }
    }
}

/// The published figures of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Offices that are known.
    pub offices: i64,
    /// Registered offices.
    pub registered: i64,
    /// Active offices.
    pub active: Shown,
    /// Pairs.
    pub pairs: Shown,
    /// Sets sent.
    pub sent: Shown,
    /// Sets fetched in per cent of those sent, in tenths; none where the sets are not published or there are none.
    pub success: Option<i64>,
}

/// Publishes the whole country: every area with the figures that may be shown.
pub fn publish(all: &BTreeMap<String, Figures>) -> BTreeMap<String, Published> {
    let mut out = BTreeMap::new();
    let nation = all.get(NATION).copied().unwrap_or_default();
    let whole = shown_alone(&nation);
    out.insert(NATION.to_owned(), whole);
    let prefectures: Vec<(&String, &Figures)> =
        all.iter().filter(|(area, _)| area.len() == 2 && *area != NATION).collect();
    let prefectures = level(&whole, &prefectures);
    for (area, published) in prefectures {
        let parts: Vec<(&String, &Figures)> =
            all.iter().filter(|(part, _)| part.len() == 6 && part.starts_with(area.as_str())).collect();
        out.extend(level(&published, &parts));
        out.insert(area, published);
    }
    out
}

fn shown_alone(figures: &Figures) -> Published {
    published(figures, (Shown::of(figures.active), Shown::of(figures.pairs), Shown::of(figures.sent)))
}

fn published(figures: &Figures, (active, pairs, sent): (Shown, Shown, Shown)) -> Published {
    // A rate of a few sets tells how each of them ended.
    let missing = figures.sent - figures.fetched;
    let tells =
        sent.exact().is_some_and(|n| n >= SMALLEST) && (missing == 0 || missing >= SMALLEST || figures.sent >= 100);
    Published {
        offices: figures.offices,
        registered: figures.registered,
        active,
        pairs,
        sent,
        success: tells.then(|| figures.fetched * 1_000 / figures.sent.max(1)),
    }
}

fn level(whole: &Published, parts: &[(&String, &Figures)]) -> Vec<(String, Published)> {
    let of = |total: Shown, get: fn(&Figures) -> i64| {
        suppress(total, &parts.iter().map(|(_, figures)| get(figures)).collect::<Vec<_>>())
    };
    let active = of(whole.active, |f| f.active);
    let sent = of(whole.sent, |f| f.sent);
    // Pairs over a border count twice, so no total gives a part away.
    parts
        .iter()
        .zip(active.into_iter().zip(sent))
        .map(|((area, figures), (active, sent))| {
            ((*area).clone(), published(figures, (active, Shown::of(figures.pairs), sent)))
        })
        .collect()
}

/// How far the exchange is used in an area, in five steps for a map: 0 nobody, 4 more than half of the offices; none: not published.
pub fn map_level(p: &Published) -> Option<u8> {
    let active = p.active.exact()?;
    if p.offices == 0 || active == 0 {
        return Some(0);
    }
    Some(match active * 100 / p.offices {
        0..5 => 1,
        5..20 => 2,
        20..50 => 3,
        _ => 4,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Shown::{Exact, Few, Hidden};
    use super::*;

    fn office(no: &str, municipality: &str, registered: bool) -> Office {
        Office { office_no: no.to_owned(), municipality: municipality.to_owned(), registered }
    }

    fn went(from: &str, to: &str, sent: i64, fetched: i64) -> Traffic {
        Traffic { from: from.to_owned(), to: to.to_owned(), sent, fetched }
    }

    #[test]
    fn offices_pairs_and_sets_are_counted_where_they_belong() {
        let offices = [
            office("a", "322041", true),
            office("b", "322041", true),
            office("c", "322024", true),
            office("d", "131016", false),
            office("e", "", true),
        ];
        let traffic = [
            went("a", "b", 3, 3),
            went("b", "a", 1, 1),
            went("a", "c", 2, 1),
            went("c", "e", 4, 0),
            went("a", "x", 1, 1),
        ];
        let all = count(&offices, &traffic);
        let f = |offices, registered, active, pairs, sent, fetched| Figures {
            offices,
            registered,
            active,
            pairs,
            sent,
            fetched,
        };
        assert_eq!(all["322041"], f(2, 2, 2, 3, 7, 6), "a–b once, a–c, a–x");
        assert_eq!(all["322024"], f(1, 1, 1, 1, 4, 0), "what was not fetched makes nobody active");
        assert_eq!(all["32"], f(3, 3, 3, 3, 11, 6), "a–c is one pair of the prefecture");
        assert_eq!(all["13"], f(1, 0, 0, 0, 0, 0));
        assert_eq!(all[UNKNOWN], f(2, 2, 1, 1, 0, 0), "e, and x of whom nothing else is known");
        assert_eq!(all[NATION], f(6, 5, 4, 3, 11, 6));
        assert_eq!(count(&[], &[])[NATION], Figures::default());
    }

    #[test]
    fn small_figures_are_hidden_and_do_not_follow_from_the_rest() {
        assert_eq!(suppress(Exact(30), &[10, 20, 0]), [Exact(10), Exact(20), Exact(0)]);
        // One small part: the next smallest goes, too.
        assert_eq!(suppress(Exact(33), &[10, 20, 3]), [Hidden, Exact(20), Few]);
        // Two that together are too small.
        assert_eq!(suppress(Exact(32), &[10, 20, 1, 1]), [Hidden, Exact(20), Few, Few]);
        assert_eq!(suppress(Exact(26), &[20, 3, 3]), [Exact(20), Few, Few]);
        // The total is small: its parts are.
        assert_eq!(suppress(Few, &[3, 0]), [Few, Exact(0)]);
        // The total is hidden: its parts must not sum up to it.
        assert_eq!(suppress(Hidden, &[9, 7, 0]), [Exact(9), Hidden, Exact(0)]);
        assert_eq!(suppress(Hidden, &[9, 3]), [Exact(9), Few]);
        assert_eq!(suppress(Exact(0), &[0, 0]), [Exact(0), Exact(0)]);
        assert_eq!([Exact(7), Few, Hidden].map(Shown::code), ["7", "<5", "*"]);
    }

    #[test]
    fn rates_need_enough_sets() {
        let of = |sent, fetched| shown_alone(&Figures { sent, fetched, ..Figures::default() }).success;
        assert_eq!((of(0, 0), of(4, 4)), (None, None));
        assert_eq!((of(10, 10), of(10, 5)), (Some(1_000), Some(500)));
        assert_eq!(of(10, 9), None, "a single set would be told of");
        assert_eq!(of(1_000, 999), Some(999));
    }

    #[test]
    fn a_country_is_published_over_both_levels() {
        let mut all = BTreeMap::new();
        let figures =
            |active| Figures { offices: 100, registered: 50, active, pairs: active, sent: active, fetched: active };
        for (area, active) in [
            ("00", 43),
            ("31", 3),
            ("312011", 3),
            ("32", 10),
            ("322041", 10),
            ("322024", 0),
            ("33", 30),
            ("331015", 30),
        ] {
            all.insert(area.to_owned(), figures(active));
        }
        let out = publish(&all);
        assert_eq!(out["00"].active, Exact(43));
        assert_eq!((out["31"].active, out["312011"].active), (Few, Few));
        assert_eq!((out["32"].active, out["322041"].active, out["322024"].active), (Hidden, Hidden, Exact(0)));
        assert_eq!((out["33"].active, out["331015"].active), (Exact(30), Exact(30)));
        assert_eq!(out.len(), all.len());
        assert_eq!((map_level(&out["33"]), map_level(&out["31"]), map_level(&out["322024"])), (Some(3), None, Some(0)));
    }

    proptest! {
        /// Whoever knows the total and every published part cannot tell a small one.
        #[test]
        fn nothing_follows_from_a_published_total(parts in prop::collection::vec(0_i64..30, 1..12)) {
            let total: i64 = parts.iter().sum();
            let shown = suppress(Shown::of(total), &parts);
            let hidden: Vec<i64> = parts.iter().zip(&shown).filter(|(_, s)| s.exact().is_none()).map(|(n, _)| *n).collect();
            for (n, s) in parts.iter().zip(&shown) {
                prop_assert!(!(1..SMALLEST).contains(n) || *s == Few);
                prop_assert!(s.exact().is_none_or(|shown| shown == *n));
            }
            if total >= SMALLEST && !hidden.is_empty() {
                prop_assert!(hidden.len() >= 2 && hidden.iter().sum::<i64>() >= SMALLEST, "{parts:?} {shown:?}");
            }
        }
    }
}
