//! Columns of the 介護予防 documents. Source: CSVファイルレイアウト定義書 4.1.

use super::Form::{Code, Date, Free, Insured, Insurer, Number, Text, Version};
use super::Item;
use super::Need::{Optional, Presumed, Required};
use super::tables;
use crate::columns;

columns! {
    /// 利用者基本情報 UPKIHON (No 1–71), 予防.
    basic {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        CONSULTED_ON "相談日" Date Required;
        PLAN_TYPE "計画種類" Code(&tables::PLAN_TYPE) Required;
        ENTRUSTED "委託の有無" Code(&tables::ENTRUSTED) Presumed;
        AUTHOR "作成担当者" Free Optional;
        METHOD "相談方法" Code(&tables::CONSULTATION) Optional;
        METHOD_OTHER "相談方法(その他の内容)" Free Optional;
        COUNT "相談回数" Code(&tables::CONSULTATION_COUNT) Optional;
        PREVIOUS_ON "前回相談日" Date Optional;
        SITUATION "利用者の現況" Code(&tables::SITUATION) Optional;
        SITUATION_NOTE "利用者の現況(状況補足)" Free Optional;
        KANA "利用者氏名ﾌﾘｶﾞﾅ" Free Required;
        NAME "利用者氏名" Free Required;
        SEX "利用者性別" Code(&tables::SEX) Required;
        BORN_ON "利用者生年月日" Date Required;
        ADDRESS "利用者住所" Free Optional;
        PHONE "利用者電話番号" Text(15) Optional;
        FAX "利用者Fax番号" Text(15) Optional;
        DISABILITY "障害高齢者の日常生活自立度" Code(&tables::DISABILITY) Optional;
        DEMENTIA "認知症高齢者の日常生活自立度" Code(&tables::DEMENTIA) Optional;
        CARE_LEVEL "要介護状態区分" Code(&tables::CARE_LEVEL_BASIC) Optional;
        VALID_FROM "認定有効期限開始日" Date Optional;
        VALID_UNTIL "認定有効期間終了日" Date Optional;
        PREVIOUS_LEVEL "前回の介護度" Code(&tables::CARE_LEVEL_BASIC) Optional;
        CHECKLIST "基本チェックリスト記入結果" Code(&tables::CHECKLIST) Optional;
        CHECKLIST_ON "基本チェックリスト記入日" Date Optional;
        PHYSICAL "障害等認定（身障）" Code(&tables::YES_ZERO) Optional;
        INTELLECTUAL "障害等認定（療育）" Code(&tables::YES_ZERO) Optional;
        MENTAL "障害等認定（精神）" Code(&tables::YES_ZERO) Optional;
        INTRACTABLE "障害等認定（難病）" Code(&tables::YES_ZERO) Optional;
        DISABILITY_NOTE "障害等認定特記事項" Free Optional;
        DWELLING "居住形態" Code(&tables::DWELLING) Optional;
        FLOOR "自室の階数" Number(2) Optional;
        MODIFIED "住宅改修の有無" Code(&tables::YES_TWO) Optional;
        PENSION_NATIONAL "経済状況（国民年金）" Code(&tables::YES_ZERO) Optional;
        PENSION_EMPLOYEE "経済状況（厚生年金）" Code(&tables::YES_ZERO) Optional;
        PENSION_DISABILITY "経済状況（障害年金）" Code(&tables::YES_ZERO) Optional;
        ASSISTANCE "経済状況（生活保護）" Code(&tables::YES_ZERO) Optional;
        ECONOMY "経済状況詳細" Free Optional;
        VISITOR "来所者(相談者)氏名" Free Optional;
        VISITOR_ADDRESS "来所者(相談者)住所" Free Optional;
        VISITOR_PHONE "来所者(相談者)電話番号" Text(15) Optional;
        VISITOR_RELATION "来所者(相談者)続柄" Free Optional;
        CONTACT1 "１緊急連絡先氏名" Free Optional;
        CONTACT1_RELATION "１緊急連絡先続柄" Free Optional;
        CONTACT1_ADDRESS "１緊急連絡先住所" Free Optional;
        CONTACT1_PHONE "１緊急連絡先電話番号" Text(15) Optional;
        CONTACT2 "２緊急連絡先氏名" Free Optional;
        CONTACT2_RELATION "２緊急連絡先続柄" Free Optional;
        CONTACT2_ADDRESS "２緊急連絡先住所" Free Optional;
        CONTACT2_PHONE "２緊急連絡先電話番号" Text(15) Optional;
        CONTACT3 "３緊急連絡先氏名" Free Optional;
        CONTACT3_RELATION "３緊急連絡先続柄" Free Optional;
        CONTACT3_ADDRESS "３緊急連絡先住所" Free Optional;
        CONTACT3_PHONE "３緊急連絡先電話番号" Text(15) Optional;
        CONTACT4 "４緊急連絡先氏名" Free Optional;
        CONTACT4_RELATION "４緊急連絡先続柄" Free Optional;
        CONTACT4_ADDRESS "４緊急連絡先住所" Free Optional;
        CONTACT4_PHONE "４緊急連絡先電話番号" Text(15) Optional;
        IMAGE "家族構成 画像ファイル名" Free Optional;
        FAMILY "家族関係等の状況" Free Optional;
        LIFE "今までの生活" Free Optional;
        DAY "１日の生活・すごし方(生活全般)" Free Optional;
        HOBBY "趣味・楽しみ・特技" Free Optional;
        FRIENDS "友人・地域との関係" Free Optional;
        PUBLIC_SERVICES "現在利用している公的サービス" Free Optional;
        OTHER_SERVICES "現在利用している非公的サービス" Free Optional;
        CONSENTED_ON "同意日" Date Optional;
        CONSENTED_BY "同意者氏名" Free Optional;
    }
}

