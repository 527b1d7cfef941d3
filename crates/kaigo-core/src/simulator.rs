//! かんたんシミュレーション: what an office saves when it exchanges care plans as data, and what double running costs it.
//!
//! The official tool's inputs and formulas are not public; its published totals are (介護保険最新情報 Vol.1204: 816,000 yen a year with
//! labour, 72,000 without). The formulas here are our own, calibrated to these totals, and carry the term that official tools
//! leave out: the minutes of running paper and data side by side. All amounts are whole yen, rounded half up at the end.

use jiff::civil::date;

use crate::codes;
use crate::date::Date;
use crate::rule::{Dated, at};

codes! {
    /// Kind of office in the simulator (事業所の種類); decides the usual minutes.
    OfficeSort, "事業所の種類", {
        CareManagement = "care-management" "居宅介護支援・介護予防支援",
        Service = "service" "訪問・通所などのサービス事業所",
    }
}

codes! {
    /// A task of today's work on paper (いまの作業).
    Task, "いまの作業", {
        Cover = "cover" "送付状をつくる",
        Print = "print" "印刷する",
        Mask = "mask" "個人情報をかくす（マスキング）",
        Fax = "fax" "FAXで送る",
        Post = "post" "封入・郵送する",
        Hand = "hand" "持って行く",
        Sort = "sort-papers" "届いた紙を仕分ける",
        KeyIn = "key-in" "ソフトに打ちこむ",
        File = "file" "綴じてしまう",
        Chase = "chase" "電話で催促・確認する",
    }
}

/// Usual values, for an office that has not measured its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// Minutes a month and person who does it, in the order of [`Task::ALL`], for 居宅介護支援.
    pub care_management: [i64; 10],
    /// The same for the other offices.
    pub service: [i64; 10],
    /// Yen an hour.
    pub wage: i64,
    /// Of a task's time one part in so many remains: 3 is a third.
    pub remains: i64,
    /// Yen a printed sheet.
    pub sheet_yen: i64,
    /// Yen a letter.
    pub letter_yen: i64,
    /// Yen a fax call.
    pub fax_yen: i64,
}

/// Usual values with their sources.
pub static USUAL: &[Dated<Usual>] = &[
    Dated {
        from: date(2023, 4, 20),
        until: Some(date(2024, 9, 30)),
        value: Usual { letter_yen: 84, ..USUAL_NOW },
        source: SOURCE_BEFORE_OCTOBER_2024,
    },
    Dated { from: date(2024, 10, 1), until: None, value: USUAL_NOW, source: SOURCE_NOW },
];

const SOURCE_BEFORE_OCTOBER_2024: &str = "作業の分数：宮崎県の支援事業の公開アンケート（2025年3月）の中央値の集計。残る時間：提供票の共有にかかる時間がおよそ3分の1になるという調査（介護保険最新情報 Vol.1204 の試算の元）。時給・用紙・通信費：本システムの推定。郵便：定形25gまで84円（2024年9月まで）";
const SOURCE_NOW: &str = "作業の分数：宮崎県の支援事業の公開アンケート（2025年3月）の中央値の集計。残る時間：提供票の共有にかかる時間がおよそ3分の1になるという調査（介護保険最新情報 Vol.1204 の試算の元）。時給・用紙・通信費：本システムの推定。郵便：定形50gまで110円（2024年10月1日の料金改定）";

const USUAL_NOW: Usual = Usual {
    care_management: [30, 0, 30, 30, 0, 60, 60, 90, 30, 0],
    service: [30, 0, 30, 30, 0, 60, 20, 30, 0, 0],
    wage: 1_860,
    remains: 3,
    sheet_yen: 10,
    letter_yen: 110,
    fax_yen: 20,
};

/// The yearly fee (利用料) of an office number, yen.
pub static FEE: &[Dated<i64>] = &[
    Dated {
        from: date(2023, 4, 20),
        until: Some(date(2025, 5, 31)),
        value: 21_000,
        source: "介護保険最新情報 Vol.1204 ほか：1事業所番号あたり年21,000円（税込）",
    },
    Dated {
        from: date(2025, 6, 1),
        until: None,
        value: 0,
        source: "フリーパスキャンペーン（2025年6月1日から。介護情報基盤への統合まで延長）と、統合後は利用料がないという公表（介護保険最新情報 Vol.1529）",
    },
];

