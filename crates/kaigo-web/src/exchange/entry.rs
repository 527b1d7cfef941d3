//! One person's results while they are typed: what is open, how it looks, what would be sent.

use kaigo_app::Error;
use kaigo_app::exchange::results::{self, Entry, EntryState};
use kaigo_careplan::batch::{InFile, OpenSet, sort};
use kaigo_careplan::check::{Context, check_set};
use kaigo_careplan::difference::{Difference, of_usages};
use kaigo_careplan::result::{Envelope, ResultEntry, ResultLine, to_set};
use kaigo_careplan::service_name::name_of;
use kaigo_careplan::sheet::{Cover, Grid as SheetGrid, PersonSheets, Usage, of_person, total};
use kaigo_core::finding::Severity;

use super::compare::{counts, difference};
use super::grid::{Lines, days, marked_grid, note, plain_grid};
use super::head::{Named, head};
use super::preview::own_office;
use super::typed::{Typed, clock, is_timed, last_day};
use super::{frame, partner};
use crate::request::Req;
use crate::say;
use crate::view::exchange::Tab;
use crate::view::exchange_sheet::Head;
use crate::view::exchange_sheet::grid::{Cell, Mark};
use crate::view::exchange_sheet::results::{Entry as View, EntryConfirm, EntryLine};
use crate::view::{Choice, FieldError};

/// An entry with its plan.
pub(super) struct Opened {
    /// As it is stored.
    pub(super) stored: Entry,
    /// What is typed.
    pub(super) entry: ResultEntry,
    /// What is planned for the office, in the same order.
    planned: ResultEntry,
    /// Everything that the plan says of the person.
    sheets: PersonSheets,
    /// The plan of the month as a grid.
    grid: SheetGrid,
    /// The office's own number and name.
    office: (String, String),
}

/// Reads what is stored.
///
/// # Errors
/// [`Error::Conflict`] if the plan has no month any more.
pub(super) fn open(req: &Req, stored: Entry) -> Result<Opened, Error> {
    let office = own_office(req);
    let sheets = of_person(&stored.planned, &stored.insurer_no, &stored.insured_no);
    let key = stored.month.to_string();
    let usage = sheets.months.iter().find(|month| month.month == key).and_then(|month| month.planned.as_ref());
    let grid = SheetGrid::of(usage, &[], &Cover::Nothing);
    let person = (stored.insurer_no.as_str(), stored.insured_no.as_str());
    let planned = ResultEntry::from_planned(&grid, person, &office.0).ok_or_else(|| {
        Error::Conflict("この予定には読める月がありません。相手の事業所に送りなおしてもらってください。".to_owned())
    })?;
    let entry = if stored.content.is_empty() {
        planned.clone().emptied()
    } else {
        ResultEntry::from_bytes(&stored.content)
            .map_err(|_| Error::Internal("an entry of results cannot be read".to_owned()))?
    };
    Ok(Opened { stored, entry, planned, sheets, grid, office })
}

impl Opened {
    /// The office's own number and name.
    pub(super) fn own_office(&self) -> (String, String) {
        self.office.clone()
    }

    /// 予定をそのまま実績にする; what was added stays.
    pub(super) fn copy_planned(&mut self) {
        let added = self.entry.lines.drain(..).filter(|line| line.added);
        let lines = self.planned.lines.iter().cloned().chain(added).collect();
        self.entry.lines = lines;
    }

    /// Takes a line away that was added (place from 1).
    pub(super) fn remove(&mut self, place: usize) {
        let at = place.wrapping_sub(1);
        if self.entry.lines.get(at).is_some_and(|line| line.added) {
            self.entry.lines.remove(at);
        }
    }

    /// The planned counts of a line (place from 0): planned lines come first, in the order of the plan.
    fn planned_days(&self, at: usize) -> Option<&ResultLine> {
        self.entry.lines.get(at).filter(|line| !line.added).and(self.planned.lines.get(at))
    }

