use jiff::civil::date;

use super::*;
use crate::finding::Severity;
use crate::rule::filing::FilingDeadline;

const TODAY: Date = date(2026, 11, 22);

fn office(body: &[u8; 9]) -> OfficeNo {
    OfficeNo::from_body(*body)
}

fn desk(services: &[ServiceKind]) -> FilingOffice {
    FilingOffice { office_no: office(b"987010001"), services: services.to_vec() }
}

fn home() -> FilingOffice {
    desk(&[ServiceKind::CareManagement])
}

fn level(level: CareLevel) -> Known {
    Known {
        qualified_from: Some(date(2003, 4, 12)),
        levels: vec![KnownLevel { level, from: date(2026, 1, 1), until: Some(date(2027, 12, 31)) }],
        ..Known::default()
    }
}

fn notice(maker: PlanMaker, body: Option<&[u8; 9]>, from: Date) -> KnownNotice {
    KnownNotice { maker, office_no: body.map(office), from, until: None }
}

fn answers(start_on: Date) -> Answers {
    Answers {
        variant: Variant::Home,
        division: Division::New,
        start_on,
        reason: None,
        reason_text: String::new(),
        others: None,
        entrusted: None,
    }
}

fn codes(known: &Known, office: &FilingOffice, answers: &Answers) -> Vec<&'static str> {
    codes_on(known, office, answers, TODAY)
}

fn codes_on(known: &Known, office: &FilingOffice, answers: &Answers, filed: Date) -> Vec<&'static str> {
    let checks = check(known, office, answers, FilingDeadline::BeforeUse, filed);
    assert!(
        checks
            .iter()
            .all(|c| c.say.ends_with('。')
                && (c.mend.is_empty() || c.mend.ends_with('。') || c.mend.ends_with("す）。")))
    );
    checks.iter().map(|check| check.code).collect()
}

#[test]
fn the_form_follows_the_level_and_the_office() {
    use ServiceKind::{
        CareManagement, HomeHelp, NursingSmallMultifunctional, PreventiveCareManagement,
        PreventiveSmallMultifunctional, PreventiveSupport, SmallMultifunctional,
    };
    let of = |l, services: &[ServiceKind]| propose(&level(l), &desk(services), TODAY).variant;
    for (l, services, want) in [
        (CareLevel::Care3, vec![CareManagement], Some(Variant::Home)),
        (CareLevel::Care1, vec![SmallMultifunctional], Some(Variant::Multifunctional)),
        (CareLevel::Care1, vec![NursingSmallMultifunctional], Some(Variant::Multifunctional)),
        (CareLevel::Support2, vec![PreventiveSupport], Some(Variant::Prevention)),
        (CareLevel::Support1, vec![CareManagement, PreventiveSupport], Some(Variant::Prevention)),
        (CareLevel::ProjectTarget, vec![PreventiveCareManagement], Some(Variant::Prevention)),
        (CareLevel::Support1, vec![PreventiveSmallMultifunctional], Some(Variant::PreventiveMultifunctional)),
        (CareLevel::Support1, vec![CareManagement], None),
        (CareLevel::Support1, vec![SmallMultifunctional], None),
        (CareLevel::Care2, vec![PreventiveSupport], None),
        (CareLevel::Care2, vec![HomeHelp], None),
        (CareLevel::NotCertified, vec![CareManagement], None),
    ] {
        assert_eq!(of(l, &services), want, "{l:?} {services:?}");
    }
}

#[test]
fn what_does_not_fit_says_who_files_instead() {
    let proposal = propose(&level(CareLevel::Support1), &home(), TODAY);
    assert!(
        proposal.instead.iter().any(|say| say.contains("介護予防支援の指定") && say.contains("地域包括支援センター"))
    );
    assert!(proposal.instead.iter().any(|say| say.contains("委託")));
    assert!(proposal.fits.iter().all(|fit| !fit.fits && fit.why.ends_with('。')));
    let proposal = propose(&level(CareLevel::ProjectTarget), &home(), TODAY);
    assert!(proposal.instead.iter().any(|say| say.contains("事業対象者")));
    let proposal = propose(&Known::default(), &home(), TODAY);
    assert!(proposal.instead.iter().any(|say| say.contains("申請")));
    let proposal = propose(&level(CareLevel::Care1), &desk(&[ServiceKind::HomeHelp]), TODAY);
    assert!(proposal.instead.iter().any(|say| say.contains("計画をつくる事業所")));
    assert!(self_made().iter().any(|say| say.contains("自己作成") && say.contains("事業所からは届け出られません")));
}

