//! The person's own pages: certificates and progress in plain words, and who looked.

pub(crate) mod consent;
pub(crate) mod family;
mod papers;
pub(crate) mod question;

use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::certificates::{self, Certificates};
use kaigo_app::certification::{self, CertificationPage};
use kaigo_app::citizen::{self, Log};
use kaigo_app::person::Head;
use kaigo_app::run::Target;
use kaigo_core::date::{add_days, seireki};
use kaigo_core::plain::Saying;
use kaigo_core::policy::Caller;
use kaigo_core::rule::expiry;
use kaigo_store::access_log::{Outcome, Placed};

use crate::certification::{contact, current, steps};
use crate::failure::{failure, ok};
use crate::history::{before, paging};
use crate::request::{Myself as Guard, Req};
use crate::routes::{Handler, Route, row};
use crate::say;
use crate::view::citizen::{LogDay, LogRow, My, MyCertification, MyLog, Myself, PlainCard};
use crate::view::{Fact, Tone, hiragana};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use crate::routes::Access::Myself;
    vec![
        row("GET", "/my", Myself, "insured-certificate", get(certificates)),
        row("GET", "/my/certification", Myself, "certification-result", get(certification)),
        row("GET", "/my/log", Myself, "access-log", get(log)),
        row("GET", "/my/documents", Myself, "survey,doctor-opinion", get(papers::documents)),
        row("GET", "/my/documents/{d}", Myself, "survey,doctor-opinion", get(papers::open)),
        row("GET", "/my/documents/{d}/file", Myself, "survey,doctor-opinion", get(papers::file)),
        row("GET", "/my/plans", Myself, "care-plan", get(papers::plans)),
        row("GET", "/my/consent", Myself, "consent-status", get(consent::show)),
        row("GET", "/my/consent/give", Myself, "consent-status", get(consent::give_form)),
        row("POST", "/my/consent/give", Myself, "take-consent", post(consent::give)),
        row("GET", "/my/consent/withdraw", Myself, "consent-status", get(consent::withdraw_form)),
        row("POST", "/my/consent/withdraw", Myself, "withdraw-consent", post(consent::withdraw)),
        row("GET", "/my/consent/receipt", Myself, "consent-status", get(consent::receipt)),
        row("GET", "/my/family", Myself, "consent-status", get(family::list)),
        row("GET", "/my/family/{x}/end", Myself, "consent-status", get(family::end_form)),
        row("POST", "/my/family/{x}/end", Myself, "manage-proxy", post(family::end)),
        row("GET", "/my/questions", Myself, "access-log", get(question::list)),
        row("GET", "/my/questions/new", Myself, "access-log", get(question::form)),
        row("POST", "/my/questions/new", Myself, "ask-question", post(question::ask)),
    ]
}

pub(crate) fn myself(head: &Head) -> Myself {
    let insurer = &head.insurer;
    Myself {
        name: head.person.name.to_string(),
        kana: head.person.name_kana.to_string(),
        birth: say::birth(head.person.born_on),
        number: say::number(head.insured_no),
        insurer: insurer.name.clone(),
        insurer_yomi: hiragana(&insurer.name_kana),
        phone: insurer.phone.clone().unwrap_or_default(),
        registered: head.insurer.published_at.as_deref().map(say::instant),
    }
}

/// GET /my
pub(crate) async fn certificates(Guard(req): Guard) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &kaigo_app::Error::LoginNeeded);
    };
    let all = match certificates::view(&req.web.app, &req.ctx, caller, Target::Myself).await {
        Ok(all) => all,
        Err(error) => return failure(&req, &error),
    };
    ok(&My {
        shell: req.shell(),
        me: myself(&all.head),
        absence: None,
        next: next(&req, &all),
        cards: cards(&req, &all),
        looks: String::new(),
    })
}

/// What happens next, in plain words.
fn next(req: &Req, all: &Certificates) -> Vec<String> {
    let mut next = Vec::new();
    let until = all.certification.now.first().and_then(|m| m.record.valid_until);
    if let Some(application) = &all.head.pending {
        let on = seireki(application.applied_on);
        next.push(format!("{on}に出した「{}」の申請を、市町村が調べています。", application.kind.label()));
    } else if let Some(until) = until
        && until <= add_days(req.ctx.today, 60)
    {
        let left = expiry::label(until, req.ctx.today);
        next.push(format!("認定は{}までです（{left}）。続けて使うときは、更新の申請が必要です。担当のケアマネジャーか市町村に話してください。", seireki(until)));
    }
    if let Some(coming) = all.certification.coming.first() {
        let r = &coming.record;
        next.push(format!("{}から、{}になります。", seireki(r.valid_from), r.care_level.label()));
    }
    next
}

