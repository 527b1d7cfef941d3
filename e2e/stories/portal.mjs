// The portal: every public page within its budget; read without scripts; written by the operator's desk. Its looks: walk_portal.mjs.

import { gzipSync } from "node:zlib";

import { mainText, pageOf, send } from "../desk.mjs";

export const name = "the portal: under 100 kB a page, keyboard on the map, without JavaScript; written and published";

const BUDGET = 100 * 1024;

const PAGES = [
  "/portal",
  "/portal/en",
  "/portal/guide",
  "/portal/for/office",
  "/portal/for/medical",
  "/portal/for/municipality",
  "/portal/for/person",
  "/portal/news",
  "/portal/magazine",
  "/portal/faq",
  "/portal/search?q=%E3%81%91%E3%81%82%E3%81%B7%E3%82%89%E3%82%93",
  "/portal/maintenance",
  "/portal/readiness?q=%E3%81%BE%E3%81%99%E3%81%A0",
  "/portal/readiness/32",
  "/portal/readiness/322041",
  "/portal/usage",
  "/portal/usage/98",
  "/portal/simulator?preset=official",
  "/portal/accessibility",
  "/portal/contact",
  "/portal/open-data",
];

export async function run(t) {
  const plain = await t.newPage({ javaScript: false });
  await t.open(plain, "/");
  t.match(plain.url(), /\/portal$/, "where the front door leads");
  await budgets(t, plain);
  await readAndFind(t, plain);
  await simulate(t, plain);
  await keyboardOnTheMap(t);
  await write(t);
}

/** HTML, CSS and JS of each page, packed: less than 100 kB. */
async function budgets(t, page) {
  const packed = new Map();
  const size = async (where) => {
    if (!packed.has(where)) packed.set(where, gzipSync(Buffer.from(await (await page.request.get(where)).body())).length);
    return packed.get(where);
  };
  let largest = ["", 0];
  for (const where of PAGES) {
    const html = await (await page.request.get(where)).text();
    const parts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:css|js)[^"]*)"/g)].map((match) => match[1].replaceAll("&#38;", "&"));
    let sum = gzipSync(Buffer.from(html)).length;
    for (const part of parts) sum += await size(part);
    t.ok(sum < BUDGET, `${where} weighs ${sum} bytes`);
    if (sum > largest[1]) largest = [where, sum];
  }
  t.note(`largest public page: ${largest[0]} with ${(largest[1] / 1024).toFixed(1)} kB gzip (HTML, CSS, JS)`);
}

async function readAndFind(t, page) {
  await t.open(page, "/portal");
  await page.getByRole("searchbox").fill("さーびす");
  await page.getByRole("button", { name: "さがす" }).click();
  await page.waitForURL(/search/);
  await page.getByRole("searchbox").fill("ますだし");
  await page.getByRole("button", { name: "さがす" }).click();
  await t.see(page, "益田市");
  await page.getByRole("link", { name: /益田市/ }).first().click();
  await page.waitForURL(/\/portal\/readiness\/322041$/);
  await t.see(page, "例のデータです");
  for (const feed of ["readiness.json", "usage.json", "maintenance.json"]) {
    const response = await page.request.get(`/portal/${feed}`);
    t.equal(response.headers()["cache-control"], "public, max-age=3600", `how long ${feed} may be kept`);
    await response.json();
    const again = await page.request.get(`/portal/${feed}`, { headers: { "if-none-match": response.headers().etag } });
    t.equal(again.status(), 304, `${feed} once more`);
  }
  const ics = await page.request.get("/portal/maintenance.ics");
  t.match(await ics.text(), /^BEGIN:VCALENDAR\r\n/, "the calendar");
  const all = await (await page.request.get("/portal/readiness.json")).json();
  t.ok(all.example && all.municipalities.length >= 1741, "all municipalities, marked as an example");
}

async function simulate(t, page) {
  await t.open(page, "/portal/simulator?preset=official");
  t.match(await mainText(page), /816,000円.*72,000円/, "the published totals");
  await page.getByLabel("紙とデータの二重運用にかかる時間（事業所全体）").fill("600");
  await page.getByRole("button", { name: "計算する" }).click();
  await page.waitForURL(/double_minutes=600/);
  t.match(await mainText(page), /592,800円/, "the totals with ten hours of double running a month");
}

/** The tiles are links: Tab reaches them, Enter opens the prefecture. */
async function keyboardOnTheMap(t) {
  const page = await t.newPage();
  await t.open(page, "/portal/usage");
  await page.locator(".p-map__link").first().focus();
  await page.keyboard.press("Tab");
  const label = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  t.match(label ?? "", /^青森 [^、]+、事業所\d/, "the second tile");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/portal\/usage\/02$/);
}

/** The desk writes a notice, looks at it, publishes it; a reader has it at once. */
async function write(t) {
  const editor = await pageOf(t, "unei", { javaScript: false });
  await t.open(editor, "/operator/content/new");
  await editor.getByLabel("お知らせ", { exact: true }).check();
  const title = `物語のお知らせ ${Date.now() % 1e6}`;
  await editor.getByLabel("題名").fill(title);
  await editor.getByLabel("本文").fill("## 中身\n\n- **大事**なこと\n\n<script>alert(1)</script>");
  await send(editor, "見本を見る");
  await t.see(editor, "見本（まだ保存していません）");
  t.equal(await editor.locator(".p-text script").count(), 0, "scripts in the preview");
  await send(editor, "公開する");
  await t.see(editor, "公開しました");
  const reader = await t.newPage({ javaScript: false });
  await t.open(reader, "/portal/news");
  await reader.getByRole("link", { name: title }).click();
  t.match(await mainText(reader), /中身.*大事なこと/, "the article");
}
