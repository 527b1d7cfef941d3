//! The tab 被保険者証など.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::certificates::{self, Certificates};
use kaigo_app::person::{Marked, Timeline};
use kaigo_app::run::Target;
use kaigo_core::code::{LimitKind, ReliefKind};
use kaigo_core::date::{seireki, wareki};
use kaigo_core::policy::Item;
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_core::record::relief::Relief;

use crate::failure::{failure, ok};
use crate::person::{date_fact, frame, marked};
use crate::request::{Req, Staff};
use crate::say;
use crate::view::certificates::{CertificateCard, Certificates as View, Face, PastSegment};
use crate::view::{Chip, Fact, Tone};

/// GET /people/{c}/certificates
pub(crate) async fn tab(Staff(req): Staff, Path(c): Path<String>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &kaigo_app::Error::LoginNeeded);
    };
    match certificates::view(&req.web.app, &req.ctx, caller, Target::Charge(c)).await {
        Ok(all) => ok(&page(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn page(req: &Req, all: &Certificates) -> View {
    let last_look = all.last_look.as_deref().and_then(say::day_of).map(say::short).unwrap_or_default();
    let changes = all.certification.changes()
        + all.limits.changes()
        + all.burden.changes()
        + all.relief.changes()
        + all.restrictions.changes()
        + all.notices.changes();
    View {
        shell: req.shell(),
        person: frame(req, &all.head),
        absence: None,
        changes,
        cards: vec![
            insured(req, all, &last_look),
            burden(all, &last_look),
            relief(all, &last_look),
            restriction(all, &last_look),
        ],
        last_look,
    }
}

/// 介護保険被保険者証, the three faces of the form.
fn insured(req: &Req, all: &Certificates, last_look: &str) -> CertificateCard {
    let person = &all.head.person;
    let mut first = vec![
        Fact::new("被保険者番号", say::number(all.head.insured_no)),
        Fact::new("住所", person.address.to_string()),
        Fact::new("氏名", format!("{}（{}）", person.name, person.name_kana)),
        Fact::new("生年月日", say::birth(person.born_on)),
        Fact::new("性別", person.sex.label()),
        date_fact("交付年月日", person.issued_on),
        Fact::new("保険者", format!("{}　{}", all.head.insurer.insurer_no, all.head.insurer.name)),
    ];
    if let Some(q) = &all.qualification {
        first.push(
            Fact::new("被保険者区分", q.insured_class.label()).note(format!("{}に資格取得", seireki(q.acquired_on))),
        );
        if let Some(on) = q.lost_on {
            let why = q.loss_reason.map_or("", |r| r.label());
            first.push(Fact::new("資格喪失", seireki(on)).chip(Tone::Bad, format!("喪失 {why}")));
        }
        if let Some(no) = q.facility_insurer_no {
            first.push(Fact::new("住所地特例", format!("施設の所在地の保険者 {no}")));
        }
    }
    let faces = vec![
        Face { heading: "（一）被保険者".to_owned(), facts: first },
        Face { heading: "（二）認定".to_owned(), facts: second(req, all, last_look) },
        Face {
            heading: "（三）給付制限・居宅介護支援事業者".to_owned(), facts: third(all, last_look)
        },
    ];
    CertificateCard {
        id: "insured".to_owned(),
        title: "介護保険被保険者証".to_owned(),
        chip: state(all.certification.now.first().and_then(|m| m.record.valid_until), req),
        absence: None,
        faces,
        coming: all.certification.coming.iter().map(|m| coming_certification(m, last_look)).collect(),
        past: all
            .certification
            .past
            .iter()
            .map(|m| PastSegment {
                period: say::period(m.record.valid_from, m.record.valid_until),
                summary: m.record.care_level.label().to_owned(),
                known: format!("認定 {}", seireki(m.record.certified_on)),
            })
            .collect(),
    }
}

fn state(until: Option<kaigo_core::date::Date>, req: &Req) -> Option<Chip> {
    until.map(|until| say::expiry(until, req.ctx.today).unwrap_or_else(|| Chip::new(Tone::Good, "有効")))
}

fn coming_certification(m: &Marked<kaigo_core::record::certification::Certification>, last_look: &str) -> Face {
    let facts = vec![
        marked(Fact::new("要介護状態区分", m.record.care_level.label()), m, last_look),
        Fact::new("認定の有効期間", say::period(m.record.valid_from, m.record.valid_until)),
    ];
    Face { heading: format!("{}から", seireki(m.record.valid_from)), facts }
}

/// Face 二: certification and limits.
fn second(req: &Req, all: &Certificates, last_look: &str) -> Vec<Fact> {
    let Some(now) = all.certification.now.first() else {
        return vec![Fact::new("要介護状態区分", "いま有効な認定はありません").chip(Tone::Plain, "認定なし")];
    };
    let c = &now.record;
    let mut facts = vec![
        marked(Fact::new("要介護状態区分", c.care_level.label()), now, last_look),
        Fact::new("認定年月日", format!("{}（{}）", seireki(c.certified_on), wareki(c.certified_on))),
    ];
    let mut valid = Fact::new("認定の有効期間", say::period(c.valid_from, c.valid_until));
    if let Some(chip) = c.valid_until.and_then(|until| say::expiry(until, req.ctx.today)) {
        valid.chip = Some(chip);
    }
    facts.push(valid);
    for limit in &all.limits.now {
        let l = &limit.record;
        let label = match (l.kind, l.service_kind) {
            (LimitKind::ByService, Some(service)) => format!("うち種類支給限度基準額（{}）", service.label()),
            (LimitKind::ByService, None) => "うち種類支給限度基準額".to_owned(),
            (LimitKind::Total, _) => "区分支給限度基準額".to_owned(),
        };
        let fact = Fact::new(label, format!("1か月 {} 単位", l.units)).note(say::period(l.valid_from, l.valid_until));
        facts.push(marked(fact, limit, last_look));
    }
    facts
        .push(Fact::new("認定審査会の意見", c.opinion.as_ref().map_or_else(|| "なし".to_owned(), ToString::to_string)));
    if let Some(services) = &c.designated_services {
        facts.push(
            Fact::new("サービスの種類の指定", services.to_string())
                .note("指定された種類のサービスだけが給付の対象です"),
        );
    }
    facts
}

/// Face 三: restriction and the maker of the plan.
fn third(all: &Certificates, last_look: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    if all.restrictions.now.is_empty() {
        facts.push(Fact::new("給付制限", "なし"));
    }
    for m in &all.restrictions.now {
        let fact =
            Fact::new("給付制限", m.record.kind.label()).note(say::period(m.record.valid_from, m.record.valid_until));
        facts.push(marked(fact.chip(Tone::Bad, "制限あり"), m, last_look));
    }
    if all.notices.now.is_empty() {
        facts.push(Fact::new("居宅介護支援事業者", "届出がありません"));
    }
    for m in all.notices.now.iter().chain(&all.notices.coming) {
        facts.push(marked(notice(&m.record, &all.office_names), m, last_look));
    }
    facts
}

fn notice(n: &PlanNotice, names: &[(String, String)]) -> Fact {
    let name = match n.office_no {
        Some(no) => {
            let known = names.iter().find(|(known, _)| known == no.as_str());
            known.map_or_else(|| no.to_string(), |(_, name)| name.clone())
        }
        None => n.maker.label().to_owned(),
    };
    let when = format!("届出 {}　適用 {}", seireki(n.notified_on), say::period(n.valid_from, n.valid_until));
    Fact::new("居宅介護支援事業者", name).note(when)
}

/// A card whose item the policy does not show.
fn closed(all: &Certificates, item: Item, id: &str, title: &str) -> Option<CertificateCard> {
    let (_, refusal) = all.refused.iter().find(|(i, _)| *i == item)?;
    Some(CertificateCard {
        id: id.to_owned(),
        title: title.to_owned(),
        chip: None,
        absence: Some(say::absence(refusal, &all.head.insurer.name)),
        faces: Vec::new(),
        coming: Vec::new(),
        past: Vec::new(),
    })
}

fn nothing(say: &str) -> Vec<Face> {
    vec![Face { heading: String::new(), facts: vec![Fact::new("状態", say)] }]
}

fn burden(all: &Certificates, last_look: &str) -> CertificateCard {
    const TITLE: &str = "介護保険負担割合証";
    if let Some(card) = closed(all, Item::BurdenRatio, "burden", TITLE) {
        return card;
    }
    let face = |heading: String, m: &Marked<kaigo_core::record::relief::BurdenRatio>| {
        let mut facts = vec![
            marked(Fact::new("利用者負担の割合", m.record.share.label()), m, last_look),
            Fact::new("適用期間", say::period(m.record.valid_from, m.record.valid_until)),
        ];
        facts.extend(m.record.issued_on.map(|on| Fact::new("交付年月日", seireki(on))));
        Face { heading, facts }
    };
    let line: &Timeline<_> = &all.burden;
    CertificateCard {
        id: "burden".to_owned(),
        title: TITLE.to_owned(),
        chip: line.now.is_empty().then(|| Chip::new(Tone::Plain, "なし")),
        absence: None,
        faces: if line.now.is_empty() {
            nothing("いま有効な負担割合証は登録されていません")
        } else {
            line.now.iter().map(|m| face(String::new(), m)).collect()
        },
        coming: line.coming.iter().map(|m| face(format!("{}から", seireki(m.record.valid_from)), m)).collect(),
        past: line
            .past
            .iter()
            .map(|m| PastSegment {
                period: say::period(m.record.valid_from, m.record.valid_until),
                summary: m.record.share.label().to_owned(),
                known: m.record.issued_on.map(|on| format!("交付 {}", seireki(on))).unwrap_or_default(),
            })
            .collect(),
    }
}

fn relief(all: &Certificates, last_look: &str) -> CertificateCard {
    const TITLE: &str = "負担限度額認定証・その他の減免";
    if let Some(card) = closed(all, Item::Relief, "relief", TITLE) {
        return card;
    }
    let face = |m: &Marked<Relief>| {
        let mut facts = relief_facts(&m.record);
        if let Some(first) = facts.first_mut() {
            *first = marked(first.clone(), m, last_look);
        }
        Face { heading: m.record.kind.label().to_owned(), facts }
    };
    let line: &Timeline<_> = &all.relief;
    CertificateCard {
        id: "relief".to_owned(),
        title: TITLE.to_owned(),
        chip: line.now.is_empty().then(|| Chip::new(Tone::Plain, "なし")),
        absence: None,
        faces: if line.now.is_empty() {
            nothing("いま有効な減免の認定証はありません")
        } else {
            line.now.iter().map(face).collect()
        },
        coming: line.coming.iter().map(face).collect(),
        past: line
            .past
            .iter()
            .map(|m| PastSegment {
                period: say::period(m.record.valid_from, m.record.valid_until),
                summary: m.record.kind.label().to_owned(),
                known: m.record.stage.map_or("", |s| s.label()).to_owned(),
            })
            .collect(),
    }
}

fn relief_facts(r: &Relief) -> Vec<Fact> {
    let mut facts = Vec::new();
    if r.kind == ReliefKind::BurdenCap {
        facts.push(Fact::new("利用者負担段階", r.stage.map_or("記載なし", |s| s.label())));
    }
    let amounts = [
        ("食費（施設）", r.meal_facility),
        ("食費（短期入所）", r.meal_short_stay),
        ("居住費 ユニット型個室", r.room_unit),
        ("居住費 ユニット型個室的多床室", r.room_unit_shared),
        ("居住費 従来型個室（特養等）", r.room_private_welfare),
        ("居住費 従来型個室（老健・医療院等）", r.room_private_health),
        ("居住費 多床室", r.room_shared),
    ];
    for (label, amount) in amounts {
        facts.extend(amount.map(|yen| Fact::new(label, format!("1日 {yen}円"))));
    }
    facts.extend(r.benefit_rate.map(|rate| Fact::new("給付率", format!("{rate}%"))));
    facts.extend(r.reduction_permille.map(|p| Fact::new("軽減率", format!("{}.{}%", p.0 / 10, p.0 % 10))));
    facts.extend(r.remarks.as_ref().map(|text| Fact::new("対象サービスなど", text.to_string())));
    facts.push(Fact::new("適用期間", say::period(r.valid_from, r.valid_until)));
    facts.extend(r.issued_on.map(|on| Fact::new("交付年月日", seireki(on))));
    facts
}

fn restriction(all: &Certificates, last_look: &str) -> CertificateCard {
    let line = &all.restrictions;
    let face = |m: &Marked<kaigo_core::record::relief::BenefitRestriction>| {
        let r = &m.record;
        let mut facts = vec![marked(Fact::new("内容", r.kind.label()), m, last_look)];
        facts.extend(r.content.as_ref().map(|text| Fact::new("記載", text.to_string())));
        facts.push(Fact::new("期間", say::period(r.valid_from, r.valid_until)));
        Face { heading: String::new(), facts }
    };
    CertificateCard {
        id: "restriction".to_owned(),
        title: "給付制限".to_owned(),
        chip: Some(if line.now.is_empty() {
            Chip::new(Tone::Good, "なし")
        } else {
            Chip::new(Tone::Bad, "制限あり")
        }),
        absence: None,
        faces: if line.now.is_empty() {
            nothing("給付制限はありません")
        } else {
            line.now.iter().map(face).collect()
        },
        coming: line.coming.iter().map(face).collect(),
        past: line
            .past
            .iter()
            .map(|m| PastSegment {
                period: say::period(m.record.valid_from, m.record.valid_until),
                summary: m.record.kind.label().to_owned(),
                known: String::new(),
            })
            .collect(),
    }
}
