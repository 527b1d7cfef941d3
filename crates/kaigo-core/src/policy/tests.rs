//! The policy's questions in their order, each refusal for its own reason.

use jiff::civil::date;

use super::*;

const TODAY: Date = date(2026, 11, 22);

fn person() -> (InsurerNo, InsuredNo) {
    (InsurerNo::parse("981019").unwrap(), InsuredNo::parse("9900000123").unwrap())
}

fn staff(service: ServiceKind, job: JobType) -> Caller {
    Caller::Staff(Staff {
        account_id: "a".to_owned(),
        office_no: OfficeNo::parse("3290800022").unwrap(),
        office_name: "事業所".to_owned(),
        services: vec![service],
        job,
        is_admin: false,
        name: "担当".to_owned(),
    })
}

fn standing() -> Standing {
    Standing {
        charge: Some(ChargeStanding { from: date(2026, 4, 1), until: date(2027, 2, 28) }),
        consent: ConsentStanding::Stands,
        insurer_started_on: Some(date(2026, 4, 1)),
        ..Standing::default()
    }
}

fn ask(caller: &Caller, item: Item, standing: &Standing) -> Result<bool, Refusal> {
    decide(&Matrix::standard(), caller, person(), &[item], standing, TODAY).map(|d| d.grant.consent_used())
}

#[test]
fn a_care_manager_of_the_persons_office_reads_documents_with_consent() {
    let caller = staff(ServiceKind::CareManagement, JobType::CareManager);
    assert_eq!(ask(&caller, Item::InsuredCertificate, &standing()), Ok(false));
    assert_eq!(ask(&caller, Item::Survey, &standing()), Ok(true));
    let none = Standing { consent: ConsentStanding::None, ..standing() };
    assert_eq!(ask(&caller, Item::Survey, &none), Err(Refusal::NoConsent));
    let withdrawn = Standing { consent: ConsentStanding::Withdrawn(TODAY), ..standing() };
    assert_eq!(ask(&caller, Item::Survey, &withdrawn), Err(Refusal::ConsentWithdrawn { on: TODAY }));
    assert_eq!(ask(&caller, Item::InsuredCertificate, &withdrawn), Ok(false));
}

#[test]
fn documents_ask_for_the_job_before_the_consent() {
    let caller = staff(ServiceKind::CareManagement, JobType::Clerk);
    let none = Standing { consent: ConsentStanding::None, ..standing() };
    assert_eq!(ask(&caller, Item::Survey, &none), Err(Refusal::WrongJob { needed: JobType::CareManager }));
    assert_eq!(ask(&caller, Item::Progress, &none), Ok(false));
}

#[test]
fn a_service_office_sees_certificates_and_balances_only() {
    let caller = staff(ServiceKind::HomeHelp, JobType::CareManager);
    assert_eq!(ask(&caller, Item::BurdenRatio, &standing()), Ok(false));
    assert_eq!(ask(&caller, Item::Balances, &standing()), Ok(false));
    assert_eq!(ask(&caller, Item::Survey, &standing()), Err(Refusal::NotShared));
    assert_eq!(ask(&caller, Item::Progress, &standing()), Err(Refusal::Unverified));
}

#[test]
fn without_a_registration_the_person_is_not_there() {
    let caller = staff(ServiceKind::CareManagement, JobType::CareManager);
    let refusal = ask(&caller, Item::InsuredCertificate, &Standing { charge: None, ..standing() }).unwrap_err();
    assert_eq!(refusal, Refusal::NotInCharge);
    assert!(!refusal.is_visible());
    let until = date(2026, 11, 21);
    let ended = Standing { charge: Some(ChargeStanding { from: date(2026, 4, 1), until }), ..standing() };
    assert_eq!(ask(&caller, Item::InsuredCertificate, &ended), Err(Refusal::ChargeEnded { on: until }));
}