    /// The files that would be sent now.
    ///
    /// # Errors
    /// [`Error::Internal`] if the clock gives no 連番.
    pub(super) fn files(&self, req: &Req) -> Result<Vec<InFile>, Error> {
        let envelope = Envelope {
            from: self.stored.planned.to,
            to: self.stored.planned.from,
            serial: results::serial(&req.ctx)?,
            made_on: req.ctx.today,
        };
        Ok(to_set(std::slice::from_ref(&self.entry), &envelope).files)
    }

    fn sets(&self, req: &Req) -> Result<Vec<OpenSet>, Error> {
        Ok(sort(self.files(req)?).sets.iter().map(kaigo_careplan::batch::Set::open).collect())
    }

    /// Why it cannot be sent, each a sentence.
    ///
    /// # Errors
    /// As [`Opened::files`].
    pub(super) fn blocked(&self, req: &Req) -> Result<Vec<String>, Error> {
        if self.entry.is_empty() {
            let say = "実績が1回も入っていません。1回もサービスがなかった月は、送るファイルがないので、電話などで知らせてください。";
            return Ok(vec![say.to_owned()]);
        }
        let context = Context { today: Some(req.ctx.today) };
        let found = self.sets(req)?.iter().flat_map(|set| check_set(set, &context)).collect::<Vec<_>>();
        let mut all: Vec<String> = found
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| format!("{}{}", finding.say, finding.mend))
            .collect();
        all.dedup();
        all.truncate(20);
        Ok(all)
    }

    /// The results as sheets.
    fn usages(&self, req: &Req) -> Result<Vec<Usage>, Error> {
        let key = self.entry.month.to_string();
        let month = |set: &OpenSet| {
            let months = of_person(set, &self.entry.insurer_no, &self.entry.insured_no).months;
            months.into_iter().find(|month| month.month == key).and_then(|month| month.result)
        };
        Ok(self.sets(req)?.iter().filter_map(month).collect())
    }

    fn planned_usage(&self) -> Option<&Usage> {
        let key = self.entry.month.to_string();
        self.sheets.months.iter().find(|month| month.month == key).and_then(|month| month.planned.as_ref())
    }

    async fn head(&self, req: &Req) -> Head {
        let named = Named {
            insurer_no: &self.stored.insurer_no,
            insured_no: &self.stored.insured_no,
            name: &self.stored.name,
            kana: "",
        };
        head(req, &self.sheets, named).await
    }

    fn title(&self) -> String {
        format!("{}の実績", self.stored.month.label())
    }

    fn saved(&self) -> String {
        if self.stored.content.is_empty() {
            return String::new();
        }
        let (at, by) = &self.stored.updated;
        let word = match self.stored.state {
            EntryState::Open => "保存しました",
            EntryState::Sent => "送りました。直して、送りなおせます",
        };
        format!("{} に {by} が{word}", say::short_instant(at))
    }

    /// A line with what was typed.
    fn line(&self, at: usize, line: &ResultLine, typed: &Typed) -> EntryLine {
        let last = usize::from(last_day(&self.entry));
        let planned = self.planned_days(at);
        let texts = planned.map(|planned| planned.days.iter().copied().take(last).map(text).collect::<Vec<_>>());
        let planned_texts = texts.unwrap_or_else(|| vec![String::new(); last]);
        let own = typed.lines.get(at).cloned().unwrap_or_default();
        let cells = planned_texts.iter().enumerate().map(|(day, planned)| {
            let text = own.cells.get(day).cloned().unwrap_or_default();
            Cell { mark: mark(planned, &text), text }
        });
        let mut notes: Vec<String> = vec![note(&line.service)];
        notes.extend(line.times.iter().map(|t| format!("{}日は {}～{}", t.day, clock(&t.from), clock(&t.until))));
        notes.retain(|note| !note.is_empty());
        EntryLine {
            place: at + 1,
            service: line.service.name(),
            code: line.service.code.clone(),
            note: notes.join("　"),
            typed: cells.collect(),
            from: own.from,
            until: own.until,
            timed: is_timed(line),
            planned_sum: planned.map(|planned| planned.total().to_string()).unwrap_or_default(),
            planned: planned_texts,
            sum: line.total().to_string(),
            added: line.added,
        }
    }

    /// What other offices are planned to do.
    fn others(&self) -> Option<SheetGrid> {
        let lines = self.grid.lines.iter().filter(|line| line.service.office_no != self.office.0);
        let grid = SheetGrid { lines: lines.cloned().collect(), ..self.grid.clone() };
        (!grid.lines.is_empty()).then_some(grid)
    }

    fn cover(&self) -> Cover {
        Cover::Offices(vec![(self.office.0.clone(), None)])
    }

    /// Sums by service: name, planned, done.
    fn sums(&self, usages: &[Usage]) -> Vec<[String; 3]> {
        let mut sums: Vec<(String, u32, u32)> = Vec::new();
        let mut add = |code: &str, planned: u32, done: u32| match sums.iter_mut().find(|(own, _, _)| own == code) {
            Some(sum) => (sum.1, sum.2) = (sum.1 + planned, sum.2 + done),
            None => sums.push((code.to_owned(), planned, done)),
        };
        for line in &self.planned.lines {
            add(&line.service.code, line.total(), 0);
        }
        for line in usages.iter().flat_map(|usage| &usage.lines) {
            add(&line.service.code, 0, total(&line.days));
        }
        let row = |(code, planned, done): (String, u32, u32)| {
            [format!("{}（{code}）", name_of(&code)), planned.to_string(), done.to_string()]
        };
        sums.into_iter().map(row).collect()
    }
}

