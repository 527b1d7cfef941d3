// What a new office has in its hands on the first day: its line in the open data, the notice of its login, the files that its care
// software writes, the papers for the subsidy. All of it made up.

import { mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The office that nobody has heard of yet. */
export const OFFICE = {
  no: "9870100048",
  name: "ケアプランセンター 凪の丘",
  kana: "ケアプランセンター ナギノオカ",
  address: "うみやま県みなと川市汐見台99番99号",
  phone: "00-0000-0148",
  corporation: "合同会社はまなす",
  corporateNo: "8999900000034",
};

/** Its login of 電子請求受付システム, as the notice says it. */
export const CLAIM = { id: "KJ980007770048", password: "kari-nagi-0048" };

/** Somebody of みなと川市 whom no office is in charge of: the four items of the certificate, and what the care software knows. */
export const PERSON = {
  insurer_no: "981019",
  insured_no: "9910028642",
  name: "林 哲夫",
  kana: "ハヤシ テツオ",
  birth: "昭和15年9月27日",
  born: "19400927",
  address: "うみやま県みなと川市石橋町",
  certified: ["20261007", "20260911", "20270930"],
};

/** The partner: 訪問介護 はまなす (login hamanasu). */
export const PARTNER = { no: "9870100113", name: "訪問介護 はまなす", kind: "11" };

const COLUMNS =
  "都道府県コード又は市町村コード,No,都道府県名,市区町村名,事業所名,事業所名カナ,サービスの種類,住所,方書（ビル名等）,緯度,経度,電話番号,FAX番号,法人番号,法人の名称,事業所番号,利用可能曜日,利用可能曜日特記事項,定員,URL,高齢者の方と障害者の方が同時一体的に利用できるサービス,介護保険の通常の指定基準を満たしている,障害福祉の通常の指定基準を満たしている,備考";

/** The open data with the office in it, as 介護サービス情報公表 publishes them. */
export function openData(folder) {
  const cells = ["981010", OFFICE.no, "うみやま県", "みなと川市", OFFICE.name, OFFICE.kana, "居宅介護支援", OFFICE.address, "", "30.150000", "150.250000"];
  cells.push(OFFICE.phone, OFFICE.phone, OFFICE.corporateNo, OFFICE.corporation, OFFICE.no, "平日", "", "", "https://example.jp/", "", "", "", "架空の事業所");
  return kept(folder, "jigyosho_430.csv", `\u{feff}${COLUMNS}\r\n${cells.join(",")}\r\n`);
}

/** The list of issued logins, with a line that cannot be read. */
export function issuedList(folder) {
  const head = "電子請求受付システムID,仮パスワード,事業所番号,事業所名,有効期限";
  const rows = [`${CLAIM.id},${CLAIM.password},${OFFICE.no},${OFFICE.name},`, `KJ98000777,kari-0000,${OFFICE.no},${OFFICE.name},`];
  return kept(folder, "hakko.csv", [head, ...rows, ""].join("\r\n"));
}

function kept(folder, name, content) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** 第6表・第7表・補足 of one person for one month, as care software writes them (MS932): file paths. */
export function planFiles(t, { month, serial, manager }) {
  const folder = mkdtempSync(path.join(t.options.work, "first-plan-"));
  const day = `${month}01`;
  const own = ["202407", PERSON.insurer_no, PERSON.insured_no];
  const visit = (on) => [...own, day, month, OFFICE.no, quoted(manager), "244", "", `${month}${on}`, "", "0930", "1000", "1", "111111", "", "", "", "", PARTNER.no, quoted(PARTNER.name), "", "0", OFFICE.no, ""];
  const sums = ["2196", "2196", "", "", "0", "2196"];
  const end = ["0", "", "", "", "0", "9999999999", "", OFFICE.no, ""];
  const sheet = [
    [...own, day, month, quoted(PARTNER.name), PARTNER.no, "", "111111", "", "", "", "244", "", "", "9", ...sums, "10.21", "22421", "90", "20178", "", "2243", ...end],
    [...own, day, month, "", "9999999999", "", "999999", "", "", "", "0", "", "", "0", ...sums, "", "22421", "", "20178", "", "2243", ...end],
  ];
  const person = [quoted(PERSON.kana), quoted(PERSON.name), "1", PERSON.born, "000-0101", quoted(PERSON.address), quoted("99番99号"), "00-0000-3999"];
  const supplement = [...own, "00000000", ...person, ...PERSON.certified, "2", "", "22", "19705", ...Array(36).fill(""), "0", "", "", "", OFFICE.no, OFFICE.no, "", month];
  const rows = {
    UPPLAN: ["02", "05", "09", "12", "16", "19", "23", "26", "30"].map(visit),
    UPSIKYU: sheet,
    UPHOSOKU: [supplement],
  };
  return Object.entries(rows).map(([kind, lines]) => {
    const name = `${kind}_${month}_${OFFICE.no}_43_${PARTNER.no}_${PARTNER.kind}_${serial}.CSV`;
    return kept(folder, name, ms932(lines.map((cells) => `${cells.join(",")}\r\n`).join("")));
  });
}

function quoted(text) {
  return `"${text}"`;
}

/** Bytes in MS932, by the decoder that the browser world has: it is read backwards. */
function ms932(text) {
  return Buffer.concat([...text].map((letter) => Buffer.from(letter.charCodeAt(0) < 128 ? [letter.charCodeAt(0)] : codes().get(letter))));
}

let known;
function codes() {
  if (!known) {
    known = new Map();
    const decoder = new TextDecoder("shift_jis");
    for (let lead = 0x81; lead <= 0xfc; lead += 1) {
      if (lead > 0x9f && lead < 0xe0) continue;
      for (let trail = 0x40; trail <= 0xfc; trail += 1) {
        const letter = decoder.decode(Uint8Array.of(lead, trail));
        if ([...letter].length === 1 && letter !== "\u{fffd}" && !known.has(letter)) known.set(letter, [lead, trail]);
      }
    }
  }
  return known;
}

/** The papers of the subsidy as PDF with text that can be read: paths by kind. */
export function papers(folder) {
  const receipt = (line) => ["領収書", `${OFFICE.name} 御中`, line, "2026年11月5日", "但し マイナ資格確認アプリで使うため"];
  return {
    passbook: kept(folder, "通帳.pdf", pdf(["みなと川銀行 本店 普通 7654321", "ゴウドウガイシヤハマナス"])),
    designation: kept(folder, "指定通知書.pdf", pdf(["指定通知書", `${OFFICE.name} 居宅介護支援`])),
    // As browsers save it: the first sign of 一式 is the radical ⼀, which looks the same.
    lump: kept(folder, "領収書.pdf", pdf(receipt("カードリーダーなど\u{2f00}式 29,700円"))),
    receipt: kept(folder, "領収書（内訳）.pdf", pdf(receipt("ICカードリーダー RW-200 1台 7,700円、電子証明書と端末の設定 1回 22,000円"))),
    screen: kept(folder, "画面の写し.pdf", pdf(["管理メニュー", `${OFFICE.no} ${OFFICE.name}`])),
  };
}

/** One page whose codes are UTF-16, and a map that says so. */
function pdf(lines) {
  const hex = (text) => Buffer.from(text, "utf16le").swap16().toString("hex");
  const shown = lines.map((line, place) => `1 0 0 1 60 ${760 - 30 * place} Tm <${hex(line)}> Tj`).join("\n");
  const content = `BT /F1 14 Tf\n${shown}\nET`;
  const map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Identity def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\nendcmap end end";
  const stream = (text) => `<< /Length ${text.length} >>\nstream\n${text}\nendstream`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    stream(content),
    "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>",
    stream(map),
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, n) => {
    const place = text.length;
    text += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const start = text.length;
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  return `${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
}
