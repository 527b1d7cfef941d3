//! The demo nation: fictional insurers, offices and people, the same on every machine for the same seed and day.
//!
//! Dates are relative to a given `today`, so the demo is always fresh. Every person is made on demand from the seed and the
//! place in the row, so a million persons need no more memory than one. Nothing here is about a real person, office or
//! municipality: insurer and office numbers begin with 98, insured persons' numbers with 99, and every block is 99番99号.
//!
//! A municipality's feed is what [`PersonRecords`] know on the day it was made; a delta is what differs between two days.

pub mod account;
mod cast;
mod day;
mod dice;
mod draw;
pub mod exchange;
pub mod feed;
pub mod insurer;
mod life;
mod name;
pub mod office;
mod paper;
mod pdf;
pub mod portal;
pub mod records;

use std::io;
use std::ops::Range;
use std::path::Path;

use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};

use crate::account::{DemoAccount, DemoCharge, DemoView, FourItems};
use crate::exchange::DemoExchange;
use crate::feed::{FeedPlan, FeedReport, FeedStyle};
use crate::insurer::{DemoInsurer, MINATO, SHIOKAZE, YAMANOHA};
use crate::office::DemoOffice;
use crate::records::PersonRecords;

/// The seed of the demo that everybody sees.
pub const DEMO_SEED: u64 = 20_260_401;
/// Persons of the demo that everybody sees.
pub const DEMO_SCALE: u64 = 1_200;
/// The first persons of each insurer have documents, as long as the nation is of demo size.
const DOCUMENTS_UP_TO: u64 = 30;
/// Above this many persons no documents are made.
const DOCUMENTS_MOST: u64 = 5_000;

/// A fictional nation.
#[derive(Clone, Debug)]
pub struct Nation {
    seed: u64,
    today: Date,
    scale: u64,
}

impl Nation {
    /// A nation of `scale` persons as it is on the day `today`; the people of the story are always among them.
    pub fn make(seed: u64, today: Date, scale: u64) -> Self {
        let least = (0..3).map(cast::count).sum();
        Self { seed, today, scale: scale.max(least) }
    }

    /// The day on which the nation is seen.
    pub fn today(&self) -> Date {
        self.today
    }

    /// How many persons there are.
    pub fn scale(&self) -> u64 {
        self.scale
    }

    /// The insurers; the last one has not started.
    pub fn insurers(&self) -> Vec<DemoInsurer> {
        insurer::all(self.today)
    }

    /// Every office with each of its services.
    pub fn offices(&self) -> Vec<DemoOffice> {
        office::all()
    }

    /// The open-data files of the offices: name and bytes.
    pub fn office_files(&self) -> Vec<(String, Vec<u8>)> {
        office::files(&office::all())
    }

    /// Offices that no open-data file has (介護予防支援); the demo registers them itself.
    pub fn unpublished_offices(&self) -> Vec<DemoOffice> {
        office::all().into_iter().filter(|office| office.file_no.is_none()).collect()
    }

    /// The persons of an insurer: about 81, 16 and 3 in a hundred. Empty for an unknown one.
    pub fn range_of(&self, insurer_no: InsurerNo) -> Range<u64> {
        let extra = self.scale - (0..3).map(cast::count).sum::<u64>();
        let yamanoha = cast::count(YAMANOHA) + extra * 16 / 100;
        let shiokaze = cast::count(SHIOKAZE) + extra * 3 / 100;
        let first = self.scale - yamanoha - shiokaze;
        match (0..3).find(|index| insurer::number(*index) == insurer_no) {
            Some(MINATO) => 0..first,
            Some(YAMANOHA) => first..first + yamanoha,
            Some(_) => first + yamanoha..self.scale,
            None => 0..0,
        }
    }

    /// All records of the person in that place of the row, also those of days ahead ([`PersonRecords::known_on`] cuts
    /// them). The same place gives the same person, whatever else is asked for.
    pub fn person(&self, i: u64) -> PersonRecords {
        let (index, start) = [MINATO, YAMANOHA, SHIOKAZE]
            .into_iter()
            .map(|index| (index, self.range_of(insurer::number(index))))
            .find(|(_, range)| range.contains(&i))
            .map_or((SHIOKAZE, 0), |(index, range)| (index, range.start));
        let k = i - start;
        let documents = self.scale <= DOCUMENTS_MOST && k < DOCUMENTS_UP_TO;
        let role = usize::try_from(k).ok().and_then(|k| cast::of(index).nth(k));
        match role {
            Some(role) => cast::person(self.seed, self.today, role, documents),
            None => draw::person(self.seed, self.today, (index, k), documents),
        }
    }