/// The usual values on a day.
pub fn usual(day: Date) -> &'static Dated<Usual> {
    at(USUAL, day).unwrap_or(&LAST)
}

static LAST: Dated<Usual> = Dated { from: date(2024, 10, 1), until: None, value: USUAL_NOW, source: SOURCE_NOW };

/// The fee of a year on a day, with its source.
pub fn fee(day: Date) -> (i64, &'static str) {
    at(FEE, day).map_or((0, ""), |row| (row.value, row.source))
}

/// What an office puts in, all for a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// Kind of office.
    pub sort: OfficeSort,
    /// Persons served (利用者数); only for figures per person.
    pub clients: i64,
    /// Members of staff who do the tasks.
    pub staff: i64,
    /// Partners with whom papers are exchanged.
    pub partners: i64,
    /// Of them, those that exchange data (or will).
    pub joined: i64,
    /// Minutes a month and member of staff, in the order of [`Task::ALL`].
    pub minutes: [i64; 10],
    /// Yen an hour.
    pub wage: i64,
    /// Of a task's time one part in so many remains.
    pub remains: i64,
    /// Sheets printed.
    pub sheets: i64,
    /// Yen a sheet.
    pub sheet_yen: i64,
    /// Letters.
    pub letters: i64,
    /// Yen a letter.
    pub letter_yen: i64,
    /// Fax calls.
    pub faxes: i64,
    /// Yen a call.
    pub fax_yen: i64,
    /// Yen for all trips.
    pub trips_yen: i64,
    /// Minutes of running paper and data side by side (二重運用), all staff together.
    pub double_minutes: i64,
    /// Fee of a year.
    pub fee_year: i64,
}

impl Inputs {
    /// What stands in the form at first.
    pub fn usual(sort: OfficeSort, day: Date) -> Self {
        let usual = usual(day).value;
        let (minutes, partners) = match sort {
            OfficeSort::CareManagement => (usual.care_management, 40),
            OfficeSort::Service => (usual.service, 14),
        };
        Self {
            sort,
            clients: if sort == OfficeSort::CareManagement { 100 } else { 40 },
            staff: 3,
            partners,
            joined: partners / 2,
            minutes,
            wage: usual.wage,
            remains: usual.remains,
            sheets: 200,
            sheet_yen: usual.sheet_yen,
            letters: 10,
            letter_yen: usual.letter_yen,
            faxes: 29,
            fax_yen: usual.fax_yen,
            trips_yen: 1_000,
            double_minutes: 60,
            fee_year: fee(day).0,
        }
    }

    /// The published example: reproduces the official totals of Vol.1204 (816,000 and 72,000 yen a year).
    pub fn official() -> Self {
        Self {
            sort: OfficeSort::CareManagement,
            clients: 100,
            staff: 1,
            partners: 40,
            joined: 40,
            minutes: [300, 200, 300, 500, 100, 300, 300, 700, 200, 100],
            wage: 1_860,
            remains: 3,
            sheets: 180,
            sheet_yen: 10,
            letters: 20,
            letter_yen: 84,
            faxes: 84,
            fax_yen: 20,
            trips_yen: 840,
            double_minutes: 0,
            fee_year: 0,
        }
    }

