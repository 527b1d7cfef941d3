//! The person and the qualification (被保険者, 資格).

use crate::code::{InsuredClass, LossReason, Sex};
use crate::column;
use crate::date::Date;
use crate::id::InsurerNo;
use crate::kana::search_key;
use crate::layout::{Column, Record, Trouble};
use crate::text::Text;

/// Insured person (被保険者), face 一 of the certificate (施行規則 様式第一号).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InsuredPerson {
    /// Name (氏名).
    pub name: Text<40>,
    /// Name in kana (フリガナ).
    pub name_kana: Text<60>,
    /// Birth date (生年月日).
    pub born_on: Date,
    /// Sex (性別).
    pub sex: Sex,
    /// Address (住所).
    pub address: Text<120>,
    /// Day the certificate was issued (交付年月日).
    pub issued_on: Option<Date>,
}

impl Record for InsuredPerson {
    const NAME: &'static str = "insured_person";
    const JA: &'static str = "被保険者";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(name: Text<40>, "氏名", "券面のとおり。外字は代わりの字で"),
        column!(name_kana: Text<60>, "氏名カナ", "姓と名のあいだに空白。本人確認の照合に使う"),
        column!(born_on: Date, "生年月日", "本人確認の照合に使う"),
        column!(sex: Sex, "性別", "受給者異動連絡票 11 と同じ"),
        column!(address: Text<120>, "住所", "券面のとおり"),
        column!(issued_on: Option<Date>, "交付年月日", "被保険者証の交付日"),
    ];
    const DERIVED: &'static [(&'static str, fn(&Self) -> String)] =
        &[("kana_key", |person| search_key(person.name_kana.as_str()))];
}

/// Qualification (資格) with 住所地特例 (介護保険法 13条).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Qualification {
    /// Kind of insured person (被保険者区分).
    pub insured_class: InsuredClass,
    /// First day (資格取得年月日).
    pub acquired_on: Date,
    /// Last day (資格喪失年月日).
    pub lost_on: Option<Date>,
    /// Why it was lost (喪失事由).
    pub loss_reason: Option<LossReason>,
    /// Insurer of the facility's place, if the person stays insured here while living there (施設所在保険者番号).
    pub facility_insurer_no: Option<InsurerNo>,
    /// First day of 住所地特例.
    pub facility_from: Option<Date>,
    /// Last day of 住所地特例.
    pub facility_until: Option<Date>,
}

impl Record for Qualification {
    const NAME: &'static str = "qualification";
    const JA: &'static str = "資格";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(insured_class: InsuredClass, "被保険者区分", "介護保険法 9条"),
        column!(acquired_on: Date, "資格取得年月日", "受給者異動連絡票 12"),
        column!(lost_on: Option<Date>, "資格喪失年月日", "受給者異動連絡票 13"),
        column!(loss_reason: Option<LossReason>, "資格喪失事由", "喪失のときだけ"),
        column!(facility_insurer_no: Option<InsurerNo>, "施設所在保険者番号", "住所地特例。受給者異動連絡票 71"),
        column!(facility_from: Option<Date>, "住所地特例開始年月日", "受給者異動連絡票 72"),
        column!(facility_until: Option<Date>, "住所地特例終了年月日", "受給者異動連絡票 73"),
    ];

    fn rules(&self) -> Vec<Trouble> {
        super::period_rule(Some(self.acquired_on), self.lost_on, "資格喪失年月日")
    }
}
