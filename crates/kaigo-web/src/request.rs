//! What a request brings: who, when, how large the text; and the form it carries.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::Response;
use kaigo_app::attempt::Refused;
use kaigo_app::login::{self, LoggedIn};
use kaigo_app::{Ctx, Error};
use kaigo_core::id::holds_individual_number;
use kaigo_core::policy::Caller;
use kaigo_core::steps::Wire;

use crate::Web;
use crate::failure::{failure, moved};
use crate::say;
use crate::view::{Help, Notice, Shell, Side, TextSize, Tone, Who};

/// Name of the session's cookie.
pub(crate) const SESSION: &str = "kiban_session";
/// What begins every name where cookies are for TLS only: browsers take such a one from this very host and over TLS alone.
const HOST: &str = "__Host-";

/// Whether a name that came is that of a cookie of this installation.
fn is_named(web: &Web, came: &str, name: &str) -> bool {
    if web.secure_cookies { came.strip_prefix(HOST) == Some(name) } else { came == name }
}

/// Name of the cookie of the text size.
pub(crate) const SIZE: &str = "kiban_size";
/// Name of the cookie of the readings.
pub(crate) const FURIGANA: &str = "kiban_furigana";
/// Name of the cookie of the register: やさしい日本語.
pub(crate) const WORDS: &str = "kiban_words";

/// What every handler gets.
pub(crate) struct Req {
    pub(crate) web: Arc<Web>,
    pub(crate) ctx: Ctx,
    /// Token of the session, if the browser sent one.
    pub(crate) token: Option<String>,
    pub(crate) text_size: TextSize,
    /// Token of a start with a letter; empty without one.
    pub(crate) start: String,
    /// Readings over the words are wanted.
    pub(crate) furigana: bool,
    /// やさしい日本語 is wanted.
    pub(crate) easy: bool,
    /// What the browser says of itself (User-Agent).
    pub(crate) agent: String,
    /// How it came over the network, where that is known.
    pub(crate) wire: Option<Wire>,
    /// Path and query.
    pub(crate) here: String,
    pub(crate) query: HashMap<String, String>,
    /// Who is logged in, once a guard has found out.
    pub(crate) login: Option<LoggedIn>,
    /// Who is logged in and may not come from this terminal, and why: on pages that answer everybody.
    pub(crate) barred: Option<(LoggedIn, Error)>,
}

impl Req {
    fn new(parts: &Parts, web: &Arc<Web>) -> Self {
        let here = if asks_for_individual_number(&parts.uri) {
            "/"
        } else {
            parts.uri.path_and_query().map_or("/", |p| p.as_str())
        };
        let mut ctx = web.clock.ctx(&web.ids);
        let wire = crate::peer::place(&mut ctx, parts, web);
        Self {
            ctx,
            web: Arc::clone(web),
            token: cookie(web, &parts.headers, SESSION),
            text_size: cookie(web, &parts.headers, SIZE).and_then(|c| TextSize::read(&c)).unwrap_or_default(),
            start: crate::start::token(web, &parts.headers),
            furigana: crate::furigana::wanted(web, &parts.headers),
            easy: cookie(web, &parts.headers, WORDS).as_deref() == Some("easy"),
            agent: agent(&parts.headers),
            wire,
            query: fields(parts.uri.query().unwrap_or_default()),
            here: here.to_owned(),
            login: None,
            barred: None,
        }
    }

    /// Who is logged in.
    ///
    /// # Errors
    /// [`Error::LoginNeeded`].
    pub(crate) fn caller(&self) -> Result<&Caller, Error> {
        self.login.as_ref().map(|l| &l.caller).ok_or(Error::LoginNeeded)
    }

