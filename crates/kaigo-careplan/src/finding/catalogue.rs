//! Every code of a finding: severity, foundation, title, general mend, place in the standard.

use kaigo_core::finding::Severity;

use super::Basis;

macro_rules! codes {
    ($($variant:ident $code:literal $severity:ident $basis:ident $source:ident $title:literal $mend:literal;)+) => {
        /// Code of a finding. The code in text never changes; docs/findings.md lists them all.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant),+
        }

        impl Code {
            /// Every code in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }

            /// How well the rule is founded.
            pub fn basis(self) -> Basis {
                match self { $(Self::$variant => Basis::$basis),+ }
            }

            /// What it says in general, a Japanese sentence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// The general mend, a Japanese sentence.
            pub fn mend(self) -> &'static str {
                match self { $(Self::$variant => $mend),+ }
            }

            /// Where the rule stands.
            pub fn source(self) -> &'static str {
                match self { $(Self::$variant => $source),+ }
            }
        }
    };
}

const NAME: &str = "標準仕様4.1 CSVファイルレイアウト定義書 ファイル名";
const UNIT: &str = "標準仕様4.1 本文2.4・3.4 送信単位";
const CONTENT: &str = "標準仕様4.1 本文2.6 ファイルの内容";
const BYTES: &str = "標準仕様4.1 CSVファイルレイアウト定義書 文字コード・フリーテキスト";
const VERSION: &str = "標準仕様4.1 CSVファイルレイアウト定義書 CSVバージョン";
const LAYOUT: &str = "標準仕様4.1 CSVファイルレイアウト定義書 項目定義";
const TABLES: &str = "標準仕様4.1 CSVファイルレイアウト定義書 コード表";
const KEYS: &str = "標準仕様4.1 本文2.3・3.3 ファイルの関連とキー";
const SCOPE: &str = "標準仕様4.1 本文1.3・1.4 連携対象のサービス";
const SHEET2: &str = "標準仕様4.1 CSVファイルレイアウト定義書 第2表";
const SHEET3: &str = "標準仕様4.1 CSVファイルレイアウト定義書 第3表";
const SHEET6: &str = "標準仕様4.1 CSVファイルレイアウト定義書 第6表";
const SHEET7: &str = "標準仕様4.1 CSVファイルレイアウト定義書 第7表";
const FORM7: &str = "サービス利用票別表の記載要領（標準仕様に計算式の定めはない。推定）";
const DIGITS: &str = "保険者番号等設定要領・事業所番号の考え方（検証番号）";
const OPEN: &str = "標準仕様に定めがない（推定）";
const LAW: &str = "番号法（個人番号の提供の制限）";
const FAQ: &str = "ケアプランデータ連携システム ヘルプデスクFAQ（同じ事業所番号）";
const OURS: &str = "本プログラムの取扱い";

