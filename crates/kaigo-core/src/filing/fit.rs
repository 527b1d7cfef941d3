//! Which form fits the certificate and the office, and why not; 新規 or 変更.

use super::{Division, FilingOffice, Known, Variant};
use crate::care_level::CareLevel;
use crate::code::{ApplicationKind, PlanMaker};
use crate::date::{Date, seireki};

/// Whether a form fits, and why or why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The form.
    pub variant: Variant,
    /// Whether the office can file it for this person.
    pub fits: bool,
    /// Why, or why not: a sentence.
    pub why: String,
}

/// What is proposed at the start of the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The form that is proposed: the first that fits.
    pub variant: Option<Variant>,
    /// Each form, with its reason; those that fit come first.
    pub fits: Vec<Fit>,
    /// An application is under way and no certification stands: the notice is for a 暫定 plan.
    pub is_provisional: bool,
    /// What to do instead, where no form fits: sentences.
    pub instead: Vec<String>,
}

/// The side of the certification on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Care(CareLevel),
    Prevention(CareLevel),
    /// 非該当.
    Neither,
    /// An application without a certification: either may come.
    Open(ApplicationKind, Date),
    /// Nothing at all.
    Nothing,
}

fn side(known: &Known, day: Date) -> Side {
    match known.level_on(day) {
        Some(found) if found.level.is_care() => Side::Care(found.level),
        Some(found) if found.level.is_prevention() => Side::Prevention(found.level),
        Some(_) if !known.pending_covers(day) => Side::Neither,
        Some(_) | None => match known.pending {
            Some(pending) => Side::Open(pending.kind, pending.applied_on),
            None => Side::Nothing,
        },
    }
}

/// Proposes a form for a plan that starts on that day.
pub fn propose(known: &Known, office: &FilingOffice, start: Date) -> Proposal {
    let side = side(known, start);
    let mut fits: Vec<Fit> = Variant::ALL.iter().map(|variant| fit(*variant, side, office)).collect();
    fits.sort_by_key(|fit| !fit.fits);
    let variant = fits.first().filter(|fit| fit.fits).map(|fit| fit.variant);
    Proposal {
        variant,
        is_provisional: matches!(side, Side::Open(..)),
        instead: if variant.is_none() { instead(side, office) } else { Vec::new() },
        fits,
    }
}

fn fit(variant: Variant, side: Side, office: &FilingOffice) -> Fit {
    let answer = |fits, why: String| Fit { variant, fits, why };
    let other = |level: CareLevel| {
        let who = if variant.is_care() { "要介護の方" } else { "要支援の方・事業対象者" };
        answer(false, format!("この方は{}です。この届出書は{who}のものです。", level.label()))
    };
    let because = match side {
        Side::Care(level) if variant.is_care() => format!("この方は{}です", level.label()),
        Side::Prevention(level) if !variant.is_care() => format!("この方は{}です", level.label()),
        Side::Care(level) | Side::Prevention(level) => return other(level),
        Side::Neither => return answer(false, "この方は非該当と決まっています。".to_owned()),
        Side::Nothing => return answer(false, "この日に有効な認定も、進んでいる申請もありません。".to_owned()),
        Side::Open(kind, applied_on) => {
            let side = if variant.is_care() { "要介護" } else { "要支援" };
            format!("{}に{}申請をした方で、{side}と見こんで暫定の計画をつくります", seireki(applied_on), kind.label())
        }
    };
    if !office.may(variant) {
        return answer(false, lacks(variant));
    }
    // Of a multifunctional home the own care manager makes the plan, so its form goes with its registration.
    let office_word = match variant {
        Variant::Home => "この事業所は居宅介護支援の指定を受けています",
        Variant::Prevention => "この事業所は介護予防支援・介護予防ケアマネジメントを行います",
        Variant::Multifunctional => "この事業所は小規模多機能型（看護小規模多機能型）居宅介護の指定を受けています",
        Variant::PreventiveMultifunctional => "この事業所は介護予防小規模多機能型居宅介護の指定を受けています",
    };
    answer(true, format!("{because}。{office_word}。"))
}

