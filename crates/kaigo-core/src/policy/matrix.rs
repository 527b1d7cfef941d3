//! The sharing table as data, and its printed form (docs/authz.out).

use core::fmt::Write as _;

use super::act::Act;
use super::{Item, JobType, Reader};
use crate::date::Date;

/// Condition under which a kind of reader sees an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Seen (by an office: while it is 担当事業所).
    Open,
    /// Seen with the recorded comprehensive consent.
    Consent,
    /// Seen with the consent, and only from accounts of that job.
    ConsentByJob(JobType),
    /// Only what the reader made itself.
    Own,
    /// With consent, and only by a medical institution that also gives care services.
    DualProvider,
    /// Not shared.
    Closed,
    /// Not verified against the published table: closed until an operator opens it.
    Unverified,
}

impl Cell {
    /// Short form in the printed table.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Consent => "consent",
            Self::ConsentByJob(_) => "consent+job",
            Self::Own => "own",
            Self::DualProvider => "dual+consent",
            Self::Closed => "-",
            Self::Unverified => "unverified",
        }
    }
}

/// One row: an item with the condition of each kind of reader, in the order of [`Reader::ALL`].
#[derive(Clone, Debug)]
pub struct Row {
    /// Item.
    pub item: Item,
    /// First day on which the row applies.
    pub from: Date,
    /// Conditions in the order of [`Reader::ALL`].
    pub cells: [Cell; 6],
    /// Where it stands.
    pub source: &'static str,
}

/// The whole table.
#[derive(Clone, Debug)]
pub struct Matrix {
    rows: Vec<Row>,
}

const STARTED: Date = jiff::civil::date(2026, 4, 1);
const INTERIM: &str = "介護情報利活用WG 中間とりまとめ 2024-03 p.6";
const TABLE_2026: &str = "医療介護連携の進め方 資料1 2026-03-18 p.8（行の途中まで）";
const BRIEFING: &str = "介護情報基盤ポータル・自治体説明資料 2026-02";
const LIFE: &str = "介護情報利活用WG 第8回 資料2 p.37";
const PLANS: &str = "API仕様書 第1.0版（二次資料）";

impl Matrix {
    /// The table that ships.
    pub fn standard() -> Self {
        use Cell::{Closed, Consent, ConsentByJob, DualProvider, Open, Own, Unverified};
        let manager = ConsentByJob(JobType::CareManager);
        let row = |item, cells, source| Row { item, from: STARTED, cells, source };
        // Reader:                     Person      Insurer     CareMgmt    Facility    Other       Medical
        let rows = vec![
            row(Item::InsuredCertificate, [Open, Open, Open, Open, Open, Consent], TABLE_2026),
            row(Item::BurdenRatio, [Open, Open, Open, Open, Open, DualProvider], INTERIM),
            row(Item::Relief, [Open, Open, Open, Open, Open, DualProvider], INTERIM),
            row(Item::ApplicationForm, [Unverified, Open, Unverified, Unverified, Unverified, Unverified], INTERIM),
            row(Item::Survey, [Unverified, Open, manager, Unverified, Closed, Unverified], INTERIM),
            row(Item::DoctorOpinion, [Unverified, Open, manager, Unverified, Closed, Own], INTERIM),
            row(Item::CertificationResult, [Open, Open, Open, Open, Open, Consent], INTERIM),
            row(Item::Progress, [Open, Open, Open, Unverified, Unverified, Unverified], BRIEFING),
            row(Item::Claims, [Unverified, Open, Unverified, Unverified, Unverified, Unverified], INTERIM),
            row(Item::Balances, [Unverified, Open, Open, Unverified, Open, Unverified], BRIEFING),
            row(Item::Life, [Open, Open, Consent, Own, Own, Consent], LIFE),
            row(Item::CarePlan, [Open, Unverified, Consent, Consent, Consent, Unverified], PLANS),
            row(Item::ConsentStatus, [Open, Open, Open, Open, Open, Unverified], PLANS),
            row(
                Item::AccessLog,
                [Open, Open, Own, Own, Own, Own],
                "本システムの約束：見たことはすべて本人の閲覧履歴に残る（CONTRIBUTING.md）",
            ),
        ];
        Self { rows }
    }

    /// The condition of one cell on a day. An item without a row on that day is closed.
    pub fn cell(&self, item: Item, reader: Reader, today: Date) -> Cell {
        let place = Reader::ALL.iter().position(|r| *r == reader);
        self.rows
            .iter()
            .filter(|row| row.item == item && row.from <= today)
            .max_by_key(|row| row.from)
            .and_then(|row| place.and_then(|i| row.cells.get(i)).copied())
            .unwrap_or(Cell::Closed)
    }

    /// Replaces one cell from a day on: how an operator opens an unverified cell.
    pub fn set(&mut self, item: Item, reader: Reader, cell: Cell, from: Date) {
        let mut cells = Reader::ALL.iter().map(|r| self.cell(item, *r, from));
        let mut next = [Cell::Closed; 6];
        for slot in &mut next {
            *slot = cells.next().unwrap_or(Cell::Closed);
        }
        if let Some(slot) = Reader::ALL.iter().position(|r| *r == reader).and_then(|i| next.get_mut(i)) {
            *slot = cell;
        }
        self.rows.push(Row { item, from, cells: next, source: "運用者の設定" });
    }

    /// The rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The whole policy as text, checked in as docs/authz.out and read in review.
    pub fn print(&self) -> String {
        let mut out = String::from("# Access policy, printed by `kiban doc authz`. Do not edit.\n");
        out.push_str("# open: seen (an office: while 担当事業所) | consent: with 包括的同意 | consent+job: and only from 介護支援専門員\n");
        out.push_str("# own: what it made itself | dual+consent: medical institutions that also give care services\n");
        out.push_str("# unverified: not verified against the published table, closed | -: not shared\n\n");
        let _ = write!(out, "{:<22}", "item");
        for reader in Reader::ALL {
            let _ = write!(out, "{:<17}", reader.code());
        }
        out.push_str("from        source\n");
        for row in &self.rows {
            let _ = write!(out, "{:<22}", row.item.code());
            for cell in row.cells {
                let _ = write!(out, "{:<17}", cell.mark());
            }
            let _ = writeln!(out, "{}  {}", row.from, row.source);
        }
        out.push_str("\n# Acts that are no reading of an item\n");
        for act in Act::ALL {
            let _ = writeln!(out, "{:<22}{}", act.code(), act.who());
        }
        out
    }
}
