//! What every tab of a person shares: the frame, and the facts of a dated certificate.

use kaigo_app::person::{Head, Marked};
use kaigo_core::date::{Date, age_on, both, seireki};

use crate::request::Req;
use crate::say;
use crate::view::person::PersonFrame;
use crate::view::{Chip, Fact, Notice, Tone};

/// The identity bar.
pub(crate) fn frame(req: &Req, head: &Head) -> PersonFrame {
    let today = req.ctx.today;
    let person = &head.person;
    PersonFrame {
        c: head.charge_id.clone(),
        name: person.name.to_string(),
        kana: person.name_kana.to_string(),
        birth: say::birth(person.born_on),
        age: format!("{}歳", age_on(person.born_on, today)),
        sex: person.sex.label().to_owned(),
        number: say::number(head.insured_no),
        insurer: head.insurer.name.clone(),
        chips: chips(head, today),
        registered: head.insurer.published_at.as_deref().map(say::instant),
        moved: moved(head, today),
    }
}

/// 転出, 死亡, another number: what happened, what the office does now, until when it still sees this.
fn moved(head: &Head, today: Date) -> Option<Notice> {
    if let Some(loss) = head.loss {
        let heading = if loss.on <= today {
            format!("{}（{}）", loss.heading(), both(loss.on))
        } else {
            format!("{}に、この保険者の資格を失う予定です", both(loss.on))
        };
        let until = both(loss.settled_until());
        let say = format!("{}この画面は、請求の整理のため、{until}まで見られます。", loss.advice());
        return Some(Notice { tone: Tone::Warn, heading, say });
    }
    let (kind, on) = head.link?;
    let say = if kind.carries() {
        "新しい番号での担当は、利用者の一覧に出ています。前の番号の記録は、ここで見られます。"
    } else {
        "新しい保険者で本人確認をしてください。前の保険者の記録と新しい保険者の記録は、別々に出ます。"
    };
    let heading = format!("{}がありました（{}）", kind.label(), both(on));
    Some(Notice { tone: Tone::Warn, heading, say: say.to_owned() })
}

/// Level, running application, end of the certification.
pub(crate) fn chips(head: &Head, today: Date) -> Vec<Chip> {
    let mut chips = Vec::new();
    if let Some(certification) = &head.certification {
        if head.certified_today {
            chips.push(say::level(certification.care_level));
        } else {
            chips.push(Chip::new(Tone::Plain, format!("前の認定 {}", certification.care_level.label())));
        }
        let expiry = certification.valid_until.and_then(|until| say::expiry(until, today));
        chips.extend(expiry.map(|chip| if head.renewed { say::renewed() } else { chip }));
    }
    if let Some(application) = &head.pending {
        chips.insert(chips.len().min(1), Chip::new(Tone::Warn, format!("{}申請中", application.kind.label())));
    }
    chips
}

/// Marks a fact as changed since the office last looked.
pub(crate) fn marked<R>(fact: Fact, row: &Marked<R>, last_look: &str) -> Fact {
    if row.changed { fact.changed(format!("前回の確認（{last_look}）から変わりました")) } else { fact }
}

/// A date as a fact; 「（なし）」 without one.
pub(crate) fn date_fact(label: &str, day: Option<Date>) -> Fact {
    match day {
        Some(day) => Fact::new(label, seireki(day)),
        None => Fact::many(label, Vec::new()),
    }
}
