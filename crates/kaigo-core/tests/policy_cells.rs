//! The access policy cell by cell: every item × reader, every condition a cell may have, every proxy, every act, each with a yes
//! and a no and the rule that the no names. The tables are written out to be read by people who know the law, not the code.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use jiff::civil::date;
use kaigo_core::date::Date;
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{
    Act, BoardStaff, Caller, Cell, ChargeStanding, ConsentStanding, InsurerStaff, Item, JobType, Matrix, MedicalStaff,
    OperatorStaff, ProxyFor, ProxyScope, Reader, Refusal, Staff, Standing, SupporterStaff, decide, decide_act,
    decide_act_on,
};
use kaigo_core::service::ServiceKind;

const TODAY: Date = date(2026, 11, 22);
const YESTERDAY: Date = date(2026, 11, 21);
const TOMORROW: Date = date(2026, 11, 23);

/// What stands in the six cells of an item: `yes`, `consent` (yes with the consent), `job` (with the consent, from a care
/// manager's account), `dual` (with the consent, if the institution gives care too), `own` (what it made itself), or the rule
/// of the refusal.
#[rustfmt::skip]
const TABLE: &[(&str, [&str; 6])] = &[
    // item                   person             insurer            care management    facility           other office       medical
    ("insured-certificate",  ["yes",             "yes",             "yes",             "yes",             "yes",             "consent"]),
    ("burden-ratio",         ["yes",             "yes",             "yes",             "yes",             "yes",             "dual"]),
    ("relief",               ["yes",             "yes",             "yes",             "yes",             "yes",             "dual"]),
    ("application-form",     ["unverified-cell", "yes",             "unverified-cell", "unverified-cell", "unverified-cell", "unverified-cell"]),
    ("survey",               ["unverified-cell", "yes",             "job",             "unverified-cell", "not-shared",      "unverified-cell"]),
    ("doctor-opinion",       ["unverified-cell", "yes",             "job",             "unverified-cell", "not-shared",      "own"]),
    ("certification-result", ["yes",             "yes",             "yes",             "yes",             "yes",             "consent"]),
    ("progress",             ["yes",             "yes",             "yes",             "unverified-cell", "unverified-cell", "unverified-cell"]),
    ("claims",               ["unverified-cell", "yes",             "unverified-cell", "unverified-cell", "unverified-cell", "unverified-cell"]),
    ("balances",             ["unverified-cell", "yes",             "yes",             "unverified-cell", "yes",             "unverified-cell"]),
    ("life",                 ["yes",             "yes",             "consent",         "own",             "own",             "consent"]),
    ("care-plan",            ["yes",             "unverified-cell", "consent",         "consent",         "consent",         "unverified-cell"]),
    ("consent-status",       ["yes",             "yes",             "yes",             "yes",             "yes",             "unverified-cell"]),
    ("access-log",           ["yes",             "yes",             "not-own",         "not-own",         "not-own",         "not-own"]),
];

fn person() -> (InsurerNo, InsuredNo) {
    (InsurerNo::parse("981019").unwrap(), InsuredNo::parse("9900000123").unwrap())
}

fn somebody_else() -> (InsurerNo, InsuredNo) {
    (person().0, InsuredNo::parse("9900000124").unwrap())
}

fn other_insurer() -> InsurerNo {
    InsurerNo::parse("981027").unwrap()
}

fn office(services: &[ServiceKind], job: JobType, is_admin: bool) -> Caller {
    Caller::Staff(Staff {
        account_id: "a".to_owned(),
        office_no: OfficeNo::parse("3290800022").unwrap(),
        office_name: "事業所".to_owned(),
        services: services.to_vec(),
        job,
        is_admin,
        name: "担当".to_owned(),
    })
}

fn myself(proxy: Option<ProxyScope>) -> Caller {
    let (insurer_no, insured_no) = person();
    let proxy = proxy.map(|scope| ProxyFor {
        proxy_id: "p".to_owned(),
        person_name: "本人".to_owned(),
        relation: "長女".to_owned(),
        scope,
        until: None,
    });
    Caller::Person { account_id: "p".to_owned(), insurer_no, insured_no, name: "本人".to_owned(), proxy }
}