fn text(count: u8) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}

fn mark(planned: &str, typed: &str) -> Mark {
    match (planned, typed.trim()) {
        (planned, typed) if planned == typed => Mark::Same,
        ("", _) => Mark::Added,
        (_, "" | "0") => Mark::Cut,
        _ => Mark::Changed,
    }
}

/// The page to type in.
pub(super) async fn view(req: &Req, opened: &Opened, typed: &Typed, errors: Vec<FieldError>) -> Result<View, Error> {
    let entry = &opened.entry;
    let lines: Vec<EntryLine> = entry.lines.iter().enumerate().map(|(at, line)| opened.line(at, line, typed)).collect();
    let timed = lines.iter().filter(|line| line.timed).map(|line| {
        let place = line.place.to_string();
        let word = format!("{}～{} {}", line.from, line.until, line.service);
        Choice { chosen: place == typed.more.line, ..Choice::new(place, word) }
    });
    let mut services: Vec<Choice> = Vec::new();
    for line in &opened.planned.lines {
        if !services.iter().any(|choice| choice.value == line.service.code) {
            services.push(Choice::new(&line.service.code, line.service.name()));
        }
    }
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Results).await?,
        head: opened.head(req).await,
        e: opened.stored.entry_id.clone(),
        revision: opened.stored.revision,
        title: opened.title(),
        partner: partner(&opened.stored.partner).name,
        saved: opened.saved(),
        errors,
        days: days(&opened.grid),
        timed: timed.collect(),
        lines,
        services,
        more: typed.more.clone(),
        others: opened.others().map(|grid| plain_grid(&grid, "ほかの事業所の予定")),
    })
}

/// The page before sending.
pub(super) async fn confirm(req: &Req, opened: &Opened, refused: Option<String>) -> Result<EntryConfirm, Error> {
    let usages = opened.usages(req)?;
    let refs: Vec<&Usage> = usages.iter().collect();
    let cover = opened.cover();
    let found: Vec<Difference> = of_usages(opened.planned_usage(), &refs, &cover);
    let sheet = SheetGrid::of(opened.planned_usage(), &refs, &cover);
    let (grid, _) = marked_grid(&sheet, &opened.title(), ["予定", "実績"], Lines::Covered);
    let mut blocked = opened.blocked(req)?;
    if let Some(say) = refused.filter(|say| !blocked.contains(say)) {
        blocked.push(say);
    }
    Ok(EntryConfirm {
        shell: req.shell(),
        frame: frame(req, Tab::Results).await?,
        head: opened.head(req).await,
        e: opened.stored.entry_id.clone(),
        title: opened.title(),
        partner: partner(&opened.stored.partner).name,
        blocked,
        counts: counts(&found),
        differences: found.iter().map(difference).collect(),
        sums: opened.sums(&usages),
        grid,
    })
}