    /// Brings every value into its range, so that a sum never overflows and a share is a share.
    #[must_use]
    pub fn within(self) -> Self {
        let range = |n: i64, most: i64| n.clamp(0, most);
        let partners = range(self.partners, 10_000);
        Self {
            sort: self.sort,
            clients: range(self.clients, 100_000),
            staff: range(self.staff, 10_000),
            partners,
            joined: range(self.joined, partners),
            minutes: self.minutes.map(|n| range(n, 10_000)),
            wage: range(self.wage, 20_000),
            remains: self.remains.clamp(1, 10),
            sheets: range(self.sheets, 1_000_000),
            sheet_yen: range(self.sheet_yen, 1_000),
            letters: range(self.letters, 100_000),
            letter_yen: range(self.letter_yen, 10_000),
            faxes: range(self.faxes, 100_000),
            fax_yen: range(self.fax_yen, 10_000),
            trips_yen: range(self.trips_yen, 10_000_000),
            double_minutes: range(self.double_minutes, 1_000_000),
            fee_year: range(self.fee_year, 1_000_000),
        }
    }

    /// The inputs as a line of names and numbers, as they stand in an address: `sort=service&clients=40&…`.
    pub fn line(&self) -> String {
        let minutes = Task::ALL.iter().map(|task| task.code()).zip(self.minutes);
        let numbers = FIELDS.iter().map(|f| (f.name, (f.get)(self))).chain(minutes);
        let pairs: Vec<String> = numbers.map(|(name, n)| format!("{name}={n}")).collect();
        format!("sort={}&{}", self.sort.code(), pairs.join("&"))
    }

    /// Reads what [`Inputs::line`] wrote. What is missing is as in `usual`, what is unknown is passed over, everything is brought
    /// into its range. None: the kind of office or a number cannot be read.
    pub fn parse_line(line: &str, usual: impl Fn(OfficeSort) -> Self) -> Option<Self> {
        let pairs: Vec<(&str, &str)> = line.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let sort = pairs.iter().find(|(name, _)| *name == "sort").and_then(|(_, code)| OfficeSort::parse(code).ok())?;
        let mut inputs = usual(sort);
        for (name, value) in pairs {
            if let Some(field) = FIELDS.iter().find(|f| f.name == name) {
                (field.set)(&mut inputs, value.parse().ok()?);
            } else if let Some((_, minutes)) =
                Task::ALL.iter().zip(inputs.minutes.iter_mut()).find(|(task, _)| task.code() == name)
            {
                *minutes = value.parse().ok()?;
            }
        }
        Some(inputs.within())
    }

    /// Minutes of all tasks and all staff in a month.
    pub fn minutes_now(&self) -> i64 {
        self.minutes.iter().sum::<i64>() * self.staff
    }
}

/// A number among the inputs: its name in addresses and forms, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Name.
    pub name: &'static str,
    /// Reads it.
    pub get: fn(&Inputs) -> i64,
    /// Writes it.
    pub set: fn(&mut Inputs, i64),
}

macro_rules! fields {
    ($($name:ident)+) => {
        &[$(Field { name: stringify!($name), get: |i| i.$name, set: |i, n| i.$name = n }),+]
    };
}

/// The numbers, without the minutes of the tasks, which are named by [`Task::code`].
pub static FIELDS: &[Field] = fields! {
    clients staff partners joined wage sheets sheet_yen letters letter_yen faxes fax_yen trips_yen remains double_minutes fee_year
};

/// A kind of cost, now and afterwards, yen a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// What it is, Japanese.
    pub label: &'static str,
    /// Now.
    pub now: i64,
    /// Afterwards.
    pub after: i64,
}

/// What comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Costs by kind, now and afterwards.
    pub costs: Vec<Cost>,
    /// Labour that is saved, yen a month.
    pub labour: i64,
    /// Paper, post, fax, trips that are saved, yen a month.
    pub others: i64,
    /// What double running costs, yen a month.
    pub double: i64,
    /// Minutes that are saved in a month, after double running; below zero: it costs time.
    pub minutes: i64,
    /// Saved in a month, all together.
    pub net_month: i64,
    /// Saved in a year, all together.
    pub net_year: i64,
    /// Saved in a year in cash: without labour.
    pub cash_year: i64,
    /// Of a hundred partners so many must join until it pays; none: it pays with none, or never.
    pub breakeven: Breakeven,
}

/// From which share of the partners on it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakeven {
    /// At once: it costs nothing.
    AtOnce,
    /// From this share on, in per cent, rounded up.
    From(i64),
    /// Not even with all of them.
    Never,
}

