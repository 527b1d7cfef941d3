//! The description of the feed format, made from the same column tables that the importer walks.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kaigo_core::for_each_record;
use kaigo_core::layout::{Record, Shape};
use kaigo_core::record::COMMON;

type Codes = BTreeMap<&'static str, Vec<(&'static str, &'static str)>>;

/// The whole page.
pub(super) fn feed_doc() -> String {
    let mut out = HEAD.to_owned();
    let mut codes = Codes::new();
    out.push_str("| 種類（kind） | 名前 | 列の数 |\n|---|---|---|\n");
    macro_rules! list {
        ($kind:ty) => {
            let count = COMMON.len() + <$kind>::COLUMNS.len();
            let (name, ja) = (<$kind as Record>::NAME, <$kind as Record>::JA);
            let _ = writeln!(out, "| [`{name}`](#{name}) | {ja} | {count} |");
        };
    }
    for_each_record!(list);
    out.push_str(COMMON_HEAD);
    out.push_str(TABLE_HEAD);
    for ((name, ja, note), (shape, needed)) in COMMON.iter().zip(COMMON_SHAPES) {
        let _ = writeln!(out, "| `{name}` | {ja} | {shape} | {needed} | {note} |");
    }
    macro_rules! describe {
        ($kind:ty) => {
            kind::<$kind>(&mut out, &mut codes);
        };
    }
    for_each_record!(describe);
    out.push_str("\n## コード表\n\nコードのほか、右の名前をそのまま書いても読みます。\n");
    for (table, rows) in &codes {
        let _ = writeln!(out, "\n### {table}\n\n| コード | 名前 |\n|---|---|");
        for (code, label) in rows {
            let _ = writeln!(out, "| `{code}` | {label} |");
        }
    }
    out
}

fn kind<R: Record>(out: &mut String, codes: &mut Codes) {
    let _ = writeln!(out, "\n## {}\n\n{}。共通の4列のあとに：\n", R::NAME, R::JA);
    out.push_str(TABLE_HEAD);
    for column in R::COLUMNS {
        let needed = if (column.optional)() { "" } else { "必須" };
        let shape = match (column.shape)() {
            Shape::Id { example, .. } => example.to_owned(),
            Shape::Text { max } => format!("文字 {max}字まで"),
            Shape::Date => "日付".to_owned(),
            Shape::Code { table, rows } => {
                codes.insert(table, rows);
                format!("コード「[{table}](#{table})」")
            }
            Shape::Int { unit, min, max } => format!("整数 {min}〜{max}{unit}"),
            Shape::Flag => "`1`（はい）か`0`（いいえ）。空は`0`".to_owned(),
        };
        let _ = writeln!(out, "| `{}` | {} | {shape} | {needed} | {} |", column.name, column.ja, column.note);
    }
}

const TABLE_HEAD: &str = "| 列 | 見出し | 型 | 必須 | 説明 |\n|---|---|---|---|---|\n";

/// Shape and whether it must be there, of each of [`COMMON`].
const COMMON_SHAPES: [(&str, &str); 4] = [
    ("10けたの数字、または H と9けたの数字", "必須"),
    ("整数 1〜9999", "必須"),
    ("整数 1〜9999", "必須"),
    ("`0`（有効）か`1`（取消）。空は`0`", ""),
];

const COMMON_HEAD: &str = "
## 共通の列

どの種類のファイルにも、はじめにこの4列があります。
";

const HEAD: &str = "# フィードの形式（kaigo-feed/1）

<!-- This page is generated from the column tables: `kiban doc feed`. Do not edit it by hand. -->

市町村（保険者）の記録を取り込むファイルの形式です。国のインターフェース仕様は公開されていないため、この形式は本システムのものです。
列は、証の様式（介護保険法施行規則）と受給者異動連絡票の順を手がかりに決めました。

## フォルダー

1つのフィードは1つのフォルダーです。

- `manifest.json`：何が入っているか。
- 記録の種類ごとに1つのファイル：`insured_person.csv` のような CSV、または `insured_person.json` のような JSON。
- `documents/`：認定調査票と主治医意見書の行が「ファイル名」で指すファイル。PDF・PNG・JPEG、1つ20MBまで。フォルダーを分けません。
  1つのファイルは1人のものです。前に取り込んだのと同じ名前で中身を変えることはできません（新しい名前を付け、履歴番号を増やします）。

```json
{
  \"format\": \"kaigo-feed/1\",
  \"insurer_no\": \"981019\",
  \"insurer_name\": \"みなと川市\",
  \"made_at\": \"2026-11-20T05:10:00+09:00\",
  \"mode\": \"full\",
  \"files\": [
    { \"name\": \"insured_person.csv\", \"kind\": \"insured_person\", \"rows\": 1234 }
  ]
}
```

- `mode`：`full` は、ファイルに今あるすべてを書きます。前にあってファイルにない記録は取り下げられます。`delta` は、新しい行と変わった行だけを書きます。
- `rows`：見出しを除いた行の数。合わなければ、途中で切れたものとして取り込みません。
- `sha256`（なくてもよい）：ファイルの SHA-256 を16進で。合わなければ取り込みません。

## CSV

- 文字コードは UTF-8（BOM があってもよい）か MS932（Windows-31J、いわゆる Shift_JIS）。自動で見分けます。
- 1行めは見出し。英語の列名でも日本語の見出しでもよく、順は自由です。知らない列は読まずに知らせます。
- 改行は CRLF・LF・CR のどれでも。値にコンマ・改行・`\"` があるときは、値を `\"` で囲み、中の `\"` は `\"\"` と書きます。
- 1行は1MiBまで。

## JSON

- オブジェクトの配列1つ：`[ {\"insured_no\": \"9900000018\", …}, … ]`。名前は英語の列名。値は文字列・数・真偽・`null`。
- 書いていない名前は空です。所見の「行」は、配列の中で何番めのオブジェクトかです。

## 値

- 空の値は「なし」。必須の列を空にはできません。
- 日付は `YYYY-MM-DD` をすすめます。`19400302`、`昭和15年3月2日`、`S15.3.2` なども読みます。
- 数字やコードの全角は半角として読みます。
- **個人番号（マイナンバー）は取り扱いません。** 検査数字の合う12けたの数字は、知らない列にあっても、その行を受け付けません（番号法）。

## 訂正・取消・取下げ

- 記録は（被保険者番号, 連番）で1つ。期間が新しくなれば次の連番、同じ記録の訂正は同じ連番で履歴番号を1つ増やします。いちばん大きい履歴番号が有効です。
- 取り込んだ行と同じ（被保険者番号, 連番, 履歴番号）で中身が違えばエラー、知っているものより小さい履歴番号は使わずに注意、まったく同じ行は「変更なし」です。
- 記録をなかったことにするには、履歴番号を増やし、取消区分を `1` にした行を送ります。
- `full` で取り下げられる記録、または空になる項目が、種類ごとに5%（3件までは割合によらず可）を超えると、取り込まずに止まります。正しければ
  `--allow-drop` を付けてやりなおします。
- エラーが1つでもあれば何も取り込みません。`--skip-bad-rows` を付けると、エラーの行だけを除いて取り込みます。ファイル全体のエラーは除けません。
- 同じフィードをもう一度取り込んでも、何も変わりません。途中で止まったときは、前の記録のままです。

## 種類

取り込む順です。被保険者の記録がない人の行は受け付けません。

";
