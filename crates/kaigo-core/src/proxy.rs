//! Who acts in a person's place (代理人), and what showed that they may.

use crate::code::ConsentBy;
use crate::codes;

codes! {
    /// Kind of a proxy (代理の種類): family by the person's word, or by 民法 7–21条 (後見・保佐・補助) and 任意後見契約に関する法律.
    ProxyKind, "代理の種類", {
        Family = "family" "家族・親族",
        Guardian = "guardian" "成年後見人",
        Curator = "curator" "保佐人",
        Assistant = "assistant" "補助人",
        VoluntaryGuardian = "voluntary-guardian" "任意後見人",
    }
}

codes! {
    /// What the clerk saw before recording a proxy (確認した書類). Our own table.
    ProxyEvidence, "確認した書類", {
        LetterOfAttorney = "letter-of-attorney" "委任状と代理人の本人確認書類",
        AtTheDesk = "at-the-desk" "本人が窓口で申し出た",
        FamilyRegister = "family-register" "戸籍などで続柄を確認（本人の意思は別に確認）",
        RegisterCertificate = "register-certificate" "後見登記等の登記事項証明書",
    }
}

impl ProxyKind {
    /// Whether a court or a notarial contract made it, so that the register certificate must be seen.
    pub fn is_legal(self) -> bool {
        !matches!(self, Self::Family)
    }

    /// How a consent given by such a proxy is recorded.
    pub fn consent_by(self) -> ConsentBy {
        if self.is_legal() { ConsentBy::Guardian } else { ConsentBy::Family }
    }
}

impl ProxyEvidence {
    /// Whether it shows that somebody is a proxy of that kind.
    pub fn suffices(self, kind: ProxyKind) -> bool {
        (self == Self::RegisterCertificate) == kind.is_legal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_proxies_need_the_register() {
        for kind in ProxyKind::ALL {
            let fits: Vec<_> = ProxyEvidence::ALL.iter().filter(|evidence| evidence.suffices(*kind)).collect();
            assert_eq!(fits.len(), if *kind == ProxyKind::Family { 3 } else { 1 }, "{kind:?}");
        }
        assert_eq!(ProxyKind::Family.consent_by(), ConsentBy::Family);
        assert_eq!(ProxyKind::Curator.consent_by(), ConsentBy::Guardian);
    }
}