/// Divides and rounds half up, also below zero.
pub(crate) fn round(n: i64, by: i64) -> i64 {
    (2 * n + by).div_euclid(2 * by)
}

/// Computes. Values out of range are brought into it first.
///
/// `labour = a·(1−1/k)·minutes·wage/60`, `others = a·(sheets + letters + faxes + trips)`, `double = x·wage/60`, `net = labour + others − double − fee/12`,
/// where `a` is the share of partners that exchange data and `1/k` what remains of the time.
pub fn simulate(inputs: Inputs) -> Outcome {
    let i = inputs.within();
    let (a, of) = (i.joined, i.partners.max(1));
    let minutes = i.minutes_now();
    let kept = i.remains;
    let part = |yen: i64| round(yen * a, of);
    let labour_now = round(minutes * i.wage, 60);
    let labour = round(a * (kept - 1) * minutes * i.wage, of * kept * 60);
    let (sheets, letters, faxes, trips) =
        (i.sheets * i.sheet_yen, i.letters * i.letter_yen, i.faxes * i.fax_yen, i.trips_yen);
    let others = part(sheets + letters + faxes + trips);
    let double = round(i.double_minutes * i.wage, 60);
    let cost = |label, now: i64, saved: i64| Cost { label, now, after: now - saved };
    let costs = vec![
        cost("人件費", labour_now, labour),
        cost("印刷費", sheets, part(sheets)),
        cost("郵送費", letters, part(letters)),
        cost("通信費（FAX）", faxes, part(faxes)),
        cost("交通費", trips, part(trips)),
        cost("二重運用の人件費", 0, -double),
        cost("利用料", 0, -round(i.fee_year, 12)),
    ];
    let minutes_saved = round(a * (kept - 1) * minutes, of * kept) - i.double_minutes;
    let net_year = 12 * (labour + others - double) - i.fee_year;
    Outcome {
        costs,
        labour,
        others,
        double,
        minutes: minutes_saved,
        net_month: round(net_year, 12),
        net_year,
        cash_year: 12 * others - i.fee_year,
        breakeven: breakeven(&i, sheets + letters + faxes + trips),
    }
}