#[test]
fn while_an_application_is_pending_the_plan_is_provisional() {
    let known = Known {
        pending: Some(KnownApplication { kind: ApplicationKind::New, applied_on: date(2026, 11, 9) }),
        ..Known::default()
    };
    let both = desk(&[ServiceKind::CareManagement, ServiceKind::PreventiveSupport]);
    let proposal = propose(&known, &both, TODAY);
    assert!(proposal.is_provisional);
    assert_eq!(proposal.fits.iter().filter(|fit| fit.fits).count(), 2, "either side may come");
    assert_eq!(codes(&known, &home(), &answers(TODAY)), ["filing-provisional"]);
    // Before the application nothing covers the start.
    assert!(codes(&known, &home(), &answers(date(2026, 11, 8))).contains(&"filing-before-validity"));
    // The deadline hangs on the result.
    let rule = FilingDeadline::DaysAfterResult(14);
    let late = check(&known, &home(), &answers(date(2026, 11, 10)), rule, TODAY);
    assert!(late.iter().all(|c| c.code != "filing-late"));
}

#[test]
fn starts_outside_the_certificate_are_refused() {
    let known = level(CareLevel::Care3);
    assert!(codes(&known, &home(), &answers(TODAY)).is_empty());
    assert!(codes(&known, &home(), &answers(date(2028, 1, 1))).contains(&"filing-before-validity"));
    assert!(codes(&known, &home(), &answers(date(2025, 12, 31))).contains(&"filing-before-validity"));
    let later = Known { qualified_from: Some(date(2026, 12, 1)), ..known.clone() };
    assert!(codes(&later, &home(), &answers(TODAY)).contains(&"filing-not-qualified"));
    let lost = Known { lost_on: Some(TODAY), ..known };
    assert!(codes(&lost, &home(), &answers(TODAY)).contains(&"filing-not-qualified"));
    assert!(codes(&level(CareLevel::Support1), &home(), &answers(TODAY)).contains(&"filing-wrong-level"));
}

#[test]
fn a_change_of_side_at_the_next_certification_is_told() {
    let mut known = level(CareLevel::Care1);
    known.levels[0].until = Some(date(2026, 11, 30));
    known.levels.push(KnownLevel { level: CareLevel::Support2, from: date(2026, 12, 1), until: None });
    assert_eq!(codes(&known, &home(), &answers(TODAY)), ["filing-next-level"]);
}

#[test]
fn an_office_without_the_service_cannot_file() {
    let checks = check(
        &level(CareLevel::Care3),
        &desk(&[ServiceKind::HomeHelp]),
        &answers(TODAY),
        FilingDeadline::BeforeUse,
        TODAY,
    );
    assert_eq!(checks[0].code, "filing-office-service");
    assert_eq!(checks[0].column, Some(Column::OfficeNumber));
}

#[test]
fn what_stands_or_waits_already_is_a_duplicate() {
    let known = level(CareLevel::Care3);
    let own = Known {
        notices: vec![notice(PlanMaker::CareManagement, Some(b"987010001"), date(2026, 5, 1))],
        ..known.clone()
    };
    assert_eq!(codes(&own, &home(), &answers(TODAY)), ["filing-already-standing"]);
    // A notice of the other side is another thing.
    let prevention =
        Known { notices: vec![notice(PlanMaker::Prevention, Some(b"980010001"), date(2026, 5, 1))], ..known.clone() };
    assert_eq!(codes(&prevention, &home(), &answers(TODAY)), ["filing-ends-other"]);
    assert_eq!(division(&prevention, &home(), Variant::Home, TODAY).0, Division::New);
    let waiting =
        |body| Known { waiting: vec![KnownWaiting { office_no: office(body), start_on: TODAY }], ..known.clone() };
    assert_eq!(codes(&waiting(b"987010001"), &home(), &answers(TODAY)), ["filing-waiting-own"]);
    assert_eq!(codes(&waiting(b"987010002"), &home(), &answers(TODAY)), ["filing-waiting-other"]);
}

