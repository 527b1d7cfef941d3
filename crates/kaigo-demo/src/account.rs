//! Who can log in, who is in charge of whom, and what has been looked at before the first start. Data only: the program
//! makes accounts, charges and log entries of it through its own functions.

use jiff::civil::{DateTime, time};
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};

use crate::Nation;
use crate::cast::{self, CHIYO, FUMI, KIYOSHI, MITSU, TOME, YOSHIO};
use crate::day::plus;
use crate::dice::Dice;
use crate::insurer::{self, MINATO, YAMANOHA};
use crate::office;

/// What an account may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoRole {
    /// Care manager (介護支援専門員).
    CareManager,
    /// Staff of a service office (事業所の職員).
    OfficeStaff,
    /// Administrator of an office (事業所の管理者).
    OfficeAdmin,
    /// Insured person (本人).
    Citizen,
    /// Somebody who acts in an insured person's place (代理人).
    Proxy,
    /// Clerk of an insurer (保険者の職員).
    InsurerClerk,
    /// Administrator of an insurer.
    InsurerAdmin,
    /// Physician (医師).
    Physician,
    /// Secretariat of a certification board (審査会事務局).
    BoardSecretary,
    /// Staff of the operator's desk (運営事務局).
    OperatorStaff,
    /// Administrator of the operator's desk.
    OperatorAdmin,
    /// Somebody who sets up offices (導入支援事業者).
    Supporter,
}

/// An account of the demo.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoAccount {
    /// Login name.
    pub login: &'static str,
    /// Name shown (氏名).
    pub name: &'static str,
    /// Role.
    pub role: DemoRole,
    /// Job (職種); empty for citizens.
    pub job_type: &'static str,
    /// Office, for staff.
    pub office_no: Option<OfficeNo>,
    /// Insured person: a citizen themself, or whom a proxy acts for.
    pub insured: Option<(InsurerNo, InsuredNo)>,
    /// Insurer, for its staff.
    pub insurer_no: Option<InsurerNo>,
    /// Medical institution, for its staff.
    pub institution_no: Option<InstitutionNo>,
    /// Board, for its secretariat.
    pub board_id: Option<&'static str>,
    /// Password, for the demo only.
    pub password: &'static str,
    /// Secret of the second factor, from the seed.
    pub totp_secret: [u8; 20],
}

/// How a person's identity was checked (本人確認).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoMethod {
    /// My Number card (マイナンバーカード).
    Card,
    /// The four items of the certificate (被保険者証の4項目).
    FourItems,
}

/// An office that is in charge of a person already (担当事業所).
#[derive(Clone, Debug, PartialEq)]
pub struct DemoCharge {
    /// Office.
    pub office_no: OfficeNo,
    /// Insurer of the person.
    pub insurer_no: InsurerNo,
    /// Insured person.
    pub insured_no: InsuredNo,
    /// Days since the registration.
    pub registered_days_ago: i32,
    /// How the identity was checked.
    pub method: DemoMethod,
    /// Days until the charge ends, where the story fixes it; else the rule says.
    pub closes_in_days: Option<i32>,
}

/// A look at a person's records before the first start, for the person's own log.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoView {
    /// When, in Japanese time.
    pub at: DateTime,
    /// Office that looked.
    pub office_no: OfficeNo,
    /// Login of who looked.
    pub login: &'static str,
    /// Insurer of the person.
    pub insurer_no: InsurerNo,
    /// Insured person.
    pub insured_no: InsuredNo,
    /// What was looked at.
    pub what: DemoItem,
    /// Why (目的).
    pub purpose: &'static str,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoItem {
    /// 被保険者証等.
    Certificates,
    /// 認定と進捗.
    Certification,
    /// 認定調査票.
    Survey,
    /// 主治医意見書.
    DoctorOpinion,
    /// 住宅改修・福祉用具.
    Allowances,
}

/// The four items that identify a person by the certificate (被保険者証による本人確認).
#[derive(Clone, Debug, PartialEq)]
pub struct FourItems {
    /// 保険者番号.
    pub insurer_no: InsurerNo,
    /// 被保険者番号.
    pub insured_no: InsuredNo,
    /// 氏名カナ.
    pub name_kana: &'static str,
    /// 生年月日.
    pub born_on: kaigo_core::date::Date,
    /// Name, to show beside them.
    pub name: &'static str,
}

