//! マイページ: an office's own procedures. Each part has its own list of URLs; no person's record is shown here.

mod inquiries;
mod licence;
pub(crate) mod offices;
pub(crate) mod register;
mod savings;
pub(crate) mod steps;
pub(crate) mod subsidy;
pub(crate) mod support;
pub(crate) mod talk;
mod upload;

use axum::response::Response;
use axum::routing::get;
use kaigo_app::{
    Error, corporation, inquiry, licence as licences, savings as counts, steps as guide, subsidy as subsidies,
};
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::steps::State;

pub(crate) use upload::{Upload, most as most_bytes, read as read_upload};

use crate::failure::{failure, ok};
use crate::request::{Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::view::mypage::{Card, OfficeHome};
use crate::view::{Chip, FieldError, Link, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    let mut table = vec![row("GET", "/office", Access::Staff, "view-office", get(home))];
    table.extend(steps::routes());
    table.extend(licence::routes());
    table.extend(savings::routes());
    table.extend(subsidy::routes());
    table.extend(inquiries::routes());
    table.extend(offices::routes());
    table.extend(support::routes());
    table.extend(register::routes());
    table
}

/// What is wrong, at its field; every other error goes on.
pub(crate) fn field_errors(error: Error) -> Result<Vec<FieldError>, Error> {
    match error {
        Error::Invalid(wrong) => Ok(wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()),
        other @ (Error::NotFound
        | Error::Forbidden(_)
        | Error::Conflict(_)
        | Error::TooMany { .. }
        | Error::LoginNeeded
        | Error::Busy
        | Error::Internal(_)) => Err(other),
    }
}

/// GET /office
async fn home(Staff(req): Staff) -> Response {
    match home_view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn home_view(req: &Req) -> Result<OfficeHome, Error> {
    let (app, ctx, caller) = (&req.web.app, &req.ctx, req.caller()?);
    let may_manage = decide_act(caller, Act::ManageOffice).is_ok();
    let Caller::Staff(staff) = caller else { return Err(Error::NotFound) };
    let judged = guide::view(app, ctx, caller, &steps::connection(req)).await?;
    let done = judged.iter().filter(|j| j.state == State::Done).count();
    let next = judged.iter().find(|j| j.state == State::Missing).or_else(|| judged.iter().find(|j| j.next.is_some()));
    let mut cards = vec![Card {
        title: "使いはじめるまでの5つのステップ".to_owned(),
        chip: Chip::new(if done == judged.len() { Tone::Good } else { Tone::Info }, format!("{done}/{}", judged.len())),
        say: next.map_or_else(|| "すべて終わりました。".to_owned(), |j| format!("次は「{}」です。", j.step.label())),
        link: Link::new("開く", "/office/steps"),
    }];
    let own = licences::view(app, ctx, caller).await?;
    let (chip, say) = licence::word(&own);
    cards.push(Card {
        title: "ケアプラン連携のライセンス".to_owned(),
        chip,
        say,
        link: Link::new("開く", "/office/licence"),
    });
    cards.push(savings::card(&counts::view(app, ctx, caller).await?));
    let latest = if may_manage { subsidies::mine(app, caller).await?.into_iter().next() } else { None };
    cards.push(Card {
        title: "導入の助成金".to_owned(),
        chip: latest.as_ref().map_or_else(|| Chip::new(Tone::Plain, "申請なし"), |a| subsidy::chip(a.state)),
        say: "カードリーダーと接続の費用の助成を申請できます。".to_owned(),
        link: Link::new("開く", "/office/subsidy"),
    });
    let threads = inquiry::mine(app, caller, "").await?;
    let answered = threads.iter().filter(|t| t.state == "answered").count();
    cards.push(Card {
        title: "運営への問い合わせ".to_owned(),
        chip: if answered > 0 {
            Chip::new(Tone::Warn, format!("回答あり {answered}件"))
        } else {
            Chip::new(Tone::Plain, format!("{}件", threads.len()))
        },
        say: "質問と回答を、ファイルも付けてやりとりできます。".to_owned(),
        link: Link::new("開く", "/office/inquiries"),
    });
    let offices = corporation::offices(app, ctx, caller).await?;
    cards.push(Card {
        title: "事業所の切りかえ・合計".to_owned(),
        chip: Chip::new(Tone::Plain, format!("{}事業所", offices.len())),
        say: "1つのログインで、同じ法人のいくつもの事業所の仕事ができます。".to_owned(),
        link: Link::new("開く", "/office/all"),
    });
    Ok(OfficeHome {
        shell: req.shell(),
        office_no: staff.office_no.to_string(),
        office: staff.office_name.clone(),
        cards,
        links: more(may_manage),
    })
}

/// Pages of the office that other areas have, as far as this installation serves them.
fn more(may_manage: bool) -> Vec<Link> {
    let known = crate::routes::paths();
    let links: [(&str, &str, bool); 7] = [
        ("/office/accounts", "職員のアカウント", true),
        ("/office/certificates", "電子証明書", false),
        ("/office/log", "職員の閲覧の記録", true),
        ("/office/admin-log", "管理の記録", true),
        ("/office/failed-logins", "ログインの失敗", true),
        ("/office/support", "導入支援事業者", true),
        ("/card/terminals", "カードリーダー", false),
    ];
    links
        .into_iter()
        .filter(|(href, _, admin)| (may_manage || !admin) && known.contains(href))
        .map(|(href, word, _)| Link::new(word, href))
        .collect()
}

/// What was done just before, on these pages.
pub(crate) fn done(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "licence-applied" => ("ライセンスを申請しました", "すぐに使えます。期間は、このページに出ています。"),
        "licence-renewal" => ("自動更新の設定を変えました", ""),
        "estimate-kept" => ("試算を残しました", "下の表で、実際の数とくらべられます。"),
        "inquiry-sent" => ("送りました", "回答があると「お知らせ」に出ます。"),
        "inquiry-closed" => ("問い合わせを終わりにしました", "続けて書くと、また開きます。"),
        "inquiry-answered" => ("送りました", "問い合わせた方に届きました。"),
        "subsidy-saved" => ("保存しました", "まだ提出していません。つづきは、いつでも書けます。"),
        "subsidy-enclosed" => ("添付しました", "中身が正しいか、開いて確かめてください。"),
        "subsidy-removed" => ("添付を外しました", ""),
        "subsidy-filed" => ("提出しました", "運営が審査します。結果は「お知らせ」に出ます。"),
        "subsidy-withdrawn" => ("申請を取り下げました", "記録は残ります。"),
        "subsidy-decided" => ("記録しました", "事業所に知らせました。"),
        "office-switched" => ("事業所を切りかえました", "いまの事業所は、画面の右上に出ています。"),
        "office-joined" => ("事業所に加わりました", "下の表から、切りかえて使えます。"),
        "member-ended" => ("やめてもらいました", "その人は、もうこの事業所のものを見られません。"),
        "entrusted" => (
            "導入支援事業者に頼みました",
            "その会社は、この事業所の準備の進み具合を見られます。利用者の情報は見えません。",
        ),
        "entrustment-ended" => ("終わりにしました", "その会社は、もうこの事業所のものを見られません。"),
        _ => return None,
    })
}
