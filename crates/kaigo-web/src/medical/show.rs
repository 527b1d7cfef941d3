//! From a form to what pages show: the printed sheet, findings, what changed.

use std::collections::BTreeMap;

use kaigo_app::opinion::{FileInfo, Request};
use kaigo_core::date::{age_on, wareki};
use kaigo_core::finding::Severity;
use kaigo_core::opinion::{Change, FIELDS, Field, Found, OpinionForm};

use crate::request::Req;
use crate::say;
use crate::view::medical::sheet::Sheet;
use crate::view::medical::{ChangeRow, FoundRow};
use crate::view::{Chip, Choice, Tone};

/// Name of a field in the form.
pub(crate) fn field_id(field: &Field) -> String {
    format!("f-{}", field.id)
}

/// The boxes of a field with what is ticked.
pub(crate) fn boxes(form: &OpinionForm, field: &Field) -> Vec<Choice> {
    let box_of = |c: &kaigo_core::survey::Choice| Choice {
        value: c.code.to_owned(),
        word: c.label.to_owned(),
        chosen: form.has(field.id, c.code),
    };
    field.choices().iter().map(box_of).collect()
}

/// The printed form. `institution` and the rest of the head stand in the request.
pub(crate) fn sheet(req: &Req, request: &Request, insurer: &str, form: &OpinionForm) -> Sheet {
    Sheet {
        name: request.name.clone(),
        kana: request.kana.clone(),
        birth: wareki(request.born_on),
        age: format!("{}歳", age_on(request.born_on, req.ctx.today)),
        sex: super::sex(request).to_owned(),
        insurer: insurer.to_owned(),
        number: say::number(request.insured_no),
        application: request.application_no.clone(),
        institution: request.institution_name.clone(),
        ..filled(form)
    }
}

/// What is written on the form, without its head.
pub(crate) fn filled(form: &OpinionForm) -> Sheet {
    let (mut ticks, mut texts) = (BTreeMap::new(), BTreeMap::new());
    for field in FIELDS {
        if field.choices().is_empty() {
            let text = match form.date(field.id) {
                Some(day) if matches!(field.kind, kaigo_core::opinion::Kind::Date) => wareki(day),
                _ => form.words(field),
            };
            texts.insert(field.id.to_owned(), text);
        } else {
            ticks.insert(field.id.to_owned(), boxes(form, field));
        }
    }
    Sheet { boxes: ticks, texts, ..Sheet::default() }
}

/// One thing found, for a list.
pub(crate) fn found(found: &Found) -> FoundRow {
    let tone = match found.severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warn,
        Severity::Note => Tone::Info,
    };
    FoundRow {
        chip: Chip::new(tone, found.severity.label()),
        code: found.code.to_owned(),
        say: found.say.clone(),
        mend: found.mend.clone(),
        field: field_id(found.field),
    }
}

/// One change, for a table.
pub(crate) fn change(change: &Change) -> ChangeRow {
    ChangeRow { name: change.field.name.to_owned(), before: change.before.clone(), after: change.after.clone() }
}

/// 「意見書.pdf（214.0 KB）」; empty without a file.
pub(crate) fn file(file: Option<&FileInfo>) -> String {
    let size = |file: &FileInfo| say::bytes(u64::try_from(file.size).unwrap_or(0));
    file.map(|file| format!("{}（{}）", file.name, size(file))).unwrap_or_default()
}
