//! Answers on the way to a notice, as they are kept between the pages.

use kaigo_core::date::Date;
use kaigo_core::filing::{Answers, ChangeReason, Division, Entrusted, OtherServices, Variant};
use kaigo_core::id::OfficeNo;
use kaigo_store::filing::Filing;
use serde::{Deserialize, Serialize};

use super::OfficeCard;
use crate::Error;

/// What was answered so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Which form.
    pub variant: Option<Variant>,
    /// From which day.
    pub start_on: Option<Date>,
    /// Why the office changes.
    pub reason: Option<ChangeReason>,
    /// That in words.
    pub reason_text: String,
    /// Other services in the month of the start.
    pub others: Option<OtherServices>,
    /// 委託先の事業所番号 as typed; empty: none.
    pub entrusted: String,
    /// Whom the municipality can call; empty: who files.
    pub contact_name: String,
    /// Under which number; empty: the office's.
    pub contact_phone: String,
    /// The returned notice that is mended.
    pub replaces: Option<String>,
}

/// A draft as it is kept.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    variant: String,
    start_on: String,
    reason: String,
    reason_text: String,
    others: String,
    others_text: String,
    entrusted: String,
    contact_name: String,
    contact_phone: String,
    replaces: String,
}

impl Draft {
    /// A draft that begins where a notice ended.
    pub fn of(f: &Filing) -> Self {
        Self {
            variant: Some(f.variant),
            start_on: Some(f.start_on),
            reason: f.reason,
            reason_text: f.reason_text.clone(),
            others: f.others.clone(),
            entrusted: f.entrusted_no.map(|no| no.to_string()).unwrap_or_default(),
            contact_name: f.contact_name.clone(),
            contact_phone: f.contact_phone.clone(),
            replaces: Some(f.filing_id.clone()),
        }
    }

    /// The free texts.
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = vec![self.reason_text.as_str(), &self.contact_name, &self.entrusted];
        if let Some(OtherServices::Yes(names)) = &self.others {
            texts.push(names);
        }
        texts
    }

    /// Reads what [`Draft::write`] wrote; what cannot be read counts as not answered.
    pub(super) fn read(text: &str) -> Self {
        let kept: Kept = serde_json::from_str(text).unwrap_or_default();
        Self {
            variant: Variant::parse(&kept.variant).ok(),
            start_on: kaigo_core::date::iso(&kept.start_on),
            reason: ChangeReason::parse(&kept.reason).ok(),
            reason_text: kept.reason_text,
            others: match kept.others.as_str() {
                "yes" => Some(OtherServices::Yes(kept.others_text)),
                "no" => Some(OtherServices::No),
                _ => None,
            },
            entrusted: kept.entrusted,
            contact_name: kept.contact_name,
            contact_phone: kept.contact_phone,
            replaces: Some(kept.replaces).filter(|id| !id.is_empty()),
        }
    }

    pub(super) fn write(&self) -> Result<String, Error> {
        let code = |text: Option<&'static str>| text.unwrap_or_default().to_owned();
        let (others, others_text) = match &self.others {
            None => ("", String::new()),
            Some(OtherServices::No) => ("no", String::new()),
            Some(OtherServices::Yes(names)) => ("yes", names.clone()),
        };
        let kept = Kept {
            variant: code(self.variant.map(Variant::code)),
            start_on: self.start_on.map(|day| day.to_string()).unwrap_or_default(),
            reason: code(self.reason.map(ChangeReason::code)),
            reason_text: self.reason_text.clone(),
            others: others.to_owned(),
            others_text,
            entrusted: self.entrusted.clone(),
            contact_name: self.contact_name.clone(),
            contact_phone: self.contact_phone.clone(),
            replaces: self.replaces.clone().unwrap_or_default(),
        };
        serde_json::to_string(&kept).map_err(|e| Error::Internal(e.to_string()))
    }

    /// Fills in what the office's master has; answers the number to which the work is given, if one is typed.
    pub(super) fn prefill(&mut self, card: &OfficeCard, name: &str) -> Option<OfficeNo> {
        if self.contact_phone.is_empty() {
            self.contact_phone.clone_from(&card.phone);
        }
        if self.contact_name.is_empty() {
            name.clone_into(&mut self.contact_name);
        }
        OfficeNo::parse(&self.entrusted).ok()
    }

    /// The answers as a notice, once the form and the day are there.
    pub(super) fn answers(&self, division: Option<Division>, entrusted: Option<Entrusted>) -> Option<Answers> {
        let variant = self.variant?;
        let division = division?;
        let is_change = division == Division::Change;
        Some(Answers {
            variant,
            division,
            start_on: self.start_on?,
            reason: self.reason.filter(|_| is_change),
            reason_text: if is_change { self.reason_text.clone() } else { String::new() },
            others: self.others.clone().filter(|_| variant.is_multifunctional()),
            entrusted: entrusted.filter(|_| variant == Variant::Prevention),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_kept_whole() {
        let draft = Draft {
            variant: Some(Variant::Multifunctional),
            start_on: kaigo_core::date::iso("2026-12-01"),
            reason: Some(ChangeReason::Other),
            reason_text: "家族と「同居」; \"そのため\"\n".to_owned(),
            others: Some(OtherServices::Yes("訪問看護、福祉用具貸与".to_owned())),
            entrusted: "9870100014".to_owned(),
            contact_name: "出雲 太郎".to_owned(),
            contact_phone: "00-0000-0000".to_owned(),
            replaces: Some("ab".to_owned()),
        };
        assert_eq!(Draft::read(&draft.write().unwrap()), draft);
        assert_eq!(Draft::read(&Draft::default().write().unwrap()), Draft::default());
        assert_eq!(Draft::read("{\"start_on\":\"never\",\"x\":1}"), Draft::default());
        assert_eq!(Draft::read("not json"), Draft::default());
    }

    #[test]
    fn what_the_form_does_not_ask_is_not_in_the_notice() {
        let draft = Draft {
            variant: Some(Variant::Home),
            start_on: kaigo_core::date::iso("2026-12-01"),
            reason: Some(ChangeReason::Wish),
            reason_text: "x".to_owned(),
            others: Some(OtherServices::No),
            ..Draft::default()
        };
        let answers = draft.answers(Some(Division::New), None).unwrap();
        assert_eq!((answers.reason, answers.reason_text.as_str(), answers.others), (None, "", None));
        assert_eq!(draft.answers(Some(Division::Change), None).unwrap().reason, Some(ChangeReason::Wish));
        assert_eq!(draft.answers(None, None), None);
    }
}