codes! {
    // Names.
    NamePrefix "name-prefix" Error Confirmed NAME
        "ファイル名の始まりが、標準仕様のファイルのものではありません。"
        "ファイル名をUPPLAN、UP1KYOなど標準仕様のものにしてください。介護ソフトが出した名前のままなら、変えずに使えます。";
    NameParts "name-parts" Error Confirmed NAME
        "ファイル名の区切りの数が、標準仕様と違います。"
        "介護ソフトが出した名前のまま使うか、標準仕様の形にしてください。";
    NamePart "name-part" Error Confirmed NAME
        "ファイル名の中に、正しくない部分があります。"
        "その部分を標準仕様の形にしてください。";
    NameExtension "name-extension" Error Confirmed NAME
        "ファイルの拡張子が、標準仕様のものではありません。"
        "拡張子を.CSV（家族構成の画像は.jpg）にしてください。";
    NameSpelling "name-spelling" Warning Confirmed NAME
        "ファイル名は読めますが、標準仕様のつづりと違います。"
        "受け取る側のソフトのために、標準仕様のとおりの名前にしてください。";
    NameFormOld "name-form-old" Warning Confirmed NAME
        "ファイル名が、前の版の形です。"
        "4.1版では、事業所番号の次に2けたのサービス種類コードが要ります。介護ソフトの版を確かめてください。";
    NameKindsSwapped "name-kinds-swapped" Note Inferred NAME
        "ファイル名の送信元と送信先のサービス種類コードが、入れ替わっているようです。"
        "標準仕様に印刷された例と同じ形なので、このまま読みます。書くときは、送信元、送信先の順にしてください。";
    NameDirection "name-direction" Warning Inferred NAME
        "ファイルの種類と、送る向きが合わないようです。"
        "送信元と送信先の事業所とサービス種類コードを確かめてください。";
    SerialMoment "serial-moment" Warning Confirmed NAME
        "連番が、年月日時分秒として読めません。"
        "連番は、ファイルを作った日時（YYYYMMDDHHMMSS）の14けたにしてください。";
    SameOffice "same-office" Warning Confirmed FAQ
        "送信元と送信先が、同じ事業所番号です。"
        "送り先の事業所を確かめてください。ケアプランデータ連携システムでは、送れないことがあります。";
    FileIgnored "file-ignored" Note House OURS
        "標準仕様のファイルではないので、見ていません。"
        "送るファイルでなければ、このままで構いません。";
    FileAttachment "file-attachment" Note House OURS
        "標準仕様のファイルではありませんが、添付の書類として一緒に送れます。"
        "一緒に送らないときは、外してください。";
    AttachmentRefused "attachment-refused" Error House OURS
        "添付できない書類です。"
        "PDFかJPEGの、パスワードやプログラムのないものにしてください。";
    FileTwice "file-twice" Note House OURS
        "同じ名前で同じ内容のファイルが、もう1つあります。"
        "1つだけを見ています。そのままで構いません。";
    // Sets.
    SetIncomplete "set-incomplete" Error Confirmed UNIT
        "一緒に送るはずのファイルが足りません。"
        "足りないファイルを介護ソフトから出して、同じフォルダーに加えてください。";
    SetUnknown "set-unknown" Error Confirmed UNIT
        "この組み合わせでは送れません。"
        "標準仕様の組み合わせに分けてください。";
    SetKindTwice "set-kind-twice" Error Confirmed UNIT
        "同じ種類のファイルが、1つの組に2つ以上あります。"
        "正しいほうだけを残してください。";
    SetAnnex "set-annex" Note Inferred UNIT
        "別表のファイルがありません。"
        "別表に書くことがなければ、このままで構いません。";
    SerialDiffers "serial-differs" Error Confirmed UNIT
        "一緒に送るファイルの連番が、ファイルごとに違います。"
        "1つの組のファイルは、すべて同じ連番にしてください。";
    SupplementRole "supplement-role" Error Confirmed NAME
        "利用者補足情報が、この組のものではありません。"
        "第1～3表と送る利用者補足情報は対象年月を000000に、第6・7表と送るものは対象年月をその月にしてください。";
    SupplementSentinel "supplement-sentinel" Warning Confirmed LAYOUT
        "利用者補足情報の、使わないほうの日付が0ではありません。"
        "第1～3表と送るときは対象年月を000000に、第6・7表と送るときは居宅サービス計画作成（変更）日を00000000にしてください。";
    // Bytes and rows.
    FileEmpty "file-empty" Error Confirmed CONTENT
        "ファイルに何も入っていません。"
        "介護ソフトから、もう一度出してください。";
    FileTooLarge "file-too-large" Error House OURS
        "ファイルが大きすぎるので、読みませんでした。"
        "利用者を分けて、小さなファイルにしてください。";
    FileNotCsv "file-not-csv" Error Confirmed BYTES
        "CSVのファイルではありません。"
        "介護ソフトから、CSVのファイルを出してください。";
    FileNotJpeg "file-not-jpeg" Error Confirmed LAYOUT
        "家族構成の画像が、JPEGではありません。"
        "画像をJPEGにしてください。";
    EncodingUtf8 "encoding-utf8" Error Confirmed BYTES
        "文字コードがUTF-8です。標準仕様はShift_JIS（MS932）です。"
        "Shift_JIS（MS932）で保存しなおしてください。「なおした写し」でもなおせます。";
    Undecodable "undecodable" Error Confirmed BYTES
        "文字として読めないところがあります。"
        "その文字を入れなおして、Shift_JIS（MS932）で出しなおしてください。";
    PrivateUse "private-use" Error Confirmed BYTES
        "外字が使われています。ほかのパソコンでは、別の文字になるか、出ません。"
        "ふつうの漢字かひらがなに置きかえてください。";
    OutsideMs932 "outside-ms932" Error Confirmed BYTES
        "Shift_JIS（MS932）にない文字があります。"
        "MS932にある文字に置きかえてください。";
    QuoteOpen "quote-open" Error Confirmed BYTES
        "引用符（\"）が閉じていません。"
        "項目の終わりに引用符を入れてください。";
    QuoteAfter "quote-after" Error Confirmed BYTES
        "閉じた引用符（\"）のあとに、文字が続いています。"
        "文の中の引用符は、2つ重ねて（\"\"）書いてください。";
    BlankLine "blank-line" Warning Inferred OPEN
        "何もない行があります。"
        "空の行を消してください。";
    HeadingRow "heading-row" Warning Inferred OPEN
        "1行目が見出しです。標準仕様のファイルに見出しはありません。"
        "見出しの行を消してください。";
    LineEnding "line-ending" Note Inferred OPEN
        "改行が、ふつうのもの（CRLF）ではありません。"
        "受け取る側で読めないときは、改行をCRLFにしてください。";
    ColumnCount "column-count" Error Confirmed LAYOUT
        "行の項目の数が、標準仕様と違います。"
        "項目を増やしたり減らしたりせず、介護ソフトが出したまま使ってください。";
    // Versions.
    VersionMixed "version-mixed" Error Confirmed VERSION
        "1つのファイルに、違うCSVバージョンの行があります。"
        "1つのファイルは、1つの版で出してください。";
    VersionUnknown "version-unknown" Warning Inferred VERSION
        "知らないCSVバージョンです。"
        "4.1版は202407です。介護ソフトの設定を確かめてください。";
    VersionOld "version-old" Warning Confirmed VERSION
        "CSVバージョンが、いまの版（202407）ではありません。"
        "介護ソフトを4.1版に対応したものにしてください。";
    VersionLayout "version-layout" Warning Inferred VERSION
        "CSVバージョンと、項目の並びの版が合わないようです。"
        "介護ソフトの版と設定を確かめてください。";
    // Cells.
    RequiredEmpty "required-empty" Error Confirmed LAYOUT
        "必須の項目が空です。"
        "その項目を入れてください。";
    PresumedEmpty "presumed-empty" Warning Inferred LAYOUT
        "必須とみられる項目が空です。"
        "その項目を入れてください。受け取る側のソフトが読まないことがあります。";
    FullWidthCode "full-width-code" Error Confirmed LAYOUT
        "半角で書く項目に、全角の文字か余分な空白があります。"
        "半角にして、空白を消してください。";
    InsurerShape "insurer-shape" Error Confirmed LAYOUT
        "保険者番号が、6けたの数字ではありません。"
        "被保険者証にある6けたの番号を入れてください。";
    InsuredShape "insured-shape" Error Confirmed LAYOUT
        "被保険者番号が、10けたの番号ではありません。"
        "被保険者証にある10けたの番号を入れてください。生活保護だけの方は、Hと9けたの数字です。";
    InsuredShort "insured-short" Warning Inferred LAYOUT
        "被保険者番号のけたが足りません。"
        "先頭の0が落ちていないか確かめて、10けたにしてください。";
    OfficeShape "office-shape" Error Confirmed LAYOUT
        "事業所番号が、10けたの英数字ではありません。"
        "指定通知書にある10けたの番号を入れてください。";
    CheckDigit "check-digit" Note Inferred DIGITS
        "番号の検査数字（最後の1けた）が合いません。"
        "番号を確かめてください。正しければ、このままで構いません。";
    DateInvalid "date-invalid" Error Confirmed LAYOUT
        "日付として読めません。"
        "暦にある日付を、西暦の8けた（YYYYMMDD）で入れてください。";
    MonthInvalid "month-invalid" Error Confirmed LAYOUT
        "年月として読めません。"
        "西暦の年月を6けた（YYYYMM）で入れてください。";
    TimeInvalid "time-invalid" Error Confirmed LAYOUT
        "時刻として読めません。"
        "時刻を4けた（HHMM）で入れてください。時刻のないサービスは9999です。";
    TimePastMidnight "time-past-midnight" Note Inferred SHEET6
        "24時以降の書き方です。標準仕様に定めがないので、受け取る側で違って見えることがあります。"
        "送り先と書き方を決めていれば、このままで構いません。";
    TimeReversed "time-reversed" Note Inferred SHEET6
        "終わりの時刻が、始まりの時刻より前です。"
        "日をまたぐサービスなら、このままで構いません。そうでなければ、時刻を確かめてください。";
    NumberInvalid "number-invalid" Error Confirmed LAYOUT
        "数字ではありません。"
        "半角の数字だけにしてください。けた区切りのコンマも要りません。";
    NumberNegative "number-negative" Note Inferred LAYOUT
        "負の数です。標準仕様に書き方の定めがありません。"
        "減算の単位数であれば、このままで構いません。";
    DecimalForm "decimal-form" Warning Confirmed LAYOUT
        "単位数単価が、小数点以下2けたの形ではありません。"
        "10.21のように、小数点以下を2けたにしてください。";
    TooLong "too-long" Error Confirmed LAYOUT
        "項目の長さが、標準仕様のけた数を超えています。"
        "けた数に収まるようにしてください。";
    TooLongPresumed "too-long-presumed" Warning Inferred LAYOUT
        "項目の長さが、標準仕様のものとみられるけた数を超えています。"
        "値を確かめてください。";
    CodeUnknown "code-unknown" Error Confirmed TABLES
        "コード表にないコードです。"
        "コード表にあるコードを入れてください。";
    ServiceShape "service-shape" Error Confirmed LAYOUT
        "サービスコードが、英数字のけた数と違います。"
        "サービスコードは6けた、サービス種類コードは2けたの半角英数字にしてください。";
    ServiceUnknown "service-unknown" Warning Inferred SCOPE
        "知らないサービス種類コードです。"
        "サービスコード表で確かめてください。";
    ServiceOutOfScope "service-out-of-scope" Warning Confirmed SCOPE
        "連携の対象でないサービスの行です。"
        "対象でないサービスの行は、出さないことになっています。介護ソフトの設定を確かめてください。";
    TaisDash "tais-dash" Note Inferred SHEET6
        "TAISコードの横棒が全角です。"
        "標準仕様の例も全角なので、このまま読みます。書くときは半角（-）にしてください。";
    TaisShape "tais-shape" Warning Inferred SHEET6
        "TAISコードの形ではありません。"
        "5けたの数字、-、6けたの数字（00001-000010の形）にしてください。";
    DaysShape "days-shape" Error Confirmed SHEET6
        "日割対象日が、31けたの0と1ではありません。"
        "1日から31日までを、対象の日は1、それ以外の日は0にして31けたで入れてください。日割りでなければ空にします。";
    DaysShort "days-short" Warning Inferred SHEET6
        "日割対象日が、31けたに足りません。"
        "31日までない月も、31けたにしてください。足りない日は0にします。";
    DaysBeyondMonth "days-beyond-month" Warning Inferred SHEET6
        "日割対象日に、その月にない日が入っています。"
        "その月にない日は0にしてください。";
    PostalForm "postal-form" Warning Confirmed LAYOUT
        "郵便番号が、000-0000の形ではありません。"
        "3けたの数字、-、4けたの数字にしてください。";
    TextWide "text-wide" Warning Inferred LAYOUT
        "半角で書く項目に、全角の文字があります。"
        "半角の英数字にしてください。";
    HalfWidthKana "half-width-kana" Note Inferred BYTES
        "半角のカタカナがあります。"
        "全角にすると、どのソフトでも読みやすくなります。";
    ControlCharacter "control-character" Warning Inferred BYTES
        "目に見えない文字（制御文字）が入っています。"
        "その文字を消してください。";
    UnusedFilled "unused-filled" Note Inferred LAYOUT
        "使わない項目（識別子）に値があります。"
        "空にしてください。受け取る側では使われません。";
    IndividualNumber "individual-number" Error House LAW
        "個人番号（マイナンバー）とみられる12けたの数字があります。"
        "その数字を消してください。個人番号は、このしくみでは扱えません。";
    // Keys and links.
    MonthMixed "month-mixed" Error Confirmed CONTENT
        "1つのファイルに、2つ以上のサービス提供年月があります。"
        "月ごとに別のファイルの組にしてください。";
    MonthName "month-name" Error Confirmed NAME
        "行の対象年月が、ファイル名の対象年月と違います。"
        "ファイル名か対象年月を、正しい月に合わせてください。";
    KeyTwice "key-twice" Error Confirmed KEYS
        "同じ利用者の同じ書類が、ファイルに2回あります。"
        "1人に1つだけにしてください。";
    LinkOrphan "link-orphan" Error Confirmed KEYS
        "この行が付くはずの行が、もとのファイルにありません。"
        "保険者番号・被保険者番号と、作成（変更）日か対象年月を、もとのファイルに合わせてください。";
    LinkMissing "link-missing" Warning Inferred KEYS
        "この利用者の行が、一緒に送るファイルにありません。"
        "一緒に送るファイルにも、この利用者を入れてください。";
    PlanOffice "plan-office" Warning Inferred LAYOUT
        "計画を作った事業所の番号が、ファイル名の事業所と違います。"
        "どちらが正しいか確かめてください。";
    ResultOtherOffice "result-other-office" Warning Confirmed CONTENT
        "送信元でない事業所の実績が入っています。"
        "実績には、自分の事業所の行だけを入れてください。";
    ResultOtherKind "result-other-kind" Note Inferred CONTENT
        "ファイル名のサービス種類コードと違う種類の実績が入っています。"
        "標準仕様の図には1つにまとめた例もあるので、このまま読みます。種類ごとに分けると確かです。";
    UserNotConcerned "user-not-concerned" Warning Confirmed CONTENT
        "送り先の事業所のサービスがない利用者です。"
        "送り先に関係のない利用者の情報は送らないでください。";
    // Sheets 1 to 3.
    PeriodReversed "period-reversed" Warning Inferred LAYOUT
        "終わりの日が、始まりの日より前です。"
        "開始日と終了日を確かめてください。";
    OutsideValidity "outside-validity" Warning Inferred LAYOUT
        "認定の有効期間か、限度額の適用期間の外の日です。"
        "期間と日付を確かめてください。更新や変更の申請中であれば、このままで構いません。";
    NeedTextMissing "need-text-missing" Warning Inferred SHEET2
        "課題・長期目標・短期目標の最初の行に、文がありません。"
        "最初の行には文を入れ、同じ文が続く行だけを空にしてください。";
    Sheet2Order "sheet2-order" Warning Confirmed SHEET2
        "第2表の行が、課題ＮＯ・援助目標ＮＯ・援助内容ＮＯの順ではありません。"
        "番号の順に並べてください。受け取る側では、番号の順に印刷されます。";
    Sheet2Twice "sheet2-twice" Warning Inferred SHEET2
        "第2表に、課題ＮＯ・援助目標ＮＯ・援助内容ＮＯが同じ行が2つあります。"
        "番号が重ならないようにしてください。受け取る側で、取り込めないことがあります。";
    Sheet3Incomplete "sheet3-incomplete" Warning Inferred SHEET3
        "第3表の行に、曜日か時刻が足りません。"
        "曜日と、始まり・終わりの時刻を入れてください。";
    // Sheet 6.
    DateOutsideMonth "date-outside-month" Warning Inferred SHEET6
        "サービス利用日が、対象年月の日ではありません。"
        "対象年月の日付にしてください。";
    ResultFuture "result-future" Warning Inferred SHEET6
        "まだ来ていない日の実績です。"
        "日付を確かめてください。";
    TimesZero "times-zero" Note Inferred SHEET6
        "サービス回数が0です。"
        "行わなかったサービスの行は、なくて構いません。";
    RowTwice "row-twice" Warning Inferred SHEET6
        "同じ日・時刻・サービス・事業所の行が2つあります。"
        "二重に出ていないか確かめてください。同じ日に何回もあるときは、サービス回数で書きます。";
    EquipmentCode "equipment-code" Error Confirmed SHEET6
        "福祉用具貸与に、TAISコードも福祉用具届出コードもありません。"
        "どちらかを入れてください。";
    EquipmentElsewhere "equipment-elsewhere" Note Inferred SHEET6
        "福祉用具貸与でないサービスに、用具のコードか明細判別コードがあります。"
        "空にしてください。";
    EquipmentLine "equipment-line" Warning Confirmed SHEET6
        "同じサービスコード・同じ単位数の福祉用具が2つ以上ありますが、明細判別コードで分けられていません。"
        "明細判別コードに1、2、3…と入れてください。";
    // Sheet 7.
    GrandTotalMissing "grand-total-missing" Error Confirmed SHEET7
        "第7表に、全合計の行（サービスコード999999）がありません。"
        "利用者ごとに、全合計の行を1つ出してください。";
    GrandTotalOffice "grand-total-office" Warning Confirmed SHEET7
        "全合計の行の事業所コードが、9999999999ではありません。"
        "全合計の行は、サービス事業所コードを9999999999にしてください。";
    SubtotalMissing "subtotal-missing" Warning Confirmed SHEET7
        "種類別小計の行がありません。"
        "1つの種類に2つ以上のサービスコードがあるときは、小計（種類2けたとAAAA）の行を出してください。";
    SummaryUnits "summary-units" Warning Confirmed SHEET7
        "小計か全合計の行の単位数が、0ではありません。"
        "小計と全合計の行では、単位数を0にしてください。";
    DiscountDiffers "discount-differs" Warning Inferred FORM7
        "割引後単位数が、単位数と割引後率から計算した値と違います。"
        "率と単位数を確かめてください。1単位未満は四捨五入です。";
    AmountDiffers "amount-differs" Warning Inferred FORM7
        "サービス単位が、単位数と回数から計算した値と違います。"
        "単位数と回数を確かめてください。";
    CostDiffers "cost-differs" Warning Inferred FORM7
        "費用総額が、基準内単位数と単価から計算した値と違います。"
        "単位数と単価を確かめてください。1円未満は切り捨てです。";
    ClaimDiffers "claim-differs" Warning Inferred FORM7
        "保険請求額か利用者負担が、費用総額と給付率から計算した値と違います。"
        "給付率と金額を確かめてください。1円未満は切り捨てです。公費や減免があれば、このままで構いません。";
    TotalDiffers "total-differs" Warning Inferred FORM7
        "合計が、明細を足した値と違います。"
        "明細と合計を確かめてください。";
    LimitExceeded "limit-exceeded" Warning Inferred FORM7
        "区分支給限度基準額を超える単位が、基準内に入っています。"
        "超える分を、区分支給限度基準超単位数に分けてください。";
    LimitAmount "limit-amount" Note Inferred LAYOUT
        "区分支給限度基準額が、要介護状態区分の額と違います。"
        "区分変更や、短期入所などの事情があれば、このままで構いません。";
    ShortStayKind "short-stay-kind" Warning Confirmed LAYOUT
        "種類別支給限度額の短期入所療養介護が、22ではありません。"
        "短期入所療養介護は、どの施設でも22と書きます。";
    // 予防.
    ImageMissing "image-missing" Warning Inferred LAYOUT
        "家族構成の画像ファイルが、一緒にありません。"
        "画像を同じ組に加えるか、画像ファイル名を空にしてください。";
    ImageUnused "image-unused" Note Inferred LAYOUT
        "どの利用者の画像ともされていない画像があります。"
        "利用者基本情報の画像ファイル名に、この名前を入れてください。";
    // Bounds.
    More "more" Note House OURS
        "同じことが、ほかにもあります。"
        "初めの50件をなおせば、残りもなおることがほとんどです。";
}
