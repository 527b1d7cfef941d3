//! 利用者基本情報 and 介護予防サービス・支援計画書 of a person of 介護予防.

use kaigo_careplan::kind::Kind;
use kaigo_careplan::layout::{basic, basic_day, basic_illness, prevention, prevention_support};
use kaigo_core::care_level::CareLevel;
use kaigo_core::code::Sex;
use kaigo_core::date::Date;
use kaigo_core::record::certification::Certification;

use super::catalogue::{self, CENTER};
use super::month::What;
use super::plan::{about, phone, sex};
use super::row::{Row, digits};
use super::who::User;
use super::words::pick;
use crate::day::plus;

/// The picture of a family (家族構成): two old people and three children, drawn for the demo.
pub(super) const FAMILY: &[u8] = include_bytes!("family.jpg");

/// How somebody lives: family, life so far, day, hobby, friends.
type Life = (&'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const OF_WOMEN: &[Life] = &[
    ("夫とは5年前に死別。長女が車で15分の所に住み、週末に来る。", "港の加工場で定年まで働いた。退職後は町内会の世話役をつとめた。", "朝は5時に起き、庭の畑をみる。昼すぎは横になることが増えた。", "編み物、テレビの体操", "隣の家と野菜のやりとりがある。"),
    ("長男夫婦と同居。日中はひとりになる。", "農家に嫁ぎ、みかん作りを続けてきた。今も庭の木を1本世話している。", "家族が出たあと洗濯物をたたむ。昼食は用意してもらう。", "みかんの木の世話、昔話", "老人会の旅行が楽しみだったが、足が痛く見送った。"),
    ("ひとり暮らし。妹が同じ市内に住む。", "洋裁の仕事をしながら子ども二人を育てた。", "起床は7時。家事は休み休み自分でする。", "洋裁、歌番組", "サロンの顔なじみが声をかけに来てくれる。"),
];

#[rustfmt::skip]
const OF_MEN: &[Life] = &[
    ("妻と二人暮らし。長男は県外。毎晩電話がある。", "小学校の教員を38年つとめた。退職後は釣りと俳句。", "午前は新聞を読み、午後は近所を歩く。夜は早く休む。", "俳句、将棋、釣り", "句会の仲間と月1回集まる。最近は休みがち。"),
    ("妻とは死別。長女の家族が隣に住む。", "漁船の機関士として働いた。60歳で船をおりた。", "朝のうちに港まで歩く。午後は網のつくろいをして過ごす。", "木工、相撲を見ること", "港の仲間とあいさつをかわす。"),
    ("ひとり暮らし。弟が市内にいる。", "大工として家を40軒あまり建てた。", "起床は5時半。朝食は自分で用意し、昼は弁当をとる。", "道具の手入れ、碁", "碁会所には冬のあいだ行っていない。"),
];

/// Illness, clinic, since, what is done.
#[rustfmt::skip]
const ILLNESSES: &[(&str, &str, &str)] = &[
    ("高血圧症", "2016年ごろ", "内服。家で血圧を測り、手帳に書いている。"),
    ("変形性膝関節症（両側）", "2019年4月", "月1回の通院と湿布。階段で痛む。"),
    ("骨粗しょう症", "2021年", "注射（半年に1回）。転ばないよう注意。"),
    ("2型糖尿病", "2012年ごろ", "内服。食事の量は守れている。"),
    ("腰部脊柱管狭窄症", "2020年秋", "内服。休むとまた歩ける。"),
];

fn life(user: &User) -> Life {
    match user.sex {
        Sex::Male => pick(OF_MEN, user.number),
        Sex::Female => pick(OF_WOMEN, user.number),
    }
}