type Sketch = (&'static str, &'static str, DemoRole, &'static str, Option<[u8; 9]>, &'static str, &'static str);

#[rustfmt::skip]
const SKETCHES: &[Sketch] = &[
    ("izumo", "出雲 太郎", DemoRole::CareManager, "介護支援専門員", Some(office::MINATO_PLAN), "", "kamome-no-asagohan"),
    ("minato-admin", "港 明子", DemoRole::OfficeAdmin, "管理者", Some(office::MINATO_PLAN), "", "toudai-no-akari-8"),
    ("hamanasu", "浜野 由美", DemoRole::OfficeStaff, "訪問介護員", Some(office::HAMANASU), "", "hamanasu-no-kaori"),
    ("umineko", "海野 修", DemoRole::OfficeStaff, "福祉用具専門相談員", Some(office::UMINEKO), "", "umineko-to-sanpo"),
    ("kamome", "白波 恵", DemoRole::CareManager, "介護支援専門員", Some(office::KAMOME_PLAN), "", "shiranami-no-oto"),
    ("engawa", "縁 和代", DemoRole::CareManager, "介護支援専門員", Some(office::ENGAWA), "", "engawa-de-ocha-wo"),
    ("tome", "久城 トメ", DemoRole::Citizen, "", None, TOME, "niwa-no-ajisai-88"),
    ("kiyoshi", "大谷 清", DemoRole::Citizen, "", None, KIYOSHI, "tsuri-to-shogi-85"),
    ("houkatsu", "川口 智子", DemoRole::CareManager, "介護支援専門員", Some(office::PREVENTION_PLAN), "", "houkatsu-no-denwa"),
    ("shiosai", "塩田 美雪", DemoRole::CareManager, "介護支援専門員", Some(office::SHIOSAI_PLAN), "", "shiosai-no-kaze-9"),
    ("yamanoha", "奥谷 誠", DemoRole::CareManager, "介護支援専門員", Some(office::YAMANOHA_PLAN), "", "yamanoha-no-yuki"),
    ("kamome-help", "鴨居 真理", DemoRole::OfficeStaff, "訪問介護員", Some(*b"987010012"), "", "kamome-no-jitensha"),
    ("asagao", "朝倉 直美", DemoRole::OfficeStaff, "看護師", Some(*b"986010001"), "", "asagao-ga-saita-7"),
    ("hidamari", "日向 健太", DemoRole::OfficeStaff, "生活相談員", Some(*b"987010021"), "", "hidamari-no-engawa"),
    ("toudai", "灯 さやか", DemoRole::OfficeStaff, "生活相談員", Some(*b"987010022"), "", "toudai-kara-umi-wo"),
    ("yamanoha-day", "水上 亮", DemoRole::OfficeStaff, "生活相談員", Some(*b"987030011"), "", "okutani-no-basu-3"),
    ("rouken", "東 千夏", DemoRole::OfficeStaff, "理学療法士", Some(*b"985010001"), "", "rouken-no-taisou"),
    ("nagisa", "渚 浩二", DemoRole::OfficeStaff, "生活相談員", Some(*b"987010041"), "", "nagisa-ni-tomaru-4"),
];

fn insured(no: &str) -> InsuredNo {
    InsuredNo::parse(no).unwrap_or_default()
}

/// Everybody who can log in: those of the story first, then those whom the exchange needs; insured persons last.
pub(crate) fn accounts(seed: u64) -> Vec<DemoAccount> {
    let mut accounts = drawn(seed);
    accounts.sort_by_key(|account| account.role == DemoRole::Citizen);
    accounts
}

fn drawn(seed: u64) -> Vec<DemoAccount> {
    let mut dice = Dice::new(seed, 2 << 60);
    SKETCHES
        .iter()
        .map(|&(login, name, role, job_type, body, no, password)| {
            let mut totp_secret = [0; 20];
            dice.fill(&mut totp_secret);
            DemoAccount {
                login,
                name,
                role,
                job_type,
                office_no: body.map(OfficeNo::from_body),
                insured: (!no.is_empty()).then(|| (insurer::number(MINATO), insured(no))),
                insurer_no: None,
                institution_no: None,
                board_id: None,
                password,
                totp_secret,
            }
        })
        .chain(circle(seed))
        .collect()
}

/// The board of the story; it serves みなと川市 and 山ノ端町.
pub(crate) const BOARD: &str = "minatogawa";

/// A certification board of the demo: identifier, name, insurers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoBoard {
    /// Identifier.
    pub board_id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Insurers that it serves.
    pub insurers: Vec<InsurerNo>,
}

