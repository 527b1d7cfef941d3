//! The description of the API for programs (OpenAPI 3.1), checked in as docs/openapi.json.

use serde_json::{Map, Value, json};

use super::problem::Malformed;

/// The description as text.
pub fn openapi_text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "kaigo-kiban ケアプランデータ連携 API",
            "version": "1",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": "事業所のプログラムが、ケアプランデータ連携標準仕様のファイルを送り、受け取るためのAPIです。\
                画面と同じ決まりで確かめ、同じ記録（閲覧履歴）が残ります。トークンは「プログラム用トークン」の画面で管理者が作ります。",
        },
        "security": [{ "token": [] }],
        "paths": paths(),
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas(),
            "responses": {
                "Problem": {
                    "description": "できなかった理由。code は docs/errors.md にあります。401・429・503 は再試行のしかたをヘッダーで知らせます。",
                    "content": { "application/problem+json": { "schema": to("Problem") } },
                },
            },
        },
    })
}

fn paths() -> Value {
    let mut paths = Map::new();
    paths.insert("/api/v1/exchange/uploads".to_owned(), json!({ "post": upload() }));
    for (path, summary, states) in [
        (
            "/api/v1/exchange/inbox",
            "届いた組。新しい順に50件ずつ",
            "sent（未受信）、fetched（受信済）、imported（取込済）",
        ),
        (
            "/api/v1/exchange/sent",
            "送った組。新しい順に50件ずつ",
            "sent（送信済）、fetched、imported、recalled（取下げ）",
        ),
    ] {
        let parameters =
            json!([query("state", &format!("この状態のものだけ：{states}")), query("before", "前のページの next"),]);
        let get = operation(summary, &parameters, &json_answer("一覧", "Page"), &["401", "422"]);
        paths.insert(path.to_owned(), json!({ "get": get }));
    }
    let id = json!([path_parameter("id", "string", "組の番号（set_id）")]);
    let found = &["401", "404"];
    let set = json_answer("組", "Set");
    let get = operation("組の中身：ファイルのSHA-256、状態、日時、人", &id, &set, found);
    paths.insert("/api/v1/exchange/sets/{id}".to_owned(), json!({ "get": get }));
    let zip =
        bytes_answer("application/zip", "もとのバイトのままのファイルをまとめたもの。ETag が同じなら同じバイトです。");
    let get = operation(
        "組のファイルを受け取る。初めて受け取ると「受信済」になります",
        &ranged(&id),
        &zip,
        &["401", "404", "416"],
    );
    paths.insert("/api/v1/exchange/sets/{id}/files".to_owned(), json!({ "get": get }));
    let one = json!([
        path_parameter("id", "string", "組の番号（set_id）"),
        path_parameter("n", "integer", "ファイルの順番、0から")
    ]);
    let bytes = bytes_answer("application/octet-stream", "もとのバイトのままのファイル");
    let get =
        operation("ファイルを1つ受け取る。組は「受信済」になります", &ranged(&one), &bytes, &["401", "404", "416"]);
    paths.insert("/api/v1/exchange/sets/{id}/files/{n}".to_owned(), json!({ "get": get }));
    for (what, summary) in [
        ("imported", "取り込みが終わったことを送信元に知らせる。受け取った側だけ。くり返しても同じです"),
        ("recall", "受け取られる前の組を取り下げる。送った側だけ"),
    ] {
        let post = operation(summary, &id, &set, &["401", "404", "409"]);
        paths.insert(format!("/api/v1/exchange/sets/{{id}}/{what}"), json!({ "post": post }));
    }
    let receipt = json_answer("署名の付いた受領証。kiban verify-receipt で確かめられます", "Receipt");
    let get = operation("受領証", &id, &receipt, found);
    paths.insert("/api/v1/exchange/sets/{id}/receipt".to_owned(), json!({ "get": get }));
    Value::Object(paths)
}