#[test]
fn before_the_insurer_starts_nobody_sees_anything() {
    let from = Some(date(2027, 4, 1));
    let early = Standing { insurer_started_on: from, ..standing() };
    for caller in [staff(ServiceKind::CareManagement, JobType::CareManager), own()] {
        for item in Item::ALL.iter().filter(|item| **item != Item::CarePlan) {
            assert_eq!(ask(&caller, *item, &early), Err(Refusal::InsurerNotStarted { from }), "{item:?}");
        }
        assert!(ask(&caller, Item::CarePlan, &early).is_ok(), "plans do not wait for the insurer");
    }
}

#[test]
fn after_the_loss_and_the_time_for_claims_the_view_closes() {
    let caller = staff(ServiceKind::CareManagement, JobType::CareManager);
    let lost = |on| Standing { lost_on: Some(on), ..standing() };
    assert_eq!(ask(&caller, Item::InsuredCertificate, &lost(date(2026, 5, 22))), Ok(false));
    let on = date(2026, 5, 21);
    assert_eq!(ask(&caller, Item::InsuredCertificate, &lost(on)), Err(Refusal::QualificationLost { on }));
}

fn own() -> Caller {
    let (insurer_no, insured_no) = person();
    Caller::Person { account_id: "p".to_owned(), insurer_no, insured_no, name: "本人".to_owned(), proxy: None }
}

#[test]
fn people_see_their_own_log_and_nobody_elses() {
    assert_eq!(ask(&own(), Item::AccessLog, &Standing { charge: None, ..standing() }), Ok(false));
    let other = (person().0, InsuredNo::parse("9900000124").unwrap());
    let refused = decide(&Matrix::standard(), &own(), other, &[Item::AccessLog], &standing(), TODAY);
    assert_eq!(refused.unwrap_err(), Refusal::NotInCharge);
}

#[test]
fn the_operator_and_the_insurers_system_read_no_item() {
    for caller in [Caller::Operator, Caller::InsurerSystem { insurer_no: person().0 }] {
        for item in Item::ALL {
            assert!(ask(&caller, *item, &standing()).is_err());
        }
    }
}

#[test]
fn several_items_are_granted_as_far_as_each_goes() {
    let caller = staff(ServiceKind::HomeHelp, JobType::CareWorker);
    let items = [Item::InsuredCertificate, Item::Survey];
    let decision = decide(&Matrix::standard(), &caller, person(), &items, &standing(), TODAY).unwrap();
    assert!(decision.grant.covers(Item::InsuredCertificate));
    assert!(!decision.grant.covers(Item::Survey));
    assert_eq!(decision.refused, vec![(Item::Survey, Refusal::NotShared)]);
}

#[test]
fn an_operator_can_open_an_unverified_cell_from_a_day_on() {
    let caller = staff(ServiceKind::HomeHelp, JobType::CareWorker);
    let mut matrix = Matrix::standard();
    matrix.set(Item::Progress, Reader::OtherOffice, Cell::Open, TODAY);
    let at = |day| decide(&matrix, &caller, person(), &[Item::Progress], &standing(), day).map(|_| ());
    assert_eq!(at(TODAY), Ok(()));
    assert_eq!(at(date(2026, 11, 21)), Err(Refusal::Unverified));
    assert_eq!(matrix.cell(Item::Progress, Reader::CareManagement, TODAY), Cell::Open);
}

#[test]
fn every_item_has_a_row_and_every_unknown_cell_is_closed() {
    let matrix = Matrix::standard();
    for item in Item::ALL {
        assert!(matrix.rows().iter().any(|row| row.item == *item), "{item:?}");
        assert_eq!(matrix.cell(*item, Reader::OtherOffice, date(2026, 3, 31)), Cell::Closed, "before the first row");
    }
}

#[test]
fn acts_belong_to_their_callers() {
    let office = staff(ServiceKind::HomeHelp, JobType::Clerk);
    assert!(decide_act(&office, Act::RegisterCharge).is_ok());
    assert!(decide_act(&office, Act::LoadRecords).is_err());
    assert!(decide_act(&own(), Act::ListOwn).is_err());
    let load = decide_act(&Caller::InsurerSystem { insurer_no: person().0 }, Act::LoadRecords).unwrap();
    assert_eq!(load.insurer_no(), Some(person().0));
    assert!(decide_act(&Caller::Operator, Act::LoadRecords).is_err());
}