/// The boards of the demo.
pub(crate) fn boards() -> Vec<DemoBoard> {
    let insurers = vec![insurer::number(MINATO), insurer::number(YAMANOHA)];
    vec![DemoBoard { board_id: BOARD, name: "みなと川地区介護認定審査会", insurers }]
}

/// The municipality, the doctor and the board.
fn circle(seed: u64) -> impl Iterator<Item = DemoAccount> {
    let mut dice = Dice::new(seed, 5 << 60);
    let account = move |login, name, role, job_type, password| {
        let mut totp_secret = [0; 20];
        dice.fill(&mut totp_secret);
        DemoAccount {
            login,
            name,
            role,
            job_type,
            office_no: None,
            insured: None,
            insurer_no: None,
            institution_no: None,
            board_id: None,
            password,
            totp_secret,
        }
    };
    let mut account = account;
    let minato = Some(insurer::number(MINATO));
    let clerk = account("shiyakusho", "市川 恵子", DemoRole::InsurerClerk, "介護保険係", "shiyakusho-no-sakura");
    let chief = account("kaigoka", "河野 剛", DemoRole::InsurerAdmin, "介護保険課長", "kaigoka-no-mado-5");
    let other = account("yamanoha-yakuba", "谷口 進", DemoRole::InsurerAdmin, "住民課", "yakuba-no-sutobu-2");
    let doctor = account("umibe", "海部 進", DemoRole::Physician, "医師", "umibe-de-shinsatsu");
    let board = account("shinsakai", "審 まこと", DemoRole::BoardSecretary, "事務局", "shinsakai-no-suiyou");
    [
        DemoAccount { insurer_no: minato, ..clerk },
        DemoAccount { insurer_no: minato, ..chief },
        DemoAccount { insurer_no: Some(insurer::number(YAMANOHA)), ..other },
        DemoAccount { institution_no: Some(office::institution_no(2)), ..doctor },
        DemoAccount { board_id: Some(BOARD), ..board },
        account("unei", "中央 結", DemoRole::OperatorStaff, "運営事務局", "unei-no-denwa-12"),
        account("unei-kanri", "大道 守", DemoRole::OperatorAdmin, "運営事務局長", "unei-no-kagi-48"),
        account("shien", "支倉 渡", DemoRole::Supporter, "導入支援", "shien-no-kaban-7"),
        DemoAccount {
            insured: Some((insurer::number(MINATO), insured(TOME))),
            ..account("hanako", "久城 花子", DemoRole::Proxy, "久城 トメ さんの長女（代理）", "hanako-no-hagaki-3")
        },
    ]
    .into_iter()
}

/// The daughter of 久城 トメ, as the municipality's clerk recorded her: kana, relation, birth.
pub const DAUGHTER: [&str; 3] = ["クシロ ハナコ", "長女", "昭和38年5月5日"];

/// The firm of the demo that sets up offices: identifier, name, telephone.
pub const SUPPORTER: (&str, &str, &str) = ("minato-shien", "みなと導入支援サービス", "00-0000-0150");

/// How many persons the care manager of みなと has in charge at first.
const CARE_MANAGER_LOAD: usize = 40;

