//! Every code of an error or a finding, in one table per place where it comes from (docs/errors.md).

use std::fmt::Write as _;

use kaigo_app::Error;
use kaigo_app::exchange::receipt::Broken;
use kaigo_app::exchange::upload::Verdict;
use kaigo_card::certificate::Invalid;
use kaigo_card::jpki::CardError;
use kaigo_careplan::attachment::Refused;
use kaigo_careplan::pack::Unpackable;
use kaigo_core::layout::BadCell;
use kaigo_core::policy::Refusal;
use kaigo_interchange::encoding::Encoding;
use kaigo_interchange::problem::{Position, Problem, ProblemKind};

/// One code: what it says, and the mend.
type Line = (String, String, String);

/// What a form says of a field, beside the codes of cells: code, sentence with its mend.
const FIELDS: &[(&str, &str, &str)] = &[
    ("login-wrong", "ログインIDかパスワードがちがいます。", "もう一度入れてください。"),
    ("code-wrong", "確認コードがちがうか、もう使われています。", "アプリに出ている新しい6けたの数字を入れてください。"),
    (
        "certificate-not-seen",
        "被保険者証を見て確かめたことが示されていません。",
        "被保険者証を確かめてから、その欄に印を付けてください。",
    ),
];

/// What the forms of accounts, passkeys and invitations say of a field.
const ACCOUNT_FIELDS: &[(&str, &str, &str)] = &[
    ("account-reason", "理由が入っていません。", "200文字までで入れてください。"),
    (
        "invitation-no-match",
        "招待番号が合わないか、もう使えません。",
        "紙のとおりに入れるか、もう一度招待してもらってください。",
    ),
    ("log-days", "期間が長すぎます。", "92日までにしてください。"),
    (
        "login-shape",
        "ログインIDに使えない文字があるか、長さが合いません。",
        "半角の英字と数字で4文字から40文字までにしてください。",
    ),
    ("login-taken", "そのログインIDは、ほかの人が使っています。", "別のものにしてください。"),
    ("passkey-name", "パスキーの名前が長すぎます。", "40文字までにしてください。"),
    ("passkey-not-taken", "パスキーを確かめられませんでした。", "もう一度試すか、パスワードでログインしてください。"),
    ("password-common", "よく使われるパスワードです。", "関係のない言葉をいくつか並べるなど、別のものにしてください。"),
    ("password-login", "ログインID・名前・事業所名からできたパスワードです。", "別のものにしてください。"),
    ("password-long", "パスワードが長すぎます。", "128文字までにしてください。"),
    ("password-same", "いまと同じパスワードです。", "ちがうものにしてください。"),
    ("password-short", "パスワードが短すぎます。", "8文字以上（パスワードだけのときは15文字以上）にしてください。"),
    ("password-wrong", "いまのパスワードがちがいます。", "もう一度入れてください。"),
];

/// What the municipality's forms for feeds, rules and disaster mode say of a field.
const INSURER_FIELDS: &[(&str, &str, &str)] = &[
    (
        "disaster-areas",
        "市町村の団体コードが読めません。",
        "検査数字を入れて6けたの団体コードを、空白で区切って入れてください。",
    ),
    ("disaster-from", "始まりの日が読めないか、きょうより前です。", "きょうか、それより後の日を入れてください。"),
    ("disaster-name", "災害の名前が入っていません。", "40文字までで入れてください。"),
    ("disaster-note", "認めない理由が入っていません。", "300文字までで入れてください。"),
    ("disaster-offices", "事業所番号が読めないか、登録されていません。", "事業所番号（10けた）を確かめてください。"),
    ("disaster-reason", "理由が入っていません。", "300文字までで入れてください。"),
    ("disaster-review", "不適切とした理由が入っていません。", "300文字までで入れてください。"),
    (
        "disaster-several",
        "当てはまる方が何人かいるため、だれも出していません。",
        "生年月日を入れて、もう一度確かめてください。",
    ),
    ("disaster-until", "終わりの日が読めないか、30日より長いです。", "始まりの日から30日以内の日を入れてください。"),
    ("feed-empty", "ファイルが選ばれていません。", "フィードのファイルか zip を選んでください。"),
    ("feed-errors", "エラーがあるため、取り込めません。", "なおして、もう一度入れてください。"),
    ("feed-number", "かくれる件数の確認が合いません。", "画面の件数を、同じ数字で入れてください。"),
    ("feed-too-large", "1回に入れられる大きさか数をこえています。", "zip にするか、分けてください。"),
    ("setting-from", "いつからかが読めないか、きょうより前です。", "きょうか、それより後の日を入れてください。"),
    ("setting-not-yours", "国の共有のきまりより広く見せることはできません。", "選べるものの中から選んでください。"),
    ("setting-shape", "きまりの値として読めません。", "欄の説明のとおりに入れてください。"),
    ("setting-source", "根拠が入っていません。", "要綱・決裁などを、100文字までで入れてください。"),
    ("undo-reason", "とりけす理由が入っていません。", "200文字までで入れてください。"),
];

