//! What is under way in the offices' own procedures on the demo's first day: issued logins, licences, inquiries, subsidies, a supporter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use kaigo_app::enclosure::Given;
use kaigo_app::inquiry::{self, Written};
use kaigo_app::subsidy::{self, Decision, Filed, Typed};
use kaigo_app::{App, Ctx, corporation, licence, registration, support};
use kaigo_core::inquiry::{Kind, State};
use kaigo_core::policy::{Caller, JobType, Staff};
use kaigo_core::subsidy::{DocumentKind, check};
use kaigo_demo::Nation;
use kaigo_demo::account::SUPPORTER;

use crate::surroundings::operator;

/// Everybody who can log in, by login.
type Callers = BTreeMap<&'static str, Caller>;
/// A moment so many days before the demo's day, at an hour and a minute.
type Moment<'a> = &'a dyn Fn(i32, i8, i8) -> Result<Ctx>;

/// Logins of 電子請求受付システム of offices that nobody has registered yet: identifier, provisional password, office.
pub(super) fn claims(nation: &Nation) -> Vec<(String, String, String)> {
    let accounts = nation.accounts();
    let free = nation.offices().into_iter().filter(|o| !accounts.iter().any(|a| a.office_no == Some(o.office_no)));
    let mut seen = BTreeSet::new();
    free.filter(|o| seen.insert(o.office_no))
        .take(4)
        .enumerate()
        .map(|(n, o)| (claim_id(n), format!("kari-{:04}-umi", 1_231 + n * 97), o.name.to_owned()))
        .collect()
}

fn claim_id(n: usize) -> String {
    format!("KJ98{:010}", 7_010_000 + n * 13)
}

/// Plays everything.
pub(super) async fn load(app: &App, nation: &Nation, callers: &Callers, moment: Moment<'_>) -> Result<()> {
    let stage = Stage { app, callers, moment };
    stage.issue(nation).await?;
    stage.licences().await?;
    stage.inquiries().await?;
    stage.subsidies().await?;
    stage.links().await
}

struct Stage<'a> {
    app: &'a App,
    callers: &'a Callers,
    moment: Moment<'a>,
}

