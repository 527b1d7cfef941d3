//! Columns of 居宅サービス計画 and 利用者補足情報. Source: CSVファイルレイアウト定義書 4.1.

use super::Form::{
    Code, Date, DateOrZeros, Free, Insured, Insurer, MonthOrZeros, Number, Office, Postal, ServiceKind, Text, Time,
    Unused, Version,
};
use super::Item;
use super::Need::{Optional, Presumed, Required};
use super::tables;
use crate::columns;

columns! {
    /// 利用者補足情報 UPHOSOKU (LAYOUT No 1–63). Required marks of No 5–8 are inferred.
    supplement {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        PLAN_DATE "居宅サービス計画作成（変更）日" DateOrZeros Required;
        KANA "利用者氏名フリガナ" Free Presumed;
        NAME "利用者氏名" Free Presumed;
        SEX "利用者性別" Code(&tables::SEX) Presumed;
        BORN_ON "利用者生年月日" Date Presumed;
        POSTAL "利用者郵便番号" Postal Optional;
        ADDRESS1 "利用者住所１" Free Optional;
        ADDRESS2 "利用者住所２" Free Optional;
        PHONE "利用者電話番号" Text(15) Optional;
        CERTIFIED_ON "認定日" Date Optional;
        LIMIT_FROM "限度額適用開始年月日" Date Optional;
        LIMIT_UNTIL "限度額適用終了年月日" Date Optional;
        CERTIFICATION_STATE "認定状況区分" Code(&tables::CERTIFICATION_STATE) Optional;
        LEVEL_CHANGED_ON "要介護状態変更日" Date Optional;
        CARE_LEVEL "要介護状態区分" Code(&tables::CARE_LEVEL) Optional;
        LIMIT "区分支給限度基準額" Number(7) Optional;
        KIND1 "１サービス種類コード" ServiceKind Optional;
        KIND1_LIMIT "１支給限度基準額" Number(7) Optional;
        KIND1_TOTAL "１合計単位数" Number(7) Optional;
        KIND1_OVER "１限度超単位数" Number(7) Optional;
        KIND2 "２サービス種類コード" ServiceKind Optional;
        KIND2_LIMIT "２支給限度基準額" Number(7) Optional;
        KIND2_TOTAL "２合計単位数" Number(7) Optional;
        KIND2_OVER "２限度超単位数" Number(7) Optional;
        KIND3 "３サービス種類コード" ServiceKind Optional;
        KIND3_LIMIT "３支給限度基準額" Number(7) Optional;
        KIND3_TOTAL "３合計単位数" Number(7) Optional;
        KIND3_OVER "３限度超単位数" Number(7) Optional;
        KIND4 "４サービス種類コード" ServiceKind Optional;
        KIND4_LIMIT "４支給限度基準額" Number(7) Optional;
        KIND4_TOTAL "４合計単位数" Number(7) Optional;
        KIND4_OVER "４限度超単位数" Number(7) Optional;
        KIND5 "５サービス種類コード" ServiceKind Optional;
        KIND5_LIMIT "５支給限度基準額" Number(7) Optional;
        KIND5_TOTAL "５合計単位数" Number(7) Optional;
        KIND5_OVER "５限度超単位数" Number(7) Optional;
        KIND6 "６サービス種類コード" ServiceKind Optional;
        KIND6_LIMIT "６支給限度基準額" Number(7) Optional;
        KIND6_TOTAL "６合計単位数" Number(7) Optional;
        KIND6_OVER "６限度超単位数" Number(7) Optional;
        KIND7 "７サービス種類コード" ServiceKind Optional;
        KIND7_LIMIT "７支給限度基準額" Number(7) Optional;
        KIND7_TOTAL "７合計単位数" Number(7) Optional;
        KIND7_OVER "７限度超単位数" Number(7) Optional;
        KIND8 "８サービス種類コード" ServiceKind Optional;
        KIND8_LIMIT "８支給限度基準額" Number(7) Optional;
        KIND8_TOTAL "８合計単位数" Number(7) Optional;
        KIND8_OVER "８限度超単位数" Number(7) Optional;
        KIND9 "９サービス種類コード" ServiceKind Optional;
        KIND9_LIMIT "９支給限度基準額" Number(7) Optional;
        KIND9_TOTAL "９合計単位数" Number(7) Optional;
        KIND9_OVER "９限度超単位数" Number(7) Optional;
        OVER_TOTAL "合計限度超単位数" Number(7) Optional;
        SHORT_STAY_BEFORE "入所前月迄利用日数" Number(5) Optional;
        SHORT_STAY_SUM "入所累積利用日数" Number(5) Optional;
        PREVIOUS_LEVEL "前回要介護状態区分" Code(&tables::CARE_LEVEL) Optional;
        CONSENT_OFFICE "同意書受付業者" Office Optional;
        WRITER "更新業者コード" Office Optional;
        UNUSED "識別子" Unused Optional;
        MONTH "対象年月" MonthOrZeros Required;
    }
}