/// What 本人確認 by card says beside the card and its certificate.
const CARD_FIELDS: &[(&str, &str, &str)] = &[
    (
        "assurance-too-weak",
        "この確認のしかたでは、この操作はできません。",
        "マイナンバーカードか被保険者証で確認してください。",
    ),
    ("card-cancelled", "カードでの確認をやめました。", "はじめからやりなおせます。"),
    (
        "card-match-code",
        "画面の番号と、カードを読むプログラムの番号がちがいました。",
        "はじめからやりなおし、続くときは運営に連絡してください。",
    ),
    (
        "card-not-compared",
        "カードと被保険者証とご本人を見比べたことが示されていません。",
        "見比べてから、その欄に印を付けてください。",
    ),
    (
        "card-other-terminal",
        "この依頼は、ほかの端末で開かれています。",
        "画面でもう一度「カードを読み取る」を押してください。",
    ),
    ("card-over", "この依頼は、もう終わっています。", "画面でもう一度「カードを読み取る」を押してください。"),
    ("card-way", "カードの読み方が選ばれていません。", "本人確認の画面のボタンから始めてください。"),
    (
        "face-not-compared",
        "カードの顔写真とご本人の顔を見比べたことが示されていません。",
        "見比べてから、その欄に印を付けてください。",
    ),
    ("terminal-name", "端末の名前が入っていません。", "40文字までで入れてください。"),
];

