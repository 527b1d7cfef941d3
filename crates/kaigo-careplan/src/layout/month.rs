//! Columns of サービス利用票 and its 別表. Source: CSVファイルレイアウト定義書 4.1.

use super::Form::{
    Code, Date, Days, Decimal, Free, Insured, Insurer, Month, Number, Office, Service, ServiceKind, SummaryService,
    Tais, Text, Time, Unused, Version,
};
use super::Item;
use super::Need::{Conditional, Optional, Presumed, Required};
use super::tables;
use crate::columns;

columns! {
    /// 第6表 予定 UPPLAN and 実績 UPJSK (No 1–25). Required marks of No 6 and 8 are inferred; so is the length of No 19.
    usage {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        MADE_ON "作成年月日" Date Required;
        MONTH "対象年月" Month Required;
        PLAN_OFFICE "プラン担当業者コード" Office Presumed;
        PLANNER "プラン担当者名" Free Optional;
        UNITS "単位数" Number(6) Presumed;
        SHORT_STAY_BEFORE "前月までの短期入所利用日数" Number(5) Optional;
        DATE "サービス利用日" Date Required;
        DAYS "日割対象日" Days Optional;
        FROM "サービス開始時刻" Time Required;
        UNTIL "サービス終了時刻" Time Required;
        TIMES "サービス回数" Number(2) Required;
        SERVICE "サービスコード" Service Required;
        TAIS "TAISコード" Tais Conditional;
        EQUIPMENT "福祉用具届出コード" Text(12) Conditional;
        EQUIPMENT_NAME "用具名称（機種名）" Free Optional;
        LINE "明細判別コード" Number(2) Conditional;
        OFFICE_NO "サービス事業者コード" Office Required;
        OFFICE_NAME "サービス事業所名" Free Optional;
        SATELLITE "サテライト枝番" Text(2) Conditional;
        OVER_30 "３０日超区分" Code(&tables::OVER_30) Required;
        WRITER "更新業者コード" Office Optional;
        UNUSED "識別子" Unused Optional;
    }
}

columns! {
    /// 第6表 予定_削除 DLTPLAN (No 1–4).
    planned_deletion {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        MONTH "削除対象年月" Month Required;
    }
}

columns! {
    /// 第6表 実績情報_削除 DLTJSK (No 1–6).
    result_deletion {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        MONTH "削除対象年月" Month Required;
        OFFICE_NO "サービス事業者コード" Office Required;
        KIND "サービス種類コード" ServiceKind Required;
    }
}

columns! {
    /// 第7表 サービス利用票別表 UPSIKYU (No 1–37). Lengths of No 30 and 31 are taken as 5, as the revision note of 3.2 says.
    detail {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        MADE_ON "作成年月日" Date Required;
        MONTH "対象年月" Month Required;
        OFFICE_NAME "サービス事業所名" Free Optional;
        OFFICE_NO "サービス事業所コード" Office Required;
        SATELLITE "サテライト枝番" Text(2) Conditional;
        SERVICE "サービスコード" SummaryService Required;
        TAIS "TAISコード" Tais Conditional;
        EQUIPMENT "福祉用具届出コード" Text(12) Conditional;
        EQUIPMENT_NAME "用具名称（機種名）" Free Optional;
        UNITS "単位数" Number(6) Required;
        RATE "割引後率" Number(5) Optional;
        UNITS_DISCOUNTED "割引後単位数" Number(6) Optional;
        TIMES "回数／日数" Number(3) Required;
        AMOUNT "サービス単位金額" Number(5) Optional;
        UNITS_MANAGED "給付管理単位数" Number(6) Optional;
        KIND_OVER "種類支給限度基準超単位数" Number(6) Optional;
        KIND_WITHIN "種類支給限度基準内単位数" Number(6) Optional;
        LIMIT_OVER "区分支給限度基準超単位数" Number(6) Optional;
        LIMIT_WITHIN "区分支給限度基準内単位数" Number(6) Optional;
        UNIT_PRICE "単位数単価" Decimal Optional;
        COST "費用総額保険／事業対象分" Number(6) Optional;
        BENEFIT_RATE "給付率" Number(6) Optional;
        CLAIM "保険／事業費請求額" Number(6) Optional;
        FIXED_SHARE "定額利用者負担単価金額" Number(6) Optional;
        SHARE "利用者負担保険／事業対象分" Number(6) Optional;
        FULL_SHARE "利用者負担（全額負担分）" Number(6) Optional;
        DAYS_BEFORE "前月までの利用日数" Number(5) Optional;
        DAYS_PLANNED "当月の計画利用日数" Number(5) Optional;
        DAYS_SUM "累積利用日数" Number(5) Optional;
        OVER_30 "３０日超区分" Code(&tables::OVER_30) Required;
        FIXED_OFFICE "事業所コード" Text(10) Optional;
        TYPIST "入力者コード" Text(10) Optional;
        WRITER "更新業者コード" Office Optional;
        UNUSED "識別子" Unused Optional;
    }
}