impl Stage<'_> {
    fn caller(&self, login: &str) -> Result<&Caller> {
        self.callers.get(login).with_context(|| login.to_owned())
    }

    /// The office of somebody, as its administrator would act.
    fn admin(&self, login: &str) -> Result<Caller> {
        let Caller::Staff(staff) = self.caller(login)? else { anyhow::bail!("{login} works in no office") };
        Ok(Caller::Staff(Staff { is_admin: true, ..staff.clone() }))
    }

    fn at(&self, days_ago: i32, hour: i8, minute: i8) -> Result<Ctx> {
        (self.moment)(days_ago, hour, minute)
    }

    async fn issue(&self, nation: &Nation) -> Result<()> {
        let mut list = String::from("電子請求受付システムID,仮パスワード,事業所番号,事業所名,有効期限\r\n");
        for (id, password, name) in claims(nation) {
            let all = nation.offices();
            let office = all.iter().find(|o| o.name == name).context("an office of the demo")?;
            let _ = write!(list, "{id},{password},{},{name},\r\n", office.office_no);
        }
        let (ctx, desk) = (self.at(20, 10, 0)?, self.caller("unei")?);
        let report = registration::issue(self.app, &ctx, desk, list.as_bytes(), false).await.map_err(operator)?;
        anyhow::ensure!(report.findings.is_empty(), "{:?}", report.findings);
        Ok(())
    }

    async fn licences(&self) -> Result<()> {
        for (n, login) in ["minato-admin", "kamome", "hamanasu", "engawa", "umineko"].into_iter().enumerate() {
            let ctx = self.at(150 + i32::try_from(n)? * 9, 10, 5)?;
            let wish = (n % 2 == 0, format!("demo {login}"));
            match licence::apply(self.app, &ctx, &self.admin(login)?, wish).await {
                // On a day on which none is needed any more, nobody has one.
                Ok(()) | Err(kaigo_app::Error::Conflict(_)) => {}
                Err(error) => return Err(operator(error)),
            }
        }
        Ok(())
    }

    async fn ask(&self, login: &str, ctx: &Ctx, kind: Kind, subject: &str, body: &str) -> Result<String> {
        let written = Written {
            kind: kind.code().to_owned(),
            subject: subject.to_owned(),
            body: body.to_owned(),
            submit_key: ctx.ids.id(),
            ..Written::default()
        };
        inquiry::ask(self.app, ctx, self.caller(login)?, written).await.map_err(operator)
    }

    async fn answer(&self, id: &str, ctx: &Ctx, state: State, body: &str) -> Result<()> {
        let written = Written { body: body.to_owned(), submit_key: ctx.ids.id(), ..Written::default() };
        inquiry::answer(self.app, ctx, self.caller("unei")?, id, (&written, state)).await.map_err(operator)
    }

    async fn inquiries(&self) -> Result<()> {
        let ctx = self.at(6, 11, 20)?;
        let body = "職員が2人増えます。電子証明書は、パソコンの台数分を申し込むのでしょうか。";
        let first = self.ask("minato-admin", &ctx, Kind::Certificate, "証明書の台数について", body).await?;
        let body = "はい、パソコン1台に1つです。マイページの「電子証明書」から、台数分を申し込んでください。\n使わなくなったパソコンの証明書は、すぐに失効してください。";
        self.answer(&first, &self.at(5, 9, 40)?, State::Answered, body).await?;
        let body = "11月分の実績を送ったところ、相手に届いていないと言われました。送ったものの一覧では「届いた」になっています。";
        self.ask("hamanasu", &self.at(1, 16, 5)?, Kind::Exchange, "送った実績が見えないと言われた", body).await?;
        let body = "領収書の宛名が法人名でも大丈夫でしょうか。";
        let third = self.ask("kamome", &self.at(3, 14, 30)?, Kind::Subsidy, "領収書の宛名", body).await?;
        self.answer(&third, &self.at(3, 17, 0)?, State::Waiting, "確認しています。明日までに回答します。").await?;
        let written = Written {
            kind: Kind::Registration.code().to_owned(),
            name: "みなと川市の訪問看護の事業所".to_owned(),
            subject: "通知書をなくしました".to_owned(),
            body: "IDの書かれた通知書が見つかりません。どこに頼めばよいですか。".to_owned(),
            submit_key: ctx.ids.id(),
            ..Written::default()
        };
        inquiry::ask_openly(self.app, &self.at(0, 8, 30)?, &written).await.map_err(operator)?;
        Ok(())
    }

    async fn subsidies(&self) -> Result<()> {
        let desk = self.caller("unei")?;
        self.file("kamome", self.at(9, 13, 0)?, 30).await?;
        let granted = self.file("engawa", self.at(40, 10, 0)?, 24).await?;
        let returned = self.file("shiosai", self.at(15, 15, 0)?, 12).await?;
        let paid = self.file("yamanoha", self.at(95, 9, 30)?, 35).await?;
        let decide = async |id: &Option<String>, ctx: Ctx, decision| match id {
            Some(id) => subsidy::decide(self.app, &ctx, desk, id, decision).await.map_err(operator),
            None => Ok(()),
        };
        decide(&granted, self.at(8, 11, 0)?, Decision::Grant(24_000)).await?;
        let reason =
            "画面の写しに、事業所の名前が写っていません。管理メニューの上のほうが入るように、写しなおしてください。";
        decide(&returned, self.at(4, 11, 30)?, Decision::Return(reason.to_owned())).await?;
        decide(&paid, self.at(62, 10, 0)?, Decision::Grant(35_000)).await?;
        let ctx = self.at(31, 10, 0)?;
        if let Some(id) = &paid {
            subsidy::paid(self.app, &ctx, desk, id, ctx.today).await.map_err(operator)?;
        }
        Ok(())
    }

    /// Files an application of so many thousand yen; none where the day lies outside the months in which they are taken.
    async fn file(&self, login: &str, ctx: Ctx, thousands: u32) -> Result<Option<String>> {
        let (app, admin) = (self.app, self.admin(login)?);
        let id = subsidy::begin(app, &ctx, &admin, format!("demo {login}")).await.map_err(operator)?;
        let found = subsidy::view(app, &ctx, &admin, &id).await.map_err(operator)?;
        let mut typed = found.typed.clone();
        let readers = 8_980_u32.min(thousands * 1_000);
        fill(&mut typed, &found.form, ctx.today, (readers, thousands * 1_000 + 400 - readers));
        subsidy::save(app, &ctx, &admin, &id, (found.application.revision, typed)).await.map_err(operator)?;
        for kind in DocumentKind::ALL {
            for n in 0..if *kind == DocumentKind::Designation { found.form.services.len().max(1) } else { 1 } {
                let text = format!("{} {} {n} {} 1234567", kind.code(), login, found.form.office_no);
                let given = Given { name: format!("{}-{}.pdf", kind.label(), n + 1), bytes: paper(&text) };
                subsidy::enclose(app, &ctx, &admin, &id, (*kind, given)).await.map_err(operator)?;
            }
        }
        let found = subsidy::view(app, &ctx, &admin, &id).await.map_err(operator)?;
        match subsidy::file(app, &ctx, &admin, &id, found.application.revision).await.map_err(operator)? {
            Filed::Done => Ok(Some(id)),
            Filed::Bounces(found) if found.iter().all(|f| matches!(f.code, "subsidy-window" | "subsidy-no-year")) => {
                subsidy::withdraw(app, &ctx, &admin, &id).await.map_err(operator)?;
                Ok(None)
            }
            Filed::Bounces(found) => anyhow::bail!("{login}: {found:?}"),
        }
    }

    async fn links(&self) -> Result<()> {
        let minato = self.caller("minato-admin")?;
        support::entrust(self.app, &self.at(30, 9, 0)?, minato, SUPPORTER.0).await.map_err(operator)?;
        let kamome = self.admin("kamome")?;
        support::entrust(self.app, &self.at(12, 9, 0)?, &kamome, SUPPORTER.0).await.map_err(operator)?;
        let hamanasu = self.admin("hamanasu")?;
        let ctx = self.at(25, 13, 0)?;
        let wish = ("港 明子", JobType::Clerk.code(), true);
        let code = corporation::invite(self.app, &ctx, &hamanasu, wish, "demo".to_owned()).await.map_err(operator)?;
        corporation::accept(self.app, &self.at(24, 9, 0)?, minato, &code).await.map_err(operator)
    }
}