/// What an import finds in the rows of a feed or of an office file. The report says the same with the values it found.
const FINDINGS: &[(&str, &str, &str)] = &[
    (
        "check-digit",
        "番号の検査数字（最後の1けた）が合いません。",
        "番号を確かめてください。事業所の公表データは、そのまま取り込みます。",
    ),
    ("cell-private-use", "外字（私用領域の文字）があります。", "Unicodeの文字に置きかえてください。"),
    ("column-missing", "必要な列がありません。", "列を加えてください。"),
    (
        "column-missing-optional",
        "任意の列がありません。すべて空として読みます。",
        "空でよければ、このままで構いません。",
    ),
    ("column-twice", "同じ列が2つあります。", "どちらか1つにしてください。"),
    ("column-unknown", "知らない列です。読みません。", "列の名前を確かめてください（docs/feed.md）。"),
    ("document-missing", "documents フォルダーにこのファイルがありません。", "ファイルを入れてください。"),
    ("document-name", "書類のファイル名が使えません。", "フォルダーを付けない名前にしてください。"),
    (
        "document-reused",
        "前と同じ名前で、中身のちがう書類です。",
        "新しい名前を付けて、記録の履歴番号を1つ増やしてください。",
    ),
    ("document-shared", "1つの書類を2人以上の記録が指しています。", "書類は1人ずつ別のファイルにしてください。"),
    ("document-too-large", "書類が大きすぎます（20MBまで）。", "小さくして、入れなおしてください。"),
    ("document-type", "書類がPDF・PNG・JPEGではありません。", "そのどれかにしてください。"),
    (
        "drop-skipped",
        "エラーの行があるため、送られてこなかった記録を消していません。",
        "エラーをなおして、もう一度送ってください。",
    ),
    ("feed-blanks", "空になる項目が多すぎます。止めました。", "正しければ --allow-drop を付けてやりなおしてください。"),
    ("feed-drops", "消える記録が多すぎます。止めました。", "正しければ --allow-drop を付けてやりなおしてください。"),
    ("feed-failed", "作業用のフォルダーかデータベースに書けませんでした。", "少し待って、もう一度確かめてください。"),
    ("file-digest", "ファイルの SHA-256 が manifest.json と違います。", "ファイルを送りなおしてください。"),
    ("file-missing", "manifest.json にあるファイルがありません。", "ファイルを入れて、もう一度ためしてください。"),
    (
        "file-unlisted",
        "manifest.json にないファイルです。読みません。",
        "要るファイルなら manifest.json に加えてください。",
    ),
    ("history-lower", "履歴番号が、前より小さくなっています。", "履歴番号を確かめてください。"),
    ("history-reused", "同じ履歴番号で、中身のちがう行です。", "訂正なら履歴番号を1つ増やしてください。"),
    ("individual-number", "個人番号（マイナンバー）とみられる12けたの数字があります。", "その数字を消してください。"),
    (
        "insurer-unknown",
        "この保険者番号の保険者が登録されていません。",
        "番号を確かめるか、運用者に登録を頼んでください。",
    ),
    ("kana-shape", "氏名カナにカタカナでない文字があります。", "カタカナで入れてください。"),
    (
        "kind-missing",
        "この種類の記録のファイルがありません。前の記録のままにします。",
        "全件の取込なら、ファイルを加えてください。",
    ),
    ("limit-amount", "支給限度基準額が、要介護度の額と違います。", "単位数を確かめてください。"),
    ("manifest-format", "フィードの形式がこのプログラムのものと違います。", "format を kaigo-feed/1 にしてください。"),
    ("manifest-insurer", "insurer_no が保険者番号として読めません。", "6けたの保険者番号にしてください。"),
    ("manifest-kind", "知らない種類の記録です。", "docs/feed.md にある種類のどれかにしてください。"),
    (
        "manifest-kind-twice",
        "同じ種類の記録が2つのファイルにあります。",
        "1つの種類は1つのファイルにまとめてください。",
    ),
    ("manifest-made-at", "made_at が日時として読めません。", "2026-11-20T05:10:00+09:00 のように入れてください。"),
    ("manifest-mode", "mode が full でも delta でもありません。", "full（全件）か delta（差分）にしてください。"),
    (
        "manifest-name",
        "ファイル名が使えません。",
        "フォルダーを付けない名前で、.csv か .json で終わるようにしてください。",
    ),
    ("manifest-rows", "行の数が manifest.json と違います。", "ファイルを作りなおすか、送りなおしてください。"),
    ("manifest-shape", "manifest.json が読めません。", "docs/feed.md の例のとおりの項目があるか確かめてください。"),
    ("claim-foreign", "ほかの保険者の被保険者の行です。", "自分の保険者の行だけにしてください。"),
    ("claim-future", "受付年月が、まだ来ていない月です。", "受付年月を確かめてください。"),
    (
        "claim-insurer",
        "登録されていない保険者です。",
        "保険者番号を確かめてください。新しい保険者は、先に登録してください。",
    ),
    (
        "claim-lapsed",
        "サービスの月から2年をすぎて受け付けられた請求です（時効）。",
        "正しければ、そのままで取り込みます。",
    ),
    ("claim-order", "受付年月が、サービス提供年月より前です。", "2つの年月が入れかわっていないか、確かめてください。"),
    (
        "link-other-insurer",
        "番号の変更なのに、保険者番号が前とちがいます。",
        "番号か、引継ぎの理由を確かめてください。",
    ),
    ("link-same", "前の番号と新しい番号が同じです。", "番号か、引継ぎの理由を確かめてください。"),
    ("link-same-insurer", "転出や合併なのに、保険者番号が前と同じです。", "番号か、引継ぎの理由を確かめてください。"),
    ("rows-header", "表の見出しがちがいます。", "1行めを、書いてある列の名前にしてください。"),
    (
        "office-header",
        "見出しが、公表されている事業所のファイルのものと違います。",
        "公表されているファイルを、そのまま使ってください。",
    ),
    ("office-letter", "事業所番号に英字があります。", ""),
    ("office-no-differs", "No が事業所番号と違います。", "事業所番号のほうを使います。"),
    ("office-no-place", "緯度か経度がありません。地図に出せません。", ""),
    ("office-place", "日本の緯度・経度として読めません。この項目は取り込みません。", ""),
    ("office-service", "知らないサービスの種類です。", "名前が変わったのであれば、プログラムの更新が要ります。"),
    ("office-service-twice", "同じ事業所の同じサービスが2回出てきます。", ""),
    ("office-url", "URLがURLの形をしていません。", "公表されている内容のまま取り込みます。"),
    ("period-reversed", "終わりの日が始まりの日より前です。", "開始日と終了日を確かめてください。"),
    (
        "person-unknown",
        "この被保険者番号の被保険者の記録がありません。",
        "番号を確かめるか、insured_person に行を入れてください。",
    ),
    (
        "relief-amount",
        "負担限度額が、段階の額と違います。",
        "段階と額を確かめてください。特例減額などであれば、このままで構いません。",
    ),
    ("row-twice", "同じ被保険者番号・連番・履歴番号の行が前にもあります。", "どちらか1行にしてください。"),
    ("survey-rare", "基本調査の答えの組み合わせが、まれなものです。", "調査票の記入を確かめてください。"),
    ("manifest-missing", "manifest.json がありません。", "フィードのフォルダーをそのまま zip にしてください。"),
    ("manifest-other-insurer", "ほかの保険者のフィードです。", "自分の保険者のフィードを選んでください。"),
    ("upload-lost", "前に入れたファイルが見つかりません。", "もう一度入れてください。"),
    ("upload-name", "ファイル名として使えない文字があります。", "ファイルの名前をなおしてください。"),
    ("upload-twice", "同じ名前のファイルが2つあります。", "どちらか1つにしてください。"),
];