fn upload() -> Value {
    let parameters = json!([
        query("send", "true：エラーのない組を、すぐに送る。ないときは、確かめて下書きにする"),
        { "name": "Idempotency-Key", "in": "header", "required": false, "schema": { "type": "string" },
          "description": "なくても、同じファイルのくり返しは一度として扱い、最初の答えを返します" },
    ]);
    let answer =
        json_answer("組ごとの結果。送れない組があっても200です。outcome と verdict を見てください", "Uploaded");
    let mut upload = operation(
        "ファイルを確かめ、送る。何組あっても、いくつの送信先でもよい",
        &parameters,
        &answer,
        &["400", "401", "403", "413", "415", "422"],
    );
    if let Value::Object(upload) = &mut upload {
        let file = json!({ "type": "string", "format": "binary" });
        let form = json!({ "type": "object", "properties": { "files": { "type": "array", "items": file } } });
        upload.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": {
                "application/zip": { "schema": file },
                "multipart/form-data": { "schema": form },
            }}),
        );
    }
    upload
}

fn operation(summary: &str, parameters: &Value, answer: &Value, refusals: &[&str]) -> Value {
    let mut responses = Map::new();
    responses.insert("200".to_owned(), answer.clone());
    for status in refusals.iter().chain(&["429", "500", "503"]) {
        responses.insert((*status).to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
    }
    json!({ "summary": summary, "parameters": parameters, "responses": responses })
}

/// The parameters with those of a download that can be resumed.
fn ranged(parameters: &Value) -> Value {
    let mut all = parameters.as_array().cloned().unwrap_or_default();
    for (name, what) in
        [("Range", "bytes=N- で、とぎれた所から続けます（206）"), ("If-Range", "ETag がこれと違えば全部を返します")]
    {
        all.push(json!({ "name": name, "in": "header", "required": false, "schema": { "type": "string" }, "description": what }));
    }
    Value::Array(all)
}

fn query(name: &str, what: &str) -> Value {
    json!({ "name": name, "in": "query", "required": false, "schema": { "type": "string" }, "description": what })
}

fn path_parameter(name: &str, kind: &str, what: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": kind }, "description": what })
}

fn json_answer(what: &str, schema: &str) -> Value {
    json!({ "description": what, "content": { "application/json": { "schema": to(schema) } } })
}

fn bytes_answer(kind: &str, what: &str) -> Value {
    let headers =
        json!({ "ETag": { "schema": { "type": "string" } }, "Accept-Ranges": { "schema": { "type": "string" } } });
    json!({ "description": what, "headers": headers,
        "content": { kind: { "schema": { "type": "string", "format": "binary" } } } })
}

fn to(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn list(schema: &str) -> Value {
    json!({ "type": "array", "items": to(schema) })
}

fn text(what: &str) -> Value {
    json!({ "type": "string", "description": what })
}

/// A text that can be missing.
fn perhaps(what: &str) -> Value {
    json!({ "type": ["string", "null"], "description": what })
}

fn number(what: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "description": what })
}

fn one_of(what: &str, values: &[&str]) -> Value {
    json!({ "type": "string", "enum": values, "description": what })
}