    /// A value of the query.
    pub(crate) fn asked(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// The surroundings of a page.
    pub(crate) fn shell(&self) -> Shell {
        let (side, who) = match self.login.as_ref().map(|l| &l.caller) {
            Some(Caller::Staff(s)) => {
                let who =
                    Who { name: s.name.clone(), role: say::job_word(s.job).to_owned(), office: s.office_name.clone() };
                (Side::Staff, Some(who))
            }
            Some(Caller::Person { name, proxy, .. }) => {
                let office = proxy.as_ref().map(|p| format!("{}さんの代理（{}）", p.person_name, p.relation));
                let office = office.unwrap_or_default();
                (Side::Citizen, Some(Who { name: name.clone(), role: String::new(), office }))
            }
            Some(Caller::Insurer(s)) => {
                let role = if s.is_admin { "管理者" } else { "職員" }.to_owned();
                (Side::Insurer, Some(Who { name: s.name.clone(), role, office: s.insurer_name.clone() }))
            }
            Some(Caller::Medical(s)) => {
                let role = say::job_word(s.job).to_owned();
                (Side::Medical, Some(Who { name: s.name.clone(), role, office: s.institution_name.clone() }))
            }
            Some(Caller::Board(s)) => {
                let role = "事務局".to_owned();
                (Side::Board, Some(Who { name: s.name.clone(), role, office: s.board_name.clone() }))
            }
            Some(Caller::OperatorStaff(s)) => {
                let role = if s.is_admin { "管理者" } else { "職員" }.to_owned();
                (Side::Operator, Some(Who { name: s.name.clone(), role, office: "運営事務局".to_owned() }))
            }
            Some(Caller::Supporter(s)) => {
                let role = "導入支援".to_owned();
                (Side::Supporter, Some(Who { name: s.name.clone(), role, office: s.supporter_name.clone() }))
            }
            Some(Caller::InsurerSystem { .. } | Caller::Operator) | None => (Side::Public, None),
        };
        let left = self.login.as_ref().map(|l| l.expires_at.as_second() - self.ctx.now.as_second());
        Shell {
            side,
            demo: self.web.demo.is_some(),
            text_size: self.text_size,
            here: self.here.clone(),
            csrf: self.login.as_ref().map_or_else(|| self.web.app.keys.form_token("login"), |l| l.csrf.clone()),
            who,
            now: say::moment(self.ctx.now),
            unread: self.login.as_ref().map_or(0, |l| l.unread),
            session_seconds: left.and_then(|s| u32::try_from(s).ok()),
            furigana: self.furigana,
            easy: self.easy,
            notices: notice(self.asked("done")),
            help: Help {
                name: "介護WEBサービス ヘルプデスク".to_owned(),
                phone: "00-0000-0000".to_owned(),
                hours: "平日 9時から17時まで".to_owned(),
            },
        }
    }
}

/// What was done just before, after POST → 303.
fn notice(done: &str) -> Vec<Notice> {
    let (heading, say) = match done {
        "registered" => {
            ("担当事業所として登録しました", "この方の証や認定を見られます。見た記録は、ご本人も確かめられます。")
        }
        "kept" => ("担当を続けることにしました", "新しい期限は、このページに出ています。"),
        "released" => ("担当を終わりました", "この方の情報は、もう見られません。記録は残ります。"),
        "expired" => {
            let say =
                "しばらく使われなかったため、安全のためにログアウトしました。ログインすると、前のページにもどります。";
            return vec![Notice {
                tone: Tone::Warn,
                heading: "ログインしなおしてください".to_owned(),
                say: say.to_owned(),
            }];
        }
        "filed" => ("届け出ました", "市町村の確認を待ちます。受付番号は、このページに出ています。"),
        "filed-before" => ("すでに届け出てあります", "この事業所のほかの職員が、先に届け出ました。"),
        "plan-delivered" => ("交付用に登録しました", "ご本人と、同意があるときはほかの担当の事業所が見られます。"),
        "plan-withdrawn" => ("登録を取り消しました", "もう、だれにも見えません。記録は残ります。"),
        "filing-withdrawn" => ("届出を取り下げました", "記録は残ります。"),
        "filing-accepted" => {
            ("届出を受理しました", "届け出た事業所に知らせました。被保険者証の居宅介護支援事業所が替わります。")
        }
        "filing-returned" => ("届出を差し戻しました", "届け出た事業所に、理由を知らせました。"),
        "set-none" => {
            let say = "下に理由と直し方を出しています。";
            return vec![Notice {
                tone: Tone::Warn,
                heading: "送れたものはありません".to_owned(),
                say: say.to_owned(),
            }];
        }
        "form-gone" => {
            return vec![Notice {
                tone: Tone::Warn,
                heading: "前に入力した内容は残っていません".to_owned(),
                say: "時間がたったか、途中でこわれました。お手数ですが、もう一度入力してください。".to_owned(),
            }];
        }
        "mail-code" => ("確認コードをメールで送りました", "届くまで数分かかることがあります。10分間使えます。"),
        "logout" => ("ログアウトしました", "共用のパソコンでは、ブラウザーも閉じてください。"),
        "proxy-ended" => ("代理をやめてもらいました", "その人は、もうこの画面を見られません。記録は残ります。"),
        "proxy-recorded" => ("代理人を登録しました", "代理人がこの画面を使うための手紙を、続けて発行できます。"),
        "asked" => ("市町村に送りました", "答えは、このページに届きます。"),
        "answered" => ("回答を送りました", "ご本人の画面に届きました。"),
        "consent-given" => ("同意を登録しました", "担当の事業所は、次に開いたときから見られます。"),
        "consent-withdrawn" => ("同意の取り消しを登録しました", "担当の事業所は、もう見られません。"),
        "letter-revoked" => ("手紙を使えなくしました", "必要なときは、新しい手紙を発行してください。"),
        "started" => ("登録が終わりました", "いま決めたログインIDとパスワードで、ログインしてください。"),
        other => match exchange_notice(other)
            .or_else(|| opinion_notice(other))
            .or_else(|| crate::notices::done(other))
            .or_else(|| crate::account::done(other))
            .or_else(|| crate::insurer::disaster::done(other))
            .or_else(|| crate::insurer::done(other))
            .or_else(|| crate::operator::done(other))
            .or_else(|| crate::mypage::done(other))
            .or_else(|| crate::transparency::said(other))
            .or_else(|| crate::pki::done(other))
        {
            Some(said) => said,
            None => return Vec::new(),
        },
    };
    vec![Notice { tone: Tone::Good, heading: heading.to_owned(), say: say.to_owned() }]
}

/// What was done on the pages of opinions.
fn opinion_notice(done: &str) -> Option<(&'static str, &'static str)> {
    Some(match done {
        "draft-saved" => ("保存しました", "まだ提出していません。つづきは、いつでも書けます。"),
        "copied" => {
            ("前回の意見書から写しました", "空いていた項目に入れました。いまの状態と違うところを直してください。")
        }
        "opinion-attached" => {
            ("ファイルを添付しました", "記入日と医師氏名を確かめて、「確認へ進む」を押してください。")
        }
        "opinion-read" => {
            ("医見書のファイルを読みました", "読めた項目を入れました。ほかの項目は、前回から写すか、書いてください。")
        }
        "opinion-read-part" => (
            "医見書のファイルを、一部だけ読みました",
            "日付として読めないなど、入れられない項目がありました。確かめてください。",
        ),
        "opinion-declined" => ("書けないと返答しました", "市町村に伝わりました。この方の情報は、もう見られません。"),
        "opinion-requested" => ("意見書を依頼しました", "医療機関の「意見書の依頼」に出ています。"),
        "opinion-reminded" => ("催促しました", "医療機関の「お知らせ」に出ます。催促は1日に1回だけです。"),
        "opinion-cancelled" => ("依頼を取り消しました", "医療機関は、もうこの方の情報を見られません。"),
        "opinion-accepted" => ("受理しました", "意見書受領日を今日にしました。見てよい人は、すぐに見られます。"),
        "opinion-returned" => {
            ("差し戻しました", "医療機関の「意見書の依頼」と「お知らせ」に、理由といっしょに出ています。")
        }
        _ => return None,
    })
}

/// What was done on the pages of the exchange.
fn exchange_notice(done: &str) -> Option<(&'static str, &'static str)> {
    Some(match done {
        "joined" => {
            ("ケアプラン連携を始めました", "ほかの事業所から送ってもらえるようになりました。こちらからも送れます。")
        }
        "set-sent" => ("送りました", "相手が受け取ったかどうかは「送ったもの」で確かめられます。"),
        "discarded" => ("アップロードを取り消しました", "どこにも送っていません。"),
        "imported" => ("取り込んだことを記録しました", "送ってきた事業所からも、取込済と見えます。"),
        "recalled" => ("取り下げました", "相手の一覧から消えました。取り下げた記録は残ります。"),
        "withdrawn" => (
            "取り消しを送りました",
            "相手が介護ソフトに取り込むまで、相手のソフトには残ります。気になるときは電話もしてください。",
        ),
        "favourite" => ("「よく使う」に加えました", ""),
        "not-favourite" => ("「よく使う」からはずしました", ""),
        "token-ended" => ("鍵を終わりにしました", "この鍵を持つプログラムは、もう送受信できません。"),
        _ => return None,
    })
}

/// Anybody: the login pages.
pub(crate) struct Anybody(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Anybody {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        Ok(Self(Req::new(parts, web)))
    }
}

/// Anybody, known if logged in: pages that answer both.
pub(crate) struct Visitor(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let mut req = Req::new(parts, web);
        if let Some(token) = &req.token
            && let Ok(login) = login::caller(&web.app, &req.ctx, token).await
        {
            match admitted(web, &req.ctx, &login.caller, parts) {
                Ok(()) => req.login = Some(login),
                Err(error) => req.barred = Some((login, error)),
            }
        }
        Ok(Self(req))
    }
}