    /// Whether the person has a part of their own in the story.
    pub fn is_of_story(&self, insured_no: InsuredNo) -> bool {
        cast::ROLES.iter().any(|role| role.insured_no == insured_no.as_str())
    }

    /// The feeds of the demo: みなと川市 twice (all of it nine days ago, what is new yesterday), the others once.
    pub fn feeds(&self) -> Vec<FeedPlan> {
        let before = day::plus(self.today, -9);
        let yesterday = day::plus(self.today, -1);
        let plan = |folder: &str, index: usize, made_on, since, style| FeedPlan {
            folder: folder.to_owned(),
            insurer_no: insurer::number(index),
            insurer_name: insurer::name(index),
            made_on,
            since,
            style,
        };
        vec![
            plan("minatogawa-1-full", MINATO, before, None, FeedStyle::CsvJapanese),
            plan("minatogawa-2-delta", MINATO, yesterday, Some(before), FeedStyle::Csv),
            plan("yamanoha", YAMANOHA, yesterday, None, FeedStyle::Json),
            plan("shiokaze", SHIOKAZE, yesterday, None, FeedStyle::Csv),
        ]
    }

    /// A full feed of an insurer made on that day, plain CSV, for bulk loads.
    pub fn bulk_feed(&self, insurer_no: InsurerNo, made_on: Date) -> FeedPlan {
        let index = (0..3).find(|index| insurer::number(*index) == insurer_no).unwrap_or(MINATO);
        FeedPlan {
            folder: format!("bulk-{insurer_no}"),
            insurer_no,
            insurer_name: insurer::name(index),
            made_on,
            since: None,
            style: FeedStyle::Csv,
        }
    }

    /// Writes one feed of the persons in `range` into that folder, streaming.
    pub fn write_feed(&self, folder: &Path, plan: &FeedPlan, range: Range<u64>) -> io::Result<FeedReport> {
        feed::write_folder(folder, plan, range, &|i| self.person(i))
    }

    /// Writes one feed through `out`, which appends the bytes to the file of that path; documents come whole.
    pub fn stream_feed(
        &self,
        plan: &FeedPlan,
        range: Range<u64>,
        out: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
    ) -> io::Result<FeedReport> {
        feed::write(plan, range, &|i| self.person(i), out)
    }

    /// Writes everything that the importers load: `offices/jigyosho_NNN.csv` and `feeds/<folder>/…`.
    pub fn write_all(&self, folder: &Path) -> io::Result<()> {
        let offices = folder.join("offices");
        std::fs::create_dir_all(&offices)?;
        for (name, bytes) in self.office_files() {
            std::fs::write(offices.join(name), bytes)?;
        }
        for plan in self.feeds() {
            let range = self.range_of(plan.insurer_no);
            self.write_feed(&folder.join("feeds").join(&plan.folder), &plan, range)?;
        }
        Ok(())
    }

    /// Who can log in.
    pub fn accounts(&self) -> Vec<DemoAccount> {
        account::accounts(self.seed)
    }

    /// Medical institutions.
    pub fn institutions(&self) -> Vec<office::DemoInstitution> {
        office::institutions()
    }

    /// Certification boards.
    pub fn boards(&self) -> Vec<account::DemoBoard> {
        account::boards()
    }

    /// Which offices are in charge of whom already.
    pub fn charges(&self) -> Vec<DemoCharge> {
        account::charges(self)
    }

    /// What was looked at before the first start.
    pub fn past_views(&self) -> Vec<DemoView> {
        account::past_views(self)
    }

    /// The person whom nobody has registered, for trying 本人確認.
    pub fn unregistered(&self) -> FourItems {
        account::unregistered()
    }

    /// What the offices exchanged in three months (ケアプランデータ連携).
    pub fn exchange(&self) -> DemoExchange {
        DemoExchange::make(self)
    }

    /// What to try in five minutes, plain Japanese sentences.
    pub fn try_these(&self) -> Vec<String> {
        account::try_these(self.today)
    }
}