fn lacks(variant: Variant) -> String {
    let kinds: Vec<&str> = variant.services().iter().map(|kind| kind.label()).collect();
    format!("この届出書は「{}」の事業所が出します。この事業所は指定を受けていません。", kinds.join("」「"))
}

/// What to do where no form fits.
fn instead(side: Side, office: &FilingOffice) -> Vec<String> {
    let may_care = office.may(Variant::Home) || office.may(Variant::Multifunctional);
    match side {
        Side::Prevention(CareLevel::ProjectTarget) => vec![
            "事業対象者の介護予防ケアマネジメントは、地域包括支援センターが行い、届出も地域包括支援センターが出します。".to_owned(),
            "この事業所が委託を受けているときも、届け出るのは地域包括支援センターです。委託元に伝えてください。".to_owned(),
        ],
        Side::Prevention(_) if may_care => vec![
            "要支援の方の計画は、介護予防支援の指定を受けた事業所（地域包括支援センターなど）がつくり、届出もその事業所が出します。".to_owned(),
            "この事業所が地域包括支援センターから委託を受けているときは、委託元の地域包括支援センターが、委託先としてこの事業所を書いて届け出ます。".to_owned(),
            "この事業所が介護予防支援の指定を受けたときは、事業所の登録に介護予防支援が加わってから届け出られます。".to_owned(),
        ],
        Side::Care(_) if office.may(Variant::Prevention) => {
            vec!["要介護の方の計画は、居宅介護支援事業所がつくります。居宅介護支援事業所に引き継いでください。".to_owned()]
        }
        Side::Neither => vec![
            "非該当の方に、居宅サービス計画の届出はありません。基本チェックリストで事業対象者となったときは、地域包括支援センターが届け出ます。"
                .to_owned(),
        ],
        Side::Nothing => vec![
            "先に、認定の申請（更新のときは更新申請）をしてください。申請をした日から、暫定の計画の届出ができます。".to_owned(),
        ],
        Side::Care(_) | Side::Prevention(_) | Side::Open(..) => {
            vec!["この事業所は、居宅サービス計画・介護予防サービス計画をつくる事業所ではないため、届出は出せません。計画をつくる事業所に伝えてください。".to_owned()]
        }
    }
}

/// What the person does who makes the plan without an office (自己作成): no office files for it.
pub fn self_made() -> &'static [&'static str] {
    &[
        "計画を本人・家族がつくる（自己作成）ときは、事業所からは届け出られません。本人か家族が、市町村の窓口に届け出ます。",
        "本人は、毎月、サービス利用票と利用票別表をつくって市町村に出し、確認を受けます。",
        "給付管理票は、市町村がつくります。",
        "届出をしないまま使ったサービスは、いったん全額を払う扱い（償還払い）になります。",
    ]
}

/// 新規 or 変更, and why. A notice of the other side (要介護・要支援) counts as 新規 of this side (INFERRED from the forms being
/// separate), and so does one after 自己作成.
pub fn division(known: &Known, office: &FilingOffice, variant: Variant, start: Date) -> (Division, String) {
    let Some(standing) = known.notice_on(start) else {
        return (Division::New, "この日に有効な届出がないため、新規です。".to_owned());
    };
    if standing.office_no == Some(office.office_no) && standing.maker == variant.maker() {
        return (Division::New, "この事業所の届出が、すでにあります。".to_owned());
    }
    if standing.maker == PlanMaker::Own {
        return (Division::New, "いまの届出は自己作成です。事業所に頼むのははじめてなので、新規です。".to_owned());
    }
    if standing.maker != variant.maker() {
        let (before, after) = if variant.is_care() { ("要支援", "要介護") } else { ("要介護", "要支援") };
        return (Division::New, format!("{before}のときの届出から、{after}の届出に替わるため、新規です。"));
    }
    (Division::Change, format!("{}からほかの事業所の届出が有効なため、変更です。", seireki(standing.from)))
}
