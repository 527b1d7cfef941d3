//! 被保険者証など: the certificates in the order of the paper forms.

use askama::Template;

use super::person::PersonFrame;
use super::{Absence, Chip, Fact, Shell};

/// GET `/people/{c}/certificates`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/certificates.html")]
pub struct Certificates {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Why nothing is shown.
    pub absence: Option<Absence>,
    /// How many items changed since the reader's last look.
    pub changes: usize,
    /// Day of the last look, 「7月28日」; empty at the first look.
    pub last_look: String,
    /// 被保険者証, 負担割合証, 負担限度額認定証ほか減免, 給付制限.
    pub cards: Vec<CertificateCard>,
}

/// One certificate.
#[derive(Clone, Debug)]
pub struct CertificateCard {
    /// Anchor, ASCII: 「insured」.
    pub id: String,
    /// 「介護保険被保険者証」.
    pub title: String,
    /// State: valid, expiring, none.
    pub chip: Option<Chip>,
    /// Why this certificate shows nothing.
    pub absence: Option<Absence>,
    /// Faces or groups, in the order of the form.
    pub faces: Vec<Face>,
    /// What will hold from a later day.
    pub coming: Vec<Face>,
    /// Earlier versions.
    pub past: Vec<PastSegment>,
}

/// A face of the form (一・二・三) or a group of lines.
#[derive(Clone, Debug)]
pub struct Face {
    /// 「（一）被保険者」; empty when there is one group only. For coming ones: 「2026年12月1日から」.
    pub heading: String,
    /// Lines.
    pub facts: Vec<Fact>,
}

/// An earlier version of a certificate.
#[derive(Clone, Debug)]
pub struct PastSegment {
    /// Valid period.
    pub period: String,
    /// What it said: 「1割」.
    pub summary: String,
    /// Known since: 「2025年7月18日 登録」.
    pub known: String,
}
