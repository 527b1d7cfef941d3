//! Checks: everything the standard says about names, bytes, cells, keys and sums, as findings with their places.

mod batch;
mod cell;
mod detail;
mod file;
mod link;
mod plan;
mod set;
mod sink;
mod text;
mod usage;

use kaigo_core::date::Date;
use kaigo_core::finding::Finding;

pub use self::batch::{FileInfo, Report, SetReport, Summary, check_batch, stray_finding};
pub(crate) use self::batch::{is_other_role, together};
pub(crate) use self::cell::{day, digits, minutes, split_tais};
pub(crate) use self::set::are_kinds_swapped;
use self::sink::Sink;
pub use self::text::replacement;
pub(crate) use self::text::{is_half_kana, is_ms932};
use crate::batch::{OpenFile, OpenSet};
use crate::kind::Kind;

/// What a check knows beside the files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// Today, for results of days to come; none: not checked.
    pub today: Option<Date>,
}

/// Everything found in a set, in the order of its files, then row and column. A code that is found more than fifty times in a
/// file is told fifty times, then how often it stands there.
pub fn check_set(set: &OpenSet, context: &Context) -> Vec<Finding> {
    let mut sinks: Vec<Sink<'_>> = set.files.iter().map(|file| Sink::new(&file.name)).collect();
    for (file, sink) in set.files.iter().zip(&mut sinks) {
        file::check(file, sink);
        cell::check(file, sink);
    }
    set::check(set, &mut sinks);
    link::check(set, &mut sinks);
    plan::check(set, &mut sinks);
    usage::check(set, *context, &mut sinks);
    detail::check(set, &mut sinks);
    sinks.into_iter().flat_map(Sink::finish).collect()
}

/// The file of a kind and where its findings go.
fn find<'a, 'b, 'c>(
    set: &'a OpenSet,
    sinks: &'b mut [Sink<'c>],
    kind: Kind,
) -> Option<(&'a OpenFile, &'b mut Sink<'c>)> {
    set.files.iter().zip(sinks).find(|(file, _)| file.parsed.kind == kind)
}