/// 利用者基本情報.
pub(super) fn basic(user: &User, certification: &Certification, consulted_on: Date, image: &str) -> Row {
    let (family, past, day, hobby, friends) = life(user);
    let level =
        if certification.care_level == CareLevel::ProjectTarget { "01" } else { certification.care_level.code() };
    let relation = pick(&["長女", "姪"], user.number);
    let contact = format!("{} {}", user.family(), pick(&["由美", "芳子", "美香", "節子"], user.number));
    let is_target = certification.care_level == CareLevel::ProjectTarget;
    about(user, Kind::Basic)
        .day(basic::CONSULTED_ON, consulted_on)
        .set(basic::PLAN_TYPE, if is_target { "2" } else { "1" })
        .set(basic::ENTRUSTED, if user.manager == CENTER { "1" } else { "2" })
        .set(basic::AUTHOR, catalogue::manager(CENTER).who)
        .set(basic::METHOD, pick(&["01", "02", "03"], user.number))
        .set(basic::METHOD_OTHER, pick(&["", "", "自宅への訪問"], user.number))
        .set(basic::COUNT, "02")
        .day(basic::PREVIOUS_ON, plus(consulted_on, -181))
        .set(basic::SITUATION, "01")
        .set(basic::KANA, user.kana.clone())
        .set(basic::NAME, user.name.clone())
        .set(basic::SEX, sex(user))
        .day(basic::BORN_ON, user.born_on)
        .set(basic::ADDRESS, user.address.clone())
        .set(basic::PHONE, phone(user))
        .set(basic::DISABILITY, pick(&["11", "12", "21"], user.number))
        .set(basic::DEMENTIA, pick(&["01", "02", "01"], user.number))
        .set(basic::CARE_LEVEL, level)
        .day(basic::VALID_FROM, certification.valid_from)
        .set(basic::VALID_UNTIL, certification.valid_until.map(digits).unwrap_or_default())
        .set(basic::PREVIOUS_LEVEL, "12")
        .set(basic::CHECKLIST, if is_target { "1" } else { "2" })
        .day(basic::CHECKLIST_ON, plus(consulted_on, -3))
        .set(basic::PHYSICAL, "0")
        .set(basic::INTELLECTUAL, "0")
        .set(basic::MENTAL, "0")
        .set(basic::INTRACTABLE, "0")
        .set(basic::DWELLING, pick(&["05", "08", "05", "06"], user.number))
        .set(basic::FLOOR, pick(&["1", "2", "1", "3"], user.number))
        .set(basic::MODIFIED, pick(&["1", "2"], user.number))
        .set(basic::PENSION_NATIONAL, "1")
        .set(basic::PENSION_EMPLOYEE, pick(&["0", "1"], user.number))
        .set(basic::PENSION_DISABILITY, "0")
        .set(basic::ASSISTANCE, if user.insured_no.is_public_assistance() { "1" } else { "0" })
        .set(basic::VISITOR, contact.clone())
        .set(basic::VISITOR_RELATION, relation)
        .set(basic::CONTACT1, contact)
        .set(basic::CONTACT1_RELATION, relation)
        .set(basic::CONTACT1_PHONE, format!("00-0000-{:04}", 7000 + user.number))
        .set(basic::IMAGE, image)
        .set(basic::FAMILY, family)
        .set(basic::LIFE, past)
        .set(basic::DAY, day)
        .set(basic::HOBBY, hobby)
        .set(basic::FRIENDS, friends)
        .set(basic::PUBLIC_SERVICES, "なし")
        .set(basic::OTHER_SERVICES, pick(&["配食（週2回）", "ふれあいサロン", "移動販売"], user.number))
        .day(basic::CONSENTED_ON, consulted_on)
        .set(basic::CONSENTED_BY, user.name.clone())
}

/// 別表1: the day of the person and of the family.
pub(super) fn basic_days(user: &User, consulted_on: Date) -> Vec<Row> {
    let plans: &[&[(&str, &str, &str)]] = &[
        &[("5:00", "起床、畑をみる", ""), ("12:00", "昼食", ""), ("19:00", "夕食、就寝", "長女から電話")],
        &[
            ("6:30", "起床、新聞", "朝食の用意"),
            ("10:00", "散歩", ""),
            ("18:00", "夕食", "二人で食べる"),
            ("21:00", "就寝", ""),
        ],
        &[
            ("7:00", "起床、仏壇の世話", "家族は7時半に出る"),
            ("13:00", "昼寝", ""),
            ("18:30", "夕食", "家族そろって食べる"),
        ],
    ];
    let new = || about(user, Kind::BasicDay).day(basic_day::CONSULTED_ON, consulted_on);
    let rows = pick(plans, user.number).iter().map(|(time, own, family)| {
        new().set(basic_day::TIME, *time).set(basic_day::PERSON, *own).set(basic_day::FAMILY, *family)
    });
    rows.collect()
}