pub(crate) fn charges(nation: &Nation) -> Vec<DemoCharge> {
    let minato = OfficeNo::from_body(office::MINATO_PLAN);
    let charge = |office_no, insurer_no, insured_no, n: usize| DemoCharge {
        office_no,
        insurer_no,
        insured_no,
        registered_days_ago: 3 + i32::try_from(n * 7 % 61).unwrap_or(0),
        method: if n.is_multiple_of(3) { DemoMethod::FourItems } else { DemoMethod::Card },
        closes_in_days: None,
    };
    let mut out: Vec<DemoCharge> = Vec::new();
    for (n, role) in cast::ROLES.iter().filter(|role| role.in_charge).enumerate() {
        let mut row = charge(minato, insurer::number(role.insurer), insured(role.insured_no), n);
        // Before the first of the past views.
        row.registered_days_ago = 50 + i32::try_from(n % 10).unwrap_or(0);
        if role.insured_no == CHIYO {
            row.registered_days_ago = 95;
            row.closes_in_days = Some(12);
        }
        out.push(row);
    }
    let (kamome, engawa) = (OfficeNo::from_body(office::KAMOME_PLAN), OfficeNo::from_body(office::ENGAWA));
    let (hamanasu, umineko) = (OfficeNo::from_body(office::HAMANASU), OfficeNo::from_body(office::UMINEKO));
    let mut load = [out.len(), 0, 0];
    let drawn = nation.range_of(insurer::number(MINATO)).skip(usize::try_from(cast::count(MINATO)).unwrap_or(0));
    for i in drawn.take(2_000) {
        let records = nation.person(i);
        let Some(maker) = records.plan_notice.last().and_then(|row| row.record.office_no) else {
            continue;
        };
        for ((office_no, most), count) in
            [(minato, CARE_MANAGER_LOAD), (kamome, 12), (engawa, 8)].into_iter().zip(&mut load)
        {
            if maker == office_no && *count < most {
                out.push(charge(office_no, records.insurer_no, records.insured_no, *count));
                *count += 1;
            }
        }
    }
    // The service offices share persons with みなと.
    let shared: Vec<(InsurerNo, InsuredNo)> =
        out.iter().filter(|row| row.office_no == minato).map(|row| (row.insurer_no, row.insured_no)).collect();
    for (n, (insurer_no, insured_no)) in shared.iter().enumerate() {
        if n.is_multiple_of(4) {
            out.push(charge(hamanasu, *insurer_no, *insured_no, n + 8));
        }
        if n < 2 || n.is_multiple_of(5) {
            out.push(charge(umineko, *insurer_no, *insured_no, n + 6));
        }
    }
    out
}