/// Staff of an office. Everybody else is sent to the login, or told that there is nothing.
pub(crate) struct Staff(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let req = logged_in(parts, web).await?;
        match req.caller() {
            Ok(Caller::Staff(_)) => Ok(Self(req)),
            _ => Err(failure(&req, &Error::NotFound)),
        }
    }
}

/// Staff of an insurer.
pub(crate) struct Insurer(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Insurer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let req = logged_in(parts, web).await?;
        match req.caller() {
            Ok(Caller::Insurer(_)) => Ok(Self(req)),
            _ => Err(failure(&req, &Error::NotFound)),
        }
    }
}

/// Staff of a medical institution.
pub(crate) struct Medical(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Medical {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let req = logged_in(parts, web).await?;
        match req.caller() {
            Ok(Caller::Medical(_)) => Ok(Self(req)),
            _ => Err(failure(&req, &Error::NotFound)),
        }
    }
}

/// The secretariat of a board.
pub(crate) struct Board(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Board {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let req = logged_in(parts, web).await?;
        match req.caller() {
            Ok(Caller::Board(_)) => Ok(Self(req)),
            _ => Err(failure(&req, &Error::NotFound)),
        }
    }
}

/// Staff of the operator's desk.
pub(crate) struct Operator(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Operator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let req = logged_in(parts, web).await?;
        match req.caller() {
            Ok(Caller::OperatorStaff(_)) => Ok(Self(req)),
            _ => Err(failure(&req, &Error::NotFound)),
        }
    }
}