fn clerk(insurer_no: InsurerNo, is_admin: bool) -> Caller {
    Caller::Insurer(InsurerStaff {
        account_id: "i".to_owned(),
        insurer_no,
        insurer_name: "市".to_owned(),
        name: "職員".to_owned(),
        is_admin,
    })
}

fn doctor(services: &[ServiceKind]) -> Caller {
    Caller::Medical(MedicalStaff {
        account_id: "m".to_owned(),
        institution_no: InstitutionNo::parse("9810100001").unwrap_or_default(),
        institution_name: "医院".to_owned(),
        services: services.to_vec(),
        job: JobType::Physician,
        name: "医師".to_owned(),
    })
}

fn board(insurers: Vec<InsurerNo>) -> Caller {
    Caller::Board(BoardStaff {
        account_id: "b".to_owned(),
        board_id: "board".to_owned(),
        board_name: "審査会".to_owned(),
        insurers,
        name: "事務局".to_owned(),
    })
}

fn desk(is_admin: bool) -> Caller {
    Caller::OperatorStaff(OperatorStaff { account_id: "u".to_owned(), name: "運営".to_owned(), is_admin })
}

fn span(from: Date, until: Date) -> ChargeStanding {
    ChargeStanding { from, until }
}

/// Everything in order: in charge, consent, started, an opinion asked for, a case before the board.
fn fine() -> Standing {
    Standing {
        charge: Some(span(TODAY, TODAY)),
        consent: ConsentStanding::Stands,
        insurer_started_on: Some(TODAY),
        lost_on: None,
        request: Some(span(TODAY, TODAY)),
        board_case: true,
        item_starts: Vec::new(),
    }
}

/// Somebody who stands in one column of the table and nowhere else.
fn reader(reader: Reader) -> Caller {
    match reader {
        Reader::Person => myself(None),
        Reader::Insurer => clerk(person().0, false),
        Reader::CareManagement => office(&[ServiceKind::CareManagement], JobType::CareManager, false),
        Reader::FacilityWithCareManager => office(&[ServiceKind::WelfareFacility], JobType::CareManager, false),
        Reader::OtherOffice => office(&[ServiceKind::HomeHelp], JobType::CareManager, false),
        Reader::MedicalInstitution => doctor(&[ServiceKind::HomeNursing]),
    }
}

/// `yes`, `yes by consent`, or the code of the refusal.
fn ask_of(matrix: &Matrix, caller: &Caller, item: Item, standing: &Standing) -> &'static str {
    match decide(matrix, caller, person(), &[item], standing, TODAY) {
        Ok(decision) => {
            assert!(decision.grant.covers(item) && decision.grant.items().iter().count() == 1);
            assert_eq!((decision.grant.insurer_no(), decision.grant.insured_no()), person());
            if decision.grant.consent_used() { "yes by consent" } else { "yes" }
        }
        Err(refusal) => refusal.code(),
    }
}

fn ask(caller: &Caller, item: Item, standing: &Standing) -> &'static str {
    ask_of(&Matrix::standard(), caller, item, standing)
}