/// Fills an application as somebody careful would.
fn fill(typed: &mut Typed, form: &check::Form, today: kaigo_core::date::Date, (readers, support): (u32, u32)) {
    let paid_on = kaigo_core::date::add_days(today, -10).to_string();
    let line = |n: usize, kind: &str, item: &str, model: &str, quantity: u32, yen: u32| {
        [
            (format!("kind-{n}"), kind.to_owned()),
            (format!("item-{n}"), item.to_owned()),
            (format!("model-{n}"), model.to_owned()),
            (format!("quantity-{n}"), quantity.to_string()),
            (format!("yen-{n}"), yen.to_string()),
            (format!("paid_on-{n}"), paid_on.clone()),
            (format!("purpose-{n}"), "マイナ資格確認アプリで使うため".to_owned()),
            (format!("addressee-{n}"), form.office_name.clone()),
        ]
    };
    typed.extend(line(1, "reader", "ICカードリーダー", "RW-200", 1, readers));
    typed.extend(line(2, "support", "電子証明書と端末の設定", "", 1, support));
    let rest = [
        ("compatible", "on"),
        ("contact", "事務担当"),
        ("post", "bank"),
        ("bank_code", "0001"),
        ("bank_name", "みなと川銀行"),
        ("branch_code", "101"),
        ("branch_name", "本店"),
        ("account_kind", "ordinary"),
        ("account_no", "1234567"),
        ("holder", "フク）カイゴノカイ"),
        ("screen_user", "member"),
        ("screen_office_no", form.office_no.as_str()),
    ];
    typed.extend(rest.map(|(name, value)| (name.to_owned(), value.to_owned())));
    for (name, value) in [("address", "みなと川市潮見1-1"), ("phone", "00-0000-0101")] {
        typed.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    }
}

/// A page of paper: one line of text, as PDF.
fn paper(text: &str) -> Vec<u8> {
    let content = format!("BT /F1 14 Tf 60 760 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let (mut out, mut places) = (String::from("%PDF-1.4\n"), Vec::new());
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        let _ = writeln!(out, "{} 0 obj\n{object}\nendobj", n + 1);
    }
    let start = out.len();
    let _ = writeln!(out, "xref\n0 {}\n0000000000 65535 f ", objects.len() + 1);
    for place in places {
        let _ = writeln!(out, "{place:010} 00000 n ");
    }
    let _ = writeln!(out, "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF", objects.len() + 1);
    out.into_bytes()
}