/// The whole document.
pub(super) fn table() -> String {
    let mut text = "# Errors and findings\n\n\
        Every code that a page, an answer or a report can carry, with what it says and the mend. \
        Printed by `kiban doc errors`.\n"
        .to_owned();
    section(&mut text, "Refusals of the access policy", refusals());
    section(&mut text, "Answers of the use cases", answers());
    section(&mut text, "Fields of forms and cells of files", cells());
    section(&mut text, "Forms", [fixed(FIELDS), fixed(INSURER_FIELDS)].concat());
    section(&mut text, "Accounts", fixed(ACCOUNT_FIELDS));
    section(&mut text, "The portal", fixed(PORTAL_FIELDS));
    section(&mut text, "Files as tables", problems());
    section(&mut text, "Imports", fixed(FINDINGS));
    section(&mut text, "Opinions of physicians (主治医意見書)", opinions());
    section(&mut text, "本人確認 by マイナンバーカード", cards());
    section(&mut text, "Exchange of care plans (findings about its files: findings.md)", exchange());
    text
}

/// What the operator's forms for the portal, and the state of a municipality, say of a field.
const PORTAL_FIELDS: &[(&str, &str, &str)] = &[
    ("maintenance-end", "終わりの日時が読めないか、始まりより前か、14日より長いです。", "日時を入れなおしてください。"),
    ("maintenance-start", "始まりの日時が読めません。", "例：2026年12月6日、21:00"),
    ("portal-kind", "記事の種類が選ばれていません。", "選んでください。"),
    ("portal-long", "文が長すぎます。", "欄に書いてある文字数までにしてください。"),
    ("portal-missing", "要る文が入っていません。", "入れてください。"),
    ("portal-moment", "公開の日時が読めないか、いまより前です。", "いまより後にするか、空にしてください。"),
    ("portal-place", "並び順が数字ではありません。", "1から9999までの数字にしてください。"),
    ("readiness-column", "必要な列がありません。", "見出しを確かめてください。"),
    (
        "readiness-day-without-state",
        "開始日があるのに、状況が「開始日が決まっている」ではありません。",
        "どちらかを直してください。",
    ),
    ("readiness-empty", "行がありません。", "市町村ごとに1行ずつ入れてください。"),
    ("readiness-file", "CSVとして読めません。", "見出しの行がある、UTF-8かシフトJISのCSVにしてください。"),
    ("readiness-item", "共有する項目が読めません。", "survey などの記号を、空白で区切って入れてください。"),
    ("readiness-municipality", "市町村コードが一覧にありません。", "6けたの全国地方公共団体コードを入れてください。"),
    ("readiness-no-day", "開始日がありません。", "開始日を入れるか、状況を変えてください。"),
    ("readiness-note", "備考が長すぎます。", "200文字までにしてください。"),
    ("readiness-state", "対応状況が読めません。", "dated・adjusting・undecided のどれかにしてください。"),
    ("readiness-twice", "同じ市町村が2回出ています。", "1行にしてください。"),
];