/// Who sets up offices.
pub(crate) struct Supporter(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Supporter {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let req = logged_in(parts, web).await?;
        match req.caller() {
            Ok(Caller::Supporter(_)) => Ok(Self(req)),
            _ => Err(failure(&req, &Error::NotFound)),
        }
    }
}

/// The person.
pub(crate) struct Myself(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Myself {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let req = logged_in(parts, web).await?;
        match req.caller() {
            Ok(Caller::Person { .. }) => Ok(Self(req)),
            _ => Err(failure(&req, &Error::NotFound)),
        }
    }
}

/// Whoever is logged in.
pub(crate) struct Somebody(pub(crate) Req);

impl FromRequestParts<Arc<Web>> for Somebody {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        Ok(Self(logged_in(parts, web).await?))
    }
}

/// Whether the password is provisional and the page is none of those that are open before it was changed.
fn must_change_first(req: &Req, parts: &Parts) -> bool {
    let open = ["/account/password", "/session/keep"];
    req.login.as_ref().is_some_and(|login| login.must_change) && !open.contains(&parts.uri.path())
}

/// Whether who is logged in may come: not too fast, and from this terminal.
fn admitted(web: &Web, ctx: &Ctx, caller: &Caller, parts: &Parts) -> Result<(), Error> {
    web.pace.take(caller, false, ctx.now)?;
    crate::peer::judge(web, ctx, caller, parts)
}

async fn logged_in(parts: &Parts, web: &Arc<Web>) -> Result<Req, Response> {
    let mut req = Req::new(parts, web);
    let found = match &req.token {
        Some(token) => login::caller(&web.app, &req.ctx, token).await,
        None => Err(Error::LoginNeeded),
    };
    match found {
        Ok(login) => {
            let judged = admitted(web, &req.ctx, &login.caller, parts);
            req.login = Some(login);
            match judged {
                Ok(()) if must_change_first(&req, parts) => Err(moved("/account/password")),
                Ok(()) => Ok(req),
                Err(error) => Err(failure(&req, &error)),
            }
        }
        Err(Error::LoginNeeded) if parts.method == Method::GET => {
            // Who sent a token was logged in before, and is told that this ended.
            let ended = if req.token.is_some() { "&done=expired" } else { "" };
            Err(moved(&format!("/login?next={}{ended}", percent(&req.here))))
        }
        Err(error) => Err(failure(&req, &error)),
    }
}

