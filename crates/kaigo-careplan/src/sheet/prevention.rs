//! The 介護予防 documents: 利用者基本情報 and 支援計画書 with their tables.

use super::cell::{Amount, Coded, Day, FromCell, sheet};
use crate::layout::{basic, prevention, prevention_support};
use crate::table::Row;

sheet! {
    /// The columns of 利用者基本情報 that are not repeated.
    BasicItems = basic {
        /// 相談日.
        consulted_on: Day = CONSULTED_ON;
        /// 計画種類.
        plan_type: Coded = PLAN_TYPE;
        /// 委託の有無.
        entrusted: Coded = ENTRUSTED;
        /// 作成担当者.
        author: String = AUTHOR;
        /// 相談方法.
        method: Coded = METHOD;
        /// 相談方法(その他の内容).
        method_other: String = METHOD_OTHER;
        /// 相談回数.
        count: Coded = COUNT;
        /// 前回相談日.
        previous_on: Day = PREVIOUS_ON;
        /// 利用者の現況.
        situation: Coded = SITUATION;
        /// 利用者の現況(状況補足).
        situation_note: String = SITUATION_NOTE;
        /// 利用者氏名ﾌﾘｶﾞﾅ.
        kana: String = KANA;
        /// 利用者氏名.
        name: String = NAME;
        /// 利用者性別.
        sex: Coded = SEX;
        /// 利用者生年月日.
        born_on: Day = BORN_ON;
        /// 利用者住所.
        address: String = ADDRESS;
        /// 利用者電話番号.
        phone: String = PHONE;
        /// 利用者Fax番号.
        fax: String = FAX;
        /// 障害高齢者の日常生活自立度.
        disability: Coded = DISABILITY;
        /// 認知症高齢者の日常生活自立度.
        dementia: Coded = DEMENTIA;
        /// 要介護状態区分.
        care_level: Coded = CARE_LEVEL;
        /// 認定有効期限開始日.
        valid_from: Day = VALID_FROM;
        /// 認定有効期間終了日.
        valid_until: Day = VALID_UNTIL;
        /// 前回の介護度.
        previous_level: Coded = PREVIOUS_LEVEL;
        /// 基本チェックリスト記入結果.
        checklist: Coded = CHECKLIST;
        /// 基本チェックリスト記入日.
        checklist_on: Day = CHECKLIST_ON;
        /// 障害等認定（身障）.
        physical: Coded = PHYSICAL;
        /// 障害等認定（療育）.
        intellectual: Coded = INTELLECTUAL;
        /// 障害等認定（精神）.
        mental: Coded = MENTAL;
        /// 障害等認定（難病）.
        intractable: Coded = INTRACTABLE;
        /// 障害等認定特記事項.
        disability_note: String = DISABILITY_NOTE;
        /// 居住形態.
        dwelling: Coded = DWELLING;
        /// 自室の階数.
        floor: Amount = FLOOR;
        /// 住宅改修の有無.
        modified: Coded = MODIFIED;
        /// 経済状況（国民年金）.
        pension_national: Coded = PENSION_NATIONAL;
        /// 経済状況（厚生年金）.
        pension_employee: Coded = PENSION_EMPLOYEE;
        /// 経済状況（障害年金）.
        pension_disability: Coded = PENSION_DISABILITY;
        /// 経済状況（生活保護）.
        assistance: Coded = ASSISTANCE;
        /// 経済状況詳細.
        economy: String = ECONOMY;
        /// 来所者(相談者)氏名.
        visitor: String = VISITOR;
        /// 来所者(相談者)住所.
        visitor_address: String = VISITOR_ADDRESS;
        /// 来所者(相談者)電話番号.
        visitor_phone: String = VISITOR_PHONE;
        /// 来所者(相談者)続柄.
        visitor_relation: String = VISITOR_RELATION;
        /// 家族構成 画像ファイル名.
        image: String = IMAGE;
        /// 家族関係等の状況.
        family: String = FAMILY;
        /// 今までの生活.
        life: String = LIFE;
        /// １日の生活・すごし方(生活全般).
        day: String = DAY;
        /// 趣味・楽しみ・特技.
        hobby: String = HOBBY;
        /// 友人・地域との関係.
        friends: String = FRIENDS;
        /// 現在利用している公的サービス.
        public_services: String = PUBLIC_SERVICES;
        /// 現在利用している非公的サービス.
        other_services: String = OTHER_SERVICES;
        /// 同意日.
        consented_on: Day = CONSENTED_ON;
        /// 同意者氏名.
        consented_by: String = CONSENTED_BY;
    }
}

sheet! {
    /// A row of 別表1: １日の生活・すごし方.
    DayHabit = basic_day {
        /// 時間.
        time: String = TIME;
        /// 本人の生活状況.
        person: String = PERSON;
        /// 介護者・家族の生活状況.
        family: String = FAMILY;
    }
}