#[test]
fn the_exchange_belongs_to_offices_and_joining_to_their_administrators() {
    let office = staff(ServiceKind::HomeHelp, JobType::Clerk);
    for act in [Act::SendSet, Act::OpenSet, Act::FetchSet, Act::RecallSet, Act::ListSets, Act::EnterResult] {
        assert_eq!(decide_act(&office, act).map(|grant| grant.office_no().is_some()), Ok(true), "{act:?}");
        for stranger in [own(), Caller::InsurerSystem { insurer_no: person().0 }, Caller::Operator] {
            assert_eq!(decide_act(&stranger, act), Err(Refusal::NotAllowed), "{act:?}");
        }
    }
    let with_admin = |is_admin| match staff(ServiceKind::HomeHelp, JobType::Clerk) {
        Caller::Staff(member) => Caller::Staff(Staff { is_admin, ..member }),
        other @ (Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_)) => other,
    };
    assert!(decide_act(&with_admin(true), Act::JoinExchange).is_ok());
    assert_eq!(decide_act(&with_admin(false), Act::JoinExchange), Err(Refusal::NotAllowed));
}

#[test]
fn a_proxy_sees_and_does_what_is_within_the_scope() {
    use ProxyScope::{Certificates, Everything, NoDocuments};
    let acting = |scope| match own() {
        Caller::Person { account_id, insurer_no, insured_no, name, .. } => {
            let (proxy_id, person_name, relation) = ("x".to_owned(), "本人".to_owned(), "長女".to_owned());
            let proxy = Some(ProxyFor { proxy_id, person_name, relation, scope, until: None });
            Caller::Person { account_id, insurer_no, insured_no, name, proxy }
        }
        other @ (Caller::Staff(_)
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_)) => other,
    };
    let see = |scope, item| {
        let matrix = Matrix::standard();
        decide(&matrix, &acting(scope), person(), &[item], &standing(), TODAY).map(|_| ())
    };
    let act = |scope, act| decide_act_on(&acting(scope), act, person(), &standing(), TODAY).map(|_| ());
    let no = Err(Refusal::OutsideProxy);
    for (item, want) in [
        (Item::InsuredCertificate, [Ok(()), Ok(()), Ok(())]),
        (Item::CarePlan, [Ok(()), no.clone(), no.clone()]),
        (Item::AccessLog, [Ok(()), no.clone(), Ok(())]),
    ] {
        assert_eq!([Everything, Certificates, NoDocuments].map(|scope| see(scope, item)), want, "{item:?}");
    }
    for (deed, want) in [
        (Act::ManageProxy, [no.clone(), no.clone(), no.clone()]),
        (Act::WithdrawConsent, [Ok(()), no.clone(), no.clone()]),
        (Act::TakeConsent, [Ok(()), no.clone(), no.clone()]),
        (Act::AskQuestion, [Ok(()), no.clone(), Ok(())]),
    ] {
        assert_eq!([Everything, Certificates, NoDocuments].map(|scope| act(scope, deed)), want, "{deed:?}");
    }
}

#[test]
fn an_institution_acts_only_while_its_request_stands() {
    let doctor = Caller::Medical(MedicalStaff {
        account_id: "d".to_owned(),
        institution_no: InstitutionNo::parse("9811900011").unwrap(),
        institution_name: "医院".to_owned(),
        services: Vec::new(),
        job: JobType::Physician,
        name: "医師".to_owned(),
    });
    let write = |from, until| {
        let standing = Standing { request: Some(ChargeStanding { from, until }), ..standing() };
        decide_act_on(&doctor, Act::WriteOpinion, person(), &standing, TODAY).map(|_| ())
    };
    let (before, after) = (date(2026, 11, 21), date(2026, 11, 23));
    assert_eq!(write(TODAY, TODAY), Ok(()));
    assert_eq!(write(before, before), Err(Refusal::RequestEnded { on: before }));
    assert_eq!(write(after, after), Err(Refusal::RequestEnded { on: after }));
}
