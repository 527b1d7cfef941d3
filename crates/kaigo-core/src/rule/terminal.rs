//! Electronic certificates of terminals: how long they hold, when their end is told, who needs one for what.
//!
//! Whether an installation asks for certificates at all is its own setting (`kiban serve --require-client-cert`).

use jiff::civil::date;

use super::{Dated, at};
use crate::date::Date;
use crate::policy::Caller;

/// How long a certificate holds and may be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Days from the issue to the end.
    pub days: i32,
    /// Days before the end from which it can be renewed without another review.
    pub renew_from: i32,
    /// Days before the end on which the office is told, the longest first.
    pub told: [i32; 3],
}

/// The terms of certificates.
pub const TERMS: &[Dated<Term>] = &[Dated {
    from: date(2014, 11, 1),
    until: None,
    value: Term { days: 730, renew_from: 90, told: [90, 30, 7] },
    source: "更新のお知らせが90日前から届くこと：国保連合会の案内（介護保険証明書）。2年・30日前・7日前は推定（このソフトウェアの設定）",
}];

/// The terms on a day.
pub fn term(day: Date) -> Term {
    at(TERMS, day).map_or(Term { days: 730, renew_from: 90, told: [90, 30, 7] }, |row| row.value)
}

/// Who needs a certificate, where the installation asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// Staff of offices, and programs of an office.
    pub offices: bool,
    /// What an office may do without: acts and items as the table of URLs names them.
    pub free: &'static [&'static str],
}

/// Who needs one since when.
pub const NEEDS: &[Dated<Need>] = &[Dated {
    from: date(2023, 4, 20),
    until: None,
    value: Need {
        offices: true,
        // What leads to the first certificate and says what is missing. None of it shows an insured person.
        free: &["manage-certificates", "view-office", "manage-office", "ask-operator"],
    },
    source: "ケアプランデータ連携システム・介護情報基盤：事業所は電子証明書を入れた端末から使う（国保中央会の案内、API仕様書1.0）。\
             証明書がなくてもできることは推定（このソフトウェアの設定）",
}];

/// Whether the caller needs a certificate for what a URL does. `action` is the word of the table of URLs.
pub fn needed(caller: &Caller, action: &str, day: Date) -> bool {
    let Some(need) = at(NEEDS, day).map(|row| row.value) else { return false };
    match caller {
        Caller::Staff(_) => need.offices && !need.free.contains(&action),
        // The others come by ways of their own: municipalities by LGWAN, people from home, institutions and the operator by a second factor.
        Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::OfficeNo;
    use crate::policy::{JobType, OperatorStaff, Staff};
    use crate::rule::well_formed;

    #[test]
    fn offices_need_one_for_everything_but_the_way_to_it() {
        well_formed(TERMS);
        well_formed(NEEDS);
        let staff = Caller::Staff(Staff {
            account_id: "a".to_owned(),
            office_no: OfficeNo::parse("1370000001").unwrap(),
            office_name: String::new(),
            services: Vec::new(),
            job: JobType::Clerk,
            is_admin: true,
            name: String::new(),
        });
        let day = date(2026, 11, 22);
        for action in ["list-own", "-", "survey,doctor-opinion", "send-set", "manage-staff", ""] {
            assert!(needed(&staff, action, day), "{action}");
        }
        for action in ["manage-certificates", "view-office", "ask-operator"] {
            assert!(!needed(&staff, action, day), "{action}");
        }
        assert!(!needed(&staff, "list-own", date(2023, 4, 19)), "before the first row nobody needs one");
        let desk = OperatorStaff { account_id: "o".to_owned(), name: String::new(), is_admin: true };
        assert!(!needed(&Caller::OperatorStaff(desk), "list-own", day));
        let told = term(day).told;
        assert!(told.windows(2).all(|pair| pair[0] > pair[1]) && told[0] <= term(day).renew_from);
    }
}
