//! 代理の人: who may look in the person's place, and the end of it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::proxy::{self, END_REASONS, Family};
use kaigo_app::run::Target;
use kaigo_core::date::Date;
use kaigo_core::policy::Caller;
use kaigo_store::proxy::Proxy;

use super::myself;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Myself as Guard, Req};
use crate::say;
use crate::view::my::{FamilyEnd, MyFamily, ProxyCard};
use crate::view::{Chip, Choice, Fact, FieldError, Tone};

async fn look(req: &Req) -> Result<Family, Response> {
    let caller = req.caller().map_err(|error| failure(req, &error))?;
    proxy::view(&req.web.app, &req.ctx, caller, Target::Myself).await.map_err(|error| failure(req, &error))
}

/// A proxy as a card.
pub(crate) fn card(proxy: &Proxy, today: Date) -> ProxyCard {
    let chip = if let Some(at) = &proxy.ended_at {
        Chip::new(Tone::Plain, format!("{}に終わりました", say::instant(at)))
    } else if proxy.valid_until.is_some_and(|until| until < today) {
        Chip::new(Tone::Plain, "期間が終わりました")
    } else if today < proxy.valid_from {
        Chip::new(Tone::Info, "これから")
    } else {
        Chip::new(Tone::Good, "いま代理の人です")
    };
    ProxyCard {
        id: proxy.proxy_id.clone(),
        name: proxy.name.clone(),
        facts: vec![
            Fact::new("種類", proxy.kind.label()),
            Fact::new("続柄", proxy.relation.clone()).as_is(),
            Fact::new("見られる範囲", proxy.scope.label()),
            Fact::new("期間", say::period(proxy.valid_from, proxy.valid_until)),
        ],
        chip,
        can_end: proxy.ended_at.is_none() && proxy.valid_until.is_none_or(|until| today <= until),
    }
}

fn acting(req: &Req) -> bool {
    matches!(req.caller(), Ok(Caller::Person { proxy: Some(_), .. }))
}

/// GET /my/family
pub(crate) async fn list(Guard(req): Guard) -> Response {
    match look(&req).await {
        Ok(all) => {
            let mut proxies: Vec<ProxyCard> = all.proxies.iter().map(|proxy| card(proxy, req.ctx.today)).collect();
            proxies.sort_by_key(|proxy| !proxy.can_end);
            ok(&MyFamily { shell: req.shell(), me: myself(&all.head), proxies, acting: acting(&req) })
        }
        Err(response) => response,
    }
}

/// The reasons that a person or a clerk chooses from.
pub(crate) fn reasons() -> Vec<Choice> {
    END_REASONS.iter().map(|(code, word)| Choice::new(*code, *word)).collect()
}

async fn form(req: &Req, x: &str, errors: Vec<FieldError>) -> Response {
    let all = match look(req).await {
        Ok(all) => all,
        Err(response) => return response,
    };
    let Some(proxy) = all.proxies.iter().find(|proxy| proxy.proxy_id == x) else {
        return failure(req, &Error::NotFound);
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (me, proxy) = (myself(&all.head), card(proxy, req.ctx.today));
    page(status, &FamilyEnd { shell: req.shell(), me, proxy, errors, reasons: reasons() })
}

/// GET /my/family/{x}/end
pub(crate) async fn end_form(Guard(req): Guard, Path(x): Path<String>) -> Response {
    form(&req, &x, Vec::new()).await
}

/// POST /my/family/{x}/end
pub(crate) async fn end(Guard(req): Guard, Path(x): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match proxy::end(&req.web.app, &req.ctx, caller, Target::Myself, (&x, fields.get("reason"))).await {
        Ok(()) => moved("/my/family?done=proxy-ended"),
        Err(Error::Invalid(wrong)) => {
            form(&req, &x, wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()).await
        }
        Err(error) => failure(&req, &error),
    }
}