sheet! {
    /// A row of 別表2: 現病歴・既往歴.
    Illness = basic_illness {
        /// 年月日.
        when: String = WHEN;
        /// 病名.
        illness: String = ILLNESS;
        /// 医療機関・医師名.
        doctor: String = DOCTOR;
        /// 主治医・意見作成者フラグ.
        is_main_doctor: Coded = IS_MAIN_DOCTOR;
        /// 医療機関・医師電話番号.
        doctor_phone: String = DOCTOR_PHONE;
        /// 経過.
        course: Coded = COURSE;
        /// 治療中の内容.
        treatment: String = TREATMENT;
    }
}

/// 緊急連絡先.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// 氏名.
    pub name: String,
    /// 続柄.
    pub relation: String,
    /// 住所; may hold other information.
    pub address: String,
    /// 電話番号.
    pub phone: String,
}

/// 利用者基本情報 with its tables (UPKIHON, UPKIHON_SUB1, UPKIHON_SUB2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Basic {
    /// Everything but the tables.
    pub items: BasicItems,
    /// 緊急連絡先 that are filled, at most four.
    pub contacts: Vec<Contact>,
    /// 別表1.
    pub day_habits: Vec<DayHabit>,
    /// 別表2.
    pub illnesses: Vec<Illness>,
}

impl Basic {
    pub(super) fn of_rows(row: &Row<'_>, days: &[Row<'_>], illnesses: &[Row<'_>]) -> Self {
        let contact = |place: usize| {
            let column = basic::CONTACT1 + 4 * place;
            Contact {
                name: row.text(column).to_owned(),
                relation: row.text(column + 1).to_owned(),
                address: row.text(column + 2).to_owned(),
                phone: row.text(column + 3).to_owned(),
            }
        };
        Self {
            items: BasicItems::of_row(row),
            contacts: (0..4).map(contact).filter(|contact| *contact != Contact::default()).collect(),
            day_habits: days.iter().map(DayHabit::of_row).collect(),
            illnesses: illnesses.iter().map(Illness::of_row).collect(),
        }
    }
}

sheet! {
    /// The columns of 支援計画書 that are not repeated.
    PreventionItems = prevention {
        /// 計画作成(変更)日.
        plan_date: Day = PLAN_DATE;
        /// 計画種類.
        plan_type: Coded = PLAN_TYPE;
        /// 委託の有無.
        entrusted: Coded = ENTRUSTED;
        /// 整理番号.
        file_no: String = FILE_NO;
        /// 利用者名.
        name: String = NAME;
        /// 認定年月日.
        certified_on: Day = CERTIFIED_ON;
        /// 認定有効期間開始日.
        valid_from: Day = VALID_FROM;
        /// 認定有効期間終了日.
        valid_until: Day = VALID_UNTIL;
        /// 計画書区分.
        plan_class: Coded = PLAN_CLASS;
        /// 認定状況区分.
        certification_state: Coded = CERTIFICATION_STATE;
        /// 要支援状態区分.
        support_level: Coded = SUPPORT_LEVEL;
        /// 計画作成者氏名（地域包括支援センター担当者名）.
        planner_center: String = PLANNER_CENTER;
        /// 計画作成者氏名（担当介護支援専門員名）.
        planner: String = PLANNER;
        /// 計画作成者事業者・事業所名.
        office_name: String = OFFICE_NAME;
        /// 計画作成者事業者・事業所住所.
        office_address: String = OFFICE_ADDRESS;
        /// 計画作成者事業者・事業所電話番号.
        office_phone: String = OFFICE_PHONE;
        /// 初回作成日.
        first_on: Day = FIRST_ON;
        /// 担当地域包括支援センター.
        center: String = CENTER;
        /// 目標とする生活(1日).
        goal_day: String = GOAL_DAY;
        /// 目標とする生活(1年).
        goal_year: String = GOAL_YEAR;
        /// 健康状態の留意点.
        health_note: String = HEALTH_NOTE;
        /// 妥当な支援の実施に向けた方針.
        support_policy: String = SUPPORT_POLICY;
        /// 総合的な方針.
        policy: String = POLICY;
        /// 地域包括支援センター意見.
        center_opinion: String = CENTER_OPINION;
        /// 同意日.
        consented_on: Day = CONSENTED_ON;
        /// 同意者氏名.
        consented_by: String = CONSENTED_BY;
    }
}

sheet! {
    /// 利用サービス: one row of 支援計画.
    SupportService = prevention_support {
        /// 利用サービスＮＯ.
        service_no: Amount = SERVICE_NO;
        /// 【利用サービス】サービス種別.
        service: String = SERVICE;
        /// 【利用サービス】事業所(利用先).
        office: String = OFFICE;
        /// 【利用サービス】期間.
        period: String = PERIOD;
    }
}

/// アセスメント領域 of 支援計画書.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Name of the area.
    pub name: &'static str,
    /// 現在の状況.
    pub now: String,
    /// 本人・家族の意欲・意向.
    pub wish: String,
    /// 領域における課題の有無.
    pub has_need: Coded,
    /// 課題（背景・原因）.
    pub need: String,
}