/// 別表2: illnesses.
pub(super) fn basic_illnesses(user: &User, consulted_on: Date) -> Vec<Row> {
    let rows = (0..=user.number % 2).map(|n| {
        let (illness, since, treatment) = pick(ILLNESSES, user.number + n * 2);
        about(user, Kind::BasicIllness)
            .day(basic_illness::CONSULTED_ON, consulted_on)
            .set(basic_illness::WHEN, since)
            .set(basic_illness::ILLNESS, illness)
            .set(basic_illness::DOCTOR, pick(crate::office::CLINICS, user.number + n))
            .set(basic_illness::IS_MAIN_DOCTOR, if n == 0 { "1" } else { "2" })
            .set(basic_illness::COURSE, if n == 0 { "01" } else { "02" })
            .set(basic_illness::TREATMENT, treatment)
    });
    rows.collect()
}

/// What a plan of 介護予防 aims at: a day, a year, need in moving, proposal, goal.
#[rustfmt::skip]
const GOALS: &[(&str, &str, &str, &str, &str)] = &[
    ("午前に一度は外の空気を吸う", "孫の運動会に歩いて行く", "ひざの痛みから歩く量が減り、足の力が落ちている。", "痛みをみながら、続けて歩ける距離を少しずつのばしてはどうか。", "つえで15分歩ける"),
    ("三度の食事を自分で用意する", "句会にまた毎月出る", "立ち仕事が長く続かず、台所に立つのがおっくうになっている。", "休める椅子を台所に置き、運動の習慣をつけてはどうか。", "30分、台所に立てる"),
    ("夕方まで横にならずに過ごす", "老人会の日帰り旅行に参加する", "外出の機会が減り、人と話すことが少ない。", "通いの場で体を動かし、知り合いをつくってはどうか。", "週に2回、外に出る"),
];