fn cards(req: &Req, all: &Certificates) -> Vec<PlainCard> {
    let mut cards = vec![insured(req, all)];
    let share: Vec<Fact> = all
        .burden
        .now
        .iter()
        .flat_map(|m| {
            let r = &m.record;
            [
                Fact::new("はらう割合", r.share.label()).note("サービスにかかったお金のうち、あなたがはらう分です。"),
                Fact::new("使える期間", say::period(r.valid_from, r.valid_until)),
            ]
        })
        .collect();
    cards.push(PlainCard {
        id: "burden".to_owned(),
        title: "介護保険負担割合証".to_owned(),
        plain: say_plain(req, &Saying::BURDEN),
        facts: if share.is_empty() { vec![Fact::new("いま", "登録されていません")] } else { share },
    });
    for m in &all.relief.now {
        let r = &m.record;
        cards.push(PlainCard {
            id: format!("relief-{}", r.kind.code()),
            title: r.kind.label().to_owned(),
            plain: say_plain(req, &Saying::RELIEF),
            facts: [
                r.stage.map(|s| Fact::new("段階", s.label())),
                r.meal_facility.map(|y| Fact::new("食費（施設）", format!("1日 {y}円まで"))),
                Some(Fact::new("使える期間", say::period(r.valid_from, r.valid_until))),
            ]
            .into_iter()
            .flatten()
            .collect(),
        });
    }
    cards
}

fn say_plain(req: &Req, saying: &Saying) -> String {
    if req.easy { saying.easy } else { saying.usual }.to_owned()
}

fn insured(req: &Req, all: &Certificates) -> PlainCard {
    let mut facts = vec![Fact::new("被保険者番号", say::number(all.head.insured_no))];
    if let Some(m) = all.certification.now.first() {
        let c = &m.record;
        facts.push(
            Fact::new("要介護状態区分", c.care_level.label())
                .note("介護がどのくらい必要かを、市町村が決めたものです。"),
        );
        let mut valid =
            Fact::new("認定有効期間", say::period(c.valid_from, c.valid_until)).note("この認定が使える期間です。");
        valid.chip = c.valid_until.and_then(|until| say::expiry(until, req.ctx.today));
        facts.push(valid);
    } else {
        facts.push(Fact::new("要介護状態区分", "いま使える認定はありません"));
    }
    for m in all.limits.now.iter().filter(|m| m.record.service_kind.is_none()) {
        let note = "1か月に、保険で使えるサービスの量です。";
        facts.push(Fact::new("区分支給限度基準額", format!("1か月 {} 単位", m.record.units)).note(note));
    }
    for m in &all.restrictions.now {
        facts.push(Fact::new("給付制限", m.record.kind.label()).chip(Tone::Bad, "制限あり"));
    }
    for m in &all.notices.now {
        let no = m.record.office_no.map(|no| no.to_string()).unwrap_or_default();
        let name = all.office_names.iter().find(|(known, _)| *known == no).map_or(no.clone(), |(_, name)| name.clone());
        let name = if name.is_empty() { m.record.maker.label().to_owned() } else { name };
        facts.push(Fact::new("ケアプランをつくる事業所", name).as_is());
    }
    PlainCard {
        id: "insured".to_owned(),
        title: "介護保険被保険者証".to_owned(),
        plain: say_plain(req, &Saying::INSURED_CERTIFICATE),
        facts,
    }
}

/// GET /my/certification
pub(crate) async fn certification(Guard(req): Guard) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &kaigo_app::Error::LoginNeeded);
    };
    match certification::view(&req.web.app, &req.ctx, caller, Target::Myself).await {
        Ok(all) => ok(&progress(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn progress(req: &Req, all: &CertificationPage) -> MyCertification {
    let contact = contact(all);
    MyCertification {
        shell: req.shell(),
        me: myself(&all.head),
        absence: None,
        pending: all.progress.as_ref().map(|(a, line)| steps(a, line, &contact, true)),
        current: current(all, req.ctx.today).into_iter().map(|fact| Fact { change: None, ..fact }).collect(),
    }
}

/// GET /my/log?at=&id=
pub(crate) async fn log(Guard(req): Guard) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &kaigo_app::Error::LoginNeeded);
    };
    match citizen::my_log(&req.web.app, &req.ctx, caller, before(&req)).await {
        Ok(log) => ok(&log_page(&req, &log)),
        Err(error) => failure(&req, &error),
    }
}

fn log_page(req: &Req, log: &Log) -> MyLog {
    let mut days: Vec<LogDay> = Vec::new();
    for placed in &log.entries {
        let day = say::day_of(&placed.entry.completed_at).map(say::with_weekday).unwrap_or_default();
        match days.last_mut().filter(|d| d.day == day) {
            Some(last) => last.rows.push(log_row(req, placed)),
            None => days.push(LogDay { day, rows: vec![log_row(req, placed)] }),
        }
    }
    MyLog { shell: req.shell(), me: myself(&log.head), days, answers: log.answers, paging: paging("/my/log", req, log) }
}

fn log_row(req: &Req, placed: &Placed) -> LogRow {
    let e = &placed.entry;
    let own = e.account_id == req.caller().map_or("", Caller::account_id);
    LogRow {
        id: e.entry_id.clone(),
        own,
        time: say::clock(&e.completed_at),
        who: if own { "あなた".to_owned() } else { say::who(&e.account_name, e.job.as_deref()) },
        office: e.office_name.clone().unwrap_or_default(),
        what: say::what(&e.act, &e.items, e.document.as_deref()),
        why: if own { String::new() } else { say::purpose(&e.purpose) },
        refused: e.outcome != Outcome::Done.code(),
    }
}