columns! {
    /// 利用者基本情報 別表1 UPKIHON_SUB1 (No 1–7).
    basic_day {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        CONSULTED_ON "相談日" Date Required;
        TIME "時間" Free Optional;
        PERSON "本人の生活状況" Free Optional;
        FAMILY "介護者・家族の生活状況" Free Optional;
    }
}

columns! {
    /// 利用者基本情報 別表2 UPKIHON_SUB2 (No 1–11).
    basic_illness {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        CONSULTED_ON "相談日" Date Required;
        WHEN "年月日" Free Optional;
        ILLNESS "病名" Free Optional;
        DOCTOR "医療機関・医師名" Free Optional;
        IS_MAIN_DOCTOR "主治医・意見作成者フラグ" Code(&tables::MAIN_DOCTOR) Optional;
        DOCTOR_PHONE "医療機関・医師電話番号" Text(15) Optional;
        COURSE "経過" Code(&tables::COURSE) Optional;
        TREATMENT "治療中の内容" Free Optional;
    }
}

columns! {
    /// 利用者基本情報_削除 DLTKIHON (No 1–4).
    basic_deletion {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        CONSULTED_ON "相談日" Date Required;
    }
}

columns! {
    /// 介護予防サービス・支援計画書 UPYOBO (No 1–57).
    prevention {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        PLAN_DATE "計画作成(変更)日" Date Required;
        PLAN_TYPE "計画種類" Code(&tables::PLAN_TYPE) Required;
        ENTRUSTED "委託の有無" Code(&tables::ENTRUSTED) Presumed;
        FILE_NO "整理番号" Free Optional;
        NAME "利用者名" Free Required;
        CERTIFIED_ON "認定年月日" Date Optional;
        VALID_FROM "認定有効期間開始日" Date Optional;
        VALID_UNTIL "認定有効期間終了日" Date Optional;
        PLAN_CLASS "計画書区分" Code(&tables::PLAN_CLASS) Optional;
        CERTIFICATION_STATE "認定状況区分" Code(&tables::CERTIFICATION_STATE) Optional;
        SUPPORT_LEVEL "要支援状態区分" Code(&tables::SUPPORT_LEVEL) Optional;
        PLANNER_CENTER "計画作成者氏名（地域包括支援センター担当者名）" Free Optional;
        PLANNER "計画作成者氏名（担当介護支援専門員名）" Free Optional;
        OFFICE_NAME "計画作成者事業者・事業所名" Free Optional;
        OFFICE_ADDRESS "計画作成者事業者・事業所住所" Free Optional;
        OFFICE_PHONE "計画作成者事業者・事業所電話番号" Text(15) Optional;
        FIRST_ON "初回作成日" Date Optional;
        CENTER "担当地域包括支援センター" Free Optional;
        GOAL_DAY "目標とする生活(1日)" Free Optional;
        GOAL_YEAR "目標とする生活(1年)" Free Optional;
        MOVE_NOW "【運動・移動】現在の状況" Free Optional;
        MOVE_WISH "【運動・移動】本人・家族の意欲・意向" Free Optional;
        MOVE_HAS_NEED "【運動・移動】領域における課題の有無" Code(&tables::YES_TWO) Optional;
        MOVE_NEED "【運動・移動】課題（背景・原因）" Free Optional;
        HOME_NOW "【日常生活(家庭生活)】現在の状況" Free Optional;
        HOME_WISH "【日常生活(家庭生活)】本人・家族の意欲・意向" Free Optional;
        HOME_HAS_NEED "【日常生活(家庭生活)】領域における課題の有無" Code(&tables::YES_TWO) Optional;
        HOME_NEED "【日常生活(家庭生活)】課題（背景・原因）" Free Optional;
        SOCIAL_NOW "【社会参加、対人関係・コミュニケーション】現在の状況" Free Optional;
        SOCIAL_WISH "【社会参加、対人関係・コミュニケーション】本人・家族の意欲・意向" Free Optional;
        SOCIAL_HAS_NEED "【社会参加、対人関係・コミュニケーション】領域における課題の有無" Code(&tables::YES_TWO) Optional;
        SOCIAL_NEED "【社会参加、対人関係・コミュニケーション】課題（背景・原因）" Free Optional;
        HEALTH_NOW "【健康管理】現在の状況" Free Optional;
        HEALTH_WISH "【健康管理】本人・家族の意欲・意向" Free Optional;
        HEALTH_HAS_NEED "【健康管理】領域における課題の有無" Code(&tables::YES_TWO) Optional;
        HEALTH_NEED "【健康管理】課題（背景・原因）" Free Optional;
        HEALTH_NOTE "健康状態の留意点" Free Optional;
        SUPPORT_POLICY "妥当な支援の実施に向けた方針" Free Optional;
        POLICY "総合的な方針" Free Optional;
        CHECK_EXERCISE "基本チェックリストの該当数（運動不足）" Number(1) Optional;
        CHECK_NUTRITION "基本チェックリストの該当数（栄養改善）" Number(1) Optional;
        CHECK_MOUTH "基本チェックリストの該当数（口腔内ケア）" Number(1) Optional;
        CHECK_INDOORS "基本チェックリストの該当数（閉じこもり予防）" Number(1) Optional;
        CHECK_MEMORY "基本チェックリストの該当数（物忘れ予防）" Number(1) Optional;
        CHECK_MOOD "基本チェックリストの該当数（うつ予防）" Number(1) Optional;
        PROGRAM_EXERCISE "事業プログラムの要否（運動不足）" Code(&tables::NEEDED) Optional;
        PROGRAM_NUTRITION "事業プログラムの要否（栄養改善）" Code(&tables::NEEDED) Optional;
        PROGRAM_MOUTH "事業プログラムの要否（口腔内ケア）" Code(&tables::NEEDED) Optional;
        PROGRAM_INDOORS "事業プログラムの要否（閉じこもり予防）" Code(&tables::NEEDED) Optional;
        PROGRAM_MEMORY "事業プログラムの要否（物忘れ予防）" Code(&tables::NEEDED) Optional;
        PROGRAM_MOOD "事業プログラムの要否（うつ予防）" Code(&tables::NEEDED) Optional;
        CENTER_OPINION "地域包括支援センター意見" Free Optional;
        CONSENTED_ON "同意日" Date Optional;
        CONSENTED_BY "同意者氏名" Free Optional;
    }
}

