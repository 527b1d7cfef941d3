//! Inquiries to the operator (問い合わせ): kinds and states.

use crate::codes;

codes! {
    /// What an inquiry is about (問い合わせの種類).
    Kind, "問い合わせの種類", {
        Registration = "registration" "利用登録・ログイン",
        Certificate = "certificate" "電子証明書",
        Exchange = "exchange" "ケアプラン連携",
        Record = "record" "資格・認定の情報",
        Subsidy = "subsidy" "助成金",
        Licence = "licence" "ライセンス",
        Trouble = "trouble" "不具合",
        Other = "other" "そのほか",
    }
}

codes! {
    /// State of a thread (問い合わせの状態).
    State, "問い合わせの状態", {
        New = "new" "回答待ち",
        Answered = "answered" "回答あり",
        Waiting = "waiting" "確認中",
        Closed = "closed" "終了",
    }
}