columns! {
    /// 居宅サービス計画1表 UP1KYO (No 1–28).
    sheet1 {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        MADE_ON "作成年月日" Date Required;
        POSTAL "利用者郵便番号" Postal Optional;
        ADDRESS1 "利用者住所１" Free Optional;
        ADDRESS2 "利用者住所２" Free Optional;
        PLANNER "居宅サービス計画作成者氏名" Free Required;
        OFFICE_NAME "介護支援事業者名" Free Required;
        OFFICE_POSTAL "介護支援事業者郵便番号" Postal Optional;
        OFFICE_ADDRESS1 "介護支援事業者住所１" Free Optional;
        OFFICE_ADDRESS2 "介護支援事業者住所２" Free Optional;
        OFFICE_NO "介護支援事業者コード" Office Required;
        PLAN_DATE "居宅サービス計画作成（変更）日" Date Required;
        FIRST_PLAN_DATE "初回居宅サービス計画作成日" Date Required;
        PLAN_CLASS "計画書区分" Code(&tables::PLAN_CLASS) Optional;
        CERTIFICATION_STATE "認定状況区分" Code(&tables::CERTIFICATION_STATE) Optional;
        CERTIFIED_ON "認定日" Date Optional;
        VALID_FROM "認定有効期間開始日" Date Optional;
        VALID_UNTIL "認定有効期間終了日" Date Optional;
        CARE_LEVEL "要介護状態区分" Code(&tables::CARE_LEVEL) Optional;
        INTENTION "利用者及び家族の生活に対する意向を踏まえた課題分析の結果" Free Optional;
        BOARD_OPINION "介護認定審査会の意見及びサービスの種類の指定" Free Optional;
        POLICY "総合的な援助の方針" Free Optional;
        HOUSEWORK_REASON "生活援助中心型の算定理由" Code(&tables::HOUSEWORK_REASON) Optional;
        OTHER_REASON "その他理由" Free Optional;
        WRITER "更新業者コード" Office Optional;
        UNUSED "識別子" Unused Optional;
    }
}

columns! {
    /// 居宅サービス計画1表_削除 DLT1KYO (No 1–4).
    sheet1_deletion {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        PLAN_DATE "居宅サービス計画作成（変更）日" Date Required;
    }
}

columns! {
    /// 居宅サービス計画2表 UP2KYO (No 1–22).
    sheet2 {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        MADE_ON "居宅計画書作成年月日" Date Required;
        PLAN_DATE "居宅サービス計画作成（変更）日" Date Required;
        NEED_NO "課題ＮＯ" Number(2) Optional;
        NEED "課題" Free Optional;
        GOAL_NO "援助目標ＮＯ" Number(2) Optional;
        LONG_GOAL "長期目標" Free Optional;
        SHORT_GOAL "短期目標" Free Optional;
        LONG_PERIOD "長期期間" Free Optional;
        SHORT_PERIOD "短期期間" Free Optional;
        HELP_NO "援助内容ＮＯ" Number(2) Optional;
        HELP "サービス内容" Free Optional;
        COVERED "保険対象区分" Code(&tables::COVERED) Optional;
        SERVICE "サービス種別" Free Optional;
        OFFICE_NO "サービス事業者コード" Office Optional;
        OFFICE_NAME "サービス事業所名" Free Optional;
        FREQUENCY "頻度" Free Optional;
        PERIOD "実施期間" Free Optional;
        WRITER "更新業者コード" Office Optional;
        UNUSED "識別子" Unused Optional;
    }
}

columns! {
    /// 居宅サービス計画3表 UP3KYO (No 1–13), new in 4.0.
    sheet3 {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        MADE_ON "週間サービス計画表作成年月日" Date Required;
        PLAN_DATE "居宅サービス計画作成（変更）日" Date Required;
        SERVICE "介護サービス内容" Free Optional;
        WEEKDAY "曜日" Code(&tables::WEEKDAY) Optional;
        SERVICE_FROM "開始時間" Time Optional;
        SERVICE_UNTIL "終了時間" Time Optional;
        ACTIVITY "主な日常生活上の活動" Free Optional;
        ACTIVITY_FROM "開始時間" Time Optional;
        ACTIVITY_UNTIL "終了時間" Time Optional;
        OTHER "週単位以外のサービス" Free Optional;
    }
}