/// An object whose fields are all there.
fn object(fields: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn row() -> Vec<(&'static str, Value)> {
    vec![
        ("set_id", text("組の番号")),
        ("from", to("End")),
        ("to", to("End")),
        ("unit", perhaps("送信単位。読めないものは null")),
        ("month", perhaps("対象年月 YYYYMM")),
        ("serial", text("連番")),
        ("state", one_of("状態", &["sent", "fetched", "imported", "recalled"])),
        ("size", number("バイト")),
        ("file_count", number("ファイルの数")),
        ("people_count", number("人と書類の数")),
        ("warning_count", number("送ったときの注意の数")),
        ("sent_at", text("送信の日時（UTC、RFC 3339）")),
        ("fetched_at", perhaps("初めて受け取られた日時")),
        ("imported_at", perhaps("取り込まれた日時")),
        ("recalled_at", perhaps("取り下げられた日時")),
    ]
}

fn schemas() -> Value {
    let mut set = row();
    set.extend([("files", list("File")), ("people", list("Person"))]);
    let malformed: Vec<&str> = Malformed::ALL.iter().map(|kind| kind.code()).collect();
    json!({
        "End": object(&[
            ("office_no", text("事業所番号")),
            ("name", text("事業所の名前。わからなければ空")),
            ("kind", perhaps("サービス種類コード")),
        ]),
        "File": object(&[("name", text("ファイル名")), ("size", number("バイト")), ("sha256", text("SHA-256、16進"))]),
        "Finding": object(&[
            ("severity", one_of("重さ。error がある組は送れません", &["error", "warning", "note"])),
            ("code", text("変わらない符号。docs/findings.md")),
            ("file", text("ファイル名")),
            ("row", json!({ "type": ["integer", "null"], "description": "行、1から" })),
            ("column", json!({ "type": ["integer", "null"], "description": "列、1から" })),
            ("item", perhaps("項目名")),
            ("say", text("何が合わないか")),
            ("mend", text("どう直すか")),
            ("source", text("標準仕様のどこか")),
        ]),
        "UploadedSet": object(&[
            ("place", number("何番目の組か、0から")),
            ("from", to("End")),
            ("to", to("End")),
            ("unit", perhaps("送信単位。組になっていないものは null")),
            ("month", perhaps("対象年月 YYYYMM")),
            ("serial", text("連番")),
            ("files", list("File")),
            ("people_count", number("人と書類の数")),
            ("verdict", one_of("送れるか", &super::upload::VERDICTS)),
            ("outcome", json!({ "type": ["string", "null"], "enum": ["sent", "repeated", "refused", null],
                "description": "send=true のとき：送った、前に同じものを送ってあった、送らなかった" })),
            ("code", perhaps("送らなかった理由の符号")),
            ("say", perhaps("送らなかった理由と、どうすればよいか")),
            ("set_id", perhaps("送った組の番号。くり返しには最初の番号")),
            ("sent_at", perhaps("送信の日時")),
            ("findings", list("Finding")),
        ]),
        "Stray": object(&[("file", text("ファイル名")), ("code", text("理由の符号")), ("say", text("理由"))]),
        "Uploaded": object(&[
            ("draft_id", perhaps("下書きの番号。画面では /exchange/drafts/{draft_id}。send=true では null")),
            ("sets", list("UploadedSet")),
            ("strays", list("Stray")),
            ("summary", object(&["sets", "sent", "repeated", "refused", "errors", "warnings", "notes"].map(|name| (name, number("数"))))),
        ]),
        "Page": object(&[("sets", list("Row")), ("next", perhaps("次のページの before。最後は null"))]),
        "Row": object(&row()),
        "Person": object(&[
            ("place", number("組の中の順番、0から")),
            ("insurer_no", text("保険者番号")),
            ("insured_no", text("被保険者番号")),
            ("name", text("氏名")),
            ("kana", text("フリガナ")),
            ("doc", perhaps("書類：care-plan、usage、result、basic、prevention")),
            ("key", text("書類の年月日か年月")),
            ("deletes", json!({ "type": "boolean", "description": "書類を取り消すものか" })),
            ("state", one_of("最新、置きかえられた、取り消された", &["current", "replaced", "withdrawn"])),
        ]),
        "Set": object(&set),
        "Receipt": object(&[
            ("format", text("kaigo-kiban-receipt/1")),
            ("payload", text("署名されたJSONの文字列：だれがだれに何をいつ送ったか、各ファイルのSHA-256")),
            ("signature", text("payload のバイトへの Ed25519 署名、16進")),
            ("public_key", text("公開鍵、16進")),
        ]),
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail", "code", "request_id"],
            "properties": {
                "type": text("urn:kaigo-kiban:error:{code}"),
                "title": text("見出し"),
                "status": number("HTTPの状態コード"),
                "detail": text("画面と同じ文"),
                "code": text(&format!("docs/errors.md の符号か、{}", malformed.join("、"))),
                "request_id": text("問い合わせのときに伝える番号"),
                "errors": { "type": "array", "items": object(&[("field", text("項目")), ("code", text("符号")), ("say", text("文"))]) },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_address_of_the_api_is_described_and_no_other() {
        let document = document();
        let described: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                methods.as_object().unwrap().keys().map(|method| (path.clone(), method.to_uppercase()))
            })
            .collect();
        let served: BTreeSet<(String, String)> = crate::routes()
            .iter()
            // The card's agent speaks its own protocol: docs/card.md.
            .filter(|route| route.path.starts_with("/api/") && !route.path.starts_with("/api/v1/card/"))
            .map(|route| (route.path.to_owned(), route.method.to_owned()))
            .collect();
        assert_eq!(described, served);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::Object(fields) => {
                    found.extend(fields.get("$ref").and_then(Value::as_str));
                    fields.values().for_each(|value| walk(value, found));
                }
                Value::Array(values) => values.iter().for_each(|value| walk(value, found)),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
        let document = document();
        let mut found = Vec::new();
        walk(&document, &mut found);
        assert!(found.len() > 20);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}