/// `(double + fee) / (labour + others with all partners)`; all in a sixtieth of a yen, a year.
fn breakeven(i: &Inputs, others: i64) -> Breakeven {
    let minutes = i.minutes_now();
    // Multiplied by 60 and by `remains`, so that nothing is rounded before the end.
    let burden = 12 * i.double_minutes * i.wage * i.remains + i.fee_year * 60 * i.remains;
    let gain = 12 * ((i.remains - 1) * minutes * i.wage + others * 60 * i.remains);
    if burden == 0 {
        return Breakeven::AtOnce;
    }
    if gain < burden {
        return Breakeven::Never;
    }
    Breakeven::From((100 * burden + gain - 1).div_euclid(gain))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rule::well_formed;

    #[test]
    fn tables_are_well_formed() {
        well_formed(USUAL);
        well_formed(FEE);
        assert_eq!(usual(date(2024, 9, 30)).value.letter_yen, 84);
        assert_eq!(usual(date(2024, 10, 1)).value.letter_yen, 110);
        assert_eq!(usual(date(2020, 1, 1)).value.letter_yen, 110, "before the first row: the last one");
        assert_eq!((fee(date(2025, 5, 31)).0, fee(date(2025, 6, 1)).0), (21_000, 0));
    }

    #[test]
    fn the_official_totals_come_out() {
        let inputs = Inputs::official();
        assert_eq!(inputs.minutes_now(), 3_000);
        let outcome = simulate(inputs);
        assert_eq!((outcome.labour, outcome.others), (62_000, 6_000));
        assert_eq!(outcome.net_month, 68_000);
        assert_eq!((outcome.net_year, outcome.cash_year), (816_000, 72_000));
        assert_eq!(outcome.breakeven, Breakeven::AtOnce);
        assert_eq!(outcome.minutes, 2_000);
        let saved: i64 = outcome.costs.iter().map(|c| c.now - c.after).sum();
        assert_eq!(saved, outcome.net_month, "the bars add up to the total");
    }

    #[test]
    fn double_running_and_the_fee_count_against_it() {
        let official = Inputs::official();
        let double = simulate(Inputs { double_minutes: 600, ..official });
        assert_eq!(double.double, 18_600);
        assert_eq!(double.net_year, 816_000 - 12 * 18_600);
        assert_eq!(double.cash_year, 72_000, "double running is time, not cash");
        let fee = simulate(Inputs { fee_year: 21_000, ..official });
        assert_eq!((fee.net_year, fee.cash_year), (795_000, 51_000));
        // 21,000 of 816,000 is 2.57 per cent.
        assert_eq!(fee.breakeven, Breakeven::From(3));
        // Nobody there to exchange with: it only costs.
        let alone = simulate(Inputs { joined: 0, double_minutes: 60, fee_year: 21_000, ..official });
        assert_eq!(alone.net_year, -21_000 - 12 * 1_860);
        assert_eq!((alone.labour, alone.others), (0, 0));
        let never =
            Inputs { minutes: [0; 10], sheets: 0, letters: 0, faxes: 0, trips_yen: 0, fee_year: 21_000, ..official };
        assert_eq!(simulate(never).breakeven, Breakeven::Never);
    }

    #[test]
    fn half_of_the_partners_is_half_of_the_saving() {
        let half = simulate(Inputs { joined: 20, ..Inputs::official() });
        assert_eq!((half.net_year, half.cash_year), (408_000, 36_000));
    }

    #[test]
    fn what_is_out_of_range_is_brought_into_it() {
        let wild = Inputs { joined: 99, partners: 3, remains: 0, wage: -5, ..Inputs::official() };
        let kept = wild.within();
        assert_eq!((kept.joined, kept.partners, kept.remains, kept.wage), (3, 3, 1, 0));
        assert_eq!(simulate(wild).labour, 0);
        for sort in OfficeSort::ALL {
            let usual = Inputs::usual(*sort, date(2026, 11, 22));
            assert_eq!(usual.within(), usual);
            assert!(simulate(usual).net_year > 0);
        }
        assert_eq!([round(5, 2), round(-5, 2), round(-1, 3), round(7, 2)], [3, -2, 0, 4]);
    }

    #[test]
    fn a_line_of_inputs_is_read_back() {
        let usual = |sort| Inputs::usual(sort, date(2026, 11, 22));
        for inputs in [Inputs::official(), usual(OfficeSort::Service)] {
            assert_eq!(Inputs::parse_line(&inputs.line(), usual), Some(inputs));
        }
        let few = Inputs::parse_line("sort=service&staff=7&unknown=x&fax=12", usual).unwrap();
        assert_eq!((few.staff, few.minutes.get(3), few.partners), (7, Some(&12), 14));
        assert_eq!(Inputs::parse_line("sort=service&joined=99", usual).map(|i| i.joined), Some(14), "within its range");
        for bad in ["", "staff=3", "sort=nobody", "sort=service&staff=many", "sort=service&post=9999999999999999999999"]
        {
            assert_eq!(Inputs::parse_line(bad, usual), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn more_partners_never_save_less(a in 0_i64..50, more in 0_i64..50, x in 0_i64..10_000, wage in 0_i64..5_000) {
            let with = |joined| simulate(Inputs { partners: 100, joined, double_minutes: x, wage, ..Inputs::official() });
            prop_assert!(with(a + more).net_year >= with(a).net_year);
        }

        #[test]
        fn nothing_overflows(n in any::<i64>(), m in any::<i64>()) {
            let all = Inputs {
                clients: n, staff: m, partners: n, joined: m, minutes: [n; 10], wage: m, remains: n, sheets: m, sheet_yen: n, letters: m,
                letter_yen: n, faxes: m, fax_yen: n, trips_yen: m, double_minutes: n, fee_year: m, sort: OfficeSort::Service,
            };
            let _ = simulate(all);
        }
    }
}