/// A row of 基本チェックリスト and 事業プログラム.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// What is prevented or improved.
    pub name: &'static str,
    /// 基本チェックリストの該当数.
    pub checked: Amount,
    /// 事業プログラムの要否.
    pub needed: Coded,
}

/// A cell of 支援計画 that spans rows: number and texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined<const N: usize> {
    /// 課題ＮＯ or 支援計画ＮＯ.
    pub no: String,
    /// The texts in the order of the form.
    pub texts: [String; N],
    /// How many rows it spans, at least 1.
    pub rows: usize,
}

/// A row of 支援計画; merged cells stand in their first row only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupportRow {
    /// 総合的課題, 目標と具体策の提案, 具体策についての意向, 目標.
    pub need: Option<Joined<4>>,
    /// 支援のポイント, セルフケア・インフォーマルサービス, 介護保険サービス又は地域支援事業.
    pub support: Option<Joined<3>>,
    /// 利用サービス.
    pub service: SupportService,
}

/// 介護予防サービス・支援計画書 with its table (UPYOBO, UPYOBO_SUB).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prevention {
    /// Everything that is not repeated.
    pub items: PreventionItems,
    /// The four アセスメント領域.
    pub areas: Vec<Area>,
    /// The six rows of 基本チェックリスト and 事業プログラム.
    pub programs: Vec<Program>,
    /// 支援計画.
    pub supports: Vec<SupportRow>,
}

/// Names of the areas and their first columns.
const AREAS: [(&str, usize); 4] = [
    ("運動・移動", prevention::MOVE_NOW),
    ("日常生活（家庭生活）", prevention::HOME_NOW),
    ("社会参加、対人関係・コミュニケーション", prevention::SOCIAL_NOW),
    ("健康管理", prevention::HEALTH_NOW),
];

/// Names of the programs in the order of the columns.
const PROGRAMS: [&str; 6] = ["運動不足", "栄養改善", "口腔内ケア", "閉じこもり予防", "物忘れ予防", "うつ予防"];

impl Prevention {
    pub(super) fn of_rows(row: &Row<'_>, supports: &[Row<'_>]) -> Self {
        let area = |(name, column): &(&'static str, usize)| Area {
            name,
            now: row.text(*column).to_owned(),
            wish: row.text(column + 1).to_owned(),
            has_need: Coded::from_cell(row, column + 2),
            need: row.text(column + 3).to_owned(),
        };
        let program = |(place, name): (usize, &&'static str)| Program {
            name,
            checked: Amount::from_cell(row, prevention::CHECK_EXERCISE + place),
            needed: Coded::from_cell(row, prevention::PROGRAM_EXERCISE + place),
        };
        Self {
            items: PreventionItems::of_row(row),
            areas: AREAS.iter().map(area).collect(),
            programs: PROGRAMS.iter().enumerate().map(program).collect(),
            supports: join(supports),
        }
    }
}

fn join(rows: &[Row<'_>]) -> Vec<SupportRow> {
    const NEED: [usize; 4] =
        [prevention_support::NEED, prevention_support::PROPOSAL, prevention_support::WISH, prevention_support::GOAL];
    const SUPPORT: [usize; 3] = [prevention_support::POINT, prevention_support::INFORMAL, prevention_support::FORMAL];
    let mut made: Vec<SupportRow> = Vec::with_capacity(rows.len());
    let (mut need_at, mut support_at) = (None, None);
    for row in rows {
        let mut next = SupportRow { service: SupportService::of_row(row), ..SupportRow::default() };
        let place = Some(made.len());
        let need = joined(row, prevention_support::NEED_NO, NEED);
        if begins(need_at.and_then(|at: usize| made.get_mut(at)?.need.as_mut()), &need) {
            need_at = place;
            support_at = None;
            next.need = Some(need);
        }
        let support = joined(row, prevention_support::SUPPORT_NO, SUPPORT);
        if begins(support_at.and_then(|at: usize| made.get_mut(at)?.support.as_mut()), &support) {
            support_at = place;
            next.support = Some(support);
        }
        made.push(next);
    }
    made
}

fn joined<const N: usize>(row: &Row<'_>, no: usize, columns: [usize; N]) -> Joined<N> {
    Joined { no: row.text(no).to_owned(), texts: columns.map(|column| row.text(column).to_owned()), rows: 1 }
}

/// Whether the cell is a new one; the one above grows by a row where number and texts go on.
fn begins<const N: usize>(above: Option<&mut Joined<N>>, cell: &Joined<N>) -> bool {
    let Some(above) = above else { return true };
    let same = above.texts.iter().zip(&cell.texts).all(|(upper, own)| own.is_empty() || own == upper);
    if above.no != cell.no || !same {
        return true;
    }
    above.rows += 1;
    false
}