/// The cells of the table above: item, reader, what stands there.
fn cells() -> Vec<(Item, Reader, &'static str)> {
    let row = |(item, cells): &(&str, [&'static str; 6])| {
        let item = Item::parse(item).unwrap();
        Reader::ALL.iter().copied().zip(*cells).map(move |(reader, cell)| (item, reader, cell)).collect::<Vec<_>>()
    };
    TABLE.iter().flat_map(row).collect()
}

#[test]
fn the_table_of_this_test_is_whole() {
    let items: Vec<&str> = Item::ALL.iter().map(|item| item.code()).collect();
    assert_eq!(TABLE.iter().map(|(item, _)| *item).collect::<Vec<_>>(), items);
    assert_eq!(cells().len(), Item::ALL.len() * Reader::ALL.len());
}

#[test]
fn every_cell_says_yes_or_names_the_rule_that_says_no() {
    for (item, column, cell) in cells() {
        let expected = match cell {
            "yes" => "yes",
            "own" if (item, column) == (Item::DoctorOpinion, Reader::MedicalInstitution) || item == Item::Life => "yes",
            "consent" | "job" | "dual" => "yes by consent",
            rule => rule,
        };
        assert_eq!(ask(&reader(column), item, &fine()), expected, "{item:?} {column:?}");
    }
}

#[test]
fn without_the_consent_each_cell_that_needs_it_says_so_and_no_other_changes() {
    for (item, column, cell) in cells() {
        let caller = reader(column);
        for (consent, rule) in [
            (ConsentStanding::None, "no-consent"),
            (ConsentStanding::Withdrawn(YESTERDAY), "consent-withdrawn"),
            (ConsentStanding::Withdrawn(TODAY), "consent-withdrawn"),
        ] {
            let without = Standing { consent, ..fine() };
            let expected = if ["consent", "job", "dual"].contains(&cell) { rule } else { ask(&caller, item, &fine()) };
            assert_eq!(ask(&caller, item, &without), expected, "{item:?} {column:?} {consent:?}");
        }
        let tomorrow = Standing { consent: ConsentStanding::Withdrawn(TOMORROW), ..fine() };
        assert_eq!(ask(&caller, item, &tomorrow), ask(&caller, item, &fine()), "withdrawn from tomorrow on");
    }
}

#[test]
fn a_cell_for_a_job_is_closed_to_every_other_job_before_the_consent_is_asked_for() {
    for (item, column, cell) in cells() {
        let Caller::Staff(staff) = reader(column) else { continue };
        for job in JobType::ALL.iter().filter(|job| **job != JobType::CareManager) {
            let caller = Caller::Staff(Staff { job: *job, ..staff.clone() });
            for consent in [ConsentStanding::Stands, ConsentStanding::None] {
                let standing = Standing { consent, ..fine() };
                let as_manager = ask(&Caller::Staff(staff.clone()), item, &standing);
                let expected = if cell == "job" { "wrong-job" } else { as_manager };
                assert_eq!(ask(&caller, item, &standing), expected, "{item:?} {column:?} {job:?}");
            }
        }
    }
}

#[test]
fn what_closes_everything_closes_every_cell() {
    let before = Standing { insurer_started_on: Some(TOMORROW), ..fine() };
    let undecided = Standing { insurer_started_on: None, ..fine() };
    let strangers = Standing { charge: None, request: None, board_case: false, ..fine() };
    let ended = Standing {
        charge: Some(span(date(2026, 1, 1), YESTERDAY)),
        request: Some(span(date(2026, 1, 1), YESTERDAY)),
        ..fine()
    };
    let not_yet =
        Standing { charge: Some(span(TOMORROW, TOMORROW)), request: Some(span(TOMORROW, TOMORROW)), ..fine() };
    let settled = Standing { lost_on: Some(date(2026, 5, 21)), ..fine() };
    for (item, column, _) in cells() {
        let caller = reader(column);
        let usual = ask(&caller, item, &fine());
        let (outside, over) = match column {
            Reader::Person | Reader::Insurer => (usual, usual),
            Reader::CareManagement | Reader::FacilityWithCareManager | Reader::OtherOffice => {
                ("not-in-charge", "charge-ended")
            }
            Reader::MedicalInstitution => ("no-request", "request-ended"),
        };
        assert_eq!(ask(&caller, item, &strangers), outside, "{item:?} {column:?}: a stranger");
        assert_eq!(ask(&caller, item, &ended), over, "{item:?} {column:?}: ended");
        assert_eq!(ask(&caller, item, &not_yet), over, "{item:?} {column:?}: not begun");
        let lost = if over == "charge-ended" { "qualification-lost" } else { usual };
        assert_eq!(ask(&caller, item, &settled), lost, "{item:?} {column:?}: lost and settled");
        // Plans do not wait for the insurer; the insurer does not wait for itself.
        let waits = column != Reader::Insurer && item != Item::CarePlan;
        for standing in [&before, &undecided] {
            let expected = if waits { "insurer-not-started" } else { usual };
            assert_eq!(ask(&caller, item, standing), expected, "{item:?} {column:?}: not started");
        }
        // An item with a start of its own waits for the later of the two.
        for (own, insurer, waits) in
            [(TOMORROW, TODAY, waits), (TODAY, TODAY, false), (YESTERDAY, TOMORROW, waits), (YESTERDAY, TODAY, false)]
        {
            let standing = Standing {
                item_starts: vec![(item, own), (Item::CarePlan, TOMORROW)],
                insurer_started_on: Some(insurer),
                ..fine()
            };
            let expected = if waits { "insurer-not-started" } else { usual };
            assert_eq!(ask(&caller, item, &standing), expected, "{item:?} {column:?}: own start {own}, {insurer}");
        }
    }
}

#[test]
fn nobody_sees_the_person_of_another() {
    let whom = somebody_else();
    let elsewhere = (other_insurer(), person().1);
    for item in Item::ALL {
        for stranger in [whom, elsewhere] {
            let answer = decide(&Matrix::standard(), &myself(None), stranger, &[*item], &fine(), TODAY);
            assert_eq!(answer, Err(Refusal::NotInCharge), "{item:?} of {stranger:?}");
        }
        for is_admin in [true, false] {
            let answer = decide(&Matrix::standard(), &clerk(person().0, is_admin), elsewhere, &[*item], &fine(), TODAY);
            assert_eq!(answer, Err(Refusal::NotInCharge), "{item:?}: another insurer's");
        }
        for caller in [Caller::Operator, desk(true), Caller::InsurerSystem { insurer_no: person().0 }] {
            assert_eq!(ask(&caller, *item, &fine()), "not-shared", "{item:?} {caller:?}");
        }
    }
    assert!(!Refusal::NotInCharge.is_visible() && !Refusal::NoRequest.is_visible(), "these two look like nobody");
    for refusal in Refusal::samples() {
        let hidden = matches!(refusal, Refusal::NotInCharge | Refusal::NoRequest);
        assert_eq!(refusal.is_visible(), !hidden, "{refusal:?}");
        assert!(!refusal.say().is_empty() && !refusal.mend().is_empty());
    }
}

#[test]
fn an_institution_without_care_services_is_no_dual_provider() {
    for (item, column, cell) in cells() {
        if column != Reader::MedicalInstitution {
            continue;
        }
        let usual = ask(&reader(column), item, &fine());
        let expected = if cell == "dual" { "not-shared" } else { usual };
        assert_eq!(ask(&doctor(&[]), item, &fine()), expected, "{item:?}");
    }
}

/// What a condition answers to each kind of reader when everything is in order, and without the consent.
#[rustfmt::skip]
const CONDITIONS: &[(&str, [&str; 6], [&str; 6])] = &[
    // cell         person            insurer           care management   facility          other office      medical
    ("open",         ["yes",            "yes",            "yes",            "yes",            "yes",            "yes"],
                     ["yes",            "yes",            "yes",            "yes",            "yes",            "yes"]),
    ("consent",      ["yes by consent", "yes by consent", "yes by consent", "yes by consent", "yes by consent", "yes by consent"],
                     ["no-consent",     "no-consent",     "no-consent",     "no-consent",     "no-consent",     "no-consent"]),
    ("consent+job",  ["yes by consent", "yes by consent", "wrong-job",      "wrong-job",      "wrong-job",      "yes by consent"],
                     ["no-consent",     "no-consent",     "wrong-job",      "wrong-job",      "wrong-job",      "no-consent"]),
    ("own",          ["not-own",        "not-own",        "not-own",        "not-own",        "not-own",        "not-own"],
                     ["not-own",        "not-own",        "not-own",        "not-own",        "not-own",        "not-own"]),
    ("dual+consent", ["not-shared",     "not-shared",     "not-shared",     "not-shared",     "not-shared",     "yes by consent"],
                     ["not-shared",     "not-shared",     "not-shared",     "not-shared",     "not-shared",     "no-consent"]),
    ("-",            ["not-shared",     "not-shared",     "not-shared",     "not-shared",     "not-shared",     "not-shared"],
                     ["not-shared",     "not-shared",     "not-shared",     "not-shared",     "not-shared",     "not-shared"]),
    ("unverified",   ["unverified-cell","unverified-cell","unverified-cell","unverified-cell","unverified-cell","unverified-cell"],
                     ["unverified-cell","unverified-cell","unverified-cell","unverified-cell","unverified-cell","unverified-cell"]),
];

#[test]
fn every_condition_in_every_cell() {
    // The cell asks for a nurse; the readers of this test are care managers.
    let conditions = [
        Cell::Open,
        Cell::Consent,
        Cell::ConsentByJob(JobType::Nurse),
        Cell::Own,
        Cell::DualProvider,
        Cell::Closed,
        Cell::Unverified,
    ];
    let without = Standing { consent: ConsentStanding::None, ..fine() };
    for (condition, (mark, in_order, no_consent)) in conditions.into_iter().zip(CONDITIONS) {
        assert_eq!(condition.mark(), *mark);
        for item in Item::ALL {
            for (place, column) in Reader::ALL.iter().enumerate() {
                let mut matrix = Matrix::standard();
                matrix.set(*item, *column, condition, TODAY);
                // The two kinds that are kept with their maker.
                let staff =
                    matches!(column, Reader::CareManagement | Reader::FacilityWithCareManager | Reader::OtherOffice);
                let maker = (*item == Item::Life && staff)
                    || (*item == Item::DoctorOpinion && *column == Reader::MedicalInstitution);
                let own = condition == Cell::Own && maker;
                let (yes, no) = if own { ("yes", "yes") } else { (in_order[place], no_consent[place]) };
                let caller = reader(*column);
                assert_eq!(ask_of(&matrix, &caller, *item, &fine()), yes, "{item:?} {column:?} {mark}");
                assert_eq!(ask_of(&matrix, &caller, *item, &without), no, "{item:?} {column:?} {mark}, no consent");
                if let Caller::Staff(staff) = caller {
                    let nurse = Caller::Staff(Staff { job: JobType::Nurse, ..staff });
                    let expected = if *mark == "consent+job" { "yes by consent" } else { yes };
                    assert_eq!(ask_of(&matrix, &nurse, *item, &fine()), expected, "{item:?} {column:?} {mark}, nurse");
                }
                // No other cell of the row has changed.
                for other in Reader::ALL.iter().filter(|other| *other != column) {
                    let usual = Matrix::standard().cell(*item, *other, TODAY);
                    assert_eq!(matrix.cell(*item, *other, TODAY), usual, "{item:?} {other:?}");
                }
            }
        }
    }
}

#[test]
fn an_office_with_several_services_has_the_best_of_its_columns() {
    let columns = [
        (ServiceKind::CareManagement, Reader::CareManagement),
        (ServiceKind::WelfareFacility, Reader::FacilityWithCareManager),
        (ServiceKind::HomeHelp, Reader::OtherOffice),
    ];
    let better = |a: &'static str, b: &'static str| {
        let order = ["yes", "yes by consent"];
        let place = |answer: &str| order.iter().position(|o| *o == answer).unwrap_or(order.len());
        if place(b) < place(a) { b } else { a }
    };
    for (first, one) in columns {
        for (second, two) in columns {
            let both = office(&[first, second], JobType::CareManager, false);
            for item in Item::ALL {
                let (a, b) = (ask(&reader(one), *item, &fine()), ask(&reader(two), *item, &fine()));
                let best = better(a, b);
                if best.starts_with("yes") {
                    assert_eq!(ask(&both, *item, &fine()), best, "{first:?} and {second:?}: {item:?}");
                } else {
                    assert!([a, b].contains(&ask(&both, *item, &fine())), "{first:?} and {second:?}: {item:?}");
                }
            }
        }
    }
    // Without any designation an office stands in the last column.
    for item in Item::ALL {
        let nothing = office(&[], JobType::CareManager, false);
        assert_eq!(ask(&nothing, *item, &fine()), ask(&reader(Reader::OtherOffice), *item, &fine()), "{item:?}");
    }
}

#[test]
fn a_board_judges_by_four_items_of_a_case_before_it() {
    let judged = ["survey", "doctor-opinion", "certification-result", "progress"];
    let own = board(vec![other_insurer(), person().0]);
    for item in Item::ALL {
        let expected = if judged.contains(&item.code()) { "yes" } else { "not-shared" };
        assert_eq!(ask(&own, *item, &fine()), expected, "{item:?}");
        let unshared = Standing { insurer_started_on: None, consent: ConsentStanding::None, ..fine() };
        assert_eq!(ask(&own, *item, &unshared), expected, "{item:?}: the law asks for neither");
        let no_case = Standing { board_case: false, ..fine() };
        assert_eq!(ask(&own, *item, &no_case), "not-in-charge", "{item:?}");
        assert_eq!(ask(&board(vec![other_insurer()]), *item, &fine()), "not-in-charge", "{item:?}: not its insurer");
    }
}

/// What each scope of a proxy covers, of what the person sees or may come to see.
#[rustfmt::skip]
const SCOPES: &[(&str, [bool; 4])] = &[
    // item                    everything  certificates  no documents  viewing
    ("insured-certificate",  [true,       true,         true, true]),
    ("burden-ratio",         [true,       true,         true, true]),
    ("relief",               [true,       true,         true, true]),
    ("application-form",     [true,       false,        false, true]),
    ("survey",               [true,       false,        false, true]),
    ("doctor-opinion",       [true,       false,        false, true]),
    ("certification-result", [true,       true,         true, true]),
    ("progress",             [true,       true,         true, true]),
    ("claims",               [true,       false,        false, true]),
    ("balances",             [true,       true,         true, true]),
    ("life",                 [true,       false,        false, true]),
    ("care-plan",            [true,       false,        false, true]),
    ("consent-status",       [true,       true,         true, true]),
    ("access-log",           [true,       false,        true, true]),
];

#[test]
fn a_proxy_sees_what_the_person_sees_within_its_scope() {
    let scopes = [ProxyScope::Everything, ProxyScope::Certificates, ProxyScope::NoDocuments, ProxyScope::Viewing];
    assert_eq!(scopes.len(), ProxyScope::ALL.len());
    assert_eq!(SCOPES.len(), Item::ALL.len());
    let mut open = Matrix::standard();
    for item in Item::ALL {
        open.set(*item, Reader::Person, Cell::Open, TODAY);
    }
    for (item, covered) in SCOPES {
        let item = Item::parse(item).unwrap();
        for (scope, covers) in scopes.into_iter().zip(covered) {
            let proxy = myself(Some(scope));
            let usual = ask(&myself(None), item, &fine());
            assert_eq!(ask(&proxy, item, &fine()), if *covers { usual } else { "outside-proxy" }, "{item:?} {scope:?}");
            // The scope holds also for what an insurer opens to its people.
            let opened = ask_of(&open, &proxy, item, &fine());
            assert_eq!(opened, if *covers { "yes" } else { "outside-proxy" }, "{item:?} {scope:?}, opened");
            let other = decide(&open, &proxy, somebody_else(), &[item], &fine(), TODAY);
            assert_eq!(other, Err(Refusal::NotInCharge), "{item:?} {scope:?}: of somebody else");
        }
    }
}

/// Who may do what. A letter for each caller, in the order of [`callers`].
#[rustfmt::skip]
const ACTS: &[(&str, &str)] = &[
    // o office  O its administrator  h 訪問介護  c clerk  C chief  d doctor  b board  p person  x proxy  s insurer's system  r operator  u operator's desk  U its administrator  t supporter
    ("check-identity",    "oOh..........."),
    ("register-charge",   "oOh..........."),
    ("keep-charge",       "oOh..........."),
    ("release-charge",    "oOh..........."),
    ("list-own",          "oOh..........."),
    ("load-records",      "...cC....s...."),
    ("operate",           "..........r..."),
    ("send-set",          "oOh..........."),
    ("open-set",          "oOh..........."),
    ("fetch-set",         "oOh..........."),
    ("recall-set",        "oOh..........."),
    ("list-sets",         "oOh..........."),
    ("enter-result",      "oOh..........."),
    ("join-exchange",     ".O............"),
    ("list-insured",      "...cC........."),
    ("manage-case",       "...cC........."),
    ("request-opinion",   "...cC........."),
    ("answer-opinion",    "...cC........."),
    ("list-requests",     ".....d........"),
    ("write-opinion",     ".....d........"),
    ("manage-board",      "...cC........."),
    ("list-sessions",     "......b......."),
    ("judge-case",        "......b......."),
    ("file-notice",       "oOh..........."),
    ("answer-notice",     "...cC........."),
    ("take-consent",      "oOhcC..px....."),
    ("withdraw-consent",  "...cC..px....."),
    ("manage-proxy",      "...cC..px....."),
    ("issue-letter",      "...cC........."),
    ("ask-question",      ".......px....."),
    ("answer-question",   "...cC........."),
    ("set-rules",         "....C........."),
    ("hide-records",      "....C........."),
    ("propose-disaster",  "...cC........."),
    ("approve-disaster",  "....C........."),
    ("review-disaster",   "...cC........."),
    ("use-disaster",      "oOh..........."),
    ("deliver-plan",      "oOh..........."),
    ("load-claims",       "...cC....sr..."),
    ("export",            "...cC........."),
    ("view-office",       "oOh..........."),
    ("manage-office",     ".O............"),
    ("ask-operator",      "oOh..........."),
    ("manage-staff",      ".O..C.......U."),
    ("manage-certificates", ".O............"),
    ("manage-content",    "...........uU."),
    ("manage-offices",    "...........uU."),
    ("answer-inquiry",    "...........uU."),
    ("review-subsidy",    "...........uU."),
    ("issue-certificate", "...........uU."),
    ("manage-operator",   "............U."),
    ("support-office",    ".............t"),
    ("manage-terminals",  ".O............"),
    ("link-card",         "oOh..........."),
];

const LETTERS: &str = "oOhcCdbpxsruUt";

/// The callers by their letters.
fn callers() -> Vec<(char, Caller)> {
    let own = person().0;
    let callers = [
        office(&[ServiceKind::CareManagement], JobType::CareManager, false),
        office(&[ServiceKind::CareManagement], JobType::Clerk, true),
        office(&[ServiceKind::HomeHelp], JobType::CareWorker, false),
        clerk(own, false),
        clerk(own, true),
        doctor(&[]),
        board(vec![own]),
        myself(None),
        myself(Some(ProxyScope::Everything)),
        Caller::InsurerSystem { insurer_no: own },
        Caller::Operator,
        desk(false),
        desk(true),
        Caller::Supporter(SupporterStaff {
            account_id: "t".to_owned(),
            supporter_id: "firm".to_owned(),
            supporter_name: "導入支援".to_owned(),
            name: "支援".to_owned(),
        }),
    ];
    LETTERS.chars().zip(callers).collect()
}

/// The acts of the table with whether the caller of the letter may do them.
fn acts() -> Vec<(Act, char, Caller, bool)> {
    let known = Act::ALL.iter().map(|act| act.code()).collect::<Vec<_>>();
    assert_eq!(ACTS.iter().map(|(act, _)| *act).collect::<Vec<_>>(), known, "every act has a line in this test");
    let line = |(act, who): &(&str, &str)| {
        assert_eq!(who.chars().count(), LETTERS.len(), "{act}");
        let (act, who) = (Act::parse(act).unwrap(), who.to_string());
        callers()
            .into_iter()
            .zip(who.chars().collect::<Vec<_>>())
            .map(move |((letter, caller), mark)| {
                assert!(mark == '.' || mark == letter, "{act:?}: {mark} in the column of {letter}");
                (act, letter, caller, mark == letter)
            })
            .collect::<Vec<_>>()
    };
    ACTS.iter().flat_map(line).collect()
}

#[test]
fn every_act_belongs_to_its_callers_and_names_whose_it_is() {
    for (act, letter, caller, may) in acts() {
        match decide_act(&caller, act) {
            Ok(grant) => {
                assert!(may, "{act:?} by {letter}");
                assert_eq!(grant.act(), act);
                assert_eq!(grant.office_no().is_some(), matches!(caller, Caller::Staff(_)), "{act:?} by {letter}");
                let insurers = matches!(caller, Caller::Insurer(_) | Caller::InsurerSystem { .. });
                assert_eq!(grant.insurer_no(), insurers.then_some(person().0), "{act:?} by {letter}");
                assert_eq!(grant.institution_no().is_some(), letter == 'd', "{act:?} by {letter}");
                assert_eq!(grant.board_id(), (letter == 'b').then_some("board"), "{act:?} by {letter}");
                let own = "px".contains(letter).then(person);
                assert_eq!(grant.person(), own, "{act:?} by {letter}");
            }
            Err(refusal) => assert!(!may && refusal == Refusal::NotAllowed, "{act:?} by {letter}: {refusal:?}"),
        }
    }
}

/// The answer to an act on a person: `yes` or the rule.
fn do_on(caller: &Caller, act: Act, whom: (InsurerNo, InsuredNo), standing: &Standing) -> &'static str {
    match decide_act_on(caller, act, whom, standing, TODAY) {
        Ok(grant) => {
            assert_eq!(grant.person(), Some(whom));
            assert!(grant.is_on(act, whom.0, whom.1) && !grant.is_on(act, whom.0, InsuredNo::default()));
            "yes"
        }
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn an_act_on_a_person_also_asks_where_the_caller_stands() {
    let strangers = Standing { charge: None, request: None, board_case: false, ..fine() };
    let over = Standing {
        charge: Some(span(date(2026, 1, 1), YESTERDAY)),
        request: Some(span(date(2026, 1, 1), YESTERDAY)),
        ..fine()
    };
    let elsewhere = (other_insurer(), person().1);
    for (act, letter, caller, may) in acts() {
        let place = format!("{act:?} by {letter}");
        let usual = match (may, act, letter) {
            // 訪問介護 takes no consents in the insurer's place; a proxy names no further ones.
            (true, Act::TakeConsent, 'h') => "office-kind",
            (true, Act::ManageProxy, 'x') => "outside-proxy",
            // Neither the desk nor a supporter has anything to do with a person.
            (false, ..) | (true, _, 'u' | 'U' | 't') => "not-allowed",
            (true, ..) => "yes",
        };
        assert_eq!(do_on(&caller, act, person(), &fine()), usual, "{place}");
        let (stranger, ended, foreign) = match letter {
            _ if !may => ("not-allowed", "not-allowed", "not-allowed"),
            'o' | 'O' | 'h' => ("not-in-charge", "charge-ended", usual),
            'c' | 'C' | 's' | 'p' | 'x' => (usual, usual, "not-in-charge"),
            'u' | 'U' | 't' => ("not-allowed", "not-allowed", "not-allowed"),
            'd' => ("no-request", "request-ended", usual),
            'b' => ("not-in-charge", usual, "not-in-charge"),
            _ => (usual, usual, usual),
        };
        assert_eq!(do_on(&caller, act, person(), &strangers), stranger, "{place}: a stranger");
        assert_eq!(do_on(&caller, act, person(), &over), ended, "{place}: over");
        assert_eq!(do_on(&caller, act, elsewhere, &fine()), foreign, "{place}: another insurer's person");
        if "px".contains(letter) {
            assert_eq!(do_on(&caller, act, somebody_else(), &fine()), foreign, "{place}: somebody else");
        }
        // Neither the start of the insurer nor the consent is asked for.
        let early = Standing { insurer_started_on: None, consent: ConsentStanding::None, ..fine() };
        assert_eq!(do_on(&caller, act, person(), &early), usual, "{place}: before the start");
    }
}

#[test]
fn every_act_says_in_words_who_may() {
    for act in Act::ALL {
        assert!(act.who().len() > 8, "{act:?}");
        assert!(Matrix::standard().print().contains(act.code()), "{act:?} stands in the printed policy");
    }
    let one_of_each: Vec<_> = Refusal::samples();
    for (place, refusal) in one_of_each.iter().enumerate() {
        let again = one_of_each.iter().skip(place + 1).find(|other| other.code() == refusal.code());
        assert!(again.is_none(), "two refusals have the code {}", refusal.code());
    }
}
