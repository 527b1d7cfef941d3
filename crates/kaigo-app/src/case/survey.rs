//! 認定調査票 at the desk: the items of 基本調査, 特記事項, and the sheet as a file.

use kaigo_careplan::attachment;
use kaigo_core::date::Date;
use kaigo_core::policy::Caller;
use kaigo_core::record::application::Application;
use kaigo_core::record::document::Survey;
use kaigo_core::survey::SurveyItems;
use kaigo_core::text::Text;
use kaigo_store::case::{self as store};
use kaigo_store::db::Tx;
use kaigo_store::desk;
use kaigo_store::load::Document;
use kaigo_store::objects::sha256_hex;
use kaigo_store::record::Segment;

use super::{Bench, Edit, Edited, differences, edit};
use crate::{App, Ctx, Error, Wrong};

/// Bytes of a file at most.
pub const MOST_BYTES: usize = 20 << 20;

/// A survey as it is typed.
#[derive(Clone, Debug)]
pub struct Typed {
    /// 調査実施日.
    pub surveyed_on: Date,
    /// 所属機関.
    pub surveyor: Option<Text<60>>,
    /// 実施場所.
    pub place: Option<Text<60>>,
    /// 基本調査.
    pub items: SurveyItems,
    /// 特記事項.
    pub remarks: Option<Text<6000>>,
    /// 調査票受領日, if it is to be set.
    pub received_on: Option<Date>,
}

/// Keeps a survey: adds it, or corrects the one of the application. Rare combinations of answers stop nothing.
///
/// # Errors
/// As `edit`; [`Error::Invalid`] for days that cannot be.
pub async fn put(app: &App, ctx: &Ctx, caller: &Caller, what: Edit, typed: Typed) -> Result<Edited, Error> {
    edit(app, ctx, caller, what, move |tx, bench, application| {
        check(&typed, application, bench.ctx.today)?;
        application.surveyed_on = Some(typed.surveyed_on);
        if typed.received_on.is_some() {
            application.survey_received_on = typed.received_on;
        }
        keep(tx, bench, application, |survey| {
            survey.surveyed_on = typed.surveyed_on;
            survey.surveyor = typed.surveyor.filter(|text| !text.is_empty());
            survey.place = typed.place.filter(|text| !text.is_empty());
            survey.items = typed.items;
            survey.remarks = typed.remarks.filter(|text| !text.is_empty());
        })
    })
    .await
}

fn check(typed: &Typed, application: &Application, today: Date) -> Result<(), Error> {
    let wrong = |field, code, say: &str| Err(Error::Invalid(vec![Wrong { field, code, say: say.to_owned() }]));
    if typed.surveyed_on < application.applied_on {
        return wrong(
            "surveyed_on",
            "date-before-application",
            "調査実施日が申請日より前です。日付を確かめてください。",
        );
    }
    if typed.surveyed_on > today {
        return wrong("surveyed_on", "date-ahead", "調査実施日がきょうより後です。日付を確かめてください。");
    }
    if typed.received_on.is_some_and(|on| on > today) {
        return wrong("received_on", "date-ahead", "調査票受領日がきょうより後です。日付を確かめてください。");
    }
    if typed.received_on.is_some_and(|on| on < typed.surveyed_on) {
        return wrong("received_on", "date-order", "調査票受領日が調査実施日より前です。日付を確かめてください。");
    }
    Ok(())
}

/// Changes the survey of the application, or adds one.
fn keep(
    tx: &mut Tx<'_>,
    bench: &mut Bench<'_>,
    application: &Application,
    change: impl FnOnce(&mut Survey),
) -> Result<Vec<String>, Error> {
    let segments = store::segments::<Survey>(tx, bench.grant)?;
    let own = segments
        .iter()
        .rev()
        .filter_map(Segment::current)
        .find(|row| row.record.application_no == application.application_no);
    if let Some(row) = own {
        let mut survey = row.record.clone();
        change(&mut survey);
        if survey == row.record {
            return Ok(Vec::new());
        }
        let desk = bench.desk(tx)?;
        let seen = (row.load_no, row.common.history_no.0);
        desk::correct(tx, desk, row.common.record_no.0, seen, &survey)?;
        let names = differences(&row.record, &survey);
        let names: Vec<&str> = names.iter().filter_map(|line| line.split('：').next()).collect();
        Ok(vec![format!("認定調査票の{}を直しました。", names.join("・"))])
    } else {
        let mut survey = Survey {
            application_no: application.application_no.clone(),
            surveyed_on: application.surveyed_on.unwrap_or(application.applied_on),
            ..Survey::default()
        };
        change(&mut survey);
        let desk = bench.desk(tx)?;
        desk::add(tx, desk, &survey)?;
        Ok(vec!["認定調査票を登録しました。".to_owned()])
    }
}

/// Keeps the sheet as a file beside the survey. It is judged by its bytes, not by its name.
///
/// # Errors
/// As `edit`; [`Error::Invalid`] for what is no PDF or JPEG, is protected, damaged, too large or holds a 個人番号.
pub async fn file(app: &App, ctx: &Ctx, caller: &Caller, what: Edit, bytes: Vec<u8>) -> Result<Edited, Error> {
    let wrong = |code, say: String| Error::Invalid(vec![Wrong { field: "files", code, say }]);
    if bytes.len() > MOST_BYTES {
        let say = "ファイルが20MBを超えています。画像を小さくするなどして、20MBまでにしてください。";
        return Err(wrong("document-too-large", say.to_owned()));
    }
    let format = attachment::look(&bytes)
        .map_err(|refused| wrong(refused.code(), format!("{}{}", refused.say(), refused.mend())))?;
    let sha256 = sha256_hex(&bytes);
    let end = match format {
        attachment::Format::Pdf => "pdf",
        attachment::Format::Jpeg => "jpg",
    };
    // The name says whose it is, by a digest: the same paper put in for two people is two documents.
    let owner = crate::keys::digest_of(&format!("{} {} {sha256}", what.id.insurer_no, what.id.insured_no));
    let name = format!("desk-{}.{end}", crate::keys::letters_of(owner.get(..32).unwrap_or_default()));
    let document = Document {
        size: i32::try_from(bytes.len()).unwrap_or(i32::MAX),
        media_type: format.media_type().to_owned(),
        sha256,
    };
    let file = Text::parse(&name).map_err(|bad| Error::Internal(bad.code().to_owned()))?;
    app.objects.put(&bytes).await?;
    edit(app, ctx, caller, what, move |tx, bench, application| {
        let who = (bench.by, bench.ctx.instant());
        store::add_document(tx, bench.grant, &name, &document, (who.0, &who.1))?;
        keep(tx, bench, application, |survey| survey.file = Some(file))
    })
    .await
}
