//! ライセンス: state, application, renewal, proof.

use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::licence::{self, LicencePage};
use kaigo_core::date::seireki;
use kaigo_core::licence::{FEES, Fee, Standing};
use kaigo_core::policy::Caller;

use crate::failure::{failure, moved, ok};
use crate::request::{Fields, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::mypage::{Licence, LicenceProof};
use crate::view::{Chip, Fact, Tone};

/// The URLs of this part.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Staff;
    vec![
        row("GET", "/office/licence", Staff, "view-office", get(show)),
        row("GET", "/office/licence/proof", Staff, "view-office", get(proof)),
        row("POST", "/office/licence/apply", Staff, "manage-office", post(apply)),
        row("POST", "/office/licence/renewal", Staff, "manage-office", post(renewal)),
    ]
}

/// State and sentence.
pub(crate) fn word(own: &LicencePage) -> (Chip, String) {
    match own.standing {
        Standing::NotNeeded { since } => {
            (Chip::new(Tone::Good, "不要"), format!("{}から、ライセンスは要りません。", seireki(since)))
        }
        Standing::Valid { until } => (Chip::new(Tone::Good, "有効"), format!("{}まで有効です。", seireki(until))),
        Standing::Soon { until } => (
            Chip::new(Tone::Warn, "まもなく終わります"),
            if own.auto_renew {
                format!("{}まで有効です。期限の30日前に自動で更新します。", seireki(until))
            } else {
                format!("{}まで有効です。更新してください。", seireki(until))
            },
        ),
        Standing::Ended { on } => (Chip::new(Tone::Bad, "期限切れ"), format!("{}に終わりました。", seireki(on))),
        Standing::None => (Chip::new(Tone::Plain, "なし"), "まだ申請していません。".to_owned()),
    }
}

fn fee_word(fee: Fee) -> String {
    match fee {
        Fee::Yearly(yen) => format!("年{}円（税込、1事業所番号）", say::grouped(&yen)),
        Fee::Campaign => "0円（キャンペーン、1年間）".to_owned(),
        Fee::Ended => "ライセンス不要".to_owned(),
    }
}

fn rows(own: &LicencePage) -> Vec<[String; 4]> {
    own.licences
        .iter()
        .map(|l| {
            [
                format!("第{}号", l.licence_no),
                say::period(l.from_on, Some(l.until_on)),
                format!("{}円", say::grouped(&l.yen)),
                format!("{}　{}", say::instant(&l.applied_at), l.applied_by),
            ]
        })
        .collect()
}

async fn view(req: &Req) -> Result<Licence, Error> {
    let own = licence::view(&req.web.app, &req.ctx, req.caller()?).await?;
    let (chip, say) = word(&own);
    let joined = own.joined_at.as_deref().map(say::instant).unwrap_or_default();
    let fee = own.fee.map(|row| fee_word(row.value)).unwrap_or_default();
    let is_ending = own.fee.is_some_and(|row| row.value == Fee::Ended);
    let apply = match own.standing {
        Standing::None | Standing::Ended { .. } => "ライセンスを申請する",
        Standing::Soon { until }
            if kaigo_core::licence::fee(kaigo_core::date::add_days(until, 1))
                .is_some_and(|r| r.value != Fee::Ended) =>
        {
            "更新する"
        }
        Standing::Soon { .. } | Standing::NotNeeded { .. } | Standing::Valid { .. } => "",
    };
    Ok(Licence {
        shell: req.shell(),
        chip,
        say,
        facts: vec![
            Fact::new("きょう申請するときの利用料", fee).note(own.fee.map_or("", |row| row.source)),
            Fact::new("ケアプラン連携を始めた日", joined),
            Fact::new("自動更新", if own.auto_renew { "する" } else { "しない" }),
        ],
        rows: rows(&own),
        apply: if is_ending { String::new() } else { apply.to_owned() },
        auto_renew: own.auto_renew,
        may_manage: own.may_manage,
        rules: FEES
            .iter()
            .map(|row| [say::period(row.from, row.until), fee_word(row.value), row.source.to_owned()])
            .collect(),
        submit_key: req.ctx.ids.id(),
    })
}

/// GET /office/licence
async fn show(Staff(req): Staff) -> Response {
    match view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

/// GET /office/licence/proof
async fn proof(Staff(req): Staff) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let Caller::Staff(staff) = caller else { return failure(&req, &Error::NotFound) };
    match licence::view(&req.web.app, &req.ctx, caller).await {
        Ok(own) => {
            let (chip, say) = word(&own);
            let facts = vec![
                Fact::new("事業所番号", staff.office_no.to_string()),
                Fact::new("事業所名", staff.office_name.clone()).as_is(),
                Fact::new("ライセンス", say).chip(chip.tone, chip.word),
                Fact::new("ケアプラン連携を始めた日", own.joined_at.as_deref().map(say::instant).unwrap_or_default()),
            ];
            ok(&LicenceProof { shell: req.shell(), facts, rows: rows(&own) })
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/licence/apply
async fn apply(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let wish = (fields.get("auto_renew") == "on", fields.get("submit_key").to_owned());
    match licence::apply(&req.web.app, &req.ctx, caller, wish).await {
        Ok(()) => moved("/office/licence?done=licence-applied"),
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/licence/renewal
async fn renewal(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match licence::set_auto_renew(&req.web.app, &req.ctx, caller, fields.get("auto_renew") == "on").await {
        Ok(()) => moved("/office/licence?done=licence-renewal"),
        Err(error) => failure(&req, &error),
    }
}