/// What the pages of opinions say of a form or a file.
const OPINION_FIELDS: &[(&str, &str, &str)] = &[
    ("opinion-institution", "医療機関が選ばれていません。", "医療機関を選んでください。"),
    ("opinion-due", "提出期限が、きょうかそれより前です。", "あしたより後の日にしてください。"),
    ("opinion-reason", "理由が空か、長すぎます。", "相手が読んでわかるように書いてください。"),
    ("opinion-file-empty", "ファイルが選ばれていません。", "ファイルを選んでください。"),
    ("opinion-file-large", "ファイルが10MBをこえています。", "解像度を下げて読みとりなおしてください。"),
    ("opinion-export", "医見書のCSVとして読めません。", "医見書から、もう一度書き出してください。"),
    ("opinion-other-person", "別の方の意見書のファイルです。", "患者さんを確かめて、選びなおしてください。"),
    ("upload-broken", "ファイルが途中で切れています。", "もう一度、選びなおして送ってください。"),
];

fn opinions() -> Vec<Line> {
    let mut lines = fixed(OPINION_FIELDS);
    let found = |(code, what): &(&str, &str)| ((*code).to_owned(), format!("{what}。"), String::new());
    lines.extend(kaigo_core::opinion::CODES.iter().map(found));
    lines
}

/// What the exchange says of an upload, a set, an attachment, a receipt, and its API of a request.
const EXCHANGE: &[(&str, &str, &str)] = &[
    ("upload-empty", "ファイルが入っていません。", "介護ソフトから出したファイルを選んでください。"),
    ("token-name", "鍵の名前が空か、長すぎます。", "どのパソコンや仕組みで使うかがわかる名前を入れてください。"),
    ("result-blocked", "入力した実績に、送れないところがあります。", "画面に出ているところを直してください。"),
    ("too-large", "1回に送れる大きさをこえています（API）。", "いくつかに分けて送ってください。"),
    (
        "media-type",
        "本文の種類が application/zip か multipart/form-data ではありません（API）。",
        "Content-Type を確かめてください。",
    ),
    ("bad-request", "要求が読めません（API）。", "docs/openapi.json を見て直してください。"),
];

fn exchange() -> Vec<Line> {
    let name = || "a.zip".to_owned();
    let unpackable = [
        Unpackable::Damaged { name: name() },
        Unpackable::Encrypted { name: name() },
        Unpackable::Nested { name: name() },
        Unpackable::FileTooLarge { name: name(), limit: 20 << 20 },
        Unpackable::TooLarge { limit: 200 << 20 },
        Unpackable::TooMany { limit: 100_000 },
    ];
    let sent = |same| Verdict::AlreadySent { set_id: String::new(), at: String::new(), same };
    let verdicts =
        [Verdict::Blocked, Verdict::WrongSender, Verdict::SameOffice, Verdict::NotRegistered, sent(true), sent(false)];
    let file = || "UPPLAN.CSV".to_owned();
    let broken = [
        Broken::Format,
        Broken::Signature,
        Broken::Key,
        Broken::File { name: file() },
        Broken::FileMissing { name: file() },
    ];
    let mut lines = fixed(EXCHANGE);
    lines.extend(unpackable.iter().map(|why| (why.code().to_owned(), why.say(), String::new())));
    lines.extend(Refused::ALL.iter().map(|why| (why.code().to_owned(), why.say().to_owned(), why.mend().to_owned())));
    lines.extend(verdicts.iter().map(|v| (v.code().to_owned(), v.say().to_owned(), String::new())));
    lines.extend(broken.iter().map(|why| (why.code().to_owned(), why.say(), why.mend().to_owned())));
    lines
}

fn cards() -> Vec<Line> {
    let mut lines = fixed(CARD_FIELDS);
    lines.extend(CardError::samples().iter().map(|e| (e.code().to_owned(), e.say(), String::new())));
    let invalid = Invalid::ALL.iter().filter(|i| **i != Invalid::Unreadable);
    lines.extend(invalid.map(|i| (i.code().to_owned(), i.say().to_owned(), String::new())));
    lines
}

fn section(text: &mut String, title: &str, lines: Vec<Line>) {
    let bar = |cell: &str| cell.replace('|', "\\|").replace('\n', " ");
    // Writing to a String does not fail.
    let _ = write!(text, "\n## {title}\n\n| code | 何が | どうすれば |\n|---|---|---|\n");
    for (code, say, mend) in lines {
        let _ = writeln!(text, "| `{code}` | {} | {} |", bar(&say), bar(&mend));
    }
}