#[test]
fn a_change_needs_its_reason_and_says_who_manages_the_month() {
    let known = Known {
        notices: vec![notice(PlanMaker::CareManagement, Some(b"987010002"), date(2026, 5, 1))],
        ..level(CareLevel::Care3)
    };
    let (division, why) = division(&known, &home(), Variant::Home, TODAY);
    assert_eq!(division, Division::Change);
    assert!(why.contains("2026年5月1日"));
    let bare = Answers { division, ..answers(TODAY) };
    assert_eq!(codes(&known, &home(), &bare), ["filing-reason-missing", "filing-ends-other", "filing-mid-month"]);
    let told = Answers { reason: Some(ChangeReason::Wish), ..bare.clone() };
    assert_eq!(codes(&known, &home(), &told), ["filing-ends-other", "filing-mid-month"]);
    let vague = Answers { reason: Some(ChangeReason::Other), ..bare };
    assert!(codes(&known, &home(), &vague).contains(&"filing-reason-missing"));
    let first = Answers { start_on: date(2026, 12, 1), ..told.clone() };
    assert_eq!(codes(&known, &home(), &first), ["filing-ends-other"], "on the first of a month");
    let same = Answers { start_on: date(2026, 5, 1), ..told.clone() };
    assert!(codes(&known, &home(), &same).contains(&"filing-before-standing"));
    let alone = Known { notices: Vec::new(), ..known };
    assert!(codes(&alone, &home(), &told).contains(&"filing-nothing-before"));
}

#[test]
fn own_plans_before_are_no_change() {
    let known = Known { notices: vec![notice(PlanMaker::Own, None, date(2026, 5, 1))], ..level(CareLevel::Care3) };
    assert_eq!(division(&known, &home(), Variant::Home, TODAY).0, Division::New);
}

#[test]
fn a_multifunctional_home_tells_of_other_services() {
    let multi = desk(&[ServiceKind::SmallMultifunctional]);
    let known = level(CareLevel::Care3);
    let bare = Answers { variant: Variant::Multifunctional, ..answers(TODAY) };
    assert_eq!(codes(&known, &multi, &bare), ["filing-services-missing"]);
    let none = Answers { others: Some(OtherServices::No), ..bare.clone() };
    assert!(codes(&known, &multi, &none).is_empty());
    let unnamed = Answers { others: Some(OtherServices::Yes(" ".to_owned())), ..bare.clone() };
    assert_eq!(codes(&known, &multi, &unnamed), ["filing-services-missing"]);
    let some = Answers { others: Some(OtherServices::Yes("訪問介護".to_owned())), ..bare };
    assert_eq!(codes(&known, &multi, &some), ["filing-services-used"]);
}

#[test]
fn entrusted_offices_are_checked() {
    let centre = desk(&[ServiceKind::PreventiveSupport]);
    let known = level(CareLevel::Support2);
    let given = |body, services: &[ServiceKind]| Answers {
        variant: Variant::Prevention,
        entrusted: Some(Entrusted { office_no: office(body), services: services.to_vec() }),
        ..answers(TODAY)
    };
    assert!(codes(&known, &centre, &given(b"987010002", &[ServiceKind::CareManagement])).is_empty());
    assert_eq!(codes(&known, &centre, &given(b"987010001", &[])), ["filing-entrusted-self"]);
    assert_eq!(codes(&known, &centre, &given(b"987010003", &[])), ["filing-entrusted-unknown"]);
    assert_eq!(codes(&known, &centre, &given(b"987010003", &[ServiceKind::HomeHelp])), ["filing-entrusted-service"]);
}

#[test]
fn late_notices_say_what_follows() {
    let known = level(CareLevel::Care3);
    let checks = check(&known, &home(), &answers(date(2026, 11, 1)), FilingDeadline::BeforeUse, TODAY);
    assert_eq!(checks.len(), 1);
    assert_eq!((checks[0].code, checks[0].severity), ("filing-late", Severity::Warning));
    assert!(checks[0].say.contains("2026年11月1日") && checks[0].mend.contains("償還払い"));
    assert!(!is_clean(&checks));
    assert!(check(&known, &home(), &answers(date(2026, 11, 1)), FilingDeadline::MonthEnd, TODAY).is_empty());
    assert!(codes_on(&known, &home(), &answers(date(2026, 10, 1)), TODAY).contains(&"filing-late"));
    assert!(codes(&known, &home(), &answers(date(2027, 4, 1))).contains(&"filing-far"));
    assert!(codes(&known, &home(), &answers(date(2025, 11, 1))).contains(&"filing-old"));
}

#[test]
fn errors_come_first_and_notes_are_clean() {
    let known = Known {
        notices: vec![notice(PlanMaker::CareManagement, Some(b"987010002"), date(2026, 5, 1))],
        ..level(CareLevel::Care3)
    };
    let told = Answers { division: Division::Change, reason: Some(ChangeReason::Moved), ..answers(TODAY) };
    let checks = check(&known, &home(), &told, FilingDeadline::MonthEnd, TODAY);
    assert!(is_clean(&checks) && !checks.is_empty());
    let bare = Answers { reason: None, ..told };
    let checks = check(&known, &home(), &bare, FilingDeadline::MonthEnd, TODAY);
    assert_eq!(checks[0].severity, Severity::Error);
    assert!(!is_clean(&checks));
}