columns! {
    /// 介護予防サービス・支援計画書 別表（支援計画） UPYOBO_SUB (No 1–17).
    prevention_support {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        PLAN_DATE "計画作成(変更)日" Date Required;
        NEED_NO "課題ＮＯ" Number(2) Optional;
        NEED "総合的課題" Free Optional;
        PROPOSAL "課題に対する目標と具体策の提案" Free Optional;
        WISH "具体策についての意向本人・家族" Free Optional;
        GOAL "目標" Free Optional;
        SUPPORT_NO "支援計画ＮＯ" Number(2) Optional;
        POINT "【支援計画】目標についての支援のポイント" Free Optional;
        INFORMAL "【支援計画】本人等のセルフケアや家族の支援、インフォーマルサービス（民間サービス）" Free Optional;
        FORMAL "【支援計画】介護保険サービス又は地域支援事業（総合事業のサービス）" Free Optional;
        SERVICE_NO "利用サービスＮＯ" Number(2) Optional;
        SERVICE "【利用サービス】サービス種別" Free Optional;
        OFFICE "【利用サービス】事業所(利用先)" Free Optional;
        PERIOD "【利用サービス】期間" Free Optional;
    }
}

columns! {
    /// 介護予防サービス・支援計画書_削除 DLTYOBO (No 1–4).
    prevention_deletion {
        VERSION "CSVバージョン" Version Required;
        INSURER_NO "保険者番号" Insurer Required;
        INSURED_NO "被保険者番号" Insured Required;
        PLAN_DATE "計画作成(変更)日" Date Required;
    }
}