fn fixed(lines: &[(&str, &str, &str)]) -> Vec<Line> {
    let owned = |(code, say, mend): &(&str, &str, &str)| ((*code).to_owned(), (*say).to_owned(), (*mend).to_owned());
    lines.iter().map(owned).collect()
}

fn refusals() -> Vec<Line> {
    let line = |r: Refusal| (r.code().to_owned(), r.say(), r.mend().to_owned());
    Refusal::samples().into_iter().map(line).collect()
}

fn answers() -> Vec<Line> {
    let line = |e: Error| (e.code().to_owned(), e.say(), String::new());
    Error::samples().into_iter().map(line).collect()
}

fn cells() -> Vec<Line> {
    let samples = [
        BadCell::Missing,
        BadCell::Length { want: 10, got: 9 },
        BadCell::TooLong { max: 40, got: 41 },
        BadCell::Shape { want: "カタカナかひらがな" },
        BadCell::UnknownCode { table: "性別", known: "1 男・2 女".to_owned() },
        BadCell::Range { min: 0, max: 100 },
        BadCell::Date,
        BadCell::Control('\u{7}'),
        BadCell::IndividualNumber,
        BadCell::Stored,
    ];
    let line = |bad: BadCell| (bad.code().to_owned(), bad.say("項目"), bad.mend("項目"));
    samples.into_iter().map(line).collect()
}

fn problems() -> Vec<Line> {
    let name = || "address".to_owned();
    let kinds = [
        ProblemKind::Undecodable(Encoding::Utf8),
        ProblemKind::Ragged { want: 12, got: 11 },
        ProblemKind::Quotes,
        ProblemKind::RowTooLong { limit: 1_000_000 },
        ProblemKind::TooManyColumns { limit: 1_000 },
        ProblemKind::NoHeader,
        ProblemKind::SameHeading(name()),
        ProblemKind::Utf16,
        ProblemKind::Spreadsheet,
        ProblemKind::JsonShape,
        ProblemKind::JsonObject,
        ProblemKind::JsonNested(name()),
        ProblemKind::JsonSameName(name()),
        ProblemKind::JsonEnd,
    ];
    let line = |kind| {
        let at = Position::default();
        let problem = Problem { kind, at };
        (problem.code().to_owned(), problem.say(), problem.mend())
    };
    kinds.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// String literals of the code that look like codes of findings: where a code stands, it stands as a literal.
    fn codes_in(folder: &Path) -> BTreeSet<String> {
        let mut codes = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                codes.extend(codes_in(&path));
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap();
                for piece in text.split('"').skip(1).step_by(2) {
                    let is_code = piece.contains('-') && piece.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                    if is_code && !piece.starts_with('-') && !piece.ends_with('-') {
                        codes.insert(piece.to_owned());
                    }
                }
            }
        }
        codes
    }

    #[test]
    fn every_code_of_the_importers_and_forms_is_listed() {
        let listed = table();
        let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kaigo-app/src");
        // Literals of this shape that are no codes of findings.
        let others = ["utf-8", "kaigo-feed", "shift-jis"];
        let records = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kaigo-core/src/record");
        let of_records = std::fs::read_to_string(records.with_extension("rs")).unwrap();
        assert!(of_records.contains("code: \"period-reversed\"") && of_records.matches("code: \"").count() == 1);
        let missing: Vec<String> = [codes_in(&app.join("import")), codes_in(&records)]
            .into_iter()
            .flatten()
            .filter(|code| !others.contains(&code.as_str()) && !listed.contains(&format!("| `{code}` |")))
            .collect();
        assert!(missing.is_empty(), "not in docs/errors.md: {missing:?}");
    }

    #[test]
    fn every_line_says_what_is_wrong() {
        for (code, say, _) in
            [refusals(), answers(), cells(), fixed(FIELDS), fixed(INSURER_FIELDS), problems(), fixed(FINDINGS)].concat()
        {
            assert!(!say.is_empty() && say.ends_with('。'), "{code}: {say}");
        }
    }

    #[test]
    fn codes_stand_once_in_a_section() {
        for lines in [fixed(FIELDS), fixed(INSURER_FIELDS), fixed(FINDINGS), cells(), problems()] {
            let codes: BTreeSet<&String> = lines.iter().map(|line| &line.0).collect();
            assert_eq!(codes.len(), lines.len());
        }
    }
}
