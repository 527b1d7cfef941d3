//! Certification documents (認定調査票, 主治医意見書): items and the document as it is.

use crate::column;
use crate::date::Date;
use crate::layout::{Column, Record};
use crate::survey::{OpinionItems, SurveyItems};
use crate::text::Text;

/// Certification survey (認定調査票): 基本調査 as items, 特記事項 as text, the sheet as a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// Application it belongs to (申請番号).
    pub application_no: Text<20>,
    /// Day of the survey (実施日).
    pub surveyed_on: Date,
    /// Who surveyed: the organisation (所属機関).
    pub surveyor: Option<Text<60>>,
    /// Place (実施場所).
    pub place: Option<Text<60>>,
    /// Answers of 基本調査.
    pub items: SurveyItems,
    /// Remarks (特記事項), a line each: `2-2 夜間だけ見守りが要る。`.
    pub remarks: Option<Text<6000>>,
    /// File in the feed's `documents` folder (ファイル名).
    pub file: Option<Text<120>>,
}

impl Record for Survey {
    const NAME: &'static str = "survey";
    const JA: &'static str = "認定調査票";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(application_no: Text<20>, "申請番号", "認定申請の申請番号"),
        column!(surveyed_on: Date, "調査実施日", "概況調査 Ⅰ"),
        column!(surveyor: Option<Text<60>>, "所属機関", "概況調査 Ⅰ。記入者の氏名は持たない"),
        column!(place: Option<Text<60>>, "実施場所", "自宅内・自宅外"),
        column!(items: SurveyItems, "基本調査", "項目番号=選択肢 を ; でつなぐ（1-1=2,3;1-3=1）。認定調査員テキスト2009改訂版"),
        column!(remarks: Option<Text<6000>>, "特記事項", "項目番号と文を1行ずつ"),
        column!(file: Option<Text<120>>, "ファイル名", "documents フォルダーの中の PDF・PNG・JPEG"),
    ];
}

/// Opinion of the attending physician (主治医意見書), form of 2026-04.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DoctorOpinion {
    /// Application it belongs to (申請番号).
    pub application_no: Text<20>,
    /// Day of writing (記入日).
    pub written_on: Date,
    /// Medical institution (医療機関名).
    pub institution: Text<60>,
    /// Physician (医師氏名).
    pub physician: Option<Text<40>>,
    /// Last examination (最終診察日).
    pub examined_on: Option<Date>,
    /// Diagnosis (診断名), up to three lines.
    pub diagnosis: Option<Text<200>>,
    /// Answers that have codes.
    pub items: OpinionItems,
    /// Course and treatment (症状の経過・治療内容).
    pub course: Option<Text<600>>,
    /// Remarks (特記すべき事項).
    pub remarks: Option<Text<1000>>,
    /// File in the feed's `documents` folder (ファイル名).
    pub file: Option<Text<120>>,
}

impl Record for DoctorOpinion {
    const NAME: &'static str = "doctor_opinion";
    const JA: &'static str = "主治医意見書";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(application_no: Text<20>, "申請番号", "認定申請の申請番号"),
        column!(written_on: Date, "記入日", ""),
        column!(institution: Text<60>, "医療機関名", ""),
        column!(physician: Option<Text<40>>, "医師氏名", ""),
        column!(examined_on: Option<Date>, "最終診察日", ""),
        column!(diagnosis: Option<Text<200>>, "診断名", "1行に1つ、3つまで"),
        column!(items: OpinionItems, "意見書項目", "項目=選択肢 を ; でつなぐ。主治医意見書（令和8年4月）"),
        column!(course: Option<Text<600>>, "経過及び治療内容", "1(3)"),
        column!(remarks: Option<Text<1000>>, "特記すべき事項", "5"),
        column!(file: Option<Text<120>>, "ファイル名", "documents フォルダーの中の PDF・PNG・JPEG"),
    ];
}