/// Days ago, hour, minute, office, login, person, item, purpose.
type ViewSketch = (i32, i8, i8, [u8; 9], &'static str, &'static str, DemoItem, &'static str);

#[rustfmt::skip]
const VIEWS: &[ViewSketch] = &[
    (45, 9, 12, office::MINATO_PLAN, "izumo", TOME, DemoItem::Certificates, "担当事業所の登録"),
    (45, 9, 15, office::MINATO_PLAN, "izumo", TOME, DemoItem::Certification, "居宅サービス計画の作成"),
    (31, 17, 40, office::HAMANASU, "hamanasu", TOME, DemoItem::Certificates, "資格の確認"),
    (20, 10, 3, office::MINATO_PLAN, "izumo", TOME, DemoItem::Certification, "更新申請の進み具合の確認"),
    (18, 13, 28, office::UMINEKO, "umineko", TOME, DemoItem::Allowances, "福祉用具購入の残りの額の確認"),
    (6, 8, 51, office::MINATO_PLAN, "izumo", TOME, DemoItem::Certification, "更新申請の進み具合の確認"),
    (38, 11, 5, office::MINATO_PLAN, "izumo", KIYOSHI, DemoItem::Certificates, "担当事業所の登録"),
    (30, 15, 22, office::MINATO_PLAN, "izumo", KIYOSHI, DemoItem::Allowances, "住宅改修の理由書の作成"),
    (12, 16, 9, office::UMINEKO, "umineko", KIYOSHI, DemoItem::Allowances, "福祉用具購入の残りの額の確認"),
    (3, 9, 30, office::MINATO_PLAN, "izumo", KIYOSHI, DemoItem::Certification, "認定結果の確認"),
    (15, 14, 2, office::MINATO_PLAN, "izumo", FUMI, DemoItem::Certificates, "居宅サービス計画の作成"),
    (25, 10, 45, office::MINATO_PLAN, "izumo", YOSHIO, DemoItem::Certificates, "居宅サービス計画の作成"),
];

pub(crate) fn past_views(nation: &Nation) -> Vec<DemoView> {
    VIEWS
        .iter()
        .map(|&(days_ago, hour, minute, body, login, no, what, purpose)| DemoView {
            at: plus(nation.today(), -days_ago).to_datetime(time(hour, minute, 0, 0)),
            office_no: OfficeNo::from_body(body),
            login,
            insurer_no: insurer::number(MINATO),
            insured_no: insured(no),
            what,
            purpose,
        })
        .collect()
}

/// The person whom nobody has registered yet.
pub(crate) fn unregistered() -> FourItems {
    let (kana, born_on, name) = cast::ROLES
        .iter()
        .find(|role| role.insured_no == MITSU)
        .map_or(("", kaigo_core::date::Date::MIN, ""), |role| (role.kana, role.born_on, role.name));
    FourItems { insurer_no: insurer::number(MINATO), insured_no: insured(MITSU), name_kana: kana, born_on, name }
}

/// What to try in five minutes.
pub(crate) fn try_these(today: kaigo_core::date::Date) -> Vec<String> {
    let four = unregistered();
    let born = kaigo_core::date::both(four.born_on);
    let later = insurer::all(today)
        .into_iter()
        .last()
        .map(|i| format!("{}は{}から", i.name, kaigo_core::date::both(i.started_on)))
        .unwrap_or_default();
    vec![
        "izumo（出雲 太郎、介護支援専門員）でログインし、「きょうの仕事」を見る。".to_owned(),
        "久城 トメさんを開く。認定があと9日で切れ、更新申請の審査会は4日後。負担割合は8月から2割。".to_owned(),
        "大谷 清さんの認定調査票と主治医意見書を開く。見た記録が残る。".to_owned(),
        format!(
            "本人確認をして担当に登録する：{}さん　保険者番号 {}　被保険者番号 {}　氏名カナ {}　生年月日 {born}",
            four.name, four.insurer_no, four.insured_no, four.name_kana
        ),
        "三上 サダさんの認定書類を開いてみる。同意がないため、見られないわけが出る。".to_owned(),
        format!("磯部 勝さんを開く。{later}見られるようになる、と出る。"),
        "izumoで「ケアプラン連携」を開く。大谷 清さんの先月の実績が、予定と2か所ちがう。送る前の下書きに、直すところがある。"
            .to_owned(),
        "hamanasu（浜野 由美、訪問介護）で「ケアプラン連携」を開く。高津 ふみさんの新しい計画が届いている。".to_owned(),
        "kamome（白波 恵、別の事業所）でログインする。出雲さんの利用者は見えない。".to_owned(),
        "shiyakusho（市川 恵子、みなと川市）でログインする。期限の近い申請、戻ってきた意見書、待っている届出と問い合わせがある。"
            .to_owned(),
        "umibe（海部 進、浜通り内科医院の医師）でログインし、主治医意見書を「前回の意見書から写す」で書いて提出する。".to_owned(),
        "shinsakai（審査会の事務局）でログインする。来週の審査会の案件が、名前なしで並ぶ。先週の判定は、みなと川市が決定にするのを待っている。"
            .to_owned(),
        "tome（久城 トメさん本人）でログインする。だれが、いつ、何を、なぜ見たかがわかる。同意も、ここで取り消せる。".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name;

    #[test]
    fn logins_are_their_own_and_secrets_come_from_the_seed() {
        let accounts = accounts(1);
        for (n, a) in accounts.iter().enumerate() {
            assert!(a.password.len() >= 12, "{}", a.login);
            let places = [
                a.office_no.is_some(),
                a.insured.is_some(),
                a.insurer_no.is_some(),
                a.institution_no.is_some(),
                a.board_id.is_some(),
            ];
            let place = places.iter().position(|is_there| *is_there);
            if matches!(a.role, DemoRole::OperatorStaff | DemoRole::OperatorAdmin | DemoRole::Supporter) {
                assert_eq!(place, None, "{}", a.login);
                continue;
            }
            let want = match a.role {
                DemoRole::CareManager | DemoRole::OfficeStaff | DemoRole::OfficeAdmin => 0,
                DemoRole::Citizen | DemoRole::Proxy => 1,
                DemoRole::InsurerClerk | DemoRole::InsurerAdmin => 2,
                DemoRole::Physician => 3,
                DemoRole::BoardSecretary => 4,
                DemoRole::OperatorStaff | DemoRole::OperatorAdmin | DemoRole::Supporter => {
                    unreachable!()
                }
            };
            assert_eq!((place, places.iter().filter(|is_there| **is_there).count()), (Some(want), 1), "{}", a.login);
            for b in &accounts[n + 1..] {
                assert!(a.login != b.login && a.totp_secret != b.totp_secret);
            }
        }
        assert_eq!(accounts, super::accounts(1));
        assert_ne!(accounts[0].totp_secret, super::accounts(2)[0].totp_secret);
    }

    #[test]
    fn all_name_lists_are_read_in_kana() {
        let lists = [name::SURNAMES, name::MEN, name::MEN_LATER, name::WOMEN_EARLY, name::WOMEN, name::WOMEN_LATER];
        for (kanji, kana) in lists.into_iter().flatten().copied().chain(cast::ROLES.iter().map(|r| (r.name, r.kana))) {
            assert!(!kanji.is_empty());
            assert!(kana.chars().all(|c| matches!(c, 'ァ'..='ヶ' | 'ー' | ' ')), "{kanji} {kana}");
        }
    }
}