/// 介護予防サービス・支援計画書.
pub(super) fn prevention(user: &User, certification: &Certification, made_on: Date) -> Row {
    let planner = catalogue::manager(user.manager);
    let center = catalogue::manager(CENTER);
    let office = planner.office();
    let is_entrusted = user.manager != CENTER;
    let is_target = certification.care_level == CareLevel::ProjectTarget;
    let levels = [(CareLevel::Support1, "1"), (CareLevel::Support2, "2")];
    let level = levels.iter().find(|(own, _)| *own == certification.care_level).map_or("3", |(_, code)| *code);
    let (day, year, need, _, _) = pick(GOALS, user.number);
    let first = user.first_plan.min(made_on);
    about(user, Kind::Prevention)
        .day(prevention::PLAN_DATE, made_on)
        .set(prevention::PLAN_TYPE, if is_target { "2" } else { "1" })
        .set(prevention::ENTRUSTED, if is_entrusted { "2" } else { "1" })
        .set(prevention::FILE_NO, format!("Y{:03}", user.number + 1))
        .set(prevention::NAME, user.name.clone())
        .day(prevention::CERTIFIED_ON, certification.certified_on)
        .day(prevention::VALID_FROM, certification.valid_from)
        .set(prevention::VALID_UNTIL, certification.valid_until.map(digits).unwrap_or_default())
        .set(prevention::PLAN_CLASS, if first == made_on { "11" } else { "21" })
        .set(prevention::CERTIFICATION_STATE, "2")
        .set(prevention::SUPPORT_LEVEL, level)
        .set(prevention::PLANNER_CENTER, center.who)
        .set(prevention::PLANNER, if is_entrusted { planner.who } else { "" })
        .set(prevention::OFFICE_NAME, planner.name())
        .set(prevention::OFFICE_ADDRESS, office.map_or("", |own| own.address.as_str()))
        .set(prevention::OFFICE_PHONE, office.map_or("", |own| own.phone.as_str()))
        .day(prevention::FIRST_ON, first)
        .set(prevention::CENTER, center.name())
        .set(prevention::GOAL_DAY, day)
        .set(prevention::GOAL_YEAR, year)
        .set(prevention::MOVE_NOW, "家の中はつたい歩き。外ではつえを使う。")
        .set(prevention::MOVE_WISH, "自分の足で出かけ続けたい。")
        .set(prevention::MOVE_HAS_NEED, "1")
        .set(prevention::MOVE_NEED, need)
        .set(prevention::HOME_NOW, "調理と洗濯は自分で行う。掃除機は重く、ほうきを使う。")
        .set(prevention::HOME_WISH, "できる家事は続けたい。")
        .set(prevention::HOME_HAS_NEED, "2")
        .set(prevention::SOCIAL_NOW, life(user).4)
        .set(prevention::SOCIAL_WISH, "また仲間と集まりたい。")
        .set(prevention::SOCIAL_HAS_NEED, "1")
        .set(prevention::SOCIAL_NEED, "外出が減り、約束を断ることが増えた。")
        .set(prevention::HEALTH_NOW, pick(ILLNESSES, user.number).2)
        .set(prevention::HEALTH_WISH, "薬を増やさずに元気でいたい。")
        .set(prevention::HEALTH_HAS_NEED, "2")
        .set(prevention::HEALTH_NOTE, "運動の前後に血圧を測る。痛みの強い日は休む。")
        .set(prevention::SUPPORT_POLICY, "本人の得意なことを生かし、3か月ごとに目標を見なおす。")
        .set(prevention::POLICY, "運動の習慣と人とのつながりを取りもどし、いまの暮らしを続けられるよう支える。")
        .set(prevention::CHECK_EXERCISE, "3")
        .set(prevention::CHECK_NUTRITION, "0")
        .set(prevention::CHECK_MOUTH, pick(&["1", "2", "0"], user.number))
        .set(prevention::CHECK_INDOORS, "1")
        .set(prevention::CHECK_MEMORY, "0")
        .set(prevention::CHECK_MOOD, "1")
        .set(prevention::PROGRAM_EXERCISE, "1")
        .set(prevention::PROGRAM_NUTRITION, "2")
        .set(prevention::PROGRAM_MOUTH, "2")
        .set(prevention::PROGRAM_INDOORS, "2")
        .set(prevention::PROGRAM_MEMORY, "2")
        .set(prevention::PROGRAM_MOOD, "2")
        .set(prevention::CENTER_OPINION, if is_entrusted { "計画は適切です。半年後に評価をお願いします。" } else { "" })
        .day(prevention::CONSENTED_ON, made_on)
        .set(prevention::CONSENTED_BY, user.name.clone())
}

/// 別表（支援計画）: one need, a row for each service.
pub(super) fn supports(user: &User, made_on: Date) -> Vec<Row> {
    let (_, _, need, proposal, goal) = pick(GOALS, user.number);
    let rows = user.uses.iter().enumerate().map(|(place, own)| {
        let partner = catalogue::partner(own.partner);
        let often = match &own.what {
            What::Weekly { days, .. } => format!("週{}回", days.len()),
            What::Rental(_) => "毎日".to_owned(),
            What::Stay { .. } => "月1回".to_owned(),
        };
        let row = about(user, Kind::PreventionSupport)
            .day(prevention_support::PLAN_DATE, made_on)
            .set(prevention_support::NEED_NO, "1")
            .set(prevention_support::SUPPORT_NO, "1")
            .set(prevention_support::SERVICE_NO, (place + 1).to_string())
            .set(prevention_support::SERVICE, partner.kind.label())
            .set(prevention_support::OFFICE, partner.name())
            .set(prevention_support::PERIOD, format!("6か月（{often}）"));
        if place > 0 {
            return row;
        }
        row.set(prevention_support::NEED, need)
            .set(prevention_support::PROPOSAL, proposal)
            .set(prevention_support::WISH, "（本人）やってみたい。　（家族）送り迎えがあると助かる。")
            .set(prevention_support::GOAL, goal)
            .set(prevention_support::POINT, "できたことを手帳に書き、次に会うときに話す。")
            .set(prevention_support::INFORMAL, "朝の体操。家族は週末にいっしょに歩く。")
            .set(prevention_support::FORMAL, "通いの場での運動、家事の手伝い、手すりなどの貸与")
    });
    rows.collect()
}