/// The fields of a form.
pub(crate) struct Fields(HashMap<String, String>);

/// Bytes that a form may have at most.
const FORM_BYTES: usize = 64 * 1024;
/// Bytes that the form of a 認定調査票 may have at most: 6,000 characters of 特記事項 are 54,000 bytes on the way, beside 74 items. As many
/// as a form that is carried through a login may have.
const SURVEY_BYTES: usize = kaigo_app::kept::BYTES;

/// Bytes that the form of a path may have at most.
fn most_bytes(path: &str) -> usize {
    // The two steps of the login carry a form that came after its session had ended: sealed, in hex.
    if matches!(path, "/login" | "/login/code" | "/login/code/mail" | "/login/passkey") {
        return FORM_BYTES + 2 * kaigo_app::kept::BYTES;
    }
    if path.starts_with("/insurer/cases/") && path.ends_with("/survey") { SURVEY_BYTES } else { FORM_BYTES }
}

impl FromRequest<Arc<Web>> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let most = most_bytes(request.uri().path());
        let (mut parts, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, most).await;
        if let Some(text) = bytes.ok().and_then(|b| String::from_utf8(b.to_vec()).ok()) {
            return Ok(Self(fields(&text)));
        }
        let Visitor(req) = Visitor::from_request_parts(&mut parts, web).await?;
        Err(crate::failure::too_long(&req, most))
    }
}

impl Fields {
    /// The fields of a form that came with files.
    pub(crate) fn of(fields: HashMap<String, String>) -> Self {
        Self(fields)
    }

    /// What follows the prefix in the names of the fields that have it, in order: the ticked boxes of a list.
    pub(crate) fn ticked(&self, prefix: &str) -> Vec<&str> {
        let mut ticked: Vec<&str> = self
            .0
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .filter_map(|(name, _)| name.strip_prefix(prefix))
            .collect();
        ticked.sort_unstable();
        ticked
    }

    /// Every field, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A field as typed; empty if it is missing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The form was sent by a page of this session, and carries no individual number outside the fields that the handler
    /// judges itself.
    ///
    /// # Errors
    /// The page that says so.
    #[expect(clippy::result_large_err, reason = "the refusal is the page itself, once a request")]
    pub(crate) fn check(&self, req: &Req, judged: &[&str]) -> Result<(), Response> {
        let session = req.token.as_deref().map_or_else(|| "login".to_owned(), kaigo_app::keys::digest_of);
        let token = self.get("csrf");
        let keys = &req.web.app.keys;
        let fits =
            keys.form_token_fits(&session, token) || (req.login.is_none() && keys.form_token_fits("login", token));
        if !fits {
            req.web.app.refused.add(Refused::Form, &req.ctx.came.place(), "no token of this session");
            return Err(failure(req, &Error::LoginNeeded));
        }
        self.refuse_individual_number(req, judged)
    }

    /// The second half of [`Fields::check`], for a form without a token.
    ///
    /// # Errors
    /// The page that says so.
    #[expect(clippy::result_large_err, reason = "the refusal is the page itself, once a request")]
    pub(crate) fn refuse_individual_number(&self, req: &Req, judged: &[&str]) -> Result<(), Response> {
        let others = self.0.iter().filter(|(name, _)| !judged.contains(&name.as_str()));
        if others.into_iter().any(|(_, value)| carries_individual_number(value)) {
            return Err(refused_number(req));
        }
        Ok(())
    }
}

/// The page that refuses an individual number in a form; it is counted.
pub(crate) fn refused_number(req: &Req) -> Response {
    req.web.app.refused.add(Refused::IndividualNumber, &req.ctx.came.place(), "in a form");
    failure(req, &individual_number())
}

/// Whether a typed value, or an address in one, holds an individual number. Identifiers and tokens of our own do not count.
pub(crate) fn carries_individual_number(text: &str) -> bool {
    let own = |piece: &str| piece.len() >= 32 && piece.bytes().all(|b| b.is_ascii_hexdigit());
    text.split(['/', '?', '&', '=', '_']).any(|piece| !own(piece) && holds_individual_number(&plain(piece)))
}

