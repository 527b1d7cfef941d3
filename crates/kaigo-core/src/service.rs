//! Kinds of service (サービス種類コード, two characters).

use crate::codes;

codes! {
    /// Kind of service (サービス種類コード).
    ServiceKind, "サービス種類コード", {
        HomeHelp = "11" "訪問介護",
        CareManagement = "43" "居宅介護支援",
    }
}