/// A typed text as it may be written back into its form: where it holds an individual number, every digit is hidden.
pub(crate) fn masked(text: &str) -> String {
    if !holds_individual_number(text) {
        return text.to_owned();
    }
    text.chars().map(|c| if c.is_numeric() { '●' } else { c }).collect()
}

/// Whether the path or the query of an address holds an individual number.
pub(crate) fn asks_for_individual_number(uri: &Uri) -> bool {
    carries_individual_number(uri.path())
        || fields(uri.query().unwrap_or_default())
            .iter()
            .any(|(name, value)| carries_individual_number(name) || carries_individual_number(value))
}

/// The refusal of an individual number in a field that has no error of its own.
pub(crate) fn individual_number() -> Error {
    let bad = kaigo_core::layout::BadCell::IndividualNumber;
    let say = format!("{}{}", bad.say("入力"), bad.mend("入力"));
    Error::Invalid(vec![kaigo_app::Wrong { field: "", code: bad.code(), say }])
}

/// Whether a POST comes from a page of this site: browsers say so in `Sec-Fetch-Site` or `Origin`.
pub(crate) fn same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, at)| at == host),
        (None, Some(_), None) => false,
        // No browser: a program without a session's form token gets nowhere.
        (None, None, _) => true,
    }
}

/// What a browser says of itself, cut.
fn agent(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    text.chars().take(300).collect()
}

/// A cookie's value.
pub(crate) fn cookie(web: &Web, headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';')).find_map(|pair| {
        let (n, value) = pair.trim().split_once('=')?;
        is_named(web, n, name).then(|| value.to_owned())
    })
}

/// The header that sets a cookie; an empty value removes it.
pub(crate) fn set_cookie(web: &Web, name: &str, value: &str, keep: Option<u32>) -> (header::HeaderName, HeaderValue) {
    let age = match (value.is_empty(), keep) {
        (true, _) => "; Max-Age=0".to_owned(),
        (false, Some(seconds)) => format!("; Max-Age={seconds}"),
        (false, None) => String::new(),
    };
    let secure = if web.secure_cookies { "; Secure" } else { "" };
    let host = if web.secure_cookies { HOST } else { "" };
    let text = format!("{host}{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    (header::SET_COOKIE, HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("")))
}

/// Reads `a=b&c=d` (application/x-www-form-urlencoded); the last of two equal names counts.
pub(crate) fn fields(text: &str) -> HashMap<String, String> {
    pairs(text).into_iter().collect()
}

/// The same in the order of the form, each as often as it stands there.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (plain(name), plain(value))
        })
        .collect()
}

fn plain(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let hex = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
                match (hex(ahead.next()), hex(ahead.next())) {
                    (Some(high), Some(low)) => {
                        out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                        rest = ahead;
                    }
                    _ => out.push(b'%'),
                }
            }
            _ => out.push(byte),
        }
    }
    // No keyboard types it, and not every database takes it.
    out.retain(|byte| *byte != 0);
    String::from_utf8_lossy(&out).into_owned()
}

/// Text for a query: everything but unreserved characters as `%XX`.
pub(crate) fn percent(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}

/// A local path to go to, or `/`: never another site.
pub(crate) fn local(path: &str) -> &str {
    let safe =
        path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(char::is_control);
    if safe { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let form = fields("kana=%E3%82%AF+x&empty=&plus=%2B&broken=%zz&only&nul=a%00b");
        assert_eq!(form.get("kana").map(String::as_str), Some("ク x"));
        assert_eq!(form.get("plus").map(String::as_str), Some("+"));
        assert_eq!(form.get("broken").map(String::as_str), Some("%zz"));
        assert_eq!(form.get("only").map(String::as_str), Some(""));
        assert_eq!(form.get("nul").map(String::as_str), Some("ab"));
        assert_eq!(fields(&format!("a={}", percent("ク/?&=+ "))).get("a").map(String::as_str), Some("ク/?&=+ "));
    }

    #[test]
    fn only_local_paths_are_gone_to() {
        assert_eq!(local("/people?q=a"), "/people?q=a");
        for bad in ["https://example.jp/", "//example.jp", "/\\example.jp", "", "people", "/a\r\nb"] {
            assert_eq!(local(bad), "/", "{bad}");
        }
    }
}
